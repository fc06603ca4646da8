"""Exercises of the small world: who comes with a word, and whether words keep to their class."""

import numpy as np

from helpers.exercises.judge import Case, checker
from helpers.geometry import cosine_matrix, share_in_class
from helpers.softmax import softmax

KINDS = ("vehicle", "animal", "food")


@checker("Company lies between the tables.", [(8, 3, 4), (9, 2, 5), (7, 5, 3)], seed=3)
def check_likely_contexts(rng, size, dim, k):
    """Check ``answer(W, C, i, k) -> (k,) ids``: the likeliest contexts beside word i, most probable first."""
    W, C = rng.standard_normal((2, size, dim))
    i = int(rng.integers(size))
    C[i] += 0.5 * W[i]  # a word may well stand beside itself

    def first(values, how_many=k):
        return np.argsort(-values)[:how_many]

    scores, near = W @ C.T, cosine_matrix(W)[i]
    order = first(scores[i], size)
    alike = "Those words are like word i, as W alone tells. Who stands beside it is a matter of W and C."
    itself = "Word i itself may be among its contexts: only for neighbors it is left out."
    slips = [
        (first(near, k + 1)[first(near, k + 1) != i][:k], alike),
        (first(near), alike),
        (first(W @ W[i]), alike),
        (first(W @ W[i], k + 1)[first(W @ W[i], k + 1) != i][:k], alike),
        (first(-scores[i]), "Those are the least probable ones: the highest score comes first."),
        (order[:k][::-1], "The right ones from back to front: the most probable comes first."),
        (np.sort(order[:k]), "The right ones in the order of their ids: the most probable comes first."),
        (order[order != i][:k], itself),
        (order[1 : k + 1], "The first one is missing. Nothing has to be skipped here."),
        (first(scores[:, i]), "Here i is the context. It is the center: its row of W, with all rows of C."),
        (first(C @ C[i]), "C with C: the center's vector is a row of W."),
        (first(cosine_matrix(W, C)[i]), "Not the cosine: the score is the dot product, lengths included."),
        (first(softmax(scores.T).T[i]), "Softmax runs over the contexts of one center, along a row."),
        (np.sort(softmax(scores[i]))[::-1][:k], "Those are the probabilities; return the ids."),
        (scores[i, order[:k]], "Those are the scores; return the ids."),
        (order, "All of them, in the right order: only the first k are asked for."),
    ]
    return Case((W, C, i, k), order[:k], slips)


@checker("It agrees on tables with and without function words.", [(14, 2), (17, 3), (20, 2)], seed=1)
def check_share_in_class(rng, size, dim):
    """Check ``answer(W, classes) -> share`` of the words with a class whose nearest neighbor is of it."""
    kinds = [KINDS[int(k)] if k < len(KINDS) else None for k in rng.integers(len(KINDS) + 1, size=size)]
    kinds[:4] = *KINDS, None
    middle = dict(zip((*KINDS, None), 1.5 * rng.standard_normal((len(KINDS) + 1, dim)), strict=True))
    W = np.array([middle[kind] for kind in kinds]) + rng.standard_normal((size, dim))
    W *= np.exp(rng.standard_normal(size))[:, None]

    with_class = np.array([kind is not None for kind in kinds])
    names = np.array(list(map(str, kinds)))

    def same(closeness, itself=-np.inf, among=True):
        """Say of each word whether the closest of some others is of its class."""
        closeness = np.where(np.eye(size, dtype=bool), itself, np.where(among, closeness, -np.inf))
        return names[closeness.argmax(axis=1)] == names

    cosines, dots = cosine_matrix(W), W @ W.T
    right = share_in_class(W, kinds)
    hits = same(cosines)
    columns = W / np.linalg.norm(W, axis=0)
    by_class = [hits[names == kind].mean() for kind in KINDS]
    first_out = "Look for the neighbor among all words, and leave out those without a class only afterwards."
    slips = [
        (1.0, "Each word is its own nearest neighbor here: leave it out."),
        (same(dots)[with_class].mean(), "The dot product favors long vectors; nearest is meant by cosine."),
        (same(dots, dots)[with_class].mean(), "By dot product, and with the word itself among the others."),
        (same(-((W[:, None] - W) ** 2).sum(axis=2))[with_class].mean(), "Not by distance: by cosine."),
        (same(columns @ columns.T)[with_class].mean(), "Each row needs length 1, not each column."),
        (same(np.abs(cosines))[with_class].mean(), "Opposite is not near: without the absolute value."),
        (same(-cosines)[with_class].mean(), "Those are the farthest words, not the nearest."),
        (hits.mean(), "None is not a class: count only the words that have one."),
        (hits[with_class].sum() / size, "Divide by the number of words that have a class."),
        (same(cosines, among=with_class)[with_class].mean(), first_out),
        (np.mean(by_class), "The mean over words is asked for, not the mean of the classes' shares."),
        (1 - right, "The other way round: those are the misses."),
        (100 * right, "A share from 0 to 1, not a percentage."),
        (float(hits[with_class].sum()), "That is how many; divide by how many have a class."),
        (hits[with_class].astype(float), "Right word by word; now take the mean."),
    ]
    return Case((W, kinds), right, slips)
