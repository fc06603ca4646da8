"""Watch six words: the training against theory, the view through every control, animations that stop."""

from importlib import import_module

import numpy as np
import pytest
from driving import all_corners, drag, handles, idle, look, play, read, touch, when

from helpers.demos import base, six_words
from helpers.demos.six_words import SixWordsModel
from helpers.demos.svg import number
from helpers.gradcheck import numerical_gradient

module = import_module("helpers.demos.six_words")  # `demos.six_words` is the call
RATES = SixWordsModel.learning_rate.options.values()


def met(model):
    return min(model.cosines["dog", "cat"], model.cosines["i", "you"])


@pytest.fixture
def model():
    return SixWordsModel()


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(module, "PLAY", 30)
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    return six_words()


# --- model --------------------------------------------------------------------------------------------


def test_the_corpus_is_24_pairs_with_a_floor_of_log_2(model):
    assert model.counts.sum() == 24
    assert set(model.words) == {"i", "you", "love", "my", "dog", "cat"}
    assert model.floor == pytest.approx(np.log(2))
    np.testing.assert_array_equal(model.counts[model.index["dog"]], model.counts[model.index["cat"]])


@pytest.mark.parametrize("seed", range(8))
def test_words_of_equal_company_meet_and_the_loss_stops_at_its_floor(model, seed):
    model.set(seed=seed, learning_rate=1.0)
    model.train(200)
    assert met(model) > 0.99
    assert model.cosines["dog", "love"] > 0.3  # across groups, and yet alike: both have the company of "my"
    assert 0 < model.loss - model.floor < 0.05


@pytest.mark.parametrize("seed", range(8))
def test_the_first_setting_needs_a_few_times_fifty_epochs(model, seed):
    model.set(seed=seed)
    model.train(50)
    assert model.loss > 1
    model.train(150)
    assert met(model) > 0.98
    assert model.loss < 0.8


@pytest.mark.parametrize("seed", range(4))
def test_dog_and_cat_never_move_apart_and_the_contexts_keep_their_sum(model, seed):
    model.set(seed=seed)
    dog, cat, total = model.index["dog"], model.index["cat"], model.embeddings.C.sum(axis=0)
    distances = []
    for _ in model.frames(300):
        distances.append(np.linalg.norm(model.embeddings.W[dog] - model.embeddings.W[cat]))
    assert (np.diff(distances) < 1e-12).all()
    np.testing.assert_allclose(model.embeddings.C.sum(axis=0), total, atol=1e-12)


def test_the_first_steps_are_too_small_at_a_small_rate(model):
    model.set(learning_rate=0.1)
    model.train(50)
    assert model.loss > 1.75


@pytest.mark.parametrize("scale", [0.01, 1.0])
def test_the_start_has_the_size_that_was_chosen(model, scale):
    model.set(init_scale=scale)
    sizes = [model.embeddings.W]
    for seed in range(1, 50):
        model.set(seed=seed)
        sizes.append(model.embeddings.W)
    assert np.std(sizes) == pytest.approx(scale, rel=0.1)


def test_the_cosines_are_those_of_the_rows_of_w(model):
    model.train(10)
    rows = dict(zip(model.words, model.embeddings.W, strict=True))
    for (a, b), value in model.cosines.items():
        assert value == pytest.approx(
            rows[a] @ rows[b] / np.sqrt((rows[a] @ rows[a]) * (rows[b] @ rows[b])), abs=1e-12
        )


def test_trails_end_where_the_words_are_and_stay_short(model):
    model.train(1500)
    np.testing.assert_array_equal(model.trails[-1], model.embeddings.W)
    assert len(model.trails) <= model.history.limit
    assert model.reach == pytest.approx(np.abs(model.trails).max(), rel=0.02)


def test_the_map_never_zooms_by_leaps(model):
    reach = []
    for _ in model.frames(250):
        reach.append(model.reach)
    ratio = np.divide(reach[1:], reach[:-1])
    assert ratio.min() >= 1
    assert ratio.max() < 1.1


def test_a_new_rate_goes_on_and_a_new_start_starts_over(model):
    model.train(5)
    model.set(learning_rate=2.0)
    assert model.epoch == 5
    model.set(seed=model.seed, init_scale=model.init_scale)
    assert model.epoch == 5
    model.set(seed=3)
    assert (model.epoch, len(model.trails), model.learning_rate) == (0, 1, 2.0)


def test_back_to_epoch_0_keeps_the_settings_and_reset_does_not(model):
    first = model.embeddings.W.copy()
    model.set(seed=3, init_scale=1.0, learning_rate=2.0)
    start = model.embeddings.W.copy()
    model.train(5)
    model.start_over()
    np.testing.assert_array_equal(model.embeddings.W, start)
    assert (model.seed, model.init_scale, model.learning_rate, model.epoch) == (3, 1.0, 2.0, 0)
    model.reset()
    np.testing.assert_array_equal(model.embeddings.W, first)
    assert (model.seed, model.init_scale, model.learning_rate) == (0, 0.1, 0.3)


