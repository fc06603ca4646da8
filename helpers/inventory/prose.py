"""Questions and answers as HTML: for the page that runs, and for the one where nothing does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from helpers.inventory.item import Item, Place, Slip
from helpers.inventory.sitting import Sitting

RIGHT, WRONG = "✓ Right.", "✗ Not quite."  # by a sign and in words, as the exercises say it
LETTERS = "ABCDEFGH"


def html(text: str) -> str:
    """Turn plain text with *emphasis* and line breaks into HTML; a product stays on one line."""
    text = text.replace(" · ", "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}")
    return re.sub(r"\*(\w[^*]*)\*", r"<em>\1</em>", escape(text, quote=False)).replace("\n", "<br>")


def words(text: str) -> str:
    """Return plain text without the signs of its *emphasis*."""
    return re.sub(r"\*(\w[^*]*)\*", r"\1", text)


def link(see: Place) -> str:
    """Return a link to a section; from another notebook it leads there, too."""
    heading = re.sub('"(.*?)"', r"‘\1’", escape(see.heading, quote=False))
    return f'<a href="{escape(see.address)}">notebook {see.notebook}, “{heading}”</a>'


def about(slip: Slip) -> str:
    """Say what is behind a wrong option."""
    belief = slip.misconception.belief
    return f"<b>{html(slip.misconception.name.capitalize())}:</b> as if {html(belief)}. {html(slip.feedback)}"


def question(sitting: Sitting) -> str:
    """Return the question on the page, with its number."""
    if sitting.item is None:
        return "<p><b>That was the last question.</b></p>"
    number = f"Question {sitting.place + 1} of {len(sitting.items)}."
    return f"<p><b>{number}</b> {html(sitting.item.question)}</p>"


def verdict(sitting: Sitting) -> str:
    """Return what there is to say about the answer on the page, or at the end about all of them."""
    if sitting.item is None:
        return ending(sitting)
    if sitting.answer is None:
        return f"<p>Question {sitting.place + 1}: choose an answer and commit to it.</p>"
    right = sitting.item.options[sitting.item.right_place]
    if sitting.answer.slip is None:
        return f"<p><b>{RIGHT}</b> {html(right.text)}.</p><p>{html(sitting.item.explanation)}</p>"
    told = f"Your answer: {html(sitting.answer.text)}. The right one: {html(right.text)}."
    return (
        f"<p><b>{WRONG}</b> "
        f"{told}</p><p>{about(sitting.answer.slip)}</p><p>{html(sitting.item.explanation)}</p>"
    )


def ending(sitting: Sitting) -> str:
    """Sum up: what to read again, by the names of the slips, without a score."""
    left = len(sitting.items) - len(sitting.committed)
    some = f"<p>{left} of {len(sitting.items)} questions are still open.</p>" if left else ""
    if not sitting.committed:
        return f"{some}<p>Go back to answer them.</p>"
    slips = sitting.read_again()
    if not slips:
        return f"{some}<p>No slip in what you answered.</p>"
    rows = (f"<li>{html(name.capitalize())}: {places(sitting, found)}</li>" for name, found in slips)
    return f"{some}<p>What you may want to read again:</p><ul>{''.join(rows)}</ul>"


def places(sitting: Sitting, found: Iterable[Item]) -> str:
    """Return where a slip showed, by the numbers of the questions."""
    return ", ".join(f"question {sitting.items.index(item) + 1}" for item in found)


def links(sitting: Sitting) -> str:
    """Return links to what can be read about the answers on the page."""
    if sitting.item is not None:
        slip = sitting.answer.slip if sitting.answer else None
        return f"<p>Read again: {link(slip.see)}</p>" if slip else ""
    settled = (item for item in sitting.items if item.key in sitting.committed)
    slips = (item.options[sitting.committed[item.key]].slip for item in settled)
    found = dict.fromkeys(slip.see for slip in slips if slip)
    return f"<ul>{''.join(f'<li>{link(see)}</li>' for see in found)}</ul>" if found else ""


def sheet(items: Iterable[Item], kind: str = "quiz") -> str:
    """Return all questions with their options and folded answers, for a page where nothing runs."""
    return f'<ol class="{kind}">{"".join(map(one, items))}</ol>'


def key(items: Iterable[Item]) -> str:
    """Return the letters of the right answers, folded away, with a line for each notebook."""
    lines: dict[str, list[str]] = {}
    for number, item in enumerate(items, 1):
        lines.setdefault(item.notebook, []).append(f"{number} {LETTERS[item.right_place]}")
    rows = "".join(f"<li>Notebook {name}: {', '.join(some)}</li>" for name, some in lines.items())
    return f"<details><summary>The right answers</summary><ul>{rows}</ul></details>"


def one(item: Item) -> str:
    """Return one question of such a page."""
    options = "".join(f"<li>{html(option.text)}</li>" for option in item.options)
    letter = LETTERS[item.right_place]
    wrong = [(place, option.slip) for place, option in enumerate(item.options) if option.slip]
    slips = "".join(f"<p>{LETTERS[i]}. {about(slip)} See {link(slip.see)}.</p>" for i, slip in wrong)
    right = html(item.options[item.right_place].text)
    return (
        f'<li><p>{html(item.question)}</p><ol type="A">{options}</ol><details><summary>Answer</summary>'
        f"<p><b>{letter}. {right}.</b> {html(item.explanation)}</p>{slips}</details></li>"
    )
