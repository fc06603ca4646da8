"""What the demos about the small world share: its text, its classes, and who is near whom."""

from __future__ import annotations

from functools import cache

import numpy as np

from helpers.corpora import small_world, word_class
from helpers.demos.training import Mapped
from helpers.geometry import cosine_matrix, nearest_neighbors
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


class SmallWorld(Mapped):
    """The small world in training: the map of its words, and how well their classes keep together.

    `good` says of each word whether its nearest neighbor is of its class, and `in_class` for what share
    of the `social` words it is: those with mates, which are all but the function words (see `together`).
    """

    def __init__(self):
        vocabulary, _ = text()
        self.words, self.index = vocabulary.words, vocabulary.index
        classes = np.array([word_class(word) or "" for word in self.words])
        self.together = (classes[:, None] == classes) & (classes != "")
        np.fill_diagonal(self.together, False)
        self.social = self.together.any(axis=1)
        super().__init__()

    def take_stock(self, W: np.ndarray) -> np.ndarray:
        """Draw the map anew, see how well the classes keep together, and return all cosines (V, V)."""
        self.draw_map(W)
        cosines = cosine_matrix(W)
        others = np.where(np.eye(len(W), dtype=bool), -np.inf, cosines)
        self.good = self.together[np.arange(len(W)), others.argmax(axis=1)]
        self.in_class = float(self.good[self.social].mean())
        return cosines

    def nearest(self, word: str, k: int) -> list[tuple[str, float]]:
        """Return the words closest in direction to one of them, with their cosines."""
        ids, cosines = nearest_neighbors(self.embeddings.W, self.index[word], k)
        return [(self.words[i], cosine) for i, cosine in zip(ids, cosines.tolist(), strict=True)]
