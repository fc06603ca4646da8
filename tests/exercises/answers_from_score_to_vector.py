"""Answers: wrong ones, with a word of their hint."""

import numpy as np
from answers_learning_signal import gap

from helpers.softmax import learning_signal, softmax


def step(w, C, k, rate, sign=-1):
    gap = learning_signal(C @ w, k)
    return w + sign * rate * gap @ C, C + sign * rate * np.outer(gap, w)


def late_center(w, C, k, rate):
    new_C = step(w, C, k, rate)[1]
    return new_C @ (w - rate * gap(C @ w, k) @ new_C) - C @ w


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
    ],
    "check_center_gradient": [
        ("sign", lambda w, C, q: (q - softmax(C @ w)) @ C),
        ("what was seen is missing", lambda w, C, q: softmax(C @ w) @ C),
        ("expects is missing", lambda w, C, q: q @ C),
        ("its share", lambda w, C, q: softmax(C @ w) @ C - C[q.argmax()]),
        ("on the scores", lambda w, C, q: softmax(C @ w) - q),
        ("for C", lambda w, C, q: np.outer(softmax(C @ w) - q, w)),
        ("summed", lambda w, C, q: np.mean((softmax(C @ w) - q)[:, None] * C, axis=0)),
    ],
    "check_realized_change": [
        ("wish", lambda w, C, y, rate: -rate * gap(C @ w, y)),
        ("from the contexts", lambda w, C, y, rate: -rate * gap(C @ w, y) * (w @ w)),
        ("from the center", lambda w, C, y, rate: -rate * C @ C.T @ gap(C @ w, y)),
        ("cross term", lambda w, C, y, rate: -rate * (C @ C.T + w @ w * np.eye(len(C))) @ gap(C @ w, y)),
        ("new scores", lambda w, C, y, rate: np.matmul(*step(w, C, y, rate)[::-1])),
        ("old values", late_center),
        ("uphill", lambda w, C, y, rate: np.matmul(*step(w, C, y, -rate)[::-1]) - C @ w),
        ("new scores minus old", lambda w, C, y, rate: C @ w - np.matmul(*step(w, C, y, rate)[::-1])),
    ],
}
