"""The Jacobian heat map: the model against softmax itself, the view through every control."""

import numpy as np
import pytest
from driving import all_corners, look

from helpers.demos import jacobian_heat_map
from helpers.demos.jacobian_heat_map import PRESETS, JacobianHeatMapModel
from helpers.demos.scores import NAMES, signed


def belief(scores):
    """Softmax as a textbook writes it."""
    powers = np.exp(np.asarray(scores, dtype=float))
    return powers / powers.sum()


@pytest.fixture(params=list(PRESETS))
def model(request):
    model = JacobianHeatMapModel()
    model.preset(request.param)
    return model


# --- model --------------------------------------------------------------------------------------------


def test_rows_are_what_central_differences_find(model):
    for k in range(5):
        up, down = model.chosen, model.chosen
        up[k] += 1e-5
        down[k] -= 1e-5
        np.testing.assert_allclose(model.J[k], (belief(up) - belief(down)) / 2e-5, atol=1e-9)


def test_what_one_probability_gains_the_others_lose(model):
    for row in range(1, 6):
        model.set(row=row)
        for change in (model.J[row - 1], model.predicted, model.real):
            assert abs(change.sum()) < 1e-14
            assert np.flatnonzero(change > 0).tolist() == [row - 1]


@pytest.mark.parametrize("row", range(1, 6))
def test_bump_compares_a_straight_line_with_softmax(model, row):
    model.set(row=row, bump=0.3)
    bumped = model.chosen + 0.3 * np.eye(5)[row - 1]
    np.testing.assert_allclose(model.real, belief(bumped) - belief(model.chosen), atol=1e-14)
    np.testing.assert_allclose(model.predicted, 0.3 * model.J[row - 1], atol=1e-14)


def test_half_the_bump_leaves_about_a_quarter_of_the_gap():
    model, gaps = JacobianHeatMapModel(), []
    for bump in (0.2, 0.1):
        model.set(bump=bump)
        gaps.append(np.abs(model.real - model.predicted).max())
    assert gaps[1] == pytest.approx(gaps[0] / 4, rel=0.1)


@pytest.mark.parametrize(
    ("preset", "trace", "largest"),
    [("Balanced", 0.8, 0.2), ("Two-way tie", 0.5, 0.5), ("Sharp", 0.02, 0.012)],
)
def test_balanced_is_strongest_by_the_trace_only(preset, trace, largest):
    model = JacobianHeatMapModel()
    model.preset(preset)
    assert model.trace == pytest.approx(trace, abs=1e-3)
    assert model.largest_eigenvalue == pytest.approx(largest, abs=1e-3)


def test_both_strengths_keep_their_bounds():
    rng, model = np.random.default_rng(0), JacobianHeatMapModel()
    for _ in range(200):
        model.set(**dict(zip(NAMES, rng.uniform(-5, 5, 5), strict=True)))
        p = belief(model.chosen)
        assert model.trace == pytest.approx(1 - p @ p)
        assert model.trace < 0.8
        # No direction moves p farther: compare with many of them.
        directions = rng.standard_normal((100, 5))
        reach = np.linalg.norm(directions @ model.J, axis=1) / np.linalg.norm(directions, axis=1)
        assert reach.max() - 1e-12 <= model.largest_eigenvalue <= 0.5


# --- view ---------------------------------------------------------------------------------------------


def test_the_picture_holds_the_numbers_of_the_model():
    demo = jacobian_heat_map()
    for _ in all_corners(demo):
        words = look(demo)
        assert [words.count("= 0.00"), words.count("row sum")] == [5, 1]
        for value in (*demo.model.predicted, *demo.model.real):
            assert signed(value) in words
        for value in (demo.model.trace, demo.model.largest_eigenvalue):
            assert f"{value:.3f}" in words
            assert f"{value:.3f}" in demo.model.summary()


def test_presets_move_the_sliders():
    demo = jacobian_heat_map()
    for name, scores in PRESETS.items():
        demo.buttons[name].click()
        assert [demo.controls[s].value for s in NAMES] == list(scores)
        look(demo)


def test_the_outline_sits_on_the_nudged_row():
    demo, seen = jacobian_heat_map(), set()
    for row in range(1, 6):
        demo.controls["row"].value = row
        svg = demo.draw()
        outline = svg.split('stroke-width="3"')[0].rsplit("<rect", 1)[1]
        seen.add(outline)
        assert f"if s{'₁₂₃₄₅'[row - 1]} rises by 0.5" in svg
    assert len(seen) == 5
