"""Answers: wrong ones, with a word of their hint, and other right ones."""

import numpy as np

from helpers.geometry import analogy, cosine_matrix, nearest_to, unit_rows
from helpers.softmax import softmax


def cosines(W, a, b, c):
    return cosine_matrix(W, (W[a] - W[b] + W[c])[None])[:, 0]


def nearest_input(W, a, b, c, allowed="abc"):
    return max(
        (i for i, name in zip((a, b, c), "abc", strict=True) if name in allowed),
        key=cosines(W, a, b, c).__getitem__,
    )


def raw(W, a, b, c):
    return analogy(W, a, b, c, 1, exclude_inputs=False)[0][0]


def one_by_one(X):
    new = []
    for x in X:
        powers = [np.exp(x @ other / len(x) ** 0.5) for other in X]
        new.append(
            [
                sum(p * other[d] for p, other in zip(powers, X, strict=True)) / sum(powers)
                for d in range(len(x))
            ]
        )
    return new


WRONG = {
    "check_raw_analogy": [
        ("every row is allowed", lambda W, a, b, c: analogy(W, a, b, c, 1)[0][0]),
        ("inputs only", lambda W, a, b, c: nearest_input(W, a, b, c, "ac")),
        ("inputs only", nearest_input),
        ("length 1", lambda W, a, b, c: raw(unit_rows(W), a, b, c)),
        ("no mean", lambda W, a, b, c: raw(W - W.mean(axis=0), a, b, c)),
        ("a + c", lambda W, a, b, c: nearest_to(W, W[a] + W[c], 1)[0][0]),
        ("opposite", lambda W, a, b, c: np.abs(cosines(W, a, b, c)).argmax()),
        ("opposite", lambda W, a, b, c: cosines(W, a, b, c).argmin()),
        ("difference is", lambda W, a, b, c: nearest_to(W, W[a] - W[b], 1)[0][0]),
        ("dot product", lambda W, a, b, c: np.argmax(W @ (W[a] - W[b] + W[c]))),
        ("distance", lambda W, a, b, c: np.linalg.norm(W - (W[a] - W[b] + W[c]), axis=1).argmin()),
        ("signs", lambda W, a, b, c: analogy(W, a, c, b, 1, exclude_inputs=False)[0][0]),
        ("Off by one", lambda W, a, b, c: analogy(W, a, b, c, 1, exclude_inputs=False)[0][0] + 1),
        ("all cosines", lambda W, a, b, c: cosine_matrix(W, (W[a] - W[b] + W[c])[None])[:, 0]),
        ("largest cosine", lambda W, a, b, c: analogy(W, a, b, c, 1, exclude_inputs=False)[1][0]),
    ],
    "check_attention": [
        ("shares", lambda X: softmax(X @ X.T / np.sqrt(X.shape[1]))),
        ("division by √D is missing", lambda X: softmax(X @ X.T) @ X),
        ("not by D", lambda X: softmax(X @ X.T / X.shape[1]) @ X),
        ("columns", lambda X: softmax(X @ X.T / np.sqrt(len(X))) @ X),
        ("no transpose", lambda X: softmax(X @ X.T / np.sqrt(X.shape[1])).T @ X),
        ("softmax is missing", lambda X: X @ X.T / np.sqrt(X.shape[1]) @ X),
        (
            "at itself",
            lambda X: softmax(np.where(np.eye(len(X)), -1e9, X @ X.T) / np.sqrt(X.shape[1])) @ X,
        ),
        ("cosines", lambda X: softmax(cosine_matrix(X) / np.sqrt(X.shape[1])) @ X),
        ("before the softmax", lambda X: softmax(X @ X.T) / np.sqrt(X.shape[1]) @ X),
        ("no transpose", lambda X: softmax((X @ X.T / np.sqrt(X.shape[1])).T).T @ X),
        ("unchanged", lambda X: X[(X @ X.T).argmax(axis=1)]),
        ("old vectors", lambda X: X + softmax(X @ X.T / np.sqrt(X.shape[1])) @ X),
    ],
}

RIGHT = {
    "check_raw_analogy": [
        raw,
        lambda W, a, b, c: cosines(W, a, b, c).argsort()[-1],
        lambda W, a, b, c: float(
            np.argmin(np.linalg.norm(unit_rows(W) - unit_rows(W[a] - W[b] + W[c]), axis=1))
        ),
        lambda W, a, b, c: max(
            range(len(W)), key=lambda i: W[i] @ (W[a] - W[b] + W[c]) / np.linalg.norm(W[i])
        ),
    ],
    "check_attention": [
        one_by_one,
        lambda X: np.einsum("ij,jd->id", softmax(X @ X.T * X.shape[1] ** -0.5), X),
    ],
}
