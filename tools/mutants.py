"""Would anybody notice? Plant small faults in the mathematics, one at a time, and ask who sees them.

    make mutants                                both oracles, all faults
    make mutants ARGS=tests                     only the unit tests
    make mutants ARGS="notebooks -k softmax"    only the notebooks, for faults whose file or name says softmax

Two oracles look at each fault of `tools.faults`: the unit tests, and the notebooks alone, run by nbval
against their stored outputs, with the folded solution of every exercise handed to its checker. Each fault
lives in a copy of the project in a temporary folder; nothing here is changed. Whoever knows the module best
is asked first, and the first objection ends the search. For the notebooks it is said where a reader would
have stumbled: the cell, and the sentence just above it.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from nbformat import v4

from helpers.scale.workers import ONE_THREAD
from tools.faults import FAULTS, Fault
from tools.series import FOLDED, ROOT, dumps, read, write

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "build", ".*_cache", ".hypothesis", "*.egg-info", "test-results"
)
PATIENCE = 900  # seconds until a run counts as hanging, which is an objection, too

# Which notebooks and tests know a module best; all others are asked after them.
NOTEBOOKS = {
    "softmax": ["03", "04", "05", "02"],
    "skipgram": ["05", "04", "06", "08"],
    "negative_sampling": ["07", "12"],
    "pmi": ["10"],
    "geometry": ["08", "09", "06", "01", "11", "12"],
    "pairs": ["02", "05", "06"],
    "text": ["01", "02"],
    "gradcheck": ["03", "04", "05"],
    "scale": ["12", "07", "10"],
}
# Tests of what is written, and of how the project is set up: no oracle for the mathematics.
ABOUT_TEXT = [
    f"test_{name}.py" for name in ("claims", "series", "notebooks", "site", "environment", "mutants")
]
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
SOLUTION = re.compile(r"<summary>Solution</summary>.*?^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CHECKED = re.compile(r"^exercises\.check_\w+\(.*\)$", re.MULTILINE)


def room(fault: Fault) -> str:
    """Return the module that a fault is in: softmax, or scale for scale/learner.py."""
    return fault.file.partition("/")[0].removesuffix(".py")


def planted(fault: Fault, folder: Path = ROOT / "helpers") -> str:
    """Return the source of a file with the fault in it."""
    source = (folder / fault.file).read_text(encoding="utf-8")
    if source.count(fault.old) != 1:
        raise ValueError(f"{fault.file}: {source.count(fault.old)} times in the source: {fault.old!r}")
    return source.replace(fault.old, fault.new)


@contextmanager
def copy_with(fault: Fault | None) -> Iterator[Path]:
    """Make a copy of the project, with a fault in it, for a while."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        root = Path(folder, "project")
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        if fault:
            write(root / "helpers" / fault.file, planted(fault))
        yield root


# --- The two oracles ------------------------------------------------------------------------------------


