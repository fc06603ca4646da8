"""Answers: wrong ones, with a word of their hint, and right ones."""

import numpy as np

from helpers.softmax import jacobian, log_softmax, softmax


def gap(scores, truth):
    return softmax(scores) - np.eye(len(scores))[truth]


def shifted(scores, by):
    with np.errstate(all="ignore"):
        return scores - by - np.log(np.sum(np.exp(scores - by)))


def log_of_softmax(scores):
    with np.errstate(divide="ignore"):
        return np.log(softmax(scores))


WRONG = {
    "check_log_softmax": [
        ("never form p", log_of_softmax),
        ("not the mean", lambda s: shifted(s, s.mean())),
        ("subtract the largest", lambda s: shifted(s, 0.0)),
        ("infinity", lambda s: shifted(s, s.min())),
        ("infinity", lambda s: shifted(s, np.abs(s).max())),
        ("too small to store", lambda s: np.log(softmax(s) + 1e-12)),
        ("too small to store", lambda s: np.log(np.clip(softmax(s), 1e-300, 1.0))),
        ("would sum to", lambda s: log_softmax(s) - np.log(len(s))),
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
        ("true one alone", lambda s, y: jacobian(s)[y] * gap(s, y)[y]),
        ("factor", lambda s, y: jacobian(s) @ gap(s, y) / len(s)),
        ("shape", lambda s, y: jacobian(s) * gap(s, y)),
        ("truth is missing", lambda s, y: jacobian(s) @ (softmax(s) - y)),
        ("cross-entropy", lambda s, y: jacobian(s) @ (-np.eye(len(s))[y] / softmax(s))),
    ],
    "check_tempered_signal": [
        ("chain rule", lambda s, y, t: gap(s / t, y)),
        ("other way up", lambda s, y, t: gap(s / t, y) * t),
        ("with the temperature", lambda s, y, t: gap(s, y) / t),
        ("temperature is missing", lambda s, y, t: gap(s, y)),
        ("you multiply", lambda s, y, t: gap(s * t, y) / t),
        ("sign", lambda s, y, t: -gap(s / t, y) / t),
        ("truth is missing", lambda s, y, t: softmax(s / t) / t),
        ("whole gap", lambda s, y, t: softmax(s / t) / t - np.eye(len(s))[y]),
        ("whole gap", lambda s, y, t: softmax(s / t) - np.eye(len(s))[y] / t),
        ("times what it should be", lambda s, y, t: gap(s / t, y) / t**2),
        ("largest difference", lambda s, y, t: gap(s, y) * t),
    ],
}


def by_differences(scores):
    """log p_k = −log Σ_j exp(s_j − s_k), one score at a time, as a list."""
    return [-float(np.logaddexp.reduce([other - score for other in scores])) for score in scores]


RIGHT = {
    "check_log_softmax": [
        lambda s: shifted(s, s.max()),
        lambda s: s - np.logaddexp.reduce(s),
        by_differences,
    ],
    "check_squared_error_signal": [
        lambda s, y: softmax(s) * (gap(s, y) - softmax(s) @ gap(s, y)),
        lambda s, y: list(gap(s, y) @ jacobian(s)),
    ],
    "check_tempered_signal": [
        lambda s, y, t: gap(s / t, y) / t,
        lambda s, y, t: [(p - (k == y)) / t for k, p in enumerate(softmax(s / t))],
        lambda s, y, t: jacobian(s / t) @ (-np.eye(len(s))[y] / softmax(s / t)) / t,
    ],
}
