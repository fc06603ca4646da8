"""One pair all the way: each stage against a loop over numbers, and the step against finite differences."""

from importlib import import_module
from math import exp, log
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, idle, look, pictures, play, read, targets, touch

from helpers.demos import base, one_pair_all_the_way
from helpers.demos.one_pair_all_the_way import FADED
from helpers.demos.one_pair_all_the_way_model import FIRST, LAST, STAGES, OnePairAllTheWayModel
from helpers.demos.svg import number
from helpers.gradcheck import numerical_gradient
from helpers.softmax import softmax

module = import_module("helpers.demos.one_pair_all_the_way")  # `demos.one_pair_all_the_way` is the call
WORDS = ("i", "love", "my", "dog", "cat", "you")
READING = [
    (center, sentence[other])
    for sentence in ("i love my dog", "i love my cat", "you love my dog", "you love my cat")
    for sentence in [sentence.split()]
    for place, center in enumerate(sentence)
    for other in (place - 1, place + 1)
    if 0 <= other < len(sentence)
]


@pytest.fixture
def model():
    return OnePairAllTheWayModel()


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    return one_pair_all_the_way()


# --- model --------------------------------------------------------------------------------------------


def test_the_pairs_come_in_reading_order(model):
    assert model.words == WORDS
    assert len(READING) == len(model.pairs) == 24
    for k in range(50):
        assert (model.words[model.center], model.words[model.context]) == READING[k % 24]
        number_, center, context = model.place
        assert (model.sentence[center], model.sentence[context]) == READING[k % 24]
        assert model.sentence is model.sentences[number_]
        assert [model.words[i] for i in model.sentence_ids] == model.sentence
        assert (model.turn, model.epochs) == (k % 24, k // 24)
        model.next_pair()


def by_hand(W, C, center, context):
    """Return scores, p, p − q, and the change of w and of C per unit of η, number by number."""
    size, dim = len(W), len(W[0])
    scores = [sum(W[center][d] * C[k][d] for d in range(dim)) for k in range(size)]
    powers = [exp(score) for score in scores]
    p = [power / sum(powers) for power in powers]
    signal = [p[k] - (k == context) for k in range(size)]
    step_w = [-sum(signal[k] * C[k][d] for k in range(size)) for d in range(dim)]
    step_C = [[-signal[k] * W[center][d] for d in range(dim)] for k in range(size)]
    return scores, p, signal, step_w, step_C


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.6])
@pytest.mark.parametrize("updates", [0, 1, 13, 24, 240])
def test_every_stage_is_what_a_loop_over_numbers_finds(model, rate, updates):
    model.set(learning_rate=rate)
    for _ in range(updates):
        model.apply_update()
    W, C = model.embeddings.W.tolist(), model.embeddings.C.tolist()
    center, context = model.center, model.context
    scores, p, signal, step_w, step_C = by_hand(W, C, center, context)
    np.testing.assert_array_equal(model.w, W[center])
    np.testing.assert_allclose(model.scores, scores, atol=1e-12)
    np.testing.assert_allclose(model.p, p, atol=1e-12)
    np.testing.assert_allclose(model.signal, signal, atol=1e-12)
    np.testing.assert_allclose(model.step_w, rate * np.array(step_w), atol=1e-12)
    np.testing.assert_allclose(model.step_C, rate * np.array(step_C), atol=1e-12)

    aimed = model.p_after
    new_W, new_C = np.array(W), np.array(C) + model.step_C
    new_W[center] += model.step_w
    model.apply_update()
    np.testing.assert_allclose(model.embeddings.W, new_W, atol=1e-12)
    np.testing.assert_allclose(model.embeddings.C, new_C, atol=1e-12)
    assert aimed == pytest.approx(by_hand(new_W, new_C, center, context)[1][context])


@pytest.mark.parametrize("updates", [0, 7, 100])
def test_the_step_is_against_the_slope_of_the_surprise(model, updates):
    for _ in range(updates):
        model.apply_update()
    W, C, center, context = model.embeddings.W, model.embeddings.C, model.center, model.context

    def surprise(w, rows):
        return -log(softmax(rows @ w)[context])

    slope_w = numerical_gradient(lambda w: surprise(w, C), W[center])
    slope_C = numerical_gradient(lambda rows: surprise(W[center], rows), C)
    np.testing.assert_allclose(model.step_w, -model.learning_rate * slope_w, atol=1e-7)
    np.testing.assert_allclose(model.step_C, -model.learning_rate * slope_C, atol=1e-7)


def test_looking_ahead_changes_nothing(model):
    W, C = model.embeddings.W.copy(), model.embeddings.C.copy()
    for stage in range(FIRST, LAST + 1):
        model.set(stage=stage, learning_rate=0.6)
        assert model.p_after > model.p[model.context]
        assert model.summary()
    np.testing.assert_array_equal(model.embeddings.W, W)
    np.testing.assert_array_equal(model.embeddings.C, C)
    assert model.updates == 0


def test_after_some_epochs_the_rows_of_dog_and_cat_are_alike(model):
    for _ in range(20 * 24):
        model.apply_update()
    W = dict(zip(model.words, model.embeddings.W, strict=True))
    for a, b in (("dog", "cat"), ("i", "you")):
        assert W[a] @ W[b] / np.linalg.norm(W[a]) / np.linalg.norm(W[b]) > 0.95
    assert softmax(model.embeddings.C @ W["i"])[WORDS.index("love")] > 0.9  # "i" has no other company


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.05, 0.6])
def test_the_numbers_never_run_away(model, rate):
    model.set(learning_rate=rate)
    for _ in range(500 * 24):
        model.apply_update()
    assert model.reach < 10


