"""The quiz: commit before reveal, in words and by a sign, and all of it where nothing runs."""

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from helpers.inventory import key, prose, quiz, reading
from helpers.inventory.item import NOTEBOOKS, Place
from helpers.inventory.sitting import Sitting


@pytest.fixture
def sitting():
    return Sitting(reading.items("04"))


def words(html):
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def verdict(page):
    return words(page.verdict.value)


def answer(page, place):
    page.options.index = place
    page.buttons["Commit"].click()


def wrong_place(item):
    return next(i for i, option in enumerate(item.options) if option.slip)


# --- The sitting --------------------------------------------------------------------------------------


def test_nothing_is_settled_before_a_commitment_and_nothing_changes_after(sitting):
    sitting.choose(1)
    sitting.choose(0)
    assert sitting.answer is None
    sitting.commit()
    assert sitting.answer is sitting.item.options[0]
    with pytest.raises(ValueError, match="nothing to choose"):
        sitting.choose(1)
    sitting.commit()
    assert sitting.committed == {sitting.item.key: 0}


def test_what_cannot_be_done_is_said(sitting):
    with pytest.raises(ValueError, match="choose an option first"):
        sitting.commit()
    for place in (-1, 4, "1", 0.5):
        with pytest.raises(ValueError, match="option must be from 0 to 3"):
            sitting.choose(place)
    sitting.choose(0)
    sitting.choose(None)
    with pytest.raises(ValueError, match="choose an option first"):
        sitting.commit()
    sitting.go(99)
    assert sitting.item is None
    with pytest.raises(ValueError, match="nothing to choose"):
        sitting.choose(0)
    sitting.go(-99)
    assert sitting.place == 0


def test_at_the_end_slips_are_named_and_nothing_is_counted(sitting):
    assert sitting.read_again() == []
    for item in sitting.items:
        sitting.choose(wrong_place(item))
        sitting.commit()
        sitting.go(1)
    names = {item.options[wrong_place(item)].slip.misconception.name for item in sitting.items}
    assert {name for name, _ in sitting.read_again()} == names
    told = words(prose.verdict(sitting))
    assert all(name.lower() in told.lower() for name in names)
    assert "%" not in told
    assert not re.search(r"score|points|\d+ of \d+ right", told)
    assert prose.links(sitting).count("<a ") == len(
        {i.options[wrong_place(i)].slip.see for i in sitting.items}
    )


def test_what_was_left_open_is_said(sitting):
    sitting.choose(sitting.item.right_place)
    sitting.commit()
    sitting.go(9)
    assert words(prose.verdict(sitting)) == "2 of 3 questions are still open. No slip in what you answered."


# --- The page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_option_of_every_question_leads_to_its_verdict(notebook):
    for number, item in enumerate(reading.items(notebook)):
        for place, option in enumerate(item.options):
            page = quiz(notebook)
            for _ in range(number):
                page.buttons["Next"].click()
            assert words(page.question.value).startswith(f"Question {number + 1} of ")
            assert page.options.options == tuple(o.text for o in item.options)
            assert page.buttons["Commit"].disabled
            before = page.verdict.value
            page.options.index = place
            assert page.verdict.value == before, "nothing is told before a commitment"
            page.buttons["Commit"].click()
            assert page.options.disabled
            assert page.buttons["Commit"].disabled
            assert verdict(page).startswith("✗ Not quite." if option.slip else "✓ Right.")
            assert words(prose.html(item.explanation)) in verdict(page)
            links = [output["data"]["text/html"] for output in page.links.outputs]
            if option.slip:
                assert words(prose.html(option.slip.feedback)) in verdict(page)
                assert words(prose.html(option.slip.misconception.belief)) in verdict(page)
                assert prose.link(option.slip.see) in links[0]
            else:
                assert links == []


