"""Answers: wrong ones, with a word of their hint, and right ones."""

import numpy as np


def turn(new_i, new_j):
    """Build an answer to check_turn from formulas for the two columns in x, y, cos, sin."""

    def answer(vectors, i, j, angle):
        turned, terms = vectors.copy(), (vectors[:, i], vectors[:, j], np.cos(angle), np.sin(angle))
        turned[:, i] = new_i(*terms)
        turned[:, j] = new_j(*terms)
        return turned

    return answer


def turn_early(vectors, i, j, angle):
    turned = vectors.copy()
    turned[:, i] = turned[:, i] * np.cos(angle) - turned[:, j] * np.sin(angle)
    turned[:, j] = turned[:, i] * np.sin(angle) + turned[:, j] * np.cos(angle)
    return turned


def right_turn(vectors, i, j, angle):
    return turn(lambda x, y, c, s: x * c - y * s, lambda x, y, c, s: x * s + y * c)(vectors, i, j, angle)


def turn_in_place(vectors, i, j, angle):
    vectors[:, [i, j]] = right_turn(vectors, i, j, angle)[:, [i, j]]
    return vectors


def turn_by_matrix(vectors, i, j, angle):
    Q = np.eye(vectors.shape[1])
    Q[[i, j], i] = np.cos(angle), -np.sin(angle)
    Q[[i, j], j] = np.sin(angle), np.cos(angle)
    return vectors @ Q


def turn_rows(vectors, i, j, angle):
    turned = vectors.copy()
    turned[i] = vectors[i] * np.cos(angle) - vectors[j] * np.sin(angle)
    turned[j] = vectors[i] * np.sin(angle) + vectors[j] * np.cos(angle)
    return turned


WRONG = {
    "check_decode": [
        ("axis=1", lambda v: v.argmax(axis=0)),
        ("Without an axis", lambda v: v.argmax()),
        ("the 1 itself", lambda v: v.max(axis=1)),
        ("Off by one", lambda v: v.argmax(axis=1) + 1),
        ("numbers of the rows", lambda v: np.nonzero(v)[0]),
        ("columns alone", np.nonzero),
        ("columns alone", np.argwhere),
        ("unchanged", lambda v: v),
        ("shape", lambda v: v.argmax(axis=1)[:, None]),
        ("complex", lambda v: v.argmax(axis=1) + 0j),
        ("the 1 itself", lambda v: v.sum(axis=1)),
        ("one for each row", lambda v: v[0].argmax()),
        ("list(", lambda v: map(np.argmax, v)),
    ],
    "check_distance": [
        ("root", lambda c: 2 - 2 * c),
        ("factor 2", lambda c: np.sqrt(1 - c)),
        ("factor 2", lambda c: np.sqrt(2 - c)),
        ("sign", lambda c: np.sqrt(2 + 2 * c)),
        ("length", lambda c: 1 - c),
        ("sine", lambda c: np.sqrt(1 - c**2)),
        ("angle", np.arccos),
        ("depends", lambda c: np.sqrt(2)),
        ("instead of 2", lambda c: np.sqrt(2 - 2 * c) + (c < -0.9)),
        ("instead of", lambda c: [np.sqrt(2 - 2 * c)] * 2),
        ("instead of", lambda c: np.sqrt(2) * (1 - c)),
        ("instead of", lambda c: np.sqrt(2 - 2 * abs(c))),
        ("instead of", lambda c: np.sqrt(2 * (1 - c**2))),
    ],
    "check_turn": [
        ("other way", lambda v, i, j, a: right_turn(v, i, j, -a)),
        ("other way", lambda v, i, j, a: right_turn(v, j, i, a)),
        ("radians", lambda v, i, j, a: right_turn(v, i, j, np.radians(a))),
        ("radians", lambda v, i, j, a: right_turn(v, i, j, np.degrees(a))),
        ("just changed", turn_early),
        ("A sign is off", turn(lambda x, y, c, s: x * c + y * s, lambda x, y, c, s: x * s + y * c)),
        ("mirror", turn(lambda x, y, c, s: x * c + y * s, lambda x, y, c, s: x * s - y * c)),
        ("Coordinate j", turn(lambda x, y, c, s: x * c - y * s, lambda x, y, c, s: y)),
        ("columns", turn_rows),
        ("cosines", turn(lambda x, y, c, s: 2 * x * c - y * s, lambda x, y, c, s: x * s + y * c)),
        ("lengths", lambda v, i, j, a: right_turn(v, i, j, a) * np.arange(1, 7)[:, None]),
        ("Only coordinates", lambda v, i, j, a: right_turn(-v, i, j, a + np.pi)),
        ("factor", lambda v, i, j, a: 3 * right_turn(v, i, j, a)),
        ("transposed", lambda v, i, j, a: right_turn(v, i, j, a).T),
        ("unchanged", lambda v, i, j, a: v),
        ("changes its input", turn_in_place),
        ("whatever the angle", lambda v, i, j, a: right_turn(v, i, j, np.pi / 2)),
        ("shape", lambda v, i, j, a: right_turn(v[:1], i, j, a)),
        ("4 arguments", lambda v, i, j: v),
    ],
}

# Other ways to be right than the notebook's.
RIGHT = {
    "check_decode": [lambda v: v @ np.arange(v.shape[1]), lambda v: [list(row).index(1) for row in v]],
    "check_distance": [lambda c: 2 * np.sin(np.arccos(c) / 2), lambda c: (2 - 2 * c) ** 0.5],
    "check_turn": [
        lambda v, i, j, a: right_turn(v, j, i, -a).tolist(),
        turn_by_matrix,
        lambda v, i, j, a: np.array([right_turn(row[None], i, j, a)[0] for row in v]),
    ],
}
