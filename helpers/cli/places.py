"""Where vectors are: a folder made by `train`, one made by `import`, or a file from another program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from helpers import vectors
from helpers.cli import files
from helpers.cli.messages import Messages
from helpers.text import tokenize
from helpers.vectors import Converted, Space, WordList

LARGE = 200_000_000  # bytes in a file, from which on it is worth the disk to read it only once
SEEN = 8  # times a word must have been seen to be named as a neighbor, where there are enough such words
ENOUGH = 5  # such words for each neighbor that is asked for


@contextmanager
def opened(place: Path, messages: Messages) -> Iterator[Space]:
    """Open vectors; those in a file are read into a folder that is gone at the end."""
    if place.is_dir():
        yield open_folder(place)
        return
    if not place.exists():
        raise ValueError(f"there is no folder {place}, and no file of that name")
    with TemporaryDirectory(prefix="helpers-", ignore_cleanup_errors=True) as folder:
        say_faults(convert(place, Path(folder), messages), messages)
        if place.stat().st_size > LARGE:
            messages.say(f"{place} is read anew each time: `import {place} --out DIR` does it once for all")
        space = vectors.open_folder(folder)
        yield space
        del space.W  # else Windows keeps its file


def convert(path: Path, folder: Path, messages: Messages) -> Converted:
    """Read a file of vectors into an empty folder."""
    messages.change_line(f"reading {path}")
    return vectors.convert(path, folder)


def say_faults(made: Converted, messages: Messages) -> None:
    for sentence in made.faults:
        messages.say(sentence)


def open_folder(folder: Path) -> Space:
    """Open a folder of vectors, whoever made it."""
    if is_imported(folder):
        return vectors.open_folder(folder)
    vocabulary = files.read_vocabulary(folder)
    W = files.read_vectors(folder, len(vocabulary)).W
    return Space(WordList.of(vocabulary.words), W, vocabulary.counts)


def is_imported(folder: Path) -> bool:
    """Say whether the vectors of a folder were made elsewhere; `train` has the last word."""
    return (folder / vectors.NAMES[0]).exists() and not (folder / files.VOCABULARY).exists()


def ids_of(space: Space, words: list[str]) -> list[int]:
    """Return the ids of some words, as they are written there or, in a text of ours, as they are read."""
    ids = []
    for word in map(_as_typed, words):
        if space.words.find(word) is None and space.counts is not None:
            found = [part for sentence in tokenize(word) for part in sentence]
            if len(found) != 1:
                raise ValueError(f"ask for one word, not {word!r}")
            (word,) = found
        ids.append(space.words.id_of(word))
    return ids


def _as_typed(word: str) -> str:
    """Return a word of the command line, in UTF-8 also where Python takes the console for one of ASCII."""
    try:
        return word.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return word


def candidates(space: Space, min_count: int | None, k: int, messages: Messages) -> np.ndarray | None:
    """Return which words can be an answer: by default those seen often enough, where there are enough."""
    counts = space.counts
    if counts is None:
        if min_count is not None:
            raise ValueError("--min-count needs counts, and vectors made elsewhere have none: leave it out")
        return None
    if min_count is None:
        place = min(ENOUGH * k, len(counts)) - 1
        least = min(SEEN, int(np.sort(counts)[::-1][place]))
    else:
        least = min_count
    taken = counts >= least
    if not taken.any():
        raise ValueError(f"no word was seen {least} times, and the most frequent one {counts.max()} times")
    if min_count is None and not taken.all():
        messages.say(
            f"answers are among the {taken.sum():,} words seen at least {least} times; "
            f"--min-count 1 takes all {len(counts):,}"
        )
    return taken


def by_frequency(space: Space, ids: np.ndarray) -> np.ndarray:
    """Put ids in the order of their counts; without counts a file has frequent words first, as a rule."""
    if space.counts is None:
        return np.sort(ids)
    return ids[np.argsort(-space.counts[ids], kind="stable")]
