"""The window: the model against pairs counted by hand, the view through every control."""

import re
from importlib import import_module
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, drag, handles, idle, look, pictures, play, read, touch

from helpers.demos import the_window
from helpers.demos.the_window import MOST_WORDS, OWN, SENTENCES, TheWindowModel
from helpers.palette import INK

module = import_module("helpers.demos.the_window")  # `demos.the_window` is the call

TYPED = {
    "letters": "a b c d e f g h i j k l m n",
    "one word many times": "the " * 30,
    "wide letters": "mmmmmmmmmmmm wwwwwwwwwwww " * 6,
    "long words": " ".join(f"{k}misunderstandings{k}characteristically" for k in "abcdefghijkl"),
    "very long words": " ".join(letter * 300 for letter in "abc"),
    "markup": "<b>don't</b> & \"do\" 3.14 ]]> -- it's",
    "other scripts": "Я люблю мою собаку и твою кошку тоже очень сильно",
    "right to left": "أنا أحب كلبي كثيرا",
    "one word": "alone",
}


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    """Let the window stay for two frames at each position: nobody is watching."""
    monkeypatch.setattr(module, "HOLD", 2)


def seen_from(i, words, reach):
    return [words[j] for j in range(len(words)) if j != i and abs(j - i) <= reach]


# --- model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*SENTENCES, *TYPED.values()])
def test_pairs_and_counts_are_what_a_loop_finds(text):
    model = TheWindowModel()
    model.set(text=text)
    words, columns = model.words, model.vocabulary.words
    for reach in range(1, TheWindowModel.window.high + 1):
        pairs = []
        for i, center in enumerate(words):
            model.set(window=reach, position=i)
            seen = seen_from(i, words, reach)
            pairs += [(center, context) for context in seen]
            assert [words[j] for j in model.contexts] == seen
            assert [(words[a], words[b]) for a, b in model.met] == pairs
            assert model.counts.tolist() == [[pairs.count((a, b)) for b in columns] for a in columns]
        assert np.array_equal(model.counts, model.final_counts)
        assert np.array_equal(model.counts, model.counts.T)
        assert model.counts.sum() == model.total


def test_the_sentence_of_the_text_gives_ten_pairs():
    model = TheWindowModel()
    so_far = []
    for _ in model.slide():
        so_far.append(len(model.met))
    assert so_far == [2, 2, 5, 5, 8, 8, 10, 10]
    assert "Pairs so far: 10 of 10 (window 2, sentence of 4 words)" in model.summary()


@pytest.mark.parametrize("nothing", ["", "   ", "?!…", "\n\t", "🙂 🙃", "--"])
def test_a_text_without_a_word_loses_nothing(nothing):
    model = TheWindowModel()
    model.set(text="dogs like dogs", position=2)
    model.set(text=nothing)
    assert (model.text, model.words, model.position) == (nothing, ["dogs", "like", "dogs"], 2)
    assert model.summary().startswith("There is no word in the field, so the sentence before stays.")
    model.set(example=SENTENCES[1])
    model.set(example=OWN)
    assert model.text == "dogs like dogs"
    assert not model.note


@pytest.mark.parametrize(
    ("text", "words", "noted"),
    [
        ("One, two.", ["one", "two"], False),
        ("One two. Three four.", ["one", "two"], True),
        ("a b c d e f g h i j k l", list("abcdefghijkl"), False),
        ("a b c d e f g h i j k l m", list("abcdefghijkl"), True),
        ("word " * 100_000, ["word"] * MOST_WORDS, True),
    ],
)
def test_only_the_first_words_of_the_first_sentence_are_used_and_a_note_says_so(text, words, noted):
    model = TheWindowModel()
    model.set(text=text)
    assert model.words == words
    assert bool(model.note) == noted


def test_a_shorter_sentence_takes_the_center_back_to_its_last_word():
    model = TheWindowModel()
    model.set(text="one two three four five six", position=5)
    model.set(text="one two")
    assert model.position == 1


