"""Answers: wrong ones, with a word of their hint, and right ones."""

import numpy as np
from answers_from_score_to_vector import step
from answers_pairs import row_sums

from helpers.softmax import learning_signal, softmax


def signal(W, C, counts):
    return (row_sums(counts) * softmax(W @ C.T) - counts) / counts.sum()


def step_w_first(w, C, k, rate):
    gap = learning_signal(C @ w, k)
    w = w - rate * gap @ C
    return w, C - rate * np.outer(gap, w)


def step_in_place(w, C, k, rate):
    gap = learning_signal(C @ w, k)
    old = w.copy()
    w -= rate * gap @ C
    C -= rate * np.outer(gap, old)
    return w, C


def step_alone(w, C, k, rate):
    new_w, new_C = step(w, C, k, rate)
    return new_w - w, new_C - C


def step_true_only(w, C, k, rate):
    new_w, all_C = step(w, C, k, rate)
    new_C = C.copy()
    new_C[k] = all_C[k]
    return new_w, new_C


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
        ("only", lambda W, C, n: (signal(W, C, n) @ C, signal(W, C, n).T @ W)),
        ("factor", lambda W, C, n: signal(W, C, n).T @ W / 2),
    ],
    "check_step": [
        ("uphill", lambda *given: step(*given, sign=1)),
        ("sign is off in w", lambda *given: (step(*given, sign=1)[0], step(*given)[1])),
        ("sign is off in C", lambda *given: (step(*given)[0], step(*given, sign=1)[1])),
        ("old values", step_w_first),
        ("every row", step_true_only),
        ("learning rate", lambda w, C, k, rate: step(w, C, k, 1)),
        ("C has to move", lambda w, C, k, rate: (step(w, C, k, rate)[0], C)),
        ("w has to move", lambda w, C, k, rate: (w, step(w, C, k, rate)[1])),
        ("step alone", step_alone),
        ("other way round", lambda *given: step(*given)[::-1]),
        ("changes its input", step_in_place),
        ("2 things", lambda *given: step(*given)[0]),
        ("In new C: Everything is 2 times", lambda *given: (step(*given)[0], 2 * step(*given)[1])),
        ("In new w: The shape", lambda *given: (step(*given)[0][None], step(*given)[1])),
    ],
    "check_new_company": [
        ("list of strings", "dog love"),
        ("list of strings", [["dog", "love"]]),
        ("list of strings", 7),
        ("same sentence", ["Dog, I love you."]),
        ('"i" is never beside my', ["dog love"]),
        ('"dog" is never beside love', ["my i"]),
        ("proportions", ["dog love", "my i"] + ["i love", "my dog"] * 15),
        ("handful", [f"my dog is {i}" for i in range(50)]),
    ],
}

# Other ways to be right than the notebook's.
RIGHT = {
    "check_context_gradient": [lambda W, C, n: signal(W, C, n).T @ W],
    "check_step": [lambda *given: [part.tolist() for part in step(*given)]],
    "check_new_company": [("Dog love.", "dog love", "my I! My i."), ["love dog love", "my i my"]],
}
