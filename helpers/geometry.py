"""What can be read off a table of vectors once the axes no longer count: angles, neighbors, rotations."""

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
    A = _table(A, "A")
    B = A if B is None else _table(B, "B")
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
    W = _table(W, "W")
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
    W, vector = _table(W, "W"), checks.numbers(vector, "vector", ndim=1)
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
    W, classes = _table(W, "W"), list(classes)
    if len(classes) != len(W):
        raise ValueError(f"{len(W)} rows need as many classes, not {len(classes)}")
    counted = [i for i, kind in enumerate(classes) if kind is not None]
    if not counted or len(W) < 2:
        raise ValueError("a word with a class is needed, and another word that can be its neighbor")
    nearest = _near(unit_rows(W), np.array(counted), 1).argmax(axis=1)
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
    W = _table(W, "W")
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
    W, weights = _table(W, "W"), checks.numbers(weights, "weights", ndim=1)
    analogies = checks.ids(analogies, len(W), "analogies", IndexError)
    if analogies.ndim != 2 or analogies.shape[1] not in (3, 4):
        raise ValueError(f"analogies must be rows of three ids, or four, not of shape {analogies.shape}")
    if len(weights) != 3:
        raise ValueError(f"three weights are needed, one for each of a, b and c, not {len(weights)}")
    if exclude_inputs and len(W) < 4:
        raise ValueError(f"with the inputs left out, there must be more than {len(W)} rows")
    largest = np.abs(weights).max() or 1.0
    inputs, rows = analogies[:, :3], _scaled(W)
    targets = np.einsum("k,nkd->nd", weights / largest, rows[inputs])
    cosines = np.einsum("nd,vd->nv", unit_rows(targets), unit_rows(rows), optimize=False)
    if exclude_inputs:
        np.put_along_axis(cosines, inputs, -np.inf, axis=1)
    return np.clip(cosines, None, 1).argmax(axis=1)


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


