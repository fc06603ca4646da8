"""Watch six words: gradient descent on four sentences, in two dimensions, one epoch after the other."""

from __future__ import annotations

import numpy as np

from helpers import checks
from helpers.corpora import love_sentences
from helpers.demos import svg
from helpers.demos.base import Demo, slider, steps
from helpers.demos.training import Training, start_size
from helpers.geometry import cosine_matrix
from helpers.pairs import count_matrix
from helpers.palette import CENTER, GREY, INK, PALE
from helpers.text import Vocabulary

WITHIN = (("dog", "cat"), ("i", "you"))  # words with the same company
ACROSS = (("dog", "i"), ("dog", "love"))  # the first two share no neighbor, the others share "my"
RATES = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
SCALES = (0.01, 0.03, 0.1, 0.3, 1.0)
PLAY = 1000  # epochs after which Play ends by itself


class SixWordsModel(Training):
    """The four love sentences in training: window 1, D = 2.

    Attributes
    ----------
    seed : int
        Decides the start.
    init_scale : float
        Standard deviation of the start. A new seed or scale is a new start.
    history : History
        The loss, the four cosines, and where the six center vectors were.
    """

    def __init__(self):
        sentences = love_sentences()
        vocabulary = Vocabulary.from_sentences(sentences)
        self.words, self.index = vocabulary.words, vocabulary.index
        ids = [vocabulary.encode(sentence) for sentence in sentences]
        self.counts = count_matrix(ids, window=1, vocab_size=len(vocabulary))
        self.reset()

    def set(
        self,
        seed: int | None = None,
        learning_rate: float | None = None,
        init_scale: float | None = None,
    ) -> None:
        seed = self.seed if seed is None else checks.whole(seed, "seed", 0)
        init_scale = self.init_scale if init_scale is None else start_size(init_scale)
        if learning_rate is not None:
            self.pace(learning_rate)
        if (seed, init_scale) != (self.seed, self.init_scale):
            self.seed, self.init_scale = seed, init_scale
            self.start_over()

    def reset(self) -> None:
        """Go back to the first state of all, settings included."""
        self.seed, self.learning_rate, self.init_scale = 0, 0.3, 0.1
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

    animated = True

    def __init__(self):
        model = SixWordsModel()
        controls = {
            "seed": slider("seed", model.seed, 0, 99, 1, "Decides the random start; a new seed starts over"),
            "learning_rate": steps("learning rate η", RATES, model.learning_rate, "The length of the steps"),
            "init_scale": steps(
                "init scale", SCALES, model.init_scale, "How long the first vectors are; starts over"
            ),
        }
        actions = {
            "Train 1 epoch": model.step,
            "Train 10 epochs": lambda: model.frames(10),
            "Train 50 epochs": lambda: model.frames(50),
            "Play": lambda: model.frames(PLAY),
            "Back to epoch 0": model.start_over,
            "Reset": model.reset,
        }
        super().__init__(model, controls, actions)

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show the words after they have met."""
        later = SixWordsModel()
        later.train(400)
        return _picture(later)


def _picture(model: SixWordsModel) -> str:
    parts = [
        svg.text(20, 24, f"center vectors W, D = 2, and their trails: epoch {model.epoch}", bold=True),
        _map(model),
        _chart(model, 36, "loss (nats per pair)", [("loss", 0)], 0, 1.05 * max(model.highest_loss, 1.9)),
        _chart(model, 160, "cosine within a group", _pairs(WITHIN, 1), -1, 1),
        _chart(model, 284, "cosine across groups", _pairs(ACROSS, 3), -1, 1, bottom=True),
    ]
    return svg.picture(850, 416, parts, model.summary())


def _map(model: SixWordsModel) -> str:
    frame = svg.Frame.square(20, 36, 344, 344, 1.2 * model.reach)
    ruler = _nice(0.6 * model.reach)
    left = frame.x + 12
    right = left + ruler * frame.width / (2.4 * model.reach)
    low = frame.y + frame.height + 18
    return (
        svg.word_map(frame, model.embeddings.W, model.words, [CENTER] * len(model.words), model.trails)
        + svg.line(left, low, right, low, INK, 1.5)
        + svg.line(left, low - 4, left, low + 4, INK, 1.5)
        + svg.line(right, low - 4, right, low + 4, INK, 1.5)
        + svg.text(right + 8, low + 4.5, f"length {ruler:g}", 12, GREY)
    )


def _chart(
    model: SixWordsModel, top: float, title: str, curves, low: float, high: float, bottom=False
) -> str:
    """Draw some columns of the history over the epochs, each named at the right together with its value."""
    until = max(100, model.epoch)
    frame = svg.Frame(436, top, 284, 84, (0, until), (low, high))
    history, now = model.history, model.history.rows[-1]
    tick = _nice(until / 3)
    epochs = [tick * k for k in range(int(until / tick) + 1)] if bottom else []
    heights = (-1, 0, 1) if low < 0 else (0, _nice(0.8 * high))
    parts = [svg.text(436, top - 12, title, bold=True), frame.axes(epochs, heights)]
    if bottom:
        parts.append(svg.text(436 + 142, top + 116, "epoch", 12, GREY, "middle"))
    levels = [(name, now[column], column) for name, column in curves]
    if low < 0:
        parts.append(svg.line(*frame.at(0, 0), *frame.at(until, 0), PALE))
    else:
        parts.append(svg.line(*frame.at(0, model.floor), *frame.at(until, model.floor), GREY))
        levels.append(("floor", model.floor, None))
    ends = [frame.at(until, value)[1] for _, value, _ in levels]
    for (name, value, column), end, color in zip(levels, _apart(*ends), (INK, GREY), strict=True):
        if column is not None:
            x, y = frame.at(model.epoch, value)
            parts.append(svg.line(x, y, 724, end, PALE))
            parts.append(frame.plot(history.times, history.rows[:, column], color))
            parts.append(svg.dot(x, y, color, 3.5))
        digits = 2 if low < 0 else 3
        parts.append(svg.text(728, end + 4.5, f"{name} {svg.number(value, digits)}", 13, color))
    return "".join(parts)


def _pairs(pairs, column: int) -> list[tuple[str, int]]:
    return [(f"{a}–{b}", column + k) for k, (a, b) in enumerate(pairs)]


def _apart(first: float, second: float, gap: float = 16) -> tuple[float, float]:
    """Move two labels apart, as little as it takes."""
    short = max(0.0, gap - abs(first - second)) / 2
    return (first - short, second + short) if first <= second else (first + short, second - short)


def _nice(size: float) -> float:
    """Return the largest of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … that is not larger than `size`."""
    power = 10.0 ** np.floor(np.log10(size))
    return float(max(step * power for step in (1, 2, 5) if step * power <= size * (1 + 1e-9)))
