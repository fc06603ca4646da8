"""How wide words are: real advance widths of the font that the pictures ask for, so that nothing is guessed.

DejaVu Sans comes with matplotlib. Its file is opened when the first word is measured, not on import, and each
letter is measured once.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

EM = 2048  # units per em of the font: at this size its widths are whole numbers
MISSING = "\uffff"  # never a letter: shows what the font draws for those that it lacks


def width(words: str, size: float = 13, bold: bool = False) -> float:
    """Return how many pixels words take, letter by letter, without kerning."""
    return size * sum([_advance(letter, bold) for letter in words])


def shorten(words: str, room: float, size: float = 13, bold: bool = False) -> str:
    """Cut words that are too long for `room` pixels, and say so with three points."""
    if fitting(words, room, size, bold) == len(words):
        return words
    return words[: fitting(words, room - width("…", size, bold), size, bold)] + "…"


@lru_cache(maxsize=100)  # most sentences return in every picture
def wrap(words: str, room: float, size: float = 13, bold: bool = False) -> tuple[str, ...]:
    """Break a sentence into lines of at most `room` pixels, between words where that is possible."""
    lines, line = [], ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold) <= room:
            line = longer
            continue
        lines += [line] if line else []
        while (end := max(fitting(word, room, size, bold), 1)) < len(word):
            lines.append(word[:end])
            word = word[end:]
        line = word
    return (*lines, line) if line else tuple(lines)


def fitting(words: str, room: float, size: float = 13, bold: bool = False) -> int:
    """Return how many letters fit: at most one per pixel, as a word may have a million without width."""
    some, reach = words[: max(int(room), 0)], 0.0
    for place, letter in enumerate(some):
        reach += size * _advance(letter, bold)
        if reach > room:
            return place
    return len(some)


@cache
def _advance(letter: str, bold: bool) -> float:
    """Return the width of a letter in units of the font size; one that the font lacks may be a full unit."""
    font, small, missing = _fonts(bold)
    shape = small.getmask(letter)
    if (shape.size, bytes(shape)) == missing:
        return 1.0
    return font.getlength(letter) / EM


@cache
def _fonts(bold: bool):
    """Return the font, a small one to look at shapes with, and the shape of a letter that it lacks."""
    from PIL import ImageFont  # here, because it takes as long to import as all demos

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    folder = Path(*find_spec("matplotlib").submodule_search_locations, "mpl-data", "fonts", "ttf")
    font = ImageFont.truetype(str(folder / name), EM, layout_engine=ImageFont.Layout.BASIC)
    small = font.font_variant(size=20)
    missing = small.getmask(MISSING)
    return font, small, (missing.size, bytes(missing))
