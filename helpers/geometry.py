"""What can be read off a table of vectors once the axes no longer count: angles, neighbors, rotations."""

from __future__ import annotations

import numpy as np

from helpers import _checks


def cosine_similarity(a, b) -> float:
    """Return cos(a, b) = a · b / (‖a‖ ‖b‖) of two (D,) vectors: 1 same direction, 0 right angle, −1 opposite.

    The cosine with a zero vector is 0 by definition: it points nowhere.
    """
    a, b = _checks.numbers(a, "a", ndim=1), _checks.numbers(b, "b", ndim=1)
    if a.shape != b.shape:
        raise ValueError(f"two vectors of one length are needed, not {len(a)} and {len(b)}")
    return float(np.clip(_unit_rows(a[None])[0] @ _unit_rows(b[None])[0], -1, 1))


def cosine_matrix(A, B=None) -> np.ndarray:
    """Return all cosines between the rows of A (V, D) and the rows of B (U, D), or of A itself: (V, U)."""
    A = _table(A, "A")
    B = A if B is None else _table(B, "B")
    if A.shape[1] != B.shape[1]:
        raise ValueError(f"rows of one length are needed, not {A.shape[1]} and {B.shape[1]}")
    return np.clip(_unit_rows(A) @ _unit_rows(B).T, -1, 1)


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
    W = _table(W, "W")
    i = int(_checks.ids(i, len(W), "i", IndexError, ndim=0))
    return _closest(W, W[i], k, leave_out=[i])