def test_stages_lead_on_to_the_next_pair_and_back_no_further_than_the_first(model):
    model.back()
    assert (model.stage, model.updates) == (FIRST, 0)
    for stage in range(FIRST + 1, LAST + 1):
        model.next_stage()
        assert (model.stage, model.updates) == (stage, 0)
    model.next_stage()
    assert (model.stage, model.updates) == (FIRST, 1)
    model.set(stage=4)
    model.next_pair()
    assert (model.stage, model.updates) == (4, 2)
    model.back()
    assert (model.stage, model.updates) == (3, 2)
    model.start_over()
    assert (model.stage, model.updates) == (3, 0)
    model.reset()
    assert (model.stage, model.updates) == (FIRST, 0)


# --- view ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("updates", [0, 5, 24 * 30, 24 * 300])
def test_the_picture_holds_the_numbers_of_the_model_at_every_stage(demo, updates):
    for _ in range(updates):
        demo.model.apply_update()
    demo.refresh()
    model = demo.model
    for stage in range(FIRST, LAST + 1):
        demo.controls["stage"].value = stage
        words = look(demo)
        tables = np.concatenate([model.embeddings.W, model.embeddings.C, [model.w]]).ravel()
        for value in (*tables, *model.scores, *model.p, *model.signal):
            assert number(value) in words
        for length in (np.linalg.norm(model.step_w), *np.linalg.norm(model.step_C, axis=1)):
            assert number(length, 3) in words
        assert f"{number(model.p[model.context])} → {number(model.p_after)}" in words
        assert f"pair {model.turn + 1} of 24: {model.words[model.center]} → " in words
        assert all(f"{k} · {name}" in words for k, name in enumerate(STAGES, 1))


def words_in(group):
    return [element.text for element in group.iter() if element.tag.endswith("}text")]


def test_nothing_jumps_between_stages_what_is_to_come_is_only_pale(demo):
    sheets = []
    for stage in range(FIRST, LAST + 1):
        demo.controls["stage"].value = stage
        groups = [group for group in ElementTree.fromstring(demo.draw()).iter() if group.tag.endswith("}g")]
        pale = {words for group in groups if group.get("opacity") == str(FADED) for words in words_in(group)}
        for k, name in enumerate(STAGES, 1):
            title = "7 · the step: one row of W" if k == LAST else f"{k} · {name}"
            assert any(words.startswith(title) for words in pale) == (k > stage)
        words = demo.model.summary()
        sheets.append(
            demo.draw().replace(words, "").replace(f'<g opacity="{FADED}">', "").replace("</g>", "")
        )
    assert len(set(sheets)) == 1


def test_a_touched_stage_is_gone_to(demo):
    assert set(targets(demo)) == {f"stage{k}" for k in range(FIRST, LAST + 1)}
    for stage in (5, LAST, FIRST, 3):
        touch(demo, f"stage{stage}", 0, 0)
        assert demo.model.stage == demo.controls["stage"].value == stage
        look(demo)


@pytest.mark.parametrize("updates", [0, 5, 100])
def test_what_belongs_to_a_word_is_linked_through_all_stages(demo, updates):
    for _ in range(updates):
        demo.model.apply_update()
    demo.refresh()
    model, linked = demo.model, {}
    for group in ElementTree.fromstring(demo.draw()).iter():
        if group.get("data-with"):
            linked.setdefault(group.get("data-with"), []).extend(words_in(group))
    assert set(linked) == set(WORDS)
    for i, word in enumerate(WORDS):
        numbers = [
            *model.embeddings.W[i],
            *model.embeddings.C[i],
            model.scores[i],
            model.p[i],
            model.signal[i],
        ]
        numbers += [*model.w] if i == model.center else []
        found = [number(value) for value in numbers] + [number(np.linalg.norm(model.step_C[i]), 3)]
        found += [number(np.linalg.norm(model.step_w), 3)] if i == model.center else []
        found += [word, str(i)] * (word in model.sentence) + 3 * [word]  # in the sentence, and before tables
        assert sorted(linked[word]) == sorted(found)


def test_every_pair_and_every_control_stays_legible(demo):
    for _ in range(24):
        demo.buttons["Next pair"].click()
        look(demo)
    for _ in all_corners(demo):
        look(demo)


def test_a_new_rate_changes_the_step_that_is_about_to_be_taken(demo):
    demo.controls["stage"].value = LAST
    before = demo.model.p_after
    demo.controls["learning_rate"].value = 0.6
    assert demo.model.p_after > before
    assert number(demo.model.p_after) in look(demo)
    demo.buttons["Next pair"].click()
    assert demo.model.learning_rate == 0.6


def test_an_epoch_takes_every_pair_once(demo):
    seen = []
    demo._sheet.observe(lambda change: seen.append(change["new"]), "value")
    demo.buttons["Next pair"].click()
    play(demo, demo.buttons["Run an epoch"].click)
    assert (demo.model.updates, demo.model.stage) == (25, LAST)
    assert len(set(seen)) >= 24
    assert demo.stop_button.disabled
    look(demo)


def test_stop_next_pair_and_next_stage_end_the_epoch(demo):
    for end in (demo.stop_button, demo.buttons["Next pair"], demo.buttons["Next stage"]):
        at = []
        note = lambda at=at: at.append(demo.model.updates)  # noqa: E731
        play(demo, demo.buttons["Run an epoch"].click, pictures(demo, 4), end.click, note, idle, note)
        assert at[0] == at[1]
        look(demo)


def test_the_still_picture_shows_all_stages(demo):
    before = demo.draw()
    still = demo.still()
    assert f'opacity="{FADED}"' not in still
    assert "pair 1 of 24" in read(still)[1]
    assert demo.draw() == before
