"""All pages as one PDF, printed by the system's Chromium, with a contents page."""

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pikepdf
from pikepdf import Pdf
from playwright.sync_api import Browser, sync_playwright

from tools import browser as system
from tools.site import pages
from tools.site.pages import TEMPLATES, Page

NAME = "how_embeddings_learn.pdf"
ID = re.compile(r'(?<= id=")(?=[^"]+")')
LINK = re.compile(r' href="(?:(\w+)\.html)?(?:#([^"]*))?"')
DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")
NODE = re.compile(rb"\(node\d{8}\)")  # the elements, counted


def chapter(page: Page) -> str:
    """Return a page as a part of the file for the printer: nothing is folded, links stay in the file."""

    def link(found: re.Match) -> str:
        name = found[1] or page.name
        return f' href="#{name}--{found[2]}"' if found[2] else f' href="#{name}"'

    html = LINK.sub(link, ID.sub(f"{page.name}--", page.body))
    return html.replace("<details", "<details open")


def sections(page: Page) -> list[tuple[str, str]]:
    """Return address in the file and words of each section of a page."""
    return [(f"{page.name}--{address}", words) for level, address, words in page.headings if level == 2]


def html(series: list[Page], numbers: dict[str, int]) -> str:
    """Return the file for the printer; `numbers` says on which page of paper an address is."""
    return TEMPLATES.get_template("paper.html.j2").render(
        pages=series,
        picture=pages.picture(series),
        readme=pages.readme,
        chapter=chapter,
        sections=sections,
        numbers=numbers,
    )


@contextmanager
def launched() -> Iterator[Browser]:
    with sync_playwright() as playwright, system.launch(playwright) as chromium:
        yield chromium


def printed(chromium: Browser, file: Path) -> bytes:
    """Return a file as a PDF; the same file gives the same bytes, whenever it is printed."""
    page = chromium.new_page()
    page.goto(file.as_uri())
    pdf = page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
    page.close()
    return timeless(pdf)


def timeless(pdf: bytes) -> bytes:
    """Return a PDF without what changes from print to print: the date, and where numbers begin."""
    nodes = {}
    pdf = NODE.sub(lambda node: b"(node%08d)" % nodes.setdefault(node[0], len(nodes)), pdf)
    return DATE.sub(lambda date: b"/%s (D:20000101000000Z)" % date[1], pdf)


def numbers(pdf: Pdf) -> dict[str, int]:
    """Return the page, counted from 1, of each address in a PDF."""
    order = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    return {unquote(name.lstrip("/")): order[place[0].objgen] for name, place in pdf.Root.Dests.items()}


def write(series: list[Page], folder: Path) -> str:
    """Write the PDF of these pages into the folder of the site; return how long and how large it is.

    The contents page has numbers that are only known once all is printed, so it is printed twice.
    """
    found = {}
    with launched() as chromium, tempfile.NamedTemporaryFile(suffix=".html", dir=folder) as source:
        for _ in range(2):
            Path(source.name).write_text(html(series, found), encoding="utf-8")
            pdf = pikepdf.open(io.BytesIO(printed(chromium, Path(source.name))))
            found = numbers(pdf)
    file = folder / NAME
    # What a screen reader needs to know of each element is most of the file, and mostly the same.
    pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return f"{len(pdf.pages)} pages, {file.stat().st_size / 1e6:.1f} MB"