def analogy(
    W, a: int, b: int, c: int, k: int = 5, exclude_inputs: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Find the rows closest in direction to W[a] − W[b] + W[c].

    king − man + woman is ``analogy(W, king, man, woman)``. The customary answer leaves the three
    inputs out, which flatters it: without that, the nearest row is often one of them.

    Returns
    -------
    ids : (k,) int array
    cosines : (k,) float array

    Source: Mikolov, Yih & Zweig (2013), "Linguistic Regularities in Continuous Space Word
    Representations"; on the exclusion, Linzen (2016), "Issues in evaluating semantic spaces".
    """
    W = _table(W, "W")
    a, b, c = (
        int(_checks.ids(i, len(W), name, IndexError, ndim=0))
        for i, name in zip((a, b, c), "abc", strict=True)
    )
    # A quarter of each has the same direction, and the sum of three cannot overflow.
    return _closest(W, W[a] / 4 - W[b] / 4 + W[c] / 4, k, leave_out=[a, b, c] if exclude_inputs else [])


def procrustes(A, B) -> np.ndarray:
    """Find the rotation (or reflection) that best lays A over B.

    Parameters
    ----------
    A, B : (V, D) arrays
        Row i of both belongs to the same word.

    Returns
    -------
    (D, D) orthogonal array Q
        Minimizes the Frobenius norm of A Q − B: with AᵀB = U S Vᵀ, Q = U Vᵀ.

    Source: Schönemann (1966), "A generalized solution of the orthogonal Procrustes problem".
    """
    A, B = (_scaled(X) for X in _same_shape(A, B))
    U, _, Vt = np.linalg.svd(A.T @ B)
    return U @ Vt


def neighbor_overlap(A, B, k: int = 5) -> float:
    """Return how many of their k nearest neighbors two spaces share: the mean Jaccard index over words.

    Parameters
    ----------
    A : (V, D) array
    B : (V, E) array
        Row i of both belongs to the same word; the dimensions may differ.
    k : int
        1 … V − 1.

    Returns
    -------
    float
        1 when all words keep their neighbors, 0 when none keeps any.
    """
    A, B = _same_rows(A, B)
    k = _checks.whole(k, "k", 1)
    if k >= len(A):
        raise ValueError(f"among {len(A)} words each has only {len(A) - 1} others, so k cannot be {k}")
    kept = 0.0
    for i in range(len(A)):
        mine, yours = (set(nearest_neighbors(table, i, k)[0].tolist()) for table in (A, B))
        kept += len(mine & yours) / len(mine | yours)
    return kept / len(A)


def linear_cka(A, B) -> float:
    """Return the linear centered kernel alignment of two (V, D) and (V, E) tables, between 0 and 1.

    With both centered, CKA = ‖AᵀB‖² / (‖AᵀA‖ ‖BᵀB‖) in Frobenius norms. It ignores rotations and
    overall scale. Unrelated tables do not give 0: compare with shuffled rows.

    Source: Kornblith, Norouzi, Lee & Hinton (2019), "Similarity of Neural Network Representations
    Revisited", equation 4 with a linear kernel.
    """
    A, B = _same_rows(A, B)
    if any((X[:1] == X).all() for X in (A, B)):
        raise ValueError("CKA needs words that differ: in one of the tables all rows are equal")
    A, B = (_scaled(X) for X in (A, B))
    A, B = (_scaled(X - X.mean(axis=0)) for X in (A, B))
    size = np.linalg.norm(A.T @ A) * np.linalg.norm(B.T @ B)
    return float(min(np.linalg.norm(A.T @ B) ** 2 / size, 1.0))


def principal_coordinates(W, k: int = 2) -> np.ndarray:
    """Return the rows of W (V, D), centered, in the k directions in which they vary most: (V, k).

    The usual way (PCA) to look at many dimensions in a plane; it shows only part of the distances.
    The sign of each direction is free; here its largest entry is positive.
    """
    W = _table(W, "W")
    k = _checks.whole(k, "k", 1)
    if k > min(W.shape):
        raise ValueError(f"a table of shape {W.shape} has only {min(W.shape)} directions, so k cannot be {k}")
    U, S, _ = np.linalg.svd(W - W.mean(axis=0), full_matrices=False)
    points = U[:, :k] * S[:k]
    largest = points[np.abs(points).argmax(axis=0), np.arange(k)]
    return points * np.where(largest < 0, -1, 1)


def _closest(W, vector, k: int, leave_out) -> tuple[np.ndarray, np.ndarray]:
    k = _checks.whole(k, "k", 1)
    # One product per row, not one BLAS call for all: equal rows then get equal cosines to the last bit.
    cosines = np.clip(np.einsum("vd,d->v", _unit_rows(W), _unit_rows(vector[None])[0], optimize=False), -1, 1)
    order = np.argsort(-cosines, kind="stable")  # stable: ties stay in the order of their ids
    order = order[~np.isin(order, leave_out)][:k]
    return order, cosines[order]


def _unit_rows(A: np.ndarray) -> np.ndarray:
    """Scale each row to length 1; a zero row stays zero. The largest entry goes first, against overflow."""
    largest = np.abs(A).max(axis=-1, keepdims=True, initial=0.0)
    A = A / np.where(largest > 0, largest, 1)
    length = np.sqrt(np.einsum("...d,...d->...", A, A))[..., None]
    return A / np.where(length > 0, length, 1)


def _scaled(A: np.ndarray) -> np.ndarray:
    """Bring the largest entry to 1, so that products neither overflow nor vanish."""
    return A / (np.abs(A).max() or 1.0)


def _table(A, name: str) -> np.ndarray:
    A = _checks.numbers(A, name, ndim=2)
    if A.size == 0:
        raise ValueError(f"{name} needs at least one row and one column, not shape {A.shape}")
    return A


def _same_rows(A, B) -> tuple[np.ndarray, np.ndarray]:
    A, B = _table(A, "A"), _table(B, "B")
    if len(A) != len(B):
        raise ValueError(f"both tables must be about the same words, not {len(A)} and {len(B)} rows")
    return A, B


def _same_shape(A, B) -> tuple[np.ndarray, np.ndarray]:
    A, B = _same_rows(A, B)
    if A.shape != B.shape:
        raise ValueError(f"both tables need the same shape, not {A.shape} and {B.shape}")
    return A, B
