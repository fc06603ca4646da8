"""The faults of `make mutants` are faults of today's sources, and both oracles say what they found."""

import ast

import pytest
from nbformat import v4

from tools import mutants, series
from tools.faults import FAULTS

FAULT = FAULTS[0]


def test_each_old_text_occurs_exactly_once_and_each_fault_is_python():
    for fault in FAULTS:
        assert fault.old != fault.new
        ast.parse(mutants.planted(fault))
    assert len({(fault.file, fault.old, fault.new) for fault in FAULTS}) == len(FAULTS)
    assert len({fault.what for fault in FAULTS}) == len(FAULTS)


def test_an_old_text_that_is_gone_or_stands_twice_stops_everything():
    for old in ("this text is nowhere", "import"):
        with pytest.raises(ValueError, match="times in the source"):
            mutants.planted(FAULT._replace(old=old))


def test_every_room_of_the_mathematics_has_faults_notebooks_and_tests():
    assert {mutants.room(fault) for fault in FAULTS} == set(mutants.NOTEBOOKS)
    numbers = {path.name[:2] for path in series.numbered()}
    for name, first in mutants.NOTEBOOKS.items():
        assert set(first) <= numbers
        assert (series.ROOT / "tests" / f"test_{name}.py").exists()
    assert all((series.ROOT / "tests" / name).exists() for name in mutants.ABOUT_TEXT)


def test_a_fault_is_planted_in_a_copy_which_then_is_gone():
    before = (series.ROOT / "helpers" / FAULT.file).read_text(encoding="utf-8")
    with mutants.copy_with(FAULT) as root:
        assert (root / "helpers" / FAULT.file).read_text(encoding="utf-8") == mutants.planted(FAULT) != before
        assert (root / "pyproject.toml").exists()
        assert not (root / ".git").exists()
    assert not root.exists()
    assert (series.ROOT / "helpers" / FAULT.file).read_text(encoding="utf-8") == before


EXERCISE = """\
def one():
    return ...  # your answer


exercises.check_one(one)"""
SOLUTION = """\
<details>
<summary>Solution</summary>

```python
def one():
    return {}
```

</details>"""
HELPERS = """\
class exercises:
    @staticmethod
    def check_one(one):
        print("open" if one() is ... else one())
        return one() == 1"""


@pytest.fixture
def make(tmp_path):
    """Store a notebook whose exercise has this solution."""
    (tmp_path / "notebooks").mkdir()

    def make(solution):
        cells = [
            v4.new_markdown_cell("# Title"),
            v4.new_code_cell(HELPERS, execution_count=1),
            v4.new_markdown_cell("Some text. What is one?"),
            v4.new_code_cell(EXERCISE, execution_count=2),
            v4.new_markdown_cell(SOLUTION.format(solution)),
        ]
        for number, cell in enumerate(cells):
            cell.id = f"cell-{number}"
        path = tmp_path / "notebooks" / "05_one.ipynb"
        series.write(path, series.dumps(v4.new_notebook(cells=cells)))
        return path

    return make


def test_folded_solutions_are_handed_to_their_checkers(make):
    path = make(1)
    mutants.answer_exercises(path)
    cells = series.read(path).cells
    assert [cell.id for cell in cells] == ["cell-0", "cell-1", "cell-2", "cell-3", "cell-3-solved", "cell-4"]
    assert cells[4].source == "def one():\n    return 1\n\nassert exercises.check_one(one)"
    said = mutants.where(path.parent.parent, "notebooks/05_one.ipynb::Cell 2")
    assert said == "05_one.ipynb [cell-3-solved] “What is one?”"


def test_every_exercise_of_the_series_has_a_solution_to_hand_over(tmp_path):
    for path in series.FOLDER.glob("*.ipynb"):
        book = series.read(path)
        copy = tmp_path / path.name
        series.write(copy, series.dumps(book))
        mutants.answer_exercises(copy)
        asked = [
            cell for cell in book.cells if "exercises.check_" in cell.source and cell.cell_type == "code"
        ]
        assert len(series.read(copy).cells) == len(book.cells) + len(asked)


@pytest.mark.slow
def test_a_notebook_objects_in_the_cell_that_is_wrong(make, tmp_path):
    make(2)
    assert mutants.ask_notebooks(tmp_path, "skipgram").startswith("05_one.ipynb [cell-3")


def test_the_tests_of_a_module_are_asked_first_and_all_others_if_they_see_nothing(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(mutants, "ask", lambda root, *arguments: asked.append(arguments))
    assert mutants.ask_tests(tmp_path, "softmax") is None
    (first,), (everything, *others) = asked
    assert first == "tests/test_softmax.py"
    assert everything == "tests"
    assert {"--ignore=tests/test_softmax.py", "--ignore=tests/browser"} <= set(others)
    monkeypatch.setattr(mutants, "ask", lambda root, *arguments: f"objection of {arguments[0]}")
    assert mutants.ask_tests(tmp_path, "softmax") == "objection of tests/test_softmax.py"


def test_scores_are_printed_and_what_nobody_noticed_fails(monkeypatch, capsys):
    sees = {"tests": lambda fault: "some test" if "sign" in fault.what else None}
    monkeypatch.setattr(mutants, "sound", lambda oracle: None)
    monkeypatch.setattr(mutants, "judge", lambda oracle, fault: sees["tests"](fault))
    assert mutants.main(["tests", "-k", "Jacobian"]) == 1
    out = capsys.readouterr().out
    assert "tests: 1 of 2 noticed, 50%" in out
    assert "NOT NOTICED" in out
    assert mutants.main(["tests", "-k", "sign of the outer"]) == 0
    monkeypatch.setattr(mutants, "sound", lambda oracle: "some test")
    assert mutants.main([]) == 1
    assert "Without any fault the tests object already: some test" in capsys.readouterr().out
