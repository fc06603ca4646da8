"""Run handed-in notebooks and grade their exercises: `make grade FOLDER`.

    make grade ARGS="handed_in"             each notebook in handed_in/ or handed_in/student/
    make grade ARGS="handed_in -j 4"        four at a time

A notebook runs from top to bottom as it was handed in, and after the cell of an exercise its function is
judged. Where a cell loops or ends the kernel, the notebook runs again without that cell.
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from helpers.exercises.judge import Verdict
from tools.grading import report
from tools.grading.box import START, Box, Isolation, Limits, Stopped, Workshop, isolation
from tools.grading.handed_in import Book, Cell, HandedIn, NoExercises, Unreadable, find, read
from tools.grading.judging import PREPARE, verdict
from tools.series import ROOT

TARGET = ROOT / "build" / "grades"
ATTEMPTS = 5
BETTER = ["wrong", "open", "right"]


@dataclass
class Grade:
    """What became of one notebook.

    Attributes
    ----------
    run : str
        "ran", "looped", "crashed", "could not be read" or "nothing to grade", for the notebook as a whole.
    notes : list of str
        What happened, cell by cell.
    verdicts : dict
        One for each exercise of the notebook; beside a checker's states there are "missing" for one whose
        cell is not there, and "not reached".
    """

    handed: HandedIn
    notebook: str = ""
    run: str = "ran"
    notes: list[str] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True)
class Room:
    """What all notebooks are graded with."""

    workshop: Workshop
    isolation: Isolation
    limits: Limits
    seed: int

    def box(self) -> Box:
        return Box(self.workshop, self.isolation, self.limits)


def grade(handed: HandedIn, room: Room) -> Grade:
    """Grade one notebook; whatever stands in it, this returns."""
    found = Grade(handed)
    try:
        book = read(handed.path)
    except Unreadable as problem:
        found.run = "nothing to grade" if isinstance(problem, NoExercises) else "could not be read"
        found.notes = [str(problem)]
        return found
    found.notebook = book.notebook
    Attempts(book, room, found).make()
    for exercise in book.exercises:
        there = any(cell.exercise is exercise for cell in book.cells)
        missing = Verdict("not reached" if there else "missing", "")
        found.verdicts[exercise.name] = found.verdicts.get(exercise.name, missing)
    gone = [name for name, said in found.verdicts.items() if said.state == "missing"]
    if gone:
        found.notes.append(f"cells missing: {', '.join(gone)}")
    return found


class Attempts:
    """Run a notebook until it comes to its end, each time without the cells that stopped it."""

    def __init__(self, book: Book, room: Room, found: Grade):
        self.book, self.room, self.found = book, room, found
        self.until = time.monotonic() + room.limits.whole
        self.left_out: list[Cell] = []
        self.judged: set[int] = set()  # numbers of cells

    def make(self) -> None:
        for _ in range(ATTEMPTS):
            errors = []
            with self.room.box() as box:
                box.run(PREPARE, START)
                stopped = self._run(box, errors)
            if not stopped or time.monotonic() > self.until:
                break
        self.found.notes += errors

    def _run(self, box: Box, errors: list[str]) -> bool:
        """Run the cells and judge the exercises; return whether one stopped it."""
        for cell in self.book.cells:
            if cell in self.left_out:
                continue
            try:
                left = self.until - time.monotonic()
                allowed = self.room.limits.exercise if cell.exercise else self.room.limits.seconds
                reply = box.run(cell.source, min(left, allowed))
                if reply.get("ename") == "MemoryError":  # what comes after it would suffer
                    raise Stopped(f"crashed: out of memory ({self.room.limits.megabytes} MB)")
                if reply["status"] == "error":
                    errors.append(f"cell {cell.number}: {reply.get('ename')}")
                if cell.exercise and cell.number not in self.judged:
                    self._judge(box, cell, reply)
            except Stopped as stopped:
                self._note(cell, str(stopped))
                return True
        return False

    def _judge(self, box: Box, cell: Cell, reply: dict) -> None:
        said = verdict(box, cell.exercise, self.room.seed)
        if reply["status"] == "error" and said.message.startswith("There is no "):
            said = Verdict("wrong", f"The cell raised {reply.get('ename')}: {reply.get('evalue')}")
        self._keep(cell, said)

    def _keep(self, cell: Cell, said: Verdict) -> None:
        """Where an exercise has several cells, the best counts."""
        self.judged.add(cell.number)
        before = self.found.verdicts.get(cell.exercise.name)
        if before is None or BETTER.index(said.state) >= BETTER.index(before.state):
            self.found.verdicts[cell.exercise.name] = said

    def _note(self, cell: Cell, why: str) -> None:
        """Note which cell stopped the notebook."""
        kind, _, how = why.partition(": ")
        self.left_out.append(cell)
        self.found.run = kind if self.found.run in ("ran", kind) else f"{self.found.run}, {kind}"
        self.found.notes.append(f"cell {cell.number} {why}")
        if cell.exercise and cell.number not in self.judged:
            self._keep(cell, Verdict("wrong", f"Your answer {kind} ({how})."))


def each(handed: list[HandedIn], room: Room, jobs: int) -> Iterator[Grade]:
    """Grade notebooks side by side, and yield what became of them as they get ready."""
    with ThreadPoolExecutor(jobs) as pool:
        tasks = {pool.submit(grade, one, room): one for one in handed}
        for task in as_completed(tasks):
            try:
                yield task.result()
            except Exception as problem:  # ours, and no reason to stop the others
                yield Grade(tasks[task], run="not graded", notes=[f"{type(problem).__name__}: {problem}"])


def options(arguments: list[str]) -> argparse.Namespace:
    limits = Limits()
    parser = argparse.ArgumentParser(prog="make grade", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="with student/*.ipynb or *.ipynb")
    parser.add_argument("-j", dest="jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument("--seconds", type=float, default=limits.seconds, help="for one cell")
    parser.add_argument("--memory", type=int, default=limits.megabytes, help="in MB, for one notebook")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="of the fresh cases")
    parser.add_argument("--out", type=Path, default=TARGET, help="where to write the tables")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    chosen = options(arguments)
    handed = find(chosen.folder) if chosen.folder.is_dir() else []
    if not handed:
        print(f"No notebooks in {chosen.folder}; they are looked for as *.ipynb and student/*.ipynb there.")
        return 2
    print(f"Grading {len(handed)} notebooks. {isolation()}", flush=True)
    grades, start = [], time.monotonic()
    limits = Limits(chosen.seconds, chosen.memory)
    with Workshop() as workshop:
        room = Room(workshop, isolation(), limits, chosen.seed)
        for done in each(handed, room, max(1, chosen.jobs)):
            grades.append(done)
            print(f"  {len(grades)}/{len(handed)} {report.line(done)}", flush=True)
    written = report.write(grades, chosen.out)
    print(report.table(grades))
    print(f"{time.monotonic() - start:.0f} s; cases drawn with --seed {chosen.seed}.")
    print(f"Written: {' and '.join(str(path) for path in written)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