def ask(root: Path, *arguments: str) -> str | None:
    """Run pytest in a copy; return its first objection, or None."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider"]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(root)}
    environment.pop("CI", None)
    try:
        done = subprocess.run(
            [*command, *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return "a run without an end"
    if done.returncode == 0:
        return None
    found = FAILED.search(done.stdout)
    return found[1] if found else f"pytest: {(done.stdout + done.stderr).strip()[-200:]}"


def ask_tests(root: Path, name: str) -> str | None:
    """Return the first test that objects; those of the module `name` are asked first."""
    first = f"tests/test_{name}.py"
    others = ["browser", *ABOUT_TEXT, f"test_{name}.py"]
    rest = ["tests", *(f"--ignore=tests/{other}" for other in others), "-m", "not slow"]
    return ask(root, first) or ask(root, *rest, "--hypothesis-profile=quick")


def ask_notebooks(root: Path, name: str) -> str | None:
    """Return the first cell of a notebook that objects, and what the text above it says."""
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    for path in paths:
        answer_exercises(path)
    first = [path for number in NOTEBOOKS.get(name, []) for path in paths if path.name.startswith(number)]
    inquiry = [f"notebooks/{path.name}" for path in dict.fromkeys((*first, *paths))]
    objection = ask(root, "--nbval", "--nbval-current-env", "--nbval-cell-timeout=200", *inquiry)
    return objection and where(root, objection)


def answer_exercises(path: Path) -> None:
    """Put the folded solution of each exercise below it, so that its checker has something to check."""
    notebook = read(path)
    cells = []
    for cell, following in zip(notebook.cells, [*notebook.cells[1:], v4.new_markdown_cell()], strict=True):
        cells.append(cell)
        solution = SOLUTION.search(following.source)
        checked = CHECKED.findall(cell.source) if cell.cell_type == "code" else []
        if solution and checked:
            answer = v4.new_code_cell(f"{solution[1]}\nassert {checked[0]}", execution_count=None)
            answer.id = f"{cell.id}-solved"
            cells.append(answer)
    notebook.cells = cells
    write(path, dumps(notebook))


def where(root: Path, objection: str) -> str:
    """Turn nbval's "notebooks/05….ipynb::Cell 3" into the cell's name and the last sentence above it."""
    found = re.fullmatch(r"(\S+\.ipynb)::Cell (\d+)", objection)
    if not found:
        return objection
    path = root / found[1]
    cells = read(path).cells
    code = [place for place, cell in enumerate(cells) if cell.cell_type == "code"]
    place = code[int(found[2])]
    prose = [FOLDED.sub("", cell.source) for cell in cells[:place] if cell.cell_type == "markdown"]
    said = re.split(r"(?<=[.!?:])\s+|\n+", prose[-1].strip()) if prose else [""]
    return f"{path.name} [{cells[place].id}] “{said[-1]}”"


ORACLES = {"tests": ask_tests, "notebooks": ask_notebooks}


# --- Command ------------------------------------------------------------------------------------------


def judge(oracle: str, fault: Fault) -> str | None:
    with copy_with(fault) as root:
        return ORACLES[oracle](root, room(fault))


def sound(oracle: str) -> str | None:
    """Return what an oracle objects to though there is no fault: then its word is worth nothing."""
    with copy_with(None) as root:
        if oracle == "notebooks":
            return ask_notebooks(root, "")
        return ask(root, *(f"tests/test_{name}.py" for name in NOTEBOOKS))


def examine(oracle: str, faults: list[Fault], jobs: int) -> list[Fault]:
    """Ask one oracle about all faults, print what it says, and return those that it does not see."""
    print(f"\n{len(faults)} faults, {oracle}:", flush=True)
    missed = []
    with ThreadPoolExecutor(jobs) as pool:
        answers = pool.map(lambda fault: judge(oracle, fault), faults)
        for fault, seen_by in zip(faults, answers, strict=True):
            if not seen_by:
                missed.append(fault)
            print(f"  {fault.file}: {fault.what}\n      {seen_by or 'NOT NOTICED'}", flush=True)
    noticed = len(faults) - len(missed)
    print(f"{oracle}: {noticed} of {len(faults)} noticed, {noticed / len(faults):.0%}", flush=True)
    return missed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("oracles", nargs="*", choices=[[], *ORACLES], help="who is asked (default: both)")
    parser.add_argument("-k", default="", metavar="WORD", help="only faults whose file or name holds this")
    parser.add_argument("-j", type=int, default=1, metavar="JOBS", help="how many at a time")
    options = parser.parse_args(arguments)
    faults = [fault for fault in FAULTS if options.k.lower() in f"{fault.file} {fault.what}".lower()]
    if not faults:
        parser.error(f"no fault is about {options.k!r}")
    missed = {}
    for oracle in options.oracles or ORACLES:
        if objection := sound(oracle):
            print(f"Without any fault the {oracle} object already: {objection}")
            return 1
        missed[oracle] = examine(oracle, faults, options.j)
    return int(any(missed.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
