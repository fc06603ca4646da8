"""The window: it moves along a sentence, words come together in pairs, and a table of counts fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

import numpy as np

from helpers.demos import svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, nearest
from helpers.demos.settings import Choice, Model, Slider, Text, animation
from helpers.demos.tour import turn
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
LISTED = 12  # pairs in the list, and arrows in the sentence
LONGEST_WORD = 104  # pixels: the middles of neighbors are then such that each arrow key reaches the next one

TOP, LIST, TABLE = Box(10, 68, 840, 32), Box(14, 130, 402, 330), Box(522, 220, 288, 232)
# All four controls stand in one row, where the page is wide enough.
SHAPES = [
    {"width": f"{wide}px", "label_width": f"{label}px"} for wide, label in ((290, 66), (290, 80), (215, 60))
]


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
    cell : (int, int) or None
        The cell of N that is looked behind, until something else changes.
    """

    example = Choice(
        "sentence",
        SENTENCES[0],
        {sentence: sentence for sentence in SENTENCES} | {"your own sentence": OWN},
        "A sentence to slide over",
        **SHAPES[0],
    )
    text = Text("or type one", SENTENCES[0], "Your own sentence", **SHAPES[1])
    window = Slider("window", 2, 1, 6, 1, "How far the center sees on each side", **SHAPES[2])
    position = Slider("position i", 0, 0, MOST_WORDS - 1, 1, "Where the center stands", **SHAPES[2])

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
        self.cell = None
        places, size = skipgram_pairs([range(len(self.words))], self.window), len(self.vocabulary)
        self.contexts = places[places[:, 0] == self.position, 1].tolist()
        self.met = places[places[:, 0] <= self.position]
        self.total = pair_count(len(self.words), self.window)
        self.counts, self.final_counts = (
            np.zeros((size, size), int),
            count_matrix([self.ids], self.window, size),
        )
        np.add.at(self.counts, tuple(self.ids[self.met].T), 1)

    @property
    def shown(self) -> list[tuple[int, int]]:
        """The pairs to look at, by their places: those behind the chosen cell, or those of this position."""
        if self.cell is None:
            return [(self.position, i) for i in self.contexts]
        return [(i, j) for i, j in self.met.tolist() if (self.ids[i], self.ids[j]) == self.cell]

    @property
    def entry(self) -> str:
        """The chosen cell and its count: N[the, car] = 1."""
        row, column = (shorten(self.vocabulary.words[k], 100) for k in self.cell)
        return f"N[{row}, {column}] = {self.counts[self.cell]}"

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
        return (
            f"{self.note} {self._company() if self.cell is None else self._behind()} "
            f"Pairs so far: {len(self.met)} of {self.total} "
            f"(window {self.window}, sentence of {_times(len(self.words), 'word')})."
        ).strip()

    def _company(self) -> str:
        center, *seen = (shorten(self.words[i], 100) for i in (self.position, *self.contexts))
        named = 0 < len(seen) <= type(self).window.high and not self.note  # short enough for the line
        company = ", ".join(seen) if named else _times(len(seen), "word")
        return (
            f"The center “{center}” at position {self.position} sees {company}: {_times(len(seen), 'pair')}."
        )

    def _behind(self) -> str:
        """Say at which places the pairs behind the chosen cell are."""
        places = [f"({i}, {j})" for i, j in self.shown]
        if not places:
            return f"{self.entry}: no such pair so far."
        more = ", …" if len(places) > LISTED else ""
        return f"{self.entry}: center and context at positions {', '.join(places[:LISTED])}{more}."


