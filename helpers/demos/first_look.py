"""A first look: 53 words at random places read 2,000 sentences, and words that are used alike gather."""

from __future__ import annotations

from functools import cache

import numpy as np

from helpers.corpora import word_class
from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.settings import Choice
from helpers.demos.small_world_text import SENTENCES, SmallWorld, pair_counts
from helpers.demos.the_small_world import LEARNING_RATE, TheSmallWorldModel, named
from helpers.demos.training import Training
from helpers.geometry import principal_coordinates
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


def in_order() -> list[str]:
    """Return all words, class by class."""
    return [*named().values()]


class FirstLookModel(SmallWorld, Training):
    """The small world as it is first seen: nothing to set but a word to ask for."""

    word = Choice("word", "car", in_order, "The word whose neighbors are shown")
    optimizer = TheSmallWorldModel.optimizer

    def changed(self, names: set[str]) -> None:
        """Go on: it is only another word that is asked for."""

    def start_over(self) -> None:
        """Go back to random numbers."""
        self.begin(pair_counts(WINDOW), DIM, 0, INIT_SCALE, LEARNING_RATE)
        self.forget_map()
        self.look()

    def look(self) -> None:
        """Show the words on the one plane."""
        W = self.embeddings.W
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
    size, animated = (850, 470), True

    def actions(self) -> dict:
        return {f"Read {SENTENCES:,} sentences": self.model.frames}

    def carry_on(self, model: FirstLookModel) -> None:
        """Read to the end."""
        model.train(model.goal - model.epoch)

    def touch(self, key: str, x: float, y: float) -> None:
        """Ask the word that was touched."""
        spots = _spots(self.model)
        found = nearest(spots.values(), x, y)
        if found is not None:
            self.model.set(word=[*spots][found])

    def parts(self, model: FirstLookModel) -> list[str]:
        left, right = LEFT, RIGHT
        done, near, words = Box(right.x, right.y, 270, right.height).rows(10, 192, None, gap=72)
        flat = (
            f"Each word is {DIM} numbers. The map is their shadow on a plane, so words can look closer than "
            f"they are; the list above uses all {DIM}."
        )
        return [
            *_map(left, model),
            charts.progress(done, model.epoch / model.goal, f"{SENTENCES:,} sentences, {model.read}"),
            *_neighbors(near, model),
            labels.paragraph(words.x, words.y, [flat], words.width),
        ]


LEFT, RIGHT = Box(20, 34, 810, 418).columns(500, None, gap=40)


def _frame(model: FirstLookModel) -> Frame:
    return Frame.square(*LEFT, 1.12 * model.reach)


def _spots(model: FirstLookModel) -> dict[str, list[float]]:
    """Return where each word stands, in pixels."""
    return dict(zip(model.words, _frame(model).pixels(model.points), strict=True))


def _map(box: Box, model: FirstLookModel) -> list[str]:
    """Draw all words, with lines from the chosen one to its neighbors."""
    frame, places = _frame(model), _spots(model)
    lit = [model.word, *(name for name, _ in model.neighbors)]
    order = [*lit, *(word for word in in_order() if word not in lit)]
    spots, colors = [places[word] for word in order], group_colors([word_class(word) for word in order])
    inks = [INK] * len(lit) + colors[len(lit) :]
    meaning = [(name, GROUP_COLORS[group], 4.5, True) for group, name in ABOUT.items()]
    map_ = [
        frame.border(),
        *(svg.line(*spots[0], *spot, INK, 1.5) for spot in spots[1 : len(lit)]),
        svg.dot(*spots[0], INK, 8),
        *(
            svg.dot(x, y, shade, 5 if k else 6)
            for k, ((x, y), shade) in enumerate(zip(spots, colors, strict=True))
        ),
        labels.beside(frame, spots, order, inks, needed=len(lit), astray=False),
    ]
    return [
        svg.title(box.x, box.y - 12, f"{len(model.words)} words:"),
        charts.legend(box.x + 78, box.y - 12, [*meaning, ("the, a, is, here, there", GRAY, 4.5, True)]),
        svg.target("map", map_),
    ]


def _neighbors(box: Box, model: FirstLookModel) -> list[str]:
    """List the neighbors, with a bar for how near each is."""
    names, cosines = zip(*model.neighbors, strict=True)
    rows, bars = box.rows(*[None] * len(names)), [150 * max(cosine, 0) for cosine in cosines]
    colors = group_colors([word_class(name) for name in names])
    written = zip(names, rows, strict=True)
    return [
        svg.title(box.x, box.y - 12, f"nearest to “{model.word}”"),
        charts.bars(box.x + 78, rows, bars, colors, [""] * len(rows)),
        svg.note(box.x + 78, box.bottom + 18, "the longer, the nearer"),
        *(svg.text(box.x + 70, row.middle + 4.5, name, anchor="end") for name, row in written),
    ]
