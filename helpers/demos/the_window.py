"""The window: it moves along a sentence, words come together in pairs, and a table of counts fills."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

import ipywidgets as widgets
import numpy as np

from helpers import checks
from helpers.demos import svg
from helpers.demos.base import Demo, choice, slider
from helpers.pairs import count_matrix, pair_count, skipgram_pairs
from helpers.palette import CENTER, CONTEXT, GREY, INK, PALE, PAPER
from helpers.text import Vocabulary, tokenize

SENTENCES = (
    "the car moves fast",
    "I love my dog",
    "the dog bit the man",
    "the tall woman eats the warm bread",
    "you shall know a word by the company it keeps",
)
OWN = ""  # stands for the reader's own sentence in the list of sentences
MOST_WORDS, WIDEST, LONGEST = 12, 6, 2000  # words shown, largest window, characters read
HOLD = 18  # frames that the window stays at each position


class TheWindowModel:
    """A sentence, a window, and the position of its center.

    Attributes
    ----------
    text : str
        What was chosen or typed.
    window : int
        Reach w on either side, 1 … 6.
    position : int
        Place of the center in the sentence, 0 … T − 1.
    words : list of str
        The first sentence of the last text that had a word, at most twelve words of it.
    note : str
        What a reader should know about the text, or "".
    """

    def __init__(self):
        self.own = "type a sentence of your own"
        self.reset()

    def reset(self) -> None:
        """Go back to the first sentence; what the reader typed can still be chosen."""
        self.window, self.position = 2, 0
        self._read(SENTENCES[0])

    def set(
        self,
        text: str | None = None,
        example: str | None = None,
        window: int | None = None,
        position: int | None = None,
    ) -> None:
        if example is not None:
            if text is not None:
                raise ValueError("give either an example or a text, not both")
            if example not in (*SENTENCES, OWN):
                raise ValueError(f"there is no sentence {example!r} to choose")
            text = example or self.own
        if text is not None and not isinstance(text, str):
            raise ValueError(f"a text is a string of characters, not {text!r}")
        window = self.window if window is None else checks.whole(window, "window", 1)
        if window > WIDEST:
            raise ValueError(f"window must be at most {WIDEST}, not {window}")
        words = self.words if text is None else (_first_sentence(text) or self.words)
        last = len(words) - 1
        if position is None:
            position = min(self.position, last)
        elif checks.whole(position, "position", 0) > last:
            raise ValueError(f"position must be at most {last}, where the last word stands, not {position}")
        self.window, self.position = window, position
        if text is not None:
            self._read(text)

    def slide(self) -> Iterator[None]:
        """Move on from word to word, a little while at each; from the end, begin again."""
        if self.position == self.last:
            self.position = 0
        while True:
            for _ in range(HOLD):
                yield
            if self.position >= self.last:
                return
            self.position += 1

    @property
    def example(self) -> str:
        """The sentence as it stands in the list, or OWN."""
        return self.text if self.text in SENTENCES else OWN

    @property
    def last(self) -> int:
        return len(self.words) - 1

    @property
    def places(self) -> np.ndarray:
        """All pairs of the sentence as (P, 2) places of center and context, in reading order."""
        return skipgram_pairs([range(len(self.words))], self.window)

    @property
    def contexts(self) -> list[int]:
        """The places that the center sees."""
        places = self.places
        return places[places[:, 0] == self.position, 1].tolist()

    @property
    def met(self) -> np.ndarray:
        """The pairs of all positions up to this one, as places (P, 2)."""
        places = self.places
        return places[places[:, 0] <= self.position]

    @property
    def total(self) -> int:
        return pair_count(len(self.words), self.window)

    @property
    def counts(self) -> np.ndarray:
        """N as filled so far: (V, V) pairs by word, rows are centers."""
        counts = np.zeros((len(self.vocabulary), len(self.vocabulary)), dtype=int)
        np.add.at(counts, tuple(self.ids[self.met].T), 1)
        return counts

    @property
    def final_counts(self) -> np.ndarray:
        """N when the window has reached the end."""
        return count_matrix([self.ids], self.window, len(self.vocabulary))

    def summary(self) -> str:
        center, *seen = (_cut(self.words[i], 100) for i in (self.position, *self.contexts))
        named = 0 < len(seen) <= WIDEST and not self.note  # so that the line under the picture stays short
        company = ", ".join(seen) if named else _times(len(seen), "word")
        return (
            f"{self.note} The center “{center}” at position {self.position} sees {company}: "
            f"{_times(len(seen), 'pair')}. Pairs so far: {len(self.met)} of {self.total} "
            f"(window w = {self.window}, sentence of T = {len(self.words)})."
        ).strip()

    def _read(self, text: str) -> None:
        """Take over a text; one without a word leaves the sentence that is there."""
        self.text = text
        words = _first_sentence(text)
        if not words:
            self.note = "There is no word in the field, so the sentence before stays."
            return
        self.note = ""
        if len(words) < sum(map(len, tokenize(text[:LONGEST]))):
            self.note = f"Only the first sentence is used, up to {MOST_WORDS} words."
        if text not in SENTENCES:
            self.own = text
        self.words = words
        self.vocabulary = Vocabulary.from_sentences([words])
        self.ids = self.vocabulary.encode(words)


class TheWindow(Demo):
    """Slide a window over a sentence and collect pairs."""

    animated = True

    def __init__(self):
        model = TheWindowModel()
        shape = {"style": {"description_width": "110px"}, "layout": widgets.Layout(width="360px")}
        sentences = {sentence: sentence for sentence in SENTENCES} | {"your own sentence": OWN}
        controls = {
            "example": choice("sentence", sentences, model.example, "A sentence to slide over"),
            "text": widgets.Text(model.text, description="or type one", tooltip="Your own sentence", **shape),
            "window": slider("window w", model.window, 1, WIDEST, 1, "How far the center sees on each side"),
            "position": slider("position i", 0, 0, model.last, 1, "Where the center stands"),
        }
        super().__init__(model, controls, {"Slide": model.slide, "Reset": model.reset})

    def refresh(self) -> None:
        position = self.controls["position"]
        with self.silence():  # a shorter range moves the slider, and the model already knows
            position.max = self.model.last
        super().refresh()

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show the middle of the sentence: at position 0 little has happened yet."""
        if self.model.position:
            return self.draw()
        later = TheWindowModel()
        later.set(text=self.model.text, window=self.model.window)
        later.set(position=later.last // 2)
        return _picture(later)


def _picture(model: TheWindowModel) -> str:
    parts = [*_sentence(model), *_pairs(model), *_table(model)]
    return svg.picture(860, 500, parts, model.summary())


def _sentence(model: TheWindowModel) -> list[str]:
    """Draw the words in boxes, with arrows from the center to its contexts, on a strip that is the window."""
    top, high, gap = 96, 32, 8
    words = _fitting(model.words, 840 - len(model.words) * (gap + 14))
    pad = min((840 - sum(map(_wide, words))) / len(words) - gap, 36)
    widths = [_wide(word) + pad for word in words]
    left = (860 - sum(widths) - gap * (len(words) - 1)) / 2
    edges = [left + sum(widths[:i]) + gap * i for i in range(len(words))]
    middles = [edge + width / 2 for edge, width in zip(edges, widths, strict=True)]
    contexts, center = model.contexts, model.position
    first, final = min([center, *contexts]), max([center, *contexts])
    strip = edges[first] - 5, top - 5, edges[final] + widths[final] - edges[first] + 10, high + 10
    parts = [svg.rect(*strip, svg.mix(PAPER, PALE, 0.6), corner=8)]
    for i, (word, edge, width, middle) in enumerate(zip(words, edges, widths, middles, strict=True)):
        color = CENTER if i == center else CONTEXT if i in contexts else None
        parts += [
            svg.rect(edge, top, width, high, color or PAPER, color or PALE, corner=5),
            svg.text(middle, top + 21, word, 13, PAPER if color else INK, "middle"),
            svg.text(middle, top + high + 20, str(i), 12, color or GREY, "middle", bold=i == center),
        ]
    for i in contexts:
        height = 12 + 11 * abs(i - center)
        parts.append(svg.arc(middles[center], middles[i], top - 2, height, CONTEXT))
    return parts


def _pairs(model: TheWindowModel) -> list[str]:
    """List the pairs of this position, and count all of them."""
    T, w, here = len(model.words), model.window, model.contexts
    outside = 2 * w - len(here)
    edge = f"; {outside} of 2w = {2 * w} places lie{'s' * (outside == 1)} outside" if outside else ""
    product = f"2wT − w(w + 1) = {2 * w * T} − {w * (w + 1)}" if w <= T else f"T(T − 1) = {T} · {T - 1}"
    center = _cut(model.words[model.position], 126)
    parts = [
        svg.text(24, 184, f"pairs at position {model.position}", bold=True),
        svg.text(24, 202, f"{_times(len(here), 'pair')}{edge}", 12, GREY),
        svg.text(150, 226, "center", 12, CENTER, "end", bold=True),
        svg.text(162, 226, "→ context", 12, CONTEXT, bold=True),
        svg.text(24, 468, f"pairs so far: {len(model.met)} of {model.total}", 15, bold=True),
        svg.text(24, 487, f"{product} = {model.total}, with w = {w}, T = {T}", 12, GREY),
    ]
    for row, i in enumerate(here):
        y = 244 + 18 * row
        parts += [
            svg.text(150, y, center, 13, CENTER, "end"),
            svg.text(162, y, f"→ {_cut(model.words[i], 150)}", 13, CONTEXT),
        ]
    return parts


def _table(model: TheWindowModel) -> list[str]:
    """Draw the counts so far; the cells of this position are framed."""
    words, counts = model.vocabulary.words, model.counts
    size, most = len(words), max(int(model.final_counts.max()), 1)
    left, top, wide, high = 474, 254, min(64, 312 // size), min(44, 232 // size)
    parts = [svg.text(left, 184, "counts N so far", bold=True)]
    filled = [(r, k, int(counts[r, k])) for r, k in np.argwhere(counts).tolist()]
    for count in sorted({count for *_, count in filled}):
        same = [(r, k) for r, k, n in filled if n == count]
        parts.append(
            svg.cells(left, top, (wide, high), same, svg.mix(PAPER, INK, 0.05 + 0.25 * count / most))
        )
        for r, k in same:
            middle = left + (k + 0.5) * wide - 3.8 * len(str(count))  # shorter than an anchor a hundred times
            parts.append(svg.text(middle, top + (r + 0.5) * high + 4.5, count, 12))
    newest = sorted({(model.ids[model.position], model.ids[i]) for i in model.contexts})
    parts += [
        svg.grid(left, top, (wide, high), size, size),
        svg.cells(left, top, (wide, high), newest, "none", INK, 2.5),
    ]
    for k, word in enumerate(words):
        row, column = left - 8, left + (k + 0.5) * wide + 4
        parts += [
            svg.text(row, top + (k + 0.5) * high + 4.5, _cut(word, 96), 13, CENTER, "end"),
            svg.text(column, top - 7, _cut(word, 66), 13, CONTEXT, turn=-45),
        ]
    return parts


def _first_sentence(text: str) -> list[str]:
    sentences = tokenize(text[:LONGEST])
    return sentences[0][:MOST_WORDS] if sentences else []


def _times(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def _wide(word: str) -> float:
    """Guess how many pixels a word takes at size 13: rather too many than too few."""
    return sum(map(_letter, word))


def _letter(letter: str) -> float:
    if letter in "ijl'":
        return 4
    if letter in "frt-":
        return 6
    return 13 if letter in "mw…" or ord(letter) > 0x370 else 8.4


def _cut(word: str, room: float) -> str:
    """Shorten a word that is too long for its place."""
    reach = list(accumulate(map(_letter, word[:100])))  # where each letter ends; nowhere is room for more
    if len(word) <= 100 and reach[-1] <= room:
        return word
    return word[: bisect_right(reach, room - _letter("…"))] + "…"


def _fitting(words: list[str], room: float) -> list[str]:
    """Shorten the longest words, all to the same length, until there is room for all side by side."""
    widths = sorted(map(_wide, words))
    for k, width in enumerate(widths):
        share = (room - sum(widths[:k])) / (len(widths) - k)  # of what the shorter words leave
        if width > share:
            return [_cut(word, share) for word in words]
    return words
