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

STEPS = 9  # of block_lanczos


def positive_pmi(pair_counts, power: float = 1.0) -> np.ndarray:
    """Return max(0, PMI) of each pair: how much more often it occurs than by chance, as a logarithm.

    PMI(w, c) = log P(c | w) / P(c), the pointwise mutual information. With ``power=1`` that is
    log (N[w, c] · Σ N / (n_w n_c)), where n_w and n_c are the sums of row w and of column c.

    Parameters
    ----------
    pair_counts : (V, U) array
        Words by contexts; the table of `helpers.pairs.count_matrix` is one with U = V.
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
        to words and contexts alike, as training does, and finds better neighbors.

    Returns
    -------
    (V, D) float array
        Columns by falling singular value, those beyond the rank of M zero; so are the rows of words whose
        row in M is. The largest entry of each column is positive. Large tables are not decomposed in full:
        see `block_lanczos`.

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
    few = (dim + 10) * (STEPS + 1) < min(M.shape)
    U, sizes = block_lanczos(M, dim) if few else np.linalg.svd(M, full_matrices=False)[:2]
    U, sizes = U[:, :dim] * M.any(axis=1, keepdims=True), sizes[:dim]  # rows of zeros get zeros, no rounding
    in_rank = sizes > 1e-6 * sizes[0]  # what is smaller is rounding
    largest_entries = U[np.abs(U).argmax(axis=0), np.arange(dim)]
    signs = np.where(largest_entries < 0, -1, 1)
    return U * signs * np.where(in_rank, (largest * sizes) ** weight, 0.0)


def block_lanczos(M: np.ndarray, dim: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the `dim` largest singular values of M (V, U) and their vectors, without decomposing all of it.

    A block of dim + 10 vectors is multiplied by M Mᵀ again and again, which turns them towards the largest
    singular vectors. All blocks on the way together span a space that holds these almost exactly, and is
    small enough for a decomposition. As wide as it is, the block does not miss a value that comes several
    times. It starts at random, always at the same place, but next to nothing of that remains.

    Returns
    -------
    vectors, sizes : (V, dim) and (dim,) arrays
        Left singular vectors, and the singular values in falling order.

    Source: Musco & Musco (2015), "Randomized Block Krylov Methods for Stronger and Faster Approximate
    Singular Value Decomposition".
    """
    block = np.linalg.qr(np.random.default_rng(0).standard_normal((len(M), dim + 10)))[0]
    basis, images = block, [block.T @ M]
    for _ in range(STEPS):
        turned = M @ images[-1].T
        new, lengths, _ = np.linalg.svd(turned - basis @ (basis.T @ turned), full_matrices=False)
        new = new[:, lengths > 1e-13 * np.linalg.norm(turned)]  # what is shorter is rounding, not a direction
        block = np.linalg.qr(new - basis @ (basis.T @ new))[0]
        basis = np.hstack((basis, block))
        images.append(block.T @ M)
    image = np.vstack(images)  # basisᵀ M
    squares, turn = np.linalg.eigh(image @ image.T)  # the smallest come first
    return basis @ turn[:, : -dim - 1 : -1], np.sqrt(np.maximum(squares[: -dim - 1 : -1], 0.0))
