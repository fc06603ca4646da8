"""A text of the reader's own: read it in portions, train on it, ask it, save it, and warn in plain words."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np

from helpers import checks
from helpers.cli import files
from helpers.demos import svg
from helpers.demos.measure import shorten
from helpers.demos.small_world_text import steady_map
from helpers.demos.training import Training
from helpers.geometry import nearest_neighbors
from helpers.pairs import count_matrix
from helpers.text import Vocabulary, tokenize

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
EPOCHS = 300  # in one training
SETTINGS = {"learning_rate": 0.4, "init_scale": 0.1, "optimizer": "momentum"}  # as `python -m helpers train`
PORTION = 200_000  # words whose pairs are counted between two frames
SLOW = 0.05  # seconds of training after which a frame is due in any case
FEW, SMALL, RARE = 5_000, 100_000, 5  # words of a text, and places of a word, below which to be careful
NEIGHBORS = 8
SHOWN = 120  # of the most frequent words, on the map


class Reading:
    """A text on its way to numbers, portion by portion.

    Attributes
    ----------
    name : str
        What readers know the text by.
    encoding : str
    portions : iterator
        Reads a portion at every step, and goes on where it was left.
    share : float
        How much of it has been read.
    words : list of str
        All different words, in the order of first appearance.
    tokens : (T,) int array
        The text, each word as its place in `words`.
    lengths : (S,) int array
        How many words each sentence has.
    """

    def __init__(self, name: str, text: files.Text):
        self.name, self.encoding, self.share = name, text.encoding, 0.0
        self.portions = self._read(text)

    def _read(self, text: files.Text) -> Iterator[None]:
        place = defaultdict()
        place.default_factory = place.__len__
        tokens, lengths = [np.empty(0, np.int32)], [np.empty(0, np.intp)]
        for share, sentences in text.blocks():
            self.share = share
            tokens.append(np.array([place[word] for words in sentences for word in words], dtype=np.int32))
            lengths.append(np.fromiter(map(len, sentences), np.intp, len(sentences)))
            yield
        self.words, self.tokens, self.lengths = list(place), np.concatenate(tokens), np.concatenate(lengths)

    @cached_property
    def counts(self) -> np.ndarray:
        return np.bincount(self.tokens, minlength=len(self.words))


class YourOwnCorpusModel(Training):
    """A text of the reader's own, in training.

    Attributes
    ----------
    reading : Reading
        The text in use; a new one takes its place when it has been read to its end.
    dim, window, min_count, seed : int
        A new value is a new start.
    word : str
        What the reader asks about.
    folder : str
        Where to save.
    vocabulary : Vocabulary or None
        The words that take part; None where the text cannot be trained on, and `obstacle` says why.
    least : int
        How often a word must occur to take part: `min_count`, or more where there are too many words.
    trained : bool
    asked : int or str
        The id of that word, or a sentence that says why it has none.
    cautions : list of str
        What to know before believing the neighbors.
    notice : str
        What came of the last thing that was done, if it needs to be said.
    """

    optimizer = SETTINGS["optimizer"]

    def __init__(self):
        self.reset()

    def reset(self) -> None:
        """Go back to the sample and to the first settings."""
        self.dim, self.window, self.min_count, self.seed = 20, 2, 1, 0
        self.word, self.folder, self.coming = "bread", "my_vectors", None
        for _ in self.paste(SAMPLE, "sample: a day at the harbor"):
            pass

    # --- The text: reading goes on by itself, and can be stopped; until it is done the old text stays ----

    def paste(self, text: str, name: str = "") -> Iterator[None]:
        """Take a string; the iterator reads it, a portion at a time."""
        if not name:
            start = shorten(_printable(text[:200]), 200)
            name = f"pasted: {start}" if start else "the box"
        return self._take(name, name, text.encode("utf-8", "replace"))

    def load(self, name: str, data: bytes) -> Iterator[None]:
        """Take the content of a file; the iterator reads it."""
        name = _printable(name) or "your file"
        return self._take(name, name, data)

    def open(self, path: str) -> Iterator[None]:
        """Take a file on this computer; the iterator reads it."""
        path = path.strip().strip("'\"")
        return self._take(_printable(Path(path).name), path, None)

    def _take(self, name: str, path: str, data: bytes | None) -> Iterator[None]:
        self.notice, self.coming = "", None
        try:
            place = Path(path) if data is not None else Path(path).expanduser()
            self.coming = Reading(name, files.find_text(place, data))
        except OSError as error:
            self.notice = f"{_printable(path)}: {error.strerror or error}. {self._still}"
        except (ValueError, RuntimeError) as error:  # a runtime error says that there is no such home folder
            self.notice = f"{_printable(error).rstrip('.')}. {self._still}"
        return self.finish_reading()

    def finish_reading(self) -> Iterator[None]:
        """Read on from where reading was stopped; at the end the new text takes the place of the old one."""
        new = self.coming
        try:
            for _ in new.portions if new else ():
                yield
                if self.coming is not new:
                    return
        except (OSError, UnicodeError, MemoryError) as error:
            self.notice = f"{new.name} could not be read to its end ({_printable(error)}). {self._still}"
        else:
            if new and len(new.tokens):
                self.reading = new
                self._choose_words()
                self._ask_about_something()
            elif new:
                self.notice = f"There are no words in {new.name}. {self._still}"
        self.coming = None
        yield

    @property
    def _still(self) -> str:
        return f"{self.reading.name[:1].upper()}{self.reading.name[1:]} stays in use."

    # --- Words and settings -------------------------------------------------------------------------------

    def set(
        self,
        dim: int | None = None,
        window: int | None = None,
        min_count: int | None = None,
        seed: int | None = None,
        word: str | None = None,
        folder: str | None = None,
    ) -> None:
        dim = self.dim if dim is None else checks.whole(dim, "dim", 2)
        window = self.window if window is None else checks.whole(window, "window", 1)
        min_count = self.min_count if min_count is None else checks.whole(min_count, "min_count", 1)
        seed = self.seed if seed is None else checks.whole(seed, "seed", 0)
        self.word, self.folder = (
            old if new is None else str(new) for new, old in ((word, self.word), (folder, self.folder))
        )
        self.notice = ""
        if word is not None and self.vocabulary:
            self.asked = self._ask()
        before = self.dim, self.window, self.min_count, self.seed
        self.dim, self.window, self.min_count, self.seed = dim, window, min_count, seed
        if min_count != before[2]:
            self._choose_words()
        elif (dim, window, seed) != (before[0], before[1], before[3]):
            self._start_over()

    def _choose_words(self) -> None:
        """Decide which words take part, and write the text with them alone."""
        counts, self.vocabulary, self.obstacle = self.reading.counts, None, ""
        self.least, wanted = self.min_count, np.count_nonzero(counts >= self.min_count)
        if wanted > MOST_WORDS:
            self.least = int(np.sort(counts)[-MOST_WORDS - 1]) + 1
        kept = np.flatnonzero(counts >= self.least)
        first = f"'{shorten(self.reading.words[int(counts.argmax())], 160)}'"
        if wanted == 0:
            self.obstacle = (
                f"No word occurs {self.least} times; the most frequent one, {first}, occurs "
                f"{_times(counts.max())}. Choose a smaller min count."
            )
        elif wanted == 1:
            only = f" that occurs {_times(self.least)}" if len(counts) > 1 else ""
            self.obstacle = f"{first} is the only word{only}, so there is nothing to compare it with."
        elif len(kept) < 2:
            self.obstacle = (
                f"{wanted:,} words are too many for the full softmax, which takes up to {MOST_WORDS:,} here, "
                f"and they are all about equally frequent, so none can go first. Choose a shorter text."
            )
        else:
            self._encode(kept)
            if self.lengths.max() < 2:
                self.vocabulary, self.obstacle = None, "No sentence has two words, so no word has company."
        self.asked = self._ask() if self.vocabulary else self.obstacle
        self.cautions = self._warn()
        self._start_over()

    def _encode(self, kept: np.ndarray) -> None:
        reading = self.reading
        words = tuple(reading.words[i] for i in kept.tolist())
        self.vocabulary = Vocabulary(words, reading.counts[kept])
        new = np.full(len(reading.words), -1, dtype=np.int32)
        new[kept] = np.arange(len(kept))
        ids = new[reading.tokens]
        sentence = np.repeat(np.arange(len(reading.lengths)), reading.lengths)[ids >= 0]
        lengths = np.bincount(sentence, minlength=1)
        self.ids, self.lengths = ids[ids >= 0], lengths[lengths > 0]
        self.frequent = np.argsort(-self.vocabulary.counts, kind="stable")

    def _start_over(self) -> None:
        """Go back to before the first epoch."""
        self.embeddings, self.epoch, self.counted = None, 0, 0.0
        self.points, self.reach, self.ran_away, self.notice = None, 0.0, False, ""
        self._start = object()  # by which an earlier training knows that it is over

    def sentences(self) -> Iterator[np.ndarray]:
        """Yield the text as the training sees it, sentence by sentence."""
        end = 0
        for length in self.lengths.tolist():
            yield self.ids[end : end + length]
            end += length

    def _portions(self) -> Iterator[tuple[float, list[np.ndarray]]]:
        """Yield the share that came before, and as many sentences as can be counted between two frames."""
        portion, size, done = [], 0, 0
        for sentence in self.sentences():
            portion.append(sentence)
            size += len(sentence)
            if size >= PORTION:
                yield done / len(self.ids), portion
                portion, size, done = [], 0, done + size
        if portion:
            yield done / len(self.ids), portion

    # --- Training ----------------------------------------------------------------------------------------

    @property
    def trained(self) -> bool:
        return self.embeddings is not None and self.epoch > 0

    @property
    def goal(self) -> int:
        """The epoch at which the present training ends, or has ended."""
        return max(EPOCHS, -(-self.epoch // EPOCHS) * EPOCHS)

    def frames(self) -> Iterator[None]:
        """Finish reading, count the pairs, and train up to the goal, or once it is reached up to the next."""
        self.notice = ""
        yield from self.finish_reading()
        if self.vocabulary is None or self.notice:
            return
        if self.embeddings is None:
            start, size = self._start, len(self.vocabulary)
            counts = np.zeros((size, size), dtype=np.int64)
            for share, sentences in self._portions():
                self.counted = share
                yield
                if self._start is not start or self.embeddings is not None:
                    return
                counts += count_matrix(sentences, self.window, size)
            self.counted = 1.0
            self.begin(counts, self.dim, self.seed, SETTINGS["init_scale"], SETTINGS["learning_rate"])
            self.first_loss = self.loss
        due, end, shown = self.epoch, self.epoch + EPOCHS - self.epoch % EPOCHS, perf_counter()
        for epoch in super().frames(end - self.epoch):
            if epoch in (due, end) or self.ran_away or perf_counter() - shown > SLOW:
                due, shown = epoch + min(1 + epoch // 30, 10), perf_counter()
                self._look()
                yield

    def train(self) -> None:
        """Do all of it at once."""
        for _ in self.frames():
            pass

    def _look(self) -> None:
        """Draw the map of the center vectors anew, turned to lie close to the one before."""
        W = self.embeddings.W
        self.points = steady_map(W, self.points)
        self.reach = max(self.reach, float(np.abs(self.points[self.frequent[:SHOWN]]).max()))
        self.shown = float(np.sum(self.points**2) / max(np.sum((W - W.mean(axis=0)) ** 2), 1e-300))

    # --- Looking around -----------------------------------------------------------------------------------

    def _ask(self) -> int | str:
        """Return the id of the word asked about, or a sentence that says why there is none."""
        words = [word for sentence in tokenize(self.word) for word in sentence]
        if len(words) != 1:
            return "Ask for one word." if words or self.word.strip() else "Type a word to see its neighbors."
        if words[0] in self.vocabulary:
            return self.vocabulary.index[words[0]]
        asked = isolated(shorten(words[0], 160))
        if words[0] in self.reading.words:
            times = _times(self.reading.counts[self.reading.words.index(words[0])])
            return f"'{asked}' occurs {times}, and it takes {self.least} to take part."
        if len(words[0]) > 40:
            return f"'{asked}' is not in the vocabulary."
        unknown = _printable(self.vocabulary.unknown(words[0]))
        return unknown if unknown.endswith("?") else f"{unknown}."

    def _ask_about_something(self) -> None:
        """Where a new text lacks the word asked about, take its most frequent one of four letters or more."""
        if self.vocabulary and isinstance(self.asked, str):
            words = [self.vocabulary.words[i] for i in self.frequent.tolist()]
            self.set(word=next((word for word in words if 3 < len(word) < 40), min(words, key=len)))

    @property
    def neighbors(self) -> list[tuple[int, float]]:
        """The ids of the words closest in direction to the one asked about, with their cosines."""
        if not self.trained or isinstance(self.asked, str):
            return []
        ids, cosines = nearest_neighbors(self.embeddings.W, self.asked, NEIGHBORS)
        return list(zip(ids.tolist(), cosines.tolist(), strict=True))

    def _warn(self) -> list[str]:
        """Return what a reader should know before believing the neighbors, most important first."""
        if self.vocabulary is None:
            return [self.obstacle]
        told, counts = [], self.vocabulary.counts
        total, rare = len(self.reading.tokens), int(np.count_nonzero(counts < RARE))
        different = np.count_nonzero(self.reading.counts >= self.min_count)
        if self.least > self.min_count:
            told.append(
                f"{different:,} different words are too many here, where the limit is {MOST_WORDS:,}: those "
                f"that occur fewer than {self.least} times are left out."
            )
        if _unspaced(self.vocabulary.words):
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
        if self.reading.encoding == "cp1252":
            told.append(
                "The text is not UTF-8, so it was read as Windows-1252 (Latin-1): look whether accents are "
                "right."
            )
        return told

    # --- Saving -------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write vocabulary, text, vectors and settings as `python -m helpers train` does."""
        name = self.folder.strip()
        if not self.trained or not name:
            self.notice = (
                "Name a folder to save to." if self.trained else "There is nothing to save yet: train first."
            )
            return
        try:
            with files.replacing(Path(name).expanduser()) as new:
                files.write_vocabulary(new, self.vocabulary)
                files.write_encoded(new, self.sentences())
                files.write_vectors(new, self.embeddings)
                files.write_run(new, self.record())
        except OSError as error:
            self.notice = f"Nothing was saved to {_printable(name)}: {error.strerror or error}."
        except (ValueError, RuntimeError) as error:
            self.notice = f"Nothing was saved: {_printable(error).rstrip('.')}."
        else:
            self.notice = f"Saved {', '.join(files.NAMES)} in {_printable(name)}, as of epoch {self.epoch}."

    def record(self) -> dict:
        """Return settings and outcomes, as they are saved."""
        left_out = len(self.reading.tokens) - len(self.ids)
        amounts = {"sentences": len(self.lengths), "tokens": len(self.ids), "tokens_left_out": left_out}
        chosen = {"dim": self.dim, "window": self.window, "seed": self.seed, "epochs": self.epoch}
        losses = {"loss_start": self.first_loss, "loss_end": self.loss, "loss_floor": self.floor}
        return {
            "index": {"min_count": self.least, "words": len(self.vocabulary)},
            "encode": amounts,
            "train": {"method": "softmax"} | chosen | SETTINGS | {"pairs": int(self.counts.sum())} | losses,
        }

    def summary(self) -> str:
        if self.notice:
            return self.notice
        if self.coming is not None:
            return f"Reading {self.coming.name}: {self.coming.share:.0%}. {self._still}"
        reading = self.reading
        size = f"{reading.name}: {many(len(reading.tokens), 'word')}, {len(reading.words):,} different"
        if self.vocabulary is None:
            return f"{size}. {self.obstacle}"
        size += f", of which {len(self.vocabulary):,} take part"
        if not self.trained:
            return f"{size}. Not trained yet: press Train."
        if self.ran_away:
            return f"{size}. After epoch {self.epoch} the numbers ran away: choose another setting."
        end = (
            f"Epoch {self.epoch} of {self.goal}: loss {self.loss:.3f} nats per pair, floor {self.floor:.3f}."
        )
        if isinstance(self.asked, str):
            return f"{size}. {end} {self.asked}"
        near = ", ".join(f"{self.shown_word(i)} {svg.number(cosine)}" for i, cosine in self.neighbors[:3])
        return f"{size}. {end} Nearest to {self.shown_word(self.asked)}: {near}."

    def shown_word(self, i: int, room: float = 160) -> str:
        """Return a word of the vocabulary for a line of text, cut where it is longer than `room` pixels."""
        return isolated(shorten(self.vocabulary.words[i], room))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _printable(words) -> str:
    """Return a name or a sentence in one line, without signs that cannot be shown."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(words)).split())


def isolated(word: str) -> str:
    """Keep a word that runs from right to left from taking what stands beside it along."""
    leftward = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in word)
    return f"\u2068{word}\u2069" if leftward else word


def _unspaced(words) -> bool:
    """Say whether most words are in a script without spaces between words: Chinese, Japanese, Thai, Lao."""
    found = [
        any("\u0e00" <= sign <= "\u0eff" or "\u3040" <= sign <= "\u9fff" for sign in w[:40]) for w in words
    ]
    return 2 * sum(found) > len(found)