@pytest.mark.parametrize("rate", [10.0, 1e3, 1e150])
def test_too_large_a_rate_is_a_sentence_and_reset_recovers(model, rate):
    model.set_rate(rate)
    model.train(300)
    assert model.ran_away
    assert "too long" in model.summary()
    assert np.isfinite(model.embeddings.W).all()
    model.reset()
    model.train(200)
    assert not model.ran_away
    assert met(model) > 0.98


# --- view ---------------------------------------------------------------------------------------------


def test_the_picture_says_what_the_model_knows(demo):
    for epochs in (0, 1, 40, 160, 700):
        demo.model.train(epochs)
        demo.refresh()
        words = look(demo)
        assert f"epoch {demo.model.epoch}" in words
        assert f"loss, nats per pair {demo.model.loss:.3f}" in words
        assert "floor 0.693" in words
        demo.controls["word"].value = ""
        for (a, b), value in demo.model.cosines.items():
            assert f"{a}–{b} {number(value)}" in words
            assert f"cos({a}, {b}) = {number(value)}" in demo.model.summary()


def test_every_control_through_its_range(demo):
    seen = set()
    for name, value in all_corners(demo):
        demo.buttons["Train 1 epoch"].click()
        look(demo)
        seen.add((name, value))
        assert name in ("learning_rate", "word") or demo.model.epoch == 1
    assert len(seen) == 3 + len(RATES) + 5 + 7


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES)
def test_a_frame_stays_light_and_whole_at_every_rate(demo, rate):
    demo.controls["learning_rate"].value = rate
    for epochs in (3, 5, 8, 100, 400):
        demo.model.train(epochs)
        demo.refresh()
        look(demo)
        assert len(demo.draw().encode()) < 13_000


def test_the_still_picture_shows_words_that_have_met(demo):
    before = demo.draw()
    _, words = read(demo.still())
    assert "epoch 400" in words
    assert demo.draw() == before


@pytest.mark.parametrize(("button", "epochs"), [("Train 1 epoch", 1), ("Train 10 epochs", 10), ("Play", 30)])
def test_buttons_train_that_many_epochs(demo, button, epochs):
    play(demo, demo.buttons[button].click)
    look(demo)
    assert demo.model.epoch == epochs
    assert demo.stop_button.disabled


def test_fifty_epochs_are_fifty_one_pictures(demo):
    pictures = [demo._sheet.value]
    demo._sheet.observe(lambda change: pictures.append(change["new"]), "value")
    demo.buttons["Train 50 epochs"].click()
    assert len(set(pictures)) == 51
    assert demo.model.epoch == 50


def test_stop_stops_and_training_goes_on_from_there(demo):
    when(demo, 5, demo.stop_button.click)
    play(demo, demo.buttons["Train 50 epochs"].click)
    play(demo, idle)
    assert demo.model.epoch in (5, 6)
    assert demo.stop_button.disabled
    look(demo)
    epoch = demo.model.epoch
    play(demo, demo.buttons["Train 10 epochs"].click)
    assert demo.model.epoch == epoch + 10


def test_a_second_press_adds_fifty_epochs(demo):
    press = demo.buttons["Train 50 epochs"].click
    when(demo, 5, press)
    play(demo, press)
    assert demo.model.epoch == 100
    look(demo)


def test_a_new_rate_goes_on_with_the_animation(demo):
    when(demo, 5, lambda: setattr(demo.controls["learning_rate"], "value", 1.0))
    play(demo, demo.buttons["Train 10 epochs"].click)
    assert (demo.model.epoch, demo.model.learning_rate) == (10, 1.0)
    look(demo)


@pytest.mark.parametrize(("control", "value"), [("seed", 7), ("init_scale", 0.01)])
def test_a_new_start_ends_the_animation(demo, control, value):
    when(demo, 5, lambda: setattr(demo.controls[control], "value", value))
    play(demo, demo.buttons["Train 50 epochs"].click)
    assert demo.model.epoch == 0
    assert demo.stop_button.disabled
    assert "epoch 0" in look(demo)


@pytest.mark.parametrize("way_out", ["Reset", "Back to epoch 0"])
def test_running_away_in_an_animation_is_calm_and_can_be_left(demo, way_out):
    demo.controls["learning_rate"].value = 10.0
    play(demo, demo.buttons["Train 50 epochs"].click)
    assert demo.model.ran_away
    look(demo)
    demo.buttons["Train 10 epochs"].click()
    look(demo)
    demo.buttons[way_out].click()
    assert demo.controls["learning_rate"].value == (0.3 if way_out == "Reset" else 10.0)
    demo.controls["learning_rate"].value = 1.0
    demo.buttons["Train 50 epochs"].click()
    look(demo)
    assert met(demo.model) > 0.9


