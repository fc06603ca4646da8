"""Watch six words: gradient descent on four sentences, in two dimensions, one epoch after the other."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import numpy as np

from helpers.corpora import love_sentences
from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.settings import Choice, Slider, Steps
from helpers.demos.tour import press, turn, watch
from helpers.demos.training import Training
from helpers.geometry import cosine_matrix, nearest_neighbors
from helpers.pairs import encode_and_count
from helpers.palette import CENTER, GRAY, INK, PALE
from helpers.skipgram import loss

WITHIN = (("dog", "cat"), ("i", "you"))  # words with the same company
ACROSS = (("dog", "i"), ("dog", "love"))  # the first two share no neighbor, the others share "my"
PLAY = 1000  # epochs after which Play ends by itself
JUST_AFTER = 0.01  # epochs: when a hand has moved a word
MAP, CHARTS = Box(20, 36, 390, 390), Box(470, 56, 250, 368)
# All four controls stand in one row, where the page is wide enough.
QUARTER, NARROW = {"width": "280px", "label_width": "104px"}, {"width": "220px", "label_width": "50px"}


class SixWordsModel(Training):
    """The four love sentences in training: window 1, D = 2.

    `history` holds the loss, the four cosines, and where the six center vectors were.
    """

    seed = Slider("seed", 0, 0, 99, 1, "Decides the random start; a new seed starts over", **NARROW)
    learning_rate = Steps(
        "learning rate η",
        0.3,
        (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0),
        "The length of the steps",
        **QUARTER,
    )
    init_scale = Steps(
        "init scale",
        0.1,
        (0.01, 0.03, 0.1, 0.3, 1.0),
        "How long the first vectors are; starts over",
        **QUARTER,
    )
    word = Choice(
        "neighbors of",
        "dog",
        {"no word": ""} | {word: word for word in ("i", "love", "my", "dog", "cat", "you")},
        "The word whose neighbors are shown",
        **QUARTER,
    )
    slows_after = inf  # every epoch is shown

    def __init__(self):
        vocabulary, _, self.counts = encode_and_count(love_sentences(), window=1)
        self.words, self.index = vocabulary.words, vocabulary.index
        super().__init__()

    def changed(self, names: set[str]) -> None:
        if names & {"seed", "init_scale"}:
            self.start_over()
        elif "learning_rate" in names:
            self.set_rate(self.learning_rate)

    def start_over(self) -> None:
        """Go back to epoch 0 with the settings as they are."""
        self.reach = 0.0
        self.begin(self.counts, 2, self.seed, self.init_scale, self.learning_rate)

    def noted(self) -> list[float]:
        W = self.embeddings.W
        self.reach = max(self.reach, float(np.abs(W).max()))
        return [*self.cosines.values(), *W.ravel()]

    def place(self, word: str, point) -> None:
        """Put a center vector somewhere else, not farther than words have been; its trail begins there."""
        row, epoch = self.index[word], self.epoch
        self.embeddings.W[row] = np.clip(point, -self.reach, self.reach)
        self.set_rate(self.learning_rate)  # the next step begins here
        self.loss = loss(self.embeddings, self.counts)
        self.highest_loss = max(self.highest_loss, self.loss)
        moment = [self.loss, *self.noted()]
        if self.history.times[-1] == epoch:
            self.history.add(epoch + JUST_AFTER, moment)
        self.history.rows[-1] = moment
        self.trails[:, row] = self.embeddings.W[row]

    def neighbors(self) -> list[tuple[str, float]]:
        """Return the other words and their cosines with the chosen one, nearest first."""
        if not self.word:
            return []
        ids, cosines = nearest_neighbors(self.embeddings.W, self.index[self.word], len(self.words) - 1)
        return [(self.words[i], cosine) for i, cosine in zip(ids.tolist(), cosines.tolist(), strict=True)]

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
        news = f"Within a group {told[0]} and {told[1]}; across groups {told[2]} and {told[3]}."
        if self.word:
            near = ", ".join(f"{word} {svg.number(cosine)}" for word, cosine in self.neighbors())
            news = f"By cosine, “{self.word}” is nearest to {near}."
        return f"Epoch {self.epoch}: loss {self.loss:.3f} nats per pair, floor {self.floor:.3f}. {news}"


class SixWords(Demo):
    """Train six words in two dimensions and watch which ones meet."""

    Model = SixWordsModel
    size, animated = (860, 462), True

    def actions(self) -> dict:
        model = self.model
        return {
            "Train 1 epoch": model.step,
            "Train 10 epochs": lambda: model.frames(10),
            "Train 50 epochs": lambda: model.frames(50),
            "Play": lambda: model.frames(PLAY),
            "Back to epoch 0": model.start_over,
        }

    def tour(self) -> Iterator[str]:
        """Train, ask some words, and train from other starts, the last one large."""
        for _ in range(3):
            yield press(self, "Train 1 epoch")
        for _ in range(2):
            yield press(self, "Train 10 epochs")
        yield from watch(self, "Train 50 epochs", every=10)
        for _ in range(2):
            yield press(self, "Train 50 epochs")
        for _ in range(5):  # longer and longer, until dog and love have parted
            press(self, "Train 50 epochs")
            yield press(self, "Train 50 epochs")
        for word in ("cat", "love", "my", "i"):
            yield turn(self, "word", word)
        turn(self, "word", "dog")
        for seed in (1, 2):
            yield turn(self, "seed", seed)
            for _ in range(3):
                yield press(self, "Train 50 epochs")
        turn(self, "seed", 0)
        yield ", ".join((turn(self, "learning_rate", 1.0), turn(self, "init_scale", 1.0)))
        for _ in range(4):
            yield press(self, "Train 50 epochs")

    def carry_on(self, model: SixWordsModel) -> None:
        """Train until the words have met."""
        model.train(max(400 - model.epoch, 0))

    def drag(self, key: str, x: float, y: float) -> None:
        """Take a word to another place on the map."""
        self.model.set(word=key)
        self.model.place(key, _frame(self.model).point(x, y))

    def touch(self, key: str, x: float, y: float) -> None:
        """Show the neighbors of the word that was touched; touched again, or beside all words, of none."""
        found = nearest(_points(self.model), x, y, reach=45)
        word = "" if found is None else self.model.words[found]
        self.model.set(word="" if word == self.model.word else word)

    def parts(self, model: SixWordsModel) -> list[str]:
        loss, within, across = CHARTS.rows(None, None, None, gap=56)
        until = (0, max(100, model.epoch))
        cosines = [
            *_cosines(Frame(*within, until, (-1, 1)), model, "cosine within a group", WITHIN, 1),
            *_cosines(Frame(*across, until, (-1, 1)), model, "cosine across groups", ACROSS, 3),
        ]
        return [
            svg.panel((0, 0, 430, 462), _map(model)),
            svg.panel(
                (430, 0, 430, 168),
                _loss(Frame(*loss, until, (0, 1.05 * max(model.highest_loss, 1.9))), model),
            ),
            svg.panel((430, 168, 430, 294), cosines),
        ]


def _frame(model: SixWordsModel) -> Frame:
    return Frame.square(*MAP, 1.2 * model.reach)


def _points(model: SixWordsModel) -> list[tuple[float, float]]:
    """Return where the words are on the map, in pixels."""
    return [_frame(model).at(*point) for point in model.embeddings.W.tolist()]


def _map(model: SixWordsModel) -> list[str]:
    """Draw the words, the ways they have come, and those nearest to the chosen one."""
    frame, places, near = _frame(model), _points(model), [word for word, _ in model.neighbors()[:2]]
    lit = [model.index[word] for word in (model.word, *near) if word]
    order = [*lit, *(i for i in range(len(places)) if i not in lit)]
    names = [model.words[i] for i in order]
    for k, (word, cosine) in enumerate(model.neighbors()[:2], 1):
        names[k] = f"{word} {svg.number(cosine)}"
    groups = {word: "–".join(pair) for pair in WITHIN for word in pair}
    parts = [frame.border(), frame.cross()]
    parts += [svg.curve([frame.at(0, 0), places[i]], CENTER, 2, opacity=0.4) for i in lit]
    parts += [svg.dot(*places[i], INK, 9, filled=False) for i in lit[:1]]
    for word, point, trail in zip(model.words, places, np.moveaxis(model.trails, 0, 1).tolist(), strict=True):
        way = (
            [svg.curve([frame.at(*place) for place in trail], CENTER, 1.2, opacity=0.5)]
            if model.epoch
            else []
        )
        hand = svg.handle(word, *point, f"center vector of “{word}”", _inner(frame))
        drawn = [*way, svg.dot(*point, CENTER), hand]
        parts.append(svg.linked(groups[word], drawn) if word in groups else "".join(drawn))
    written = labels.beside(frame, [places[i] for i in order], names, [CENTER] * len(order), bold=len(lit))
    title = svg.title(MAP.x, 24, f"center vectors W, D = 2, and their trails: epoch {model.epoch}")
    return [title, svg.target("map", [*parts, written]), *_ruler(model)]


def _inner(frame: Frame) -> tuple[float, float, float, float]:
    """Return the box in which words may be put, up to the farthest so far."""
    rim = frame.width * (1 - 1 / 1.2) / 2
    return frame.x + rim, frame.y + rim, frame.right - rim, frame.bottom - rim


def _ruler(model: SixWordsModel) -> list[str]:
    length = charts.nice(0.6 * model.reach)
    left, low = MAP.x + 12, MAP.bottom + 18
    right = left + length * MAP.width / (2.4 * model.reach)
    return [
        svg.line(left, low, right, low, INK, 1.5),
        svg.line(left, low - 4, left, low + 4, INK, 1.5),
        svg.line(right, low - 4, right, low + 4, INK, 1.5),
        svg.note(right + 8, low + 4.5, f"length {length:g}"),
    ]


def _loss(frame: Frame, model: SixWordsModel) -> list[str]:
    """Write the loss, and draw it over the epochs, above its floor."""
    history = model.history
    some = (
        charts.level(frame, f"floor {model.floor:.3f}", model.floor),
        charts.Curve("loss", history.times, history.rows[:, 0]),
    )
    return [
        svg.title(frame.x, 26, "loss, nats per pair"),
        svg.hero(frame.x + 160, 31, f"{model.loss:.3f}"),
        frame.axes(charts.ticks(frame.x_range[1], 3), charts.ticks(frame.y_range[1], 1.95)),
        charts.curves(frame, some),
    ]


def _cosines(frame: Frame, model: SixWordsModel, title: str, pairs, column: int) -> list[str]:
    """Draw two columns of the history; the lower chart names the epochs for all three."""
    history, last = model.history, pairs is ACROSS
    named = [
        charts.Curve(f"{a}–{b} {svg.number(rows[-1])}", history.times, rows, color, about=f"{a}–{b}")
        for (a, b), rows, color in zip(pairs, history.rows.T[column:], (INK, GRAY), strict=False)
    ]
    return [
        svg.title(frame.x, frame.y - 12, title),
        frame.axes(charts.ticks(frame.x_range[1], 3) if last else (), (-1, 0, 1), "epoch" if last else ""),
        svg.line(*frame.at(0, 0), *frame.at(frame.x_range[1], 0), PALE),
        charts.curves(frame, named),
    ]
