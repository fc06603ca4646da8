"""What the demos that move vectors share: a plane of fixed size, steps about to happen, and trails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import atan2, cos, hypot, pi, sin

from helpers.demos import svg
from helpers.palette import GREY, PALE, PAPER

HOLD = 3  # frames that each step of an animation stays on the screen, so that the eye can follow
MOST_DOTS = 60  # of a trail
TURNS = [
    side * k * pi / 6 for k in range(7) for side in ((1, -1) if k else (1,))
]  # around a tip, outward first


def sheet(frame: svg.Frame) -> str:
    """Draw the empty plane: its border, its axes, and a ring around all vectors of length 1."""
    (x, y), (right, _) = frame.at(0, 0), frame.at(1, 0)
    words = svg.text(frame.x, frame.y + frame.height + 18, "ring: length 1", 12, GREY)
    return frame.border() + svg.dot(x, y, PALE, right - x, filled=False) + frame.cross() + words


def inside(vector: Iterable[float], room: float) -> bool:
    """Say whether a vector stays in a plane that reaches `room` from the origin, both ways on both axes."""
    return all(abs(part) <= room for part in vector)


def cut(frame: svg.Frame, tail, tip) -> tuple[float, float]:
    """Return how far one comes from tail (inside) toward tip before the frame ends."""
    share = 1.0
    for start, end, (low, high) in zip(tail, tip, (frame.x_range, frame.y_range), strict=True):
        if end > high:
            share = min(share, (high - start) / (end - start))
        elif end < low:
            share = min(share, (low - start) / (end - start))
    return tail[0] + share * (tip[0] - tail[0]), tail[1] + share * (tip[1] - tail[1])


def step(frame: svg.Frame, tail, tip, color: str, thick: float = 2.5) -> str:
    """Draw a correction about to happen; one that would leave the frame runs to the edge, without a head."""
    end = cut(frame, tail, tip)
    under = svg.line(*frame.at(*tail), *frame.at(*end), PAPER, thick)  # gaps show on another arrow, too
    if hypot(end[0] - tip[0], end[1] - tip[1]) < 1e-9:
        return under + frame.arrow(tip, color, tail, dashed=True, thick=thick)
    return under + svg.line(*frame.at(*tail), *frame.at(*end), color, thick, dashed=True)


def trail(frame: svg.Frame, points: Sequence, color: str) -> str:
    """Draw where a vector has been: a dot for each step, but none upon another."""
    stride = -(-len(points) // MOST_DOTS) or 1
    places = [frame.at(*point) for point in points]
    dots, last = [], None
    for x, y in places[::stride]:
        if last is None or hypot(x - last[0], y - last[1]) >= 4:
            dots.append(svg.dot(x, y, color, 2))
            last = x, y
    path = svg.curve(places[::stride] + places[-1:], color, 1.2, opacity=0.5) if len(places) > 1 else ""
    return path + "".join(dots)


def names(frame: svg.Frame, arrows: Sequence, words: Sequence[str], colors: Sequence[str], others=()) -> str:
    """Write a name around the tip of each arrow (tail, tip), where it covers no arrow and no other name.

    `others` are arrows without a name. Where there is no such place, the name goes where most room is.
    """
    lines = [(*frame.at(*tail), *frame.at(*cut(frame, tail, tip))) for tail, tip in (*arrows, *others)]
    taken, parts = [], []
    for (x0, y0, x, y), word, color in zip(lines, words, colors, strict=False):
        half = 4.5 * len(word)
        outward = atan2(y - y0, x - x0)
        best = None
        for turn in TURNS:
            across, down = x + (half + 9) * cos(outward + turn), y + 17 * sin(outward + turn)
            if not frame.holds((across - half, down - 9, across + half, down + 9)):
                continue
            room = min(_distance(across, down, *line) for line in lines)
            room = min(room, *(hypot(across - a, down - b) / 1.6 for a, b in taken), 11.0)
            if best is None or room > best[0]:
                best = room, across, down
            if room == 11.0:
                break
        _, across, down = best or (0, x, y)
        taken.append((across, down))
        parts.append(svg.text(across, down + 5, word, 15, color, "middle", bold=True))
    return "".join(parts)


def _distance(x: float, y: float, x1: float, y1: float, x2: float, y2: float) -> float:
    """Return how far a point is from the straight line between two others."""
    across, down = x2 - x1, y2 - y1
    long = across * across + down * down
    share = min(max(((x - x1) * across + (y - y1) * down) / long, 0.0), 1.0) if long else 0.0
    return hypot(x - x1 - share * across, y - y1 - share * down)
