"""Drive a demo without a browser: turn every control, press every button, read the picture."""

import asyncio
import cmath
import math
import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import ipywidgets as widgets
import matplotlib
from PIL import ImageFont

FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")


@cache
def wide(words, size, bold):
    """Return how many pixels the words take in the first font that the pictures ask for."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(FONTS / name, 100).getlength(words) * size / 100


def box_of(text):
    """Return (left, top, right, bottom) of words in a picture."""
    size, x, y = (float(text.get(name)) for name in ("font-size", "x", "y"))
    length = wide(text.text or "", size, text.get("font-weight") == "bold")
    left = {"start": x, "middle": x - length / 2, "end": x - length}[text.get("text-anchor", "start")]
    return left, y - 0.75 * size, left + length, y + 0.1 * size


def boxes_of(text):
    """Return the boxes that words cover: one, or a row of small ones where the words are turned."""
    left, top, right, bottom = box_of(text)
    turned = re.fullmatch(r"rotate\((\S+) (\S+) (\S+)\)", text.get("transform", ""))
    if not turned:
        return [(left, top, right, bottom)]
    angle, x, y = map(float, turned.groups())
    along, half = cmath.rect(1, math.radians(angle)), 0.48 * (bottom - top)
    pieces = math.ceil((right - left) / half)
    lengths = (left - x + (right - left) * (k + 0.5) / pieces for k in range(pieces))
    middles = (complex(x, y) + along * complex(length, (top + bottom) / 2 - y) for length in lengths)
    return [(m.real - half, m.imag - half, m.real + half, m.imag + half) for m in middles]


def read(svg):
    """Return size and words of a picture, after checking that all words are legible."""
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width")), float(root.get("height"))
    texts = [element for element in root.iter() if element.tag.endswith("}text")]
    boxes = [(text, box) for text in texts if text.text for box in boxes_of(text)]
    for text, (left, top, right, bottom) in boxes:
        assert min(left, top, width - right, height - bottom) >= 2, f"{text.text!r} is cut off"
    for (text, a), (other, b) in combinations(boxes, 2):
        assert text is other or not meet(a, b), f"{text.text!r} lies over {other.text!r}"
    assert all(float(text.get("font-size")) >= 12 for text in texts)
    check_panels(root, (width, height))
    assert not re.search(r"\b(nan|inf)\b", svg, re.IGNORECASE)
    return (width, height), " ".join(text.text for text in texts if text.text)


def check_panels(root, size):
    """Panels lie beside each other in the picture, each holds its words, and nothing is outside of them."""
    panels = [shape for shape in root.iter() if shape.get("data-panel")]
    boxes = []
    for panel in panels:
        x, y, width, height = map(float, panel.get("data-panel").split())
        box = (x, y, x + width, y + height)
        assert box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]  # noqa: PT018
        assert not any(meet(box, other) for other in boxes), f"panel {box} lies over another"
        boxes.append(box)
        for text in panel.iter():
            if text.tag.endswith("}text") and text.text:
                for left, top, right, bottom in boxes_of(text):
                    inside = box[0] <= left and box[1] <= top and right <= box[2] and bottom <= box[3]
                    assert inside, f"{text.text!r} sticks out of its panel"
    assert not panels or all(child in panels for child in list(root)[1:]), "something is in no panel"


def meet(a, b):
    """Say whether two boxes (left, top, right, bottom) overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def words_on_bars(svg, colors):
    """Return the words that lie on a filled rectangle of one of these colors."""
    shapes = list(ElementTree.fromstring(svg).iter())
    filled = [shape for shape in shapes if shape.tag.endswith("}rect") and shape.get("fill") in colors]
    places = [[float(bar.get(name)) for name in ("x", "y", "width", "height")] for bar in filled]
    bars = [(x, y, x + width, y + height) for x, y, width, height in places]
    texts = [shape for shape in shapes if shape.tag.endswith("}text") and shape.text]
    return [text.text for text in texts if any(meet(box_of(text), bar) for bar in bars)]


def look(demo):
    """Return the words of what a reader sees now, after checking that nothing went wrong."""
    assert demo.problems == []
    svg = demo.draw()
    assert svg in demo._sheet.value, "the page shows an older picture"
    assert demo.model.summary() in demo._sheet.value.replace("&#x27;", "'")
    size, words = read(svg)
    assert size[0] <= 860
    assert len(svg) < 20_000
    assert getattr(demo, "_first_size", size) == size, "the picture changed its size"
    demo._first_size = size
    return words


