"""Where words go that belong to something drawn: on a map, where they cover nothing; on a line, apart.

Boxes are (left, top, right, bottom) in pixels. Words are measured, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import atan2, cos, inf, pi, sin

from helpers.demos import svg
from helpers.demos.layout import Frame
from helpers.demos.measure import width, wrap
from helpers.palette import GREY

SHIFTS = (0, *(sign * 14 * k for k in range(1, 8) for sign in (1, -1)))  # beside, then away by lines
BESIDE = tuple((side, shift) for shift in SHIFTS for side in (9, -9))
AROUND = (0, *(side * k * pi / 6 for k in range(1, 7) for side in (1, -1)))  # a tip, outward first
MARGIN = 3  # pixels between the name of an arrow and whatever else is drawn


def beside(
    frame: Frame,
    places: Sequence,
    words: Sequence[str],
    colors: Sequence[str],
    size: float = 13,
    avoid: Iterable = (),
    needed: int | None = None,
) -> str:
    """Write words beside their points (pixels), in the frame, none over another word or another point.

    `avoid` are points without a word. A word that has to move away keeps a thin line to its point.
    Earlier words have the first choice; those after the first `needed` are left out where nothing is free.
    """
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in places]
    taken += [(x - 3, y - 3, x + 3, y + 3) for x, y in avoid]
    parts = []
    for k, ((x, y), word, color) in enumerate(zip(places, words, colors, strict=True)):
        wide = width(word, size)
        spots = ((spot, _beside(x, y, spot, wide, size)) for spot in BESIDE)
        (side, shift), box, free = _choose(frame, spots, taken)
        if not free and needed is not None and k >= needed:
            continue
        taken.append(box)
        if abs(shift) > 14:
            parts.append(svg.line(x, y, x + 0.7 * side, y + shift, color, 0.7))
        place = (x + side, y + shift + 0.35 * size)
        parts.append(svg.text(*place, word, size, color, "start" if side > 0 else "end"))
    return "".join(parts)


def at_tips(frame: Frame, arrows: Sequence, words: Sequence[str], colors: Sequence[str], others=()) -> str:
    """Write a name around the tip of each arrow (tail, tip), where it covers no arrow and no other name.

    `others` are arrows without a name. Where there is no such place, the name goes where it covers least.
    """
    lines = [(*frame.at(*tail), *frame.at(*frame.cut(tail, tip))) for tail, tip in (*arrows, *others)]
    taken, parts = [], []
    for (x0, y0, x, y), word, color in zip(lines, words, colors, strict=False):
        half, outward = width(word, 15, bold=True) / 2, atan2(y - y0, x - x0)
        angles = (outward + turn for turn in AROUND)
        middles = ((x + (half + 9) * cos(angle), y + 17 * sin(angle)) for angle in angles)
        spots = ((middle, _around(middle, half)) for middle in middles)
        (across, down), box, _ = _choose(frame, spots, taken, lines)
        taken.append(box)
        parts.append(svg.text(across, down + 5, word, 15, color, "middle", bold=True))
    return "".join(parts)


def paragraph(
    x: float,
    y: float,
    sentences: Iterable[str],
    room: float,
    size: float = 12,
    color: str = GREY,
    most: int | None = None,
) -> str:
    """Write sentences below each other, broken where the room ends: at most so many lines, from y on."""
    lines = [line for sentence in sentences for line in wrap(sentence, room, size)]
    return "".join(svg.text(x, y + 1.4 * size * k, line, size, color) for k, line in enumerate(lines[:most]))


def spread(wanted: Sequence[float], gap: float, low: float = -inf, high: float = inf) -> list[float]:
    """Move places on a line apart to at least `gap`, by as little as it takes, and not beyond low … high.

    Together they move least in squares: neighbors that are too close come to rest around their mean
    (pool adjacent violators). A ring is cut where it is widest and laid out straight before.
    """
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    groups: list[tuple[float, int]] = []  # mean and number of those that touch, as if every gap were 0
    for k, i in enumerate(order):
        mean, count = wanted[i] - k * gap, 1
        while groups and groups[-1][0] > mean:
            before, many = groups.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        groups.append((mean, count))
    means = [mean for mean, count in groups for _ in range(count)]
    last = max(high - (len(order) - 1) * gap, low)
    places = [0.0] * len(order)
    for k, (i, mean) in enumerate(zip(order, means, strict=True)):
        places[i] = min(max(mean, low), last) + k * gap
    return places


def _beside(x: float, y: float, spot, wide: float, high: float) -> tuple[float, float, float, float]:
    side, shift = spot
    left, middle = (x + side if side > 0 else x + side - wide), y + shift
    return left, middle - high / 2, left + wide, middle + high / 2


def _around(middle, half: float) -> tuple[float, float, float, float]:
    x, y = middle
    return x - half - MARGIN, y - 6 - MARGIN, x + half + MARGIN, y + 6 + MARGIN


def _choose(frame: Frame, candidates: Iterable, taken: Sequence, lines: Sequence = ()):
    """Return the first of some spots with boxes that lies in the frame and covers nothing, and True.

    Where there is none, return the one in the frame that covers least, or the first of all, and False.
    """
    first, inside = None, []
    for spot, box in candidates:
        first = first or (spot, box)
        if frame.holds(box):
            if not any(_meet(box, other) for other in taken) and not any(_cross(box, line) for line in lines):
                return spot, box, True
            inside.append((spot, box))

    def covered(candidate):
        box = candidate[1]
        return sum(_meet(box, other) for other in taken), sum(_cross(box, line) for line in lines)

    return *(min(inside, key=covered) if inside else first), False


def _meet(a, b) -> bool:
    """Say whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _cross(box, line) -> bool:
    """Say whether a straight line (x1, y1, x2, y2) touches a box: some of its corners lie on either side."""
    (left, top, right, bottom), (x1, y1, x2, y2) = box, line
    if max(x1, x2) <= left or min(x1, x2) >= right or max(y1, y2) <= top or min(y1, y2) >= bottom:
        return False
    across, down = x2 - x1, y2 - y1
    sides = [across * (y - y1) > down * (x - x1) for x in (left, right) for y in (top, bottom)]
    return any(sides) != all(sides) or not (across or down)
