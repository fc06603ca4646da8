"""The demos against what everybody writes: `interact` and a new matplotlib figure for every change.

    python benchmarks/demos.py                   every demo
    python benchmarks/demos.py rotate_it         one of them

In the kernel: from a control's change (or a frame of an animation) to the picture as a message to the page.
The peer draws the same rectangles, lines, dots and words into a figure, turned into a PNG and a message.
In JupyterLab in a Chromium, if there is one: from the key press to the painted picture, against a slider
that only writes its value into a label; a drag of 30 positions in half a second; and an animation of 51
frames.
"""

from __future__ import annotations

import base64
import io
import re
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

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
    from playwright.sync_api import sync_playwright

    from tools import browser
except ImportError:
    browser = None

RANGES = widgets.IntSlider | widgets.FloatSlider
DPI = 100  # pixels per inch, so that both pictures have the same size
ROUND_TRIP = "slider → label, no picture"

# --- In the kernel ------------------------------------------------------------------------------------

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
        Seconds per picture; the peer draws every fifth one.
    """

    def __init__(self, name: str):
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
        if len(self.ours) % 5 == 0:
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
        color = part.get("fill", "none"), part.get("stroke", "none")
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


# --- In the browser -----------------------------------------------------------------------------------

EMPTY = """\
import ipywidgets as widgets
slider, label = widgets.IntSlider(max=1000), widgets.Label("0")
slider.observe(lambda change: setattr(label, "value", str(change["new"])), "value")
widgets.VBox([slider, label])"""

# Milliseconds from a key press to the first picture after it that is painted, one after the other.
KEY = """([control, target]) => {
  window.painted = null;
  const start = event => {
    control.removeEventListener('keydown', start, true);
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();  // its message comes after the frame was painted
        channel.port1.onmessage = () => { window.painted = performance.now() - event.timeStamp; };
        channel.port2.postMessage(0);
      });
    });
    observer.observe(target, {childList: true, characterData: true, subtree: true});
  };
  control.addEventListener('keydown', start, true);
}"""

# Drags a handle to 30 positions within half a second; tells how many pictures were painted, and how long
# after the last position the last picture came.
DRAG = """([handle, base, target]) => new Promise(done => {
  const box = handle.getBoundingClientRect(), track = base.getBoundingClientRect();
  const x0 = box.x + box.width / 2, y = box.y + box.height / 2;
  const goal = track.right - x0 > x0 - track.left ? track.right - 3 : track.left + 3;
  const send = (type, where, x) => where.dispatchEvent(new MouseEvent(type, {
    bubbles: true, cancelable: true, view: window, clientX: x, clientY: y, buttons: +(type !== 'mouseup'),
  }));
  const painted = new Set(), begin = performance.now();
  let last = 0, moved = 0, steps = 0, ended = 0;
  const observer = new MutationObserver(() => { last = performance.now(); });
  observer.observe(target, {childList: true, characterData: true, subtree: true});
  send('mousedown', handle, x0);
  const look = () => {
    const now = performance.now();
    painted.add(target.innerHTML);
    while (steps < 30 && now - begin >= 500 * steps / 30) {
      steps += 1; moved = now;
      send('mousemove', document.documentElement, x0 + (goal - x0) * steps / 30);
      if (steps === 30) send('mouseup', document.documentElement, goal);
    }
    if (steps === 30 && now - Math.max(moved, last) > 1000) {
      observer.disconnect();
      done([painted.size - 1, Math.max(0, last - moved)]);
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""

# Presses a button, presses Stop after some pictures (or never), and tells the distinct pictures that were
# put into the page and those that were painted, and the milliseconds from Stop to the last change.
PLAY = """([button, stop, target, most]) => new Promise(done => {
  const put = new Set(), painted = new Set();
  let pressed = 0, last = 0, begun = false;
  const observer = new MutationObserver(records => {
    last = performance.now();
    records.forEach(record => record.addedNodes.forEach(
      node => { if (node.tagName === 'svg') put.add(node.outerHTML); }));
    if (!pressed && put.size >= most) { pressed = performance.now(); stop.click(); }
  });
  observer.observe(target, {childList: true});
  const attributes = new MutationObserver(() => { last = performance.now(); begun ||= !stop.disabled; });
  attributes.observe(stop, {attributes: true});
  const look = () => {
    painted.add(target.querySelector('svg').outerHTML);
    if (begun && stop.disabled && performance.now() - last > 1000) {
      observer.disconnect(); attributes.disconnect();
      done([put.size, painted.size, pressed && last - pressed]);
    } else requestAnimationFrame(look);
  };
  button.click();
  requestAnimationFrame(look);
})"""


def positions(control: widgets.Widget) -> float:
    """Return how many positions a slider for numbers has."""
    return (control.max - control.min) / control.step if isinstance(control, RANGES) else 0


def answers(demo, control: widgets.Widget) -> bool:
    """Say whether a step to the right and one back change what is shown: some are for the next run only."""
    if isinstance(control, widgets.SelectionSlider):
        trait, step, top = "index", 1, len(control.options) - 1
    elif isinstance(control, RANGES):
        trait, step, top = "value", control.step, control.max
    else:
        return False
    start, shown = getattr(control, trait), [(demo.draw(), demo.model.summary())]
    for place in (min(start + step, top), start):
        setattr(control, trait, place)
        shown.append((demo.draw(), demo.model.summary()))
    return shown[0] != shown[1] != shown[2]


class Page:
    """All demos in one notebook, and the empty slider above them."""

    def __init__(self, notebook, names: list[str]):
        self.notebook, self.page = notebook, notebook.page
        notebook.run_all()
        empty = notebook.cell(1)
        self.empty = [empty.locator("[role=slider]"), empty.locator(".widget-label").last]
        self.places = {name: 2 + k for k, name in enumerate(names)}
        self.demos = {name: getattr(demos, name)() for name in names}
        for name in names:
            self.sheet(name).locator("svg").wait_for()

    def sheet(self, name: str):
        return self.notebook.sheet(self.places[name])

    def row(self, name: str, control: widgets.Widget):
        return self.notebook.row(self.places[name], control.description)

    def key(self, control, target, key: str) -> float:
        """Return the seconds from a key press to the painted answer."""
        control.focus()
        self.page.evaluate(KEY, [control.element_handle(), target.element_handle()])
        self.page.keyboard.press(key)
        self.page.wait_for_function("() => window.painted !== null")
        return self.page.evaluate("window.painted") / 1000

    def keys(self, name: str, times: int) -> tuple[list[float], list[float]]:
        """Press keys on a demo and on the empty slider in turn; return the seconds of both, if it answers."""
        demo = self.demos[name]
        control = next((control for control in demo.controls.values() if answers(demo, control)), None)
        if control is None:
            return [], []
        slider = self.row(name, control).locator("[role=slider]")
        ours, empty = [], []
        for k in range(times):
            key = "ArrowLeft" if k % 2 else "ArrowRight"
            ours.append(self.key(slider, self.sheet(name), key))
            empty.append(self.key(*self.empty, key))
        return ours[4:], empty[4:]  # the first ones warm up

    def drag(self, name: str) -> tuple[int, int, float, bool] | None:
        """Return positions passed, pictures painted, seconds to the last one, and whether that is right."""
        demo = getattr(demos, name)()
        wide = max(demo.controls.values(), key=positions)
        if not positions(wide):
            return None
        self.notebook.run_cell(self.places[name])
        self.sheet(name).wait_for()
        row = self.row(name, wide)
        frames, late = self.move(row, self.sheet(name))
        before = wide.value
        wide.value = type(before)(row.locator(".widget-readout").inner_text().replace("−", "-"))
        passed = min(30, round(abs(wide.value - before) / wide.step))
        words = self.sheet(name).locator("[role=status]").inner_text()
        return passed, frames, late, words == demo.model.summary()

    def move(self, row, target) -> tuple[int, float]:
        """Drag the slider in a row; return pictures painted and seconds to the last one."""
        handle, base = row.locator("[role=slider]"), row.locator(".noUi-base")
        handle.scroll_into_view_if_needed()
        frames, late = self.page.evaluate(DRAG, [part.element_handle() for part in (handle, base, target)])
        return frames, late / 1000

    def play(self, name: str, button: str, most: int) -> tuple[int, int, float]:
        """Return the pictures that were put into the page, those painted, and the seconds that Stop took."""
        buttons = partial(self.notebook.button, self.places[name])
        buttons("Reset").click()
        self.notebook.wait_until_idle()
        parts = buttons(button), buttons("Stop"), self.sheet(name)
        put, painted, late = self.page.evaluate(PLAY, [*(part.element_handle() for part in parts), most])
        return put, painted, late / 1000


# --- Tables -------------------------------------------------------------------------------------------


def p(seconds: list[float], percent: int) -> float:
    return float(np.percentile(seconds, percent))


def kernel_table(names: list[str]) -> str:
    comm.create_comm, before = Sealed, comm.create_comm
    try:
        kernels = {name: Kernel(name) for name in names}
        for kernel in kernels.values():
            kernel.work()
    finally:
        comm.create_comm = before
    rows = [
        [name, f"{len(k.ours):,}", *half_and_most(k.ours), timing.duration(p(k.theirs, 50)),
         f"{timing.digits(p(k.theirs, 50) / p(k.ours, 50))} ×"]
        for name, k in kernels.items()
    ]  # fmt: skip
    columns = ["demo", "pictures", "median", "95%", "interact + new figure, median", "÷ ours"]
    return timing.table("In the kernel: from a change to the picture", columns, rows)


def half_and_most(seconds: list[float]) -> list[str]:
    return [timing.duration(p(seconds, percent)) for percent in (50, 95)]


def keys_table(page: Page, names: list[str], times: int) -> str:
    rows = []
    for name in names:
        ours, empty = page.keys(name, times)
        if not ours:
            rows.append([name, "no slider changes what is shown", *[""] * 5])
            continue
        ratios = [f"{timing.digits(p(ours, percent) / p(empty, percent))} ×" for percent in (50, 95)]
        rows.append([name, *half_and_most(ours), *half_and_most(empty), *ratios])
    columns = ["demo", "median", "95%", f"{ROUND_TRIP}: median", "95%", "medians", "95%s"]
    return timing.table("In JupyterLab: from the key press to the painted picture", columns, rows)


def drags_table(page: Page, names: list[str]) -> str:
    found = [(name, page.drag(name)) for name in names]
    rows = [
        [name, str(drag[0]), str(drag[1]), timing.duration(drag[2]), "yes" if drag[3] else "NO"]
        for name, drag in found
        if drag
    ]
    frames, late = page.move(page.notebook.cell(1).locator(".widget-slider"), page.empty[1])
    rows.append([ROUND_TRIP, "30", str(frames), timing.duration(late), ""])
    columns = ["demo", "positions", "pictures painted", "last one after", "is right"]
    return timing.table("A drag through 30 positions in half a second", columns, rows)


def animation_table(page: Page) -> str:
    put, painted, _ = page.play("six_words", "Train 50 epochs", 1000)
    late = [page.play("six_words", "Train 50 epochs", 10)[2] for _ in range(5)]
    rows = [
        ["Train 50 epochs", f"{put} put into the page, {painted} painted"],
        ["Stop", f"{timing.duration(p(late, 50))}, at most {timing.duration(max(late))}"],
    ]
    return timing.table("six_words", ["", ""], rows)


def browser_tables(names: list[str], times: int) -> Iterator[str]:
    with sync_playwright() as playwright, browser.server() as lab:
        cells = ["from helpers import demos", EMPTY, *(f"demos.{name}()" for name in names)]
        sheet = browser.launch(playwright).new_page(viewport=browser.VIEW)
        notebook = browser.Notebook(sheet, lab, lab.write("all.ipynb", cells))
        page = Page(notebook, names)
        yield keys_table(page, names, times)
        yield drags_table(page, names)
        if "six_words" in names:
            yield animation_table(page)


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("names", nargs="*", help="demos; without any, all of them")
    options = parser.parse_args(arguments)
    names = options.names or (["six_words", "your_own_corpus"] if options.small else demos.__all__)
    print(timing.versions("ipywidgets", "matplotlib", "jupyterlab"), end="\n\n")
    print(kernel_table(names), flush=True)
    if browser is None or not browser.CHROMIUM:
        print("In JupyterLab: not measured, there is no Chromium.")
        return
    for table in browser_tables(names, times=8 if options.small else 34):
        print(table, flush=True)


if __name__ == "__main__":
    timing.one_thread()
    main()