# --- the hand -------------------------------------------------------------------------------------------


def loss_of(W, C, counts):
    """Mean −log p over the pairs, one pair after the other."""
    total = 0.0
    for (center, context), count in np.ndenumerate(counts):
        scores = [float(W[center] @ row) for row in C]
        total -= count * (scores[context] - np.log(sum(np.exp(scores))))
    return total / counts.sum()


@pytest.mark.parametrize("epochs", [0, 60])
def test_a_word_put_elsewhere_changes_the_loss_and_the_next_step_begins_there(model, epochs):
    model.train(epochs)
    before, row = model.loss, model.index["dog"]
    place = [-0.5 * model.reach, 0.3 * model.reach]
    W, C = model.embeddings.W.copy(), model.embeddings.C.copy()
    W[row] = place
    model.place("dog", place)
    np.testing.assert_array_equal(model.embeddings.W, W)
    assert model.loss == pytest.approx(loss_of(W, C, model.counts), abs=1e-12)
    assert model.epoch == epochs
    assert model.history.times[-2:].tolist() == pytest.approx([epochs, epochs], abs=0.02)
    np.testing.assert_array_equal(model.history.rows[-2:, 0], [before, model.loss])
    model.step()
    slope = numerical_gradient(lambda table: loss_of(table, C, model.counts), W)
    np.testing.assert_allclose(model.embeddings.W, W - model.learning_rate * slope, atol=1e-7)


def test_only_the_trail_of_the_word_in_the_hand_begins_anew(model):
    model.train(30)
    row, before = model.index["dog"], model.trails.copy()
    for share in (0.1, 0.2, 0.9, 5):  # as while it is dragged
        model.place("dog", [share * model.reach, 0])
    assert len(model.trails) == len(before) + 1
    assert (model.trails[:, row] == [model.reach, 0]).all()  # not farther than words have been
    np.testing.assert_array_equal(np.delete(model.trails[:-1], row, axis=1), np.delete(before, row, axis=1))
    model.train(5)
    assert model.trails[0, row].tolist() == [model.reach, 0] or model.reach > before.max()
    np.testing.assert_array_equal(model.trails[-1], model.embeddings.W)


@pytest.mark.parametrize("word", ["dog", "you"])
@pytest.mark.parametrize("seed", range(4))
def test_training_brings_a_word_back_as_far_as_the_loss_asks_for_it(model, word, seed):
    model.set(seed=seed)
    model.train(400)
    model.place(word, -model.embeddings.W[model.index[word]])
    assert met(model) < -0.9
    assert model.loss > 1.5
    model.train(400)
    assert met(model) > 0.8
    assert model.loss < model.floor + 0.02


def test_numbers_that_ran_away_get_another_chance_when_a_word_is_moved(model):
    model.set(learning_rate=10.0)
    model.train(300)
    model.place("dog", [0, 0])
    assert not model.ran_away


def test_a_drag_moves_one_word_and_never_the_map(demo):
    demo.model.train(40)
    demo.refresh()
    before = handles(demo)
    left, top, right, _ = before["cat"].within
    for place in ((left, top), (right, top), (left + 100, top + 50)):
        drag(demo, "cat", *place)
        after = handles(demo)
        assert after["cat"].at == pytest.approx(place, abs=0.06)
        assert all(after[word] == before[word] for word in after if word != "cat")
        assert demo.model.word == demo.controls["word"].value == "cat"
        look(demo)


def test_touching_a_word_lists_all_others_by_cosine_and_lights_two(demo):
    demo.model.train(100)
    demo.refresh()
    rows = dict(zip(demo.model.words, demo.model.embeddings.W, strict=True))
    angles = {word: np.arctan2(row[1], row[0]) for word, row in rows.items()}
    for word in rows:
        demo.controls["word"].value = ""
        touch(demo, "map", *handles(demo)[word].at)
        if word != demo.model.word:  # one lies upon the other
            assert np.hypot(*(rows[word] - rows[demo.model.word])) < 0.1 * demo.model.reach
            continue
        cosines = {other: np.cos(angles[other] - angles[word]) for other in rows if other != word}
        order = sorted(cosines, key=cosines.get, reverse=True)
        listed = ", ".join(f"{other} {number(cosines[other])}" for other in order)
        assert f"“{word}” is nearest to {listed}." in demo.model.summary()
        words = look(demo)
        assert all(f"{other} {number(cosines[other])}" in words for other in order[:2])
        assert demo.draw().count('r="9"') == 1
        touch(demo, "map", *handles(demo)[word].at)
        assert demo.model.word == ""


def test_a_touch_beside_all_words_shows_no_neighbors(demo):
    touch(demo, "map", 410, 36)
    assert demo.model.word == ""
    assert 'r="9"' not in demo.draw()
