"""Write copies of the notebooks without solutions: `make student`."""

import re
import shutil
import sys
from pathlib import Path

from nbformat import NotebookNode, from_dict

from tools.grading.exercises import checked_in
from tools.series import FOLDER, ROOT, dumps, read, write

TARGET = ROOT / "build" / "student"
# The rule: a block that is folded under "Solution" goes, and nothing else. Hints stay, and so do the
# answers to the questions at the top of a notebook.
SOLUTION = re.compile(r"\n*<details>\s*<summary>Solution\b.*?</summary>.*?</details>", re.DOTALL)
SETTINGS = ("pyproject.toml", "LICENSE*")

README = """# How word embeddings learn

You need Python 3.11 or newer. In this folder:

    python -m venv .venv
    .venv/bin/python -m pip install -e ".[lab]"
    .venv/bin/jupyter lab 00_start_here.ipynb

On Windows write `.venv\\Scripts\\python` and `.venv\\Scripts\\jupyter`.

Where a cell says `# your answer`, put yours in the place of the dots and run the cell: it tells you whether
it is right. Do not rename the function. You may add cells, and change or move any of them. Save the notebook
before you hand it in.
"""


def copied(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook as it is handed out.

    Stored outputs stay, so that it reads well before it runs; those of the exercises go. Each exercise is
    marked in its metadata, in nbgrader's words, and keeps the mark where the cell is moved or its text is
    changed.
    """
    copy = from_dict(notebook)
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = SOLUTION.sub("", cell.source)
        elif name := checked_in(cell):
            cell.outputs, cell.execution_count = [], None
            cell.metadata.nbgrader = mark(name)
    return copy


def mark(name: str) -> dict:
    """Say in nbgrader's format that a cell holds an answer."""
    return {
        "cell_type": "code",
        "grade": False,
        "grade_id": name,
        "locked": False,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }


def hand_out(target: Path = TARGET) -> list[Path]:
    """Write the copies into a new folder, with the package that they import; return their paths."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / "helpers", target / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    for pattern in SETTINGS:
        for path in ROOT.glob(pattern):
            shutil.copy(path, target)
    write(target / "README.md", README)
    copies = []
    for path in sorted(FOLDER.glob("*.ipynb")):
        copies.append(target / path.name)
        write(copies[-1], dumps(copied(read(path))))
    return copies


def main(arguments: list[str]) -> int:
    if arguments:
        print("make student takes no arguments.")
        return 2
    copies = hand_out()
    print(
        f"{len(copies)} notebooks without solutions are in {TARGET.relative_to(ROOT)}, with what they need."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
