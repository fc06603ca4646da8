"""The guide for teachers is true of the notebooks, and the handouts ask what the guide asks."""

import json
import re
from html import unescape
from urllib.parse import unquote

import pytest

from tools import series
from tools.site import prose, teaching

TEXT = teaching.guide()
COURSES = teaching.courses(TEXT)
BOOKS = {path.name: series.read(path) for path in series.numbered()}
LINK = re.compile(r"\]\(\.\./notebooks/([\w.]+)(?:#(.*?))?\)(?=[)\s|]|$)", re.MULTILINE)
PARAGRAPHS = ["Ask first", "What people get wrong", "Show.", "Leave out"]
ALLOWED = {"Session 1: from words to a push": 90, "Session 2: from a push to geometry": 90, "One hour": 60}


def anchors(book):
    cells = (cell.source for cell in book.cells if cell.cell_type == "markdown")
    return {prose.anchor(title) for source in cells for title in teaching.HEADING.findall(source)}


def parts():
    """The part of the guide about each notebook."""
    found = re.split(r"^### \[(.+)\]\(\.\./notebooks/([\w.]+)\)$", TEXT, flags=re.MULTILINE)[1:]
    return {name: (title, text) for title, name, text in zip(*[iter(found)] * 3, strict=True)}


def test_every_notebook_has_its_part_with_four_paragraphs():
    assert {name: title for name, (title, _) in parts().items()} == {
        name: series.title(book) for name, book in BOOKS.items()
    }
    for _, text in parts().values():
        assert re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE) == PARAGRAPHS


def test_every_link_leads_to_a_heading():
    links = LINK.findall(TEXT)
    assert len(links) > 90
    for name, anchor in links:
        assert not anchor or unquote(anchor) in anchors(BOOKS[name]), f"{name}#{anchor}"


def test_every_item_to_ask_is_a_question_with_its_answer():
    asked = "\n".join(re.findall(r"\*\*Ask first\*\*\n\n(.*?)\n\n\*\*", TEXT, flags=re.DOTALL))
    assert len(teaching.questions(TEXT)) == len(re.findall("^- ", asked, re.MULTILINE)) > 30
    for question in teaching.questions(TEXT):
        _, text = parts()[question.notebook]
        assert question.text in text


@pytest.mark.parametrize("course", ALLOWED)
def test_a_course_fits_its_time_and_each_line_the_reader(course):
    rows = COURSES[course]
    assert 0.85 * ALLOWED[course] <= sum(row.minutes for row in rows) <= ALLOWED[course]
    for row in rows:
        if row.sections[0].startswith("exercise "):
            checks = [cell for cell in BOOKS[row.notebook].cells if "exercises.check" in cell.source]
            assert 1 <= int(row.sections[0].removeprefix("exercise ")) <= len(checks)
            assert row.minutes >= 10
        else:
            titles = [section.title for section in series.sections(BOOKS[row.notebook])]
            assert set(row.sections) <= set(titles)
            read = series.stretch(BOOKS[row.notebook], " · ".join(row.sections))
            assert row.minutes >= series.minutes(read)


def test_figures_in_a_part_stand_in_its_notebook():
    """What the guide says in figures is said or shown there."""
    for name, (_, text) in parts().items():
        book = json.dumps(BOOKS[name], ensure_ascii=False)
        told = re.sub(r"\]\([^\n]*?\)(?=[)\s])", "]", text)
        for figure in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w.]*\])", told):
            assert re.search(rf"(?<![\d.]){re.escape(figure)}(?!\d)", book), f"{name}: {figure}"


def test_names_of_buttons_and_demos_are_those_of_the_notebook():
    for name, (_, text) in parts().items():
        book = "\n".join(cell.source for cell in BOOKS[name].cells)
        calls = [call.replace("_", " ") for call in re.findall(r"demos\.(\w+)\(", book)]
        shown = text.partition("**Show.**")[2].partition("**Leave out**")[0]
        for words in re.findall(r"\*([A-Z][\w ]+)\*", shown):
            assert words.lower() in calls or words in book, f"{name}: {words}"


@pytest.mark.parametrize("session", [1, 2])
def test_a_handout_asks_what_its_sections_answer_and_tells_nothing(session):
    heading = teaching.SESSION.findall(TEXT)[session - 1]
    sheet = teaching.handout(heading, TEXT)
    taken = {(row.notebook, title) for row in COURSES[heading] for title in row.sections}
    for question in teaching.questions(TEXT):
        where = next(
            (section.title for section in series.sections(BOOKS[question.notebook])
             if question.anchor in anchors(section) or not question.anchor), None,
        )  # fmt: skip
        due = (question.notebook, where) in taken or (not question.anchor and session == 1)
        assert (question.text in sheet) == due
        assert question.answer not in sheet
    assert r"\boxed" not in sheet.partition("## To keep")[0]
    assert sheet.count(teaching.LINES) >= 7
    for row in COURSES[heading]:
        if row.sections[0].startswith("exercise "):
            told = "\n".join(cell.source for cell in BOOKS[row.notebook].cells)
            assert re.search(r"^\*\*1\. .*$", told, re.MULTILINE)[0] in sheet
    page = teaching.pages()[f"handout_{session}.html"]
    assert unescape(heading) in page
    assert page.count('class="boxed"') == sheet.count(r"\boxed") > 3
