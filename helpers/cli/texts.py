"""The reader's own texts: files, folders, gzip or standard input, in whatever encoding they are.

UTF-8 and, with a mark at its start, UTF-16 and UTF-32 are recognized. Of anything else `charset-normalizer`
says what it most likely is, and that is said on, since it may be wrong. Where a UTF-8 text has damaged
places, they are said and the rest is read: it does not become a text in another encoding.
"""

from __future__ import annotations

import gzip
import io
import re
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, TextIO

from helpers import vectors
from helpers.cli import files
from helpers.cli.encodings import MARKS, first_mistake, known, likely, shown, survey
from helpers.text import sentence_ends, tokenize

BLOCK = 1 << 18  # characters in memory at a time, or one sentence where a sentence is longer
LONGEST = 1 << 20  # characters in a sentence; where one goes on for longer, it is cut between two words
SAMPLE = 1 << 16  # bytes that an encoding is guessed from
MADE = (files.VOCABULARY, files.VECTORS, files.RUN, vectors.store.VECTORS)  # the last one by `import`
GZIP = b"\x1f\x8b"
SUFFIXES = (".txt", ".txt.gz")  # of what is read in a folder
STANDARD_INPUT = "-"

# Nearly every byte means something in most encodings, so control characters must tell a text from junk there.
NUL, CONTROL = re.compile("\0"), re.compile("[\0-\x08\x0e-\x19\x1b-\x1f\x7f]")


@dataclass(frozen=True)
class Source:
    """One file, or what was in it, and how it is encoded."""

    name: str
    data: Path | bytes
    encoding: str = "utf-8"
    errors: str = "strict"  # or "replace", where places are damaged
    note: str = ""  # what a reader should know about it

    @property
    def size(self) -> int:
        return self.data.stat().st_size if isinstance(self.data, Path) else len(self.data)

    @contextmanager
    def bytes(self) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """Open it: its bytes, unpacked, and the file in which `tell` says how far they have been read."""
        with open(self.data, "rb") if isinstance(self.data, Path) else io.BytesIO(self.data) as file:
            packed = file.read(2) == GZIP
            file.seek(0)
            try:
                yield (gzip.GzipFile(fileobj=file), file) if packed else (file, file)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise ValueError(f"{self.name} is damaged gzip, load it again: {error}") from error

    @contextmanager
    def open(self) -> Iterator[tuple[TextIO, BinaryIO]]:
        """Open it to be read as text."""
        with self.bytes() as (unpacked, file):
            yield io.TextIOWrapper(unpacked, encoding=self.encoding, errors=self.errors), file

    def holds(self, sign: re.Pattern) -> bool:
        """Read all of it, and say whether a sign is in it."""
        with self.open() as (text, _):
            return any(sign.search(block) for block in iter(partial(text.read, BLOCK), ""))


@dataclass(frozen=True)
class Text:
    """Texts to loop over, sentence by sentence and as often as needed, without decoding all at once."""

    sources: tuple[Source, ...]
    split: str = "words"
    lines: str = "apart"

    def __iter__(self) -> Iterator[list[str]]:
        for _, sentences in self.blocks():
            yield from sentences

    @property
    def name(self) -> str:
        first = self.sources[0].name
        return first if len(self.sources) == 1 else f"{first} and {len(self.sources) - 1} more"

    @property
    def unusual(self) -> dict[str, str]:
        """How it is cut, where that is not as usual."""
        cut = {"split": (self.split, "words"), "lines": (self.lines, "apart")}
        return {name: value for name, (value, usual) in cut.items() if value != usual}

    @property
    def notes(self) -> list[str]:
        """What a reader should know: guessed encodings, damaged places."""
        return [source.note for source in self.sources if source.note]

    def blocks(self) -> Iterator[tuple[float, list[list[str]]]]:
        """Yield the sentences in portions, each with the share of the text that has been read so far."""
        size, before = max(sum(source.size for source in self.sources), 1), 0
        cut = {"split": self.split, "lines": self.lines}
        for source in self.sources:
            rest = ""
            with source.open() as (text, file):
                while more := text.read(BLOCK):
                    block = rest + more
                    end = _last_end(block, **cut)
                    rest = block[end:]
                    yield min((before + file.tell()) / size, 1.0), tokenize(block[:end], **cut)
            before += source.size
            if rest:
                yield min(before / size, 1.0), tokenize(rest, **cut)

    def wrapped_at(self) -> int:
        """Return the width at which the lines of the first text are wrapped, as in a book; 0 if they are not.

        They are where hardly a line had room for the first word of the next one, and most end anywhere.
        """
        with self.sources[0].open() as (text, _):
            lines = [line.rstrip() for line in text.read(BLOCK).split("\n")[:2000]]
        inner = [(len(a), len(b.split(maxsplit=1)[0])) for a, b in pairwise(lines) if a and b]
        if len(inner) < 20:
            return 0
        width = sorted(length for length, _ in inner)[int(0.99 * len(inner))]
        full = sum(length + 1 + word > width for length, word in inner)
        open_ends = sum(not line.endswith((".", "!", "?")) for line in lines if line)
        wrapped = full > 0.9 * len(inner) and 2 * open_ends > len(inner)
        return width if wrapped and 40 <= width <= 120 else 0


