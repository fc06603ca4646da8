"""A text of the reader's own: take it, train on it, ask it, save it, and say so in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from helpers.cli import files, texts
from helpers.demos import svg
from helpers.demos.settings import Slider, Steps, Text, animation
from helpers.demos.training import Mapped, Training
from helpers.demos.typed import isolated, look_up, only_word, printable
from helpers.demos.word_atlas_model import is_content
from helpers.demos.your_own_corpus_text import SAMPLE, InstalledText, Reading, Selection, many, times
from helpers.demos.your_own_corpus_vectors import Elsewhere
from helpers.geometry import nearest_neighbors
from helpers.lettering import shorten
from helpers.pairs import count_matrix
from helpers.skipgram import init_embeddings
from helpers.text import Vocabulary
from helpers.vectors import is_table

EPOCHS = 300  # in one training
SETTINGS = {"learning_rate": 0.4, "init_scale": 0.1, "optimizer": "momentum"}  # as `python -m helpers train`
NEIGHBORS = 8
INSTALLED = "the text on this computer"
SHOWN = 120  # of the most frequent words, on the map
NARROW = {"width": "264px", "label_width": "96px"}  # four side by side
FIELD = {"width": "240px", "label_width": "60px"}


class YourOwnCorpusModel(Mapped, Training):
    """A text of the reader's own, in training.

    Attributes
    ----------
    selection : Selection
        The words of the text in use that take part.
    coming : Reading or None
        A new text, which takes the place of the one in use when it has been read to its end.
    counted : float
        The share of the text whose pairs have been counted.
    asked : int or str
        The id of the word asked about, or a sentence that says why it has none.
    notice : str
        What came of the last thing that was done, if it needs to be said.
    """

    dim = Slider("dimensions D", 20, 2, 50, 1, "Coordinates per vector; a new start", **NARROW)
    window = Slider("window", 2, 1, 10, 1, "How far a center looks; a new start", **NARROW)
    min_count = Steps(
        "min count",
        1,
        (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000),
        "Words that occur less often are left out",
        **NARROW,
    )
    seed = Slider("seed", 0, 0, 99, 1, "Decides the random start", **NARROW)
    word = Text("word", "bread", "The word whose neighbors are shown", live=False, suggesting=True, **FIELD)
    folder = Text("folder", "my_vectors", "Where Save writes its files", live=False, **FIELD)

    course, optimizer = EPOCHS, SETTINGS["optimizer"]
    selection: Selection | None = None
    slow = 0.05

    def reset(self) -> None:
        """Go back to the sample and to the first settings."""
        super().reset()
        for _ in self.paste(SAMPLE, "sample: a day at the harbor"):
            pass

    # --- The text: reading goes on by itself, and can be stopped; until it is done the old text stays ----

    def paste(self, text: str, name: str = "") -> Iterator[None]:
        """Take a string; the iterator reads it, a portion at a time."""
        if not name:
            start = shorten(printable(text[:200]), 200)
            name = f"pasted: {start}" if start else "the box"
        return self._take(name, name, text.encode("utf-8", "replace"))

    def load(self, name: str, data: bytes) -> Iterator[None]:
        """Take the content of a file; the iterator reads it."""
        name = printable(name) or "your file"
        return self._take(name, name, data)

    def open(self, path: str) -> Iterator[None]:
        """Take a file on this computer; the iterator reads it."""
        path = path.strip().strip("'\"")
        return self._take(printable(Path(path).name) or printable(path), path, None)

    def take_installed(self) -> Iterator[None]:
        """Take the English that came with Python; the iterator reads it, or reads on."""
        self.notice = ""
        if self.coming is None or self.coming.name != INSTALLED:
            self.coming = Reading(INSTALLED, InstalledText())
        return self.finish_reading()

    def _take(self, name: str, path: str, data: bytes | None) -> Iterator[None]:
        self.notice, self.coming = "", None
        try:
            place = Path(path) if data is not None else Path(path).expanduser()
            if place.is_file() and is_table(place) if data is None else is_table(name, data):
                return self._take_vectors(Elsewhere(name, place, data))
            self.coming = Reading(name, texts.find_text(place, data))
        except OSError as error:
            self.notice = f"{printable(path)}: {error.strerror or error}. {self._still}"
        except (ValueError, RuntimeError) as error:  # a runtime error says that there is no such home folder
            self.notice = f"{printable(error).rstrip('.')}. {self._still}"
        return self.finish_reading()

    def _take_vectors(self, elsewhere: Elsewhere) -> Iterator[None]:
        """Let vectors made elsewhere take the place of the text."""
        self.selection = elsewhere
        self.asked = self._ask()
        self.start_over()
        self.embeddings = elsewhere.embeddings
        self.forget_map()
        self.look()
        self._ask_about_something()
        yield

    @property
    def elsewhere(self) -> bool:
        """Whether the vectors were made elsewhere, so that there is nothing to train."""
        return isinstance(self.selection, Elsewhere)

    def finish_reading(self) -> Iterator[None]:
        """Read on from where reading was stopped; at the end the new text takes the place of the old one."""
        new = self.coming
        try:
            for _ in new.portions if new else ():
                yield
                if self.coming is not new:
                    return
        except (OSError, ValueError, MemoryError) as error:
            self.notice = f"{new.name} could not be read to its end ({printable(error)}). {self._still}"
        else:
            if new and len(new.tokens):
                self._choose_words(new)
                self._ask_about_something()
            elif new:
                self.notice = f"There are no words in {new.name}. {self._still}"
        self.coming = None
        yield

    @property
    def _still(self) -> str:
        return f"{self.reading.name[:1].upper()}{self.reading.name[1:]} stays in use."

    @property
    def reading(self) -> Reading:
        """The text in use."""
        return self.selection.reading

    # --- Words and settings -------------------------------------------------------------------------------

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The words that take part; None where the text cannot be trained on."""
        return self.selection.vocabulary

    def changed(self, names: set[str]) -> None:
        self.notice = ""
        if self.elsewhere:
            names = names & {"word"}  # all others are about a training
        if "min_count" in names:
            self._choose_words(self.reading)
        elif names & {"dim", "window", "seed"}:
            self.start_over()
        if "word" in names:
            self.asked = self._ask()

    def _choose_words(self, reading: Reading) -> None:
        self.selection = Selection(reading, self.min_count)
        self.asked = self._ask()
        self.start_over()

    def start_over(self) -> None:
        """Go back to before the first epoch."""
        super().start_over()
        self.embeddings, self.epoch, self.counted, self.ran_away = None, 0, 0.0, False
        self.notice = ""
        self.forget_map()
        if (
            self.selection and self.vocabulary and not self.elsewhere
        ):  # where the words stand before anything is learned
            rng = np.random.default_rng(self.seed)
            start = init_embeddings(len(self.vocabulary), self.dim, rng, SETTINGS["init_scale"])
            self.draw_map(start.W, self.selection.frequent[:SHOWN])

    # --- Training ----------------------------------------------------------------------------------------

    @property
    def trained(self) -> bool:
        return self.embeddings is not None and (self.epoch > 0 or self.elsewhere)

    def frames(self, steps: int | None = None) -> Iterator[None]:
        """Finish reading, count the pairs, and train up to the goal, or once it is reached up to the next."""
        self.notice = ""
        yield from self.finish_reading()
        if self.elsewhere:
            self.notice = f"{self.reading.name} is trained already. To train here, load a text."
        if self.vocabulary is None or self.notice:
            return
        if self.embeddings is None:
            yield from self._count()
        if self.embeddings is not None:
            yield from super().frames(steps)

    @animation
    def _count(self) -> Iterator[None]:
        """Count the pairs, and go to epoch 0."""
        size = len(self.vocabulary)
        counts = np.zeros((size, size), dtype=np.int64)
        for share, sentences in self.selection.portions():
            self.counted = share
            yield
            counts += count_matrix(sentences, self.window, size)
        self.counted = 1.0
        self.begin(counts, self.dim, self.seed, SETTINGS["init_scale"], SETTINGS["learning_rate"])
        self.first_loss = self.loss

    def train(self) -> None:
        """Do all of it at once."""
        for _ in self.frames():
            pass

    def look(self) -> None:
        self.draw_map(self.embeddings.W, self.selection.frequent[:SHOWN])

    # --- Looking around -----------------------------------------------------------------------------------

    def _ask(self) -> int | str:
        """Return the id of the word asked about, or a sentence that says why there is none."""
        if self.vocabulary is None:
            return self.selection.obstacle
        found, word = look_up(self.word, self.vocabulary), only_word(self.word)
        if isinstance(found, str) and word in self.reading.words:
            count = self.reading.counts[self.reading.words.index(word)]
            asked = isolated(shorten(word, 160))
            return f"'{asked}' occurs {times(count)}, and it takes {self.selection.least} to take part."
        return found

    def _ask_about_something(self) -> None:
        """Where a new text lacks the word asked about, take its most frequent one that is about something."""
        if self.vocabulary and isinstance(self.asked, str):
            words = [self.vocabulary.words[i] for i in self.selection.frequent.tolist()]
            long = [word for word in words if 3 < len(word) < 40]
            self.set(word=next(filter(is_content, long), next(iter(long), min(words, key=len))))

    @property
    def neighbors(self) -> list[tuple[int, float]]:
        """The ids of the words closest in direction to the one asked about, with their cosines."""
        if not self.trained or isinstance(self.asked, str):
            return []
        ids, cosines = nearest_neighbors(self.embeddings.W, self.asked, NEIGHBORS)
        return list(zip(ids.tolist(), cosines.tolist(), strict=True))

    @property
    def listed(self) -> list[tuple[int, float | None]]:
        """The neighbors; before there are any, the most frequent words, without a cosine."""
        frequent = self.selection.frequent[:NEIGHBORS].tolist()
        return self.neighbors if self.trained else [(i, None) for i in frequent]

    # --- Saving -------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write vocabulary, text, vectors and settings as `python -m helpers train` does."""
        name = self.folder.strip()
        if self.elsewhere:
            self.notice = f"{self.reading.name} stays where it is; there is nothing new to save."
            return
        if not self.trained or not name:
            self.notice = (
                "Name a folder to save to." if self.trained else "There is nothing to save yet: train first."
            )
            return
        try:
            with files.replacing(Path(name).expanduser()) as new:
                files.write_vocabulary(new, self.vocabulary)
                files.write_encoded(new, self.selection.sentences())
                files.write_vectors(new, self.embeddings)
                files.write_run(new, self.record())
        except OSError as error:
            self.notice = f"Nothing was saved to {printable(name)}: {error.strerror or error}."
        except (ValueError, RuntimeError) as error:
            self.notice = f"Nothing was saved: {printable(error).rstrip('.')}."
        else:
            self.notice = f"Saved {', '.join(files.NAMES)} in {printable(name)}, as of epoch {self.epoch}."

    def record(self) -> dict:
        """Return settings and outcomes, as they are saved."""
        text = self.selection
        left_out = len(self.reading.tokens) - len(text.ids)
        amounts = {"sentences": len(text.lengths), "tokens": len(text.ids), "tokens_left_out": left_out}
        chosen = {"dim": self.dim, "window": self.window, "seed": self.seed, "epochs": self.epoch}
        losses = {"loss_start": self.first_loss, "loss_end": self.loss, "loss_floor": self.floor}
        return {
            "index": {"min_count": text.least, "words": len(self.vocabulary)},
            "encode": amounts,
            "train": {"method": "softmax"} | chosen | SETTINGS | {"pairs": int(self.counts.sum())} | losses,
        }

    def summary(self) -> str:
        if self.notice:
            return self.notice
        if self.coming is not None:
            return f"Reading {self.coming.name}: {self.coming.progress}. {self._still}"
        reading = self.reading
        if self.elsewhere:
            size = f"{reading.name}: {reading.size}"
            return f"{size}. {self.asked if isinstance(self.asked, str) else self._nearest()}"
        size = f"{reading.name}: {many(len(reading.tokens), 'word')}, {len(reading.words):,} different"
        if self.vocabulary is None:
            return f"{size}. {self.selection.obstacle}"
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
        return f"{size}. {end} {self._nearest()}"

    def _nearest(self) -> str:
        near = ", ".join(f"{self.shown_word(i)} {svg.number(cosine)}" for i, cosine in self.neighbors[:3])
        return f"Nearest to {self.shown_word(self.asked)}: {near}."

    def shown_word(self, i: int, room: float = 160) -> str:
        """Return a word of the vocabulary for a line of text, cut where it is longer than `room` pixels."""
        return isolated(shorten(self.vocabulary.words[i], room))
