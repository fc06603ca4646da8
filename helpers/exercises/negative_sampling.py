"""Exercises of negative sampling: log σ to the last digit, a gradient, and repeated rows."""

from collections.abc import Callable

import numpy as np

from helpers.exercises.judge import Case, Verdict, checker
from helpers.gradcheck import numerical_gradient
from helpers.text import one_hot


def check_log_sigmoid(answer: Callable) -> Verdict:
    """Check ``answer(x (N,)) -> log σ(x) (N,)``, also where σ is 0 or 1 to all digits."""
    return _values(answer) and _last_digits(answer)


@checker("No power too large.", [(9, 20), ([-1000, -1, 0, 1, 700],), ([-800, 2, 37.5],)], seed=14)
def _values(rng, x, spread=1):
    """Draw or take some x, −1000 among them."""
    x = np.array(x, dtype=float) if np.ndim(x) else spread * rng.standard_normal(x)
    right = -np.logaddexp(0, -x)
    with np.errstate(over="ignore", divide="ignore"):
        naive = np.log(1 / (1 + np.exp(-x)))
    slips = [
        (naive, "At −1000 the power overflows and you get −∞; let no positive number into exp."),
        (np.clip(right, -500, 0), "Clipping says −500 for −1000."),
        (-np.logaddexp(0, x), "That is log σ(−x): min(x, 0), not −max(x, 0)."),
        (-right, "The sign is off: logarithms of probabilities are never positive."),
        (np.exp(right), "That is σ itself; its logarithm is asked for."),
        (np.minimum(x, 0), "The second half is missing: −log(1 + e^−|x|)."),
    ]
    return Case((x,), right, slips)


@np.errstate(divide="ignore")
def _log_size(result):
    return np.log(np.abs(result))


@checker("Right to the last digits, from −1000 to 700.", [(25, 30, 33)], view=_log_size)
def _last_digits(_, *x):
    """Where the result is tiny its digits are easily lost; the logarithm of its size shows them."""
    x = np.array(x, dtype=float)
    lost = f"Nearly. At x = {x[-1]:g} digits are lost, since 1 + e^−x is rounded: try np.log1p."
    return Case((x,), np.log1p(np.exp(-x)), [(np.log(1 + np.exp(-x)), lost)])


@checker("It agrees with central differences.", [(3, 4), (5, 2), (2, 6)], seed=15)
def check_sgns_center(rng, dim, negatives):
    """Check ``answer(w (D,), c (D,), noise (K, D)) -> ∂L/∂w (D,)`` against central differences."""
    vectors = rng.standard_normal((2 + negatives, dim))
    w, c, noise = vectors[0], vectors[1], vectors[2:]

    def sigma(x):
        return 1 / (1 + np.exp(-x))

    def pair_loss(w):
        return np.logaddexp(0, -(w @ c)) + np.logaddexp(0, noise @ w).sum()

    right = numerical_gradient(pair_loss, w)
    yes, no = (sigma(w @ c) - 1) * c, sigma(noise @ w) @ noise
    slips = [
        (-right, "The sign is off: that walks downhill already; return the gradient."),
        (yes, "The noise is missing."),
        (no, "The true context is missing."),
        (yes - no, "The noise pushes the other way: its signal is +σ."),
        (sigma(w @ c) * c + no, "The true context needs σ − 1: nothing pulls here."),
        (yes + (sigma(noise @ w) - 1) @ noise, "Noise should be a no: its signal is σ, not σ − 1."),
        (yes + no / negatives, "The noise words are summed, not averaged."),
        (yes + sigma(-(noise @ w)) @ noise, "The signal of a noise word is σ(s), not σ(−s)."),
    ]
    return Case((w, c, noise), right, slips)


@checker("Every repetition counts.", [(3, 2, 12), (5, 4, 20), (2, 3, 7)], seed=16)
def check_add_moves(rng, size, dim, batch):
    """Check ``answer(table (V, D), ids (B,), moves (B, D)) -> (V, D)`` with many repeated ids."""
    table, moves = rng.standard_normal((size, dim)), rng.standard_normal((batch, dim))
    ids = rng.integers(0, size, batch)
    sums = one_hot(ids, size).T @ moves
    mean = sums / np.maximum(np.bincount(ids, minlength=size), 1)[:, None]
    last = table.copy()
    for i, move in zip(ids, moves, strict=True):
        last[i] = table[i] + move
    slips = [
        (last, "Of repeated ids only the last move arrives; they must all add."),
        (table + mean, "You take the mean over repetitions; they must add."),
        (table - sums, "The sign is off: the moves are to be added."),
        (sums, "Those are the sums alone; add them to the table."),
    ]
    return Case((table, ids, moves), table + sums, slips)
