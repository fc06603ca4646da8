"""Noise: which words are drawn as negatives, how often, and what that does to one pair of words."""

from __future__ import annotations

from math import log

import numpy as np

from helpers.demos import charts, small_world_text, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.settings import Choice, Model, Slider
from helpers.negative_sampling import noise_distribution, sigmoid
from helpers.palette import CONTEXT, GRAY, INK, PALE, PULL, PUSH

WINDOW = 2
FREQUENT, RARE = 14, 6  # how many of the most and of the least frequent words are shown
ROW, WIDE = 18.5, 200  # pixels of a row of the table, and of the longest bar
# All four controls stand in one row, where the page is wide enough.
HALF = {"width": "330px", "label_width": "90px"}
QUARTER = {"width": "200px", "label_width": "60px"}


def named() -> list[str]:
    """Return the words of the small world from a to z."""
    return sorted(small_world_text.text()[0].words)


class NoiseModel(Model):
    """The words of the small world, drawn as negatives with chances proportional to count^exponent.

    Attributes
    ----------
    words : tuple of str
        From frequent to rare; all arrays of this object are in this order.
    counts, share : (V,) arrays
        How often a word occurs, and as a share of the text.
    pairs : (V, V) array
        How often a center (row) meets a context (column) within the window.
    noise, factors, pushes : (V,) arrays
        The chance of each word at each draw, how many times as often it is drawn as it occurs, and how often
        it is pushed, in expectation, while one pair is learned from.
    true_contexts : (V,) bool array
        Whether each word ever occurs beside the center.
    hit, any_hit, same : float
        The chances that a negative is a true context of the center, that at least one of the K negatives is,
        and that a negative is the very context of the pair.
    pulled, pushed : int, float
        How often the pair is pulled together in one epoch, which is as often as it occurs, and pushed apart,
        in expectation.
    balance : float
        The score s at which pulls and pushes cancel, log(pulled / pushed); −∞ where nothing pulls.
    """

    exponent = Slider("exponent", 0.75, 0.0, 1.0, 0.05, "Noise grows like count^exponent", **HALF)
    negatives = Slider("negatives K", 5, 1, 20, 1, "Noise words beside each pair", **HALF)
    center = Choice("center", "car", named, "The center of the pair", **QUARTER)
    context = Choice("context", "moves", named, "The context of the pair", **QUARTER)

    def __init__(self):
        vocabulary, _ = small_world_text.text()
        order = np.argsort(-small_world_text.word_counts(), kind="stable")
        self.words = tuple(vocabulary.words[i] for i in order)
        self.index = {word: i for i, word in enumerate(self.words)}
        self.counts = small_world_text.word_counts()[order]
        self.share = self.counts / self.counts.sum()
        self.pairs = small_world_text.pair_counts(WINDOW)[np.ix_(order, order)]
        super().__init__()

    def start_over(self) -> None:
        center, context = self.index[self.center], self.index[self.context]
        self.noise = noise_distribution(self.counts, self.exponent)
        self.factors = self.noise / self.share
        self.pushes = self.negatives * self.noise
        self.true_contexts = self.pairs[center] > 0
        self.hit = float(self.noise[self.true_contexts].sum())
        self.any_hit = 1.0 - (1.0 - self.hit) ** self.negatives
        self.same = float(self.noise[context])
        self.pulled = int(self.pairs[center, context])
        # Each pair of this center draws K words, of which `same` are this context.
        self.pushed = float(self.pairs[center].sum() * self.negatives * self.same)
        # There pulls, 1 − σ(s) strong each, weigh as much as pushes, σ(s) strong each.
        self.balance = log(self.pulled / self.pushed) if self.pulled else -np.inf

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

    Model = NoiseModel
    size = (860, 490)

    def parts(self, model: NoiseModel) -> list[str]:
        left, right = Box(20, 24, 820, 446).columns(462, None, gap=46)
        step, epoch, balance = right.rows(156, 98, None)
        return [*_table(left, model), *_step(step, model), *_epoch(epoch, model), *_balance(balance, model)]


