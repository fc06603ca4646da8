"""Three curves: the derivatives against differences of the loss, the view through every control."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import box_of, look, read

from helpers.demos import three_curves
from helpers.demos.three_curves import CHART, DEEPEST, ThreeCurvesModel, figures
from helpers.softmax import cross_entropy, jacobian, learning_signal

SVG = "{http://www.w3.org/2000/svg}"
SOME = (0.001, 0.0017, 0.05, 0.2, 1 / 3, 0.5, 0.9, 0.999)


@pytest.fixture(params=SOME)
def model(request):
    model = ThreeCurvesModel()
    model.set(p=request.param)
    return model


# --- model --------------------------------------------------------------------------------------------


def test_the_product_of_the_two_is_the_third(model):
    assert model.response * model.alarm == pytest.approx(model.signal, rel=1e-12)
    assert -1 < model.signal < 0


def test_the_three_are_the_derivatives_of_softmax_and_cross_entropy(model):
    scores = np.array([np.log(model.p / (1 - model.p)), 0.0])  # two classes, the first one is true
    assert model.response == pytest.approx(jacobian(scores)[0, 0])
    assert model.signal == pytest.approx(learning_signal(scores, 0)[0])
    up, down = (cross_entropy([scores[0] + h, 0], 0) for h in (1e-6, -1e-6))
    assert model.signal == pytest.approx((up - down) / 2e-6, abs=1e-8)
    h = 1e-6 * model.p
    assert model.alarm == pytest.approx((np.log(model.p - h) - np.log(model.p + h)) / (2 * h), rel=1e-6)


@pytest.mark.parametrize("wrong", [0, 1, -0.1, float("nan"), 2])
def test_certainty_is_out_of_range(wrong):
    model = ThreeCurvesModel()
    with pytest.raises(ValueError, match=r"p must be a number from 0\.001 to 0\.999"):
        model.set(p=wrong)
    assert model.p == 0.2


# --- view ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", SOME)
def test_the_picture_holds_the_three_values(p):
    demo = three_curves()
    demo.controls["p"].value = p
    words = look(demo)
    for value in (demo.model.response, demo.model.alarm, demo.model.signal):
        assert figures(value) in words
        assert figures(value) in demo.model.summary()
    assert ("on to" in words) == (demo.model.alarm < DEEPEST)


def test_everything_drawn_stays_inside_the_frame():
    demo = three_curves()
    for p in np.linspace(0.001, 0.999, 50):
        demo.model.set(p=p)
        svg = demo.draw()
        for path in re.findall(r' d="M([^"]+)"', svg):
            xs, ys = np.array([point.split() for point in path.split("L")], dtype=float).T
            assert xs.min() >= 50
            assert xs.max() <= 850
            assert ys.min() >= 30
            assert ys.max() <= 311


def test_no_curve_runs_along_the_bottom_edge():
    demo = three_curves()
    paths = [path.split("L") for path in re.findall(r' d="M([^"]+)"', demo.draw())]
    curves = [np.array([point.split() for point in path], dtype=float) for path in paths if len(path) > 2]
    assert len(curves) == 3
    for curve in curves:
        assert (curve[:, 1] > 309.5).sum() <= 1


def test_buttons_lead_to_their_places():
    demo = three_curves()
    for name, p in {"p = 0.001": 0.001, "p = 0.01": 0.01, "p = 0.5": 0.5, "p = 0.999": 0.999}.items():
        demo.buttons[name].click()
        assert demo.controls["p"].value == p
        look(demo)
    assert read(demo.still())[0] == (860, 360)


def test_each_curve_is_linked_with_its_mark_and_its_row():
    demo = three_curves()
    linked = [shape for shape in ElementTree.fromstring(demo.draw()).iter() if shape.get("data-with")]
    rows = {"response": ("p(1 − p)", "0.16"), "alarm": ("−1/p", "−5"), "signal": ("p − 1", "−0.8")}
    for name, (formula, value) in rows.items():
        curve, mark, row = (shape for shape in linked if shape.get("data-with") == name)
        assert [len(curve.findall(f"{SVG}path")), curve.findtext(f"{SVG}text")] == [1, formula]
        assert mark.tag == f"{SVG}g"
        words = [text.text for text in row.iter(f"{SVG}text")]
        assert f"= {formula}" in words
        assert value in words


def test_the_number_to_watch_is_the_product():
    demo = three_curves()
    for p, written in ((0.2, "−0.8"), (0.999, "−0.001"), (0.001, "−0.999")):
        demo.controls["p"].value = p
        assert re.findall(r'font-size="26"[^>]*>([^<]+)<', demo.draw()) == [written]


def test_the_words_of_the_arrow_that_leaves_cross_no_curve():
    demo = three_curves()
    for p in np.linspace(0.001, 0.333, 60):
        demo.model.set(p=p)
        root = ElementTree.fromstring(demo.draw())
        (words,) = (text for text in root.iter(f"{SVG}text") if (text.text or "").startswith("on to"))
        left, top, right, bottom = box_of(words)
        for y in (top, bottom):
            height = CHART.point(left, y)[1]
            assert CHART.point(right, y)[0] < -1 / height  # the black curve is farther to the right
            assert height < p - 1  # the green line and the gray curve are above
