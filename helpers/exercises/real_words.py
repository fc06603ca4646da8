"""Exercises on real words: positive PMI, and a baseline that knows nothing but frequency."""

from math import log

import numpy as np

from helpers.exercises.judge import Case, checker
from helpers.pmi import positive_pmi


@checker("More than by chance, in nats, and nothing below.", [(4,), (5,), (7,)], seed=22)
def check_positive_pmi(rng, size):
    """Check ``answer(counts (V, V)) -> (V, V)`` with max(0, log(N_wc ΣN / (n_w n_c))), against a loop.

    Some pairs were never counted, but every word occurs. The table is not symmetric: so a row sum in the
    place of a column sum shows.
    """
    N = rng.integers(0, 3, (size, size)) * rng.integers(0, 9, (size, size)) + np.eye(size, dtype=int)
    N[0, :3] = 0, 7, 2  # an unseen pair, in any case
    total, rows, columns = int(N.sum()), N.sum(axis=1).tolist(), N.sum(axis=0).tolist()
    right = [
        [max(0, log(n * total / (rows[w] * columns[c]))) if n else 0 for c, n in enumerate(row)]
        for w, row in enumerate(N.tolist())
    ]
    with np.errstate(divide="ignore"):
        slips = _slips_of_pmi(N, np.array(right), *map(np.array, (rows, columns)))
    return Case((N,), right, slips)


def _slips_of_pmi(N, right, rows, columns):
    ratio = N * N.sum() / np.outer(rows, columns)
    pmi, seen = np.log(ratio), N > 0

    def positive(expected):
        return np.log(np.maximum(N * N.sum() / expected, 1))

    zeros = "All of it is 0. Is ΣN, the sum of the table, in the right place? N · ΣN / (n_w n_c)."
    return [
        (0 * right, zeros),
        (np.log(N / np.outer(rows, columns)), "ΣN, the sum of the whole table, is missing above the line."),
        (pmi, "The log of 0 is −∞: a pair that was never counted gets 0, and so does all below 0."),
        (np.where(seen, pmi, 0), "Negative values are left: max(0, …) makes them 0."),
        (np.nan_to_num(pmi), "The log of 0 became a huge negative number: max(0, …) makes all below 0 to 0."),
        (np.maximum(pmi, 1), "max(1, …) is for the ratio; of its logarithm it is max(0, …)."),
        (np.where(seen, np.abs(pmi), 0), "Values below 0 become 0; you turn them around."),
        (right / log(2), "That is the logarithm of base 2; np.log is the natural one, in nats."),
        (right / log(10), "That is the logarithm of base 10; np.log is the natural one, in nats."),
        (ratio, "That is the ratio itself: the logarithm is missing."),
        (np.maximum(ratio, 1), "That is the ratio, cut off at 1 already: now take its logarithm."),
        (np.log1p(ratio), "log(1 + x) is not log x: no 1 is added to the ratio."),
        (positive(np.outer(rows, rows)), "n_c is the sum of column c; you take row sums for both."),
        (positive(np.outer(columns, columns)), "n_w is the sum of row w; you take column sums for both."),
        (positive(np.outer(columns, rows)), "The sums are mixed up: n_w is that of row w, n_c of column c."),
        (positive(rows * columns), "n_w n_c must be a table: rows beside columns, by keepdims or np.outer."),
        (np.where(seen, np.maximum(-pmi, 0), 0), "Upside down: what was counted stands above the line."),
        (positive_pmi(N, 0.75), "No power of 0.75 here: the sums as they are."),
        (positive_pmi(N + 1), "Nothing is added to the counts: an unseen pair simply gets 0."),
        (N * right, "Not weighted with the counts: one logarithm in each cell."),
        (N / N.sum() * right, "Not weighted with the shares: that is what mutual information sums up."),
        (np.log(np.maximum(np.floor(ratio), 1)), "// drops what comes after the point; use /."),
        (right.mean(), "That is one number; a table is asked for."),
    ]


@checker("That is the level that a table has to beat.", [(19, 2), (23, 3), (28, 4)], seed=25)
def check_by_frequency(rng, size, classes):
    """Check ``answer(counts (V,), kinds) -> share`` of words whose nearest in log frequency has their kind.

    Counts lie so far apart that no two distances are equal, and all kinds occur more than once.
    """
    steps = rng.uniform(0.1, 0.8, size)
    counts = rng.permutation(np.exp(2 + np.cumsum(steps)).astype(int))
    kinds = rng.permutation(np.resize(list("abcd")[:classes], size)).tolist()
    distance = [
        [abs(log(one) - log(two)) if i != j else np.inf for j, two in enumerate(counts.tolist())]
        for i, one in enumerate(counts.tolist())
    ]
    right = _share_of_kind(distance, kinds)
    return Case((counts, kinds), right, _slips_of_frequency(counts, kinds, np.array(distance), right))


def _share_of_kind(distance, kinds) -> float:
    """Return how many have the same kind as the one at the smallest distance, if there is one."""
    nearest, least = np.argmin(distance, axis=1), np.min(distance, axis=1)
    return float(np.mean([kinds[i] == kinds[j] and least[i] < np.inf for i, j in enumerate(nearest)]))


def _slips_of_frequency(counts, kinds, distance, right):
    raw = np.where(np.isinf(distance), np.inf, np.abs(np.subtract.outer(counts, counts)))
    up = np.where(counts > counts[:, None], distance, np.inf)
    down = np.where(counts < counts[:, None], distance, np.inf)
    same = np.equal.outer(kinds, kinds)
    one_side = "Look to both sides: the nearest may be more frequent, or less."
    nearest = same[np.arange(len(kinds)), distance.argmin(axis=1)]
    return [
        (1.0, "1: each word is nearest to itself. Leave it out."),
        (
            _share_of_kind(raw, kinds),
            "Those are differences of counts; 10 and 20 are as far apart as 1000 and 2000.",
        ),
        (_share_of_kind(up, kinds), one_side),
        (_share_of_kind(down, kinds), one_side),
        (
            _share_of_kind(np.where(np.isinf(distance), np.inf, -distance), kinds),
            "Those are the farthest words.",
        ),
        (_share_of_kind(np.full_like(distance, 1) + 9 * np.isinf(distance), kinds), "Always the first word?"),
        (nearest, "Right word by word; now take the mean."),
        (float(nearest.sum()), "That is how many; divide by the number of words."),
        (1 - right, "The other way round: those are of another class."),
        (100 * right, "A share from 0 to 1, not a percentage."),
        (
            (same.sum() - len(kinds)) / (same.size - len(kinds)),
            "That is guessing: ask the word next in frequency.",
        ),
    ]
