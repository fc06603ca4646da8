"""Break it: each mistake against the same mistake written out, its symptom, and every control."""

from copy import deepcopy
from importlib import import_module
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from driving import all_corners, idle, look, pictures, play, read, touch

from helpers.corpora import word_class
from helpers.demos import base, break_it, small_world_text, svg
from helpers.demos.break_it_model import BATCH, LEARNING_RATE, NEGATIVES, PROBES, BreakItModel, large
from helpers.demos.settings import Switch
from helpers.demos.svg import number
from helpers.geometry import cosine_similarity, nearest_neighbors, principal_coordinates
from helpers.negative_sampling import noise_distribution, sample_negatives, sgns_loss, train_pairs
from helpers.skipgram import Embeddings

view, module = map(import_module, ("helpers.demos.break_it", "helpers.demos.break_it_model"))
SWITCHES = [name for name, one in BreakItModel.settings().items() if isinstance(one, Switch)]


def with_mistakes(*names):
    model = BreakItModel()
    model.start_over()
    model.set(**dict.fromkeys(names, True))
    return model


@pytest.fixture(scope="module")
def trained():
    """Return a function that trains with some mistakes, once for all tests that only look."""
    known = {}

    def train(*names):
        if names not in known:
            known[names] = with_mistakes(*names)
            known[names].train(known[names].course)
        return known[names]

    return train


@pytest.fixture
def demo(monkeypatch):
    """Return a demo in a hurry: quick frames, and a training of one epoch, 181 batches."""
    module.sound_run()  # known for all three epochs
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    monkeypatch.setattr(module, "EPOCHS", 1)
    return break_it()


def next_batch(model, negatives=NEGATIVES):
    """Return what the model will learn from next."""
    ahead = deepcopy(model)
    centers, contexts = ahead._next_pairs()
    return centers, contexts, sample_negatives(ahead._rng, ahead.noise, (len(centers), negatives))


def slope(function, table):
    """Return the derivative of function(table) by central differences."""
    result = np.zeros_like(table)
    for place in np.ndindex(*table.shape):
        nudge = np.zeros_like(table)
        nudge[place] = 1e-5
        result[place] = (function(table + nudge) - function(table - nudge)) / 2e-5
    return result


# --- model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistakes", "settings"), [((), {}), (("no_negatives",), {"negatives": 0}), (("ten_times",), {})]
)
def test_training_is_that_of_helpers(mistakes, settings):
    model = with_mistakes(*mistakes)
    model.pairs = model.pairs[: 4 * BATCH - 50]  # two epochs, the last batch of each a shorter one
    for _ in range(8):
        model.step()
    rate = 10 * LEARNING_RATE if "ten_times" in mistakes else LEARNING_RATE
    options = {"epochs": 2, "learning_rate": rate, "batch_size": BATCH, **settings}
    run = train_pairs(
        model.pairs,
        word_counts=small_world_text.word_counts(),
        dim=8,
        rng=np.random.default_rng(0),
        **options,
    )
    np.testing.assert_array_equal(model.embeddings.W, run.embeddings.W)
    np.testing.assert_array_equal(model.embeddings.C, run.embeddings.C)


def test_one_table_goes_down_the_slope_of_one_table():
    model = with_mistakes("one_table")
    assert model.embeddings.W is model.embeddings.C
    for _ in range(10):
        model.step()
    batch, before = next_batch(model), model.embeddings.W.copy()
    model.step()
    down = slope(lambda W: sgns_loss(Embeddings(W, W), *batch), before)
    np.testing.assert_allclose(model.embeddings.W, before - BATCH * LEARNING_RATE * down, atol=1e-7)


def test_the_wrong_sign_goes_down_a_slope_that_pulls_everything():
    model = with_mistakes("wrong_sign")
    for _ in range(10):
        model.step()
    centers, contexts, negatives = next_batch(model)
    targets = np.column_stack((contexts, negatives))
    W, C = model.embeddings.W.copy(), model.embeddings.C.copy()

    def loss(W, C):
        scores = (W[centers][:, None] * C[targets]).sum(axis=2)
        return np.logaddexp(0, -scores).sum(axis=1).mean()

    model.step()
    rate = BATCH * LEARNING_RATE
    np.testing.assert_allclose(model.embeddings.W, W - rate * slope(lambda T: loss(T, C), W), atol=1e-7)
    np.testing.assert_allclose(model.embeddings.C, C - rate * slope(lambda T: loss(W, T), C), atol=1e-7)
    model.look()
    centers, contexts, negatives = model._probes
    targets = np.column_stack((contexts, negatives))
    assert model.minimized == pytest.approx(loss(model.embeddings.W, model.embeddings.C))
    assert model.minimized < model.loss


