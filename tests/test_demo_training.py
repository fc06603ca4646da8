"""Demos of training: a history that stays short and true, and steps that are those of helpers.skipgram."""

import numpy as np
import pytest

from helpers.demos.training import History, Training
from helpers.gradcheck import numerical_gradient
from helpers.skipgram import Embeddings, loss, train

COUNTS = np.array([[0, 3, 1], [3, 0, 2], [1, 2, 0]])


@pytest.fixture
def training():
    model = Training()
    model.begin(COUNTS, dim=2, seed=4, init_scale=0.5, learning_rate=0.7)
    return model


# --- history ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 7, 8, 9, 500])
def test_the_first_and_the_latest_moment_are_never_forgotten(length):
    history = History(limit=8)
    for time in range(length):
        history.add(time, [np.sin(time), time])
    assert len(history.times) == len(history.rows) == min(length, 8)
    assert (np.diff(history.times) > 0).all()
    assert history.times[[0, -1]].tolist() == [0, length - 1]
    np.testing.assert_array_equal(history.rows[:, 1], history.times)  # each row stays with its moment
    np.testing.assert_array_equal(history.rows[:, 0], np.sin(history.times))


def test_a_corner_is_kept_and_straight_stretches_are_thinned():
    history = History(limit=5)
    for time in range(101):
        history.add(time, [abs(time - 40)])
    assert 40 in history.times
    np.testing.assert_allclose(
        np.interp(range(101), history.times, history.rows[:, 0]), abs(np.arange(101) - 40)
    )


def test_a_long_decay_is_still_told_well():
    history = History()
    for time in range(5001):
        history.add(time, [np.exp(-time / 30), 1 / (1 + time / 200)])
    times = np.arange(5001)
    for column, truth in enumerate((np.exp(-times / 30), 1 / (1 + times / 200))):
        assert np.abs(np.interp(times, history.times, history.rows[:, column]) - truth).max() < 0.05


def test_time_runs_forward_and_numbers_are_numbers():
    history = History()
    history.add(3, [1.0])
    for time in (3, 2):
        with pytest.raises(ValueError, match="does not come after 3"):
            history.add(time, [1.0])
    with pytest.raises(ValueError, match="finite"):
        history.add(4, [np.nan])
    with pytest.raises(ValueError, match="limit"):
        History(limit=2)


# --- training -----------------------------------------------------------------------------------------


def test_a_step_goes_against_the_slope_of_the_loss(training):
    W, C = training.embeddings.W.copy(), training.embeddings.C.copy()
    training.step()
    slope_W = numerical_gradient(lambda W: loss(Embeddings(W, C), COUNTS), W)
    slope_C = numerical_gradient(lambda C: loss(Embeddings(W, C), COUNTS), C)
    np.testing.assert_allclose(training.embeddings.W, W - 0.7 * slope_W, atol=1e-8)
    np.testing.assert_allclose(training.embeddings.C, C - 0.7 * slope_C, atol=1e-8)
    assert training.loss == pytest.approx(loss(training.embeddings, COUNTS))


@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
def test_epochs_are_those_of_train_bit_by_bit(optimizer):
    model = Training()
    model.optimizer = optimizer
    model.begin(COUNTS, dim=2, seed=4, init_scale=0.5, learning_rate=0.3)
    model.train(5)
    model.step()
    for _ in model.frames(4):
        pass
    run = train(
        COUNTS,
        dim=2,
        rng=np.random.default_rng(4),
        epochs=10,
        learning_rate=0.3,
        init_scale=0.5,
        optimizer=optimizer,
    )
    np.testing.assert_array_equal(model.embeddings.W, run.embeddings.W)
    np.testing.assert_array_equal(model.embeddings.C, run.embeddings.C)
    np.testing.assert_array_equal(model.history.rows[:, 0], run.losses)
    assert (model.epoch, model.loss, model.highest_loss) == (10, run.losses[-1], run.losses.max())


def test_a_new_pace_counts_from_the_next_step_on(training):
    training.train(3)
    training.set_rate(0.05)
    W, C = training.embeddings.W.copy(), training.embeddings.C.copy()
    training.step()
    slope = numerical_gradient(lambda W: loss(Embeddings(W, C), COUNTS), W)
    np.testing.assert_allclose(training.embeddings.W, W - 0.05 * slope, atol=1e-8)
    assert training.epoch == 4


@pytest.mark.parametrize("rate", [60.0, 1e6, 1e200])
def test_numbers_that_run_away_are_taken_back_and_nothing_moves_any_more(training, rate):
    training.set_rate(rate)
    training.train(200)
    assert training.ran_away
    assert training.epoch < 200
    assert np.isfinite(training.embeddings.W).all()
    assert training.loss == pytest.approx(loss(training.embeddings, COUNTS))
    there = training.embeddings.W.copy(), training.epoch
    training.step()
    assert len(list(training.frames(10))) == 1
    np.testing.assert_array_equal(training.embeddings.W, there[0])
    assert training.epoch == there[1]


def test_a_smaller_pace_goes_on_from_where_the_numbers_ran_away(training):
    training.set_rate(60.0)
    training.train(200)
    epoch = training.epoch
    training.set_rate(0.01)
    training.train(3)
    assert not training.ran_away
    assert training.epoch == epoch + 3


def test_a_new_start_ends_the_frames_of_the_old_one(training):
    frames = training.frames(10)
    assert [next(frames), next(frames)] == [0, 1]
    training.begin(COUNTS, dim=2, seed=5, init_scale=0.5, learning_rate=0.7)
    assert list(frames) == []
    assert training.epoch == 0
