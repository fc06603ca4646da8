"""Open a file of vectors, and find out its format by looking at its first bytes, never at its name."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from helpers.vectors import binary_rows, gensim_rows, text_rows
from helpers.vectors.faults import Faults
from helpers.vectors.text_rows import Block

HEADER = re.compile(rb"[ \t]*(\d{1,15})[ \t]+(\d{1,15})[ \t\r]*(?:\n|$)")
PICKLE = re.compile(rb"\x80[\x02-\x05]")
FEWEST = 5  # numbers behind the first two words, which no text has by chance
MOST_NUMBERS = 1 << 16  # in a vector: what announces more is damaged
SEEN = 1 << 20  # bytes that are looked at
OTHERS = {
    b"PK\x03\x04": "is a zip archive: unpack it first",
    b"\xff\xfe": "is UTF-16: save it again, in UTF-8",
    b"\xfe\xff": "is UTF-16: save it again, in UTF-8",
    b"\x93NUMPY": "is an array of NumPy's without words",
    b"BZh": "is packed by bzip2: unpack it first",
    b"\xfd7zXZ": "is packed by xz: unpack it first",
    b"\xba\x16\x4f\x2f": "is a model of fastText's own: its .vec file can be read",
}


class Unzipped(io.RawIOBase):
    """The content of a gzip file up to its end, or to where it is damaged."""

    def __init__(self, raw: BinaryIO, faults: Faults):
        self.file, self.faults = gzip.GzipFile(fileobj=raw), faults

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            data = self.file.read1(len(buffer))  # one step; more would lose what came before the damage
        except (EOFError, zlib.error, gzip.BadGzipFile):
            sentence = "the gzip file is damaged or cut off, so it was read only in part: load it again"
            if sentence not in self.faults.said:
                self.faults.say(sentence)
            return 0
        buffer[: len(data)] = data
        return len(data)


def open_rows(path, data: bytes | None, stack: ExitStack) -> tuple[str, Iterator[Block], Faults]:
    """Find out the format of a file; return its name, its rows in blocks, and where faults are noted.

    Parameters
    ----------
    path : str or Path
    data : bytes or None
        What is in the file, where it is in memory already, as after an upload.
    stack : contextlib.ExitStack
        Closes what is open.
    """

    def source(faults: Faults) -> BinaryIO:
        return _open(path, data, faults, stack)

    faults = Faults(path, "line")
    head = source(faults).read(SEEN)
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if not head[mark:].strip():
        raise ValueError(*faults.sentences() or [f"{path} is empty"])
    for magic, sentence in OTHERS.items():
        if head.startswith(magic):
            raise ValueError(f"{path} {sentence}")
    if PICKLE.match(head):
        faults = Faults(path, "word")
        beside = Path(path) if data is None else None
        return "gensim", gensim_rows.rows(source(faults), beside, faults), faults
    header = HEADER.match(head, mark)
    if header and _is_binary(head[header.end() :], int(header[2])):
        return _word2vec(path, source, header, binary=True)
    return _word2vec(path, source, header, binary=False) if header else _glove(path, source, head, mark)


def is_table(path, data: bytes | None = None) -> bool:
    """Say whether a file is surely a table of vectors, and no text that happens to have numbers in it."""
    with ExitStack() as stack:
        head = _open(path, data, Faults(path, "line"), stack).read(SEEN).removeprefix(codecs.BOM_UTF8)
    if PICKLE.match(head):
        return True
    first, second, *_ = (*(line for line in head.split(b"\n") if line.strip()), b"", b"")
    if header := HEADER.match(head):
        dim = int(header[2])
        fits = text_rows.dimension(second) == dim
        return 0 < dim <= MOST_NUMBERS and (fits or _is_binary(head[header.end() :], dim))
    dim = text_rows.dimension(first)
    return dim >= FEWEST and dim == text_rows.dimension(second or first)


def _word2vec(path, source: Callable, header: re.Match, binary: bool):
    """Return what reads a file whose first line is V D."""
    announced, dim = int(header[1]), int(header[2])
    if not announced or not 0 < dim <= MOST_NUMBERS:
        raise ValueError(f"{path}, line 1 announces {announced} words of {dim} numbers each: a damaged file")
    faults = Faults(path, "word" if binary else "line")
    faults.dim, stream = dim, source(faults)
    stream.read(header.end())
    if binary:
        return "word2vec binary", binary_rows.rows(stream, announced, faults), faults
    return "word2vec text", text_rows.rows(stream, 2, announced, faults), faults


def _glove(path, source: Callable, head: bytes, mark: int):
    """Return what reads a file without such a line."""
    faults = Faults(path, "line")
    lines = ((i, line) for i, line in enumerate(head[mark:].split(b"\n"), 1) if line.strip())
    place, line = next(lines)
    faults.dim = text_rows.dimension(line)
    if not 0 < faults.dim <= MOST_NUMBERS:
        raise ValueError(
            f"{path}, line {place}: expected a word and its numbers, or the two numbers V and D; "
            "vectors of a text are made by `train`"
        )
    stream = source(faults)
    stream.read(mark)
    return "GloVe text", text_rows.rows(stream, 1, None, faults), faults


def _is_binary(body: bytes, dim: int) -> bool:
    """Say whether what follows the first line is bytes, and not a line of text."""
    line, end, _ = body.partition(b"\n")
    if (end or len(body) < SEEN // 2) and text_rows.dimension(line) == dim:
        return False
    start = body[: 4 * dim + 100]
    if re.search(rb"[\0-\x08\x0e-\x1f]", start):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return True
    return False


def _open(path, data: bytes | None, faults: Faults, stack: ExitStack) -> BinaryIO:
    if data is None and Path(path).exists() and not Path(path).is_file():
        kind = "a folder" if Path(path).is_dir() else "a device"
        raise ValueError(f"{path} is {kind}, not a file of vectors")
    raw = io.BufferedReader(io.FileIO(path) if data is None else io.BytesIO(data))
    stack.enter_context(raw)
    if raw.peek(2)[:2] != b"\x1f\x8b":
        return raw
    return stack.enter_context(io.BufferedReader(Unzipped(raw, faults), 1 << 16))
