"""Exercises of from a score to a vector: the smallest move, the vote, and what a step does."""

import numpy as np

from helpers.exercises.judge import TOLERANCE, Case, checker
from helpers.gradcheck import numerical_gradient
from helpers.softmax import cross_entropy, softmax
from helpers.text import one_hot

WISHES = [(2, 0.5), (5, -1.0), (3, 2.0)]


def change_of_score(result, w, wish) -> str:
    """Name the change of the score, or what is wrong where that is as wished."""
    got = float(w @ result)
    if not np.isclose(got, wish, rtol=TOLERANCE):
        return f"The score was to change by {wish:.4g} and changes by {got:.4g}."
    return "The score changes as wished, but a shorter move does it, too."


@checker("Exactly as wished, and not an inch further.", WISHES, seed=11, invariant=change_of_score)
def check_smallest_move(rng, dim, wish):
    """Check ``answer(w (D,), wish) -> Δc (D,)``, the smallest move with w · Δc = wish.

    The right result is the least-norm solution of one linear equation, by singular values.
    """
    w = 2 * rng.standard_normal(dim)
    norm = np.linalg.norm(w)
    right = np.linalg.lstsq(w[None], [wish], rcond=None)[0]
    slips = [
        (wish * w, "The score would change by wish · ‖w‖²; divide by something."),
        (wish * w / norm, "You divide by the length; the score would still change by wish · ‖w‖."),
        (wish * w / norm**3, "That is one length too many; divide by w · w."),
        (wish / w / dim, "The score changes as wished, but a shorter move does it, too."),
        (wish * np.sign(w) / np.abs(w).sum(), "The score changes as wished, but a shorter move does it."),
        (wish / w, "Every coordinate grants the whole wish, and the score sums over them."),
        (wish * w / w.sum(), "Divide by w · w, the sum of the squares, not by the sum."),
        (-right, "The sign is off: the score changes the other way."),
        (w / norm**2, "The wish is missing."),
    ]
    return Case((w, wish), right, slips)


@checker("Expected minus seen.", [(4, 2), (6, 3), (3, 5)], seed=12)
def check_center_gradient(rng, size, dim):
    """Check ``answer(w (D,), C (V, D), q (V,)) -> ∂/∂w of −Σ q_k log p_k`` against central differences."""
    w, C, q = rng.standard_normal(dim), rng.standard_normal((size, dim)), rng.dirichlet(np.ones(size))
    p = softmax(C @ w)
    right = numerical_gradient(lambda w: cross_entropy(C @ w, q), w)
    slips = [
        (-right, "The sign is off: expected minus seen."),
        (p @ C, "That is what the model expects; what was seen is missing."),
        (q @ C, "That is what was seen; what the model expects is missing."),
        (p @ C - C[q.argmax()], "All that was seen counts, each context with its share q_k."),
        (
            p @ C - C.mean(axis=0),
            "What was seen is an average with the shares q_k, not of all contexts alike.",
        ),
        (-(q / p) @ C, "That stops at p: softmax stands between p_k and the scores."),
        (p - q, "That is the signal on the scores; every score pulls along its own c_k."),
        (np.outer(p - q, w), "That is the gradient for C."),
        (right / size, "A mean is too much: the votes are summed."),
    ]
    return Case((w, C, q), right, slips)


@checker("Accounted for to the last digit.", [(4, 2, 0.5), (5, 3, 0.2), (3, 5, 1.0)], seed=13)
def check_realized_change(rng, size, dim, rate):
    """Check ``answer(w, C (V, D), truth, learning_rate) -> Δs (V,)`` of one step on both tables.

    The right result moves both by central differences of the loss and scores anew.
    """
    w, C, truth = rng.standard_normal(dim), rng.standard_normal((size, dim)), int(rng.integers(size))
    dw = -rate * numerical_gradient(lambda w: cross_entropy(C @ w, truth), w)
    dC = -rate * numerical_gradient(lambda C: cross_entropy(C @ w, truth), C)
    right = (C + dC) @ (w + dw) - C @ w
    wish = -rate * (softmax(C @ w) - one_hot(truth, size))
    late_w, late_C, only_true = w + wish @ (C + dC), C + np.outer(wish, w + dw), C.copy()
    only_true[truth] += dC[truth]
    anew = w - rate * (softmax((C + dC) @ w) - one_hot(truth, size)) @ (C + dC)
    slips = [
        (wish, "That is the wish; the vectors move the scores by other amounts."),
        (dC @ w, "That is the part from the contexts; w moves as well."),
        (C @ dw, "That is the part from the center; the contexts move as well."),
        (dC @ w + C @ dw, "The cross term is missing: both moves at once, dC @ dw."),
        ((C + dC) @ (w + dw), "Those are the new scores; return how much they changed."),
        ((C + dC) @ late_w - C @ w, "w moves along the new C; both gradients belong to the old values."),
        (late_C @ (w + dw) - C @ w, "C moves along the new w; both gradients belong to the old values."),
        (
            (C + dC) @ anew - C @ w,
            "The signal for w is taken after C has moved; take it once, from the old values.",
        ),
        (only_true @ (w + dw) - C @ w, "All contexts move, the wrong ones too."),
        ((C - dC) @ (w - dw) - C @ w, "The sign is off: this walks uphill."),
        (-right, "The sign is off: new scores minus old ones."),
    ]
    return Case((w, C, truth, rate), right, slips)
