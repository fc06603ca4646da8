"""One step for many: sums of steps against a loop over pairs and against the theory of small steps."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import drag, handles, look, read, touch

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
    assert read(demo.still())[0] == (860, 384)
    for rate in RATES:
        for at_once in SIZES:
            demo.controls["rate"].value, demo.controls["at_once"].value = rate, at_once
            words = look(demo)
            assert ("out of the picture" in words) == (max(demo.model.path) > 3)
            assert f"{demo.model.reach:.3g}" in words


# --- the hand -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", RATES)
def test_each_arrow_key_doubles_or_halves_the_steps_at_once(rate):
    demo = one_step_for_many()
    demo.controls["rate"].value, demo.controls["at_once"].value = rate, 1
    for sign, sizes in ((1, SIZES[1:]), (-1, SIZES[-2::-1])):
        for size in sizes:
            handle = handles(demo)["reach"]
            drag(demo, "reach", *handle.allowed(handle.at[0] + sign * handle.step[0], handle.at[1]))
            assert demo.model.at_once == demo.controls["at_once"].value == size


def test_the_axis_is_logarithmic_and_its_numbers_are_where_they_say():
    demo = one_step_for_many()
    places = {}
    for text in ElementTree.fromstring(demo.draw()).iter():
        if text.text in ("0.01", "0.1", "1", "10", "100") and float(text.get("x")) > 470:
            places[float(text.text)] = float(text.get("x"))
    assert len(places) == 5
    for rate in RATES:
        demo.controls["rate"].value = rate
        x = np.interp(np.log(demo.model.reach), np.log([*places]), [*places.values()])
        assert handles(demo)["reach"].at[0] == pytest.approx(x, abs=0.2)
        for wanted, place in places.items():
            touch(demo, "axis", place, 145)
            nearest = min(SIZES, key=lambda size: abs(np.log(size * rate * (1 + PUSH_WEIGHT) / wanted)))
            assert demo.model.at_once == nearest


def test_a_shrunk_sum_is_drawn_where_it_was_asked_for_and_where_it_ends():
    demo = one_step_for_many()
    demo.controls["limited"].value = True
    at = handles(demo)["reach"].at[0]
    circles = re.findall(r'<circle cx="([\d.]+)" cy="145" r="(\d)"', demo.draw())
    (used, _), (asked, _) = circles
    assert float(asked) == at
    assert float(used) < at
    demo.controls["limited"].value = False
    assert re.findall(r'<circle cx="([\d.]+)" cy="145" r="(\d)"', demo.draw()) == [(f"{at:g}", "7")]
