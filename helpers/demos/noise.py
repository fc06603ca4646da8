"""Noise: which words are drawn as negatives, how often, and what that does to one pair of words."""

from __future__ import annotations

from math import log

import numpy as np

from helpers import checks
from helpers.demos import small_world_text, svg
from helpers.demos.base import Demo, choice, slider
from helpers.negative_sampling import noise_distribution, sigmoid
from helpers.palette import CONTEXT, GREY, INK, PALE, PULL, PUSH

WINDOW = 2
MOST = 20  # negatives per pair
FREQUENT, RARE = 14, 6  # how many of the most and of the least frequent words are shown


class NoiseModel:
    """The words of the small world, drawn as negatives with chances proportional to count^exponent.

    Attributes
    ----------
    exponent : float
        From 0 (all words alike) to 1 (as often as they occur).
    negatives : int
        Noise words K beside each pair, 1 … 20.
    center, context : str
        The pair that is looked at.
    words : tuple of str
        From frequent to rare; all arrays of this object are in this order.
    counts, share : (V,) arrays
        How often a word occurs, and as a share of the text.
    pairs : (V, V) array
        How often a center (row) meets a context (column) within the window.
    noise : (V,) array
        The chance of each word at each draw.
    """

    def __init__(self):
        vocabulary, _ = small_world_text.text()
        order = np.argsort(-small_world_text.word_counts(), kind="stable")
        self.words = tuple(vocabulary.words[i] for i in order)
        self.index = {word: i for i, word in enumerate(self.words)}
        self.counts = small_world_text.word_counts()[order]
        self.share = self.counts / self.counts.sum()
        self.pairs = small_world_text.pair_counts(WINDOW)[np.ix_(order, order)]
        self.reset()

    def set(
        self,
        exponent: float | None = None,
        negatives: int | None = None,
        center: str | None = None,
        context: str | None = None,
    ) -> None:
        exponent = self.exponent if exponent is None else checks.positive(exponent, "exponent", True)
        if exponent > 1:
            raise ValueError(f"exponent must lie between 0 and 1, not {exponent:g}")
        negatives = self.negatives if negatives is None else checks.whole(negatives, "negatives", 1)
        if negatives > MOST:
            raise ValueError(f"negatives must be at most {MOST}, not {negatives}")
        for word in (center, context):
            if word is not None and word not in self.index:
                raise ValueError(f"the small world has no word {word!r}; it has, for example, car and dog")
        self.exponent, self.negatives = exponent, negatives
        self.center, self.context = center or self.center, context or self.context
        self.noise = noise_distribution(self.counts, exponent)

    def reset(self) -> None:
        self.center, self.context = "car", "moves"
        self.exponent, self.negatives = 0.75, 5
        self.set()

    @property
    def factors(self) -> np.ndarray:
        """How many times as often a word is drawn as it occurs, (V,)."""
        return self.noise / self.share

    @property
    def pushes(self) -> np.ndarray:
        """How often each word is pushed, in expectation, while one pair is learned from, (V,): K × noise."""
        return self.negatives * self.noise

    @property
    def true_contexts(self) -> np.ndarray:
        """Whether each word ever occurs beside the center, (V,)."""
        return self.pairs[self.index[self.center]] > 0

    @property
    def hit(self) -> float:
        """The chance that a negative is a true context of the center."""
        return float(self.noise[self.true_contexts].sum())

    @property
    def any_hit(self) -> float:
        """The chance that at least one of the K negatives is."""
        return 1.0 - (1.0 - self.hit) ** self.negatives

    @property
    def same(self) -> float:
        """The chance that a negative is the very context of the pair."""
        return float(self.noise[self.index[self.context]])

    @property
    def pulled(self) -> int:
        """How often the pair is pulled together in one epoch: as often as it occurs."""
        return int(self.pairs[self.index[self.center], self.index[self.context]])

    @property
    def pushed(self) -> float:
        """How often the pair is pushed apart in one epoch, in expectation.

        Each pair of this center draws K words, of which `same` are this context.
        """
        return float(self.pairs[self.index[self.center]].sum() * self.negatives * self.same)

    @property
    def balance(self) -> float:
        """The score s at which pulls and pushes cancel: log(pulled / pushed).

        There pulls, 1 − σ(s) strong each, weigh as much as pushes, σ(s) strong each. A pair that never
        occurs is never pulled: −∞.
        """
        return log(self.pulled / self.pushed) if self.pulled else -np.inf

    def summary(self) -> str:
        first, last = self.words[0], self.words[-1]
        more, less = self.factors[0], self.factors[-1]
        found = (
            f"pull and push cancel at s = {svg.number(self.balance)}"
            if self.pulled
            else "nothing pulls, so its score falls without end"
        )
        return (
            f"Exponent {self.exponent:.2f}: “{first}” is drawn {more:.2f} times as often as it occurs, "
            f"“{last}” {less:.2f} times. A negative is a true context of {self.center} with chance "
            f"{chance(self.hit)}; of {self.negatives}, at least one: {chance(self.any_hit)}. "
            f"In one epoch ({self.center}, {self.context}) is pulled {times(self.pulled)} and pushed "
            f"{times(self.pushed)}: {found}."
        )