@pytest.mark.parametrize(
    "mistakes", [("overwrite",), ("overwrite", "wrong_sign"), ("overwrite", "no_negatives")]
)
def test_overwriting_keeps_the_last_row_of_each_word(mistakes):
    model = with_mistakes(*mistakes)
    for _ in range(20):
        model.step()
    batch = next_batch(model, 0 if "no_negatives" in mistakes else NEGATIVES)
    W, C = model.embeddings.W.copy(), model.embeddings.C.copy()
    new_W, new_C, rows = W.copy(), C.copy(), 0
    for center, context, noise in zip(*batch, strict=True):
        move = np.zeros(W.shape[1])
        for target, sign in [(context, 1), *((word, -1) for word in noise)]:
            sign = 1 if "wrong_sign" in mistakes else sign
            strength = -sign / (1 + np.exp(sign * (W[center] @ C[target])))
            move += strength * C[target]
            new_C[target] = C[target] - LEARNING_RATE * strength * W[center]
            rows += 1
        new_W[center] = W[center] - LEARNING_RATE * move
        rows += 1
    model.step()
    np.testing.assert_allclose(model.embeddings.W, new_W, atol=1e-12)
    np.testing.assert_allclose(model.embeddings.C, new_C, atol=1e-12)
    moved = np.any(new_W != W, axis=1).sum() + np.any(new_C != C, axis=1).sum()
    assert model.kept == pytest.approx(moved / rows)


@pytest.mark.slow
@pytest.mark.parametrize("mistakes", [(), ("one_table",), ("no_negatives",)])
def test_read_outs_are_what_a_loop_over_words_finds(trained, mistakes):
    model = trained(*mistakes)
    W, words = model.embeddings.W, model.words
    social = [i for i, word in enumerate(words) if word_class(word)]
    nearest = {i: nearest_neighbors(W, i, 1)[0][0] for i in social}
    hits = [word_class(words[nearest[i]]) == word_class(words[i]) for i in social]
    assert model.in_class == pytest.approx(np.mean(hits))
    assert model.good[social].tolist() == hits
    cosines = [cosine_similarity(W[i], W[j]) for i, j in combinations(range(len(W)), 2)]
    assert model.median == pytest.approx(np.median(cosines))
    assert model.longest == pytest.approx(max(np.sqrt((W**2).sum(axis=1))))
    flat = principal_coordinates(W)
    np.testing.assert_allclose(model.points @ model.points.T, flat @ flat.T, atol=1e-9)


def test_the_loss_on_the_probes_is_close_to_that_of_all_pairs(trained):
    model, counts = trained(), small_world_text.word_counts()
    noise = noise_distribution(counts)
    scores = model.embeddings.W @ model.embeddings.C.T
    true = np.logaddexp(0, -scores)[tuple(model.pairs.T)].mean()
    drawn = (np.logaddexp(0, scores) @ noise)[model.pairs[:, 0]].mean()
    assert model.loss == pytest.approx(true + NEGATIVES * drawn, abs=0.15)
    assert model.minimized == model.loss
    assert len(model._probes[0]) == PROBES


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistakes", "in_class", "median", "loss", "minimized", "words"),
    [
        ((), (1, 1), (0.2, 0.6), (1.9, 2.4), (1.9, 2.4), "A good map: 100%"),
        (("no_negatives",), (0.4, 0.85), (0.9, 1), (20, 60), (0, 0.01), "Collapsed: median cosine 0.9"),
        (("one_table",), (0.05, 0.4), (-0.3, 0.1), (3.9, 4.16), (3.9, 4.16), "Wrong neighbors: "),
        (("wrong_sign",), (0, 0.1), (0.98, 1), (20, 80), (0, 0.01), "Collapsed: median cosine 0.99"),
        (("no_negatives", "one_table"), (0, 0.4), (0.9, 1), (20, 80), (0, 0.01), "Collapsed: "),
    ],
)
def test_every_mistake_has_its_symptom(trained, mistakes, in_class, median, loss, minimized, words):
    model = trained(*mistakes)
    ranges = (in_class, median, loss, minimized)
    values = (model.in_class, model.median, model.loss, model.minimized)
    for value, (low, high) in zip(values, ranges, strict=True):
        assert low <= value <= high
    assert model.symptom.startswith(words)
    assert not model.ran_away


