"""Words that belong to something drawn: beside points, around the tips of arrows, in paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from math import atan2, cos, hypot, pi, sin

from helpers.demos import svg
from helpers.demos.layout import Frame
from helpers.lettering import choose, overlap, width, wrap
from helpers.palette import GRAY, PALE

NEXT = [(side, shift) for shift in (0, 14, -14) for side in (9, -9)]  # beside, then right above and below
NEXT += [(0, 17), (0, -17)]
ASTRAY = [(side, sign * 14 * k) for k in (2, 3, 4) for sign in (1, -1) for side in (9, -9)]  # with a line
GAP = 4  # between two words in one line
AROUND = (0, *(side * k * pi / 6 for k in range(1, 7) for side in (1, -1)))  # a tip, outward first


def beside(
    frame: Frame,
    places: Sequence,
    words: Sequence[str],
    colors: Sequence[str],
    avoid: Iterable = (),
    needed: int | None = None,
    astray: bool = True,
    bold: int = 0,
    links: Sequence[str] = (),
) -> str:
    """Write words beside their points (pixels), in the frame, none over another word or another point.

    `avoid` are points without a word. A word that has to move away keeps a thin pale line to its point.
    The first words are tied to what else has the same of the `links`, see `svg.linked`.
    Earlier words have the first choice; those after the first `needed` are left out where nothing is free,
    and unless `astray` also where they would need a line. The first `bold` words are bold.
    """
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in places]
    taken += [(x - 3, y - 3, x + 3, y + 3) for x, y in avoid]
    dots, parts = len(taken), []
    for k, ((x, y), word, color) in enumerate(zip(places, words, colors, strict=True)):
        wide = width(word, bold=k < bold)
        extra = needed is not None and k >= needed
        spots = NEXT + ASTRAY if astray or not extra else NEXT
        boxes = [(spot, _beside(x, y, spot, wide)) for spot in spots]
        (side, shift), box, free = choose(frame.holds, boxes, taken, insist=not extra)
        if extra and not free:
            continue
        if not free:  # rather over a point than over another word
            inside = [spot for spot in boxes if frame.holds(spot[1])] or boxes[:1]
            (side, shift), box = min(inside, key=partial(_covered, words=taken[dots:], points=taken[:dots]))
        left, top, right, bottom = box
        taken.append((left - GAP, top, right + GAP, bottom))
        lead = _lead(x, y, 0.7 * side, shift) if (side, shift) in ASTRAY else ""
        anchor = "start" if side > 0 else "end" if side else "middle"
        written = lead + svg.text(x + side, y + shift + 4.55, word, 13, color, anchor, bold=k < bold)
        parts.append(svg.linked(links[k], [written]) if k < len(links) else written)
    return "".join(parts)


def at_tips(
    frame: Frame,
    arrows: Sequence,
    words: Sequence[str],
    colors: Sequence[str],
    others=(),
    links: Sequence[str] = (),
) -> str:
    """Write a name around the tip of each arrow (tail, tip), where it covers no arrow and no other name.

    `others` are arrows without a name, as are those whose name is empty. Where there is no such place, the
    name goes where it covers least. Each is tied to what else has the same of the `links`, see `svg.linked`;
    an empty one ties to nothing.
    """
    lines = [(*frame.at(*tail), *frame.at(*frame.cut(tail, tip))) for tail, tip in (*arrows, *others)]
    taken, parts, links = [], [], links or [""] * len(words)
    for (x0, y0, x, y), word, color, link in zip(lines, words, colors, links, strict=False):
        if not word:
            continue
        half, outward = width(word, 15, bold=True) / 2, atan2(y - y0, x - x0)
        ways = ((outward + turn, far) for far in (0, 16, 32) for turn in AROUND)  # as close as possible
        middles = ((x + (half + 9 + far) * cos(way), y + (17 + far) * sin(way)) for way, far in ways)
        spots = (((u, v), (u - half - 3, v - 9, u + half + 3, v + 9)) for u, v in middles)  # 3 to spare
        (across, down), box, _ = choose(frame.holds, spots, taken, lines)
        taken.append(box)
        written = svg.text(across, down + 5, word, 15, color, "middle", bold=True)
        parts.append(svg.linked(link, [written]) if link else written)
    return "".join(parts)


def paragraph(
    x: float,
    y: float,
    sentences: Iterable[str],
    room: float,
    size: float = 12,
    color: str = GRAY,
    most: int | None = None,
) -> str:
    """Write sentences below each other, broken where the room ends: at most so many lines, from y on."""
    lines = [line for sentence in sentences for line in wrap(sentence, room, size)]
    return "".join(svg.text(x, y + 1.4 * size * k, line, size, color) for k, line in enumerate(lines[:most]))


def _covered(spot, words: Iterable, points: Iterable) -> tuple[float, float]:
    """Return how much of some words a spot would cover, and how much of some points."""
    return tuple(sum(overlap(spot[1], other) for other in some) for some in (words, points))


def _lead(x: float, y: float, across: float, down: float) -> str:
    """Draw a pale line from the edge of a dot toward its word."""
    start = 8 / hypot(across, down)
    return svg.line(x + start * across, y + start * down, x + across, y + down, PALE, 1)


def _beside(x: float, y: float, spot, wide: float) -> tuple[float, float, float, float]:
    side, shift = spot
    left = x + side if side > 0 else x + side - wide if side else x - wide / 2
    return left, y + shift - 6.5, left + wide, y + shift + 6.5
