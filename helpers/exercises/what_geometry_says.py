"""Exercises on what the geometry says: an analogy with its inputs left in, and attention."""

import numpy as np

from helpers.exercises.judge import Case, checker
from helpers.geometry import cosine_matrix, unit_rows
from helpers.softmax import softmax


@checker("Nothing swept under the carpet.", [(9, 3, True)] * 3 + [(9, 3, False)] * 3, seed=19)
def check_raw_analogy(rng, size, dim, answer_is_input):
    """Check ``answer(W (V, D), a, b, c) -> id`` of the row nearest in direction to W[a] − W[b] + W[c]."""
    while True:  # until every slip leads somewhere else, as far as that can be
        W = rng.standard_normal((size, dim)) * rng.uniform(0.3, 3, (size, 1))
        a, b, c = map(int, rng.permutation(size)[:3])
        cosines = cosine_matrix(W, (W[a] - W[b] + W[c])[None])[:, 0]
        right, elsewhere = int(cosines.argmax()), _other_answers(W, a, b, c)
        if (right in (a, b, c)) == answer_is_input and right not in elsewhere:
            break
    dots, near, signs, unit, centered, no_minus, opposite = elsewhere
    inputs = np.isin(np.arange(size), (a, b, c))
    slips = [
        (np.where(inputs, -2, cosines).argmax(), "You leave the inputs out; here every row is allowed."),
        (np.where(inputs, cosines, -2).argmax(), "You compare the inputs only; here every row is allowed."),
        (dots, "That is the largest dot product; divide by the length of each row."),
        (near, "That is the smallest distance; the direction is asked for."),
        (signs, "The signs are mixed up: a minus b plus c."),
        (unit, "Take the rows as long as they are: they are not scaled to length 1 before the sum."),
        (centered, "Take the rows as they are: no mean is subtracted first."),
        (no_minus, "That is the neighbor of a + c: subtract b."),
        (opposite, "That row points the opposite way: the largest cosine is asked for, with its sign."),
        (right + 1, "Off by one: ids start at 0."),
        (cosines, "Those are all cosines; return the id of the largest."),
        (cosines.max(), "That is the largest cosine; return the id of its row."),
    ]
    return Case((W, a, b, c), right, slips)


def _other_answers(W, a, b, c) -> list[int]:
    """Answer by dot product, distance, other signs, rows of length 1, rows without mean, a + c, |cosine|."""
    target = W[a] - W[b] + W[c]
    unit, centered = unit_rows(W), W - W.mean(axis=0)
    scores = [
        W @ target,
        -np.linalg.norm(W - target, axis=1),
        unit @ (W[a] + W[b] - W[c]),
        unit @ (unit[a] - unit[b] + unit[c]),
        unit_rows(centered) @ (centered[a] - centered[b] + centered[c]),
        unit @ (W[a] + W[c]),
        np.abs(unit @ target),
    ]
    return [int(score.argmax()) for score in scores]


@checker("Every word has looked around.", [(4, 3), (5, 2), (3, 6)], seed=20)
def check_attention(rng, length, dim):
    """Check ``answer(X (T, D)) -> (T, D)``, one step of attention, against a loop over words."""
    X = rng.standard_normal((length, dim))
    root = np.sqrt(dim)
    right = []
    for x in X:
        powers = [np.exp(x @ other / root) for other in X]
        right.append(sum(power * other for power, other in zip(powers, X, strict=True)) / sum(powers))
    scores = X @ X.T
    slips = [
        (softmax(scores / root), "Those are the shares; mix the vectors with them."),
        (softmax(scores) @ X, "The division by √D is missing."),
        (softmax(scores / dim) @ X, "Divide by √D, not by D."),
        (softmax(scores / np.sqrt(length)) @ X, "√D is the root of the number of columns."),
        (softmax(scores / root).T @ X, "Row i of the shares belongs to word i: no transpose."),
        (scores / root @ X, "The softmax is missing: shares must be positive and sum to 1."),
        (X + right, "That is added to the old vectors; the mixture takes their place."),
        (softmax(np.where(np.eye(length), -1e9, scores) / root) @ X, "Each word looks at itself, too."),
        (softmax(cosine_matrix(X) / root) @ X, "Those are cosines; take the dot products as they are."),
        (softmax(scores) / root @ X, "Divide the scores by √D, before the softmax, not the shares."),
    ]
    return Case((X,), right, slips)
