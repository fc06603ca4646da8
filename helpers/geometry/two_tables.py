"""Two tables about the same words: rotations, and how much they agree, with the chance level."""

from __future__ import annotations

import numpy as np

from helpers import checks
from helpers.geometry.one_table import cosine_matrix, is_near, scaled, unit_rows


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
    A, B = (scaled(X) for X in _same_shape(A, B))
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

    What two lists share is divided by the number of words in either of them, as for any two sets;
    `neighbors_kept` divides by k. Of two lists of 10 that share 5, it says 5 / 15 and 5 / 10.

    Parameters
    ----------
    A, B : (V, D) and (V, E) arrays
        Row i of both belongs to the same word.
    k : int
        1 … V − 1.

    Returns
    -------
    float
        1 when all words keep their neighbors, 0 when none keeps any. Unrelated spaces share k / (V − 1) of
        each list, which makes the index about half of that where k is small beside V.
    """
    shared = _shared_neighbors(A, B, k)
    return float(np.mean(shared / (2 * k - shared)))


def neighbors_kept(A, B, k: int = 10) -> float:
    """Return which share of its k nearest neighbors in A a word also has among the k nearest in B: the mean.

    Nearest by cosine, as in `nearest_neighbors`. The two tables may be exchanged, since both lists have k
    words. `neighbor_overlap` makes a smaller number of the same counts: there a word that is in one of the
    lists only counts against them twice.

    Parameters
    ----------
    A, B : (V, D) and (V, E) arrays
        Row i of both belongs to the same word.
    k : int
        1 … V − 1.

    Returns
    -------
    float
        1 when all words keep all their neighbors, 0 when none keeps any, and k / (V − 1) by chance.

    Examples
    --------
    >>> A = [[1, 0], [9, 1], [0, 1], [1, 9]]
    >>> B = [[1, 0], [1, 9], [0, 1], [9, 1]]
    >>> neighbors_kept(A, B, k=1), neighbors_kept(A, B, k=2)
    (0.0, 0.75)

    Source: Antoniak & Mimno (2018), "Evaluating the Stability of Embedding-based Word Similarities", who
    compare lists of neighbors by their Jaccard index.
    """
    return float(np.mean(_shared_neighbors(A, B, k)) / k)


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
    A, B = (scaled(X) for X in (A, B))
    A, B = (scaled(X - X.mean(axis=0)) for X in (A, B))
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


def _shared_neighbors(A, B, k: int) -> np.ndarray:
    """Return how many words are among the k nearest in both tables, for each word: (V,)."""
    A, B = _same_rows(A, B)
    k = checks.whole(k, "k", 1)
    if k >= len(A):
        raise ValueError(f"among {len(A)} words each has only {len(A) - 1} others, so k cannot be {k}")
    A, B = unit_rows(A), unit_rows(B)
    blocks = np.array_split(np.arange(len(A)), -(-len(A) // 1000))  # so that large tables fit in memory
    return np.concatenate([(is_near(A, some, k) & is_near(B, some, k)).sum(axis=1) for some in blocks])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return the place of each value in their order; equal ones share the middle of their places."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]


def _same_rows(A, B) -> tuple[np.ndarray, np.ndarray]:
    A, B = checks.table(A, "A"), checks.table(B, "B")
    if len(A) != len(B):
        raise ValueError(f"both tables must be about the same words, not {len(A)} and {len(B)} rows")
    return A, B


def _same_shape(A, B) -> tuple[np.ndarray, np.ndarray]:
    A, B = _same_rows(A, B)
    if A.shape != B.shape:
        raise ValueError(f"both tables need the same shape, not {A.shape} and {B.shape}")
    return A, B
