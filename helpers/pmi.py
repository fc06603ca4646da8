"""Positive PMI and its singular vectors: what negative sampling factorizes, done outright.

At its optimum, negative sampling scores a pair by s = PMI(w, c) − log K. So the same counts give vectors
without any training: a table of PMI, and the best approximation of it by two tables of D columns.

Source: Levy & Goldberg (2014), "Neural Word Embedding as Implicit Matrix Factorization"; Levy, Goldberg &
Dagan (2015), "Improving Distributional Similarity with Lessons Learned from Word Embeddings".
"""

from __future__ import annotations

import numpy as np

from helpers import checks
from helpers.negative_sampling import noise_distribution


def positive_pmi(pair_counts, power: float = 1.0) -> np.ndarray:
    """Return max(0, PMI) of each pair: how much more often it occurs than by chance, as a logarithm.

    PMI(w, c) = log P(c | w) / P(c), the pointwise mutual information. With ``power=1`` that is
    log (N[w, c] · Σ N / (n_w n_c)), where n_w and n_c are the sums of row w and of column c.

    Parameters
    ----------
    pair_counts : (V, U) array
        Words by contexts; the table of `helpers.pairs.count_matrix` is one with U = V. The most frequent
        words alone as contexts, ``counts[:, frequent]``, lose little and save much time.
    power : float
        The chance of a context is taken proportional to n_c^power. 0.75 makes rare contexts count for less:
        they seem more telling than they are (context distribution smoothing).

    Returns
    -------
    (V, U) float array
        In nats. A pair that never occurs has PMI −∞, and so 0 here, as has each one that occurs less often
        than by chance; so have words and contexts that never occur.

    Examples
    --------
    >>> positive_pmi([[2, 0], [0, 2]]).round(3).tolist()
    [[0.693, 0.0], [0.0, 0.693]]

    Source: Church & Hanks (1990), "Word Association Norms, Mutual Information, and Lexicography"; for
    `power`, section 3.1 of Levy, Goldberg & Dagan (2015).
    """
    N = checks.pair_counts(pair_counts, square=False)
    chance = noise_distribution(N.sum(axis=0), power)
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0, and 0 / 0 in the row of an unseen word
        pmi = np.log(N / N.sum(axis=1, keepdims=True)) - np.log(chance)
    return np.where(N > 0, np.maximum(pmi, 0.0), 0.0)


def svd_vectors(M, dim: int, weight: float = 0.5) -> np.ndarray:
    """Return one vector per row of a table, U Σ^weight, from its `dim` largest singular values.

    With M = U Σ Rᵀ, no table of rank D is closer to M than U_D Σ_D R_Dᵀ (Eckart & Young 1936).

    Parameters
    ----------
    M : (V, U) array
        Such as `positive_pmi`.
    dim : int
        Number D of coordinates per vector, at most V and U.
    weight : float
        1 gives vectors with the dot products of the rows of M, as far as D directions can. 0.5 deals Σ out
        to words and contexts alike, as training does.

    Returns
    -------
    (V, D) float array
        Columns by falling singular value, those beyond the rank of M zero; so are the rows of words whose
        row in M is. The largest entry of each column is positive. Singular values below 3e-7 of the largest
        count as zero, and the time grows with the cube of the smaller side: a second for 1,500.

    Examples
    --------
    >>> svd_vectors([[2, 0], [0, 8]], dim=1, weight=1).tolist()
    [[0.0], [8.0]]

    Source: section 4.2 of Levy & Goldberg (2014) for the weight ½.
    """
    M = checks.table(M, "M")
    dim, weight = checks.whole(dim, "dim", 1), checks.positive(weight, "weight", zero_allowed=True)
    if dim > min(M.shape):
        raise ValueError(f"a table of shape {M.shape} has {min(M.shape)} directions, so dim cannot be {dim}")
    largest = np.abs(M).max() or 1.0
    M = M / largest  # so that nothing overflows
    wide = M.shape[0] < M.shape[1]
    squares, vectors = np.linalg.eigh(M @ M.T if wide else M.T @ M)  # the smaller of the two
    squares, vectors = np.maximum(squares[: -dim - 1 : -1], 0.0), vectors[:, : -dim - 1 : -1]
    sizes = np.sqrt(squares) * (squares > 1e-13 * squares[0])  # what is smaller is rounding
    U = vectors if wide else np.divide(M @ vectors, sizes, where=sizes > 0, out=np.zeros((len(M), dim)))
    U = U * M.any(axis=1, keepdims=True)  # rows of zeros get zeros, no rounding
    signs = np.where(U[np.abs(U).argmax(axis=0), np.arange(dim)] < 0, -1, 1)
    return U * signs * np.where(sizes > 0, (largest * sizes) ** weight, 0.0)
