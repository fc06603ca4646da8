"""One step for many: sums of steps against a loop over pairs and against the theory of small steps."""

import numpy as np
import pytest
from driving import look, read

from helpers.demos import one_step_for_many
from helpers.demos.one_step_for_many import PUSH_WEIGHT, READ, START, OneStepForManyModel, learn
from helpers.negative_sampling import log_sigmoid
from helpers.scale import LIMIT

SIZES = list(OneStepForManyModel.at_once.options.values())
RATES = list(OneStepForManyModel.rate.options.values())


def loss(w, c):
    return -log_sigmoid(w * c) - PUSH_WEIGHT * log_sigmoid(-w * c)


def difference(f, x, h=1e-6):
    return float(f(x + h) - f(x - h)) / (2 * h)


# --- model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at_once", "rate"), [(1, 0.1), (16, 0.025), (256, 0.025), (512, 0.005)])
def test_a_step_is_the_sum_of_gradients_taken_from_one_place(at_once, rate):
    w = c = START
    path = [w * c]
    for _ in range(10):
        dw, dc = difference(lambda x: loss(x, c), w), difference(lambda x: loss(w, x), c)  # noqa: B023
        w, c = w - sum([rate * dw] * at_once), c - sum([rate * dc] * at_once)
        path.append(w * c)
    found = learn(at_once, rate * at_once)[: len(path)]
    np.testing.assert_allclose(found, path[: len(found)], rtol=1e-4)


def test_pull_and_push_balance_at_the_wanted_score():
    model = OneStepForManyModel()
    scores = np.linspace(0.5, 2, 15_001)
    assert model.wanted == pytest.approx(scores[np.argmin(loss(scores, 1))], abs=1e-4)
    assert model.wanted == pytest.approx(np.log(3))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("at_once", SIZES)
def test_it_settles_exactly_where_the_theory_of_small_steps_says_so(at_once, rate):
    """Near the balance a step multiplies what is missing by 1 − 2 a s σ'(s)(1 + r), where a is η m."""
    model = OneStepForManyModel()
    model.set(at_once=at_once, rate=rate)
    s = model.wanted
    curvature = difference(lambda x: -difference(lambda y: loss(y, 1), x, 1e-4), s, 1e-4)
    factor = 1 + 2 * rate * at_once * s * curvature
    assert (model.outcome == "arrives") == (abs(factor) < 1), factor


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("at_once", SIZES)
def test_shrunk_sums_always_arrive(at_once, rate):
    model = OneStepForManyModel()
    model.set(at_once=at_once, rate=rate, limited=True)
    assert model.outcome == "arrives"
    assert model.reach * model.shrunk <= LIMIT * (1 + 1e-12)
    assert model.shrunk == 1 or model.reach > LIMIT


def test_all_that_can_happen_happens():
    outcomes = {}
    for at_once in SIZES:
        model = OneStepForManyModel()
        model.set(at_once=at_once)
        outcomes[at_once] = model.outcome
        assert len(model.path) == READ // at_once + 1 or model.outcome == "runs away"
    assert [outcomes[n] for n in (1, 128, 256, 512)] == ["arrives", "arrives", "swings", "runs away"]


# --- view ---------------------------------------------------------------------------------------------


def test_every_setting_can_be_read():
    demo = one_step_for_many()
    assert read(demo.still())[0] == (860, 360)
    for rate in RATES:
        for at_once in SIZES:
            demo.controls["rate"].value, demo.controls["at_once"].value = rate, at_once
            words = look(demo)
            assert ("out of the picture" in words) == (max(demo.model.path) > 3)
            assert f"{demo.model.reach:.3g}" in words