def test_a_shared_table_finds_company_and_two_tables_find_likeness(trained):
    counts = small_world_text.pair_counts(2)
    for mistakes, alike in (((), True), (("one_table",), False)):
        model = trained(*mistakes)
        near = [name for name, _ in model.neighbors]
        met = [counts[model.index["car"], model.index[name]] for name in near]
        assert all(word_class(name) == "vehicle" for name in near) is alike
        assert all(count > 0 for count in met) is not alike


def test_overwriting_learns_late(trained):
    model = with_mistakes("overwrite")
    while model.batch < model.per_epoch:
        model.step()
    model.look()
    assert model.in_class < 0.7
    assert model.symptom.startswith(("Behind", "Wrong", "Collapsed"))
    assert 0.08 < model.kept < 0.15
    late = trained("overwrite")
    assert late.in_class > 0.9
    assert "Only 1" in late.summary()


def test_large_steps_run_away_calmly(trained):
    model = trained("ten_times")
    assert model.ran_away
    assert 5 < model.batch < 15
    assert 1e6 < model.longest < 1e8
    assert np.isfinite(model.embeddings.C).all()
    assert "ran away" in model.summary()
    assert list(model.frames()) == [model.batch]
    before = deepcopy(model.embeddings.W)
    model.step()
    np.testing.assert_array_equal(model.embeddings.W, before)


@pytest.mark.slow
@pytest.mark.parametrize("on", list(product([False, True], repeat=len(SWITCHES))))
def test_any_mistakes_together_can_be_drawn(on):
    model = BreakItModel()
    model.set(**dict(zip(SWITCHES, on, strict=True)))
    for _, _ in zip(range(15), model.frames(), strict=False):
        pass
    size, words = read(break_it().picture(model))
    assert size == (852, 470)
    assert model.symptom in words
    assert np.isfinite([model.loss, model.minimized, model.median, model.longest]).all()
    model.set(ten_times=not on[-1])
    assert (model.batch, model.ran_away) == (0, False)


@pytest.mark.parametrize("mistakes", [(), ("wrong_sign",), ("overwrite", "ten_times")])
def test_the_map_is_never_mirrored_from_one_frame_to_the_next(mistakes):
    model = with_mistakes(*mistakes)
    maps = [model.points]
    for _, _ in zip(range(31), model.frames(), strict=False):
        maps.append(model.points)
        assert np.abs(model.points).max() <= model.reach
    for before, now in pairwise(maps):
        for flip in ([-1, 1], [1, -1], [-1, -1]):
            assert np.linalg.norm(now - before) <= np.linalg.norm(now * flip - before) + 1e-9


def test_a_second_training_goes_on(trained):
    model = deepcopy(trained())
    assert model.batch == model.goal == 3 * model.per_epoch
    frames = model.frames()
    assert next(frames) == model.goal
    next(frames)
    assert model.goal == 6 * model.per_epoch
    assert next(frames) > 3 * model.per_epoch + 1
    model.set(one_table=True)
    assert list(frames) == []
    assert model.batch == 0


def test_setting_what_is_set_is_no_new_start():
    model = with_mistakes("overwrite")
    model.step()
    model.set(overwrite=True, wrong_sign=False)
    assert model.batch == 1
    model.reset()
    assert (model.opening, model.mistakes) == (True, [])


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0.000"), (0.0004, "0.000"), (0.0123, "0.012"), (2.194, "2.19"), (51.5, "51.50"), (1234.5, "1,234"),
     (999_999, "999,999"), (3.75e6, "3.8 × 10⁶"), (9.99e11, "1.0 × 10¹²")],
)  # fmt: skip
def test_large_numbers_stay_short(value, written):
    assert large(value) == written


