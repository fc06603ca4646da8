"""The analogy table: shares against a loop over all analogies, a true parallelogram, every control."""

from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, look, read, targets, touch

from helpers.corpora import ROYAL_PEOPLE, royal_analogies, royal_world
from helpers.demos import analogy_table
from helpers.demos.analogy_table import JUDGED, SHARES, STEPS, WORDS, AnalogyTableModel
from helpers.demos.svg import number
from helpers.geometry import analogy, cosine_similarity, nearest_neighbors

DIMS, SEEDS = ((setting.low, setting.high) for setting in (AnalogyTableModel.dim, AnalogyTableModel.seed))


@pytest.fixture
def model():
    return AnalogyTableModel()


@pytest.fixture
def demo():
    return analogy_table()


# --- model --------------------------------------------------------------------------------------------


def test_the_choice_holds_all_words_but_four_function_words(model):
    spoken = {word for sentence in royal_world(np.random.default_rng(0)) for word in sentence}
    assert set(WORDS) == spoken - {"the", "a", "loves", "sees"}
    assert WORDS[:8] == tuple(ROYAL_PEOPLE)
    assert set(model.trained.words) == spoken


@pytest.mark.parametrize("settings", [{}, {"informative": 0.1}, {"dim": 3, "seed": 5}])
def test_shares_are_what_a_loop_over_the_analogies_finds(model, settings):
    model.set(**settings)
    W, index = model.trained.W, model.trained.index
    raw, kept, inputs = 0, 0, 0
    for a, b, c, d in royal_analogies():
        ids = [index[word] for word in (a, b, c)]
        first = analogy(W, *ids, k=1, exclude_inputs=False)[0][0]
        raw += first == index[d]
        inputs += first in ids
        kept += analogy(W, *ids, k=1)[0][0] == index[d]
    right = model.trained.right
    assert (right["a − b + c", False], right["a − b + c", True]) == (raw / 48, kept / 48)
    assert model.trained.inputs_first == inputs / 48
    assert right["a", False] == 0  # nothing is nearer to a word than the word itself


def test_rankings_are_those_of_helpers(model):
    model.set(a="noble", b="poor", c="his", informative=0.5)
    W, index, words = model.trained.W, model.trained.index, model.trained.words
    ids = [index[word] for word in model.inputs]
    for leave_out in (False, True):
        model.set(leave_out=leave_out)
        near, cosines = analogy(W, *ids, k=5, exclude_inputs=leave_out)
        assert model.ranked("a − b + c") == [
            (words[i], pytest.approx(cosine)) for i, cosine in zip(near, cosines, strict=True)
        ]
    model.set(leave_out=False)
    assert model.ranked("a")[0] == ("noble", pytest.approx(1))
    assert [word for word, _ in model.ranked("a")[1:]] == [
        words[i] for i in nearest_neighbors(W, ids[0], 4)[0]
    ]


@pytest.mark.slow
def test_a_clear_text_answers_everything_and_noise_next_to_nothing(model):
    raw, inputs = [], []
    for seed in range(5):
        model.set(informative=1.0, seed=seed)
        assert [model.trained.right["a − b + c", left_out] for left_out in (False, True)] == [1, 1]
        assert model.ranked("a − b + c")[0][0] == model.answer == "queen"
        assert model.offsets > 0.9
        for informative in (0.1, 0.0):
            model.set(informative=informative)
            raw.append(model.trained.right["a − b + c", False])
            inputs.append(model.trained.inputs_first)
    assert np.mean(raw) < 0.1
    assert np.mean(inputs) > 0.8


@pytest.mark.slow
@pytest.mark.parametrize(("informative", "dim", "seed"), list(product(SHARES, DIMS, SEEDS)))
def test_no_setting_runs_away(model, informative, dim, seed):
    model.set(informative=informative, dim=dim, seed=seed)
    assert np.isfinite(model.trained.W).all()


@pytest.mark.parametrize("words", [("king", "man", "woman"), ("rules", "old", "bread")])
def test_the_plane_keeps_distances_between_the_four_corners(model, words):
    model.set(**dict(zip("abc", words, strict=True)))
    flat = model.plane(words)
    corners = np.array([*map(model.vector, words), model.target])
    for i, j in product(range(4), repeat=2):
        apart = np.linalg.norm(corners[i] - corners[j])
        assert np.linalg.norm(flat[i] - flat[j]) == pytest.approx(apart, abs=1e-12)
    a, b, c, target = flat
    np.testing.assert_allclose(b, 0, atol=1e-12)
    np.testing.assert_allclose(target, a + c, atol=1e-12)  # a parallelogram
    assert a[0] == pytest.approx(0, abs=1e-12)
    assert a[1] > 0 < c[0]


