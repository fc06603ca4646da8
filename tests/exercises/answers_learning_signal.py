"""Answers: wrong ones, with a word of their hint."""

import numpy as np

from helpers.softmax import jacobian, log_softmax, softmax


def gap(scores, truth):
    return softmax(scores) - np.eye(len(scores))[truth]


WRONG = {
    "check_log_softmax": [
        (
            "infinity",
            lambda s: np.log(np.maximum(softmax(s), 0) + 0.0) if (softmax(s) > 0).all() else s - np.inf,
        ),
        ("sign", lambda s: -log_softmax(s)),
        ("missing", lambda s: s - s.max()),
        ("one place", lambda s: s - np.log(np.sum(np.exp(s - s.max())))),
        ("bits", lambda s: log_softmax(s) / np.log(2)),
        ("Those are the probabilities", softmax),
        ("each score", lambda s: log_softmax(s).max()),
    ],
    "check_squared_error_signal": [
        ("cross-entropy", lambda s, y: gap(s, y)),
        ("sign", lambda s, y: -jacobian(s) @ gap(s, y)),
        ("factor ½", lambda s, y: 2 * jacobian(s) @ gap(s, y)),
        ("diagonal", lambda s, y: np.diag(jacobian(s)) * gap(s, y)),
        ("others lose", lambda s, y: softmax(s) * gap(s, y)),
        ("truth is missing", lambda s, y: jacobian(s) @ softmax(s)),
        ("one push for each", lambda s, y: np.sum(jacobian(s) @ gap(s, y))),
    ],
    "check_tempered_signal": [
        ("chain rule", lambda s, y, t: gap(s / t, y)),
        ("other way up", lambda s, y, t: gap(s / t, y) * t),
        ("with the temperature", lambda s, y, t: gap(s, y) / t),
        ("temperature is missing", lambda s, y, t: gap(s, y)),
        ("you multiply", lambda s, y, t: gap(s * t, y) / t),
        ("sign", lambda s, y, t: -gap(s / t, y) / t),
        ("truth is missing", lambda s, y, t: softmax(s / t) / t),
    ],
}
