"""Answers: wrong ones, with a word of their hint, and right ones."""

import numpy as np
from scipy.spatial.distance import cdist

from helpers import geometry
from helpers.geometry import cosine_matrix, nearest_neighbors, neighbor_overlap, unit_rows


def minus_in_place(W):
    W -= W.mean(axis=0)
    return W


def minus_in_a_loop(W):
    mean = [sum(column) / len(W) for column in zip(*W.tolist(), strict=True)]
    return [[x - m for x, m in zip(row, mean, strict=True)] for row in W.tolist()]


def projected(W):
    direction = unit_rows(W.mean(axis=0))
    return W - np.outer(W @ direction, direction)


def lists(closeness, first=0, more=0, leave_out=True):
    """Build a function that gives each word's list of nearest ones, from what counts as close."""

    def of(X, k):
        table = np.array(closeness(X), dtype=float)
        if leave_out:
            np.fill_diagonal(table, -np.inf)
        return np.argsort(-table, axis=1)[:, first : k + more]

    return of


cosines = lists(cosine_matrix)
with_itself = lists(cosine_matrix, leave_out=False)
dots = lists(lambda X: X @ X.T)


def kept(lists, share=lambda one, two, k: len(one & two) / k):
    """Build an answer from lists of nearest words, and from what is said of two of them."""

    def answer(A, B, k):
        return np.mean([share(set(a), set(b), k) for a, b in both(lists, A, B, k)])

    return answer


def both(lists, A, B, k):
    return zip(lists(A, k).tolist(), lists(B, k).tolist(), strict=True)


def kept_in_a_loop(A, B, k):
    shared = 0
    for i in range(len(A)):
        there = list(nearest_neighbors(B, i, k)[0])
        shared += sum(j in there for j in nearest_neighbors(A, i, k)[0])
    return shared / (k * len(A))


def kept_as_tables(A, B, k):
    def near(X):
        U = X / np.linalg.norm(X, axis=1, keepdims=True)
        cosines = U @ U.T - 3 * np.eye(len(X))
        return cosines >= np.sort(cosines, axis=1)[:, -k][:, None]

    return (near(A) & near(B)).sum() / near(A).sum()


def kept_changing_A(A, B, k):
    A /= np.linalg.norm(A, axis=1, keepdims=True)
    return geometry.neighbors_kept(A, B, k)


WRONG = {
    "check_without_common_direction": [
        ("axis=0", lambda W: W - W.mean(axis=1, keepdims=True)),
        ("raised ValueError", lambda W: W - W.mean(axis=1)),
        ("one number", lambda W: W - W.mean()),
        ("median", lambda W: W - np.median(W, axis=0)),
        ("sum of all rows", lambda W: W - W.sum(axis=0)),
        ("added", lambda W: W + W.mean(axis=0)),
        ("sign", lambda W: W.mean(axis=0) - W),
        ("mean row", lambda W: W.mean(axis=0)),
        ("once for each word", lambda W: np.ones((len(W), 1)) * W.mean(axis=0)),
        ("divide", lambda W: W / W.mean(axis=0)),
        ("spread", lambda W: (W - W.mean(axis=0)) / W.std(axis=0)),
        ("still in it", lambda W: W / W.std(axis=0)),
        ("not scaled to length 1 first", lambda W: unit_rows(W) - unit_rows(W).mean(axis=0)),
        ("lengths as well", lambda W: unit_rows(W - W.mean(axis=0))),
        ("lean", unit_rows),
        ("lose the same", projected),
        ("as it is", lambda W: W - unit_rows(W.mean(axis=0))),
        ("first row", lambda W: W - W[0]),
        ("rows of length 1", lambda W: W - unit_rows(W).mean(axis=0)),
        ("cosines", lambda W: cosine_matrix(W - W.mean(axis=0))),
        ("unchanged", lambda W: W),
        ("changes its input", minus_in_place),
        ("largest difference", lambda W: geometry.without_common_direction(W, 1)),
    ],
    "check_neighbors_kept": [
        ("with itself", lambda A, B, k: geometry.neighbors_kept(A, A, k)),
        ("k others", kept(with_itself)),
        ("of k + 1", kept(lists(cosine_matrix, 0, 1, False), lambda a, b, k: len(a & b) / (k + 1))),
        ("of what the lists share", kept(lists(cosine_matrix, 0, 1, False))),
        ("k − 1 nearest: without", kept(lists(cosine_matrix, 1, 0, False))),
        ("k − 1 nearest; take k", kept(lists(cosine_matrix, 0, -1), lambda a, b, k: len(a & b) / len(a))),
        ("k + 1 nearest", kept(lists(cosine_matrix, 0, 1), lambda a, b, k: len(a & b) / len(a))),
        ("Jaccard", neighbor_overlap),
        ("half", kept(cosines, lambda a, b, k: len(a & b) / (2 * k))),
        ("long vectors", kept(dots)),
        ("with the word itself among", kept(lists(lambda X: X @ X.T, leave_out=False))),
        ("distance", kept(lists(lambda X: -cdist(X, X)))),
        ("no mean is taken", kept(lists(lambda X: cosine_matrix(X - X.mean(axis=0))))),
        ("each column", kept(lists(lambda X: cosine_matrix(X / np.linalg.norm(X, axis=0))))),
        ("absolute", kept(lists(lambda X: abs(cosine_matrix(X))))),
        ("farthest", kept(lists(lambda X: -cosine_matrix(X)))),
        ("order", lambda A, B, k: np.mean(cosines(A, k) == cosines(B, k))),
        ("compare k", lambda A, B, k: np.mean(cosines(A, 1) == cosines(B, 1))),
        ("any neighbor", kept(cosines, lambda a, b, k: bool(a & b))),
        ("all neighbors", kept(cosines, lambda a, b, k: a == b)),
        ("divide by k", kept(cosines, lambda a, b, k: len(a & b))),
        ("by V and by k", lambda A, B, k: sum(len({*a} & {*b}) for a, b in both(cosines, A, B, k))),
        ("divide by V", lambda A, B, k: sum(len({*a} & {*b}) / k for a, b in both(cosines, A, B, k))),
        ("take the mean", lambda A, B, k: [len({*a} & {*b}) / k for a, b in both(cosines, A, B, k)]),
        ("each word keeps", lambda A, B, k: [len({*a} & {*b}) for a, b in both(cosines, A, B, k)]),
        ("lost", lambda A, B, k: 1 - kept_in_a_loop(A, B, k)),
        ("percentage", lambda A, B, k: 100 * kept_in_a_loop(A, B, k)),
        ("changes its input", kept_changing_A),
        ("raised ValueError", lambda A, B, k: np.mean(cosine_matrix(A, B) > 0)),
    ],
}

RIGHT = {
    "check_without_common_direction": [
        geometry.without_common_direction,
        minus_in_a_loop,
        lambda W: (np.eye(len(W)) - 1 / len(W)) @ W,
        lambda W: (W.T - W.mean(axis=0)[:, None]).T,
        lambda W: W - np.ones(len(W)) @ W / len(W),
    ],
    "check_neighbors_kept": [
        geometry.neighbors_kept,
        kept_in_a_loop,
        kept_as_tables,
        kept(cosines),
        kept(lists(cosine_matrix, 1, 1, leave_out=False)),
        kept(lists(lambda X: -cdist(X, X, "cosine"))),
    ],
}
