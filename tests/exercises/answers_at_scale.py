"""Answers: wrong ones, with a word of their hint."""

import numpy as np
from answers_axes_rotate import rotation


def half(A, B):
    return (A + B @ rotation(B, A)) / 2


def merge(W1, C1, W2, C2, way=lambda Q: Q):
    Q = way(rotation(np.vstack((W2, C2)), np.vstack((W1, C1))))
    return (W1 + W2 @ Q) / 2, (C1 + C2 @ Q) / 2


def turned_only(W1, C1, W2, C2):
    W, C = merge(W1, C1, W2, C2)
    return 2 * W - W1, 2 * C - C1


def half_pairs(length, window):
    return sum(max(length - d, 0) * (window + 1 - d) / window for d in range(1, window + 1))


def stretched(W1, C1, W2, C2):
    T = np.linalg.lstsq(np.vstack((W2, C2)), np.vstack((W1, C1)), rcond=None)[0]
    return (W1 + W2 @ T) / 2, (C1 + C2 @ T) / 2


def swapped(W1, C1, W2, C2):
    W, C = turned_only(W1, C1, W2, C2)
    return (W1 + C) / 2, (C1 + W) / 2


def by_centers(length, window):
    reaches = [
        [min(i, reach) + min(length - 1 - i, reach) for i in range(length)] for reach in range(1, window + 1)
    ]
    return np.mean([sum(some) for some in reaches])


def merge_by_svd(W1, C1, W2, C2):
    U, _, Vt = np.linalg.svd(W2.T @ W1 + C2.T @ C1)
    return [np.mean([W1, W2 @ U @ Vt], axis=0), np.mean([C1, C2 @ U @ Vt], axis=0)]


RIGHT = {
    "check_expected_pairs": [by_centers, lambda n, w: np.float64(2 * half_pairs(n, w))],
    "check_merge": [merge_by_svd],
}
WRONG = {
    "check_expected_pairs": [
        ("twice", half_pairs),
        ("whole window", lambda n, w: sum(2 * max(n - d, 0) for d in range(1, w + 1))),
        ("words are missing", lambda n, w: n * (w + 1)),
        ("not enough", lambda n, w: sum(2 * max(n - d, 0) for d in range(1, int((w + 1) / 2) + 1))),
        ("one center", lambda n, w: 2 * half_pairs(n, w) / n),
        ("Off by one", lambda n, w: sum(2 * max(n - d, 0) * (w - d) / w for d in range(1, w + 1))),
        ("instead of", lambda n, w: n),
        (
            "longer than the sentence",
            lambda n, w: sum(2 * (n - d) * (w + 1 - d) / w for d in range(1, w + 1)),
        ),
        ("smallest reach", lambda n, w: 2 * (n - 1)),
        ("round", lambda n, w: round(2 * half_pairs(n, w))),
        ("instead of", lambda n, w: n * w),
    ],
    "check_merge": [
        ("axes are others", lambda W1, C1, W2, C2: ((W1 + W2) / 2, (C1 + C2) / 2)),
        ("of its own", lambda W1, C1, W2, C2: (half(W1, W2), half(C1, C2))),
        ("turned as well", lambda *given: (merge(*given)[0], (given[1] + given[3]) / 2)),
        ("wrong way", lambda *given: merge(*given, np.transpose)),
        ("half of it", lambda *given: tuple(2 * table for table in merge(*given))),
        ("with the first", turned_only),
        ("other way round", lambda W1, C1, W2, C2: merge(W2, C2, W1, C1)),
        ("Return W first", lambda *given: merge(*given)[::-1]),
        ("changed places", swapped),
        ("rotation", stretched),
        ("both tables", lambda W1, C1, W2, C2: (half(W1, W2), (C1 + C2 @ rotation(W2, W1)) / 2)),
    ],
}
