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


def first_moves(table, ids, moves):
    return overwrite_moves(table, ids[::-1], moves[::-1])


def loop_over_moves(table, ids, moves):
    table = table.tolist()
    for i, move in zip(ids, moves, strict=True):
        table[i] = [x + y for x, y in zip(table[i], move, strict=True)]
    return table


RIGHT = {
    "check_log_sigmoid": [
        log_expit,
        lambda x: -np.logaddexp(0, -x),
        lambda x: [min(v, 0) - np.log1p(np.exp(-abs(v))) for v in x],
    ],
    "check_sgns_center": [
        lambda w, c, n: -expit(-w @ c) * c + sum(expit(w @ v) * v for v in n),
        lambda w, c, n: ((expit(np.vstack([c, n]) @ w) - np.eye(len(n) + 1)[0]) @ np.vstack([c, n])).tolist(),
    ],
    "check_add_moves": [
        lambda table, ids, moves: table + np.eye(len(table))[ids].T @ moves,
        loop_over_moves,
    ],
}
WRONG = {
    "check_log_sigmoid": [
        ("overflows", np.errstate(all="ignore")(lambda x: np.log(1 / (1 + np.exp(-x))))),
        ("Clipping", lambda x: np.clip(log_expit(x), -500, 0)),
        ("not −max", lambda x: log_expit(-x)),
        ("sign", lambda x: -log_expit(x)),
        ("σ itself", expit),
        ("second half", lambda x: np.minimum(x, 0)),
        ("digits are lost", lambda x: np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x)))),
        ("for negative x", np.errstate(all="ignore")(lambda x: x - np.log1p(np.exp(x)))),
        ("overflows", np.errstate(all="ignore")(lambda x: -np.log1p(np.exp(-x)))),
        ("At x = 36", lambda x: np.where(x > 35, 0, log_expit(x))),
        ("At x = 700", lambda x: np.where(x > 500, 0, log_expit(x))),
        ("At x = 33", lambda x: log_expit(np.clip(x, -1000, 30))),
        ("instead of -58.5", lambda x: np.log(expit(x) + 1e-12)),
        ("1.443 times", lambda x: log_expit(x) / np.log(2)),
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
        ("not with w", lambda w, c, n: (expit(w @ c) - 1 + expit(n @ w).sum()) * w),
        ("should be (3,)", lambda w, c, n: np.vstack([(expit(w @ c) - 1) * c, expit(n @ w)[:, None] * n])),
        (
            "K times",
            lambda w, c, n: (expit(w @ c) - 1) * c + len(n) * expit(n.mean(axis=0) @ w) * n.mean(axis=0),
        ),
        ("only one", lambda w, c, n: (expit(w @ c) - 1) * c + expit(n[0] @ w) * n[0]),
    ],
    "check_add_moves": [
        ("only the last", overwrite_moves),
        ("mean", mean_moves),
        ("sign", lambda table, ids, moves: table - np.eye(len(table))[ids].T @ moves),
        ("sums alone", lambda table, ids, moves: np.eye(len(table))[ids].T @ moves),
        ("at each id", lambda table, ids, moves: np.eye(len(table))[ids].T @ (table[ids] + moves)),
        ("one row for each id", lambda table, ids, moves: table[ids] + moves),
        ("only the first", first_moves),
        ("changes its input", lambda table, ids, moves: np.add.at(table, ids, moves) or table),
    ],
}
