"""A small vocabulary for pictures made of text: SVG that is sharp, light, and quick to make.

Every function returns a piece of SVG as a string; `picture` puts pieces together. Positions and sizes
are pixels from the top left corner. The colors are those of `helpers.palette`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from math import hypot

from helpers.palette import GRAY, INK, PALE, PAPER

FONT = "'DejaVu Sans', Verdana, 'Segoe UI', system-ui, sans-serif"
DASHES = {True: ' stroke-dasharray="5 4"', False: ""}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
HOVER = 80  # letters that fit beside the mouse
NEVER = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no line of a picture may hold these


def picture(width: int, height: int, parts: Iterable[str], description: str) -> str:
    """Put parts on a light sheet of fixed proportions; `description` says in words what they show."""
    label = _said(description, quote=True)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    style = f'font-family="{FONT}" style="max-width:100%;height:auto;display:block"'
    inside = "".join(parts)
    role = "group" if " data-key=" in inside else "img"  # an image has no parts that could be touched
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="{role}" aria-label="{label}" {style}>'
        f"{rect(0, 0, width, height, PAPER, corner=6)}{inside}</svg>"
    )


def handle(
    key: str,
    x: float,
    y: float,
    words: str,
    within: tuple[float, float, float, float],
    step: tuple[float, float] = (8, 8),
    drag: str = "xy",
) -> str:
    """Lay a handle over a point of the picture: it can be dragged, and moved by arrow keys.

    `within` is the box (left, top, right, bottom) that it stays in, `step` what one key moves it by, and
    `drag` says along which axes. `words` name it, for hover and for a screen reader.
    """
    place = f'cx="{_n(x)}" cy="{_n(y)}" r="12" fill="transparent" data-at="{_n(x)} {_n(y)}"'
    room = f'data-within="{" ".join(map(_n, within))}" data-step="{step[0]:g} {step[1]:g}"'
    name = f'aria-label="{_said(words, quote=True)}" aria-roledescription="handle, moved by arrow keys"'
    keys = f'data-key="{_said(key, quote=True)}" data-drag="{drag}" tabindex="0" role="button"'
    return f"<circle {keys} {name} {place} {room}>{_hover(words)}</circle>"


def target(key: str, parts: Iterable[str]) -> str:
    """Let a part of the picture be touched by a pointer, where the keyboard has another way to the same."""
    return f'<g data-key="{_said(key, quote=True)}">{"".join(parts)}</g>'


def panel(box: Iterable[float], parts: Iterable[str]) -> str:
    """Draw a part of the picture that can stand alone: on a narrow page, panels go below each other.

    The box (x, y, width, height) holds all of the parts, and every part of the picture is in some panel.
    """
    place = " ".join(map(_n, box))
    return f'<g data-panel="{place}">{"".join(parts)}</g>'


def linked(name: str, parts: Iterable[str]) -> str:
    """Say that some parts are about the same thing: a hand on one of them lights up all of one name."""
    return f'<g data-with="{_said(name, quote=True)}">{"".join(parts)}</g>'


def untouchable(picture: str) -> str:
    """Take out of a picture what can only be touched where Python answers."""
    picture = re.sub(r"<circle [^>]*data-drag=[^>]*>.*?</circle>", "", picture)
    picture = re.sub(r'<g data-key="[^"]*">', "<g>", picture)
    return picture.replace('role="group"', 'role="img"', 1)


def text(
    x: float,
    y: float,
    words: str,
    size: float = 13,
    color: str = INK,
    anchor: str = "start",
    bold: bool = False,
    turn: float = 0,
) -> str:
    """Write words with their baseline at y; `anchor` is start, middle or end, `turn` is degrees clockwise."""
    weight = ' font-weight="bold"' if bold else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    lean = f' transform="rotate({turn:g} {_n(x)} {_n(y)})"' if turn else ""
    place = f'x="{_n(x)}" y="{_n(y)}" font-size="{size:g}" fill="{color}"{side}{weight}{lean}'
    return f"<text {place}>{_said(words)}</text>"


def title(x: float, y: float, words: str) -> str:
    """Write the heading of a part of the picture."""
    return text(x, y, words, bold=True)


def hero(x: float, y: float, words: str, color: str = INK, anchor: str = "start") -> str:
    """Write the one number to watch, twice as large as the others."""
    return text(x, y, words, 26, color, anchor, bold=True)


def note(x: float, y: float, words: str, anchor: str = "start", color: str = GRAY) -> str:
    """Write small words that explain."""
    return text(x, y, words, 12, color, anchor)


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    fill="none",
    stroke="none",
    corner: float = 0,
    thick: float = 1,
) -> str:
    """Draw a rectangle; a negative width reaches to the left of x."""
    x, width = (x + width, -width) if width < 0 else (x, width)
    round_ = f' rx="{corner:g}"' if corner else ""
    line_ = f' stroke="{stroke}" stroke-width="{thick:g}"' if stroke != "none" else ""
    box = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
    return f'<rect {box} fill="{fill}"{line_}{round_}/>'


def line(
    x1: float, y1: float, x2: float, y2: float, color: str = GRAY, thick: float = 1, dashed: bool = False
) -> str:
    """Draw a straight line."""
    style = f'stroke="{color}" stroke-width="{thick:g}"{DASHES[dashed]}'
    return f'<path d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" {style}/>'


def curve(points: Iterable, color: str, thick: float = 2, dashed: bool = False, opacity: float = 1) -> str:
    """Draw straight lines from point to point, for (T, 2) pixels."""
    steps = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    fade = f' opacity="{opacity:g}"' if opacity != 1 else ""
    return f'<path d="M{steps}" fill="none" stroke="{color}" stroke-width="{thick:g}"{DASHES[dashed]}{fade}/>'


def dot(x: float, y: float, color: str, radius: float = 5, filled: bool = True) -> str:
    style = f'fill="{color}"' if filled else f'fill="{PAPER}" stroke="{color}" stroke-width="2"'
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{radius:g}" {style}/>'


def named(shape: str, words: str) -> str:
    """Let a shape say something when the mouse rests on it."""
    tag = shape[1:].partition(" ")[0]
    return f"{shape.removesuffix('/>')}>{_hover(words)}</{tag}>"


def dots(places: Iterable, color: str, size: float = 3) -> str:
    """Draw many small dots (on whole pixels) as one shape, far lighter than one circle each."""
    spots = "".join([f"M{rounded(x, 0)} {rounded(y, 0)}h0" for x, y in places])
    return f'<path d="{spots}" stroke="{color}" stroke-width="{size:g}" stroke-linecap="round"/>'


def segments(ends: Iterable) -> str:
    """Draw many thin lines ((x1, y1), (x2, y2)) as one shape, from whole pixels to whole pixels."""
    whole = ([rounded(place, 0) for end in both for place in end] for both in ends)
    lines = "".join(["M{} {}L{} {}".format(*places) for places in whole])
    return f'<path d="{lines}" stroke="{GRAY}" stroke-width="0.7"/>'


def arrow(
    x1: float, y1: float, x2: float, y2: float, color: str, thick: float = 2.5, dashed: bool = False
) -> str:
    """Draw a vector; one too short for a head is a dot. A dashed arrow is a step not yet taken."""
    length = hypot(x2 - x1, y2 - y1)
    if length < 3:
        return dot(x2, y2, color, 3)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    head = min(10, 0.6 * length)
    bx, by = x2 - head * ux, y2 - head * uy
    corners = ((x2, y2), *((bx - side * head * uy, by + side * head * ux) for side in (0.45, -0.45)))
    tip = " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)
    return line(x1, y1, bx, by, color, thick, dashed) + f'<polygon points="{tip}" fill="{color}"/>'


def arc(x1: float, x2: float, y: float, height: float, color: str) -> str:
    """Draw an arrow that leaves the line at y, bends over what lies between, and comes down at x2."""
    middle, top = (x1 + x2) / 2, y - 2 * height  # a curve of this kind rises half as high as its handle
    length = hypot(x2 - middle, y - top)
    bx, by = x2 - 14 * (x2 - middle) / length, y - 14 * (y - top) / length
    way = f"M{_n(x1)} {_n(y)}Q{_n(middle)} {_n(top)} {_n(bx)} {_n(by)}"
    bow = f'<path d="{way}" fill="none" stroke="{color}" stroke-width="2"/>'
    return bow + arrow(bx, by, x2, y, color, 2)


def cells(
    x: float,
    y: float,
    cell: tuple[float, float],
    places: Iterable[tuple[int, int]],
    fill: str,
    stroke: str = "none",
    thick: float = 1,
) -> str:
    """Fill or frame the cells (row, column) of a table whose corner is (x, y), all as one shape."""
    (wide, high), box = cell, f"h{_n(cell[0])}v{_n(cell[1])}h{_n(-cell[0])}z"
    corners = (f"M{_n(x + k * wide)} {_n(y + r * high)}{box}" for r, k in places)
    line_ = f' stroke="{stroke}" stroke-width="{thick:g}"' if stroke != "none" else ""
    return f'<path d="{"".join(corners)}" fill="{fill}"{line_}/>'


def grid(x: float, y: float, cell: tuple[float, float], rows: int, columns: int) -> str:
    """Draw the lines of an empty table."""
    wide, high = cell
    across = (f"M{_n(x)} {_n(y + r * high)}h{_n(columns * wide)}" for r in range(rows + 1))
    down = (f"M{_n(x + k * wide)} {_n(y)}v{_n(rows * high)}" for k in range(columns + 1))
    return f'<path d="{"".join(across)}{"".join(down)}" fill="none" stroke="{PALE}"/>'


def faded(parts: Iterable[str], opacity: float) -> str:
    """Put parts together, all of them as pale as `opacity` says; 1 leaves them as they are."""
    together = "".join(parts)
    return together if opacity == 1 else f'<g opacity="{opacity:g}">{together}</g>'


def number(value: float, digits: int = 2) -> str:
    """Write a number with a real minus sign, and without the minus of a rounded zero."""
    written = rounded(value, digits)
    return written[1:] if not float(written) and written[0] == "-" else written.replace("-", "−")


def power_of_ten(value: float) -> str:
    """Write a very small or very large number: 1.2 × 10⁻⁷."""
    digits, power = f"{value:.1e}".split("e")
    return f"{digits} × 10{str(int(power)).translate(RAISED)}"


def mix(a: str, b: str, share: float) -> str:
    """Return the color between two: a for share 0, b for share 1."""
    share = min(max(share, 0.0), 1.0)
    ends = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(low + share * (high - low)):02x}" for low, high in ends)


def rounded(value: float, digits: int) -> str:
    """Write a number with so many digits, the same on every machine.

    The last bits of a sum depend on the processor, and where a number lies half way between two that can be
    written, such as 70.55, they decide which it is. Rounding to five more digits first takes them away.
    """
    return f"{round(float(value), digits + 5):.{digits}f}"


@lru_cache(maxsize=10_000)  # most things stand where they stood in the picture before
def _n(value: float) -> str:
    """Write a coordinate with one decimal."""
    written = rounded(value, 1).removesuffix(".0")
    return "0" if written == "-0" else written


def _hover(words: str) -> str:
    """Say something where the mouse rests: a name, never a paragraph."""
    return f"<title>{_said(words if len(words) <= HOVER else words[: HOVER - 1] + '…')}</title>"


def _said(words, quote: bool = False) -> str:
    """Write words so that they are nothing but words, whatever signs they have."""
    return escape(NEVER.sub("\ufffd", str(words)), quote=quote)
