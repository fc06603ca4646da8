"""The small world in training, as the demos show it: the model that learns, its map, and who is near whom."""

from __future__ import annotations

import numpy as np

from helpers.corpora import SMALL_WORLD_CLASSES, word_class
from helpers.demos import small_world_text
from helpers.demos.training import Training
from helpers.geometry import cosine_matrix, nearest_neighbors

DIM, INIT_SCALE, WINDOW = 20, 0.1, 2  # where the demos begin
LEARNING_RATE = 0.2  # safe for every setting of the demos, also for the longest first vectors


def in_order() -> list[str]:
    """Return the words class by class, those without one at the end."""
    ordered = [word for words in SMALL_WORLD_CLASSES.values() for word in words]
    return list(dict.fromkeys([*ordered, *small_world_text.text()[0].words]))


def kind(word: str) -> str:
    return word_class(word) or "function word"


class SmallWorldTraining(Training):
    """The small world in training, by gradient descent with momentum.

    A subclass has a setting called `word`, and says in `start_over` where to begin.

    Attributes
    ----------
    points : (V, 2) float array
        The center vectors on a map: by default PCA, turned so that it stays close to the map before.
    reach : float
        The largest coordinate that a point had so far.
    shown : float
        The share of the spread of the vectors that the map shows.
    in_class, within : float
        The share of words whose nearest neighbor is of their class, and the mean cosine within a class.
    """

    optimizer = "momentum"
    near = 8  # how many neighbors are shown

    def __init__(self):
        vocabulary, _ = small_world_text.text()
        self.words, self.index = vocabulary.words, vocabulary.index
        self._mates = small_world_text.mates(self.words)
        super().__init__()

    def changed(self, names: set[str]) -> None:
        """Start over, unless only another word is asked for."""
        if names != {"word"}:
            self.start_over()

    def begin_world(self, dim: int, init_scale: float, window: int) -> None:
        """Go to epoch 0 of a new run."""
        self.begin(small_world_text.pair_counts(window), dim, 0, init_scale, LEARNING_RATE)
        self.points, self.reach = None, 0.0
        self.look()

    def look(self) -> None:
        """Take stock of the vectors as they are: the map, and how well the classes keep together."""
        W = self.embeddings.W
        self.points = self.flat(W)
        self.reach = max(self.reach, float(np.abs(self.points).max()))
        self.shown = float(np.sum(self.points**2) / np.sum((W - W.mean(axis=0)) ** 2))
        cosines = cosine_matrix(W)
        self.within = float(cosines[self._mates].mean())
        self.in_class = float(small_world_text.in_class(cosines, self._mates)[self._mates.any(axis=1)].mean())

    def flat(self, W: np.ndarray) -> np.ndarray:
        """Return the map of the vectors W, (V, 2)."""
        return small_world_text.steady_map(W, self.points)

    @property
    def neighbors(self) -> list[tuple[str, float]]:
        """The words closest in direction to the chosen one, with their cosines."""
        ids, cosines = nearest_neighbors(self.embeddings.W, self.index[self.word], self.near)
        return [(self.words[i], cosine) for i, cosine in zip(ids, cosines.tolist(), strict=True)]

    def mates(self, word: str) -> list[str]:
        """Return the other words of its class; function words have none."""
        return [self.words[i] for i in np.flatnonzero(self._mates[self.index[word]])]