def test_sliding_resumes_in_the_middle_and_begins_again_at_the_end():
    model = TheWindowModel()
    model.set(position=2)
    assert [model.position for _ in model.slide()] == [2, 2, 3, 3]
    assert [model.position for _ in model.slide()] == [0, 0, 1, 1, 2, 2, 3, 3]
    slide = model.slide()
    next(slide)
    model.set(text="one two three four five")  # a reader may type meanwhile
    assert [model.position for _ in slide][-1] == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": 4},
        {"example": SENTENCES[1], "text": "both"},
        {"text": "one two", "position": 2},
        {"text": "one two", "window": TheWindowModel.window.high + 1},
    ],
)
def test_what_does_not_fit_together_is_refused_and_changes_nothing(wrong):
    model = TheWindowModel()
    before = model.summary(), model.text
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        model.set(**wrong)
    assert (model.summary(), model.text) == before


# --- view ---------------------------------------------------------------------------------------------


def numbers_hold(demo):
    """Compare picture and model; return the words of the picture."""
    model, words = demo.model, look(demo)
    assert f"pairs so far: {len(model.met)} of {model.total}" in words
    assert f"= {model.total}, with window {model.window}, length {len(model.words)}" in words
    assert f"Pairs so far: {len(model.met)} of {model.total}" in model.summary()
    assert words.count("→") == len(model.contexts) + 1
    cells = re.search(rf'd="([^"]*)" fill="none" stroke="{INK}" stroke-width="2.5"', demo.draw())[1]
    assert cells.count("M") == len({model.words[j] for j in model.contexts})
    return words


def test_the_picture_holds_the_numbers_of_the_model():
    demo = the_window()
    for _ in all_corners(demo):
        numbers_hold(demo)


@pytest.mark.slow
@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
def test_whatever_is_typed_stays_legible(text):
    demo = the_window()
    demo.controls["text"].value = text
    assert demo.controls["example"].value == OWN
    for reach in (1, 6):
        demo.controls["window"].value = reach
        for position in range(len(demo.model.words)):
            demo.controls["position"].value = position
            numbers_hold(demo)


def test_the_formula_is_written_out_with_its_numbers():
    demo = the_window()
    assert "2 · 2 · 4 − 2 · 3 = 10, with window 2, length 4" in look(demo)
    demo.controls["window"].value = 6
    assert "4 · 3 = 12, with window 6, length 4" in look(demo)


def test_typing_letter_by_letter_never_breaks_and_moves_the_range_of_the_position():
    demo = the_window()
    demo.controls["position"].value = 3
    field, position = demo.controls["text"], demo.controls["position"]
    assert (position.min, position.max) == (0, demo.model.last)
    for end in range(len("dogs and cats, sleep!") + 1):
        field.value = "dogs and cats, sleep!"[:end]
        look(demo)
        assert position.max == demo.model.last
    assert (position.max, position.value) == (3, 0)
    assert demo.controls["example"].value == OWN
    demo.controls["example"].value = SENTENCES[-1]
    assert (field.value, position.max) == (SENTENCES[-1], 9)
    demo.controls["example"].value = OWN
    assert field.value == "dogs and cats, sleep!"


@pytest.mark.slow
def test_the_slide_can_be_stopped_resumed_and_pressed_twice(monkeypatch):
    monkeypatch.setattr(module, "HOLD", 4)
    demo, at = the_window(), []
    demo.controls["example"].value = SENTENCES[-1]
    slide, note = demo.buttons["Slide"].click, lambda: at.append(demo.model.position)
    some = pictures(demo, 3)
    play(demo, slide, some, demo.stop_button.click, note, idle, note, slide, slide, some, note, demo.stop)
    assert 0 < at[0] == at[1] < at[2] < 9
    numbers_hold(demo)
    play(demo, slide)
    assert demo.model.position == 9
    assert demo.stop_button.disabled
    numbers_hold(demo)


