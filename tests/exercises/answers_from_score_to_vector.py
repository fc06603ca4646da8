"""Answers: wrong ones, with a word of their hint, and right ones."""

import numpy as np
from answers_learning_signal import gap

from helpers.skipgram import Embeddings, pair_step
from helpers.softmax import learning_signal, softmax


def step(w, C, k, rate, sign=-1):
    gap = learning_signal(C @ w, k)
    return w + sign * rate * gap @ C, C + sign * rate * np.outer(gap, w)


def late_center(w, C, k, rate):
    new_C = step(w, C, k, rate)[1]
    return new_C @ (w - rate * gap(C @ w, k) @ new_C) - C @ w


def late_contexts(w, C, k, rate):
    new_w = step(w, C, k, rate)[0]
    return (C - rate * np.outer(gap(C @ w, k), new_w)) @ new_w - C @ w


def signal_anew(w, C, k, rate):
    new_C = step(w, C, k, rate)[1]
    return new_C @ (w - rate * gap(new_C @ w, k) @ new_C) - C @ w


def true_context_only(w, C, k, rate):
    new_w, all_C = step(w, C, k, rate)
    new_C = C.copy()
    new_C[k] = all_C[k]
    return new_C @ new_w - C @ w


def in_place(w, C, k, rate):
    old, signal = C @ w, learning_signal(C @ w, k)
    dw = -rate * signal @ C
    C -= rate * np.outer(signal, w)
    return C @ (w + dw) - old


def by_pair_step(w, C, k, rate):
    tables = Embeddings(np.tile(w, (len(C), 1)), C.copy())
    pair_step(tables, 0, k, rate)
    return tables.C @ tables.W[0] - C @ w


def term_by_term(w, C, k, rate):
    wish = -rate * gap(C @ w, k)
    return (w @ w * np.eye(len(C)) + C @ C.T) @ wish + np.outer(wish, w) @ (wish @ C)


WRONG = {
    "check_smallest_move": [
        ("‖w‖²", lambda w, wish: wish * w),
        ("still change", lambda w, wish: wish * w / np.linalg.norm(w)),
        ("one length too many", lambda w, wish: wish * w / np.linalg.norm(w) ** 3),
        ("shorter", lambda w, wish: wish / w / len(w)),
        ("shorter", lambda w, wish: wish * np.eye(len(w))[0] / w[0]),
        ("sign", lambda w, wish: -wish * w / (w @ w)),
        ("wish is missing", lambda w, wish: w / (w @ w)),
        ("was to change by", lambda w, wish: np.ones(len(w))),
        ("whole wish", lambda w, wish: wish / w),
        ("sum of the squares", lambda w, wish: wish * w / np.sum(w)),
        ("shape", lambda w, wish: wish / np.linalg.norm(w)),
        ("shorter", lambda w, wish: wish * np.eye(len(w))[np.abs(w).argmax()] / w[np.abs(w).argmax()]),
    ],
    "check_center_gradient": [
        ("sign", lambda w, C, q: (q - softmax(C @ w)) @ C),
        ("what was seen is missing", lambda w, C, q: softmax(C @ w) @ C),
        ("expects is missing", lambda w, C, q: q @ C),
        ("its share", lambda w, C, q: softmax(C @ w) @ C - C[q.argmax()]),
        ("on the scores", lambda w, C, q: softmax(C @ w) - q),
        ("for C", lambda w, C, q: np.outer(softmax(C @ w) - q, w)),
        ("summed", lambda w, C, q: np.mean((softmax(C @ w) - q)[:, None] * C, axis=0)),
        ("contexts alike", lambda w, C, q: softmax(C @ w) @ C - C.mean(axis=0)),
        ("stops at p", lambda w, C, q: -(q / softmax(C @ w)) @ C),
        ("largest difference", lambda w, C, q: (q * (softmax(C @ w) - q)) @ C),
        ("shape", lambda w, C, q: (softmax(C @ w) - q)[:, None] * C),
    ],
    "check_realized_change": [
        ("wish", lambda w, C, y, rate: -rate * gap(C @ w, y)),
        ("from the contexts", lambda w, C, y, rate: -rate * gap(C @ w, y) * (w @ w)),
        ("from the center", lambda w, C, y, rate: -rate * C @ C.T @ gap(C @ w, y)),
        ("cross term", lambda w, C, y, rate: -rate * (C @ C.T + w @ w * np.eye(len(C))) @ gap(C @ w, y)),
        ("new scores", lambda w, C, y, rate: np.matmul(*step(w, C, y, rate)[::-1])),
        ("old values", late_center),
        ("along the new w", late_contexts),
        ("after C has moved", signal_anew),
        ("wrong ones too", true_context_only),
        ("input", in_place),
        ("uphill", lambda w, C, y, rate: np.matmul(*step(w, C, y, -rate)[::-1]) - C @ w),
        ("new scores minus old", lambda w, C, y, rate: C @ w - np.matmul(*step(w, C, y, rate)[::-1])),
    ],
}


RIGHT = {
    "check_smallest_move": [
        lambda w, wish: wish * np.linalg.pinv(w[None])[:, 0],
        lambda w, wish: [wish * x / sum(y * y for y in w) for x in w],
        lambda w, wish: (wish / np.linalg.norm(w)) * (w / np.linalg.norm(w)),
    ],
    "check_center_gradient": [
        lambda w, C, q: C.T @ (softmax(C @ w) - q),
        lambda w, C, q: sum(share * (softmax(C @ w) @ C - c) for share, c in zip(q, C, strict=True)),
        lambda w, C, q: learning_signal(C @ w, q) @ C,
    ],
    "check_realized_change": [by_pair_step, term_by_term],
}
