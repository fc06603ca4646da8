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


WRONG = {
    "check_expected_pairs": [
        ("twice", half_pairs),
        ("whole window", lambda n, w: sum(2 * max(n - d, 0) for d in range(1, w + 1))),
        ("words are missing", lambda n, w: n * (w + 1)),
        ("not enough", lambda n, w: sum(2 * max(n - d, 0) for d in range(1, int((w + 1) / 2) + 1))),
        ("one center", lambda n, w: 2 * half_pairs(n, w) / n),
        ("Off by one", lambda n, w: sum(2 * max(n - d, 0) * (w - d) / w for d in range(1, w + 1))),
        ("instead of", lambda n, w: n),
    ],
    "check_merge": [
        ("axes are others", lambda W1, C1, W2, C2: ((W1 + W2) / 2, (C1 + C2) / 2)),
        ("of its own", lambda W1, C1, W2, C2: (half(W1, W2), half(C1, C2))),
        ("turned as well", lambda *given: (merge(*given)[0], (given[1] + given[3]) / 2)),
        ("wrong way", lambda *given: merge(*given, np.transpose)),
        ("half of it", lambda *given: tuple(2 * table for table in merge(*given))),
        ("with the first", turned_only),
        ("both tables", lambda W1, C1, W2, C2: (half(W1, W2), (C1 + C2 @ rotation(W2, W1)) / 2)),
    ],
}
