"""Noise: which words are drawn as negatives, how often, and what that does to one pair of words."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, inf, log

import numpy as np

from helpers.demos import charts, small_world_text, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.settings import Choice, Model, Slider
from helpers.demos.tour import turn
from helpers.negative_sampling import noise_distribution, sigmoid
from helpers.palette import CONTEXT, INK, PALE, PULL, PUSH

WINDOW = 2
FREQUENT, RARE = 11, 5  # how many of the most and of the least frequent words are shown, and one between
MIDDLE = 30  # the rank of that one, unless the context has to be shown there
HEIGHTS = (30, *[18] * (FREQUENT - 1), 13, 18, 13, *[18] * RARE)  # of the rows of the table, with two gaps
WIDE = 200  # pixels of the longest bar
TABLE = Box(14, 58, 404, sum(HEIGHTS))
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

    def exponent_for(self, chance: float) -> float:
        """Return the exponent on the slider at which the most frequent word is drawn nearest to a chance."""
        setting = type(self).exponent
        some = [setting.nearest(k * setting.step) for k in range(round(setting.high / setting.step) + 1)]
        chances = [noise_distribution(self.counts, exponent)[0] for exponent in some]
        return some[int(np.abs(np.log(chances) - log(chance)).argmin())]

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
    if number == 1:
        return "once"
    return f"{number:.1f} times" if 0 < number < 10 and number % 1 else f"{number:,.0f} times"


class Noise(Demo):
    """Choose how noise words are drawn, and see which words get pushed."""

    Model = NoiseModel
    size = (860, 444)

    def tour(self) -> Iterator[str]:
        """Take the exponent all the way, double the negatives, and ask a pair that never meets."""
        for exponent in np.linspace(0, 1, 21):
            yield turn(self, "exponent", exponent)
        yield turn(self, "exponent", 0.75)
        for negatives in (1, 2, 4, 8, 16):
            yield turn(self, "negatives", negatives)
        turn(self, "negatives", 5)
        for context in ("dog", "the", "rabbit"):
            yield turn(self, "context", context)

    def drag(self, key: str, x: float, y: float) -> None:
        """Take the most frequent word by its dot: the exponent follows."""
        self.model.set(exponent=self.model.exponent_for(exp(_chart().point(x, y)[0])))

    def touch(self, key: str, x: float, y: float) -> None:
        """Choose the word of a row as the context of the pair."""
        middles = [(x, row.middle) for row in _rows()]
        self.model.set(context=self.model.words[_shown(self.model)[nearest(middles, x, y, reach=inf)]])

    def parts(self, model: NoiseModel) -> list[str]:
        step, epoch, balance = Box(450, 24, 390, 420).rows(142, 104, None)
        pair = [*_epoch(epoch, model), *_balance(balance, model)]
        return [
            svg.panel((0, 0, 430, 444), _table(model)),
            svg.panel((430, 0, 430, 146), _step(step, model)),
            svg.panel((430, 146, 430, 298), pair),
        ]


def _chart() -> Frame:
    """Return where the table shows chances, on a logarithmic axis."""
    _, chart, _ = TABLE.columns(76, None, 104, gap=10)
    return Frame(*chart, (log(0.002), log(0.25)), (1, 0))


def _rows() -> list[Box]:
    """Return the boxes of the words that are shown."""
    rows = TABLE.rows(*HEIGHTS)
    return [row for row in rows if row.height != 13]


def _shown(model: NoiseModel) -> list[int]:
    """Return the ranks of the words in the table; the context is always among them."""
    context, rare = model.index[model.context], len(model.words) - RARE
    return [*range(FREQUENT), context if FREQUENT <= context < rare else MIDDLE, *range(rare, rare + RARE)]


def _table(model: NoiseModel) -> list[str]:
    """Draw for frequent and rare words how often they occur (ring) and how often they are drawn (dot)."""
    frame, rows, right = _chart(), _rows(), TABLE.right
    lines = [(frame.at(log(share), 0)[0], share) for share in (0.002, 0.01, 0.05, 0.25)]
    gaps = (row for row in TABLE.rows(*HEIGHTS) if row.height == 13)
    words = [_word(i, row, model) for i, row in zip(_shown(model), rows, strict=True)]
    (left, _), (end, _) = (frame.at(log(chance), 0) for chance in (1 / len(model.words), model.share[0]))
    place = frame.at(log(model.noise[0]), 0)[0], rows[0].middle
    within, step = (left, rows[0].y, end, rows[0].bottom), ((end - left) / 20, 8)  # the exponent has 20 steps
    hand = svg.handle("exponent", *place, f"“{model.words[0]}”, drawn as noise", within, step, "x")
    return [
        svg.title(TABLE.x, 24, "how often a word is drawn as noise"),
        charts.legend(frame.x - 4, 45, (("occurs", INK, 4, False), ("is drawn (log scale)", PUSH, 4, True))),
        svg.note(right, 45, "drawn / occurs", "end"),
        *(svg.line(x, frame.y, x, frame.bottom + 3, PALE) for x, _ in lines),
        *(svg.note(x, frame.bottom + 18, f"{100 * share:g}%", "middle") for x, share in lines),
        *(svg.note(frame.x - 10, gap.middle + 2, "…", "end") for gap in gaps),
        svg.target("words", [svg.rect(*TABLE, fill="transparent"), *words, hand]),
        svg.note(
            TABLE.x, frame.bottom + 38, f"blue: words that occur beside “{model.center}”", color=CONTEXT
        ),
    ]


def _word(i: int, row: Box, model: NoiseModel) -> str:
    """Draw the row of a word; that of the context is outlined, and the first number is the one to watch."""
    frame, y, true, chosen = _chart(), row.middle, model.true_contexts[i], model.words[i] == model.context
    ring, dot = (frame.at(log(chance), 0)[0] for chance in (model.share[i], model.noise[i]))
    factor = f"× {model.factors[i]:.2f}"
    parts = [
        svg.rect(row.x, row.y, row.width, row.height, stroke=INK if chosen else "none", corner=4, thick=1.5),
        svg.text(frame.x - 10, y + 4, model.words[i], 12, CONTEXT if true else INK, "end", bold=bool(true)),
        svg.line(ring, y, dot, y, PUSH, 2),
        svg.dot(ring, y, INK, 4, filled=False),
        svg.dot(dot, y, PUSH, 4),
        svg.note(row.right - 4, y + 4, factor, "end", INK)
        if i
        else svg.hero(row.right - 4, y + 9, factor, anchor="end"),
    ]
    about = "push" if chosen else "hit" if true else f"{i}"
    return svg.linked(about, parts)


def _step(box: Box, model: NoiseModel) -> list[str]:
    """Draw what one step with the pair meets among its negatives."""
    rows = (
        (f"a negative occurs beside “{model.center}”", model.hit, CONTEXT, "hit"),
        (f"at least one of K = {model.negatives} does", model.any_hit, CONTEXT, "hit"),
        (f"a negative is “{model.context}” itself", model.same, PUSH, "push"),
    )
    parts = [svg.title(box.x, box.y, f"one step with ({model.center}, {model.context})")]
    for (name, value, color, about), (x, y, *_) in zip(rows, box.rows(22, 36, 36, 36)[1:], strict=True):
        gauge = charts.gauge(Box(x, y + 5, WIDE, 12), value, color, chance(value), outlined=True)
        parts.append(svg.linked(about, [svg.text(x, y, name, 12), gauge]))
    return parts


def _epoch(box: Box, model: NoiseModel) -> list[str]:
    """Draw pulls and pushes of the pair in one epoch."""
    most = max(model.pulled, model.pushed)
    parts = [svg.title(box.x, box.y, f"({model.center}, {model.context}) in one epoch")]
    rows = (
        ("pulled, as often as it occurs", model.pulled, PULL, "pull"),
        ("pushed, on average", model.pushed, PUSH, "push"),
    )
    for (name, number, color, about), (x, y, *_) in zip(rows, box.rows(20, 36, 36)[1:], strict=True):
        bar = charts.bar(x, y + 5, WIDE * number / most, 12, color, times(number), bold=True)
        parts.append(svg.linked(about, [svg.text(x, y, name, 12, color), bar]))
    return parts


def _balance(box: Box, model: NoiseModel) -> list[str]:
    """Draw how strong all pulls and pushes of an epoch are at each score; it rests where they meet."""
    frame = Frame(box.x, box.y + 30, 300, 100, (-6, 6), (0, max(model.pulled, model.pushed)))
    scores = np.linspace(-6, 6, 25)
    pull = frame.plot(scores, model.pulled * sigmoid(-scores), PULL)
    push = frame.plot(scores, model.pushed * sigmoid(scores), PUSH)
    parts = [
        frame.axes((-6, -3, 0, 3, 6), (), "score s of the pair"),
        svg.linked("pull", [svg.note(box.x, box.y + 20, "pulled × (1 − σ(s))", color=PULL), pull]),
        svg.linked("push", [svg.note(frame.right, box.y + 20, "pushed × σ(s)", "end", PUSH), push]),
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
