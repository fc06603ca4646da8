"""What the demos about the small world share: its text, its classes, and a map that never flips."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from helpers.corpora import small_world, word_class
from helpers.geometry import principal_coordinates, procrustes
from helpers.pairs import count_matrix, skipgram_pairs
from helpers.text import Vocabulary

SENTENCES = 2000


@cache
def text() -> tuple[Vocabulary, list[np.ndarray]]:
    """Return the words of the small world and its sentences as ids."""
    sentences = small_world(np.random.default_rng(0), sentences=SENTENCES)
    vocabulary = Vocabulary.from_sentences(sentences)
    return vocabulary, [vocabulary.encode(sentence) for sentence in sentences]


@cache
def pair_counts(window: int) -> np.ndarray:
    """Return how often each center (row) met each context (column), (V, V)."""
    vocabulary, ids = text()
    return count_matrix(ids, window, len(vocabulary))


@cache
def pairs(window: int) -> np.ndarray:
    """Return all pairs (center, context), (P, 2)."""
    return skipgram_pairs(text()[1], window)


@cache
def word_counts() -> np.ndarray:
    """Return how often each word occurs, (V,)."""
    return np.array(text()[0].counts)


def mates(words: Sequence[str]) -> np.ndarray:
    """Say which two words are different and of one class, (V, V); function words have no mates."""
    classes = np.array([word_class(word) or "" for word in words])
    together = (classes[:, None] == classes) & (classes != "")
    np.fill_diagonal(together, False)
    return together


def in_class(cosines: np.ndarray, together: np.ndarray) -> np.ndarray:
    """Say of each word whether its nearest neighbor is one of its mates, (V,)."""
    others = np.where(np.eye(len(cosines), dtype=bool), -np.inf, cosines)
    return together[np.arange(len(cosines)), others.argmax(axis=1)]


def steady_map(W: np.ndarray, before: np.ndarray | None = None) -> np.ndarray:
    """Return the rows of W on a plane (PCA), turned to lie close to the map before."""
    points = principal_coordinates(W)
    return points if before is None else points @ procrustes(points, before)
