"""Exercises of negative sampling: log σ to the last digit, a gradient, and repeated rows."""

from collections.abc import Callable

import numpy as np

from helpers.exercises.judge import Case, Verdict, checker
from helpers.gradcheck import numerical_gradient
from helpers.text import one_hot


def check_log_sigmoid(answer: Callable) -> Verdict:
    """Check ``answer(x (N,)) -> log σ(x) (N,)``, also where σ is 0 or 1 to all digits."""
    return _values(answer) and _last_digits(answer)


@checker("No power too large.", [(9, 20), ([-1000, -1, 0, 1, 1000],), ([-800, 2, 37.5],)], seed=14)
def _values(rng, x, spread=1):
    """Draw or take some x, −1000 and 1000 among them."""
    x = np.array(x, dtype=float) if np.ndim(x) else spread * rng.standard_normal(x)
    right = -np.logaddexp(0, -x)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        naive = np.log(1 / (1 + np.exp(-x)))
        other_half = x - np.log1p(np.exp(x))
    slips = [
        (naive, "At −1000 the power overflows and you get −∞; let no positive number into exp."),
        (other_half, "At 1000 the power overflows; that form is for negative x. Use −|x| in exp."),
        (np.clip(right, -500, 0), "Clipping says −500 for −1000."),
        (-np.logaddexp(0, x), "That is log σ(−x): min(x, 0), not −max(x, 0)."),
        (-right, "The sign is off: logarithms of probabilities are never positive."),
        (np.exp(right), "That is σ itself; its logarithm is asked for."),
        (np.minimum(x, 0), "The second half is missing: −log(1 + e^−|x|)."),
    ]
    return Case((x,), right, slips)


def _log_size(result):
    return np.log(np.maximum(np.abs(result), np.finfo(float).tiny))


def _cut_off(size, x):
    """Say for which x a tiny result is taken for 0, or for what it is at some bound."""
    at = x[~np.isclose(size, -x, rtol=0, atol=1e-4)][0]
    return f"At x = {at:g} log σ(x) is −{np.exp(-at):.2g}, and yours is not: nothing may be cut off there."


@checker("Right to the last digits, from −1000 to 1000.", [(25, 30, 33), (34, 36, 40), (100, 300, 700)],
         view=_log_size, invariant=_cut_off)  # fmt: skip
def _last_digits(_, *x):
    """Where the result is tiny its digits are easily lost; the logarithm of its size shows them."""
    x = np.array(x, dtype=float)
    lost = "Nearly. For large x digits are lost, since 1 + e^−x is rounded: try np.log1p."
    return Case((x,), np.log1p(np.exp(-x)), [(np.log(1 + np.exp(-x)), lost)])


@checker("It agrees with central differences.", [(3, 4), (5, 2), (2, 6), (4, 4)], seed=15)
def check_sgns_center(rng, dim, negatives):
    """Check ``answer(w (D,), c (D,), noise (K, D)) -> ∂L/∂w (D,)`` against central differences."""
    vectors = rng.standard_normal((2 + negatives, dim))
    w, c, noise = vectors[0], vectors[1], vectors[2:]

    def sigma(x):
        return 1 / (1 + np.exp(-x))

    def pair_loss(w):
        return np.logaddexp(0, -(w @ c)) + np.logaddexp(0, noise @ w).sum()

    right, mean = numerical_gradient(pair_loss, w), noise.mean(axis=0)
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
        (
            (sigma(w @ c) - 1 + sigma(noise @ w).sum()) * w,
            "Each signal goes with the vector of the other side, c or a noise vector, not with w.",
        ),
        (yes + sigma(noise[0] @ w) * noise[0], "That is only one of the K noise words; add them all."),
        (
            yes + negatives * sigma(mean @ w) * mean,
            "That is K times the push of the mean noise word; σ must be taken of each score.",
        ),
    ]
    return Case((w, c, noise), right, slips)


@checker("Every repetition counts.", [(3, 2, 12), (5, 4, 20), (2, 3, 7)], seed=16)
def check_add_moves(rng, size, dim, batch):
    """Check ``answer(table (V, D), ids (B,), moves (B, D)) -> (V, D)`` with many repeated ids."""
    table, moves = rng.standard_normal((size, dim)), rng.standard_normal((batch, dim))
    ids = rng.integers(0, size, batch)
    sums = one_hot(ids, size).T @ moves
    mean = sums / np.maximum(np.bincount(ids, minlength=size), 1)[:, None]
    last, first = table.copy(), table.copy()
    for early, late in zip(reversed(range(batch)), range(batch), strict=True):
        first[ids[early]] = table[ids[early]] + moves[early]
        last[ids[late]] = table[ids[late]] + moves[late]
    slips = [
        (last, "Of repeated ids only the last move arrives; they must all add."),
        (table + mean, "You take the mean over repetitions; they must add."),
        (table - sums, "The sign is off: the moves are to be added."),
        (sums, "Those are the sums alone; add them to the table."),
        (first, "Of repeated ids only the first move arrives; they must all add."),
        (table[ids] + moves, "That is one row for each id; return a whole table, a row for each word."),
        (
            one_hot(ids, size).T @ (table[ids] + moves),
            "The old row is added at each id; it must stay in once, also where nothing moves.",
        ),
    ]
    return Case((table, ids, moves), table + sums, slips)
