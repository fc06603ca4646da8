"""Answers: wrong ones, with a word of their hint."""

import numpy as np
from scipy.special import expit, log_expit


def overwrite_moves(table, ids, moves):
    table = table.copy()
    table[ids] += moves
    return table


def mean_moves(table, ids, moves):
    often = np.maximum(np.bincount(ids, minlength=len(table)), 1)[:, None]
    return table + np.eye(len(table))[ids].T @ moves / often


WRONG = {
    "check_log_sigmoid": [
        ("overflows", np.errstate(all="ignore")(lambda x: np.log(1 / (1 + np.exp(-x))))),
        ("Clipping", lambda x: np.clip(log_expit(x), -500, 0)),
        ("not −max", lambda x: log_expit(-x)),
        ("sign", lambda x: -log_expit(x)),
        ("σ itself", expit),
        ("second half", lambda x: np.minimum(x, 0)),
        ("At x =", lambda x: np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x)))),
    ],
    "check_sgns_center": [
        ("sign", lambda w, c, n: -(expit(w @ c) - 1) * c - expit(n @ w) @ n),
        ("noise is missing", lambda w, c, n: (expit(w @ c) - 1) * c),
        ("context is missing", lambda w, c, n: expit(n @ w) @ n),
        ("other way", lambda w, c, n: (expit(w @ c) - 1) * c - expit(n @ w) @ n),
        ("nothing pulls", lambda w, c, n: expit(w @ c) * c + expit(n @ w) @ n),
        ("should be a no", lambda w, c, n: (expit(w @ c) - 1) * c + (expit(n @ w) - 1) @ n),
        ("averaged", lambda w, c, n: (expit(w @ c) - 1) * c + expit(n @ w) @ n / len(n)),
        ("σ(−s)", lambda w, c, n: (expit(w @ c) - 1) * c + expit(-n @ w) @ n),
    ],
    "check_add_moves": [
        ("only the last", overwrite_moves),
        ("mean", mean_moves),
        ("sign", lambda table, ids, moves: table - np.eye(len(table))[ids].T @ moves),
        ("sums alone", lambda table, ids, moves: np.eye(len(table))[ids].T @ moves),
        ("changes its input", lambda table, ids, moves: np.add.at(table, ids, moves) or table),
    ],
}
