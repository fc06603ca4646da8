"""Exercises of the learning signal: log p of large scores, and two other losses traced back."""

import numpy as np

from helpers.exercises.judge import Case, checker
from helpers.gradcheck import numerical_gradient
from helpers.softmax import cross_entropy, softmax
from helpers.text import one_hot

FAR = [1000, -1000, -1000, -1000]  # 1500 above their mean, and exp(1500) is infinite
SCORES = [(4,), (6, 3), ([1000, 998, -1000],), ([-1000, -1001],), ([0, 800, 3],), (FAR,)]


def broken_rule(result, scores) -> str | None:
    """Say which of two rules a result breaks: differences of scores stay, and the probabilities sum to 1."""
    if not np.allclose(result - result[0], scores - scores[0]):
        return "log p_j − log p_k must be s_j − s_k, also where p is too small to store."
    return f"The probabilities would sum to {np.exp(result).sum():.4g}, not to 1."


@checker("No logarithm of 0, and no power too large.", SCORES, seed=8, invariant=broken_rule)
def check_log_softmax(rng, scores, spread=1):
    """Check ``answer(scores (V,)) -> log p (V,)``, also where p itself underflows.

    The right result takes the logarithm pair by pair, log p_k = −log Σ_j exp(s_j − s_k), and for scores
    far apart the sum is its largest term.
    """
    scores = np.array(scores, dtype=float) if np.ndim(scores) else spread * rng.standard_normal(scores)
    right = np.array([-np.logaddexp.reduce(scores - score) for score in scores])
    with np.errstate(all="ignore"):
        rounded, centered = np.log(np.exp(right)), scores - scores.mean()
        centered = centered - np.log(np.exp(centered).sum())
        naive = scores - np.log(np.exp(scores).sum())
    slips = [
        (rounded, "Where p is too small to store it is 0, and its logarithm −∞: never form p itself."),
        (centered, "Subtract the largest score, not the mean: one score far above it still overflows."),
        (naive, "exp(1000) is infinite, and exp(−1000) is 0: subtract the largest score first."),
        (-right, "The sign is off: logarithms of probabilities are never positive."),
        (scores - scores.max(), "Only the largest is subtracted; log Σ exp(s) is missing."),
        (right + scores.max(), "The largest score is subtracted in one place and not in the other."),
        (right - scores.max(), "The largest score is subtracted twice."),
        (right / np.log(2), "That is in bits; use np.log, which gives nats."),
        (np.exp(right), "Those are the probabilities; return their logarithms."),
        (right.max(), "Return one logarithm for each score."),
    ]
    return Case((scores,), right, slips)


@checker("It agrees with central differences.", [(3,), (5,), (4,)], seed=9)
def check_squared_error_signal(rng, size):
    """Check ``answer(scores (V,), truth) -> ∂/∂s of ½ Σ (p − q)²`` against central differences."""
    scores, truth = rng.standard_normal(size), int(rng.integers(size))
    p, q = softmax(scores), one_hot(truth, size)
    right = numerical_gradient(lambda s: 0.5 * np.sum((softmax(s) - q) ** 2), scores)
    slips = [
        (p - q, "That is the signal of the cross-entropy; here p must still be traced back to s."),
        (-right, "The sign is off: the signal is belief minus truth."),
        (2 * right, "The loss has a factor ½, so the 2 of the square is gone."),
        ((p - q) * p * (1 - p), "Every score moves all probabilities: use all of J, not its diagonal."),
        ((p - q) * p, "The second half of J is missing: −p_j p_k, what the others lose."),
        ((np.diag(p) - np.outer(p, p)) @ p, "The truth is missing: p − q, not p."),
        ((q - p) * p[truth] * (p[truth] - 1), "This loss listens to every p_k, not to the true one alone."),
        (right.sum(), "Return one push for each score."),
    ]
    return Case((scores, truth), right, slips)


@checker("It agrees with central differences.", [(4, 0.5), (5, 2.0), (3, 3.0)], seed=10)
def check_tempered_signal(rng, size, temperature):
    """Check ``answer(scores (V,), truth, temperature) -> ∂/∂s of the cross-entropy of softmax(s / τ)``."""
    scores, truth = rng.standard_normal(size), int(rng.integers(size))
    p, q = softmax(scores / temperature), one_hot(truth, size)
    right = numerical_gradient(lambda s: cross_entropy(s / temperature, truth), scores)
    slips = [
        (p - q, "One factor of the chain rule is missing: s enters divided by τ."),
        ((p - q) * temperature, "The factor is the other way up: z = s / τ has the slope 1 / τ."),
        ((softmax(scores) - q) / temperature, "The belief is softmax(s / τ), with the temperature."),
        (softmax(scores) - q, "The temperature is missing."),
        ((softmax(scores * temperature) - q) / temperature, "Divide the scores by τ; you multiply."),
        (-right, "The sign is off: the signal is belief minus truth."),
        (p / temperature, "The truth is missing: p − q, not p."),
        (p / temperature - q, "The factor 1 / τ belongs to the whole gap p − q."),
        (p - q / temperature, "The factor 1 / τ belongs to the whole gap p − q."),
    ]
    return Case((scores, truth, temperature), right, slips)