def test_going_back_shows_what_was_answered_and_what_was_only_ticked():
    page = quiz("02")
    answer(page, 1)
    told = page.verdict.value
    page.buttons["Next"].click()
    page.options.index = 2
    page.buttons["Back"].click()
    assert (page.options.index, page.options.disabled, page.verdict.value) == (1, True, told)
    assert page.buttons["Back"].disabled
    page.buttons["Next"].click()
    assert (page.options.index, page.options.disabled) == (2, False)
    assert not page.buttons["Commit"].disabled


def test_a_quick_or_careless_hand_breaks_nothing():
    rng = np.random.default_rng(0)
    page = quiz("05")
    for _ in range(300):
        if rng.random() < 0.3 and page.sitting.item is not None and not page.options.disabled:
            page.options.index = [None, *range(len(page.options.options))][rng.integers(4)]
        else:
            page.buttons[rng.choice([*page.buttons])].click()
        item = page.sitting.item
        shown = () if item is None else tuple(option.text for option in item.options)
        assert page.options.options == shown
        assert page.options.layout.display == ("none" if item is None else None)
        assert ("<b>" in page.verdict.value) == (page.sitting.answer is not None) or item is None
    assert page.buttons["Next"].disabled == (page.sitting.item is None)


def test_two_quizzes_do_not_know_of_each_other():
    one, other = quiz("01"), quiz("01")
    answer(one, 0)
    assert other.sitting.committed == {}


@pytest.mark.parametrize("notebook", ["13", 3, ""])
def test_a_notebook_without_questions_is_refused(notebook):
    with pytest.raises(ValueError, match="notebook must be the number of one"):
        quiz(notebook)


# --- Where nothing runs -------------------------------------------------------------------------------


def stored(page):
    bundle = page._repr_mimebundle_()
    return (bundle[0] if isinstance(bundle, tuple) else bundle)["text/html"]


@pytest.mark.parametrize("notebook", [None, *NOTEBOOKS])
def test_a_page_where_nothing_runs_has_questions_options_and_folded_answers(notebook):
    page = BeautifulSoup(stored(quiz(notebook)), "html.parser")
    found = page.select("ol.quiz > li")
    assert len(found) == len(reading.items(notebook))
    for shown, item in zip(found, reading.items(notebook), strict=True):
        assert words(str(shown.p)) == words(prose.html(item.question))
        assert [li.get_text() for li in shown.ol.select("li")] == [option.text for option in item.options]
        folded = words(str(shown.details))
        letter = "ABCD"[item.right_place]
        assert folded.startswith(f"Answer {letter}. {item.options[item.right_place].text}.")
        assert not shown.details.has_attr("open")
        assert len(shown.details.select("a")) == len(item.slips)
        assert all(words(prose.html(slip.feedback)) in folded for slip in item.slips)
        shown.details.decompose()
        assert words(prose.html(item.explanation)) not in words(str(shown)), "the answer is not folded away"


def test_the_key_has_the_letter_of_each_right_answer():
    html = key()._repr_html_()
    numbered = enumerate(reading.items(), 1)
    right = {str(n): "ABCD"[item.right_place] for n, item in numbered}
    assert dict(re.findall(r"(\d+) ([A-D])\b", html)) == right
    shown = BeautifulSoup(stored(quiz()), "html.parser").select("ol.quiz.test > li")
    assert [words(str(li.details)).split()[1] for li in shown] == [f"{letter}." for letter in right.values()]
    assert "<details><summary>" in html


def test_plain_text_becomes_html_and_nothing_in_it_becomes_a_tag():
    assert prose.html("*car* < 3\nand 2 * 3 * 4") == "<em>car</em> &lt; 3<br>and 2 * 3 * 4"


def test_a_product_stays_on_one_line_and_a_quoted_heading_has_quotes_of_its_own():
    assert "w\xa0·\xa0c" in prose.html("the score w · c")
    link = prose.link(Place("02", '"Dog bit man" and "man bit dog"'))
    assert BeautifulSoup(link, "html.parser").text == "notebook 02, “‘Dog bit man’ and ‘man bit dog’”"
