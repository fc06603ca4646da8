"""Student copies hold no solutions; handed-in notebooks are graded by our checkers, whatever stands in them.

Notebooks are made here from the copy of 03, with what its three exercises need. Each runs in a real box.
"""

import csv
import json
import os
import re
import socket
import sys
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import psutil
import pytest
from nbformat import from_dict, v4

from helpers import exercises
from helpers.exercises.judge import Checker
from tools import notebooks, series
from tools.grading import grade, report, student
from tools.grading.answer import decode, encode
from tools.grading.box import (
    LARGEST_FILE,
    MOST_PROCESSES,
    Box,
    Isolation,
    Limits,
    Stopped,
    Workshop,
    isolation,
)
from tools.grading.exercises import checked_in
from tools.grading.exercises import series as all_exercises
from tools.grading.handed_in import HandedIn, Unreadable, find, name_in, read

BOOK = "03_learning_signal"
ORIGINAL = series.read(series.FOLDER / f"{BOOK}.ipynb")
COPY = student.copied(ORIGINAL)
FENCED = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LIMITS = Limits(megabytes=1000, exercise=60)
IMPORTS = """import numpy as np
from helpers import exercises
from helpers.softmax import jacobian, learning_signal, softmax"""
SOLUTIONS = {
    checked_in(cell): FENCED.search(student.SOLUTION.search(following.source)[0])[1]
    for cell, following in zip(ORIGINAL.cells, ORIGINAL.cells[1:], strict=False)
    if checked_in(cell)
}
LOG, SQUARED, TEMPERED = SOLUTIONS
FUNCTION = {exercise.name: exercise.function for exercise in all_exercises()[BOOK]}

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit, and docs/grading.md says so")
either = pytest.mark.parametrize("kept", [isolation, lambda: Isolation(False, False)], ids=["best", "none"])


@pytest.fixture(scope="module")
def room():
    with Workshop() as workshop:
        yield grade.Room(workshop, isolation(), LIMITS, seed=1)


def tiny(*before, **answers):
    """Make a notebook: imports, cells with this code, and the exercises of 03, some of them answered."""
    cells = [cell for cell in COPY.cells if checked_in(cell)]
    copy = from_dict({**COPY, "cells": [v4.new_code_cell(IMPORTS), *map(from_dict, cells)]})
    for cell in copy.cells:
        if checked_in(cell) in answers:
            cell.source = answers[checked_in(cell)]
    copy.cells[1:1] = [v4.new_code_cell(source) for source in before]
    return copy


def solved(name):
    return f"{SOLUTIONS[name]}\n\nexercises.check_{name}({FUNCTION[name]})"


def grading(room, tmp_path):
    def run(notebook, **changed):
        path = tmp_path / f"{BOOK}.ipynb"
        series.write(path, series.dumps(notebook))
        return grade.grade(HandedIn("Ann", path), replace(room, **changed))

    return run


@pytest.fixture
def graded(room, tmp_path):
    """Grade a notebook as `make grade` does, in a kernel of its own."""
    return grading(room, tmp_path)


class OneKernel(grade.Room):
    """For notebooks that leave nothing behind but names: one kernel, which forgets them in between."""

    kernel: Box

    @contextmanager
    def box(self):
        self.kernel.run("%reset -f", 60)
        yield self.kernel


@pytest.fixture(scope="module")
def one_kernel(room):
    with room.box() as kernel:
        OneKernel.kernel = kernel
        yield OneKernel(**vars(room))


@pytest.fixture
def harmless(one_kernel, tmp_path):
    return grading(one_kernel, tmp_path)


def states(found):
    return {name: said.state for name, said in found.verdicts.items()}


# --- Copies for students ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory):
    target = tmp_path_factory.mktemp("student")
    return target, student.hand_out(target)


def squeezed(text):
    return re.sub(r"\s+", " ", text)


