"""Exercises on what the geometry says: an analogy with its inputs left in, and attention."""

import numpy as np

from helpers.exercises.judge import Case, checker
from helpers.geometry import cosine_matrix, cosine_similarity
from helpers.softmax import softmax


@checker("Nothing swept under the carpet.", [(9, 3)] * 4, seed=19)
def check_raw_analogy(rng, size, dim):
    """Check ``answer(W (V, D), a, b, c) -> id`` of the row nearest in direction to W[a] − W[b] + W[c]."""
    while True:  # until the right one is an input, and the typical slips lead somewhere else
        W = rng.standard_normal((size, dim)) * rng.uniform(0.3, 3, (size, 1))
        a, b, c = map(int, rng.permutation(size)[:3])
        target = W[a] - W[b] + W[c]
        cosines = np.array([cosine_similarity(row, target) for row in W])
        right = cosines.argmax()
        allowed = np.where(np.isin(np.arange(size), (a, b, c)), -2, cosines).argmax()
        dots, near = (W @ target).argmax(), np.linalg.norm(W - target, axis=1).argmin()
        other = cosine_matrix(W, (W[a] + W[b] - W[c])[None])[:, 0].argmax()
        if len({right, allowed, dots, other}) == 4 and near != right and right in (a, b, c):
            break
    slips = [
        (allowed, "You leave the inputs out; here every row is allowed."),
        (dots, "That is the largest dot product; divide by the length of each row."),
        (near, "That is the smallest distance; the direction is asked for."),
        (other, "The signs are mixed up: a minus b plus c."),
        (right + 1, "Off by one: ids start at 0."),
        (cosines, "Those are all cosines; return the id of the largest."),
        (cosines.max(), "That is the largest cosine; return the id of its row."),
    ]
    return Case((W, a, b, c), right, slips)


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
    ]
    return Case((X,), right, slips)
