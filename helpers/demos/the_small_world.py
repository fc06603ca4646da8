"""The small world: 53 words learn who is like whom; ask one of them for its neighbors at any time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from helpers import checks
from helpers.corpora import SMALL_WORLD_CLASSES, word_class
from helpers.demos import charts, labels, small_world_text, svg
from helpers.demos.base import Demo, choice, slider, steps
from helpers.demos.layout import Box, Frame
from helpers.demos.training import Training, start_size
from helpers.geometry import cosine_matrix, nearest_neighbors
from helpers.palette import CENTER, GREY, INK, PALE

SCALES = (0.01, 0.03, 0.1, 0.3, 1.0)
LEARNING_RATE = 0.2  # safe for every setting below, also for the longest first vectors
EPOCHS = 300  # in one training, enough for the loss to come to rest
NEIGHBORS = 8
NOUNS = {"vehicle": "vehicles", "animal": "animals", "food": "foods", "person": "people"}


class TheSmallWorldModel(Training):
    """The small world in training, by gradient descent with momentum.

    Attributes
    ----------
    dim : int
        Number D of coordinates per vector.
    init_scale : float
        Standard deviation of the start.
    window : int
        Reach of the window. A new dimension, scale or window is a new start.
    word : str
        The word whose neighbors are asked for.
    points : (V, 2) float array
        The center vectors on a map (PCA), turned so that it stays close to the map before.
    shown : float
        The share of the spread of the vectors that the map shows.
    """

    optimizer = "momentum"

    def __init__(self):
        vocabulary, _ = small_world_text.text()
        self.words, self.index = vocabulary.words, vocabulary.index
        self.classes = np.array([word_class(word) or "function word" for word in self.words])
        self._mates = small_world_text.mates(self.words)
        self.reset()

    def set(
        self,
        dim: int | None = None,
        init_scale: float | None = None,
        window: int | None = None,
        word: str | None = None,
    ) -> None:
        dim = self.dim if dim is None else checks.whole(dim, "dim", 2)
        init_scale = self.init_scale if init_scale is None else start_size(init_scale)
        window = self.window if window is None else checks.whole(window, "window", 1)
        if word is not None:
            if word not in self.index:
                raise ValueError(f"the small world has no word {word!r}; it has, for example, car and dog")
            self.word = word
        if (dim, init_scale, window) != (self.dim, self.init_scale, self.window):
            self.dim, self.init_scale, self.window = dim, init_scale, window
            self.start_over()

    def reset(self) -> None:
        """Go back to the first state of all, settings included."""
        self.dim, self.init_scale, self.window, self.word = 20, 0.1, 2, "car"
        self.start_over()

    def start_over(self) -> None:
        """Go back to epoch 0 with the settings as they are."""
        self.begin(small_world_text.pair_counts(self.window), self.dim, 0, self.init_scale, LEARNING_RATE)
        self.points, self.reach = None, 0.0
        self._look()

    @property
    def goal(self) -> int:
        """The epoch at which the present training ends, or has ended."""
        return max(EPOCHS, -(-self.epoch // EPOCHS) * EPOCHS)

    def frames(self, epochs: int | None = None) -> Iterator[int]:
        """Train and yield after each epoch at first, later after every few; by default up to the goal."""
        epochs = EPOCHS - self.epoch % EPOCHS if epochs is None else epochs
        due, end = self.epoch, self.epoch + epochs
        for epoch in super().frames(epochs):
            if epoch in (due, end) or self.ran_away:
                due = epoch + min(1 + epoch // 30, 10)
                self._look()
                yield epoch

    @property
    def neighbors(self) -> list[tuple[str, float]]:
        """The words closest in direction to the chosen one, with their cosines."""
        ids, cosines = nearest_neighbors(self.embeddings.W, self.index[self.word], NEIGHBORS)
        return [(self.words[i], cosine) for i, cosine in zip(ids, cosines.tolist(), strict=True)]

    def mates(self, word: str) -> list[str]:
        """Return the other words of its class; function words have none."""
        return [self.words[i] for i in np.flatnonzero(self._mates[self.index[word]])]

    @property
    def gathered(self) -> dict[str, np.ndarray]:
        """The middle on the map of each class of nouns whose words have come together."""
        W = self.embeddings.W
        members = {kind: np.flatnonzero(self.classes == kind) for kind in NOUNS}
        return {
            kind: self.points[rows].mean(axis=0)
            for kind, rows in members.items()
            if cosine_matrix(W[rows]).min() > 0.8
        }

    def summary(self) -> str:
        if self.ran_away:
            return (
                f"After epoch {self.epoch} the numbers ran away. Choose a smaller init scale or press Reset."
            )
        near = ", ".join(f"{word} {svg.number(cosine)}" for word, cosine in self.neighbors[:3])
        return (
            f"Epoch {self.epoch} of {self.goal}: loss {self.loss:.3f} nats per pair, floor {self.floor:.3f}. "
            f"For {self.in_class:.0%} of the words the nearest neighbor is of their class; within a class "
            f"the mean cosine is {svg.number(self.within)}. Nearest to {self.word}: {near}."
        )

    def _look(self) -> None:
        """Take stock of the vectors as they are: the map, and how well the classes keep together."""
        W = self.embeddings.W
        self.points = small_world_text.steady_map(W, self.points)
        self.reach = max(self.reach, float(np.abs(self.points).max()))
        self.shown = float(np.sum(self.points**2) / np.sum((W - W.mean(axis=0)) ** 2))
        cosines = cosine_matrix(W)
        self.within = float(cosines[self._mates].mean())
        self.in_class = float(small_world_text.in_class(cosines, self._mates)[self._mates.any(axis=1)].mean())


class TheSmallWorld(Demo):
    """Train the small world and ask any of its words for its neighbors."""

    animated = True

    def __init__(self):
        model = TheSmallWorldModel()
        order = [word for words in SMALL_WORLD_CLASSES.values() for word in words]
        order += [word for word in model.words if word not in order]
        named = {f"{word} ({model.classes[model.index[word]]})": word for word in order}
        controls = {
            "dim": slider("dimensions D", model.dim, 2, 30, 1, "Coordinates per vector; a new start"),
            "init_scale": steps("init scale", SCALES, model.init_scale, "Size of the first numbers"),
            "window": slider("window", model.window, 1, 5, 1, "How far a center looks; a new start"),
            "word": choice("word", named, model.word, "The word whose neighbors are shown"),
        }
        actions = {"Train": model.frames, "Back to epoch 0": model.start_over, "Reset": model.reset}
        super().__init__(model, controls, actions)

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show the world after training."""
        later = TheSmallWorldModel()
        later.train(EPOCHS)
        return _picture(later)


