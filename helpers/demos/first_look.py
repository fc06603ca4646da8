"""A first look: 53 words at random places read 2,000 sentences, and words that are used alike gather."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from helpers.corpora import word_class
from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo, row
from helpers.demos.layout import Box, Frame, touchable, touched
from helpers.demos.settings import Choice
from helpers.demos.small_world_text import SENTENCES, SmallWorld, pair_counts, text
from helpers.demos.the_small_world import LEARNING_RATE, TheSmallWorldModel, named
from helpers.demos.tour import turn, watch
from helpers.demos.training import Training
from helpers.geometry import cosine_matrix, principal_coordinates
from helpers.lettering import width
from helpers.palette import GRAY, GROUP_COLORS, INK, group_colors
from helpers.skipgram import train

NEIGHBORS = 6
ABOUT = {"vehicle": "vehicles", "animal": "animals", "food": "food", "person": "people"}
DIM, INIT_SCALE, WINDOW = (
    getattr(TheSmallWorldModel, name).default for name in ("dim", "init_scale", "window")
)


@cache
def plane() -> np.ndarray:
    """Return the plane (D, 2) on which the trained words lie most widely: their first two principal axes.

    The map shows this plane from the start, so that words walk, and never jump because the plane has turned.
    """
    run = train(
        pair_counts(WINDOW),
        dim=DIM,
        rng=np.random.default_rng(0),
        epochs=FirstLookModel.course,
        learning_rate=LEARNING_RATE,
        init_scale=INIT_SCALE,
        optimizer=FirstLookModel.optimizer,
    )
    W = run.embeddings.W
    return np.linalg.lstsq(W - W.mean(axis=0), principal_coordinates(W))[0]


def topic(word: str) -> str:
    """Return what a word is about, which decides its color: the verb of a vehicle is about vehicles, too."""
    return (word_class(word) or "").partition(" ")[0]


def in_order() -> list[str]:
    """Return all words, class by class."""
    return [*named().values()]


class FirstLookModel(SmallWorld, Training):
    """The small world as it is first seen: nothing to set but a word to ask for."""

    word = Choice("word", "car", in_order, "The word whose neighbors are shown")
    optimizer = TheSmallWorldModel.optimizer

    def __init__(self):
        self.topics = np.array([topic(word) for word in text()[0].words])
        super().__init__()

    def changed(self, names: set[str]) -> None:
        """Go on: it is only another word that is asked for."""

    def start_over(self) -> None:
        """Go back to random numbers."""
        self.begin(pair_counts(WINDOW), DIM, 0, INIT_SCALE, LEARNING_RATE)
        self.forget_map()
        self.look()

    def look(self) -> None:
        """Show the words on the one plane, and count those whose nearest word is of their color."""
        W = self.embeddings.W
        cosines = cosine_matrix(W)
        np.fill_diagonal(cosines, -np.inf)
        nearest = cosines.argmax(axis=1)
        self.alike = int(np.sum((self.topics[nearest] == self.topics) & self.social))
        self.points = (W - W.mean(axis=0)) @ plane()
        self.reach = max(self.reach, float(np.abs(self.points).max()))

    @property
    def neighbors(self) -> list[tuple[str, float]]:
        """The words closest in direction to the chosen one, with their cosines."""
        return self.nearest(self.word, NEIGHBORS)

    @property
    def read(self) -> str:
        """How often the text has been read."""
        return {0: "not read yet", 1: "read once", 2: "read twice"}.get(
            self.epoch, f"read {self.epoch} times"
        )

    def summary(self) -> str:
        near = ", ".join(word for word, _ in self.neighbors[:5])
        random = "" if self.epoch else ", so all numbers are still random"
        return f"{SENTENCES:,} sentences, {self.read}{random}. Nearest to “{self.word}”: {near}."


class FirstLook(Demo):
    """Let the words read, and ask one of them for its neighbors."""

    Model = FirstLookModel
    size, animated = (850, 468), True

    def __init__(self):
        super().__init__()
        controls, buttons, sheet = self.children
        self.children = (row([*controls.children, *buttons.children]), sheet)

    def actions(self) -> dict:
        return {f"Read {SENTENCES:,} sentences": self.model.frames}

    def tour(self) -> Iterator[str]:
        """Read everything, then ask the words that the notebook names."""
        yield from watch(self, f"Read {SENTENCES:,} sentences", every=5)
        for word in ("dog", "bread", "eats", "young", "here", "there"):
            yield turn(self, "word", word)

    def carry_on(self, model: FirstLookModel) -> None:
        """Read to the end."""
        model.train(model.goal - model.epoch)

    def touch(self, key: str, x: float, y: float) -> None:
        """Ask the word that was touched, on the map or in the list."""
        word = touched(key, [word for word, _ in self.model.neighbors], _spots(self.model), x, y)
        if word is not None:
            self.model.set(word=word)

    def parts(self, model: FirstLookModel) -> list[str]:
        done = Box(READ.x, READ.y + 28, 330, 10)
        flat = (
            f"Each word is {DIM} numbers. The map is their shadow on a plane, so words can look closer than "
            f"they are; the list and the count above use all {DIM}."
        )
        told = [
            charts.progress(done, model.epoch / model.goal, f"{SENTENCES:,} sentences, {model.read}"),
            labels.paragraph(READ.x, READ.y + 66, [flat], 330),
        ]
        return [svg.panel(MAP, _map(model)), svg.panel(LIST.open, _list(model)), svg.panel(READ.open, told)]


MAP, LIST, READ = Box(8, 4, 440, 460), Box(474, 4, 368, 336), Box(474, 346, 368, 118)


def _frame(model: FirstLookModel) -> Frame:
    return Frame.square(MAP.x + 8, MAP.y + 28, 424, 424, 1.12 * model.reach)


def _spots(model: FirstLookModel) -> dict[str, list[float]]:
    """Return where each word stands, in pixels."""
    return dict(zip(model.words, _frame(model).pixels(model.points), strict=True))


def _map(model: FirstLookModel) -> list[str]:
    """Draw all words, with lines from the chosen one to its neighbors."""
    frame, places = _frame(model), _spots(model)
    lit = [model.word, *(name for name, _ in model.neighbors)]
    order = [*lit, *(word for word in in_order() if word not in lit)]
    spots, colors = [places[word] for word in order], group_colors([word_class(word) for word in order])
    inks = [INK] * len(lit) + colors[len(lit) :]
    meaning = [(name, GROUP_COLORS[group], 4.5, True) for group, name in ABOUT.items()]
    dots = [svg.named(svg.dot(*spots[k], colors[k], 5 if k else 6), word) for k, word in enumerate(order)]
    map_ = [
        frame.border(),
        *(svg.line(*spots[0], *spot, GRAY) for spot in spots[1 : len(lit)]),
        svg.dot(*spots[0], INK, 8),
        *dots[len(lit) :],
        *(svg.linked(word, [dot]) for word, dot in zip(lit, dots, strict=False)),
        labels.beside(frame, spots, order, inks, needed=len(lit), astray=False, bold=len(lit), links=lit),
    ]
    return [
        charts.legend(frame.x, MAP.y + 16, [*meaning, ("the, a, is, here, there", GRAY, 4.5, True)]),
        svg.target("map", map_),
    ]


def _list(model: FirstLookModel) -> list[str]:
    """Count the words that have found company, and list the neighbors of the chosen one."""
    head, title, *rows, last = LIST.rows(50, 44, *[34] * NEIGHBORS, None)
    count = f"{model.alike} of {model.social.sum()}"
    beyond = head.x + width("48 of 48", 26, bold=True) + 12
    return [
        svg.hero(head.x, head.y + 34, count),
        svg.text(beyond, head.y + 20, "words have a word of their"),
        svg.text(beyond, head.y + 38, "own color as the nearest"),
        svg.title(title.x, title.y + 32, f"nearest to “{model.word}”"),
        svg.line(title.x + 78, rows[0].y, title.x + 78, rows[-1].bottom),
        *touchable(_line(line, *near) for near, line in zip(model.neighbors, rows, strict=True)),
        svg.note(last.x + 78, last.y + 18, "the longer, the nearer"),
    ]


def _line(line: Box, name: str, cosine: float) -> str:
    """Draw a word of the list, tied to its dot on the map."""
    (color,) = group_colors([word_class(name)])
    parts = [
        svg.rect(*line, "transparent"),
        svg.text(line.x + 70, line.middle + 4.5, name, anchor="end"),
        svg.rect(line.x + 78, line.y + 5, 200 * max(cosine, 0), 24, color),
    ]
    return svg.linked(name, parts)
