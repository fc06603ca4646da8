"""A map of words that keeps neighbors together as well as two dimensions can, and a measure of how well."""

from __future__ import annotations

import numpy as np

from helpers import checks
from helpers.geometry import principal_coordinates, unit_rows

COMPANY = 10  # neighbors that each word listens to (the perplexity)
STEPS = 300
GAP = 0.022  # of the map's larger side: words that are closer would cover each other


def neighbor_map(W) -> np.ndarray:
    """Place words in the plane by t-SNE: words that are close by cosine get places that are close.

    In the D dimensions each word chooses neighbors with a probability p that falls with the distance; in the
    plane with a probability q. Gradient descent on KL(p ‖ q), from the principal coordinates on, moves the
    places until q is like p. No random numbers, so the same table gives the same map. Far apart on the map
    means little: only p that are large count.

    Parameters
    ----------
    W : (V, D) array
        At least 3 rows; only their directions matter.

    Returns
    -------
    (V, 2) array

    Source: van der Maaten & Hinton (2008), "Visualizing data using t-SNE", equations 1–5, without its early
    exaggeration and momentum, which 200 words do not need.
    """
    unit = unit_rows(checks.numbers(W, "W", ndim=2))
    if len(unit) < 3:
        raise ValueError(f"a map needs at least 3 words, not {len(unit)}")
    p = _company(2 - 2 * unit @ unit.T)
    Y = principal_coordinates(unit) if unit.shape[1] > 1 else np.column_stack((unit, 0 * unit))
    spread = Y[:, 0].std()
    Y *= 0.01 / spread if spread > 1e-9 else 0.0  # all in one direction: then one place for all is right
    for _ in range(STEPS):
        closeness = 1 / (1 + _squared_distances(Y))
        np.fill_diagonal(closeness, 0)
        pull = (p - closeness / closeness.sum()) * closeness
        gradient = 4 * (pull.sum(axis=1)[:, None] * Y - pull @ Y)
        Y -= len(Y) / 2 * gradient
    return apart(Y, GAP * float(np.ptp(Y, axis=0).max()))


def apart(points: np.ndarray, gap: float, rounds: int = 50) -> np.ndarray:
    """Move places (V, 2) that are closer than `gap` away from each other, each by half of what is missing."""
    turns = 2.4 * np.arange(len(points))  # a spiral, so that words at the same place have somewhere to go
    points = points + 1e-3 * gap * np.column_stack((np.cos(turns), np.sin(turns)))
    for _ in range(rounds):
        offsets = points[:, None] - points
        lengths = np.maximum(np.hypot(offsets[..., 0], offsets[..., 1]), 1e-300)
        missing = np.maximum(gap - lengths, 0) / lengths
        points = points + 0.5 * np.einsum("uv,uvk->uk", missing, offsets)
    return points


def _company(distances: np.ndarray) -> np.ndarray:
    """Return p (V, V) for squared distances: symmetric, its sum 1, COMPANY effective neighbors each.

    How fast the choice of a word falls with the distance, β, is found by bisection on its entropy.
    """
    size = len(distances)
    distances = distances.copy()
    np.fill_diagonal(distances, np.inf)
    distances -= distances.min(axis=1, keepdims=True)
    wanted = np.log(min(COMPANY, (size - 1) / 2))
    low, high = np.full((size, 1), 1e-3), np.full((size, 1), 1e5)
    for _ in range(40):
        beta = np.sqrt(low * high)
        p = np.exp(-beta * distances)
        p /= p.sum(axis=1, keepdims=True)
        entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=1, keepdims=True)
        low, high = np.where(entropy > wanted, beta, low), np.where(entropy > wanted, high, beta)
    return (p + p.T) / (2 * size)


def kept_on_map(W, points, k: int) -> float:
    """Return the share of the k nearest words, by cosine in W, that are among the k nearest on a map.

    A map that knows nothing keeps k / (V − 1) of them. Near on a map is a short distance, not a small angle
    as for `helpers.geometry.neighbors_kept`.

    Parameters
    ----------
    W : (V, D) array
    points : (V, 2) array
    k : int
        From 1 to V − 1.
    """
    unit, points = unit_rows(checks.numbers(W, "W", ndim=2)), checks.numbers(points, "points", ndim=2)
    if len(points) != len(unit):
        raise ValueError(f"{len(unit)} words need as many places, not {len(points)}")
    if checks.whole(k, "k", 1) >= len(unit):
        raise ValueError(f"k must be less than the number of words, {len(unit)}, not {k}")
    near = [_nearest(-unit @ unit.T, k), _nearest(_squared_distances(points), k)]
    return float((near[0] & near[1]).sum() / (k * len(unit)))


def _nearest(distances: np.ndarray, k: int) -> np.ndarray:
    """Return a table (V, V) that is True for the k smallest of each row, not counting the diagonal."""
    distances = np.where(np.eye(len(distances), dtype=bool), np.inf, distances)
    near = np.zeros(distances.shape, dtype=bool)
    np.put_along_axis(near, np.argsort(distances, axis=1, kind="stable")[:, :k], True, axis=1)
    return near


def _squared_distances(points: np.ndarray) -> np.ndarray:
    squares = np.einsum("vd,vd->v", points, points)
    return np.maximum(squares[:, None] + squares - 2 * points @ points.T, 0)
