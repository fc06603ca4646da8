"""A text on its way to training: read in portions, cut down to the words that take part, with warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from helpers.cli import texts
from helpers.corpora import installed_documents
from helpers.lettering import shorten
from helpers.pairs import batches
from helpers.text import Vocabulary, tokenize, unspaced

SAMPLE = """Before the sun is up, the harbor is quiet. A gray boat leaves the harbor. A red ferry leaves the \
harbor. The fisher brings fresh fish to the market, and the baker brings warm bread to the market. The \
farmer brings sweet apples to the market on a small cart.

In the morning the baker sells bread, the fisher sells fish, and the farmer sells apples. The captain of the \
ferry buys warm bread. The captain of the gray boat buys sweet apples. A child buys bread and a child buys \
apples, but nobody buys the old fish. Gulls watch the fish. Cats watch the fish. The cats sleep under the \
cart, and the gulls sleep on the roof.

At noon the red ferry comes home to the harbor. The gray boat comes home to the harbor. The fisher sings on \
the pier, the captain sings on the deck, and the baker sings in the shop. Gulls wait on the pier. Cats wait \
on the steps. The gulls steal bread from the cart, and the cats steal fish from the cart.

In the evening the farmer counts the apples that are left, the baker counts the bread that is left, and the \
fisher counts the fish that is left. The child gives old bread to the gulls. The child gives old fish to the \
cats. The captain ties the ferry to the pier, and the fisher ties the boat to the pier.

