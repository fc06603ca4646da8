"""Parts of text files: ranges of bytes that together are exactly the text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers import checks
from helpers.text import tokenize

PART = 1 << 23  # bytes: some 1.5 million English words, whose pairs fit well into 1 GB
PIECE = 1 << 20  # bytes of a part that are in memory at a time
NOT_UTF8 = {b"\x1f\x8b": "is packed with gzip", b"\xff\xfe": "is UTF-16", b"\xfe\xff": "is UTF-16"}


@dataclass(frozen=True)
class FileRange:
    """The bytes `start` to `stop` of a text file in UTF-8, read anew whenever its sentences are asked for.

    It travels as a path and two numbers: whoever reads it needs the file under the same path.
    """

    path: str
    start: int
    stop: int

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the sentences, lists of words, as `helpers.text.tokenize` cuts them."""
        with open(self.path, "rb") as file:
            file.seek(self.start)
            while (left := self.stop - file.tell()) > 0:
                at = file.tell()
                piece = file.read(min(left, PIECE))
                if len(piece) < left:
                    piece += file.readline()  # a sentence ends where its line does
                if not piece:
                    raise EOFError(f"{self.path} has become shorter since it was cut into parts")
                yield from tokenize(self._decode(piece, at))

    def _decode(self, piece: bytes, at: int) -> str:
        try:
            return piece.decode("utf-8-sig" if at == 0 else "utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{self.path}, byte {at + error.start:,}: this is not UTF-8; save the text as UTF-8 first"
            ) from None


def file_ranges(paths, size: int = PART) -> list[FileRange]:
    """Cut text files into ranges of about `size` bytes that end where a line ends, and so a sentence.

    Parameters
    ----------
    paths : path, or iterable of paths
        Files in UTF-8, neither packed nor in UTF-16, which can only be read from their beginning.
    size : int
        Bytes. It bounds the memory of whoever counts a range. A line is never cut: where one is longer, its
        range is, too. (Text whose lines are as long as books is read a line at a time all the same.)

    Returns
    -------
    list of FileRange
        In the order of the text. Each begins where the one before ends, so no sentence is left out, none is
        read twice, and none is cut.
    """
    size = checks.whole(size, "size", 1)
    paths = [paths] if isinstance(paths, str | os.PathLike) else paths
    return [part for path in paths for part in _ranges_of(Path(path).resolve(), size)]


def _ranges_of(path: Path, size: int) -> Iterable[FileRange]:
    with open(path, "rb") as file:
        what = NOT_UTF8.get(file.read(2))
        if what:
            raise ValueError(f"{path} {what}: parts of a file can be read only if it is plain UTF-8")
        end, start = os.fstat(file.fileno()).st_size, 0
        while start < end:
            file.seek(min(start + size - 1, end))
            file.readline()  # to the end of the line in which the range would have ended
            stop = file.tell()
            yield FileRange(str(path), start, stop)
            start = stop