def test_reset_brings_the_first_sentence_back_and_keeps_what_was_typed():
    demo = the_window()
    first = demo.draw()
    demo.controls["text"].value = "my own words are more than four"
    demo.controls["window"].value = 5
    demo.controls["position"].value = 6
    demo.buttons["Reset"].click()
    assert demo.draw() == first
    assert demo.controls["text"].value == SENTENCES[0]
    demo.controls["example"].value = OWN
    assert demo.model.words == ["my", "own", "words", "are", "more", "than", "four"]


def test_the_still_picture_stands_in_the_middle_of_the_sentence():
    demo = the_window()
    assert "pairs so far: 5 of 10" in read(demo.still())[1]
    assert demo.model.position == 0
    demo.controls["position"].value = 3
    assert "pairs so far: 10 of 10" in read(demo.still())[1]


# --- the hand -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [SENTENCES[-1], TYPED["long words"], "i a internationalizations i i a i"])
def test_arrow_keys_take_the_window_from_word_to_word(text):
    demo = the_window()
    demo.controls["text"].value = text
    last = demo.model.last
    for sign, way in ((1, range(1, last + 1)), (-1, range(last - 1, -1, -1))):
        for position in way:
            handle = handles(demo)["window"]
            drag(demo, "window", *handle.allowed(handle.at[0] + sign * handle.step[0], handle.at[1]))
            assert demo.model.position == demo.controls["position"].value == position


def test_the_window_goes_to_the_word_that_was_touched():
    demo = the_window()
    demo.controls["example"].value = SENTENCES[-1]
    centers = re.findall(r'<text x="([\d.]+)" y="120"', demo.draw())
    for position, x in enumerate(centers):
        touch(demo, "sentence", float(x) + 9, 70)
        assert demo.model.position == position
        assert handles(demo)["window"].at[0] == float(x)


@pytest.mark.parametrize("position", [0, 4, 6])
def test_behind_each_count_are_as_many_pairs_of_these_words_as_it_says(position):
    demo = the_window()
    sentence = "the tall woman eats the warm bread"
    demo.controls["example"].value, words = sentence, sentence.split()
    demo.controls["position"].value = position
    for r, a in enumerate(dict.fromkeys(words)):
        for k, b in enumerate(dict.fromkeys(words)):
            touch(demo, "cells", 522 + 48 * (k + 0.9), 220 + 38 * (r + 0.1))
            pairs = [
                (i, j)
                for i in range(position + 1)
                for j in range(len(words))
                if 0 < abs(i - j) <= 2 and (words[i], words[j]) == (a, b)
            ]
            told = f"N[{a}, {b}] = {len(pairs)}"
            seen = look(demo)
            assert f"behind {told}" in seen
            assert all(f"at positions {i} and {j}" in seen for i, j in pairs)
            assert seen.count("at positions") == len(pairs)
            assert told in demo.model.summary()
            assert all(f"({i}, {j})" in demo.model.summary() for i, j in pairs)
            assert demo.draw().count("Q") == len(pairs)  # arrows


def test_a_cell_is_let_go_when_it_is_touched_again_and_when_the_window_moves():
    demo = the_window()
    before = demo.draw()
    for _ in range(2):
        touch(demo, "cells", 525, 225)
    assert demo.draw() == before
    drag(demo, "cell", 525, 225)
    drag(demo, "cell", 526, 226)
    assert demo.model.cell == (0, 0)
    demo.controls["position"].value = 1
    assert demo.model.cell is None


def test_a_word_its_row_and_its_pairs_light_up_together():
    demo = the_window()
    demo.controls["example"].value = SENTENCES[2]  # the dog bit the man
    demo.controls["position"].value = 3
    lit = [[], [], [], []]
    for part in ElementTree.fromstring(demo.draw()).iter():
        if part.get("data-with"):
            lit[int(part.get("data-with"))] += [
                text.text for text in part.iter() if text.tag.endswith("}text")
            ]
    pairs = ["the", "→ dog", "the", "→ bit", "the", "→ man"]
    assert lit[0] == ["the", "0", "the", "3", *pairs, "1", "2", "2", "the"]
    assert lit[1] == ["dog", "1", "1", "2", "dog"]  # it has met bit once, and the twice
