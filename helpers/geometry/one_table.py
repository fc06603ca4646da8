"""One table: angles and neighbors of its rows, analogies, the directions in which it is long."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers import checks


def unit_rows(A) -> np.ndarray:
    """Scale each row of A (…, D) to length 1; a zero row, which points nowhere, stays zero."""
    A = checks.numbers(A, "A")
    if A.ndim == 0:
        raise ValueError("A must have rows, but it is a single number")
    largest = np.abs(A).max(axis=-1, keepdims=True, initial=0.0)
    A = A / np.where(largest > 0, largest, 1)  # against overflow
    length = np.sqrt(np.einsum("...d,...d->...", A, A))[..., None]
    return A / np.where(length > 0, length, 1)


def cosine_similarity(a, b) -> float:
    """Return cos(a, b) = a · b / (‖a‖ ‖b‖) of two (D,) vectors: 1 same direction, 0 right angle, −1 opposite.

    The cosine with a zero vector is 0 by definition: it points nowhere.
    """
    a, b = checks.numbers(a, "a", ndim=1), checks.numbers(b, "b", ndim=1)
    if a.shape != b.shape:
        raise ValueError(f"two vectors of one length are needed, not {len(a)} and {len(b)}")
    return float(np.clip(unit_rows(a) @ unit_rows(b), -1, 1))


def cosine_matrix(A, B=None) -> np.ndarray:
    """Return all cosines between the rows of A (V, D) and the rows of B (U, D), or of A itself: (V, U)."""
    A = checks.table(A, "A")
    B = A if B is None else checks.table(B, "B")
    if A.shape[1] != B.shape[1]:
        raise ValueError(f"rows of one length are needed, not {A.shape[1]} and {B.shape[1]}")
    return np.clip(unit_rows(A) @ unit_rows(B).T, -1, 1)


def nearest_neighbors(W, i: int, k: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Find the k rows whose direction is closest to row i.

    Parameters
    ----------
    W : (V, D) array
    i : int
        Row to ask about; never among its own neighbors.
    k : int
        At most V − 1 are returned.

    Returns
    -------
    ids : (k,) int array
        Closest first; ties go to the lower id.
    cosines : (k,) float array
    """
    W = checks.table(W, "W")
    i = int(checks.ids(i, len(W), "i", IndexError, ndim=0))
    return nearest_to(W, W[i], k, leave_out=[i])


def nearest_to(W, vector, k: int = 5, leave_out=()) -> tuple[np.ndarray, np.ndarray]:
    """Find the rows closest in direction to any vector, such as a sum of rows: see `nearest_neighbors`.

    Parameters
    ----------
    W : (V, D) array
    vector : (D,) array
    k : int
    leave_out : sequence of int
        Rows that do not take part.
    """
    W, vector = checks.table(W, "W"), checks.numbers(vector, "vector", ndim=1)
    if len(vector) != W.shape[1]:
        raise ValueError(f"the vector needs {W.shape[1]} numbers, as each row of W has, not {len(vector)}")
    k, leave_out = checks.whole(k, "k", 1), checks.ids(leave_out, len(W), "leave_out", IndexError, ndim=1)
    # One product per row, not one BLAS call for all: equal rows then get equal cosines to the last bit.
    cosines = np.clip(np.einsum("vd,d->v", unit_rows(W), unit_rows(vector), optimize=False), -1, 1)
    order = np.argsort(-cosines, kind="stable")  # stable: ties stay in the order of their ids
    order = order[~np.isin(order, leave_out)][:k]
    return order, cosines[order]


def share_in_class(W, classes: Sequence) -> float:
    """Return the share of words whose nearest neighbor is of their class, by cosine and among all words.

    Parameters
    ----------
    W : (V, D) array
    classes : sequence of V labels
        None for a word without a class: it may be a neighbor, but it is not counted.
    """
    W, classes = checks.table(W, "W"), list(classes)
    if len(classes) != len(W):
        raise ValueError(f"{len(W)} rows need as many classes, not {len(classes)}")
    counted = [i for i, kind in enumerate(classes) if kind is not None]
    if not counted or len(W) < 2:
        raise ValueError("a word with a class is needed, and another word that can be its neighbor")
    nearest = is_near(unit_rows(W), np.array(counted), 1).argmax(axis=1)
    return float(np.mean([classes[i] == classes[j] for i, j in zip(counted, nearest, strict=True)]))


