"""Answers: wrong ones, with a word of their hint, and right ones."""

import numpy as np

from helpers.softmax import softmax


def reach(start, stop, keep=lambda j, i: j != i):
    """Build an answer to check_reach from the two ends of its range."""
    return lambda i, length, window: [
        j for j in range(start(i, window), stop(i, length, window)) if keep(j, i)
    ]


def first(i, w):
    return max(0, i - w)


def stop(i, n, w):
    return min(n, i + w + 1)


def tally(pairs, size):
    return np.bincount(pairs @ [size, 1], minlength=size * size).reshape(size, size)


def tally_once(pairs, size):
    counts = np.zeros((size, size))
    counts[pairs[:, 0], pairs[:, 1]] += 1
    return counts


def row_sums(counts):
    return counts.sum(axis=1, keepdims=True)


WRONG = {
    "check_reach": [
        ("center itself", reach(first, stop, keep=lambda j, i: True)),
        ("at the right", reach(first, lambda i, n, w: min(n, i + w))),
        ("at the right", reach(first, lambda i, n, w: min(n - 1, i + w))),
        ("sentence's end", reach(first, lambda i, n, w: min(n - 1, i + w + 1))),
        ("sentence's start", reach(lambda i, w: max(1, i - w), stop)),
        ("at the left", reach(lambda i, w: max(0, i - w + 1), stop)),
        ("right only", reach(lambda i, w: i + 1, stop)),
        ("left only", reach(first, lambda i, n, w: i)),
        ("both ends", reach(lambda i, w: i - w, lambda i, n, w: i + w + 1)),
        ("past the start", reach(lambda i, w: i - w, stop)),
        ("past the end", reach(first, lambda i, n, w: i + w + 1)),
        ("counts from the end", lambda i, n, w: [j for j in list(range(n))[i - w : i + w + 1] if j != i]),
        ("circle", lambda i, n, w: [j % n for j in range(i - w, i + w + 1) if j != i]),
        ("window is missing", reach(lambda i, w: 0, lambda i, n, w: n)),
        ("offsets", lambda i, n, w: [j - i for j in range(n) if 0 < abs(j - i) <= w]),
        ("how many", lambda i, n, w: stop(i, n, w) - first(i, w) - 1),
        ("Called with (0, 4, 2), it gives [] instead of [1, 2]", lambda i, n, w: []),
        ("set", lambda i, n, w: set(range(n)) - {i}),
    ],
    "check_tally": [
        ("counted once", tally_once),
        ("Transposed", lambda pairs, size: tally(pairs, size).T),
        ("Both directions", lambda pairs, size: tally(pairs, size) + tally(pairs, size).T),
        ("twice", lambda pairs, size: 2 * tally(pairs, size)),
        ("shares", lambda pairs, size: tally(pairs, size) / len(pairs)),
        ("reshape", lambda pairs, size: tally(pairs, size).ravel()),
        ("without any pair", lambda pairs, size: tally(pairs, pairs.max() + 1)),
        ("ValueError", lambda pairs, size: np.bincount(pairs @ [size, 1]).reshape(size, size)),
        ("largest difference", lambda pairs, size: tally(pairs[1:], size)),
    ],
    "check_company": [
        ("columns", lambda n: n / n.sum(axis=0)),
        ("Transposed", lambda n: (n / row_sums(n)).T),
        ("all pairs", lambda n: n / n.sum()),
        ("keepdims", lambda n: n / n.sum(axis=1)),
        ("mean", lambda n: n / n.mean(axis=1, keepdims=True)),
        ("largest", lambda n: n / n.max(axis=1, keepdims=True)),
        ("//", lambda n: n // row_sums(n)),
        ("softmax", softmax),
        ("sum to 1", lambda n: n / (row_sums(n) + 1)),
        ("changes its input", lambda n: n.sort() or n / row_sums(n)),
        ("unchanged", np.copy),
    ],
}

# Other ways to be right than the notebook's.
RIGHT = {
    "check_reach": [
        lambda i, n, w: [j for j in range(n)[::-1] if 0 < abs(i - j) <= w],
        lambda i, n, w: np.array([*range(first(i, w), i), *range(i + 1, stop(i, n, w))]),
    ],
    "check_tally": [tally, lambda pairs, size: np.eye(size)[pairs[:, 0]].T @ np.eye(size)[pairs[:, 1]]],
    "check_company": [lambda n: [[k / sum(row) for k in row] for row in n.tolist()]],
}
