"""Where the names on a map stand: beside their points, over nothing; some find no place.

All lengths are points of print, as letters are measured, and boxes are (left, bottom, right, top).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from helpers.lettering import choose, crosses, width

SIZE = 10  # of letters
FAR = 12  # from here on, a thin line has to lead from a name to its point


def beside(dots: np.ndarray, words: Sequence[str], ends, marks: np.ndarray, curves: np.ndarray) -> dict:
    """Return where words go: for each that has a place, the gap to its point, and how far across and up.

    Words in a crowd have the fewest places left. They go first, or last: whichever leaves more words, and
    nearer to their points.

    Parameters
    ----------
    dots : (V, 2) array
        The points that the words name.
    words : sequence of V str
    ends : (left, bottom, right, top)
        The box that all words stay in.
    marks : (M, 2) array
        Other dots.
    curves : (P, 2) array
        Points close to each other on all curves.
    """
    marks, crowd = np.vstack((dots, marks)), _crowd(dots)
    orders = np.argsort(-crowd, kind="stable"), np.argsort(crowd, kind="stable")
    tries = [_places(dots, words, order, ends, marks, curves) for order in orders]
    return max(tries, key=lambda places: (len(places), -_far(places)))


def _places(dots: np.ndarray, words: Sequence[str], order: Sequence[int], ends, marks, curves) -> dict:
    """Return the place (gap, across, up) of each word that has one where it covers nothing."""
    left, bottom, right, top = ends

    def holds(box) -> bool:
        inside = left <= box[0] and bottom <= box[1] and box[2] <= right and box[3] <= top
        return inside and not ((curves > box[:2]) & (curves < box[2:])).all(axis=1).any()

    boxes, leads, places = [(x - 3, y - 3, x + 3, y + 3) for x, y in marks], [], {}
    for i in order:
        (x, y), wide, spots = dots[i], width(words[i], SIZE), []
        others = marks[np.abs(marks - dots[i]).max(axis=1) > 3]  # a dot under this one is in nobody's way
        blocks = [(x - 3, y - 3, x + 3, y + 3) for x, y in others] + boxes[len(marks) :]
        for gap, across, up in _spots(wide, _outward(dots, i)):
            box = (x + across - 1, y + up, x + across + wide + 1, y + up + SIZE + 1)
            lead = (x, y, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            own = gap < FAR and np.all(_distance(others, box) > _distance(dots[i], box) + 3)
            if own or (gap >= FAR and not any(crosses(block, lead) for block in blocks)):
                spots.append(((gap, across, up, lead), box))
        if not spots:
            continue
        (gap, across, up, lead), box, free = choose(holds, spots, boxes, leads)
        if free:
            places[int(i)] = gap, across, up
            boxes.append(box)
            leads += [lead] if gap >= FAR else []
    return places


def _distance(points: np.ndarray, box) -> np.ndarray:
    """Return how far points lie from a box."""
    beyond = np.maximum(np.maximum(np.subtract(box[:2], points), np.subtract(points, box[2:])), 0)
    return np.linalg.norm(beyond, axis=-1)


def _far(places: dict) -> float:
    """Return how far words stand from their points, in all."""
    return sum(gap for gap, _, _ in places.values())


def _crowd(dots: np.ndarray) -> np.ndarray:
    """Return how many other points lie close to each."""
    return (np.linalg.norm(dots[:, None] - dots, axis=2) < 40).sum(axis=1)


def _outward(dots: np.ndarray, i: int) -> float:
    """Return the direction, as an angle, that leads away from the points around point i."""
    steps = dots[i] - dots
    near = steps[np.linalg.norm(steps, axis=1) < 60].sum(axis=0)
    return float(np.arctan2(near[1], near[0]))


def _spots(wide: float, outward: float) -> Iterator[tuple[float, float, float]]:
    """Return where a label's lower left corner may go around a point at the origin, and how far that is."""
    gap = 5.0
    beside = [(gap, -SIZE / 2), (-gap - wide, -SIZE / 2), (-wide / 2, gap), (-wide / 2, -gap - SIZE)]
    skew = [(3.5, 1.5), (3.5, -1.5 - SIZE), (-3.5 - wide, 1.5), (-3.5 - wide, -1.5 - SIZE)]
    yield from ((gap, *corner) for corner in (*beside, *skew))
    turns, gaps = np.linspace(-np.pi, np.pi, 24, endpoint=False), (12, 18, 26, 36)
    for turn, gap in sorted(product(turns, gaps), key=lambda far: far[1] + 12 * abs(far[0])):
        across, up = np.cos(outward + turn), np.sin(outward + turn)
        reach = gap + min(wide / 2 / max(abs(across), 1e-9), SIZE / 2 / max(abs(up), 1e-9))  # to its middle
        yield gap, reach * across - wide / 2, reach * up - SIZE / 2
