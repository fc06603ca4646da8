"""Find handed-in notebooks, say whose and which they are, and read them as plain data."""

import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.grading.exercises import Exercise, checked_in, series

LARGEST = 30_000_000  # bytes


class Unreadable(Exception):
    """A file that is no notebook of the series; the message says why."""


class NoExercises(Unreadable):
    """A notebook of the series that asks for nothing."""


@dataclass(frozen=True)
class Cell:
    """A code cell: its number among all cells of the notebook, its text, the exercise it answers."""

    number: int
    source: str
    exercise: Exercise | None


@dataclass(frozen=True)
class HandedIn:
    student: str
    path: Path


@dataclass(frozen=True)
class Book:
    """A handed-in notebook: which one of the series it is, and its code."""

    notebook: str
    cells: list[Cell] = field(default_factory=list)

    @property
    def exercises(self) -> list[Exercise]:
        return series()[self.notebook]


def find(folder: Path) -> list[HandedIn]:
    """Find FOLDER/student/*.ipynb and FOLDER/*.ipynb. There the name of the file says who handed it in."""
    found = [HandedIn(name_in(path.stem), path) for path in sorted(folder.glob("*.ipynb"))]
    found += [HandedIn(path.parent.name, path) for path in sorted(folder.glob("*/*.ipynb"))]
    return [handed for handed in found if not handed.path.parent.name.startswith(".")]


def name_in(stem: str) -> str:
    """Return what remains of the name of a file without that of a notebook."""
    for notebook in series():
        rest = stem.replace(notebook, "")
        if rest != stem:
            return rest.strip(" _-.()") or stem
    return stem


def read(path: Path) -> Book:
    """Read a file as a notebook of the series."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise Unreadable(f"not a file of at most {LARGEST // 10**6} MB")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cells without an id
            notebook = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
        cells = [(number, cell) for number, cell in enumerate(notebook.cells, 1) if is_code(cell)]
        marked = [(number, cell.source, mark(cell)) for number, cell in cells]
    except Unreadable:
        raise
    except Exception as problem:  # whatever may stand in such a file
        raise Unreadable(f"not a notebook ({type(problem).__name__})") from None
    stem = which({name for *_, name in marked}, path.stem)
    ours = {exercise.name: exercise for exercise in series()[stem]}
    return Book(stem, [Cell(number, source, ours.get(name)) for number, source, name in marked])


def is_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and isinstance(cell.source, str)


def mark(cell: NotebookNode) -> str | None:
    """Return the exercise of a cell: by its metadata, its id, or the checker that it calls."""
    by_id = {exercise.cell: exercise.name for book in series().values() for exercise in book}
    named = cell.metadata.get("nbgrader", {}).get("grade_id")
    return named if named in by_id.values() else by_id.get(cell.get("id")) or checked_in(cell)


def which(names: set[str | None], stem: str) -> str:
    """Return the notebook to which most of these exercises belong; without any, ask the name of the file."""
    shared = {book: len(names & {exercise.name for exercise in series()[book]}) for book in series()}
    best = max(shared, key=shared.get)
    if shared[best]:
        return best
    number = re.search(r"(?<!\d)\d\d(?!\d)", stem)
    called = next(
        (book for book in series() if book in stem or (number and book.startswith(number[0]))), None
    )
    if called is None:
        raise Unreadable("none of the exercises is in it, and its name says no notebook")
    if not series()[called]:
        raise NoExercises("this notebook has no exercises")
    return called
