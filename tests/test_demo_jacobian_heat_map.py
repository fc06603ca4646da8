"""The Jacobian heat map: the model against softmax itself, the view through every control."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, drag, handles, look, touch

from helpers.demos import jacobian_heat_map
from helpers.demos.jacobian_heat_map import PRESETS, JacobianHeatMapModel
from helpers.demos.scores import NAMES, signed, small

MARKS = "₁₂₃₄₅"


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


def test_a_touch_chooses_the_cell_under_the_hand_and_says_what_it_means():
    demo = jacobian_heat_map()
    demo.buttons["Sharp"].click()
    p = belief([4, -2, -2, -2, -2])
    cells = re.findall(r'<rect x="(\S+)" y="(\S+)" width="62" height="40" fill="#', demo.draw())
    assert len(cells) == 25
    for n, (x, y) in enumerate(cells):
        k, j = divmod(n, 5)
        touch(demo, "J", float(x) + 31, float(y) + 20)
        assert (demo.controls["row"].value, demo.controls["column"].value) == (k + 1, j + 1)
        slope = p[j] * ((k == j) - p[k])
        way = "rises" if slope > 0 else "falls"
        sentence = f"p{MARKS[j]} {way} by {small(abs(slope))} times as much"
        words = look(demo)
        assert f"Raise s{MARKS[k]} by a little, and {sentence}" in words
        assert f"Raise s{MARKS[k]} by a little, and {sentence}." in demo.model.summary()
        assert f"{'+' if slope > 0 else '−'}{abs(slope):.3f} Raise" in words


def test_the_frames_sit_on_the_chosen_row_and_cell():
    demo = jacobian_heat_map()
    x, y = map(float, re.search(r'<rect x="(\S+)" y="(\S+)" width="62" height="40"', demo.draw()).groups())
    for row, column in ((1, 1), (2, 5), (5, 3)):
        demo.model.set(row=row, column=column)
        frames = re.findall(r'<rect x="(\S+)" y="(\S+)" width="(\S+)" height="40" fill="none"', demo.draw())
        top = y + 40 * (row - 1)
        expected = [[x, top, 310], [x + 62 * (column - 1), top, 62]]
        assert [list(map(float, frame)) for frame in frames] == expected
        assert f"if s{MARKS[row - 1]} rises by 0.5" in demo.draw()


def test_a_score_can_be_dragged():
    demo = jacobian_heat_map()
    for key, handle in handles(demo).items():
        left, _, right, _ = handle.within
        for value in (-5.0, 5.0, 1.3):
            drag(demo, key, left + (right - left) * (value + 5) / 10, handle.at[1])
            assert demo.controls[key].value == getattr(demo.model, key) == value
            look(demo)


def test_what_belongs_to_a_class_is_linked():
    shapes = list(ElementTree.fromstring(jacobian_heat_map().draw()).iter())
    for k, mark in enumerate(MARKS):
        words = []
        for shape in shapes:
            if shape.get("data-with") == mark:
                words += [text.text for text in shape.iter() if text.tag.endswith("}text")]
        assert words.count(f"s{mark}") == 2  # of the table and of the score
        assert words.count(f"p{mark}") == 3  # of the table, the belief and the change
        assert f"{belief(PRESETS['Peaked'])[k]:.3f}" in words