HANDLE = re.compile(
    r'data-key="(\w+)" data-drag="(\w+)" [^>]*? data-at="(\S+) (\S+)" '
    r'data-within="(\S+) (\S+) (\S+) (\S+)" data-step="(\S+) (\S+)"'
)


@dataclass(frozen=True)
class Handle:
    """What the page knows of a handle."""

    key: str
    axes: str
    at: tuple[float, float]
    within: tuple[float, float, float, float]
    step: tuple[float, float]

    def allowed(self, x, y):
        """Where the page lets a hand take it that is at (x, y)."""
        left, top, right, bottom = self.within
        x, y = min(max(x, left), right), min(max(y, top), bottom)
        return x if "x" in self.axes else self.at[0], y if "y" in self.axes else self.at[1]

    def away(self, place):
        return math.dist(self.at, place)


def handles(demo):
    """Return the handles in the picture, by their keys."""
    found = {}
    for key, axes, *numbers in HANDLE.findall(demo._sheet.value):
        x, y, *box, across, down = map(float, numbers)
        found[key] = Handle(key, axes, (x, y), tuple(box), (across, down))
    return found


def targets(demo):
    """Return the keys of what can be touched."""
    return re.findall(r'<g data-key="(\w+)">', demo._sheet.value)


def tell(demo, message):
    """Send a message as the page does."""
    demo._sheet._handle_custom_msg(message, [])


def drag(demo, key, x, y):
    tell(demo, {"drag": key, "x": x, "y": y})


def touch(demo, key, x, y):
    tell(demo, {"touch": key, "x": x, "y": y})


def use_a_hand(demo, rng):
    """Drag a handle anywhere, or touch something anywhere."""
    anywhere = rng.uniform((0, 0), demo.size).tolist()
    choices = [(drag, handle.key, handle.allowed(*anywhere)) for handle in handles(demo).values()]
    choices += [(touch, key, anywhere) for key in targets(demo)]
    if choices:
        do, key, place = choices[rng.integers(len(choices))]
        do(demo, key, *place)


def places(control):
    """Return both ends of a control's range, and what lies between."""
    if hasattr(control, "_options_full"):
        return [value for _, value in control._options_full]
    if isinstance(control, widgets.Checkbox):
        return [False, True]
    if isinstance(control, widgets.Text):
        return ["", "one", "a sentence of one's own, with nine words in it!", "?!", control.value]
    middle = (control.min + control.max) / 2
    return [control.min, control.max, int(middle) if isinstance(control.value, int) else middle]


def all_corners(demo):
    """Move each control to both ends and to the middle of its range, one control after the other."""
    for name, control in demo.controls.items():
        for value in places(control):
            control.value = value
            assert getattr(demo.model, name) == value
            yield name, value


def wander(demo, rng, turns):
    """Turn controls and press buttons in random order."""
    for _ in range(turns):
        chance = rng.random()
        if chance < 0.3:
            use_a_hand(demo, rng)
        elif chance < 0.5:
            rng.choice(list(demo.buttons.values())).click()
        else:
            control = rng.choice(list(demo.controls.values()))
            some = places(control)
            control.value = some[rng.integers(len(some))]
        look(demo)


def play(demo, *events):
    """Press and turn things while the page is alive, and wait until nothing plays any more.

    Each event is a function; one that is `async` is waited for, such as `pictures`, `until` and `idle`.
    """

    async def live():
        for event in events:
            if not callable(event):  # a pause in seconds; tests that wait for a condition don't need it
                await asyncio.sleep(event)
            elif asyncio.iscoroutine(done := event()):
                await done
        await until(lambda: not playing(demo))()

    asyncio.run(live())


def playing(demo):
    return demo._task is not None and not demo._task.done()


def until(condition):
    """Wait for a condition, and fail where it never comes true."""

    async def wait():
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0)

    return wait


def pictures(demo, count):
    """Wait until so many new pictures were on the page, or nothing plays any more."""

    async def wait():
        seen = []
        demo._sheet.observe(seen.append, "value")
        await until(lambda: len(seen) >= count or not playing(demo))()
        demo._sheet.unobserve(seen.append, "value")

    return wait


async def idle():
    """Give whatever might still be playing the time for many frames."""
    for _ in range(100):
        await asyncio.sleep(0)


def when(demo, epoch, do):
    """Do something once a picture of that epoch is on the page, as a reader would between two frames."""

    def seen(_):
        if demo.model.epoch == epoch:
            demo._sheet.unobserve(seen, "value")
            asyncio.get_running_loop().call_soon(do)

    demo._sheet.observe(seen, "value")
