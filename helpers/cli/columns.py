"""Tables on the screen: words to the left, numbers to the right, straight for wide letters, too."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category, east_asian_width

UNSEEN = ("Cc", "Cs", "Zl", "Zp")


def print_table(head: Sequence[str], rows: Sequence[Sequence], digits: int = 3) -> None:
    """Print rows below their head; a column with words stands left, one of numbers right."""
    cells = [[_cell(value, digits) for value in row] for row in rows]
    left = [any(isinstance(row[i], str) and row[i] for row in rows) for i in range(len(head))]
    widths = [max(map(_width, column)) for column in zip(head, *cells, strict=True)]
    for line in (list(head), *cells):
        padded = [_pad(*parts) for parts in zip(line, widths, left, strict=True)]
        print("  ".join(padded).rstrip())


def _cell(value, digits: int) -> str:
    cell = f"{value:z.{digits}f}" if isinstance(value, float) else str(value)
    # What could move the cursor, or end the line, is shown as in a Python string.
    return "".join(ascii(letter)[1:-1] if category(letter) in UNSEEN else letter for letter in cell)


def _pad(cell: str, width: int, left: bool) -> str:
    space = " " * (width - _width(cell))
    return cell + space if left else space + cell


def _width(cell: str) -> int:
    """Return how many places a word takes on a terminal: two for wide letters, none for marks on others."""
    wide = sum(east_asian_width(letter) in "WF" for letter in cell)
    return len(cell) + wide - sum(category(letter) in ("Mn", "Me", "Cf") for letter in cell)