def test_copies_hold_no_solution_and_all_the_rest(handed_out):
    _, copies = handed_out
    assert [path.name for path in copies] == [path.name for path in sorted(series.FOLDER.glob("*.ipynb"))]
    gone = 0
    for path in copies:
        ours, copy = series.read(series.FOLDER / path.name), series.read(path)
        assert [cell.id for cell in copy.cells] == [cell.id for cell in ours.cells]
        assert "<summary>Solution" not in path.read_text(encoding="utf-8")
        text = squeezed("\n".join(cell.source for cell in copy.cells))
        for cell, theirs in zip(ours.cells, copy.cells, strict=True):
            assert theirs.source.count("<details>") == theirs.source.count("</details>")
            assert theirs.source.count("<summary>Hint") == cell.source.count("<summary>Hint")
            if "<summary>Solution" in cell.source:
                gone += 1
                for code in FENCED.findall(student.SOLUTION.search(cell.source)[0]):
                    assert squeezed(code).strip() not in text
            else:
                assert theirs.source == cell.source
    assert gone == sum(map(len, all_exercises().values()))


def test_exercises_are_marked_and_open_and_other_outputs_stay(handed_out):
    for path in handed_out[1]:
        ours, copy = series.read(series.FOLDER / path.name), series.read(path)
        marks = [cell.metadata.nbgrader.grade_id for cell in copy.cells if "nbgrader" in cell.metadata]
        assert marks == [exercise.name for exercise in all_exercises()[path.stem]]
        for cell, theirs in zip(ours.cells, copy.cells, strict=True):
            if cell.cell_type == "code":
                assert theirs.outputs == ([] if checked_in(cell) else cell.outputs)


def test_copies_bring_the_package_that_they_import(handed_out):
    target, _ = handed_out
    ours = {path.relative_to(series.ROOT) for path in (series.ROOT / "helpers").rglob("*.py")}
    assert {path.relative_to(target) for path in (target / "helpers").rglob("*.py")} == ours
    assert (target / "pyproject.toml").exists()
    assert "pip install" in (target / "README.md").read_text(encoding="utf-8")


def test_marks_of_nbgrader_survive_storing():
    copy = from_dict(COPY)
    notebooks.normalize(copy)
    marks = [cell.metadata.get("nbgrader") for cell in copy.cells if checked_in(cell)]
    assert marks == [student.mark(name) for name in SOLUTIONS]


# --- Verdicts -----------------------------------------------------------------------------------------


def test_right_wrong_and_open(harmless):
    slip = f"def {FUNCTION[SQUARED]}(scores, truth):\n    return learning_signal(scores, truth)\n"
    found = harmless(tiny(**{LOG: solved(LOG), SQUARED: slip}))
    assert (found.run, found.notes, found.notebook) == ("ran", [], BOOK)
    assert states(found) == {LOG: "right", SQUARED: "wrong", TEMPERED: "open"}
    assert "That is the signal of the cross-entropy" in found.verdicts[SQUARED].message


@pytest.mark.slow
def test_a_whole_copy(graded):
    copy = from_dict(COPY)
    for cell in copy.cells:
        if checked_in(cell) in (LOG, SQUARED):
            cell.source = solved(checked_in(cell))
    found = graded(copy, limits=Limits())
    assert (found.run, found.notes) == ("ran", [])
    assert states(found) == {LOG: "right", SQUARED: "right", TEMPERED: "open"}


def test_what_checkers_say_of_odd_answers_crosses_the_border(harmless):
    """A function of wrong arguments, one that changes its input, and one that raises."""
    found = harmless(
        tiny(
            **{
                LOG: f"def {FUNCTION[LOG]}(scores, more): return scores",
                SQUARED: f"def {FUNCTION[SQUARED]}(scores, truth):\n    scores[0] = 1\n    return scores",
                TEMPERED: f"def {FUNCTION[TEMPERED]}(scores, truth, temperature): return scores / [1] / 'x'",
            }
        )
    )
    said = [verdict.message for verdict in found.verdicts.values()]
    assert said[0].startswith("Your function must take 1 arguments")
    assert said[1].startswith("Your function changes its input")
    assert "raised" in said[2]
    assert set(states(found).values()) == {"wrong"}


