"""Rotate it: the model against the algebra of rotations, the view through every control."""

import re
from math import cos, hypot, radians, sin
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, idle, look, pictures, play, read

from helpers.demos import rotate_it, svg
from helpers.demos.rotate_it import PLANES, VECTORS, WORDS, RotateItModel
from helpers.geometry import cosine_similarity
from helpers.palette import CENTER

BOTH = pytest.mark.parametrize("jumped", [False, True])


def turned_by(angle, plane=(0, 3), jumped=False):
    model = RotateItModel()
    model.set(angle=angle, plane=plane)
    model.jumped = jumped
    return model


# --- model --------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("plane", PLANES.values())
def test_every_turn_moves_coordinates_and_no_angle(plane, jumped):
    for angle in range(0, 361, 8):
        model = turned_by(angle, plane, jumped)
        np.testing.assert_allclose(model.turn @ model.turn.T, np.eye(5), atol=1e-15)
        np.testing.assert_allclose(model.turned @ model.turned.T, VECTORS @ VECTORS.T, atol=1e-14)
        assert model.changed_cosines == 0
        if not jumped:
            assert (model.changed_coordinates == 0) == (angle % 360 == 0)


@pytest.mark.parametrize("plane", PLANES.values())
def test_two_turns_make_one(plane):
    a, b, both = (turned_by(angle, plane).turn for angle in (50, 70, 120))
    np.testing.assert_allclose(a @ b, both, atol=1e-15)
    assert np.linalg.det(a) == pytest.approx(1)


def test_a_turn_is_the_textbook_formula_and_a_quarter_turn_carries_one_coordinate_into_the_other():
    (x, y), a = VECTORS[0, [0, 3]], radians(33)
    np.testing.assert_allclose(
        turned_by(33).turned[0, [0, 3]], [x * cos(a) - y * sin(a), x * sin(a) + y * cos(a)], atol=1e-15
    )
    np.testing.assert_allclose(turned_by(90).turned[:, 3], VECTORS[:, 0], atol=1e-15)


def test_the_jump_gives_the_table_of_the_text():
    model = turned_by(77, (2, 4))
    for _ in range(2):  # a second jump changes nothing more
        model.jump()
        expected = [[0.1, 0.62, -0.1, 0.66, 0.2], [0.1, 0.56, -0.1, 0.58, 0.2], [0.1, 0.02, 0.8, -0.14, 0.3]]
        np.testing.assert_allclose(model.turned, expected, atol=1e-15)
        assert (model.changed_coordinates, model.changed_cosines, model.plane) == (15, 0, (1, 3))
    assert cosine_similarity(expected[0], expected[1]) == pytest.approx(0.999, abs=5e-4)
    assert "cos(car, plane) = 0.999, cos(car, elephant) = −0.110" in model.summary()
    model.reset()
    assert np.array_equal(model.turned, VECTORS)


@pytest.mark.parametrize(("start", "end"), [(0, 360), (360, 360), (30, 30), (33, 33)])
def test_once_around_visits_every_step_and_comes_back(start, end):
    model = turned_by(start)
    seen = [model.angle for _ in model.turn_around()]
    assert len(set(seen)) == 72
    assert seen[-1] == end
    steps = np.diff([start % 360, *seen]) % 360
    assert set(steps.tolist()) == {5}


# --- view ---------------------------------------------------------------------------------------------


def test_the_picture_holds_the_numbers_of_the_model():
    demo = rotate_it()
    for _ in all_corners(demo):
        words = look(demo)
        for value in demo.model.turned.flat:
            assert svg.number(abs(value)) in words
        for value in demo.model.cosines.flat:
            assert svg.number(abs(value), 3) in words
        assert f"{demo.model.changed_coordinates} of 15 have changed" in words
        assert "0 of 9 have changed" in words


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("plane", PLANES.values())
def test_names_stay_legible_beside_their_arrows_and_never_jump(plane, jumped):
    before = None
    for angle in range(0, 361, 12):
        model = turned_by(angle, plane, jumped)
        svg = _svg(model)
        read(svg)
        names = np.array([_place(svg, word) for word in WORDS])
        middle = re.search(r'<circle cx="(\S+)" cy="(\S+)"', svg).groups()
        for (right, down), tip in zip(names - np.array(middle, dtype=float), model.turned, strict=True):
            assert cosine_similarity([right, -down], tip[list(plane)]) > cos(radians(50))
        assert before is None or np.hypot(*(names - before).T).max() < 40
        before = names
    start = np.array([_place(_svg(turned_by(0, plane, jumped)), word) for word in WORDS])
    np.testing.assert_allclose(before, start, atol=0.11)  # a full turn brings the names back


