"""Words in pictures: widths against PIL, places against overlap, and the least movement against a solver."""

import time
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import box_of, meet, wide
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from helpers.demos.labels import at_tips, beside, paragraph, spread
from helpers.demos.layout import Frame
from helpers.demos.measure import fitting, shorten, width, wrap

SENTENCE = "Pull and push cancel at s = −0.45: 1,000 words, “car” → naïve Ärger, Ωμέγα, кот, c₁ ‖w‖²."
MILLION = 1_000_000


def boxes(drawn):
    return [box_of(text) for text in ElementTree.fromstring(f"<g>{drawn}</g>").findall("text")]


def apart(some):
    return not any(meet(a, b) for k, a in enumerate(some) for b in some[:k])


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("words", [*SENTENCE.split(), SENTENCE, "", "wwwww", "iiiii"])
def test_words_are_as_wide_as_pil_says(words, bold):
    ours, theirs = width(words, 13, bold), wide(words, 13, bold)
    assert ours == pytest.approx(theirs, rel=0.05, abs=0.1)  # but for kerning, and PIL's rounding
    assert width(words, 26, bold) == pytest.approx(2 * ours)


def test_where_kerning_is_strong_there_is_room_to_spare():
    assert wide("AVAVATo", 13, False) < width("AVAVATo") < 1.15 * wide("AVAVATo", 13, False)


def test_letters_that_the_font_lacks_count_as_square():
    assert width("狗猫", 10) == 20
    assert width("a狗", 10) == pytest.approx(10 + width("a", 10))
    assert width("e\u0301", 10) == pytest.approx(width("e", 10))  # an accent of its own takes no room


def test_words_are_cut_where_the_room_ends():
    assert shorten("short", 100) == "short"
    assert shorten("", 10) == ""
    assert shorten("狗猫狗猫狗猫狗猫狗猫", 60) == "狗猫狗…"
    exact = width("elephant")
    assert shorten("elephant", exact + 0.01) == "elephant"
    assert shorten("elephant", exact - 0.01) == "elepha…"


@given(st.text(max_size=40), st.integers(20, 200), st.booleans())
def test_what_was_cut_fits_and_one_letter_more_would_not(words, room, bold):
    cut = shorten(words, room, 13, bold)
    assert width(cut, 13, bold) <= room
    if cut != words:
        kept = cut.removesuffix("…")
        assert words.startswith(kept)
        assert width(words, 13, bold) > room
        assert width(words[: len(kept) + 1] + "…", 13, bold) > room