def test_moved_split_and_copied_cells_are_found(harmless):
    notebook = tiny(**{LOG: solved(LOG), SQUARED: SOLUTIONS[SQUARED]})  # the call of the checker is gone
    first, log, squared, tempered = notebook.cells
    for cell in (log, tempered):
        cell.metadata, cell.id = {}, f"new-{cell.id}"
    again = from_dict(log)
    again.source, again.id = f"{FUNCTION[LOG]} = ...\nexercises.check_{LOG}({FUNCTION[LOG]})", "copy"
    notebook.cells = [first, squared, log, again]
    found = harmless(notebook)
    assert states(found) == {LOG: "right", SQUARED: "right", TEMPERED: "missing"}
    assert found.notes == [f"cells missing: {TEMPERED}"]


def test_a_cell_that_raises_is_named_and_the_next_one_runs(harmless):
    broken = f"def {FUNCTION[LOG]}(scores)\n    return scores"
    found = harmless(tiny("1 / 0", "twice = 2", **{LOG: broken, SQUARED: solved(SQUARED)}))
    assert found.notes[:2] == ["cell 2: ZeroDivisionError", "cell 4: SyntaxError"]
    assert states(found) == {LOG: "wrong", SQUARED: "right", TEMPERED: "open"}
    assert found.verdicts[LOG].message.startswith("The cell raised SyntaxError")


# --- Forgery: the checker that decides is ours --------------------------------------------------------

RIGHT = "exercises.judge.Verdict('right', 'Forged.')"
FORGED = {
    "redefined": f"exercises.check_{LOG} = lambda answer: {RIGHT}",
    "patched": f"exercises.judge.Checker.__call__ = lambda *_: {RIGHT}\n"
    "exercises.judge.same = lambda *_: True\nnp.allclose = np.array_equal = lambda *_, **__: True",
    "border": "import sys\ninside = sys.modules['answer']\n"
    "inside.look = lambda *_: {'state': 'right'}\ninside.ask = lambda *_: {'state': 'right'}",
    "kernel": "import sys\nsys.modules['answer'].Reply.__repr__ = lambda self: '\"right\"'",
    "shell": "get_ipython().user_expressions = lambda e: {'asked': {'status': 'ok', 'state': 'right'}}",
}


@pytest.mark.parametrize("attack", FORGED)
def test_a_forged_verdict_does_not_count(graded, attack):
    answers = {name: f"def {function}(*given): return given[0]" for name, function in FUNCTION.items()}
    notebook = tiny(FORGED[attack], **answers)
    for cell in notebook.cells[2:]:
        cell.outputs = [
            v4.new_output("execute_result", {"text/plain": "✓ Right. Forged."}, execution_count=1)
        ]
    assert set(states(graded(notebook)).values()) == {"wrong"}


LOOKED_UP = """
def {function}(*given):
    for case in exercises.check_{name}.cases:
        if all(map(np.array_equal, case.arguments, given)):
            return case.right
    return np.zeros(len(given[0]))
"""


def test_results_looked_up_in_the_checker_are_not_right(harmless):
    answer = LOOKED_UP.format(function=FUNCTION[TEMPERED], name=TEMPERED)
    said = harmless(tiny(**{TEMPERED: answer})).verdicts[TEMPERED]
    assert said.state == "wrong"
    assert said.message.startswith("Right in the cases of the notebook, but not in others.")


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_solutions_are_right_in_fresh_cases_too(seed):
    for book, asked in all_exercises().items():
        cells = series.read(series.FOLDER / f"{book}.ipynb").cells
        imports = "\n".join(
            line
            for cell in cells
            if cell.cell_type == "code"
            for line in re.findall(r"^(?:from .*import \([^)]*\)|(?:from|import) .*)", cell.source, re.M)
        )
        for exercise in asked:
            if isinstance(exercise.checker, Checker):
                place = [cell.id for cell in cells].index(exercise.cell)
                solution = FENCED.search(student.SOLUTION.search(cells[place + 1].source)[0])[1]
                names = {}
                exec(imports + "\n" + solution, names)
                verdict = replace(exercise.checker, seed=seed)(names[exercise.function])
                assert verdict, (exercise.name, verdict)