def analogy(
    W, a: int, b: int, c: int, k: int = 5, exclude_inputs: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Find the rows closest in direction to W[a] − W[b] + W[c].

    king − man + woman is ``analogy(W, king, man, woman)``. The customary answer leaves the three
    inputs out, which flatters it: without that, the nearest row is often one of them.

    Returns
    -------
    ids, cosines : (k,) arrays
        As for `nearest_neighbors`.

    Source: Mikolov, Yih & Zweig (2013), "Linguistic Regularities in Continuous Space Word
    Representations"; on the exclusion, Linzen (2016), "Issues in evaluating semantic spaces".
    """
    W = checks.table(W, "W")
    a, b, c = (checks.ids(i, len(W), name, IndexError, ndim=0) for i, name in ((a, "a"), (b, "b"), (c, "c")))
    # A quarter of each has the same direction, and the sum of three cannot overflow.
    return nearest_to(W, W[a] / 4 - W[b] / 4 + W[c] / 4, k, leave_out=[a, b, c] if exclude_inputs else [])


def analogy_answers(W, analogies, weights=(1, -1, 1), exclude_inputs: bool = True) -> np.ndarray:
    """Answer many analogies at once: for each, the row closest in direction to W[a] − W[b] + W[c].

    Other weights give what the arithmetic should be compared with: (1, 0, 0) asks for the neighbor of a
    alone, (1, 0, 1) for that of a + c.

    Parameters
    ----------
    W : (V, D) array
    analogies : (N, 3) or (N, 4) int array
        One row a, b, c for each; a fourth column, the expected answer d, is not looked at.
    weights : (3,) sequence of float
    exclude_inputs : bool
        Whether a, b and c, all three in any case, are left out.

    Returns
    -------
    (N,) int array
        ``(answers == analogies[:, 3]).mean()`` is the share of right answers.
    """
    W, weights = checks.table(W, "W"), checks.numbers(weights, "weights", ndim=1)
    analogies = checks.ids(analogies, len(W), "analogies", IndexError)
    if analogies.ndim != 2 or analogies.shape[1] not in (3, 4):
        raise ValueError(f"analogies must be rows of three ids, or four, not of shape {analogies.shape}")
    if len(weights) != 3:
        raise ValueError(f"three weights are needed, one for each of a, b and c, not {len(weights)}")
    if exclude_inputs and len(W) < 4:
        raise ValueError(f"with the inputs left out, there must be more than {len(W)} rows")
    largest = np.abs(weights).max() or 1.0
    inputs, rows = analogies[:, :3], scaled(W)
    targets = np.einsum("k,nkd->nd", weights / largest, rows[inputs])
    cosines = np.einsum("nd,vd->nv", unit_rows(targets), unit_rows(rows), optimize=False)
    if exclude_inputs:
        np.put_along_axis(cosines, inputs, -np.inf, axis=1)
    return np.clip(cosines, None, 1).argmax(axis=1)


def principal_coordinates(W, k: int = 2) -> np.ndarray:
    """Return the rows of W (V, D), centered, in the k directions in which they vary most: (V, k).

    The usual way (PCA) to look at many dimensions in a plane; it shows only part of the distances.
    The sign of each direction is free; here its largest entry is positive.
    """
    W = checks.table(W, "W")
    k = checks.whole(k, "k", 1)
    if k > min(W.shape):
        raise ValueError(f"a table of shape {W.shape} has only {min(W.shape)} directions, so k cannot be {k}")
    U, S, _ = np.linalg.svd(W - W.mean(axis=0), full_matrices=False)
    points = U[:, :k] * S[:k]
    largest = points[np.abs(points).argmax(axis=0), np.arange(k)]
    return points * np.where(largest < 0, -1, 1)


def without_common_direction(W, directions: int = 0) -> np.ndarray:
    """Take away what all words have in common: the mean row, and more directions if you ask for them.

    The vectors of a training lean to one side, so the cosines of all pairs have a common part. It tells
    words apart as little as a constant that is added to all of them, and is gone with the mean.

    Parameters
    ----------
    W : (V, D) array
    directions : int
        How many of the principal directions of the centered rows to take away as well, 0 … D − 1: the
        first ones often say how frequent a word is.

    Returns
    -------
    (V, D) array
        Its rows sum to zero, and are at right angles to the directions taken away.

    Examples
    --------
    >>> without_common_direction([[1, 2], [3, 2]]).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]

    Source: Mu & Viswanath (2018), "All-but-the-Top: Simple and Effective Postprocessing for Word
    Representations", algorithm 1, with the projections taken of the centered rows.
    """
    W = checks.table(W, "W")
    directions = checks.whole(directions, "directions", 0)
    if directions >= W.shape[1]:
        raise ValueError(f"of {W.shape[1]} directions one must be left, so directions cannot be {directions}")
    power = np.frexp(np.abs(W).max())[1]
    W = np.ldexp(W, -power)  # the largest entry below 1, so that no sum overflows
    centered = W - W.mean(axis=0)
    if directions:
        common = np.linalg.svd(centered, full_matrices=False)[2][:directions]  # one direction in each row
        centered = centered - centered @ common.T @ common
    return np.ldexp(centered, power)


def is_near(unit: np.ndarray, some: np.ndarray, k: int) -> np.ndarray:
    """Return a table that is True where word j is among the k nearest neighbors of the r-th of some words."""
    # As in nearest_to, no BLAS: equal rows must get equal cosines.
    cosines = np.clip(np.einsum("rd,vd->rv", unit[some], unit, optimize=False), -1, 1)
    cosines[np.arange(len(some)), some] = -2
    least = np.partition(cosines, -k, axis=1)[
        :, [-k]
    ]  # the k-th largest; partition is faster than a full sort
    nearer, tied = cosines > least, cosines == least
    places_left = k - nearer.sum(axis=1, keepdims=True)
    return nearer | (tied & (tied.cumsum(axis=1) <= places_left))  # ties go to the lower ids


def scaled(A: np.ndarray) -> np.ndarray:
    """Bring the largest entry to 1, so that products neither overflow nor vanish."""
    return A / (np.abs(A).max() or 1.0)
