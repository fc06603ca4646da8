"""How wide words are, against PIL, and how places keep apart, against a solver."""

from itertools import pairwise

import numpy as np
import pytest
from driving import wide
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from helpers.lettering import fitting, shorten, spread, width, wrap

SENTENCE = "Pull and push cancel at s = −0.45: 1,000 words, “car” → naïve Ärger, Ωμέγα, кот, c₁ ‖w‖²."


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
def test_of_a_million_letters_only_a_few_are_looked_at(letter):
    class Endless:
        def __len__(self):
            return 1_000_000

        def __getitem__(self, some):
            assert some.stop <= 400
            return letter * some.stop

    assert len(shorten(Endless(), 400)) <= 401
    assert fitting(Endless(), 400) <= 400


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
