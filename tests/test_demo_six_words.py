"""Watch six words: the training against theory, the view through every control, animations that stop."""

from importlib import import_module

import numpy as np
import pytest
from driving import all_corners, idle, look, play, read, when

from helpers.demos import base, six_words
from helpers.demos.six_words import SixWordsModel
from helpers.demos.svg import number

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
        assert f"loss {demo.model.loss:.3f}" in words
        assert "floor 0.693" in words
        for (a, b), value in demo.model.cosines.items():
            assert f"{a}–{b} {number(value)}" in words
            assert f"cos({a}, {b}) = {number(value)}" in demo.model.summary()


def test_every_control_through_its_range(demo):
    seen = set()
    for name, value in all_corners(demo):
        demo.buttons["Train 1 epoch"].click()
        look(demo)
        seen.add((name, value))
        assert name == "learning_rate" or demo.model.epoch == 1
    assert len(seen) == 3 + len(RATES) + 5


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


def test_a_second_press_begins_fifty_epochs_anew_and_only_once(demo):
    press = demo.buttons["Train 50 epochs"].click
    when(demo, 5, press)
    play(demo, press)
    assert demo.model.epoch in (55, 56)
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
