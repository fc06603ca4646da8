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


def tally_loop(pairs, size):
    counts = np.zeros((size, size), dtype=int)
    for center, context in pairs:
        counts[center, context] += 1
    return counts


def tally_while(pairs, size):
    counts, k = np.zeros((size, size)), 0
    while k < len(pairs):
        counts[tuple(pairs[k])] += 1
        k += 1
    return counts


def tally_sorted(pairs, size):
    counts = np.zeros((size, size), dtype=int)
    different, times = np.unique(pairs, axis=0, return_counts=True)
    counts[different[:, 0], different[:, 1]] = times
    return counts


def tally_by_word(pairs, size):
    """A loop over words, which nobody forbids."""
    return [np.bincount(pairs[pairs[:, 0] == w, 1], minlength=size) for w in range(size)]


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
        ("window is missing", lambda i, n, w: set(range(n)) - {i}),
        ("center itself", lambda i, n, w: set(range(first(i, w), stop(i, n, w)))),
        ("list(", lambda i, n, w: filter(lambda j: j != i, range(first(i, w), stop(i, n, w)))),
        ("instead of", lambda i, n, w: range(i - w, i + w + 1)),
        ("center itself", lambda i, n, w: range(first(i, w), stop(i, n, w))),
        (
            "rows of one length",
            lambda i, n, w: (list(range(first(i, w), i)), list(range(i + 1, stop(i, n, w)))),
        ),
        ("farthest", lambda i, n, w: [j for j in range(n) if abs(j - i) == w]),
        ("at distance w", lambda i, n, w: [j for j in range(n) if 0 < abs(j - i) < w]),
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
        ("one by one", tally_loop),
        ("one by one", tally_while),
        (
            "one by one",
            lambda pairs, size: np.bincount([a * size + b for a, b in pairs], minlength=size**2).reshape(
                size, size
            ),
        ),
        ("one by one", lambda pairs, size: sum(np.outer(np.eye(size)[a], np.eye(size)[b]) for a, b in pairs)),
        ("one by one", lambda pairs, size: tally_loop(pairs.tolist(), size)),
        ("two orders", lambda pairs, size: tally(np.sort(pairs, axis=1), size)),
        ("apart", lambda pairs, size: np.bincount(pairs[:, 0], minlength=size)),
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
        ("largest difference", lambda n: np.round(n / row_sums(n), 2)),
        ("shape", lambda n: (n / row_sums(n)).ravel()),
        ("sum to 1", lambda n: n / (n > 0).sum(axis=1, keepdims=True)),
    ],
}

# Other ways to be right than the notebook's.
RIGHT = {
    "check_reach": [
        lambda i, n, w: [j for j in range(n)[::-1] if 0 < abs(i - j) <= w],
        lambda i, n, w: set(range(first(i, w), stop(i, n, w))) - {i},
        lambda i, n, w: frozenset(j for j in range(n) if 0 < abs(i - j) <= w),
        lambda i, n, w: dict.fromkeys([*range(i + 1, stop(i, n, w)), *range(first(i, w), i)]).keys(),
        lambda i, n, w: np.array([*range(first(i, w), i), *range(i + 1, stop(i, n, w))]),
    ],
    "check_tally": [
        tally,
        tally_sorted,
        tally_by_word,
        lambda pairs, size: np.eye(size)[pairs[:, 0]].T @ np.eye(size)[pairs[:, 1]],
    ],
    "check_company": [
        lambda n: (n.T / n.sum(axis=1)).T,
        lambda n: np.diag(1 / n.sum(axis=1)) @ n,
        lambda n: [[k / sum(row) for k in row] for row in n.tolist()],
    ],
}
