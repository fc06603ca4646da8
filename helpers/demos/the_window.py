"""The window: it moves along a sentence, words come together in pairs, and a table of counts fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from helpers.demos import svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box
from helpers.demos.settings import Choice, Model, Slider, Text, animation
from helpers.lettering import shorten, width
from helpers.pairs import count_matrix, pair_count, skipgram_pairs
from helpers.palette import CENTER, CONTEXT, GRAY, INK, PALE, PAPER
from helpers.text import Vocabulary, tokenize

SENTENCES = (
    "the car moves fast",
    "I love my dog",
    "the dog bit the man",
    "the tall woman eats the warm bread",
    "you shall know a word by the company it keeps",
)
OWN = ""  # stands for the reader's own sentence in the list of sentences
MOST_WORDS, LONGEST = 12, 2000  # words shown, characters read
HOLD = 18  # frames that the window stays at each position


class TheWindowModel(Model):
    """A sentence, a window, and the position of its center.

    Attributes
    ----------
    own : str
        The reader's own sentence, chosen by OWN.
    words : list of str
        The first sentence of the last text that had a word, at most twelve words of it.
    note : str
        What a reader should know about the text, or "".
    contexts : list of int
        The places that the center sees.
    met, total : (P, 2) array and int
        The pairs of all positions up to this one, by the places of center and context, and how many there
        will be.
    counts, final_counts : (V, V) arrays
        N as filled so far, and when the window has reached the end; rows are centers.
    """

    example = Choice(
        "sentence",
        SENTENCES[0],
        {sentence: sentence for sentence in SENTENCES} | {"your own sentence": OWN},
        "A sentence to slide over",
    )
    text = Text("or type one", SENTENCES[0], "Your own sentence")
    window = Slider("window", 2, 1, 6, 1, "How far the center sees on each side")
    position = Slider("position i", 0, 0, MOST_WORDS - 1, 1, "Where the center stands")

    def __init__(self):
        self.own = "type a sentence of your own"
        super().__init__()

    def start_over(self) -> None:
        super().start_over()
        self._read()
        self._count()

    def check(self, values: Mapping) -> dict:
        """Let a sentence come from one place only, and keep the center in it."""
        values = super().check(values)
        if {"example", "text"} <= values.keys():
            raise ValueError("give either an example or a text, not both")
        if "example" in values:
            values["text"] = values["example"] or self.own
        text = values.get("text", self.text)
        last = len(first_sentence(text) or self.words) - 1
        position = values.setdefault("position", min(self.position, last))
        if position > last:
            raise ValueError(f"position must be at most {last}, where the last word stands, not {position}")
        return values | {"example": text if text in SENTENCES else OWN}

    def changed(self, names: set[str]) -> None:
        """Read a new text; the window slides on."""
        if "text" in names:
            self._read()
        self._count()

    def _read(self) -> None:
        """Take over the text; one without a word leaves the sentence that is there."""
        words = first_sentence(self.text)
        if not words:
            self.note = "There is no word in the field, so the sentence before stays."
            return
        all_words = sum(map(len, tokenize(self.text[:LONGEST])))
        cut = f"Only the first sentence is used, up to {MOST_WORDS} words."
        self.note = cut if len(words) < all_words else ""
        if self.text not in SENTENCES:
            self.own = self.text
        self.words, self.last = words, len(words) - 1
        self.vocabulary = Vocabulary.from_sentences([words])
        self.ids = self.vocabulary.encode(words)

    def _count(self) -> None:
        places, size = skipgram_pairs([range(len(self.words))], self.window), len(self.vocabulary)
        self.contexts = places[places[:, 0] == self.position, 1].tolist()
        self.met = places[places[:, 0] <= self.position]
        self.total = pair_count(len(self.words), self.window)
        self.counts, self.final_counts = (
            np.zeros((size, size), int),
            count_matrix([self.ids], self.window, size),
        )
        np.add.at(self.counts, tuple(self.ids[self.met].T), 1)

    @animation
    def slide(self) -> Iterator[None]:
        """Move on from word to word, a little while at each; from the end, begin again."""
        if self.position == self.last:
            self.set(position=0)
        while True:
            for _ in range(HOLD):
                yield
            if self.position >= self.last:
                return
            self.set(position=self.position + 1)

    def summary(self) -> str:
        center, *seen = (shorten(self.words[i], 100) for i in (self.position, *self.contexts))
        named = 0 < len(seen) <= type(self).window.high and not self.note  # short enough for the line
        company = ", ".join(seen) if named else _times(len(seen), "word")
        return (
            f"{self.note} The center “{center}” at position {self.position} sees {company}: "
            f"{_times(len(seen), 'pair')}. Pairs so far: {len(self.met)} of {self.total} "
            f"(window {self.window}, sentence of {_times(len(self.words), 'word')})."
        ).strip()


class TheWindow(Demo):
    """Slide a window over a sentence and collect pairs."""

    Model = TheWindowModel
    size, animated = (860, 500), True

    def actions(self) -> dict:
        return {"Slide": self.model.slide}

    def carry_on(self, model: TheWindowModel) -> None:
        """Go to the middle of the sentence: at position 0 little has happened yet."""
        if not model.position:
            model.set(position=model.last // 2)

    def refresh(self) -> None:
        """Let the slider of the position end where the sentence does."""
        position, last = self.controls["position"], self.model.last
        position.max = max(position.max, last)  # so that the new position fits in any case
        super().refresh()
        position.max = last

    def parts(self, model: TheWindowModel) -> list[str]:
        sentence, lower = Box(10, 96, 840, 394).rows(88, None)
        pairs, _, table = lower.columns(450, 14, None)
        return [*_sentence(sentence, model), *_pairs(pairs, model), *_table(table, model)]


def _sentence(box: Box, model: TheWindowModel) -> list[str]:
    """Draw the words in boxes, with arrows from the center to its contexts, on a strip that is the window."""
    high, gap, contexts, center = 32, 8, model.contexts, model.position
    words = fitting_words(model.words, box.width - len(model.words) * (gap + 14))
    sizes = [width(word) for word in words]
    pad = min((box.width - sum(sizes)) / len(words) - gap, 36)
    row = sum(sizes) + len(words) * (pad + gap) - gap
    _, *places, _ = box.columns((box.width - row) / 2 - gap, *(size + pad for size in sizes), None, gap=gap)
    first, last = (places[at([center, *contexts])] for at in (min, max))
    strip = first.x - 5, box.y - 5, last.right - first.x + 10, high + 10
    parts = [svg.rect(*strip, svg.mix(PAPER, PALE, 0.6), corner=8)]
    middles = [place.x + place.width / 2 for place in places]
    for i, (word, place, middle) in enumerate(zip(words, places, middles, strict=True)):
        color = CENTER if i == center else CONTEXT if i in contexts else None
        parts += [
            svg.rect(place.x, place.y, place.width, high, color or PAPER, color or PALE, corner=5),
            svg.text(middle, place.y + 21, word, 13, PAPER if color else INK, "middle"),
            svg.text(middle, place.y + high + 20, str(i), 12, color or GRAY, "middle", bold=i == center),
        ]
    arcs = ((middles[center], middles[i], box.y - 2, 12 + 11 * abs(i - center)) for i in contexts)
    return parts + [svg.arc(*arc, CONTEXT) for arc in arcs]


def _pairs(box: Box, model: TheWindowModel) -> list[str]:
    """List the pairs of this position, and count all of them."""
    length, window, here = len(model.words), model.window, model.contexts
    outside = 2 * window - len(here)
    edge = f"; {outside} of {2 * window} places lie{'s' * (outside == 1)} outside" if outside else ""
    if window <= length:
        product = f"2 · {window} · {length} − {window} · {window + 1}"
    else:
        product = f"{length} · {length - 1}"
    left, y, end = box.x + 14, box.y, box.x + 140
    center = shorten(model.words[model.position], end - left)
    parts = [
        svg.title(left, y, f"pairs at position {model.position}"),
        svg.note(left, y + 18, f"{_times(len(here), 'pair')}{edge}"),
        svg.text(end, y + 42, "center", 12, CENTER, "end", bold=True),
        svg.text(end + 12, y + 42, "→ context", 12, CONTEXT, bold=True),
        svg.text(left, y + 284, f"pairs so far: {len(model.met)} of {model.total}", 15, bold=True),
        svg.note(left, y + 303, f"{product} = {model.total}, with window {window}, length {length}"),
    ]
    for i, row in zip(here, box.rows(46, *[18] * len(here), None)[1:-1], strict=True):
        parts.append(svg.text(end, row.y + 14, center, 13, CENTER, "end"))
        parts.append(svg.text(end + 12, row.y + 14, f"→ {shorten(model.words[i], 150)}", 13, CONTEXT))
    return parts


def _table(box: Box, model: TheWindowModel) -> list[str]:
    """Draw the counts so far; the cells of this position are framed."""
    words, counts = model.vocabulary.words, model.counts
    size, most = len(words), max(int(model.final_counts.max()), 1)
    left, top = box.x, box.y + 70
    cell = wide, high = min(64, 312 // size), min(44, 232 // size)
    parts = [svg.title(left, box.y, "counts N so far")]
    filled = [(r, k, int(counts[r, k])) for r, k in np.argwhere(counts).tolist()]
    for count in sorted({count for *_, count in filled}):
        same, color = [(r, k) for r, k, n in filled if n == count], 0.05 + 0.25 * count / most
        parts.append(svg.cells(left, top, cell, same, svg.mix(PAPER, INK, color)))
        half = width(str(count), 12) / 2  # shorter than an anchor a hundred times
        for r, k in same:
            parts.append(svg.text(left + (k + 0.5) * wide - half, top + (r + 0.5) * high + 4.5, count, 12))
    newest = sorted({(model.ids[model.position], model.ids[i]) for i in model.contexts})
    parts.append(svg.grid(left, top, cell, size, size))
    parts.append(svg.cells(left, top, cell, newest, "none", INK, 2.5))
    for k, word in enumerate(words):
        down, column = top + (k + 0.5) * high + 4.5, left + (k + 0.5) * wide + 4
        parts.append(svg.text(left - 8, down, shorten(word, 96), 13, CENTER, "end"))
        parts.append(svg.text(column, top - 7, shorten(word, 66), 13, CONTEXT, turn=-45))
    return parts


def first_sentence(text: str) -> list[str]:
    sentences = tokenize(text[:LONGEST])
    return sentences[0][:MOST_WORDS] if sentences else []


def fitting_words(words: list[str], room: float) -> list[str]:
    """Shorten the longest words, all to the same length, until there is room for all side by side."""
    widths = sorted(map(width, words))
    for k, longest in enumerate(widths):
        share = (room - sum(widths[:k])) / (len(widths) - k)  # of what the shorter words leave
        if longest > share:
            return [shorten(word, share) for word in words]
    return words


def _times(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"
