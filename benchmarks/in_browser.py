"""The half of `demos.py` that runs in JupyterLab in a Chromium, and is called from there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from statistics import median

import ipywidgets as widgets
from numpy import quantile
from playwright.sync_api import sync_playwright

from benchmarks import timing
from helpers import demos
from tools.browser import VIEW, Notebook, launch, server

RANGES = widgets.IntSlider | widgets.FloatSlider
ROUND_TRIP = "slider → label, no picture"
EMPTY = """\
import ipywidgets as widgets
slider, label = widgets.IntSlider(max=1000), widgets.Label("0")
slider.observe(lambda change: setattr(label, "value", str(change["new"])), "value")
widgets.VBox([slider, label])"""

# Milliseconds from an event (key press, move of the pointer) to the first answer after it that is painted,
# and to the first frame at all, in which a handle follows the hand without an answer.
PAINTED = """([kind, control, target]) => {
  window.painted = window.led = null;
  const after = write => requestAnimationFrame(() => {
    const channel = new MessageChannel();  // its message comes after the frame was painted
    channel.port1.onmessage = write;
    channel.port2.postMessage(0);
  });
  const start = event => {
    control.removeEventListener(kind, start, true);
    after(() => { window.led = performance.now() - event.timeStamp; });
    const observer = new MutationObserver(() => {
      observer.disconnect();
      after(() => { window.painted = performance.now() - event.timeStamp; });
    });
    observer.observe(target, {childList: true, characterData: true, subtree: true});
  };
  control.addEventListener(kind, start, true);
}"""

# The two places, in pixels of the page, between which a handle is moved.
ENDS = """handle => {
  const [left, top, right, bottom] = handle.dataset.within.split(' ').map(Number);
  const place = share => {
    const point = new DOMPoint(left + share * (right - left), top + share * (bottom - top));
    const {x, y} = point.matrixTransform(handle.parentNode.getScreenCTM());
    return [x, y];
  };
  return [place(0.3), place(0.6)];
}"""

# Notes the pictures that are put into a sheet, those that are painted, when the last change came and when the
# last thing was done to it; presses Stop after some pictures.
WATCH = """([target, stop, most]) => {
  const watch = window.watch = {put: new Set(), painted: new Set(), done: 0, last: 0};
  const observer = new MutationObserver(records => {
    watch.last = performance.now();
    if (records.some(record => record.target !== stop)) watch.put.add(target.innerHTML);
    if (!watch.done && watch.put.size >= most) { watch.done = performance.now(); stop.click(); }
  });
  observer.observe(target, {childList: true, characterData: true, subtree: true});
  if (stop) observer.observe(stop, {attributes: true});
  const look = () => {
    watch.painted.add(target.innerHTML);
    if (window.watch === watch) requestAnimationFrame(look); else observer.disconnect();
  };
  look();
}"""
SEEN = "() => [watch.put.size, watch.painted.size - 1, Math.max(0, watch.last - watch.done) / 1000]"
QUIET = "() => performance.now() - Math.max(watch.done, watch.last) > 1000"

# Drags a handle to 30 positions within half a second.
DRAG = """async ([handle, base]) => {
  const box = handle.getBoundingClientRect(), track = base.getBoundingClientRect();
  const x0 = box.x + box.width / 2, y = box.y + box.height / 2;
  const goal = track.right - x0 > x0 - track.left ? track.right - 3 : track.left + 3;
  const send = (type, where, x) => where.dispatchEvent(new MouseEvent(type, {
    bubbles: true, cancelable: true, view: window, clientX: x, clientY: y, buttons: +(type !== 'mouseup'),
  }));
  const begin = performance.now(), page = document.documentElement;
  send('mousedown', handle, x0);
  for (let k = 1; k <= 30; k++) {
    await new Promise(go => setTimeout(go, begin + 500 * k / 30 - performance.now()));
    send('mousemove', page, x0 + (goal - x0) * k / 30);
  }
  watch.done = performance.now();
  send('mouseup', page, goal);
}"""


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
        for name in names:
            self.sheet(name).locator("svg").wait_for()

    def sheet(self, name: str):
        return self.notebook.sheet(self.places[name])

    def row(self, name: str, control: widgets.Widget):
        return self.notebook.row(self.places[name], control.description)

    def key(self, control, target, key: str) -> float:
        """Return the seconds from a key press to the painted answer."""
        control.focus()
        return self.painted("keydown", control, target, partial(self.page.keyboard.press, key))[0]

    def painted(self, kind: str, control, target, do) -> tuple[float, float]:
        """Do something; return the seconds to the painted answer, and to the first frame after it."""
        self.page.evaluate(PAINTED, [kind, control.element_handle(), target.element_handle()])
        do()
        self.page.wait_for_function("() => window.painted !== null && window.led !== null")
        answer, frame = self.page.evaluate("[window.painted, window.led]")
        return answer / 1000, frame / 1000

    def keys(self, name: str, times: int) -> tuple[list[float], list[float]]:
        """Press keys on a demo and on the empty slider in turn; return the seconds of both, if it answers."""
        demo = getattr(demos, name)()
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

    def hand(self, name: str, times: int) -> tuple[list[float], list[float], list[float]]:
        """Move a handle to and fro, and press keys on the empty slider in turn.

        Returns the seconds to the painted picture, to the frame in which the handle is there, and of the
        empty slider; nothing if there is no handle.
        """
        self.notebook.run_cell(self.places[name])
        sheet, mouse = self.sheet(name), self.page.mouse
        handle = sheet.locator("[data-drag]").first
        if not handle.count():
            return [], [], []
        handle.scroll_into_view_if_needed()
        box, ends = handle.bounding_box(), handle.evaluate(ENDS)
        mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        mouse.down()
        seconds = []
        for k in range(times):
            move = partial(mouse.move, *ends[k % 2])
            arrow = "ArrowLeft" if k % 2 else "ArrowRight"
            seconds.append((*self.painted("pointermove", sheet, sheet, move), self.key(*self.empty, arrow)))
        mouse.up()
        return tuple(map(list, zip(*seconds[4:], strict=True)))  # the first ones warm up

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
        words = self.sheet(name).locator(".demo-words").inner_text()
        return passed, frames, late, words == demo.model.summary()

    def move(self, row, target) -> tuple[int, float]:
        """Drag the slider in a row; return pictures painted and seconds to the last one."""
        handle, base = row.locator("[role=slider]"), row.locator(".noUi-base")
        handle.scroll_into_view_if_needed()
        self.page.evaluate(WATCH, [target.element_handle(), None, math.inf])
        self.page.evaluate(DRAG, [handle.element_handle(), base.element_handle()])
        self.page.wait_for_function(QUIET)
        return self.page.evaluate(SEEN)[1:]

    def play(self, name: str, button: str, most: float) -> tuple[int, int, float]:
        """Return the pictures that were put into the page, those painted, and the seconds that Stop took."""
        buttons = partial(self.notebook.button, self.places[name])
        buttons("Reset").click()
        self.notebook.wait_until_idle()
        stop = buttons("Stop").element_handle()
        self.page.evaluate(WATCH, [self.sheet(name).element_handle(), stop, most])
        buttons(button).click()
        self.notebook.wait_until_idle()  # now Stop can be pressed, until the end
        self.page.wait_for_function("stop => stop.disabled", arg=stop)
        self.page.wait_for_function(QUIET)
        return self.page.evaluate(SEEN)


def keys_table(page: Page, names: list[str], times: int) -> str:
    rows = []
    for name in names:
        ours, empty = page.keys(name, times)
        if not ours:
            rows.append([name, "no slider changes what is shown", *[""] * 5])
            continue
        ratios = quantile(ours, (0.5, 0.95)) / quantile(empty, (0.5, 0.95))
        rows.append(
            [name, *timing.half_and_most(ours), *timing.half_and_most(empty), *map(timing.times, ratios)]
        )
    columns = ["demo", "median", "95%", f"{ROUND_TRIP}: median", "95%", "medians", "95%s"]
    return timing.table("In JupyterLab: from the key press to the painted picture", columns, rows)


def hands_table(page: Page, names: list[str], times: int) -> str:
    rows = []
    for name in names:
        ours, frames, empty = page.hand(name, times)
        if ours:
            ratios = quantile(ours, (0.5, 0.95)) / quantile(empty, (0.5, 0.95))
            led, told = timing.half_and_most(frames), timing.half_and_most(ours)
            rows.append([name, *led, *told, *map(timing.times, ratios)])
    columns = ["demo", "the handle: median", "95%", "the picture: median", "95%"]
    columns += [f"÷ {ROUND_TRIP}: medians", "95%s"]
    return timing.table("In JupyterLab: from the pointer's move to the painted frame", columns, rows)


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
    put, painted, _ = page.play("six_words", "Train 50 epochs", math.inf)
    late = [page.play("six_words", "Train 50 epochs", 10)[2] for _ in range(5)]
    rows = [
        ["Train 50 epochs", f"{put} put into the page, {painted} painted"],
        ["Stop", f"{timing.duration(median(late))}, at most {timing.duration(max(late))}"],
    ]
    return timing.table("six_words", ["", ""], rows)


def tables(names: list[str], times: int) -> Iterator[str]:
    with sync_playwright() as playwright, server() as lab:
        cells = ["from helpers import demos", EMPTY, *(f"demos.{name}()" for name in names)]
        sheet = launch(playwright).new_page(viewport=VIEW)
        notebook = Notebook(sheet, lab, lab.write("all.ipynb", cells))
        page = Page(notebook, names)
        yield keys_table(page, names, times)
        yield hands_table(page, names, times)
        yield drags_table(page, names)
        if "six_words" in names:
            yield animation_table(page)
