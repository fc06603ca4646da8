"""Answers: wrong ones, with a word of their hint."""

import numpy as np

from helpers.geometry import analogy, cosine_matrix
from helpers.softmax import softmax

WRONG = {
    "check_raw_analogy": [
        ("every row is allowed", lambda W, a, b, c: analogy(W, a, b, c, 1)[0][0]),
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
        ("old vectors", lambda X: X + softmax(X @ X.T / np.sqrt(X.shape[1])) @ X),
    ],
}
