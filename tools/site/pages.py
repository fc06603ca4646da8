"""A notebook becomes a page, and all of them an index with the map of the series and a search."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode

from tools import lite as python_in_the_tab
from tools import series
from tools.site import figures, prose, tours

HERE = Path(__file__).parent
HEADING = re.compile(r'<h([23]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
# A guess can come before the figure, whose code has its words.
FOLDED = {
    "draws": "Code of this figure",
    "tests": "A check: these lines end in an error if it fails",
    "asks": "Code of this question",
}
OPEN = '<details class="detour">'
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass
class Page:
    """A notebook as a page.

    Attributes
    ----------
    name : str
        Its file, such as "02_pairs".
    title, about : str
        Its heading, and one sentence that says what it is about.
    minutes : int
    moving : bool
        Whether demos play their tours; on paper they do not.
    """

    path: Path
    notebook: NotebookNode
    moving: bool = False

    def __post_init__(self):
        self.name = self.path.stem
        self.title = series.title(self.notebook)
        self.minutes = series.rounded(series.minutes(self.notebook))
        first = self.notebook.cells[0].source
        asked = (
            series.question(self.notebook)
            if series.QUESTION.search(first)
            else (first + "\n\n").split("\n\n")[1]
        )
        self.question = (
            prose.markdown(asked, self.path.parent).strip().removeprefix("<p>").removesuffix("</p>")
        )
        self.about = prose.plain(self.question)

    @property
    def numbered(self) -> bool:
        """Whether it has a place in the series; the quiz stands beside it, and has no time of its own."""
        return self.path in series.numbered(self.path.parent)

    @property
    def file(self) -> str:
        return f"{self.name}.html"

    @cached_property
    def body(self) -> str:
        """All cells as HTML, the title included; a detour can be folded away by its heading."""
        html, inside = "", False
        for cell in self.notebook.cells:
            piece = self.cell(cell)
            begins = cell.cell_type == "markdown" and HEADING.match(piece)
            if begins and inside:
                html, inside = html + "</details>\n", False
            if series.DETOUR.match(cell.source):
                inside, piece = True, HEADING.sub(rf"{OPEN}<summary>\g<0></summary>", piece, count=1)
            html += piece
        return html + ("</details>\n" if inside else "")

    @cached_property
    def headings(self) -> list[tuple[int, str, str]]:
        """Level, address on the page and words (as HTML) of each heading below the title."""
        return [
            (int(level), prose.address(anchor), words) for level, anchor, words in HEADING.findall(self.body)
        ]

    def tour(self, cell: NotebookNode) -> tours.Tour | None:
        """The tour of the demo that a cell shows, if it shows one."""
        cells = self.notebook.cells
        above = [other.source for other in cells[: cells.index(cell)] if other.cell_type == "code"]
        return tours.recorded(cell.source, above)

    def cell(self, cell: NotebookNode) -> str:
        if cell.cell_type == "markdown":
            return prose.markdown(cell.source, self.path.parent)
        if cell.cell_type != "code":
            return ""
        code = prose.code(cell.source) if cell.source.strip() else ""
        for name in FOLDED.keys() & cell.metadata.get("tags", []):
            code = f"<details><summary>{FOLDED[name]}</summary>\n{code}</details>\n"
        return f'<div class="cell">\n{code}{self.outputs(cell)}</div>\n'

    def outputs(self, cell: NotebookNode) -> str:
        tour = self.tour(cell) if self.moving else None
        return "".join(figures.output(made, tour) for made in cell.outputs)


def all_pages(folder: Path = series.FOLDER, moving: bool = False) -> list[Page]:
    return [Page(path, series.read(path), moving) for path in sorted(folder.glob("*.ipynb"))]


def page(this: Page, pages: list[Page], lite: bool = False) -> str:
    """Return the whole page of one notebook, with its place among all of them."""
    place = pages.index(this)
    return TEMPLATES.get_template("page.html.j2").render(
        this=this, before=pages[place - 1] if place else None, after=pages[place + 1 : place + 2], lite=lite
    )


# --- The index ----------------------------------------------------------------------------------------


def readme(heading: str = "") -> str:
    """Return a section of README.md as HTML, or what stands before its first picture."""
    text = (series.ROOT / "README.md").read_text(encoding="utf-8")
    if heading:
        part = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    else:
        part = text.partition("\n")[2].partition("![")[0]
    return prose.markdown(part, series.ROOT)


def route(pages: list[Page]) -> list[tuple[Page, list[tuple[str, str]], str]]:
    """Return the short route: pages, which sections to read (address, title), how many minutes."""
    named = {page.path.name: page for page in pages}
    first = pages[0]
    rows = [row for cell in first.notebook.cells for row in series.ROUTE.finditer(cell.source)]
    found = []
    for row in rows:
        titles = [] if row[3] == "all of it" else row[3].split(" · ")
        sections = [(prose.address(prose.anchor(title)), title) for title in titles]
        minutes = re.search(r"\d+(?= \|$)", row[0])[0]
        found.append((named.get(row[2], first), sections, minutes))
    return found


def opening(page: Page, heading: str) -> str:
    """Return the first paragraph under a heading."""
    (section,) = (section for section in series.sections(page.notebook) if section.title == heading)
    return prose.markdown(section.cells[0].source.split("\n\n")[1], page.path.parent)


def picture(pages: list[Page]) -> str:
    """Return the first demo of the series, which shows what all of it is about."""
    cells = (cell for cell in pages[0].notebook.cells if tours.CALL.search(cell.source))
    return next(map(pages[0].outputs, cells), "")


def index(pages: list[Page], pdf: str = "", lite: bool = False) -> str:
    """Return the first page; `pdf` says how large the file for the printer is, if there is one."""
    return TEMPLATES.get_template("index.html.j2").render(
        pages=pages,
        route=route(pages),
        readme=readme,
        opening=opening,
        picture=picture(pages),
        pdf=pdf,
        lite=lite,
    )


TEMPLATES.globals["lite_address"] = python_in_the_tab.ADDRESS.format
TEMPLATES.globals["title"] = re.match("# (.+)", (series.ROOT / "README.md").read_text(encoding="utf-8"))[1]
TEMPLATES.globals["player"] = tours.script()
TEMPLATES.filters["plain"] = prose.plain