class TheWindow(Demo):
    """Slide a window over a sentence and collect pairs."""

    Model = TheWindowModel
    size, animated = (860, 460), True

    def actions(self) -> dict:
        return {"Slide": self.model.slide}

    def tour(self) -> Iterator[str]:
        """Slide, widen the window until all see all, and do both where a word comes twice."""
        for position in (1, 2, 3):
            yield turn(self, "position", position)
        for size in (1, 2, 3):
            yield turn(self, "window", size)
        for name, value in (("example", SENTENCES[2]), ("window", 1), ("window", 4)):
            turn(self, "position", 0)
            turn(self, "window", 2)
            yield turn(self, name, value)
            for position in (1, 2, 3, 4):
                yield turn(self, "position", position)

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

    def drag(self, key: str, x: float, y: float) -> None:
        """Take the window to the nearest word, or the ring in the table to another cell."""
        if key in ("cell", "cells"):
            self.model.cell = _cell_at(self.model, x, y)
        else:
            places = [(middle, y) for middle in _middles(_places(self.model)[1])]
            self.model.set(position=nearest(places, x, y, reach=inf))

    def touch(self, key: str, x: float, y: float) -> None:
        """Take the window to a word, or look behind a cell; touched again, the cell is let go."""
        chosen = self.model.cell
        self.drag(key, x, y)
        if key == "cells" and self.model.cell == chosen:
            self.model.cell = None

    def parts(self, model: TheWindowModel) -> list[str]:
        words, places = _places(model)
        wide = max(places[-1].right - places[0].x + 24, 430)
        size, _, high = _cells(model)
        listed = min(max(2 * model.window, len(model.shown)), LISTED)  # on a phone the table follows the list
        return [
            svg.panel(((860 - wide) / 2, 0, wide, LIST.y), _sentence(words, places, model)),
            svg.panel((0, LIST.y, 430, 122 + 17 * listed), _pairs(LIST, model)),
            svg.panel((430, LIST.y, 430, 98 + size * high), _table(model)),
        ]


def _places(model: TheWindowModel) -> tuple[list[str], list[Box]]:
    """Return the words as they are written, and their boxes, in the middle of the picture."""
    gap, count = 8, len(model.words)
    words = [shorten(word, LONGEST_WORD) for word in model.words]
    words = fitting_words(words, TOP.width - count * (gap + 14))
    sizes = [width(word) for word in words]
    pad = min((TOP.width - sum(sizes)) / count - gap, 36)
    left = (TOP.width - sum(sizes) - count * (pad + gap) + gap) / 2 - gap
    return words, TOP.columns(left, *(size + pad for size in sizes), None, gap=gap)[1:-1]


def _middles(places: list[Box]) -> list[float]:
    return [place.x + place.width / 2 for place in places]


def _sentence(words: list[str], places: list[Box], model: TheWindowModel) -> list[str]:
    """Draw the words in boxes, on a strip that is the window, and arrows for the pairs that are looked at."""
    contexts, center, middles = model.contexts, model.position, _middles(places)
    first, last = (places[at([center, *contexts])] for at in (min, max))
    strip = svg.rect(
        first.x - 5, TOP.y - 5, last.right - first.x + 10, 42, svg.mix(PAPER, PALE, 0.6), corner=8
    )
    row = places[0].x, TOP.y, places[-1].right - places[0].x, TOP.height + 24
    boxes = [svg.rect(*row, fill="transparent")]
    for i, (word, place, middle) in enumerate(zip(words, places, middles, strict=True)):
        color = CENTER if i == center else CONTEXT if i in contexts else None
        box = [
            svg.rect(*place, color or PAPER, "none" if color else PALE, corner=5),
            svg.text(middle, TOP.y + 21, word, 13, PAPER if color else INK, "middle"),
            svg.text(middle, TOP.bottom + 20, str(i), 12, color or GRAY, "middle", bold=i == center),
        ]
        boxes.append(svg.linked(f"{model.ids[i]}", box))
    color = CONTEXT if model.cell is None else INK
    arcs = ((middles[i], middles[j], TOP.y - 2, 10 + 8 * abs(j - i), color) for i, j in model.shown[:LISTED])
    around = middles[max(center - 1, 0)], middles[center], middles[min(center + 1, model.last)]
    step = max(around[1] - around[0], around[2] - around[1]) / 2 + 1  # to the nearer side of the next word
    within = middles[0], TOP.y, middles[-1], TOP.bottom
    handle = around[1], TOP.middle, f"the window, at position {center}", within, (step, step), "x"
    return [
        strip,
        svg.target("sentence", boxes),
        *(svg.arc(*arc) for arc in arcs),
        svg.handle("window", *handle),
    ]


