"""The demos against what everybody writes: `interact` and a new matplotlib figure for every change.

    python benchmarks/demos.py                   every demo
    python benchmarks/demos.py rotate_it         one of them

In the kernel: from a control's change (or a frame of an animation) to the picture as a message to the page.
The peer draws the same rectangles, lines, dots and words into a figure, turned into a PNG and a message.
In JupyterLab in a Chromium, if there is one: from the key press to the painted picture, and from the move of
a held handle to the handle and to the picture, against a slider that only writes its value into a label; a
drag of 30 positions in half a second; and an animation of 51 frames.
"""

from __future__ import annotations

import base64
import io
import re
import sys
import time
import xml.etree.ElementTree as ET
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median

import comm
import ipywidgets as widgets
import numpy as np
from comm.base_comm import BaseComm
from jupyter_client.session import Session
from matplotlib import collections, figure, lines, patches
from matplotlib.path import Path as Outline

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers import demos

try:
    from benchmarks import in_browser
    from tools.browser import CHROMIUM
except ImportError:  # no playwright
    CHROMIUM = None

RANGES = widgets.IntSlider | widgets.FloatSlider
DPI = 100  # pixels per inch, so that both pictures have the same size

session = Session(key=b"as in a real kernel, every message is signed")


class Sealed(BaseComm):
    """Packs and signs messages as a kernel does, and throws them away."""

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        send(msg_type, {"data": data or {}, "comm_id": self.comm_id, **keys})


def send(kind: str, content: dict) -> None:
    session.serialize(session.msg(kind, content))


def changes(control: widgets.Widget, rng: np.random.Generator) -> list[tuple[str, object]]:
    """Return some changes that a reader may make to a control, as names and values of its traits."""
    if isinstance(control, RANGES):
        places = rng.integers(0, round((control.max - control.min) / control.step) + 1, 12)
        kind = type(control.value)
        return [("value", kind(round(control.min + k * control.step, 9))) for k in places.tolist()]
    if isinstance(control, widgets.Checkbox):
        return [("value", not control.value), ("value", control.value)] * 3
    count = len(getattr(control, "options", ()))  # none in a field for text
    return [("index", k) for k in rng.integers(0, count, 12).tolist()] if count else []


class Enough(BaseException):
    """An animation has shown enough frames; a demo would keep an Exception to itself."""


class Kernel:
    """Collects the seconds that pictures of one demo take, and those of a figure with the same content.

    Attributes
    ----------
    ours, theirs : list of float
        Seconds per picture; the peer draws only some of them.
    """

    def __init__(self, name: str, every: int = 5):
        self.every = every
        self.demo = getattr(demos, name)()
        self.refresh, self.demo.refresh = self.demo.refresh, self.picture
        self.ours: list[float] = []
        self.theirs: list[float] = []

    def work(self) -> None:
        """Move every control about, and press every button; both sides take turns."""
        rng = np.random.default_rng(0)
        for press in [None, *self.demo.buttons.values()]:
            if press:
                self.time(press.click)
            for control in self.demo.controls.values():
                for trait, value in changes(control, rng):
                    self.time(partial(setattr, control, trait, value))
        if self.demo.problems:
            raise self.demo.problems[0]

    def time(self, work) -> None:
        """Time what follows until the picture is there, and then every further one of an animation."""
        self.frames, self.start = 0, time.perf_counter()
        with suppress(Enough):
            work()

    def picture(self) -> None:
        self.refresh()
        self.ours.append(time.perf_counter() - self.start)
        if len(self.ours) % self.every == 0:
            parts = read(self.demo.draw())
            self.theirs.append(timing.clock(partial(interact, *parts)))
        self.frames += 1
        if self.frames == 60:
            raise Enough
        self.start = time.perf_counter()


