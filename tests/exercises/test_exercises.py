"""Every exercise is open as stored, its solution is right, typical slips get their hint."""

import ast
import re
from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import nbformat
import numpy as np
import pytest

from helpers import exercises
from helpers.exercises.judge import Checker
from tools import notebooks

FOLDED = r"<details>\s*<summary>{}</summary>\s*(.*?)</details>"
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


# --- The exercises as they stand in the notebooks -----------------------------------------------------


def checker_in(cell):
    """Return the name of the checker that a cell calls."""
    found = re.findall(r"exercises\.(check_\w+)\(", cell.source) if cell.cell_type == "code" else []
    assert len(found) < 2, "one exercise for each cell: only the last verdict is shown"
    return found[0] if found else None


def imports_above(cells):
    """Return the import statements of some cells, which is all that a solution may lean on."""
    trees = [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]
    wanted = [line for tree in trees for line in tree.body if isinstance(line, ast.Import | ast.ImportFrom)]
    return compile(ast.Module(wanted, type_ignores=[]), "imports", "exec")


def exercises_in(path):
    cells = nbformat.read(path, as_version=4).cells
    for place, cell in enumerate(cells):
        if checker := checker_in(cell):
            following = cells[place + 1] if place + 1 < len(cells) else nbformat.v4.new_markdown_cell()
            values = cell, following, imports_above(cells[:place])
            yield pytest.param(*values, id=f"{path.stem}-{checker.removeprefix('check_')}")


EXERCISES = [exercise for path in sorted(notebooks.FOLDER.glob("*.ipynb")) for exercise in exercises_in(path)]
each_exercise = pytest.mark.parametrize(("cell", "following", "imports"), EXERCISES)


def folded(cell, title):
    """Return what a markdown cell folds away under this title."""
    assert cell.cell_type == "markdown"
    found = re.findall(FOLDED.format(title), cell.source, re.DOTALL)
    assert len(found) == 1, f"the cell below an exercise folds away one {title}"
    return found[0].strip()


def run(source, namespace):
    """Run a cell and return the value of its last line, as the notebook would show it."""
    *body, last = ast.parse(source).body
    assert isinstance(last, ast.Expr), "the verdict shows only where it is the last line of its cell"
    exec(compile(ast.Module(body, type_ignores=[]), "cell", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "last line", "eval"), namespace)


def answered(cell, solution, imports):
    """Run an exercise with its solution in the place of the dots."""
    last = ast.parse(cell.source).body[-1]
    (name,) = (argument.id for argument in last.value.args)
    namespace = {}
    exec(imports, namespace)
    assert name not in namespace
    exec(solution, namespace)
    return run(ast.unparse(last), namespace), namespace[name]


def test_a_notebook_has_two_to_four_exercises_or_none():
    notebook_of = Counter(exercise.id.split("-")[0] for exercise in EXERCISES)
    assert notebook_of
    assert set(notebook_of.values()) <= {2, 3, 4}


@each_exercise
def test_exercise_is_open_as_stored(cell, following, imports):
    namespace = {}
    exec(imports, namespace)
    verdict = run(cell.source, namespace)
    assert verdict.state == "open"
    assert [output.data["text/plain"] for output in cell.outputs] == [repr(verdict)]


@each_exercise
def test_hint_and_solution_are_folded_away_below(cell, following, imports):
    assert len(folded(following, "Hint")) > 20
    (solution,) = PYTHON.findall(folded(following, "Solution"))
    verdict, answer = answered(cell, solution, imports)
    assert verdict.state == "right"
    assert verdict
    if callable(answer):
        check = getattr(exercises, checker_in(cell))
        calls = []
        check(lambda *given: calls.append(given) or answer(*given))
        assert len(calls) >= 3
        for odd in range(len(calls)):
            assert check(unlike_itself(answer, odd, spoil)).state == "wrong"
            assert check(unlike_itself(answer, odd, lambda right: ...)).state == "open"


def unlike_itself(answer, odd, change):
    """Build an answer that is right in every call but one."""
    count = iter(range(1000))
    return lambda *given: change(answer(*given)) if next(count) == odd else answer(*given)


def spoil(right):
    """Change a result a little, keeping its shape where there is one."""
    if isinstance(right, tuple):
        return *right[:-1], spoil(right[-1])
    return np.add(right, 1e-3) if np.size(right) else [0]


# --- Typical answers ----------------------------------------------------------------------------------

# Each module of exercises has its answers in a file here.
MODULES = [name for _, name, _ in iter_modules(exercises.__path__) if name != "judge"]
ANSWERS = [import_module(f"answers_{name}") for name in MODULES]
WRONG = {checker: answers for module in ANSWERS for checker, answers in module.WRONG.items()}
RIGHT = {checker: answers for module in ANSWERS for checker, answers in getattr(module, "RIGHT", {}).items()}
OF_FUNCTIONS = [
    found
    for name in MODULES
    for found in vars(import_module(f"helpers.exercises.{name}")).values()
    if isinstance(found, Checker)
]


@pytest.mark.parametrize(
    ("checker", "word", "answer"),
    [
        pytest.param(checker, word, answer, id=f"{checker}-{word}")
        for checker, answers in WRONG.items()
        for word, answer in answers
    ],
)
def test_typical_slip_gets_its_hint(checker, word, answer):
    verdict = getattr(exercises, checker)(answer)
    assert not verdict
    assert repr(verdict).startswith("✗ Not quite. ")
    assert word in verdict.message


def test_every_checker_has_typical_slips():
    assert sorted(WRONG) == sorted(name for name in vars(exercises) if name.startswith("check_"))


@pytest.mark.parametrize("checker", OF_FUNCTIONS, ids=lambda checker: checker.draw.__name__)
def test_every_computed_slip_is_told_from_the_others(checker):
    for slips in zip(*(case.slips for case in checker.cases), strict=True):
        results = iter([result for result, _ in slips])
        verdict = checker(lambda *given, results=results: next(results))
        assert {verdict.message} == {hint for _, hint in slips}
        assert len(verdict.message) < 160


@pytest.mark.parametrize("checker", RIGHT)
def test_other_ways_to_be_right(checker):
    for answer in RIGHT[checker]:
        verdict = getattr(exercises, checker)(answer)
        assert repr(verdict).startswith("✓ Right. ")
        assert verdict