def _pairs(box: Box, model: TheWindowModel) -> list[str]:
    """Count all pairs, and list those that are looked at."""
    left, y, end, shown = box.x, box.y, box.x + 112, model.shown
    title, note = f"pairs at position {model.position}", _edge(model)
    if model.cell is not None:
        title, note = f"behind {model.entry}", "touch the cell again to let it go"
    parts = [
        svg.text(left, y + 30, "pairs so far:", 15),
        svg.hero(left + 110, y + 31, f"{len(model.met)} of {model.total}"),
        svg.note(
            left,
            y + 50,
            f"{_product(model)} = {model.total}, with window {model.window}, length {len(model.words)}",
        ),
        svg.title(left, y + 77, title),
        svg.note(left, y + 94, f"{note}{f', the first {LISTED} below' * (len(shown) > LISTED)}"),
        svg.text(end, y + 114, "center", 12, CENTER, "end", bold=True),
        svg.text(end + 12, y + 114, "→ context", 12, CONTEXT, bold=True),
    ]
    pairs = []
    for (i, j), row in zip(shown, box.rows(118, *[17] * LISTED, None)[1:-1], strict=False):
        pairs.append(svg.text(end, row.y + 13, shorten(model.words[i], 100), 13, CENTER, "end"))
        pairs.append(svg.text(end + 12, row.y + 13, f"→ {shorten(model.words[j], 84)}", 13, CONTEXT))
        if model.cell is not None:  # else the title says the position
            pairs.append(svg.note(box.right, row.y + 13, f"at positions {i} and {j}", "end"))
    center = model.ids[model.position] if model.cell is None else model.cell[0]
    return [*parts, svg.linked(f"{center}", pairs)]


def _edge(model: TheWindowModel) -> str:
    """Say how many pairs there are here, and how many places of the window lie outside of the sentence."""
    outside = 2 * model.window - len(model.contexts)
    edge = f"; {outside} of {2 * model.window} places lie{'s' * (outside == 1)} outside" if outside else ""
    return f"{_times(len(model.contexts), 'pair')}{edge}"


def _product(model: TheWindowModel) -> str:
    """Write the formula for the number of pairs with the numbers of this sentence."""
    length, window = len(model.words), model.window
    if window <= length:
        return f"2 · {window} · {length} − {window} · {window + 1}"
    return f"{length} · {length - 1}"


def _cells(model: TheWindowModel) -> tuple[int, int, int]:
    """Return the size of the table, and how wide and how high its cells are."""
    size = len(model.vocabulary)
    return size, min(60, TABLE.width // size), min(44, TABLE.height // size)


def _cell_at(model: TheWindowModel, x: float, y: float) -> tuple[int, int]:
    """Return the cell nearest to a pixel, as row and column."""
    size, wide, high = _cells(model)
    row, column = int((y - TABLE.y) // high), int((x - TABLE.x) // wide)
    return min(max(row, 0), size - 1), min(max(column, 0), size - 1)


def _table(model: TheWindowModel) -> list[str]:
    """Draw the counts so far; the cells of this position, or the one that is looked behind, are framed."""
    (left, top, *_), (size, wide, high) = TABLE, _cells(model)
    newest = sorted({(model.ids[i], model.ids[j]) for i, j in model.shown} | {model.cell} - {None})
    rows, names = zip(*(_row(model, r) for r in range(size)), strict=True)
    row, column = model.cell or (0, min(1, size - 1))
    within = left + wide / 2, top + high / 2, left + (size - 0.5) * wide, top + (size - 0.5) * high
    place = left + (column + 0.5) * wide, top + (row + 0.5) * high
    whole = svg.rect(left, top, size * wide, size * high, fill="transparent")
    return [
        svg.title(left, top - 70, "counts N so far"),
        svg.target("cells", [whole, *rows, svg.grid(left, top, (wide, high), size, size)]),
        svg.cells(left, top, (wide, high), newest, "none", INK, 2.5),
        *names,
        svg.handle("cell", *place, "the cell of N to look behind", within, (wide, high)),
    ]


def _row(model: TheWindowModel, r: int) -> tuple[str, str]:
    """Draw the counts of a center, and its names as center and as context."""
    (left, top, *_), (_, wide, high) = TABLE, _cells(model)
    word, y, most = model.vocabulary.words[r], top + (r + 0.5) * high + 4.5, max(model.final_counts.max(), 1)
    counts, parts = model.counts[r], []
    for count in sorted({*counts[counts > 0].tolist()}):
        columns, half = np.flatnonzero(counts == count).tolist(), width(str(count), 12) / 2
        fill = svg.mix(PAPER, INK, 0.05 + 0.25 * count / most)
        parts.append(svg.cells(left, top, (wide, high), [(r, k) for k in columns], fill))
        parts += [svg.text(round(left + (k + 0.5) * wide - half), y, count, 12) for k in columns]
    names = [
        svg.linked(f"{r}", [svg.text(left - 8, y, shorten(word, 80), 13, CENTER, "end")]),
        svg.text(left + (r + 0.5) * wide + 4, top - 7, shorten(word, 60), 13, CONTEXT, turn=-45),
    ]
    return svg.linked(f"{r}", parts), "".join(names)


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
