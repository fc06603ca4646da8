"""Answers: wrong ones, with a word of their hint, and right ones."""

import numpy as np
from answers_pairs import row_sums

from helpers.softmax import softmax


def signal(W, C, counts):
    return (row_sums(counts) * softmax(W @ C.T) - counts) / counts.sum()


def table_softmax(scores):
    return np.exp(scores) / np.exp(scores).sum()


def one_pair_after_another(W, C, n):
    """Add up the gradients of all pairs, one by one."""
    total = np.zeros_like(C)
    for center, context in np.argwhere(n):
        gap = softmax(C @ W[center]) - np.eye(len(C))[context]
        total += n[center, context] * np.outer(gap, W[center])
    return total / n.sum()


WRONG = {
    "check_context_gradient": [
        ("sign", lambda W, C, n: -signal(W, C, n).T @ W),
        ("transposed", lambda W, C, n: signal(W, C, n) @ W),
        ("for W", lambda W, C, n: signal(W, C, n) @ C),
        ("not with C", lambda W, C, n: signal(W, C, n).T @ C),
        ("mean is missing", lambda W, C, n: signal(W, C, n).T @ W * n.sum()),
        ("not over words", lambda W, C, n: signal(W, C, n).T @ W * n.sum() / len(n)),
        ("Weight", lambda W, C, n: (softmax(W @ C.T) - n).T @ W / n.sum()),
        ("too", lambda W, C, n: (softmax(W @ C.T) - n).T @ W),
        ("alike", lambda W, C, n: (softmax(W @ C.T) - n / row_sums(n)).T @ W),
        ("nothing pulls", lambda W, C, n: (row_sums(n) * softmax(W @ C.T)).T @ W / n.sum()),
        ("nothing pushes", lambda W, C, n: -n.T @ W / n.sum()),
        ("along each row", lambda W, C, n: (row_sums(n) * softmax(C @ W.T).T - n).T @ W / n.sum()),
        ("every row", lambda W, C, n: (row_sums(n) * table_softmax(W @ C.T) - n).T @ W / n.sum()),
        ("only", lambda W, C, n: (signal(W, C, n) @ C, signal(W, C, n).T @ W)),
        ("factor", lambda W, C, n: signal(W, C, n).T @ W / 2),
    ],
    "check_new_company": [
        ("list of strings", "dog love"),
        ("list of strings", [["dog", "love"]]),
        ("list of strings", 7),
        ("same sentence", ["Dog, I love you."]),
        ('"i" is never beside my', ["dog love"]),
        ('"dog" is never beside love', ["my i"]),
        ("proportions", ["dog love", "my i"] + ["i love", "my dog"] * 15),
        ('"dog" is never beside love', ["love i"]),
        ("same sentence", ["my dog", "dog love i"]),
        ("handful", [f"my dog is {i}" for i in range(50)]),
    ],
}

# Other ways to be right than the notebook's.
RIGHT = {
    "check_context_gradient": [lambda W, C, n: signal(W, C, n).T @ W, one_pair_after_another],
    "check_new_company": [("Dog love.", "dog love", "my I! My i."), ["love dog love", "my i my"]],
}