@pytest.mark.parametrize("words", ["man man man", "man man king", "man king man", "king man man"])
def test_the_plane_of_equal_inputs_is_still_a_plane(model, words):
    model.set(**dict(zip("abc", words.split(), strict=True)))
    flat = model.plane(ROYAL_PEOPLE)
    assert np.isfinite(flat).all()
    assert np.linalg.matrix_rank(flat) == 2
    rows = np.array([model.vector(word) for word in ROYAL_PEOPLE])
    for i, j in product(range(8), repeat=2):
        assert np.linalg.norm(flat[i] - flat[j]) <= np.linalg.norm(rows[i] - rows[j]) + 1e-12


def test_answers_and_offsets(model):
    for a, b, c, d in royal_analogies():
        model.set(a=a, b=b, c=c)
        assert model.answer == d
        offsets = [model.vector(a) - model.vector(b), model.vector(d) - model.vector(c)]
        assert model.offsets == cosine_similarity(*offsets)
    model.set(a="king", b="king")
    assert (model.answer, model.offsets) == (None, None)
    assert model.ranked("a − b") == []
    assert "not one of the grammar's analogies" in model.summary()


def test_another_visits_all_48_and_finds_back_from_anywhere(model):
    seen = set()
    for _ in range(48):
        model.another()
        seen.add((*model.inputs, model.answer))
    assert seen == set(royal_analogies())
    model.set(a="bread")
    model.another()
    assert model.inputs == ("king", "man", "woman")


@pytest.mark.parametrize("word", ["the", "zebra"])
def test_words_without_a_role_are_refused(model, word):
    with pytest.raises(ValueError, match=f"c must be one of king, .*, …, not '{word}'"):
        model.set(c=word)


# --- view ---------------------------------------------------------------------------------------------


def shown(demo):
    """Check that the picture says what the model knows."""
    model, words = demo.model, look(demo)
    assert f"{model.a} − {model.b} + {model.c} ≈ {model.ranked('a − b + c')[0][0]}" in words
    for step in STEPS:
        for word, cosine in model.ranked(step):
            assert word in words
            assert number(cosine) in words
    for step, left_out in product(JUDGED, (False, True)):
        assert f"{model.trained.right[step, left_out]:.0%}" in words
    assert f"{model.trained.inputs_first:.0%}" in words
    assert (f"grammar's answer: {model.answer}" if model.answer else "not one of the grammar's") in words
    assert (model.answer is not None) == (f"= {number(model.offsets or 0)}" in words)


@pytest.mark.slow
def test_every_control_through_its_range(demo):
    pictures = set()
    for _ in all_corners(demo):
        shown(demo)
        pictures.add(demo.draw())
    assert len(pictures) > 3 * len(WORDS)


@pytest.mark.slow
def test_all_analogies_on_noise_and_in_little_room(demo):
    demo.model.set(informative=0.1, dim=4, seed=3)
    for _ in range(48):
        demo.buttons["Another of the 48"].click()
        shown(demo)
        assert [demo.controls[name].value for name in "abc"] == list(demo.model.inputs)


def dots(demo):
    """Return where the dot of each word on the map is."""
    groups = ElementTree.fromstring(demo.draw()).iter("{http://www.w3.org/2000/svg}g")
    linked = [(group.get("data-with"), group[0]) for group in groups if group.get("data-with")]
    return {word: (float(dot.get("cx")), float(dot.get("cy"))) for word, dot in linked if dot.get("cx")}


def test_a_touched_word_becomes_c(demo):
    model = demo.model
    assert targets(demo) == ["map", "lists"]
    for word in ("girl", "queen"):
        touch(demo, "map", *dots(demo)[word])
        assert model.c == demo.controls["c"].value == word
        touch(demo, "map", 24, 240)  # nothing is there
        assert model.c == word
    assert {*dots(demo)} == {*ROYAL_PEOPLE}
    demo.buttons["Reset"].click()
    root = ElementTree.fromstring(demo.draw())
    (first,) = [text for text in root.iter("{http://www.w3.org/2000/svg}text") if text.text == "his"]
    touch(demo, "lists", float(first.get("x")), float(first.get("y")))
    assert model.inputs == ("king", "man", "his")
    look(demo)


def test_informative_runs_upward():
    assert list(SHARES) == sorted(SHARES)
    assert (SHARES[0], SHARES[-1]) == (0, 1)


def test_the_still_picture_is_king_minus_man_plus_woman(demo):
    _, words = read(demo.still())
    assert "king − man + woman ≈ queen" in words
