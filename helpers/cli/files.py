"""The folder with what was made of a text.

A folder holds, in the order in which they are made:

- ``vocabulary.tsv``: one line per word with its id, the word and its count
- ``corpus_encoded.txt``: one sentence per line, each word as its id
- ``vectors.npz``: the two tables W and C, as `numpy.load` reads them
- ``run.json``: the settings and the outcome of every step

The same content gives the same bytes on every system: no dates, no paths, and "\\n" ends each line. The same
text and seed give the same content on one machine with one BLAS; elsewhere the last digits may differ.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from helpers import checks
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary

VOCABULARY, ENCODED, VECTORS, RUN = "vocabulary.tsv", "corpus_encoded.txt", "vectors.npz", "run.json"
NAMES = (VOCABULARY, ENCODED, VECTORS, RUN)
MADE_BY = {VOCABULARY: "index", ENCODED: "encode", VECTORS: "train"}
HEADER = "id\tword\tcount"


# --- Files of a folder: writing and reading -----------------------------------------------------------


def write_vocabulary(folder, vocabulary: Vocabulary) -> None:
    """Write the words in the order of their ids, one line each: id, word, count."""
    rows = enumerate(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True))
    write_lines(Path(folder) / VOCABULARY, [HEADER, *(f"{i}\t{word}\t{count}" for i, (word, count) in rows)])


def read_vocabulary(folder) -> Vocabulary:
    """Read what `write_vocabulary` wrote; a ValueError names the line that does not fit."""
    lines = _read_lines(folder, VOCABULARY)
    words, counts = [], []
    if next(lines, None) != (1, HEADER):
        raise _damaged(folder, VOCABULARY, f"line 1 should be {HEADER!r}")
    for number, line in lines:
        row = re.fullmatch(r"([0-9]+)\t([^\t]+)\t([0-9]{1,18})", line)
        if not row or int(row[1]) != len(words):
            raise _damaged(
                folder, VOCABULARY, f"line {number} should be id {len(words)}, a word and its count"
            )
        words.append(row[2])
        counts.append(int(row[3]))
    if not words:
        raise _damaged(folder, VOCABULARY, "it has no words")
    try:
        return Vocabulary(tuple(words), np.array(counts))
    except ValueError as error:
        raise _damaged(folder, VOCABULARY, error) from error


def write_encoded(folder, sentences: Iterable[np.ndarray]) -> None:
    """Write one encoded sentence per line; `sentences` may be a generator."""
    write_lines(Path(folder) / ENCODED, (" ".join(map(str, ids.tolist())) for ids in sentences))


def read_encoded(folder, vocab_size: int) -> Iterator[np.ndarray]:
    """Read one encoded sentence after another; a ValueError names the line that does not fit."""
    for number, line in _read_lines(folder, ENCODED):
        try:
            yield checks.ids([int(i) for i in line.split()], vocab_size)
        except (ValueError, TypeError) as error:
            raise _damaged(folder, ENCODED, f"line {number}: {error}") from error


def write_vectors(folder, embeddings: Embeddings) -> None:
    """Write both tables as an archive of NumPy arrays named W and C (NumPy puts no dates into it)."""
    np.savez(Path(folder) / VECTORS, W=embeddings.W, C=embeddings.C)


def read_vectors(folder, vocab_size: int) -> Embeddings:
    """Read both tables, and make sure that they have one row per word."""
    path = _existing(folder, VECTORS)
    try:
        with open(path, "rb") as file, np.load(file) as archive:  # which a damaged one would leave open
            embeddings = Embeddings(archive["W"], archive["C"])
    except OSError:
        raise
    except Exception as error:  # a damaged archive fails in a dozen ways, and all of them mean the same
        raise _damaged(folder, VECTORS, "NumPy cannot read W and C from it") from error
    if len(embeddings.W) != vocab_size:
        raise _damaged(folder, VECTORS, f"{len(embeddings.W)} rows for {vocab_size} words")
    return embeddings


def write_run(folder, run: dict) -> None:
    """Write settings and outcomes as JSON, in the order given."""
    write_lines(Path(folder) / RUN, [json.dumps(run, indent=2, ensure_ascii=False)])


def read_run(folder) -> dict:
    """Read settings and outcomes; without the file there are none."""
    path = Path(folder) / RUN
    if not path.exists():
        return {}
    try:
        run = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _damaged(folder, RUN, error) from error
    if not isinstance(run, dict) or not all(isinstance(facts, dict) for facts in run.values()):
        raise _damaged(folder, RUN, "it should hold one object { … } with an object for each step")
    return run


def read_fact(folder, step: str, name: str, default: int) -> int:
    """Read one whole number that a step wrote down, or take the default where there is none."""
    value = read_run(folder).get(step, {}).get(name)
    return value if isinstance(value, int) and 0 <= value < 1 << 63 else default


def write_lines(path, lines: Iterable[str]) -> None:
    """Write lines as UTF-8, each with "\\n" at its end on every system."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def _read_lines(folder, name: str) -> Iterator[tuple[int, str]]:
    """Yield (1, first line), (2, second line), … without their ends."""
    with open(_existing(folder, name), encoding="utf-8-sig") as file:
        try:
            for number, line in enumerate(file, 1):
                yield number, line.rstrip("\n")
        except UnicodeDecodeError as error:
            raise _damaged(folder, name, "it is not UTF-8 text") from error


