"""The series as a whole: its notebooks as files, and what they say about each other.

A notebook states its own title and question, once, in its first cell:

    # 02 · Pairs: a corpus becomes pressure
    **The question of this notebook:** how much can be learned …?

From there they reach the table in README.md, the one in the first notebook, and the link under **Next:** at
the end of the notebook before. `make notebooks` writes them.
"""

import re
from pathlib import Path

from nbformat import NotebookNode, v4

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"

TITLE = re.compile(r"# (.+)")
QUESTION = re.compile(r"\*\*The question of this notebook:\*\* (.+?\?)")
ROWS = re.compile(r"^\| \[(?!00)\d\d · .*(?:\n\| \[\d\d · .*)*", re.MULTILINE)
NEXT = re.compile(r"(\*\*Next:\*\* [^\n]*?)\[[^\n]*\]\([^\n]*\.ipynb\)")


# nbformat.reads and nbformat.writes would repair cell ids at random, hence v4.


def read(path: Path) -> NotebookNode:
    return v4.reads(path.read_text(encoding="utf-8"))


def dumps(notebook: NotebookNode) -> str:
    """The notebook as stored text: sorted keys, indent 1, one newline at the end."""
    return v4.writes(notebook) + "\n"


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def title(notebook: NotebookNode) -> str:
    return TITLE.match(notebook.cells[0].source)[1]


def question(notebook: NotebookNode) -> str:
    asked = QUESTION.search(notebook.cells[0].source)[1]
    return asked[0].upper() + asked[1:]


def current(root: Path = ROOT) -> dict[Path, str]:
    """README.md and the notebooks in the folder `root`, as they should stand."""
    readme = root / "README.md"
    books = {path: read(path) for path in sorted((root / "notebooks").glob("*.ipynb"))}
    first, *others = books

    def table(folder: str) -> str:
        return "\n".join(f"| [{title(books[p])}]({folder}{p.name}) | {question(books[p])} |" for p in others)

    for cell in books[first].cells:
        cell.source = ROWS.sub(lambda _: table(""), cell.source)
    for path, following in zip(books, [*others, first], strict=True):  # the last leads back to the first
        link = f"[{title(books[following])}]({following.name})"
        end = books[path].cells[-1]
        end.source = NEXT.sub(lambda m, link=link: m[1] + link, end.source)
    text = ROWS.sub(lambda _: table("notebooks/"), readme.read_text(encoding="utf-8"))
    return {readme: text} | {path: dumps(book) for path, book in books.items()}


def update(root: Path = ROOT) -> None:
    """Write those of them that are not current."""
    for path, text in current(root).items():
        if path.read_text(encoding="utf-8") != text:
            write(path, text)
