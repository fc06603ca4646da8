"""Exercises on what an answer depends on: a table without its mean, and neighbors that two tables share."""

import numpy as np

from helpers.exercises.judge import Case, checker
from helpers.geometry import cosine_matrix, neighbor_overlap, unit_rows


@checker("What is left tells words apart.", [(6, 3), (9, 2), (4, 5)], seed=23)
def check_without_common_direction(rng, size, dim):
    """Check ``answer(W (V, D)) -> (V, D)``: every row minus the mean of all rows, and nothing else."""
    W = rng.standard_normal((size, dim)) + rng.uniform(1, 3, dim)
    mean = [sum(W[i, d] for i in range(size)) / size for d in range(dim)]
    right = np.array([[W[i, d] - mean[d] for d in range(dim)] for i in range(size)])
    mean, unit = np.array(mean), unit_rows(W)
    along = unit_rows(mean)
    across = "That is the mean of each row, over its numbers; the mean of all rows has D of them: axis=0."
    slips = [
        (W - W.mean(axis=1, keepdims=True), across),
        (W - W.mean(), "That is one number for the whole table; the mean row has one for each column."),
        (W - np.median(W, axis=0), "That is the median of each column; the mean is asked for."),
        (W - W.sum(axis=0), "That is the sum of all rows; their mean is the sum divided by V."),
        (W + mean, "The mean is added; take it away."),
        (mean, "That is the mean row; take it away from every row of W."),
        (np.tile(mean, (size, 1)), "That is the mean row, once for each word; take it away from W."),
        (W / mean, "You divide by the mean; take it away."),
        (right / W.std(axis=0), "Without a division by the spread: only the mean is taken away."),
        (W / W.std(axis=0), "Divided by the spread, but the mean is still in it."),
        (unit - unit.mean(axis=0), "Take the rows as they are: they are not scaled to length 1 first."),
        (unit_rows(right), "The mean is gone, but the lengths as well: leave them as they come."),
        (unit, "Rows of length 1 still lean to one side: take the mean away."),
        (W - np.outer(W @ along, along), "You take away each row's part along the mean; all lose the same."),
        (W - along, "The mean is taken away as it is, not scaled to length 1."),
        (W - W[0], "That takes the first row away; the mean of all rows is asked for."),
        (W - unit.mean(axis=0), "That is the mean of the rows of length 1; take them as they are."),
        (cosine_matrix(right), "Those are the cosines without the common part; return the table itself."),
    ]
    return Case((W,), right, slips)


SIZES = [(16, 3, 4, 4), (13, 4, 4, 3), (19, 5, 3, 5)]  # V, D, E, k


@checker("It agrees on each pair of tables.", SIZES, seed=24)
def check_neighbors_kept(rng, size, dim, other, k):
    """Check ``answer(A (V, D), B (V, E), k) -> share`` of a word's k nearest in A that are so in B: the mean.

    B is A seen through other axes, with noise and other lengths; so no two cosines are equal.
    """
    A = rng.standard_normal((size, dim)) + 0.5
    B = A @ rng.standard_normal((dim, other)) + 0.7 * rng.standard_normal((size, other))
    A, B = (X * np.exp(0.7 * rng.standard_normal(size))[:, None] for X in (A, B))
    right = _shared(A, B, k, cosine_matrix).mean() / k
    slips = [*_slips_of_nearness(A, B, k), *_slips_of_share(A, B, k, right)]
    return Case((A, B, k), right, slips)


def _shared(A, B, k, closeness, with_itself=False) -> np.ndarray:
    """Count for each word how many of its k closest the two tables have in common."""
    itself = np.eye(len(A), dtype=bool) & (not with_itself)
    tables = (np.where(itself, -np.inf, closeness(X)) for X in (A, B))
    lists = [np.argsort(-table, axis=1)[:, :k].tolist() for table in tables]
    return np.array([len(set(one) & set(two)) for one, two in zip(*lists, strict=True)])


def _slips_of_nearness(A, B, k):
    """Take other words for the k nearest ones."""

    def share(closeness, how_many=k, with_itself=False, of=k):
        return _shared(A, B, how_many, closeness, with_itself).mean() / of

    def dot(X):
        return X @ X.T

    def of_columns(X):
        return cosine_matrix(X / np.linalg.norm(X, axis=0))

    def far(X):
        return -((X[:, None] - X) ** 2).sum(axis=2)

    cosines, alone = cosine_matrix, "The word itself is no neighbor: leave it out"
    return [
        (1.0, "1: do you compare a table with itself?"),
        (share(cosines, k, True), f"{alone}; then k others are left to take."),
        (share(cosines, k + 1, True, k + 1), f"{alone}, of the lists and of k + 1."),
        (share(cosines, k + 1, True), f"{alone} of what the lists share."),
        (share(cosines, k - 1), "Those are the k − 1 nearest: without the word itself, k are asked for."),
        (share(cosines, k - 1, of=k - 1), "Those are the k − 1 nearest; take k."),
        (share(cosines, k + 1, of=k + 1), "Those are the k + 1 nearest; take k."),
        (share(dot), "The dot product favors long vectors; nearest is meant by cosine."),
        (share(dot, k, True), "By dot product, and with the word itself among the others."),
        (share(far), "Not by distance: by cosine."),
        (share(of_columns), "Each row needs length 1, not each column."),
        (
            share(lambda X: cosines(X - X.mean(axis=0))),
            "The tables as they are: no mean is taken away first.",
        ),
        (share(lambda X: np.abs(cosines(X))), "Opposite is not near: without the absolute value."),
        (share(lambda X: -cosines(X)), "Those are the farthest words, not the nearest."),
    ]


def _slips_of_share(A, B, k, right):
    """Count otherwise what two lists share."""
    counts = _shared(A, B, k, cosine_matrix)
    near = (cosine_matrix(X) - 9 * np.eye(len(X)) for X in (A, B))
    in_place = np.equal(*(np.argsort(-table, axis=1)[:, :k] for table in near))
    all_k = "Each list holds k words, so divide what they share by k."
    return [
        (neighbor_overlap(A, B, k), f"That is the Jaccard index, which divides by the union. {all_k}"),
        (right / 2, f"That is half of it. {all_k}"),
        (in_place.mean(), "The order does not count: a neighbor is kept at any place among the k."),
        (in_place[:, 0].mean(), "Those are the nearest neighbors alone; compare k of each."),
        ((counts > 0).mean(), "That tells who keeps any neighbor; ask how many of the k are kept."),
        ((counts == k).mean(), "That tells who keeps all neighbors; ask how many of the k are kept."),
        (counts.mean(), "That is how many are kept; divide by k."),
        (float(counts.sum()), "That is how many are kept by all words together; divide by V and by k."),
        (counts.sum() / k, "Now the mean over words: divide by V."),
        (counts / k, "Right word by word; now take the mean."),
        (counts.astype(float), "That is how many each word keeps; divide by k and take the mean."),
        (1 - right, "The other way round: those are lost."),
        (100 * right, "A share from 0 to 1, not a percentage."),
    ]