def _existing(folder, name: str) -> Path:
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(
            f"{folder} is a file, not a folder" if folder.exists() else f"there is no folder {folder}"
        )
    if not (folder / name).exists():
        raise ValueError(f"{folder} has no {name}: `{MADE_BY[name]}` makes it")
    return folder / name


def _damaged(folder, name: str, reason) -> ValueError:
    remedy = f"; `{MADE_BY[name]}` makes it anew" if name in MADE_BY else ""
    return ValueError(f"{Path(folder) / name} is damaged: {reason}{remedy}")


# --- All or nothing -----------------------------------------------------------------------------------


@contextmanager
def replacing(folder, names: tuple[str, ...] = NAMES) -> Iterator[Path]:
    """Give a block an empty folder to write to; when the block succeeds, its files move into `folder`.

    If the block fails or is interrupted, `folder` stays as it was, or stays missing. Older files that come
    after the first new one in `names` go, since they would no longer fit; files with other names are never
    touched.

    Parameters
    ----------
    folder : str or Path
        Made if it is missing.
    names : tuple of str
        The files that the block may write, in the order in which they depend on each other.

    Yields
    ------
    Path
        Where to write; a hidden folder on the same disk, so that moving is only renaming.
    """
    folder = Path(folder)
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise ValueError(f"{nearest} is a file, so it cannot hold files")
    for name in names:
        if (folder / name).is_dir():
            raise ValueError(f"{folder / name} is a folder, in the place of a file to be written")
    try:
        hidden = tempfile.TemporaryDirectory(prefix=".helpers-", dir=nearest)
    except OSError as error:
        raise ValueError(f"cannot write to {folder}: {error.strerror}") from error
    with hidden as workshop:
        new, old = Path(workshop) / "new", Path(workshop) / "old"
        new.mkdir()
        old.mkdir()
        yield new
        if folder.exists():
            _exchange(folder, new, old, names)
        else:
            folder.parent.mkdir(parents=True, exist_ok=True)
            new.rename(folder)


def _exchange(folder: Path, new: Path, old: Path, names: tuple[str, ...]) -> None:
    """Move outdated files from `folder` to `old` and all files from `new` to `folder`, or change nothing."""
    fresh = [name for name in names if (new / name).exists()]
    outdated = [name for name in names[names.index(fresh[0]) :] if (folder / name).exists()]
    moves = [(folder / name, old / name) for name in outdated]
    moves += [(new / name, folder / name) for name in fresh]
    try:
        for source, target in moves:
            os.replace(source, target)
    except BaseException:  # Ctrl-C too
        for source, target in reversed(moves):
            if not source.exists():
                os.replace(target, source)
        raise
