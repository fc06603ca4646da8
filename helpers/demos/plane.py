"""What the demos that move vectors share: a plane of fixed size, steps about to happen, and trails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot

from helpers.demos import svg
from helpers.demos.layout import Frame
from helpers.palette import PALE, PAPER

MOST_DOTS = 60  # of a trail


def sheet(frame: Frame) -> str:
    """Draw the empty plane: its border, its axes, and a ring around all vectors of length 1."""
    (x, y), (right, _) = frame.at(0, 0), frame.at(1, 0)
    words = svg.note(frame.x, frame.bottom + 18, "ring: length 1")
    return frame.border() + svg.dot(x, y, PALE, right - x, filled=False) + frame.cross() + words


def inside(vector: Iterable[float], room: float) -> bool:
    """Say whether a vector stays in a plane that reaches `room` from the origin, both ways on both axes."""
    return all(abs(part) <= room for part in vector)


def step(frame: Frame, tail, tip, color: str) -> str:
    """Draw a correction about to happen; one that would leave the frame runs to the edge, without a head."""
    end = frame.cut(tail, tip)
    under = svg.line(*frame.at(*tail), *frame.at(*end), PAPER, 2.5)  # gaps show on another arrow, too
    if hypot(end[0] - tip[0], end[1] - tip[1]) < 1e-9:
        return under + frame.arrow(tip, color, tail, dashed=True)
    return under + svg.line(*frame.at(*tail), *frame.at(*end), color, 2.5, dashed=True)


def trail(frame: Frame, points: Sequence, color: str) -> str:
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
