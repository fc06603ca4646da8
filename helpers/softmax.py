"""Scores become probabilities, probabilities become a loss, and the loss points back: p − q."""

from __future__ import annotations

import numpy as np

from helpers import checks


@np.errstate(over="ignore")  # scores 1e308 and −1e308 are −∞ apart, and exp(−∞) is rightly 0
def softmax(scores) -> np.ndarray:
    """Turn scores into probabilities: p_k = exp(s_k) / Σ_j exp(s_j).

    Parameters
    ----------
    scores : (…, V) array
        Any finite numbers, also huge ones: only their differences matter.

    Returns
    -------
    (…, V) float array
        Positive numbers that sum to 1 along the last axis (a probability below 1e-308 is stored as 0).

    Examples
    --------
    >>> softmax([1000.0, 1000.0])
    array([0.5, 0.5])
    """
    powers = np.exp(_shifted(scores))
    return powers / powers.sum(axis=-1, keepdims=True)


@np.errstate(over="ignore")
def log_softmax(scores) -> np.ndarray:
    """Return log p for scores of shape (…, V), exact where p itself would underflow to 0.

    log p_k = s_k − log Σ_j exp(s_j), after the largest score has been subtracted from all.
    """
    shifted = _shifted(scores)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def cross_entropy(scores, target) -> float:
    """Return the surprise −Σ_k q_k log p_k, in nats.

    Parameters
    ----------
    scores : (V,) array
    target : int or (V,) array
        The true class y, or a whole distribution q.

    Returns
    -------
    float
        For a class y this is −log p_y.

    Examples
    --------
    >>> round(cross_entropy([0.0, 0.0], 1), 6)  # log 2
    0.693147
    """
    log_p = log_softmax(_one_list(scores))
    q = _distribution(target, len(log_p))
    asked = q > 0  # a class that never happens costs nothing, even where log p is −∞
    return float(0.0 - q[asked] @ log_p[asked])


def learning_signal(scores, target) -> np.ndarray:
    """Return p − q, the derivative of the cross-entropy with respect to each score.

    Parameters
    ----------
    scores, target
        As for `cross_entropy`.

    Returns
    -------
    (V,) float array
        Sums to 0: what the truth gains is what the other classes lose.
    """
    p = softmax(_one_list(scores))
    return p - _distribution(target, len(p))


def jacobian(scores) -> np.ndarray:
    """Return how each score moves each probability: J[k, j] = ∂p_j / ∂s_k = p_j (δ_jk − p_k).

    Parameters
    ----------
    scores : (V,) array

    Returns
    -------
    (V, V) float array
        Symmetric; rows and columns sum to 0.
    """
    p = softmax(_one_list(scores))
    return np.diag(p) - np.outer(p, p)


def _shifted(scores) -> np.ndarray:
    """Subtract the largest score from all: the probabilities stay, and exp can no longer overflow."""
    scores = checks.numbers(scores, "scores", complex_allowed=True)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ValueError(f"scores need at least one class along the last axis, not shape {scores.shape}")
    return scores - scores.real.max(axis=-1, keepdims=True)


def _one_list(scores) -> np.ndarray:
    return checks.numbers(scores, "scores", ndim=1)


def _distribution(target, size: int) -> np.ndarray:
    """Return q: one-hot for a class, or a checked copy of a distribution."""
    if np.ndim(target) == 0:
        q = np.zeros(size)
        q[checks.ids(target, size, "target")] = 1.0
        return q
    q = checks.numbers(target, "target", ndim=1)
    if q.shape != (size,) or (q < 0).any() or abs(q.sum() - 1) > 1e-9:
        raise ValueError(f"a target distribution needs {size} numbers that are not negative and sum to 1")
    return q