@given(st.text(alphabet="abcdefgh mw狗", max_size=200), st.integers(20, 200))
def test_lines_fit_and_hold_all_words(words, room):
    lines = wrap(words, room)
    assert all(width(line) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(words.split())
    for line, after in pairwise(lines):
        assert line
        assert width(f"{line} {after[:1]}") > room or width(f"{line} {after.split()[0]}") > room


@pytest.mark.parametrize("letter", ["a", "狗", "\u0301", "\u200b"])
def test_a_million_letters_cost_no_more_than_a_few(letter):
    start = time.perf_counter()
    assert len(shorten(letter * MILLION, 400)) <= 401
    assert fitting(letter * MILLION, 400) <= 400
    assert time.perf_counter() - start < 0.5


def test_sentences_stand_below_each_other_and_end_where_they_must():
    told = ["One two three four five six seven.", "Eight."]
    lines = boxes(paragraph(10, 50, told, 100))
    assert all(left == 10 and right <= 110 for left, _, right, _ in lines)
    assert len(lines) == len(wrap(told[0], 100, 12)) + 1 > 3
    assert apart(lines)
    assert boxes(paragraph(10, 50, told, 100, most=2)) == lines[:2]


# --- places -------------------------------------------------------------------------------------------


PLACES = st.lists(st.tuples(st.floats(20, 380), st.floats(20, 280)), min_size=1, max_size=8)


@given(PLACES, st.lists(st.sampled_from(["i", "car", "woman", "elephant", "狗"]), min_size=8, max_size=8))
def test_words_on_a_map_lie_inside_it_and_not_on_each_other(places, words):
    frame = Frame(0, 0, 400, 300, (0, 1), (0, 1))
    some = boxes(beside(frame, places, words[: len(places)], ["#000000"] * len(places)))
    assert len(some) == len(places)
    assert apart(some)
    assert all(
        left >= 0 and top >= -2 and right <= 400 and bottom <= 302 for left, top, right, bottom in some
    )


def test_words_that_find_no_place_are_left_out_where_they_are_not_needed():
    frame, crowd = Frame(0, 0, 120, 40, (0, 1), (0, 1)), [(60, 20)] * 30
    words, colors = [f"word{k}" for k in range(30)], ["#000000"] * 30
    written = ElementTree.fromstring(f"<g>{beside(frame, crowd, words, colors, needed=1)}</g>").findall(
        "text"
    )
    assert 1 <= len(written) < 10
    assert written[0].text == "word0"
    assert len(boxes(beside(frame, crowd, words, colors))) == 30


@given(st.lists(st.tuples(st.floats(0.2, 1.8), st.floats(0, 6.28)), min_size=1, max_size=3))
def test_names_of_arrows_lie_around_their_tips_and_not_on_each_other(polar):
    tips = [(length * np.cos(angle), length * np.sin(angle)) for length, angle in polar]
    frame = Frame.square(0, 0, 344, 344, 2.0)
    arrows, names = [((0.0, 0.0), tip) for tip in tips], [f"c{k}" for k in range(len(tips))]
    some = boxes(at_tips(frame, arrows, names, ["#000000"] * len(tips)))
    for (left, top, right, bottom), tip in zip(some, tips, strict=True):
        x, y = frame.at(*tip)
        assert np.hypot((left + right) / 2 - x, (top + bottom) / 2 - y) < 26
    assert apart(some)


def test_a_name_stands_beyond_its_tip_unless_an_arrow_is_there():
    frame = Frame.square(0, 0, 344, 344, 2.0)
    (x, y), right = frame.at(1, 0), ((0.0, 0.0), (1.0, 0.0))
    free = boxes(at_tips(frame, [right], ["w"], ["#000000"]))[0]
    assert free[0] > x
    assert free[1] < y < free[3]
    crossed = boxes(at_tips(frame, [right], ["w"], ["#000000"], [((1.0, 0.0), (1.8, 0.0))]))[0]
    assert not crossed[1] < y < crossed[3]


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=7), st.floats(1, 30))
def test_places_are_moved_apart_by_as_little_as_it_takes(wanted, gap):
    found = np.array(spread(wanted, gap))
    order = np.argsort(wanted, kind="stable")
    assert np.all(np.diff(found[order]) >= gap - 1e-9)
    if len(wanted) > 1:
        apart = {"type": "ineq", "fun": lambda places: np.diff(places[order]) - gap}
        start = np.mean(wanted) + gap * np.argsort(order)
        best = minimize(lambda places: np.sum((places - wanted) ** 2), start, constraints=[apart], tol=1e-10)
        assert np.sum((found - wanted) ** 2) <= best.fun + 1e-4 * (1 + best.fun)
    else:
        assert found.tolist() == wanted


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=5))
def test_places_keep_within_both_ends(wanted):
    found = sorted(spread(wanted, 10, -20, 60))
    assert found[0] >= -20
    assert found[-1] <= 60 + 1e-9
    assert np.all(np.diff(found) >= 10 - 1e-9)


def test_places_that_are_far_enough_stay_where_they_are():
    assert spread([30, 0, 16], 14) == [30, 0, 16]
    assert spread([5, 4], 16) == [12.5, -3.5]  # the order stays, too
    assert spread([], 10) == []
