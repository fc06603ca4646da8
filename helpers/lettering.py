"""Words in pictures, with room for each: how wide they are, and where they cover nothing.

Words are measured, never guessed, by the advance widths of DejaVu Sans: all pictures ask for this font, and
it comes with matplotlib. Its file is opened when the first word is measured, not on import, and each letter
is measured once. Boxes are (left, top, right, bottom).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from math import inf
from pathlib import Path

EM = 2048  # units per em of the font: at this size its widths are whole numbers
MISSING = "\uffff"  # never a letter: shows what the font draws for those that it lacks


def width(words: str, size: float = 13, bold: bool = False) -> float:
    """Return how many pixels words take, letter by letter, without kerning."""
    return size * sum([_advance(letter, bold) for letter in words])


def shorten(words: str, room: float, size: float = 13, bold: bool = False) -> str:
    """Cut words that are too long for `room` pixels, and say so with three points."""
    if fitting(words, room, size, bold) == len(words):
        return words
    return words[: fitting(words, room - width("…", size, bold), size, bold)] + "…"


@lru_cache(maxsize=100)  # most sentences return in every picture
def wrap(words: str, room: float, size: float = 13) -> tuple[str, ...]:
    """Break a sentence into lines of at most `room` pixels, between words where that is possible."""
    lines, line = [], ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        lines += [line] if line else []
        while (end := max(fitting(word, room, size), 1)) < len(word):
            lines.append(word[:end])
            word = word[end:]
        line = word
    return (*lines, line) if line else tuple(lines)


def fitting(words: str, room: float, size: float = 13, bold: bool = False) -> int:
    """Return how many letters fit: at most one per pixel, as a word may have a million without width."""
    some, reach = words[: max(int(room), 0)], 0.0
    for place, letter in enumerate(some):
        reach += size * _advance(letter, bold)
        if reach > room:
            return place
    return len(some)


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


def choose(holds: Callable, candidates: Iterable, taken: Sequence, lines: Sequence = (), insist: bool = True):
    """Return the first of some (spot, box) that lies in the picture and covers nothing, and True.

    `holds` says of a box whether it lies in the picture. Where there is no such place, return the one in the
    picture that covers least, or the first of all, and False; unless you `insist`, just the first of all.
    """
    first, inside = None, []
    for spot, box in candidates:
        first = first or (spot, box)
        if holds(box):
            if not any(_meet(box, other) for other in taken) and not any(
                crosses(box, line) for line in lines
            ):
                return spot, box, True
            inside.append((spot, box))

    def covered(candidate):
        box = candidate[1]
        return sum(overlap(box, other) for other in taken), sum(crosses(box, line) for line in lines)

    return *(min(inside, key=covered) if inside and insist else first), False


def crosses(box, line) -> bool:
    """Say whether a straight line (x1, y1, x2, y2) touches a box: some of its corners lie on either side."""
    (left, top, right, bottom), (x1, y1, x2, y2) = box, line
    if max(x1, x2) <= left or min(x1, x2) >= right or max(y1, y2) <= top or min(y1, y2) >= bottom:
        return False
    across, down = x2 - x1, y2 - y1
    sides = [across * (y - y1) > down * (x - x1) for x in (left, right) for y in (top, bottom)]
    return any(sides) != all(sides) or not (across or down)


def overlap(a, b) -> float:
    """Return the area that two boxes have in common."""
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)


@cache
def _advance(letter: str, bold: bool) -> float:
    """Return the width of a letter in units of the font size; one that the font lacks may be a full unit."""
    font, small, missing = _fonts(bold)
    shape = small.getmask(letter)
    if (shape.size, bytes(shape)) == missing:
        return 1.0
    return font.getlength(letter) / EM


@cache
def _fonts(bold: bool):
    """Return the font, a small one to look at shapes with, and the shape of a letter that it lacks."""
    from PIL import ImageFont  # here, because it takes as long to import as all demos

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    folder = Path(*find_spec("matplotlib").submodule_search_locations, "mpl-data", "fonts", "ttf")
    font = ImageFont.truetype(str(folder / name), EM, layout_engine=ImageFont.Layout.BASIC)
    small = font.font_variant(size=20)
    missing = small.getmask(MISSING)
    return font, small, (missing.size, bytes(missing))


def _meet(a, b) -> bool:
    """Say whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