# --- view ---------------------------------------------------------------------------------------------


def test_the_picture_holds_the_numbers_of_the_model(demo):
    drawn = set()
    for _ in all_corners(demo):
        demo.model.start_over()
        demo.refresh()
        assert "Nothing learned yet" in look(demo)
        demo.model.train(1)
        demo.refresh()
        words, model = look(demo), demo.model
        for value in (f"{model.in_class:.0%}", f"{model.kept:.0%}", large(model.loss), large(model.longest)):
            assert value in words
        assert model.symptom in words
        drawn.add(demo.draw())
        demo.model.start_over()
        demo.refresh()
    assert len(drawn) >= 6


@pytest.mark.slow
@pytest.mark.parametrize("mistakes", [(), *((name,) for name in SWITCHES)])
def test_train_shows_the_symptom(demo, mistakes):
    for name in mistakes:
        demo.controls[name].value = True
    start = demo.draw()
    still = demo.still()
    demo.buttons["Train"].click()  # where no page listens, it runs through at once
    words = look(demo)
    if mistakes:  # without, the still picture is the one that it opens with, after all three epochs
        assert svg.untouchable(demo.draw()) == still
    assert demo.draw() != start
    assert demo.model.symptom in words
    assert ("reports 0.0" in words) == (mistakes in (("no_negatives",), ("wrong_sign",)))
    demo.buttons["Reset"].click()
    assert not any(demo.controls[name].value for name in SWITCHES)
    assert "batch 543 of 543" in look(demo)


def test_training_shows_many_frames_and_ends_by_itself(demo):
    seen = []
    demo._sheet.observe(lambda change: seen.append(change["new"]), "value")
    play(demo, demo.buttons["Train"].click)
    assert len(set(seen)) > 25
    assert demo.model.batch == demo.model.goal
    assert demo.stop_button.disabled
    look(demo)


def test_stop_and_go_on(demo):
    press = demo.buttons["Train"].click
    play(demo, press, pictures(demo, 3), demo.stop_button.click, idle)
    stopped = demo.model.batch
    assert 0 < stopped < demo.model.goal
    look(demo)
    play(demo, press, pictures(demo, 2), press, pictures(demo, 2), press)  # each counts
    assert demo.model.batch == demo.model.goal == 3 * demo.model.per_epoch
    look(demo)


def test_it_opens_with_a_training_without_mistakes_and_train_begins_anew(demo):
    first, model = demo.draw(), demo.model
    sound = with_mistakes()
    sound.train(3 * sound.per_epoch)
    np.testing.assert_array_equal(model.embeddings.W, sound.embeddings.W)
    assert model.opening
    assert "A good map: 100% in class" in look(demo)
    assert "batch 543 of 543" in look(demo)
    assert next(model.learn()) == 0
    assert not model.opening
    demo.buttons["Reset"].click()
    assert demo.draw() == first
    model.step()  # the model to begin with is not touched by that
    assert BreakItModel().batch == 543
    np.testing.assert_array_equal(BreakItModel().embeddings.W, sound.embeddings.W)


def test_a_touched_word_is_told_with_its_neighbors(demo):
    assert "nearest to car:" in look(demo)
    frame = view._frame(demo.model)
    for word in ("dog", "bread"):
        touch(demo, "map", *frame.at(*demo.model.points[demo.model.index[word]]))
        assert demo.model.word == demo.controls["word"].value == word
        ids, cosines = nearest_neighbors(demo.model.embeddings.W, demo.model.index[word], 3)
        told = " ".join(
            f"{demo.model.words[i]} {number(cosine)}" for i, cosine in zip(ids, cosines, strict=True)
        )
        assert f"nearest to {word}: {told}" in look(demo)
        assert demo.model.batch == 543  # to look is no new start
        touch(demo, "map", 20, 400)  # nothing is there
        assert demo.model.word == word


def test_a_switch_during_training_is_a_new_start(demo):
    def turn():
        demo.controls["overwrite"].value = True

    play(demo, demo.buttons["Train"].click, pictures(demo, 3), turn, idle)
    assert demo.model.batch == 0
    assert demo.stop_button.disabled
    assert "batch 0 of 181" in look(demo)