def read(svg: str) -> tuple:
    """Return size, boxes, lines, dots and words of a picture, so that a peer can draw the same."""
    root = ET.fromstring(svg)
    boxes, strokes, dots, words = [], [], [], []
    for part in root.iter():
        kind, get = part.tag.rpartition("}")[2], partial(number, part)
        color = tuple(part.get(what, "none").replace("transparent", "none") for what in ("fill", "stroke"))
        if kind == "rect":
            boxes.append((get("x"), get("y"), get("width"), get("height"), *color))
        elif kind == "circle":
            dots.append((get("cx"), get("cy"), get("r"), *color))
        elif kind in ("path", "polygon"):
            strokes.append((*corners(part), *color, get("stroke-width") or 1))
        elif kind == "text":
            side = {"middle": "center", "end": "right"}.get(part.get("text-anchor"), "left")
            words.append((get("x"), get("y"), "".join(part.itertext()), get("font-size"), color[0], side))
    return number(root, "width"), number(root, "height"), boxes, strokes, dots, words


def number(part: ET.Element, name: str) -> float:
    return float(part.get(name, 0))


def corners(part: ET.Element) -> tuple[list[float], list[float]]:
    """Return about the points of a line or a shape: what counts here is how many there are."""
    values = [float(value) for value in re.findall(r"-?[\d.]+", part.get("d") or part.get("points"))]
    return values[: len(values) // 2 * 2 : 2], values[1::2]


def interact(width, height, boxes, strokes, dots, words) -> None:
    """Draw a new figure and send it as the inline backend does, in the cheapest way matplotlib offers."""
    sheet = figure.Figure((width / DPI, height / DPI), dpi=DPI)
    ax = sheet.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.axis("off")
    shapes = [patches.Rectangle((x, y), w, h) for x, y, w, h, *_ in boxes]
    shapes += [patches.Circle((x, y), r) for x, y, r, *_ in dots]
    colors = [c[-2:] for c in (*boxes, *dots)]
    ax.add_collection(collections.PatchCollection(
        shapes, facecolor=[fill for fill, _ in colors], edgecolor=[edge for _, edge in colors]
    ))  # fmt: skip
    for xs, ys, fill, stroke, thick in strokes:
        if fill != "none":
            ax.add_patch(patches.PathPatch(Outline(np.column_stack((xs, ys))), facecolor=fill))
        else:
            ax.add_line(lines.Line2D(xs, ys, color=stroke, linewidth=0.72 * thick))
    for x, y, text, size, color, side in words:
        ax.text(x, y, text, fontsize=0.72 * size, color=color, ha=side)
    page = io.BytesIO()
    sheet.savefig(page, format="png")
    picture = base64.b64encode(page.getvalue()).decode()
    send("display_data", {"data": {"image/png": picture, "text/plain": "<Figure>"}, "metadata": {}})


def kernel_table(names: list[str], every: int) -> str:
    comm.create_comm, before = Sealed, comm.create_comm
    try:
        kernels = {name: Kernel(name, every) for name in names}
        for kernel in kernels.values():
            kernel.work()
    finally:
        comm.create_comm = before
    rows = [
        [name, f"{len(k.ours):,}", *timing.half_and_most(k.ours), timing.half_and_most(k.theirs)[0],
         timing.times(median(k.theirs) / median(k.ours))]
        for name, k in kernels.items()
    ]  # fmt: skip
    columns = ["demo", "pictures", "median", "95%", "interact + new figure, median", "÷ ours"]
    return timing.table("In the kernel: from a change to the picture", columns, rows)


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("names", nargs="*", help="demos; without any, all of them")
    options = parser.parse_args(arguments)
    names = options.names or (["six_words", "your_own_corpus"] if options.small else demos.__all__)
    print(timing.versions("ipywidgets", "matplotlib", "jupyterlab"), end="\n\n")
    every, times = (25, 8) if options.small else (5, 34)
    print(kernel_table(names, every), flush=True)
    if not CHROMIUM:
        return print("In JupyterLab: not measured, there is no Chromium.")
    for table in in_browser.tables(names, times):
        print(table, flush=True)


if __name__ == "__main__":
    timing.one_thread()
    main()
