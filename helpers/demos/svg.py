"""A small vocabulary for pictures made of text: SVG that is sharp, light, and quick to make.

Every function returns a piece of SVG as a string; `picture` puts pieces together. Positions and sizes
are pixels from the top left corner. The colors are those of `helpers.palette`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot
from unicodedata import east_asian_width

import numpy as np

from helpers.palette import GREY, INK, PALE, PAPER, PULL, PUSH

FONT = "'DejaVu Sans', Verdana, 'Segoe UI', system-ui, sans-serif"
DASHES = "5 4"
LABEL_SHIFTS = (0, *(sign * 14 * k for k in range(1, 8) for sign in (1, -1)))  # beside, then away by lines


def picture(width: int, height: int, parts: Iterable[str], description: str) -> str:
    """Put parts on a light sheet of fixed proportions; `description` says in words what they show."""
    label = escape(description, quote=True)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    style = f'font-family="{FONT}" style="max-width:100%;height:auto;display:block"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}" {style}>'
        f"<title>{label}</title>{rect(0, 0, width, height, PAPER, corner=6)}{''.join(parts)}</svg>"
    )


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
    return f"<text {place}>{escape(str(words))}</text>"


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
    x1: float, y1: float, x2: float, y2: float, color: str = GREY, thick: float = 1, dashed: bool = False
) -> str:
    """Draw a straight line."""
    style = f'stroke="{color}" stroke-width="{thick:g}"{_dash(dashed)}'
    return f'<path d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" {style}/>'


def curve(points: Iterable, color: str, thick: float = 2, dashed: bool = False, opacity: float = 1) -> str:
    """Draw straight lines from point to point, for (T, 2) pixels."""
    steps = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    fade = f' opacity="{opacity:g}"' if opacity != 1 else ""
    return f'<path d="M{steps}" fill="none" stroke="{color}" stroke-width="{thick:g}"{_dash(dashed)}{fade}/>'


def dot(x: float, y: float, color: str, radius: float = 5, filled: bool = True) -> str:
    style = f'fill="{color}"' if filled else f'fill="{PAPER}" stroke="{color}" stroke-width="2"'
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{radius:g}" {style}/>'


def dots(places: Iterable, color: str, size: float = 3) -> str:
    """Draw many small dots (on whole pixels) as one shape, far lighter than one circle each."""
    spots = "".join([f"M{x:.0f} {y:.0f}h0" for x, y in places])
    return f'<path d="{spots}" stroke="{color}" stroke-width="{size:g}" stroke-linecap="round"/>'


def segments(ends: Iterable, color: str = GREY, thick: float = 1) -> str:
    """Draw many straight lines ((x1, y1), (x2, y2)) as one shape, from whole pixels to whole pixels."""
    lines = "".join([f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}" for (x1, y1), (x2, y2) in ends])
    return f'<path d="{lines}" stroke="{color}" stroke-width="{thick:g}"/>'


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
    left, right = (
        (bx - 0.45 * head * uy, by + 0.45 * head * ux),
        (bx + 0.45 * head * uy, by - 0.45 * head * ux),
    )
    tip = " ".join(f"{_n(x)},{_n(y)}" for x, y in ((x2, y2), left, right))
    return line(x1, y1, bx, by, color, thick, dashed) + f'<polygon points="{tip}" fill="{color}"/>'


def arc(x1: float, x2: float, y: float, height: float, color: str, thick: float = 2) -> str:
    """Draw an arrow that leaves the line at y, bends over what lies between, and comes down at x2."""
    middle, top = (x1 + x2) / 2, y - 2 * height  # a curve of this kind rises half as high as its handle
    length = hypot(x2 - middle, y - top)
    bx, by = x2 - 14 * (x2 - middle) / length, y - 14 * (y - top) / length
    bow = f'<path d="M{_n(x1)} {_n(y)}Q{_n(middle)} {_n(top)} {_n(bx)} {_n(by)}" fill="none" '
    return bow + f'stroke="{color}" stroke-width="{thick:g}"/>' + arrow(bx, by, x2, y, color, thick)


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
    return f'<path d="{"".join(corners)}" fill="{fill}" stroke="{stroke}" stroke-width="{thick:g}"/>'


def grid(x: float, y: float, cell: tuple[float, float], rows: int, columns: int, color: str = PALE) -> str:
    """Draw the lines of an empty table."""
    wide, high = cell
    across = (f"M{_n(x)} {_n(y + r * high)}h{_n(columns * wide)}" for r in range(rows + 1))
    down = (f"M{_n(x + k * wide)} {_n(y)}v{_n(rows * high)}" for k in range(columns + 1))
    return f'<path d="{"".join(across)}{"".join(down)}" fill="none" stroke="{color}"/>'


def heat_map(
    x: float,
    y: float,
    cell: tuple[float, float],
    values,
    rows: Sequence[str],
    columns: Sequence[str],
    limit: float,
    digits: int | None = 2,
    signed: bool = True,
    outlined: Iterable[tuple[int, int]] = (),
) -> str:
    """Draw a table as colors: green above zero, red-purple below; or grey amounts where not signed.

    (x, y) is the corner of the first cell; row labels stand left of it and column labels above.
    """
    wide, high = cell
    parts = [text(x - 8, y + (r + 0.65) * high, name, anchor="end") for r, name in enumerate(rows)]
    parts += [text(x + (k + 0.5) * wide, y - 7, name, anchor="middle") for k, name in enumerate(columns)]
    for r, row in enumerate(np.asarray(values, dtype=float).tolist()):
        for k, value in enumerate(row):
            strength = min(abs(value) / limit, 1) if limit else 0.0
            strong = (PULL if value > 0 else PUSH) if signed else INK
            color = mix(PAPER, strong, strength)
            parts.append(rect(x + k * wide, y + r * high, wide, high, color, PALE))
            if digits is not None:
                place = x + (k + 0.5) * wide, y + (r + 0.65) * high
                parts.append(text(*place, number(value, digits), 12, ink_on(color), "middle"))
    parts += [rect(x + k * wide, y + r * high, wide, high, stroke=INK, thick=2) for r, k in outlined]
    return "".join(parts)


def bars(
    x: float,
    y: float,
    width: float,
    row: float,
    labels: Sequence[str],
    values: Sequence[float],
    limit: float,
    colors: Sequence[str],
    digits: int = 2,
    outlines: Sequence[float] | None = None,
) -> str:
    """Draw horizontal bars from a zero line at x, `width` pixels for `limit`, each with its number.

    `outlines` draws a second, empty bar around each: the truth, or what was wished for.
    """
    parts = [line(x, y, x, y + row * len(labels))]
    for k, (label, value, color) in enumerate(zip(labels, values, colors, strict=True)):
        top, length = y + k * row + 0.15 * row, width * max(-1.0, min(1.0, value / limit))
        parts.append(rect(x, top, length, 0.7 * row, color))
        if outlines is not None:
            parts.append(rect(x, top, width * outlines[k] / limit, 0.7 * row, stroke=INK, thick=1.5))
        beyond = max(length, width * outlines[k] / limit) if outlines is not None and value >= 0 else length
        parts.append(
            text(x + beyond + (5 if value >= 0 else -5), top + 0.5 * row, number(value, digits), 12, INK,
                 "start" if value >= 0 else "end")
        )  # fmt: skip
        parts.append(label_left(x, top + 0.5 * row, label, min(length, 0)))
    return "".join(parts)


def label_left(x: float, y: float, label: str, reach: float) -> str:
    """Write a label left of the zero line, or left of the number of a bar that reaches to the left."""
    return text(x + (reach - 52 if reach < 0 else -8), y, label, anchor="end") if label else ""


@dataclass(frozen=True)
class Frame:
    """A box that shows a part of the number plane.

    Attributes
    ----------
    x, y, width, height : float
        Place and size in pixels.
    x_range, y_range : (low, high)
        The numbers at the edges.
    """

    x: float
    y: float
    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    @classmethod
    def square(cls, x: float, y: float, width: float, height: float, radius: float) -> Frame:
        """Show the plane around the origin, with equal units on both axes, `radius` up and down."""
        across = radius * width / height
        return cls(x, y, width, height, (-across, across), (-radius, radius))

    def at(self, px: float, py: float) -> tuple[float, float]:
        """Return the pixel of a point, kept inside the box."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        across = self.x + self.width * (px - x0) / (x1 - x0)
        down = self.y + self.height * (y1 - py) / (y1 - y0)
        return (
            min(max(across, self.x), self.x + self.width),
            min(max(down, self.y), self.y + self.height),
        )

    def pixels(self, points) -> list[list[float]]:
        """Return the pixels of many points (K, 2) at once, all of which must lie in the box."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        size = np.array([self.width / (x1 - x0), self.height / (y0 - y1)])
        return ((np.asarray(points) - [x0, y1]) * size + [self.x, self.y]).tolist()

    def holds(self, box) -> bool:
        """Say whether a box (left, top, right, bottom) in pixels lies inside."""
        left, top, right, bottom = box
        return (
            self.x <= left
            and right <= self.x + self.width
            and self.y <= top
            and bottom <= self.y + self.height
        )

    def border(self) -> str:
        return rect(self.x, self.y, self.width, self.height, stroke=PALE)

    def cross(self) -> str:
        """Draw the two axes through the origin, without names: on a map only the shape means anything."""
        (x0, y0), (left, low), (right, high) = self.at(0, 0), self.at(-1e9, -1e9), self.at(1e9, 1e9)
        return line(left, y0, right, y0, PALE) + line(x0, low, x0, high, PALE)

    def axes(
        self, x_ticks: Sequence[float], y_ticks: Sequence[float], x_name: str = "", y_name: str = ""
    ) -> str:
        """Draw a frame for a chart, with numbers at the ticks."""
        bottom = self.y + self.height
        parts = [line(self.x, bottom, self.x + self.width, bottom), line(self.x, self.y, self.x, bottom)]
        parts += [text(self.at(t, 0)[0], bottom + 16, _tick(t), 12, GREY, "middle") for t in x_ticks]
        parts += [text(self.x - 6, self.at(0, t)[1] + 4, _tick(t), 12, GREY, "end") for t in y_ticks]
        parts.append(text(self.x + self.width / 2, bottom + 33, x_name, 12, GREY, "middle"))
        parts.append(text(self.x - 30, self.y - 8, y_name, 12, GREY))
        return "".join(parts)

    def plot(
        self, xs: Iterable[float], ys: Iterable[float], color: str, thick: float = 2, dashed: bool = False
    ) -> str:
        return curve([self.at(px, py) for px, py in zip(xs, ys, strict=True)], color, thick, dashed)

    def arrow(self, tip, color: str, tail=(0.0, 0.0), dashed: bool = False, thick: float = 2.5) -> str:
        return arrow(*self.at(*tail), *self.at(*tip), color, thick, dashed)


def word_map(frame: Frame, points, words: Sequence[str], colors: Sequence[str], trails=None) -> str:
    """Place words in a frame; `trails` (T, V, 2) shows where each has been."""
    parts = [frame.border(), frame.cross()]
    if trails is not None and len(trails) > 1:
        for k, color in enumerate(colors):
            parts.append(curve([frame.at(*point[k]) for point in trails], color, 1.2, opacity=0.5))
    places = [frame.at(*point) for point in np.asarray(points, dtype=float).tolist()]
    parts += [dot(x, y, color) for (x, y), color in zip(places, colors, strict=True)]
    return "".join(parts) + labels(frame, places, words, colors)


def labels(
    frame: Frame,
    places: Sequence,
    words: Sequence[str],
    colors: Sequence[str],
    size: float = 13,
    avoid=(),
    needed: int | None = None,
) -> str:
    """Write words beside their points (pixels), in the frame, none over another word or another point.

    `avoid` are points without a word. A word that has to move away keeps a thin line to its point.
    Earlier words have the first choice; those after the first `needed` are left out where nothing is free.
    """
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in places] + [
        (x - 3, y - 3, x + 3, y + 3) for x, y in avoid
    ]
    parts = []
    for k, ((x, y), word, color) in enumerate(zip(places, words, colors, strict=True)):
        spots = [(side, shift) for shift in LABEL_SHIFTS for side in (9, -9)]
        boxes = (_label_box(x + side, y + shift, side, word, size) for side, shift in spots)
        inside = ((spot, box) for spot, box in zip(spots, boxes, strict=True) if frame.holds(box))
        free = ((spot, box) for spot, box in inside if not any(_meet(box, other) for other in taken))
        spot, box = next(free, (None, None))
        if spot is None:
            if needed is not None and k >= needed:
                continue
            spot, box = spots[0], _label_box(x + 9, y, 9, word, size)
        side, shift = spot
        taken.append(box)
        if abs(shift) > 14:
            parts.append(line(x, y, x + 0.7 * side, y + shift, color, 0.7))
        place = (x + side, y + shift + 0.35 * size)
        parts.append(text(*place, word, size, color, "start" if side > 0 else "end"))
    return "".join(parts)


def shorten(words: str, room: float, size: float = 13) -> str:
    """Cut words that may be too long for `room` pixels, and say so with three points."""
    some = words[: int(room / (0.6 * size)) + 1]  # as many as could fit at all: a word may be a million long
    widths = np.cumsum([_width(letter) * size for letter in some])
    if not len(words) or widths[-1] <= room:
        return words
    return words[: int(np.searchsorted(widths, room - size, side="right"))] + "…"


def number(value: float, digits: int = 2) -> str:
    """Write a number with a real minus sign, and without the minus of a rounded zero."""
    written = f"{value:.{digits}f}"
    return written[1:] if not float(written) and written[0] == "-" else written.replace("-", "−")


def mix(a: str, b: str, share: float) -> str:
    """Return the color between two: a for share 0, b for share 1."""
    share = min(max(share, 0.0), 1.0)
    ends = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(low + share * (high - low)):02x}" for low, high in ends)


def ink_on(color: str) -> str:
    """Return the color in which words are easier to read on a filled area."""
    red, green, blue = ((int(color[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5))
    return PAPER if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.18 else INK


def _label_box(x: float, y: float, side: float, word: str, size: float):
    """Return (left, top, right, bottom) of a word that begins, or on the left side ends, at x."""
    wide = size * sum(_width(letter) for letter in word)
    return (x if side > 0 else x - wide), y - size / 2, (x + wide if side > 0 else x), y + size / 2


def _width(letter: str) -> float:
    """Return how wide a letter is at most, in units of the font size."""
    if east_asian_width(letter) in "WF":
        return 1.0
    return 0.93 if letter in "mwMW" else 0.63


def _meet(a, b) -> bool:
    """Say whether two boxes (left, top, right, bottom) overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _tick(value: float) -> str:
    """Write a number at an axis as briefly as possible, with a real minus sign."""
    return f"{value:g}".replace("-", "−")


def _dash(dashed: bool) -> str:
    return f' stroke-dasharray="{DASHES}"' if dashed else ""


def _n(value: float) -> str:
    """Write a coordinate with one decimal, so that a picture is the same on every machine."""
    written = f"{value:.1f}"
    return "0" if written == "-0.0" else written.removesuffix(".0")