def held_out_residual(A, B, rng: np.random.Generator) -> float:
    """Return what is left of B when A is rotated onto it, each word by a Q fitted to others: |A Q − B| / |B|.

    The words are cut at random into two halves, and the Q of `procrustes` for each half is applied to the
    other. So Q can use what the two spaces have in common, but not chance. Unrelated tables of one size give
    about √2, more than the 1 of putting nothing in the place of B. It takes well over 2 D words to pin Q
    down. Nothing is centered or scaled first: the loss of skip-gram does not notice a rotation of both tables
    about the origin, but it does notice where the origin is.

    Parameters
    ----------
    A, B : (V, D) arrays
        Row i of both belongs to the same word.
    rng : numpy.random.Generator
        Cuts the words into halves.
    """
    A, B = _same_shape(A, B)
    largest = np.abs(B).max()
    if largest == 0:
        raise ValueError("a residual is measured relative to B, so B must not be all zero")
    A, B = A / largest, B / largest  # so that nothing overflows
    if len(A) < 2:
        raise ValueError("one word cannot be cut into two halves")
    order = checks.generator(rng).permutation(len(A))
    one, other = order[: len(A) // 2], order[len(A) // 2 :]
    missed = (A[rest] @ procrustes(A[half], B[half]) - B[rest] for half, rest in ((one, other), (other, one)))
    return float(np.linalg.norm(np.vstack(list(missed))) / np.linalg.norm(B))


def balanced(W, C) -> tuple[np.ndarray, np.ndarray]:
    """Return other tables with the same scores W Cᵀ that are balanced: WᵀW = CᵀC.

    Of all pairs of tables with these scores they are the shortest, and the scores fix all dot products
    within each of them.

    Parameters
    ----------
    W, C : (V, D) arrays

    Returns
    -------
    W, C : (V, D) arrays
        P Σ^½ and R Σ^½, where P Σ Rᵀ is the singular value decomposition of the scores.

    Source: Srebro, Rennie & Jaakkola (2004), "Maximum-margin matrix factorization", lemma 1.
    """
    W, C = _same_shape(W, C)
    (P, left), (R, right) = np.linalg.qr(W), np.linalg.qr(C)  # so that no table of V × V scores is needed
    turn, sizes, back = np.linalg.svd(left @ right.T)
    root, unused = np.sqrt(sizes), np.zeros((len(W), W.shape[1] - len(sizes)))  # with more columns than rows
    return np.hstack((P @ turn * root, unused)), np.hstack((R @ back.T * root, unused))


def neighbor_overlap(A, B, k: int = 5) -> float:
    """Return how many of their k nearest neighbors two spaces share: the mean Jaccard index over words.

    Parameters
    ----------
    A, B : (V, D) and (V, E) arrays
        Row i of both belongs to the same word.
    k : int
        1 … V − 1.

    Returns
    -------
    float
        1 when all words keep their neighbors, 0 when none keeps any.
    """
    A, B = _same_rows(A, B)
    k = checks.whole(k, "k", 1)
    if k >= len(A):
        raise ValueError(f"among {len(A)} words each has only {len(A) - 1} others, so k cannot be {k}")
    A, B, kept = unit_rows(A), unit_rows(B), 0.0
    for some in np.array_split(np.arange(len(A)), -(-len(A) // 1000)):  # so that large tables fit in memory
        shared = np.count_nonzero(_near(A, some, k) & _near(B, some, k), axis=1)
        kept += np.sum(shared / (2 * k - shared))
    return float(kept / len(A))


def rsa(A, B) -> float:
    """Return how alike two spaces rank all pairs of words by similarity, between −1 and 1.

    Representational similarity analysis: the rank correlation (Spearman) between the cosines of all
    pairs of different words in A and those in B. Rotations and the lengths of vectors do not count.

    Parameters
    ----------
    A, B : (V, D) and (V, E) arrays
        Row i of both belongs to the same word.

    Returns
    -------
    float
        1 when the order of all pairs is the same, about 0 for unrelated spaces.

    Source: Kriegeskorte, Mur & Bandettini (2008), "Representational similarity analysis".
    """
    A, B = _same_rows(A, B)
    if len(A) < 3:
        raise ValueError(f"RSA compares pairs of words, and {len(A)} words do not make two pairs")
    pairs = np.triu_indices(len(A), 1)
    # Cosines that differ by rounding alone are ties.
    ranks = [_ranks(np.round(cosine_matrix(table)[pairs], 12)) for table in (A, B)]
    if any(np.ptp(places) == 0 for places in ranks):
        raise ValueError("RSA needs cosines that differ: in one of the tables all of them are equal")
    return float(np.clip(np.corrcoef(*ranks)[0, 1], -1, 1))


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


def null_distribution(measure, A, B, rng: np.random.Generator, draws: int = 20) -> np.ndarray:
    """Measure again and again after the rows of B were dealt out to the words by chance.

    Shuffling keeps everything about both spaces except which word is which: lengths, clusters, and how
    many directions really matter. Random numbers in the place of B would lack all that.

    Parameters
    ----------
    measure : callable
        Called as ``measure(A, B)``; returns a number.
    A, B : (V, D) and (V, E) arrays
        Row i of both belongs to the same word.
    rng : numpy.random.Generator
    draws : int
        How many shuffles.

    Returns
    -------
    (draws,) float array
        What the measure says of spaces that have nothing to do with each other.

    Source: the permutation test of Mantel (1967), "The detection of disease clustering and a
    generalized regression approach".
    """
    A, B = _same_rows(A, B)
    rng = checks.generator(rng)
    return np.array([measure(A, rng.permutation(B)) for _ in range(checks.whole(draws, "draws", 1))])


def principal_coordinates(W, k: int = 2) -> np.ndarray:
    """Return the rows of W (V, D), centered, in the k directions in which they vary most: (V, k).

    The usual way (PCA) to look at many dimensions in a plane; it shows only part of the distances.
    The sign of each direction is free; here its largest entry is positive.
    """
    W = _table(W, "W")
    k = checks.whole(k, "k", 1)
    if k > min(W.shape):
        raise ValueError(f"a table of shape {W.shape} has only {min(W.shape)} directions, so k cannot be {k}")
    U, S, _ = np.linalg.svd(W - W.mean(axis=0), full_matrices=False)
    points = U[:, :k] * S[:k]
    largest = points[np.abs(points).argmax(axis=0), np.arange(k)]
    return points * np.where(largest < 0, -1, 1)


def _near(unit: np.ndarray, some: np.ndarray, k: int) -> np.ndarray:
    """Return a table that is True where word j is among the k nearest neighbors of the r-th of some words."""
    # As in nearest_to, no BLAS: equal rows must get equal cosines.
    cosines = np.clip(np.einsum("rd,vd->rv", unit[some], unit, optimize=False), -1, 1)
    cosines[np.arange(len(some)), some] = -2
    near = np.zeros(cosines.shape, dtype=bool)
    np.put_along_axis(near, np.argsort(-cosines, axis=1, kind="stable")[:, :k], True, axis=1)
    return near


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return the place of each value in their order; equal ones share the middle of their places."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]


def _scaled(A: np.ndarray) -> np.ndarray:
    """Bring the largest entry to 1, so that products neither overflow nor vanish."""
    return A / (np.abs(A).max() or 1.0)


def _table(A, name: str) -> np.ndarray:
    A = checks.numbers(A, name, ndim=2)
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