def chance(value: float) -> str:
    """Write a chance as a percentage; what is not certain never looks like 100%."""
    return f"{value:.1%}" if value < 0.9995 or value == 1 else "over 99.9%"


def times(number: float) -> str:
    """Write how often something happens, with a decimal where that matters."""
    return f"{number:.1f} times" if 0 < number < 10 and number % 1 else f"{number:,.0f} times"


class Noise(Demo):
    """Choose how noise words are drawn, and see which words get pushed."""

    def __init__(self):
        model = NoiseModel()
        named = sorted(model.words)
        controls = {
            "exponent": slider("exponent", model.exponent, 0.0, 1.0, 0.05, "Noise grows like count^exponent"),
            "negatives": slider("negatives K", model.negatives, 1, MOST, 1, "Noise words beside each pair"),
            "center": choice("center", named, model.center, "The center of the pair"),
            "context": choice("context", named, model.context, "The context of the pair"),
        }
        for name, control in controls.items():  # all in one row, where the page is wide enough
            word = name in ("center", "context")
            control.style.description_width = "60px" if word else "90px"
            control.layout.width = "200px" if word else "330px"
        super().__init__(model, controls, {"Reset": model.reset})

    def draw(self) -> str:
        return _picture(self.model)


TOP, ROW = 66, 18.5  # where the first word stands, and the pixels of each
RIGHT, WIDE = 528, 200  # where the right half starts, and the longest of its bars


def _picture(model: NoiseModel) -> str:
    parts = [*_table(model), *_step(model), *_epoch(model), *_balance(model)]
    return svg.picture(860, 490, parts, model.summary())


def _table(model: NoiseModel) -> list[str]:
    """Draw for frequent and rare words how often they occur (ring) and how often they are drawn (dot)."""
    shown = [*range(FREQUENT), *range(len(model.words) - RARE, len(model.words))]
    rows = [TOP + ROW * (k + (0.8 if k >= FREQUENT else 0)) for k in range(len(shown))]
    end = rows[-1] + ROW
    frame = svg.Frame(112, TOP - 8, 220, end - TOP, (log(0.002), log(0.25)), (1, 0))
    parts = [
        svg.text(20, 24, "how often a word is drawn", bold=True),
        svg.dot(118, 40, INK, 4, filled=False),
        svg.text(127, 44, "occurs", 12, GREY),
        svg.dot(188, 40, PUSH, 4),
        svg.text(197, 44, "is drawn (log scale)", 12, GREY),
        svg.text(406, 24, "drawn /", 12, GREY, "end"),
        svg.text(406, 44, "occurs", 12, GREY, "end"),
        svg.text(482, 24, "pushes", 12, GREY, "end"),
        svg.text(482, 44, "per pair", 12, GREY, "end"),
    ]
    for share in (0.002, 0.01, 0.05, 0.25):
        x, _ = frame.at(log(share), 0)
        parts.append(svg.line(x, frame.y, x, end - 6, PALE))
        parts.append(svg.text(x, end + 9, f"{100 * share:g}%", 12, GREY, "middle"))
    true = model.true_contexts
    for i, y in zip(shown, rows, strict=True):
        ring, dot = (frame.at(log(chance), 0)[0] for chance in (model.share[i], model.noise[i]))
        color = CONTEXT if true[i] else INK
        parts += [
            svg.text(100, y + 4, model.words[i], 12, color, "end", bold=bool(true[i])),
            svg.line(ring, y, dot, y, PUSH, 2),
            svg.dot(ring, y, INK, 4, filled=False),
            svg.dot(dot, y, PUSH, 4),
            svg.text(406, y + 4, f"× {model.factors[i]:.2f}", 12, INK, "end"),
            svg.text(482, y + 4, f"{model.pushes[i]:.2f}", 12, PUSH, "end"),
        ]
    left_out = len(model.words) - len(shown)
    parts.append(svg.text(100, rows[FREQUENT] - 14.5, f"… {left_out} more", 12, GREY, "end"))
    parts.append(svg.text(20, end + 28, f"blue: words that occur beside “{model.center}”", 12, CONTEXT))
    return parts


