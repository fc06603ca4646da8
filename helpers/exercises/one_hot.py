"""Exercises of one-hot vectors: back to the ids, how far apart, and a turn of the axes."""

import numpy as np

from helpers.exercises.judge import Case, checker, same
from helpers.geometry import cosine_matrix
from helpers.text import one_hot

TIPS = [(0, 1), (1, 0), (-1, 0), *[()] * 6]
TURNS = [(0, 1, 0.3), (2, 0, -1.1), (1, 3, np.pi / 2), (3, 2, 4.0)]


@checker("Every vector leads back to its id.", [(4, 7), (6, 6), (1, 3)], seed=1)
def check_decode(rng, length, size):
    """Check ``answer(vectors (T, V)) -> ids (T,)``, the way back from one-hot vectors."""
    ids = rng.integers(0, size, length)
    vectors = one_hot(ids, size)
    slips = [
        (vectors.argmax(axis=0), "You look down each column; look along each row, axis=1."),
        (vectors.argmax(), "Without an axis you get one place in the whole table, not one for each row."),
        (vectors.max(axis=1), "You return the 1 itself; what is asked for is its place."),
        (np.arange(length), "Those are the numbers of the rows; the ids are the columns."),
        (np.nonzero(vectors), "You return rows and columns; the ids are the columns alone."),
        (np.argwhere(vectors), "You return rows and columns; the ids are the columns alone."),
        (ids + 1, "Off by one: you count places from 1, but ids start at 0."),
    ]
    return Case((vectors,), ids, slips)


@checker("Distance and cosine say the same about vectors of length 1.", TIPS, seed=2)
def check_distance(rng, *tip):
    """Check ``answer(cosine) -> distance`` between two vectors of length 1."""
    # (1, 0) and a tip, or any two.
    vectors = np.array([(1, 0), tip]) if tip else rng.standard_normal((2, 3))
    a, b = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine, distance = float(a @ b), np.linalg.norm(a - b)
    slips = [
        (distance**2, "That is the squared distance: the root is missing."),
        (np.sqrt(1 - cosine), "A factor 2 is missing inside the root: a · a + b · b is 2."),
        (np.sqrt(2 - cosine), "The middle term is 2 a · b, so the cosine needs a factor 2."),
        (np.sqrt(2 + 2 * cosine), "The sign is off: the same direction (cosine 1) is distance 0."),
        (1 - cosine, "That grows with the distance, but is not the length of a − b."),
        (np.sqrt(1 - cosine**2), "That is the sine, the distance of one tip from the other's line."),
        (np.arccos(cosine), "That is the angle, an arc; the distance is the straight line."),
        (np.sqrt(2), "That holds for a right angle; the distance depends on the cosine."),
    ]
    return Case((cosine,), distance, slips)


def what_a_turn_keeps(result, vectors, i, j, angle) -> str | None:
    """Name what a turn would have kept."""
    if not same(cosine_matrix(result), cosine_matrix(vectors)):
        return "The cosines between the rows have changed, so this is not a turn."
    if not same(np.linalg.norm(result, axis=1), np.linalg.norm(vectors, axis=1)):
        return "The lengths of the rows have changed, so this is not a turn."
    others = np.delete(np.arange(vectors.shape[1]), [i, j])
    if not same(result[:, others], vectors[:, others]):
        return "Only coordinates i and j may change."
    return None


@checker("The coordinates changed and no cosine did.", TURNS, seed=3, invariant=what_a_turn_keeps)
def check_turn(rng, i, j, angle):
    """Check ``answer(vectors (V, D), i, j, angle) -> (V, D)``, a turn in the plane of coordinates i and j.

    The right result multiplies complex numbers: i is the real axis, j the imaginary one.
    """
    vectors = rng.standard_normal((6, 4))
    x, y, cos, sin = vectors[:, i], vectors[:, j], np.cos(angle), np.sin(angle)

    def put(new_x, new_y):
        changed = vectors.copy()
        changed[:, i], changed[:, j] = new_x, new_y
        return changed

    def turned(angle):
        plane = (x + 1j * y) * np.exp(1j * angle)
        return put(plane.real, plane.imag)

    right = turned(angle)
    new_x, new_y = right[:, i], right[:, j]
    rows = vectors.copy()
    rows[i], rows[j] = vectors[i] * cos - vectors[j] * sin, vectors[i] * sin + vectors[j] * cos
    early = "The second line needs the old coordinate, which the first has just changed."
    slips = [
        (turned(-angle), "The other way round: a quarter turn must carry coordinate i over into j."),
        (turned(np.deg2rad(angle)), "The angle is in radians already, as np.cos wants it; no degrees."),
        (turned(np.rad2deg(angle)), "The angle is in radians, as np.cos wants it; no degrees."),
        (turned(np.pi / 2), "That is a quarter turn whatever the angle; use `angle`."),
        (put(new_x, new_x * sin + y * cos), early),
        (put(x * cos - new_y * sin, new_y), early),
        (put(x * cos + y * sin, x * sin + y * cos), "A sign is off: one of the two sines needs a minus."),
        (put(x * cos - y * sin, y * cos - x * sin), "A sign is off: only one of the sines has a minus."),
        (put(x * cos + y * sin, x * sin - y * cos), "A sign is off: that is a mirror image, not a turn."),
        (put(new_x, y), "Coordinate j has to change as well."),
        (put(x, new_y), "Coordinate i has to change as well."),
        (rows, "You turn rows i and j; the coordinates are columns."),
    ]
    return Case((vectors, i, j, angle), right, slips)