def _table(box: Box, model: NoiseModel) -> list[str]:
    """Draw for frequent and rare words how often they occur (ring) and how often they are drawn (dot)."""
    names, chart, factors, pushes = box.columns(80, 220, 62, 64, gap=12)
    _, *rows = box.rows(33, *[ROW] * FREQUENT, 0.8 * ROW, *[ROW] * RARE)
    gap, shown = rows.pop(FREQUENT), [*range(FREQUENT), *range(len(model.words) - RARE, len(model.words))]
    end = rows[-1].bottom
    frame = Frame(chart.x, box.y + 34, chart.width, end - box.y - 34, (log(0.002), log(0.25)), (1, 0))
    marks = ("occurs", INK, 4, False), ("is drawn (log scale)", PUSH, 4, True)
    parts = [
        svg.title(box.x, box.y, "how often a word is drawn"),
        charts.legend(chart.x, box.y + 20, marks),
        svg.note(factors.right, box.y, "drawn /", "end"),
        svg.note(factors.right, box.y + 20, "occurs", "end"),
        svg.note(pushes.right, box.y, "pushes", "end"),
        svg.note(pushes.right, box.y + 20, "per pair", "end"),
        svg.note(names.right, gap.middle + 4, f"… {len(model.words) - len(shown)} more", "end"),
        svg.note(box.x, end + 37, f"blue: words that occur beside “{model.center}”", color=CONTEXT),
    ]
    for share in (0.002, 0.01, 0.05, 0.25):
        x, _ = frame.at(log(share), 0)
        parts.append(svg.line(x, frame.y, x, end + 3, PALE))
        parts.append(svg.note(x, end + 18, f"{100 * share:g}%", "middle"))
    more, often = model.factors.tolist(), model.pushes.tolist()
    for i, true, row in zip(shown, model.true_contexts[shown].tolist(), rows, strict=True):
        y = row.middle
        ring, dot = (frame.at(log(chance), 0)[0] for chance in (model.share[i], model.noise[i]))
        parts += [
            svg.text(names.right, y + 4, model.words[i], 12, CONTEXT if true else INK, "end", bold=true),
            svg.line(ring, y, dot, y, PUSH, 2),
            svg.dot(ring, y, INK, 4, filled=False),
            svg.dot(dot, y, PUSH, 4),
            svg.note(factors.right, y + 4, f"× {more[i]:.2f}", "end", INK),
            svg.note(pushes.right, y + 4, f"{often[i]:.2f}", "end", PUSH),
        ]
    return parts


def _step(box: Box, model: NoiseModel) -> list[str]:
    """Draw what one step with the pair meets among its negatives."""
    rows = (
        (f"a negative occurs beside “{model.center}”", model.hit, GRAY),
        (f"at least one of K = {model.negatives} does", model.any_hit, GRAY),
        (f"a negative is “{model.context}” itself", model.same, PUSH),
    )
    parts = [svg.title(box.x, box.y, f"one step with ({model.center}, {model.context})")]
    for (name, value, color), (x, y, *_) in zip(rows, box.rows(22, 36, 36, 36)[1:], strict=True):
        track = Box(x, y + 5, WIDE, 12)
        parts += [svg.text(x, y, name, 12), charts.gauge(track, value, color, chance(value), outlined=True)]
    return parts


def _epoch(box: Box, model: NoiseModel) -> list[str]:
    """Draw pulls and pushes of the pair in one epoch."""
    most = max(model.pulled, model.pushed)
    parts = [svg.title(box.x, box.y, f"({model.center}, {model.context}) in one epoch")]
    rows = (("pulled, as often as it occurs", model.pulled, PULL), ("pushed, on average", model.pushed, PUSH))
    for (name, number, color), (x, y, *_) in zip(rows, box.rows(20, 36, 36)[1:], strict=True):
        bar = x, y + 5, WIDE * number / most, 12
        parts += [svg.text(x, y, name, 12, color), charts.bar(*bar, color, times(number), bold=True)]
    return parts


def _balance(box: Box, model: NoiseModel) -> list[str]:
    """Draw how strong all pulls and pushes of an epoch are at each score; it rests where they meet."""
    frame = Frame(box.x, box.y + 32, 300, 118, (-6, 6), (0, max(model.pulled, model.pushed)))
    scores = np.linspace(-6, 6, 25)
    parts = [
        svg.note(box.x, box.y + 22, "pulled × (1 − σ(s))", color=PULL),
        svg.note(frame.right, box.y + 22, "pushed × σ(s)", "end", PUSH),
        frame.axes((-6, -3, 0, 3, 6), (), "score s of the pair"),
        frame.plot(scores, model.pulled * sigmoid(-scores), PULL),
        frame.plot(scores, model.pushed * sigmoid(scores), PUSH),
    ]
    if not model.pulled:
        return [*parts, svg.title(box.x, box.y, "nothing pulls: s falls without end")]
    x, y = frame.at(model.balance, model.pushed * float(sigmoid(model.balance)))
    return [
        *parts,
        svg.title(box.x, box.y, f"pull and push cancel at s = {svg.number(model.balance)}"),
        svg.line(x, y, x, frame.bottom, INK),
        svg.dot(x, y, INK, 4),
    ]