def test_arrows_of_the_picture_are_the_words_in_that_plane():
    model = turned_by(65, (0, 4))
    svg = _svg(model)
    (x, y, radius) = map(float, re.search(r'<circle cx="(\S+)" cy="(\S+)" r="(\S+)"', svg).groups())
    tips = re.findall(rf'<polygon points="([\d.]+),([\d.]+) [^"]*" fill="{CENTER}"', svg)
    drawn = [((float(across) - x) / radius, (y - float(down)) / radius) for across, down in tips]
    np.testing.assert_allclose(drawn, model.turned[:, [0, 4]], atol=1e-3)
    assert max(hypot(*tip) for tip in drawn) < 1


def test_the_two_coordinates_are_linked_with_their_columns_and_each_word_with_its_cosines():
    demo = rotate_it()
    demo.model.set(angle=30, plane=(1, 4))
    linked = [shape for shape in ElementTree.fromstring(demo.draw()).iter() if shape.get("data-with")]
    words = {}
    for shape in linked:
        told = [text.text for text in shape.iter() if text.tag.endswith("}text") and text.text not in WORDS]
        words.setdefault(shape.get("data-with"), []).extend(told)
    before, now = VECTORS, demo.model.turned
    for k in range(5):
        column = [f"{x:.2f}".replace("-", "−") for x in (*before[:, k], *now[:, k])]
        name = {1: ["coordinate 2 →"], 4: ["↑ coordinate 5"]}.get(k, [])
        assert words[f"{k + 1}"] == [*name, f"{k + 1}", *column[:3], f"{k + 1}", *column[3:]]
    for k, word in enumerate(WORDS):
        column = [f"{x:.3f}".replace("-", "−") for x in demo.model.cosines[:, k]]
        assert words[word] == 2 * column


def test_the_number_to_watch_is_that_of_the_cosines():
    demo = rotate_it()
    demo.controls["angle"].value = 77
    assert re.findall(r'font-size="26"[^>]*>([^<]+)<', demo.draw()) == ["0 of 9"]


def test_buttons_move_the_controls_along():
    demo = rotate_it()
    first = demo.draw()
    demo.controls["angle"].value = 200
    demo.buttons["Jump to other axes"].click()
    assert (demo.controls["angle"].value, demo.controls["plane"].value) == (0, (1, 3))
    look(demo)
    demo.buttons["Reset"].click()
    assert demo.draw() == first


def test_a_turn_can_be_stopped_resumed_and_pressed_twice():
    demo, stopped = rotate_it(), []
    turn = demo.buttons["Turn once around"].click
    play(
        demo,
        turn,
        pictures(demo, 4),
        demo.stop_button.click,
        lambda: stopped.append(demo.model.angle),
        idle,
    )
    assert 0 < stopped[0] < 180
    assert demo.model.angle == stopped[0]
    assert demo.stop_button.disabled
    look(demo)
    play(demo, turn, pictures(demo, 3), turn, pictures(demo, 3), demo.buttons["Reset"].click, idle)
    assert demo.model.angle == 0
    look(demo)


def test_the_still_picture_shows_a_turn_even_where_nothing_was_touched():
    demo = rotate_it()
    assert "6 of 15 have changed" in read(demo.still())[1]
    assert demo.model.angle == 0
    demo.buttons["Jump to other axes"].click()
    assert demo.still() == svg.untouchable(demo.draw())


def _svg(model):
    demo = _svg.demo = getattr(_svg, "demo", None) or rotate_it()
    demo.model.set(angle=model.angle, plane=model.plane)
    demo.model.jumped = model.jumped
    return demo.draw()


def _place(svg, word):
    """Find the middle of the orange name."""
    name = rf'<text x="(\S+)" y="(\S+)" font-size="13" fill="{CENTER}"[^>]*>{word}<'
    x, y = re.search(name, svg).groups()
    return float(x), float(y)
