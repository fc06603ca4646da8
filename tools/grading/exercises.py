"""The exercises of the series, as they stand in the notebooks of this repository."""

import ast
import re
from dataclasses import dataclass
from functools import cache

from nbformat import NotebookNode

from helpers import exercises
from helpers.exercises.judge import Checker
from tools.series import FOLDER, read

CHECKED = re.compile(r"\bexercises\.check_(\w+)\(")


@dataclass(frozen=True)
class Exercise:
    """One cell to be filled in.

    Attributes
    ----------
    name : str
        Of its checker, without "check_". It stays the same wherever the cell goes.
    notebook : str
        The file it belongs to, without ".ipynb".
    cell : str
        The id of its cell.
    function : str
        What the cell hands to the checker.
    """

    name: str
    notebook: str
    cell: str
    function: str

    @property
    def checker(self) -> Checker:
        return getattr(exercises, f"check_{self.name}")


def checked_in(cell: NotebookNode) -> str | None:
    """Return the name of the exercise whose checker a cell calls."""
    found = CHECKED.search(cell.source) if cell.cell_type == "code" else None
    return found[1] if found else None


def function_of(source: str) -> str:
    """Return what the last line of a cell hands to its checker."""
    return ast.parse(source).body[-1].value.args[0].id


@cache
def series() -> dict[str, list[Exercise]]:
    """Return the exercises of each notebook, in the order in which they stand there."""
    found = {}
    for path in sorted(FOLDER.glob("*.ipynb")):
        cells = [(checked_in(cell), cell) for cell in read(path).cells]
        found[path.stem] = [
            Exercise(name, path.stem, cell.id, function_of(cell.source)) for name, cell in cells if name
        ]
    return found