def _picture(model: TheSmallWorldModel) -> str:
    parts = [_map(model), _progress(model), _loss(model), _neighbors(model)]
    return svg.picture(850, 436, parts, model.summary())


def _map(model: TheSmallWorldModel) -> str:
    frame = Frame.square(20, 36, 420, 362, 1.1 * model.reach)
    places = [frame.at(*point) for point in model.points.tolist()]
    mates = [model.index[word] for word in model.mates(model.word)]
    near = [model.index[word] for word, _ in model.neighbors]
    chosen = model.index[model.word]
    title = f"center vectors W, map by PCA: {model.shown:.0%} of their spread"
    parts = [svg.text(20, 24, title, bold=True), frame.border(), frame.cross()]
    parts += [svg.dot(*places[i], INK, 7.5, filled=False) for i in mates]
    parts += [svg.dot(x, y, GREY, 3) for x, y in places]
    parts += [svg.dot(*places[i], CENTER, 4.5) for i in near]
    parts.append(svg.dot(*places[chosen], CENTER, 7))
    words = [model.word, *(word for word, _ in model.neighbors)]
    spots, inks = [places[model.index[word]] for word in words], [INK] * len(words)
    for kind, middle in model.gathered.items():
        words, spots, inks = [*words, NOUNS[kind]], [*spots, frame.at(*middle)], [*inks, GREY]
    parts.append(labels.beside(frame, spots, words, inks, avoid=places))
    low = frame.y + frame.height + 20
    ring = f"same class as {model.word}" if mates else f"same class (“{model.word}” has none)"
    parts += [
        svg.dot(28, low - 4.5, CENTER, 4.5),
        svg.text(40, low, f"the {NEIGHBORS} nearest neighbors", 12, GREY),
        svg.dot(216, low - 4.5, INK, 7.5, filled=False),
        svg.text(230, low, ring, 12, GREY),
    ]
    return "".join(parts)


def _progress(model: TheSmallWorldModel) -> str:
    share = model.epoch / model.goal
    return (
        svg.text(474, 24, f"epoch {model.epoch} of {model.goal}", bold=True)
        + svg.rect(474, 36, 356, 10, PALE, corner=5)
        + svg.rect(474, 36, 356 * share, 10, GREY, corner=5)
    )


def _loss(model: TheSmallWorldModel) -> str:
    until, high = max(EPOCHS, model.epoch), 1.05 * max(model.highest_loss, 4.0)
    frame = Frame(500, 92, 226, 64, (0, until), (0, high))
    (x, y), (_, floor) = frame.at(model.epoch, model.loss), frame.at(0, model.floor)
    end = min(frame.at(0, model.loss)[1], floor - 16)
    return "".join(
        [
            svg.text(474, 78, "loss (nats per pair)", bold=True),
            frame.axes([], [0, 2, 4] if high < 5 else [0, 5, 10]),
            svg.line(500, floor, 726, floor, GREY),
            svg.line(x, y, 730, end, PALE),
            frame.plot(model.history.times, model.history.rows[:, 0], INK),
            svg.dot(x, y, INK, 3.5),
            svg.text(734, end + 4.5, f"loss {model.loss:.3f}"),
            svg.text(734, floor + 4.5, f"floor {model.floor:.3f}", color=GREY),
        ]
    )


def _neighbors(model: TheSmallWorldModel) -> str:
    rows = Box(474, 198, 356, NEIGHBORS * 23).rows(*[23] * NEIGHBORS)
    names, cosines = zip(*model.neighbors, strict=True)
    mates = model.mates(model.word)
    colors = [CENTER if name in mates else GREY for name in names]
    lengths = [110 * max(cosine, 0) for cosine in cosines]
    parts = [
        svg.title(474, 190, f"cosine with {model.word} ({model.classes[model.index[model.word]]})"),
        charts.bars(556, rows, lengths, colors, map(svg.number, cosines)),
    ]
    for name, color, row in zip(names, colors, rows, strict=True):
        parts.append(svg.text(548, row.middle + 4.5, name, anchor="end"))
        parts.append(svg.note(712, row.middle + 4.5, model.classes[model.index[name]], color=color))
    share = f"nearest neighbor in its class: {model.in_class:.0%} of the words"
    parts.append(svg.text(474, 404, share))
    parts.append(svg.text(474, 423, f"mean cosine within a class: {svg.number(model.within)}"))
    return "".join(parts)
