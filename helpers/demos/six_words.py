"""Watch six words: gradient descent on four sentences, in two dimensions, one epoch after the other."""

from __future__ import annotations

from math import inf

import numpy as np

from helpers.corpora import love_sentences
from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.settings import Slider, Steps
from helpers.demos.training import Training
from helpers.geometry import cosine_matrix
from helpers.pairs import encode_and_count
from helpers.palette import CENTER, GRAY, INK, PALE

WITHIN = (("dog", "cat"), ("i", "you"))  # words with the same company
ACROSS = (("dog", "i"), ("dog", "love"))  # the first two share no neighbor, the others share "my"
PLAY = 1000  # epochs after which Play ends by itself


class SixWordsModel(Training):
    """The four love sentences in training: window 1, D = 2.

    `history` holds the loss, the four cosines, and where the six center vectors were.
    """

    seed = Slider("seed", 0, 0, 99, 1, "Decides the random start; a new seed starts over")
    learning_rate = Steps(
        "learning rate η", 0.3, (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0), "The length of the steps"
    )
    init_scale = Steps(
        "init scale", 0.1, (0.01, 0.03, 0.1, 0.3, 1.0), "How long the first vectors are; starts over"
    )
    slows_after = inf  # every epoch is shown

    def __init__(self):
        vocabulary, _, self.counts = encode_and_count(love_sentences(), window=1)
        self.words, self.index = vocabulary.words, vocabulary.index
        super().__init__()

    def changed(self, names: set[str]) -> None:
        if names == {"learning_rate"}:
            self.set_rate(self.learning_rate)
        else:
            self.start_over()

    def start_over(self) -> None:
        """Go back to epoch 0 with the settings as they are."""
        self.reach = 0.0
        self.begin(self.counts, 2, self.seed, self.init_scale, self.learning_rate)

    def noted(self) -> list[float]:
        W = self.embeddings.W
        self.reach = max(self.reach, float(np.abs(W).max()))
        return [*self.cosines.values(), *W.ravel()]

    @property
    def cosines(self) -> dict[tuple[str, str], float]:
        """The cosines between center vectors, two within a group and two across."""
        table, index = cosine_matrix(self.embeddings.W), self.index
        return {(a, b): float(table[index[a], index[b]]) for a, b in (*WITHIN, *ACROSS)}

    @property
    def trails(self) -> np.ndarray:
        """Where the center vectors were, (T, V, 2)."""
        return self.history.rows[:, 5:].reshape(-1, len(self.words), 2)

    def summary(self) -> str:
        if self.ran_away:
            return (
                f"With η = {self.learning_rate:g} the steps are too long: after epoch {self.epoch} the "
                f"numbers ran away. Choose a smaller η and go back to epoch 0, or press Reset."
            )
        told = [f"cos({a}, {b}) = {svg.number(value)}" for (a, b), value in self.cosines.items()]
        return (
            f"Epoch {self.epoch}: loss {self.loss:.3f} nats per pair, floor {self.floor:.3f}. Within a group "
            f"{told[0]} and {told[1]}; across groups {told[2]} and {told[3]}."
        )


class SixWords(Demo):
    """Train six words in two dimensions and watch which ones meet."""

    Model = SixWordsModel
    size, animated = (850, 416), True

    def actions(self) -> dict:
        model = self.model
        return {
            "Train 1 epoch": model.step,
            "Train 10 epochs": lambda: model.frames(10),
            "Train 50 epochs": lambda: model.frames(50),
            "Play": lambda: model.frames(PLAY),
            "Back to epoch 0": model.start_over,
        }

    def carry_on(self, model: SixWordsModel) -> None:
        """Train until the words have met."""
        model.train(max(400 - model.epoch, 0))

    def parts(self, model: SixWordsModel) -> list[str]:
        left, right = Box(20, 36, 700, 344).columns(344, 284, gap=72)
        title = svg.title(left.x, 24, f"center vectors W, D = 2, and their trails: epoch {model.epoch}")
        return [title, *_map(left, model), *_charts(right, model)]


def _map(box: Box, model: SixWordsModel) -> list[str]:
    """Draw the words, the ways they have come, and a ruler."""
    frame, colors = Frame.square(*box, 1.2 * model.reach), [CENTER] * len(model.words)
    places = [frame.at(*point) for point in model.embeddings.W.tolist()]
    trails = np.moveaxis(model.trails, 0, 1).tolist() if model.epoch else []
    ruler = charts.nice(0.6 * model.reach)
    left, low = box.x + 12, box.bottom + 18
    right = left + ruler * box.width / (2.4 * model.reach)
    return [
        frame.border(),
        frame.cross(),
        *(svg.curve([frame.at(*point) for point in trail], CENTER, 1.2, opacity=0.5) for trail in trails),
        *(svg.dot(x, y, CENTER) for x, y in places),
        labels.beside(frame, places, model.words, colors),
        svg.line(left, low, right, low, INK, 1.5),
        svg.line(left, low - 4, left, low + 4, INK, 1.5),
        svg.line(right, low - 4, right, low + 4, INK, 1.5),
        svg.note(right + 8, low + 4.5, f"length {ruler:g}"),
    ]


def _charts(box: Box, model: SixWordsModel) -> list[str]:
    """Draw loss and cosines over the epochs, one chart below the other."""
    until = max(100, model.epoch)
    loss, within, across = box.rows(84, 84, 84, gap=40)
    high = 1.05 * max(model.highest_loss, 1.9)
    return [
        charts.losses(loss, model.history, model.loss, model.floor, until, high),
        *_cosines(Frame(*within, (0, until), (-1, 1)), model, "cosine within a group", WITHIN, 1),
        *_cosines(Frame(*across, (0, until), (-1, 1)), model, "cosine across groups", ACROSS, 3),
    ]


def _cosines(frame: Frame, model: SixWordsModel, title: str, pairs, column: int) -> list[str]:
    """Draw two columns of the history; the lower chart names the epochs for all three."""
    history, last = model.history, pairs is ACROSS
    named = [
        charts.Curve(f"{a}–{b} {svg.number(rows[-1])}", history.times, rows, color)
        for (a, b), rows, color in zip(pairs, history.rows.T[column:], (INK, GRAY), strict=False)
    ]
    return [
        svg.title(frame.x, frame.y - 12, title),
        frame.axes(charts.ticks(frame.x_range[1], 3) if last else (), (-1, 0, 1), "epoch" if last else ""),
        svg.line(*frame.at(0, 0), *frame.at(frame.x_range[1], 0), PALE),
        charts.curves(frame, named),
    ]
