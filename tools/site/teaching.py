"""The guide for teachers, docs/teaching.md, as a page, and a handout for each session of its short course.

The guide is the one source: its tables say which sections a session takes, and under **Ask first** stands
what a class should guess: the question on the first line of an item, what comes on the second.

    - Four words and window 2: how many pairs?
      *10, not 16: the window hangs over the edge.* ([A window …](../notebooks/02_pairs.ipynb#A-window-…))
"""

import re
from dataclasses import dataclass

from nbformat import NotebookNode

from tools import series
from tools.site import prose
from tools.site.pages import TEMPLATES

GUIDE = series.ROOT / "docs" / "teaching.md"
SESSION = re.compile(r"^### (Session \d+: .+)$", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \| \[\d\d\]\(\.\./notebooks/([\w.]+)\) \| (.+) \|$", re.MULTILINE)
ITEM = re.compile(
    r"^- (.+\?)\n  \*(.+)\* \(\[[^\n]*\]\(\.\./notebooks/([\w.]+?)(?:#([^\n]*))?\)\)$", re.MULTILINE
)
BOXED = re.compile(r"\$\$(?:(?!\$\$).)*?\\boxed.*?\$\$", re.DOTALL)
LINES = '<div class="lines"></div>'  # to write on
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """A line of a course: so many minutes for some sections of a notebook, or for one of its exercises."""

    minutes: int
    notebook: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What a class should guess before it sees the cell: under which heading the answer comes, and which."""

    text: str
    answer: str
    notebook: str
    anchor: str


def guide() -> str:
    return GUIDE.read_text(encoding="utf-8")


def courses(text: str) -> dict[str, list[Row]]:
    """Return the lines of each course or session, by its heading."""
    found, heading = {}, ""
    for line in text.splitlines():
        heading = line.lstrip("#").strip() if line.startswith("#") else heading
        row = ROW.match(line)
        if row:
            found.setdefault(heading, []).append(Row(int(row[1]), row[2], tuple(row[3].split(" · "))))
    return found


def questions(text: str) -> list[Question]:
    return [Question(text, answer, book, anchor) for text, answer, book, anchor in ITEM.findall(text)]


def taken(row: Row) -> tuple[str, set[str]]:
    """Return the opening of a notebook and the sections of a row as Markdown, and the anchors in it."""
    notebook = series.stretch(series.read(series.FOLDER / row.notebook), " · ".join(row.sections))
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return text, {prose.anchor(title) for title in HEADING.findall(text)} | {""}


def exercise(book: NotebookNode, number: str) -> str:
    """Return what a notebook asks for in "exercise 1"."""
    begin = f"**{number.removeprefix('exercise ')}. "
    paragraphs = (part for cell in book.cells for part in cell.source.split("\n\n"))
    return next(part for part in paragraphs if part.startswith(begin))


def handout(session: str, text: str) -> str:
    """Return what a class gets for a session, as Markdown: questions with room to write, and the formulas."""
    parts, kept = [f"# {session}"], []
    for row in courses(text)[session]:
        book = series.read(series.FOLDER / row.notebook)
        if row.sections[0].startswith("exercise"):
            parts += [f"## Your turn: {series.title(book)}", exercise(book, row.sections[0]), LINES]
            continue
        taught, anchors = taken(row)
        asked = [q for q in questions(text) if q.notebook == row.notebook and q.anchor in anchors]
        parts.append(f"## {series.title(book)}")
        parts += [f"{q.text}\n\n{LINES}" for q in asked]
        kept += BOXED.findall(taught)  # on the last page: some of them answer a question
    return "\n\n".join([*parts, "## To keep", *kept])


def pages() -> dict[str, str]:
    """Return the guide and the handouts as pages, by the names of their files."""
    text = guide()
    written = {"teaching.html": _page(text.partition("\n")[0].lstrip("# "), text, "guide")}
    for number, session in enumerate(SESSION.findall(text), start=1):
        written[f"handout_{number}.html"] = _page(session, handout(session, text), "handout")
    return written


def _page(name: str, text: str, kind: str) -> str:
    body = prose.markdown(text.replace("](../notebooks/", "]("), GUIDE.parent)
    about = f"{name}: for classes that read the series together."
    return TEMPLATES.get_template("guide.html.j2").render(name=name, body=body, kind=kind, about=about)
