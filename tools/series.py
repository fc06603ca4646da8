"""The series as a whole: its notebooks as files, and what they say about each other.

A notebook states its own title and question, once, in its first cell:

    # 02 · Pairs: a corpus becomes pressure
    **The question of this notebook:** how much can be learned …?

From there they reach the table in README.md, the one in the first notebook, and the link under **Next:** at
the end of the notebook before. How long it takes is computed (`minutes`) and stated after *Time:* in the
first cell; README.md and the first notebook say from how many minutes to how many, and how many each stretch
of the short route takes. `make notebooks` writes all of that.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode, v4

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"

TITLE = re.compile(r"# (.+)")
QUESTION = re.compile(r"\*\*The question of this notebook:\*\* (.+?\?)")
ROWS = re.compile(r"^\| \[(?!00)\d\d · .*(?:\n\| \[\d\d · .*)*", re.MULTILINE)
TIME = re.compile(r"(\*Time:\* about )\d+( minutes)")
SPAN = re.compile(r"\b\d+ to \d+ minutes\b")
ROUTE = re.compile(r"^(\| (?:\[\d\d\]\(([\w.]+)\)|this one) \| ([^|]+) \| )\d+( \|)$", re.MULTILINE)
DETOUR = re.compile(r"### Detour: ")
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]+\$|```.*?```", re.DOTALL)
# What a line is about that is there for a figure: its parts, its words, its brackets.
ASKING = re.compile(r"\w+ = predict\(")
DRAWING = re.compile(r'\b(?:plots|figure|ax|axes)\b|^(?:from|import|assert)\b|^\s*f?["\')\]}]')
WORDS_ONLY = re.compile(r' +f?".*",?')  # a line of code that is nothing but a text, as for a figure
WORD = re.compile(r"[^\W\d_][\w'’-]*")
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


@dataclass
class Section:
    title: str
    cells: list[NotebookNode] = field(default_factory=list)


def sections(notebook: NotebookNode) -> list[Section]:
    """Cut a notebook at its ## headings."""
    found = [Section("")]
    for cell in notebook.cells:
        heading = re.match(r"## (.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            found.append(Section(heading[1].strip()))
        found[-1].cells.append(cell)
    return found


def road(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells without detours: each ends at the next heading."""
    cells, on_the_road = [], True
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.match("#+ ", cell.source):
            on_the_road = not DETOUR.match(cell.source)
        if on_the_road:
            cells.append(cell)
    return cells


def only_draws(cell: NotebookNode) -> bool:
    """Say whether a code cell shows only figures, and at least two thirds of its lines are for them."""
    shown = cell.get("outputs", [])
    if not shown or not all("image/png" in output.get("data", {}) for output in shown):
        return False
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return 3 * sum(not DRAWING.search(line) for line in lines) <= len(lines)


def only_tests(cell: NotebookNode) -> bool:
    """Say whether a code cell prints nothing and defines nothing: it asserts something."""
    if cell.get("outputs") or "assert" not in cell.source:
        return False
    imports, checks = (ast.Import, ast.ImportFrom), (ast.Assert, ast.For, ast.With)
    return all(isinstance(statement, imports + checks) for statement in ast.parse(cell.source).body)


def only_asks(cell: NotebookNode) -> bool:
    """Say whether a code cell is a single question to the reader."""
    return bool(ASKING.match(cell.source)) and len(ast.parse(cell.source).body) == 1


def tag(notebook: NotebookNode) -> None:
    """Mark the cells that only draw, test or ask, so that their code can be folded away."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            kept = [name for name in cell.metadata.get("tags", []) if name not in MARKS]
            tags = kept + [name for name, holds in MARKS.items() if holds(cell)]
            cell.metadata.pop("tags", None)
            cell.metadata |= {"tags": tags} if tags else {}


MARKS = {"draws": only_draws, "tests": only_tests, "asks": only_asks}


def minutes(notebook: NotebookNode) -> float:
    """Return how long a newcomer needs for the main road of a notebook, by a rule.

    A minute for 200 words of prose (formulas and what is folded away left out) and for 10 lines of code with
    what they print (lines that are only a text, as for a figure, left out), 4 minutes for a demo, 5 for an
    exercise.

    Calibrated on nine notebooks of this series, for which newcomers needed 35, 38, 48, 48, 75, 50, 55, 40 and
    50 minutes, 439 in all. With 20 lines a minute the rule fell short in all nine, by a fifth in all; with 10
    it gives 40, 44, 48, 44, 66, 52, 40, 39 and 49, together 423.
    """
    words = demos = exercises = lines = 0
    for cell in road(notebook):
        if cell.cell_type == "markdown":
            text = FORMULA.sub(" ", FOLDED.sub(" ", cell.source))
            words += len(WORD.findall(re.sub(r"\]\([^)]*\)", "", text)))
        elif cell.cell_type == "code":
            demos += len(re.findall(r"^demos\.", cell.source, re.MULTILINE))
            exercises += "exercises.check" in cell.source
            lines += sum(
                bool(line.strip()) and not WORDS_ONLY.fullmatch(line) for line in cell.source.splitlines()
            )
    return words / 200 + lines / 10 + 4 * demos + 5 * exercises


def rounded(time: float) -> int:
    """Round minutes to what a reader plans with: 5, 10, 15, …"""
    return max(5, 5 * round(time / 5))


def stretch(notebook: NotebookNode, titles: str) -> NotebookNode:
    """Return the opening of a notebook and the sections with these titles: "One · Another" or "all of it"."""
    opening, *others = sections(notebook)
    chosen = [part for part in others if part.title in titles.split(" · ") or titles == "all of it"]
    return v4.new_notebook(cells=[cell for part in (opening, *chosen) for cell in part.cells])


def numbered(folder: Path = FOLDER) -> list[Path]:
    """Return the notebooks that are read one after the other; the quiz stands beside them."""
    return sorted(folder.glob("[0-9][0-9]_*.ipynb"))


def current(root: Path = ROOT) -> dict[Path, str]:
    """README.md and the notebooks in the folder `root`, as they should stand."""
    readme = root / "README.md"
    books = {path: read(path) for path in numbered(root / "notebooks")}
    first, *others = books

    def table(folder: str) -> str:
        return "\n".join(f"| [{title(books[p])}]({folder}{p.name}) | {question(books[p])} |" for p in others)

    times = {path: rounded(minutes(book)) for path, book in books.items()}
    span = f"{min(times[p] for p in others)} to {max(times[p] for p in others)} minutes"
    named = {path.name: book for path, book in books.items()}

    def route(row: re.Match) -> str:
        return f"{row[1]}{rounded(minutes(stretch(named[row[2] or first.name], row[3])))}{row[4]}"

    for cell in books[first].cells:
        cell.source = ROUTE.sub(route, cell.source)
        cell.source = SPAN.sub(span, ROWS.sub(lambda _: table(""), cell.source))
    for path, book in books.items():
        tag(book)
        book.cells[0].source = TIME.sub(rf"\g<1>{times[path]}\g<2>", book.cells[0].source)
    for path, following in zip(books, [*others, first], strict=True):  # the last leads back to the first
        link = f"[{title(books[following])}]({following.name})"
        end = books[path].cells[-1]
        end.source = NEXT.sub(lambda m, link=link: m[1] + link, end.source)
    text = SPAN.sub(span, ROWS.sub(lambda _: table("notebooks/"), readme.read_text(encoding="utf-8")))
    return {readme: text} | {path: dumps(book) for path, book in books.items()}


def update(root: Path = ROOT) -> None:
    """Write those of them that are not current."""
    for path, text in current(root).items():
        if path.read_text(encoding="utf-8") != text:
            write(path, text)