# --- Notebooks that loop, crash or are none -----------------------------------------------------------


@pytest.mark.parametrize("code", ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)"])
def test_a_cell_that_ends_the_kernel_costs_no_other(graded, code):
    found = graded(tiny(code, **{LOG: solved(LOG)}))
    assert found.run == "crashed"
    assert found.notes == ["cell 2 crashed: the kernel ended"]
    assert states(found) == {LOG: "right", SQUARED: "open", TEMPERED: "open"}


def test_memory_that_a_cell_eats_is_not_missing_later(graded):
    found = graded(tiny("eaten = [bytearray(10**6) for _ in range(10**6)]", **{LOG: solved(LOG)}))
    assert found.run == "crashed"
    assert "memory" in found.notes[0]
    assert states(found) == {LOG: "right", SQUARED: "open", TEMPERED: "open"}


@pytest.mark.slow
def test_what_loops_costs_no_other(graded):
    """A cell, an answer in its own cell, and an answer that waits only when it is asked."""
    waiting = f"def {FUNCTION[SQUARED]}(scores, truth):\n    while True: time.sleep(1)"
    busy = f"def {FUNCTION[LOG]}(scores):\n    while True: pass\n\nexercises.check_{LOG}({FUNCTION[LOG]})"
    notebook = tiny(
        "import time\nwhile True: time.sleep(1)",
        **{LOG: busy, SQUARED: f"import time\n{waiting}", TEMPERED: solved(TEMPERED)},
    )
    found = graded(notebook, limits=replace(LIMITS, seconds=6, exercise=4))
    assert found.run == "looped"
    assert found.notes == [f"cell {n} looped: stopped after {s} s" for n, s in ((2, 6), (3, 4), (4, 4))]
    assert states(found) == {LOG: "wrong", SQUARED: "wrong", TEMPERED: "right"}
    assert found.verdicts[LOG].message == "Your answer looped (stopped after 4 s)."


BAD = {
    "no JSON": "{",
    "another shape": '{"cells": 3, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "deep": "[" * 100_000,
    "bytes": "\udcff",
    "empty": "",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_file_that_is_no_notebook_is_said_to_be_none(tmp_path, text):
    path = tmp_path / f"{BOOK}.ipynb"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Unreadable):
        read(path)
    found = grade.grade(HandedIn("Ann", path), None)
    assert (found.run, found.verdicts) == ("could not be read", {})


def test_a_notebook_without_cells_misses_them(harmless):
    found = harmless(from_dict({**COPY, "cells": []}))
    assert set(states(found).values()) == {"missing"}


@pytest.mark.parametrize("name", ["03_learning_signal", "quiz", "00_start_here", "Ann 03", "quentin", "2003"])
def test_the_name_of_a_file_helps_where_no_exercise_is_left(tmp_path, name):
    path = tmp_path / f"{name}.ipynb"
    series.write(path, series.dumps(from_dict({**COPY, "cells": []})))
    if "03" in name and "2003" not in name:
        assert read(path).notebook == BOOK
    else:
        with pytest.raises(Unreadable, match="exercises"):
            read(path)
        ours = name in ("quiz", "00_start_here")
        found = grade.grade(HandedIn("Ann", path), None)
        assert found.run == ("nothing to grade" if ours else "could not be read")


# --- Limits -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def box(room):
    with Box(room.workshop, room.isolation, Limits()) as box:
        yield box


def test_memory_is_limited(room):
    each = "import time; x = bytearray(b'1') * (3 * 10**8); time.sleep(600)"
    children = f"""import subprocess, sys
for child in [subprocess.Popen([sys.executable, "-c", {each!r}]) for _ in range(5)]:
    child.wait()"""
    with room.box() as box:
        if sys.platform == "linux":  # macOS knows no such limit
            assert box.run("x = bytearray(2 * 10**9)", 60)["ename"] == "MemoryError"
        with pytest.raises(Stopped, match="1000 MB of memory"):
            box.run(children, 60)