def _step(model: NoiseModel) -> list[str]:
    """Draw what one step with the pair meets among its negatives."""
    rows = [
        (f"a negative occurs beside “{model.center}”", model.hit, GREY),
        (f"at least one of K = {model.negatives} does", model.any_hit, GREY),
        (f"a negative is “{model.context}” itself", model.same, PUSH),
    ]
    parts = [svg.text(RIGHT, 24, f"one step with ({model.center}, {model.context})", bold=True)]
    for k, (name, value, color) in enumerate(rows):
        y = 46 + 36 * k
        parts += [
            svg.text(RIGHT, y, name, 12),
            svg.rect(RIGHT, y + 5, WIDE, 12, stroke=PALE),
            svg.rect(RIGHT, y + 5, WIDE * value, 12, color),
            svg.text(RIGHT + WIDE + 8, y + 15.5, chance(value), bold=True),
        ]
    return parts


def _epoch(model: NoiseModel) -> list[str]:
    """Draw pulls and pushes of the pair in one epoch."""
    most = max(model.pulled, model.pushed)
    parts = [svg.text(RIGHT, 180, f"({model.center}, {model.context}) in one epoch", bold=True)]
    rows = (("pulled, as often as it occurs", model.pulled, PULL), ("pushed, on average", model.pushed, PUSH))
    for k, (name, number, color) in enumerate(rows):
        y, length = 200 + 36 * k, WIDE * number / most
        parts += [
            svg.text(RIGHT, y, name, 12, color),
            svg.rect(RIGHT, y + 5, length, 12, color),
            svg.text(RIGHT + length + 8, y + 15.5, times(number), bold=True),
        ]
    return parts


def _balance(model: NoiseModel) -> list[str]:
    """Draw how strong all pulls and pushes of an epoch are at each score; it rests where they meet."""
    frame = svg.Frame(RIGHT, 310, 300, 118, (-6, 6), (0, max(model.pulled, model.pushed)))
    scores = np.linspace(-6, 6, 25)
    parts = [
        svg.text(RIGHT, 300, "pulled × (1 − σ(s))", 12, PULL),
        svg.text(RIGHT + 300, 300, "pushed × σ(s)", 12, PUSH, "end"),
        frame.axes((-6, -3, 0, 3, 6), (), "score s of the pair"),
        frame.plot(scores, model.pulled * sigmoid(-scores), PULL),
        frame.plot(scores, model.pushed * sigmoid(scores), PUSH),
    ]
    if not model.pulled:
        return [*parts, svg.text(RIGHT, 278, "nothing pulls: s falls without end", bold=True)]
    x, y = frame.at(model.balance, model.pushed * float(sigmoid(model.balance)))
    return [
        *parts,
        svg.text(RIGHT, 278, f"pull and push cancel at s = {svg.number(model.balance)}", bold=True),
        svg.line(x, y, x, frame.y + frame.height, INK),
        svg.dot(x, y, INK, 4),
    ]