def _last_end(block: str, split: str, lines: str) -> int:
    """Return where the last sentence ends that surely ends in this block; 0 where none does."""
    blank = "\n" if lines == "apart" else "\n\n"
    if (end := block.rfind(blank)) >= 0:
        return end + len(blank)
    last = max(sentence_ends(block, split=split, lines=lines), default=0)
    return last or (block.rfind(" ") + 1 or len(block) if len(block) > LONGEST else 0)


# --- Finding texts ------------------------------------------------------------------------------------


def find_texts(
    paths: Iterable, encoding: str | None = None, split: str = "words", lines: str = "apart"
) -> Text:
    """Find texts, and how they are encoded.

    Parameters
    ----------
    paths : iterable of str or Path
        Files, packed by gzip or not; folders, of which all .txt and .txt.gz files are read, in the order of
        their names; ``-`` for standard input.
    encoding : str, optional
        Of all files, where it is known.
    split, lines : str
        As for `helpers.text.tokenize`.

    Raises
    ------
    ValueError
        For what is not a text, such as pictures and archives.
    """
    sources = []
    for path in paths:
        if str(path) == STANDARD_INPUT:
            sources.append(Source("standard input", _spooled(sys.stdin.buffer)))
        else:
            sources += _files(Path(path))
    name = known(encoding) if encoding else None
    return Text(tuple(recognized(source, name) for source in sources), split, lines)


def find_text(path, data: bytes | None = None) -> Text:
    """Find the text of one file or folder, or take what was in a file, as after an upload."""
    sources = _files(Path(path)) if data is None else [Source(str(path), data)]
    return Text(tuple(map(recognized, sources)))


def _files(path: Path) -> Iterator[Source]:
    """Yield a file, or the texts in a folder."""
    if not path.is_dir():
        if path.exists() and not path.is_file():
            raise ValueError(f"{path} is a device, not a text file")
        yield Source(str(path), path)
        return
    if is_made(path):
        raise ValueError(f"{path} is a folder that `index` or `import` made, not a text or a folder of texts")
    found = (file for file in sorted(path.rglob("*")) if file.name.lower().endswith(SUFFIXES))
    # Some systems leave hidden files beside others, "._novel.txt", which are no texts.
    shown = (f for f in found if not any(part.startswith(".") for part in f.relative_to(path).parts))
    named = [file for file in shown if file.is_file() and not is_made(file.parent)]
    if not named:
        raise ValueError(f"{path} is a folder without {' or '.join(SUFFIXES)} files: name the files to read")
    yield from (Source(str(file), file) for file in named)


def is_made(folder: Path) -> bool:
    """Say whether a folder was made by this command line."""
    return any((folder / name).exists() for name in MADE)


def _spooled(stream: BinaryIO) -> Path:
    """Put what comes once into a file, since it is read several times; it goes when Python ends."""
    folder = tempfile.TemporaryDirectory(prefix="helpers-")
    STAY.append(folder)
    path = Path(folder.name) / "standard input"
    with open(path, "wb") as file:
        shutil.copyfileobj(stream, file)
    return path


STAY: list[tempfile.TemporaryDirectory] = []  # folders that must not go before Python ends


def recognized(source: Source, encoding: str | None = None) -> Source:
    """Say how a file is encoded, and make sure that all of it can be read."""
    with source.bytes() as (file, _):
        start = file.read(4)
    marked = next((name for mark, name in MARKS.items() if start.startswith(mark)), None)
    source = replace(source, encoding=encoding or marked or "utf-8")
    try:
        if not source.holds(NUL):
            return source
    except UnicodeError as error:
        with source.bytes() as (file, _):
            if encoding or source.encoding != "utf-8":
                line = first_mistake(file, source.encoding, BLOCK)
                advice = "name another --encoding, or none" if encoding else "save it anew, in UTF-8"
                said = f"{source.name}, line {line}: this is not {shown(source.encoding)}; {advice}"
                raise ValueError(said) from error
            damaged = survey(file, BLOCK)
        if damaged:
            return replace(source, errors="replace", note=f"{source.name} {damaged}")
    if not encoding and not marked and (guessed := _guessed(source)):
        return guessed
    raise ValueError(f"{source.name} does not look like text: save it as plain text, encoded in UTF-8")


def _guessed(source: Source) -> Source | None:
    """Guess the encoding from the lines that are not ASCII; None where it does not look like a text."""
    with source.bytes() as (file, _):
        sample = b""
        while len(sample) < SAMPLE and (line := file.readline(SAMPLE)):
            sample += line if b"\0" in sample or b"\0" in line or not line.isascii() else b""
    encoding = likely(sample)
    if not encoding:
        return None
    note = f"{source.name} is not UTF-8; it is read as {shown(encoding)}"
    source = replace(source, encoding=encoding, note=note)
    try:
        return None if source.holds(CONTROL) else source
    except UnicodeError:  # further on it is something else
        return None