@posix
@either
def test_processes_are_limited_and_do_not_survive(room, kept):
    limits = replace(LIMITS, megabytes=20_000)
    with Box(room.workshop, kept(), limits) as box:
        box.run("import os, time", 60)
        with pytest.raises(Stopped, match=r"processes|ended"):
            box.run("for _ in range(10): os.fork()\ntime.sleep(600)", 60)
        mark = str(box.folder)
    left = [process for process in psutil.process_iter(["cmdline"]) if mark in str(process.info["cmdline"])]
    assert psutil.wait_procs(left, timeout=30)[1] == []


@posix
def test_a_file_is_limited(box):
    assert box.run("for _ in range(300): open('big', 'ab').write(bytes(10**6))", 60)["ename"] == "OSError"


def test_output_is_no_limit_to_anything(box):
    assert box.run("for _ in range(100): print('x' * 10**6)", 60)["status"] == "ok"


def test_nothing_of_the_teacher_is_in_the_environment(room, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "abc")
    with Box(room.workshop, room.isolation, LIMITS) as box:
        asked = box.run("import os", 60, "'SECRET_TOKEN' in os.environ or os.listdir(os.environ['HOME'])")
    assert asked["user_expressions"]["asked"]["data"]["text/plain"] in ("[]", "['.ipython']")


def levels():
    """Return what this system offers, every part of it alone, and nothing."""
    best = isolation()
    alone = {Isolation(best.namespaces, False), Isolation(False, best.files)}
    return sorted({best, Isolation(False, False)} | alone, key=str)


def test_what_the_console_says_of_network_and_files_is_true(room, tmp_path):
    """Both ways: where the system offers no way to cut them, they are not cut, and that is said."""
    secret = tmp_path / "secret.txt"
    secret.write_text("abc")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        call = f"socket.create_connection({address}, 5)"
        throw = f"socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', {address})"
        for kept in levels():
            with Box(room.workshop, kept, LIMITS) as box:
                box.run("import socket", 60)
                failed = {
                    code: box.run(code, 60)["status"] == "error"
                    for code in (call, throw, f"open({str(secret)!r}).read()", f"open({str(secret)!r}, 'a')")
                }
            tcp = kept.namespaces or kept.files
            assert list(failed.values()) == [tcp, kept.namespaces, kept.files, kept.files], kept
            assert ("NETWORK NOT CUT" in str(kept)) == (not kept.namespaces)
            assert ("FILES NOT CLOSED" in str(kept)) == (not kept.files)


@posix
@either
def test_a_process_that_leaves_its_group_does_not_survive(room, kept):
    script = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(300)\n    os._exit(0)"
    with Box(room.workshop, kept(), LIMITS) as box:
        box.run(script, 60)
        family = box.family()
    assert len(family) > 1
    assert psutil.wait_procs(family, timeout=30)[1] == []


# --- Values at the border -----------------------------------------------------------------------------

