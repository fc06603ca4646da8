"""The small world: 53 words learn who is like whom; ask one of them for its neighbors at any time."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

import numpy as np

from helpers.corpora import SMALL_WORLD_CLASSES, word_class
from helpers.demos import charts, labels, small_world_text, svg
from helpers.demos.base import Demo, row
from helpers.demos.layout import Box, Frame, touchable, touched
from helpers.demos.settings import Choice, Slider, Steps
from helpers.demos.tour import turn, watch
from helpers.demos.training import Training
from helpers.geometry import cosine_matrix
from helpers.lettering import width
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
            f"For {self.in_class:.0%} of the words with a class, the nearest neighbor shares it; within a "
            f"class the mean cosine is {svg.number(self.within)}. Nearest to {self.word}: {near}."
        )


class TheSmallWorld(Demo):
    """Train the small world and ask any of its words for its neighbors."""

    Model = TheSmallWorldModel
    size, animated = (850, 480), True

    def __init__(self):
        super().__init__()
        controls, buttons, sheet = self.children
        *settings, word = controls.children
        self.children = (row(settings), row([word, *buttons.children]), sheet)

    def actions(self) -> dict:
        return {"Train": self.model.frames, "Back to epoch 0": self.model.start_over}

    def tour(self) -> Iterator[str]:
        """Train, ask some words, and train with two coordinates only, then from a large start."""
        yield from watch(self, "Train", every=5)
        for word in ("dog", "bread", "woman", "moves", "the"):
            yield turn(self, "word", word)
        turn(self, "word", "car")
        for name, value in (("dim", 2), ("init_scale", 1.0)):
            yield turn(self, name, value)
            yield from watch(self, "Train", every=18)
            turn(self, name, getattr(type(self.model), name).default)

    def carry_on(self, model: TheSmallWorldModel) -> None:
        """Train up to the goal."""
        model.train(model.goal - model.epoch)

    def touch(self, key: str, x: float, y: float) -> None:
        """Ask the word that was touched, on the map or in the list."""
        word = touched(key, [word for word, _ in self.model.neighbors], _spots(self.model), x, y)
        if word is not None:
            self.model.set(word=word)

    def parts(self, model: TheSmallWorldModel) -> list[str]:
        done, loss = Box(LOSS.x, LOSS.y + 28, LOSS.width - 4, 8), Box(LOSS.x + 24, LOSS.y + 74, 240, 76)
        until, high = max(model.course, model.epoch), 1.05 * max(model.highest_loss, 4.0)
        trained = [
            charts.progress(done, model.epoch / model.goal, f"epoch {model.epoch} of {model.goal}"),
            charts.losses(loss, model.history, model.loss, model.floor, until, high),
        ]
        return [
            svg.panel(MAP, _map(model)),
            svg.panel(LIST.open, _list(model)),
            svg.panel(LOSS.open, trained),
        ]


MAP, LIST, LOSS = Box(8, 4, 436, 472), Box(456, 4, 386, 296), Box(456, 308, 386, 168)


def _frame(model: TheSmallWorldModel) -> Frame:
    return Frame.square(MAP.x + 8, MAP.y + 28, MAP.width - 16, 412, 1.1 * model.reach)


def _spots(model: TheSmallWorldModel) -> dict[str, tuple[float, float]]:
    """Return where each word stands, in pixels."""
    frame = _frame(model)
    return {word: frame.at(*point) for word, point in zip(model.words, model.points.tolist(), strict=True)}


def _map(model: TheSmallWorldModel) -> list[str]:
    """Draw the chosen word, its neighbors and its mates among all words, and the classes that gathered.

    Where words stand together the name of their class has to do; the mouse tells which is which.
    """
    frame, spot = _frame(model), _spots(model)
    names = [name for name, _ in model.neighbors]
    away = [word for word in model.mates(model.word) if word not in names]
    spots = {model.word: spot[model.word]}
    spots |= {NOUNS[noun]: _outermost(spot, noun, frame) for noun in model.gathered}
    spots |= {name: spot[name] for name in names}
    colors, needed = [INK if word in spot else GRAY for word in spots], 1 + len(model.gathered)
    ring = "others of its class" if model.mates(model.word) else "others of its class: it has none"
    meaning = [(f"the {NEIGHBORS} nearest neighbors", CENTER, 4.5, True), (ring, INK, 7.5, False)]
    map_ = [
        frame.border(),
        frame.cross(),
        *(svg.dot(*spot[word], INK, 7.5, filled=False) for word in away),
        *(
            svg.named(svg.dot(*spot[word], GRAY, 3), f"{word}, {kind(word)}")
            for word in spot
            if word not in names
        ),
        *(
            svg.linked(word, [svg.named(svg.dot(*spot[word], CENTER, 4.5), f"{word}, {kind(word)}")])
            for word in names
        ),
        svg.linked(model.word, [svg.dot(*spot[model.word], CENTER, 7)]),
        labels.beside(frame, [*spots.values()], [*spots], colors, spot.values(), needed, False, 1, [*spots]),
    ]
    return [
        svg.title(frame.x, MAP.y + 18, f"center vectors W, map by PCA: {model.shown:.0%} of their spread"),
        svg.target("map", map_),
        charts.legend(frame.x + 4, frame.bottom + 20, meaning),
    ]


def _outermost(spot: dict, noun: str, frame: Frame) -> tuple[float, float]:
    """Return the word of a class that stands farthest out: beside it there is room for the class's name."""
    x, y = frame.at(0, 0)
    return max((spot[word] for word in SMALL_WORLD_CLASSES[noun]), key=lambda at: hypot(at[0] - x, at[1] - y))


def _list(model: TheSmallWorldModel) -> list[str]:
    """Draw the cosines of the neighbors, and say of each what class it is of."""
    head, title, *rows, last = LIST.rows(44, 36, *[22] * NEIGHBORS, None)
    share = f"{model.in_class:.0%}"
    beyond = head.x + width("100%", 26, bold=True) + 10
    return [
        svg.hero(head.x, head.y + 32, share),
        svg.text(beyond, head.y + 20, "of the words with a class have one"),
        svg.text(beyond, head.y + 37, "of their class as their nearest neighbor"),
        svg.title(title.x, title.y + 26, f"cosine with {model.word} ({kind(model.word)})"),
        svg.line(title.x + 82, rows[0].y, title.x + 82, rows[-1].bottom),
        *touchable(_line(line, model, *near) for near, line in zip(model.neighbors, rows, strict=True)),
        svg.note(last.x, last.y + 22, f"mean cosine within a class: {svg.number(model.within)}", color=INK),
    ]


def _line(line: Box, model: TheSmallWorldModel, name: str, cosine: float) -> str:
    """Draw a word of the list, tied to its dot on the map."""
    color = CENTER if name in model.mates(model.word) else GRAY
    parts = [
        svg.rect(*line, "transparent"),
        svg.text(line.x + 74, line.middle + 4.5, name, anchor="end"),
        charts.bar(line.x + 82, line.y + 3, 130 * max(cosine, 0), 16, color, svg.number(cosine)),
        svg.note(line.x + 258, line.middle + 4.5, kind(name), color=color),
    ]
    return svg.linked(name, parts)