At night the harbor is quiet again. The baker sleeps, the farmer sleeps, and the fisher sleeps. A small \
light burns on the ferry. A small light burns on the boat. Only the cats and the gulls watch the dark \
water, and the dark water watches the moon."""

MOST_WORDS = 1000  # the full softmax compares each word with all others: more would keep readers waiting
AT_ONCE = 20_000  # words of the installed text that are read between two frames
PORTION = 200_000  # words whose pairs are counted between two frames
FEW, SMALL, RARE = 5_000, 100_000, 5  # words of a text, and places of a word, below which to be careful


class InstalledText:
    """The English that is on this computer, to loop over in portions as over a `helpers.cli.texts.Text`.

    How much of it there is shows only at the end, so it has no shares.
    """

    notes = ()

    def blocks(self) -> Iterator[tuple[None, list[list[str]]]]:
        sentences, size = [], 0
        for _, document in installed_documents():
            new = tokenize("\n".join(document))
            sentences, size = sentences + new, size + sum(map(len, new))
            if size >= AT_ONCE:
                yield None, sentences
                sentences, size = [], 0
        yield None, sentences


class Reading:
    """A text on its way to numbers, portion by portion.

    Attributes
    ----------
    portions : iterator
        Reads a portion at every step, and goes on where it was left.
    share : float or None
        How much of it has been read, where that is known.
    read : int
        Words read so far.
    words : list of str
        All different words, in the order of first appearance.
    tokens, lengths : (T,) and (S,) int arrays
        The text, each word as its place in `words`, and how many words each sentence has.
    """

    def __init__(self, name: str, text: texts.Text | InstalledText):
        self.name, self.notes, self.share, self.read = name, list(text.notes), 0.0, 0
        self.portions = self._read(text)

    @property
    def progress(self) -> str:
        return f"{self.read:,} words" if self.share is None else f"{self.share:.0%}"

    def _read(self, text: texts.Text | InstalledText) -> Iterator[None]:
        place = defaultdict()
        place.default_factory = place.__len__
        tokens, lengths = [np.empty(0, np.int32)], [np.empty(0, np.intp)]
        for share, sentences in text.blocks():
            self.share = share
            tokens.append(np.array([place[word] for words in sentences for word in words], dtype=np.int32))
            lengths.append(np.fromiter(map(len, sentences), np.intp, len(sentences)))
            self.read += int(lengths[-1].sum())
            yield
        self.words, self.tokens, self.lengths = list(place), np.concatenate(tokens), np.concatenate(lengths)

    @cached_property
    def counts(self) -> np.ndarray:
        return np.bincount(self.tokens, minlength=len(self.words))


class Selection:
    """The words of a text that take part in training, and the text written with them alone.

    Attributes
    ----------
    wanted : int
        How many words occur as often as the reader's `min_count`.
    least : int
        How often a word must occur to take part: `min_count`, or more where too many words are wanted.
    obstacle : str
        Why the text cannot be trained on; empty where it can.
    vocabulary : Vocabulary or None
        The words that take part; None where there is an obstacle.
    frequent : (V,) int array
        Their ids, from the most frequent word on.
    ids, lengths : (T,) and (S,) int arrays
        The text, and how many words of it each sentence has.
    """

    def __init__(self, reading: Reading, min_count: int):
        self.reading, self.min_count, self.least = reading, min_count, min_count
        counts, self.vocabulary = reading.counts, None
        self.wanted = int(np.count_nonzero(counts >= min_count))
        if self.wanted > MOST_WORDS:
            self.least = int(np.sort(counts)[-MOST_WORDS - 1]) + 1
        kept = np.flatnonzero(counts >= self.least)
        self.obstacle = self._too_few_words(len(kept))
        if not self.obstacle:
            self._encode(kept)

    def _too_few_words(self, kept: int) -> str:
        counts = self.reading.counts
        first = f"'{shorten(self.reading.words[int(counts.argmax())], 160)}'"
        if self.wanted == 0:
            return (
                f"No word occurs {self.least} times; the most frequent one, {first}, occurs "
                f"{times(counts.max())}. Choose a smaller min count."
            )
        if self.wanted == 1:
            only = f" that occurs {times(self.least)}" if len(counts) > 1 else ""
            return f"{first} is the only word{only}, so there is nothing to compare it with."
        if kept < 2:
            return (
                f"{self.wanted:,} words are too many for the full softmax, which takes up to {MOST_WORDS:,} "
                f"here, and they are all about equally frequent, so none can go first. Choose a shorter text."
            )
        return ""

    def _encode(self, kept: np.ndarray) -> None:
        """Write the text with these words alone."""
        reading = self.reading
        new = np.full(len(reading.words), -1, dtype=np.int32)
        new[kept] = np.arange(len(kept))
        ids = new[reading.tokens]
        sentence = np.repeat(np.arange(len(reading.lengths)), reading.lengths)[ids >= 0]
        lengths = np.bincount(sentence)
        self.ids, self.lengths = ids[ids >= 0], lengths[lengths > 0]
        if self.lengths.max() < 2:
            self.obstacle = "No sentence has two words, so no word has company."
            return
        self.vocabulary = Vocabulary(tuple(reading.words[i] for i in kept.tolist()), reading.counts[kept])
        self.frequent = np.argsort(-self.vocabulary.counts, kind="stable")

    def sentences(self) -> Iterator[np.ndarray]:
        """Yield the text as the training sees it, sentence by sentence."""
        end = 0
        for length in self.lengths.tolist():
            yield self.ids[end : end + length]
            end += length

    def portions(self) -> Iterator[tuple[float, list[np.ndarray]]]:
        """Yield the share that came before, and as many sentences as can be counted between two frames."""
        done = 0
        for portion in batches(self.sentences(), PORTION):
            yield done / len(self.ids), portion
            done += sum(map(len, portion))

    @cached_property
    def cautions(self) -> list[str]:
        """What a reader should know before believing the neighbors, most important first."""
        if self.vocabulary is None:
            return []
        total, counts = len(self.reading.tokens), self.vocabulary.counts
        told, rare = [], int(np.count_nonzero(counts < RARE))
        if self.least > self.min_count:
            told.append(
                f"{self.wanted:,} different words are too many here, where the limit is {MOST_WORDS:,}: "
                f"those that occur fewer than {self.least} times are left out."
            )
        if unspaced(self.vocabulary.words):
            told.append(
                "This script has no spaces, so whole clauses count as one word: put spaces between the words "
                "first (a segmenter does)."
            )
        if total < FEW:
            told.append(
                f"{many(total, 'word')} of text can show how it works, but not mean much: neighbors repeat "
                "the few sentences there are."
            )
        elif total < SMALL:
            told.append(f"{total:,} words are a small text: trust the neighbors of its frequent words only.")
        if 4 * rare > len(counts):
            told.append(
                f"{rare:,} of the {len(counts):,} words occur fewer than {RARE} times: where they lie hangs "
                "on a few sentences. Delete one of these and see."
            )
        return told + [f"{note}: look whether its letters are right." for note in self.reading.notes]


def times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
