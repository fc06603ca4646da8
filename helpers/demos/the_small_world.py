"""The small world: 53 words learn who is like whom; ask one of them for its neighbors at any time."""

from __future__ import annotations

import numpy as np

from helpers.corpora import SMALL_WORLD_CLASSES, word_class
from helpers.demos import charts, labels, small_world_text, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.settings import Choice, Slider, Steps
from helpers.demos.training import Training
from helpers.geometry import cosine_matrix
from helpers.palette import CENTER, GRAY, INK

LEARNING_RATE = 0.2  # safe for every setting below, also for the longest first vectors
NEIGHBORS = 8
NOUNS = {"vehicle": "vehicles", "animal": "animals", "food": "foods", "person": "people"}


def named() -> dict[str, str]:
    """Return the words by the names that readers see, class by class, those without one at the end."""
    ordered = [word for words in SMALL_WORLD_CLASSES.values() for word in words]
    return {
        f"{word} ({kind(word)})": word
        for word in dict.fromkeys([*ordered, *small_world_text.text()[0].words])
    }


def kind(word: str) -> str:
    return word_class(word) or "function word"


class TheSmallWorldModel(small_world_text.SmallWorld, Training):
    """The small world in training, by gradient descent with momentum.

    Attributes
    ----------
    within : float
        The mean cosine within a class.
    """

    dim = Slider("dimensions D", 20, 2, 30, 1, "Coordinates per vector; a new start")
    init_scale = Steps("init scale", 0.1, (0.01, 0.03, 0.1, 0.3, 1.0), "Size of the first numbers")
    window = Slider("window", 2, 1, 5, 1, "How far a center looks; a new start")
    word = Choice("word", "car", named, "The word whose neighbors are shown")
    optimizer = "momentum"

    def changed(self, names: set[str]) -> None:
        """Start over, unless only another word is asked for."""
        if names != {"word"}:
            self.start_over()

    def start_over(self) -> None:
        """Go back to epoch 0 with the settings as they are."""
        self.begin(small_world_text.pair_counts(self.window), self.dim, 0, self.init_scale, LEARNING_RATE)
        self.forget_map()
        self.look()

    def look(self) -> None:
        self.within = float(self.take_stock(self.embeddings.W)[self.together].mean())

    @property
    def neighbors(self) -> list[tuple[str, float]]:
        return self.nearest(self.word, NEIGHBORS)

    def mates(self, word: str) -> list[str]:
        """Return the other words of its class; function words have none."""
        return [self.words[i] for i in np.flatnonzero(self.together[self.index[word]])]

    @property
    def gathered(self) -> dict[str, np.ndarray]:
        """The middle on the map of each class of nouns whose words have come together."""
        members = {noun: [self.index[word] for word in SMALL_WORLD_CLASSES[noun]] for noun in NOUNS}
        return {
            noun: self.points[rows].mean(axis=0)
            for noun, rows in members.items()
            if cosine_matrix(self.embeddings.W[rows]).min() > 0.8
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


class TheSmallWorld(Demo):
    """Train the small world and ask any of its words for its neighbors."""

    Model = TheSmallWorldModel
    size, animated = (850, 436), True

    def actions(self) -> dict:
        return {"Train": self.model.frames, "Back to epoch 0": self.model.start_over}

    def carry_on(self, model: TheSmallWorldModel) -> None:
        """Train up to the goal."""
        model.train(model.goal - model.epoch)

    def touch(self, key: str, x: float, y: float) -> None:
        """Ask the word that was touched."""
        found = nearest(_spots(self.model), x, y)
        if found is not None:
            self.model.set(word=self.model.words[found])

    def parts(self, model: TheSmallWorldModel) -> list[str]:
        left, right = LEFT, RIGHT
        done, loss, near = right.rows(10, 64, 184, gap=44)
        until, high = max(model.course, model.epoch), 1.05 * max(model.highest_loss, 4.0)
        chart, _ = loss.columns(252, None)
        return [
            *_map(left, model),
            charts.progress(done, model.epoch / model.goal, f"epoch {model.epoch} of {model.goal}"),
            charts.losses(chart, model.history, model.loss, model.floor, until, high),
            *_neighbors(near, model),
        ]


LEFT, RIGHT = Box(20, 36, 810, 362).columns(420, None, gap=34)


def _spots(model: TheSmallWorldModel) -> list[tuple[float, float]]:
    """Return where the words stand, in pixels."""
    frame = Frame.square(*LEFT, 1.1 * model.reach)
    return [frame.at(*point) for point in model.points.tolist()]


def _map(box: Box, model: TheSmallWorldModel) -> list[str]:
    """Draw the chosen word, its neighbors and its mates among all words, and the classes that gathered."""
    frame = Frame.square(*box, 1.1 * model.reach)
    places = _spots(model)
    spot = {word: places[i] for word, i in model.index.items()}
    names, mates = [name for name, _ in model.neighbors], model.mates(model.word)
    spots = {word: spot[word] for word in (model.word, *names)}
    spots |= {NOUNS[noun]: frame.at(*middle) for noun, middle in model.gathered.items()}
    colors = [INK if word in spot else GRAY for word in spots]
    ring = f"same class as {model.word}" if mates else f"same class (“{model.word}” has none)"
    meaning = [(f"the {NEIGHBORS} nearest neighbors", CENTER, 4.5, True), (ring, INK, 7.5, False)]
    map_ = [
        frame.border(),
        frame.cross(),
        *(svg.dot(*spot[word], INK, 7.5, filled=False) for word in mates),
        *(svg.dot(x, y, GRAY, 3) for x, y in places),
        *(svg.dot(*spot[word], CENTER, 4.5) for word in names),
        svg.dot(*spot[model.word], CENTER, 7),
        labels.beside(frame, [*spots.values()], [*spots], colors, avoid=places),
    ]
    return [
        svg.title(box.x, box.y - 12, f"center vectors W, map by PCA: {model.shown:.0%} of their spread"),
        svg.target("map", map_),
        charts.legend(box.x + 4, box.bottom + 20, meaning),
    ]


def _neighbors(box: Box, model: TheSmallWorldModel) -> list[str]:
    """Draw the cosines of the neighbors, and say of each what class it is of."""
    names, cosines = zip(*model.neighbors, strict=True)
    mates, rows = model.mates(model.word), box.rows(*[None] * NEIGHBORS)
    colors = [CENTER if name in mates else GRAY for name in names]
    lengths, named = [110 * max(cosine, 0) for cosine in cosines], [*zip(names, rows, strict=True)]
    kinds = zip(named, colors, strict=True)
    share = f"nearest neighbor in its class: {model.in_class:.0%} of the words"
    return [
        svg.title(box.x, box.y - 8, f"cosine with {model.word} ({kind(model.word)})"),
        charts.bars(box.x + 82, rows, lengths, colors, map(svg.number, cosines)),
        *(svg.text(box.x + 74, row.middle + 4.5, name, anchor="end") for name, row in named),
        *(svg.note(box.x + 238, row.middle + 4.5, kind(name), color=color) for (name, row), color in kinds),
        svg.text(box.x, box.bottom + 22, share),
        svg.text(box.x, box.bottom + 41, f"mean cosine within a class: {svg.number(model.within)}"),
    ]