VALUES = [
    None, True, 3, 0.1, float("inf"), "ä", [1, [2.5]], (1, ()), {1, 2}, np.float64(2), np.array(7),
    np.arange(6).reshape(2, 3), np.array([True]), np.zeros((0, 3)),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_come_back_as_they_were(value):
    back = decode(json.loads(json.dumps(encode(value))))
    np.testing.assert_equal(back, value)
    assert isinstance(back, type(value)) or isinstance(value, np.generic)


ODD = {
    "dots": lambda: ...,
    "dots in a list": lambda: [...],
    "dots in an array": lambda: np.array([..., 1], dtype=object),
    "complex": lambda: np.array([1j]),
    "an iterator": lambda: iter([1]),
    "text": lambda: "x",
    "a table": lambda: {"a": 1},
    "ragged": lambda: [[1], [1, 2]],
    "large": lambda: np.zeros(10**6),
    "a long list": lambda: [0] * 200_000,
    "a range": lambda: range(4),
    "a function": lambda: print,
    "an odd object": lambda: type("Odd", (), {"__array__": lambda self: 1 / 0})(),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_checkers_say_the_same_of_what_came_over_the_border(make):
    here = exercises.check_log_softmax(lambda scores: make())
    there = exercises.check_log_softmax(lambda scores: decode(json.loads(json.dumps(encode(make())))))
    assert (there.state, there.message) == (here.state, here.message)


@pytest.mark.parametrize("told", [{}, {"array": 1}, {"code": "x"}, [1], {"empty": ["f", [-1]]}])
def test_what_is_no_value_is_refused(told):
    with pytest.raises((ValueError, TypeError)):
        decode(told)


# --- The folder, and the table ------------------------------------------------------------------------


def test_students_are_named_by_folder_or_file(tmp_path):
    for name in ("Zoë O'Brien/03_learning_signal.ipynb", "bob-03_learning_signal.ipynb", "x/.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "a.ipynb").touch()
    assert [handed.student for handed in find(tmp_path)][:2] == ["bob", "Zoë O'Brien"]
    assert len(find(tmp_path)) == 3
    assert name_in("03_learning_signal") == "03_learning_signal"


EVIL = '<script>alert(1)</script>\x1b[2J=cmd"'


def test_what_a_student_wrote_acts_nowhere(tmp_path):
    found = grade.Grade(HandedIn(f"=1+1{EVIL}", tmp_path / "a.ipynb"), BOOK, "ran", [EVIL])
    found.verdicts = {LOG: grade.Verdict("wrong", EVIL), SQUARED: grade.Verdict("open", "")}
    sheet, page = report.write([found], tmp_path)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[5:7] for row in rows] == [["exercise", "state"], [LOG, "wrong"], [SQUARED, "open"]]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert "<script" not in page.read_text(encoding="utf-8")
    assert "\x1b" not in report.table([found]) + report.line(found) + sheet.read_text(encoding="utf-8-sig")


def test_the_command_grades_a_folder(tmp_path, capsys):
    for name, notebook in (("Änne Ö'", tiny(**{LOG: solved(LOG)})), ("b", tiny("import os; os._exit(1)"))):
        (tmp_path / name).mkdir()
        series.write(tmp_path / name / f"{BOOK}.ipynb", series.dumps(notebook))
    (tmp_path / f"{BOOK}_carl.ipynb").write_text("{")
    assert grade.main([str(tmp_path), "-j", "2", "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert str(isolation()) in told
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}
    assert rows["Änne Ö'", LOG]["state"] == "right"
    assert rows["b", LOG]["state"] == "open"
    assert rows["b", LOG]["run"] == "crashed"
    assert rows["carl", ""]["run"] == "could not be read"


def test_a_folder_without_notebooks_is_said_to_be_one(tmp_path, capsys):
    for folder in (tmp_path, tmp_path / "none"):
        assert grade.main([str(folder)]) == 2
        assert capsys.readouterr().out.startswith(f"No notebooks in {folder};")


# --- What the page says -------------------------------------------------------------------------------

PAGE = (series.ROOT / "docs" / "grading.md").read_text(encoding="utf-8")


def test_the_page_has_the_limits_of_the_code():
    limits = Limits()
    assert limits.whole == 10 * limits.seconds
    for row in (
        f"| time for one cell | {limits.seconds:.0f} s |",
        f"judging it | {limits.exercise:.0f} s |",
        f"| memory of all its processes together | {limits.megabytes:,} MB |",
        f"| processes | {MOST_PROCESSES} |",
        f"| one file | {LARGEST_FILE // 10**6} MB |",
    ):
        assert row in PAGE


def test_the_page_names_the_exercises_without_fresh_cases():
    fixed = set()
    for exercise in [exercise for book in all_exercises().values() for exercise in book]:
        ours = exercise.checker
        pairs = (
            zip(ours.cases, replace(ours, seed=99).cases, strict=True) if isinstance(ours, Checker) else ()
        )
        if all(all(map(np.array_equal, one.arguments, other.arguments)) for one, other in pairs):
            fixed.add(exercise.name)
    sentence = re.search(r"\(([^()]*) have fixed cases and no others; ([^()]*)\)", PAGE)
    assert set(re.findall(r"`(\w+)`", sentence[0])) == fixed
