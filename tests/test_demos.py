"""What every demo must keep, whatever it shows: it opens, obeys, plays, stops, resets, never breaks."""

import math
import re
import sys
from dataclasses import dataclass
from xml.etree import ElementTree

import ipywidgets as widgets
import numpy as np
import pytest
from driving import (
    all_corners,
    drag,
    handles,
    idle,
    look,
    pictures,
    places,
    play,
    playing,
    read,
    targets,
    touch,
    wander,
)

from helpers import demos
from helpers.demos import base
from helpers.demos.settings import Choice, Slider, Switch, Text
from helpers.palette import PALE

SVG = "{http://www.w3.org/2000/svg}"
NAMES = demos.__all__
LONG = {
    "break_it",
    "first_look",
    "the_small_world",
    "two_seeds",
    "your_own_corpus",
}  # these train, hundreds of steps a test


def params(names):
    return [pytest.param(name, marks=pytest.mark.slow) if name in LONG else name for name in names]


MOVING = {"TheWindow.position"}  # ends where the sentence does: see its own test

SHORTER = {"six_words": {"PLAY": 30}, "two_seeds": {"HOLD": 1}, "the_window": {"HOLD": 3}}


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    for name, constants in SHORTER.items():
        for constant, value in constants.items():
            monkeypatch.setattr(sys.modules[getattr(demos, name).Model.__module__], constant, value)
    monkeypatch.chdir(tmp_path)  # one of the buttons saves


@pytest.fixture(params=params(NAMES))
def name(request):
    return request.param


@pytest.fixture
def demo(name):
    return getattr(demos, name)()


def other(control):
    """Return a value that the control does not have."""
    return next(value for value in places(control)[::-1] if value != control.value)


# --- what a hand can do ---------------------------------------------------------------------------------


def test_a_handle_follows_the_hand(demo):
    rng = np.random.default_rng(0)
    for key in handles(demo):
        for _ in range(8):
            before = handles(demo)[key]
            wanted = before.allowed(*rng.uniform((0, 0), demo.size))
            drag(demo, key, *wanted)
            look(demo)
            assert handles(demo)[key].away(wanted) <= before.away(wanted) + 1
            assert all(control.value == getattr(demo.model, name) for name, control in demo.controls.items())


def test_each_arrow_key_moves_a_handle(demo):
    for key, handle in handles(demo).items():
        left, top, right, bottom = handle.within
        for sign in (1, -1):
            for axis, (low, high) in enumerate(((left, right), (top, bottom))):
                before = handles(demo)[key]
                wanted = list(before.at)
                wanted[axis] += sign * before.step[axis]
                if "xy"[axis] in before.axes and low < wanted[axis] < high:
                    drag(demo, key, *wanted)
                    after = handles(demo)[key]
                    moved = np.subtract(after.at, before.at) @ np.subtract(wanted, before.at)
                    assert moved > 0 or key == "rim", f"{key} does not move along {'xy'[axis]}"


def test_what_comes_from_an_older_picture_is_passed_over(demo):
    before = demo._sheet.value
    drag(demo, "gone", 10, 10)
    touch(demo, "gone", 10, 10)
    assert demo._sheet.value == before


def test_a_hand_takes_nothing_along_that_is_on_paper(demo):
    still = demo.still()
    assert "data-key" not in still
    assert "data-drag" not in still
    assert "tabindex" not in still
    assert "<svg" in still
    assert 'role="img"' in still


def test_the_hand_may_go_on_whatever_happens(demo, monkeypatch):
    answers = []
    monkeypatch.setattr(demo._sheet, "send", answers.append)
    monkeypatch.setattr(type(demo), "touch", lambda *_: 1 / 0)
    for key in targets(demo):
        touch(demo, key, 1, 1)
        assert "division" in demo._sheet.value
    assert len(answers) == len(targets(demo))


# --- what there is to see -----------------------------------------------------------------------------


def test_it_opens_and_everything_has_a_name(demo):
    look(demo)
    assert demo.__doc__
    for control in demo.controls.values():
        assert control.description
        assert control.tooltip
    described = [widget.description for widget in (*demo.controls.values(), *demo.buttons.values())]
    assert len(set(described)) == len(described)
    assert list(demo.buttons)[-1] == "Reset"
    assert all(widget.description == text for text, widget in demo.buttons.items())
    rows = [getattr(row, "children", ()) for row in demo.children]
    assert any(demo.stop_button in row for row in rows) == demo.animated


def test_the_still_picture_is_whole_and_is_the_one_on_pages_where_nothing_runs(demo, monkeypatch):
    before, state = demo.draw(), demo.model.summary()
    still = demo.still()
    size, words = read(still)
    assert (size, bool(words)) == (read(before)[0], True)
    monkeypatch.setattr(demo, "still", lambda: still)
    data = demo._repr_mimebundle_()[0]
    assert (data["image/svg+xml"], data["text/plain"]) == (still, state)
    assert (demo.draw(), demo.model.summary()) == (before, state)


def names_under_the_mouse(picture):
    return [title.text for title in ElementTree.fromstring(picture).iter(f"{SVG}title")]


def test_what_the_mouse_tells_is_a_name_and_no_paragraph(demo):
    for picture in (demo.draw(), demo.still()):
        assert all(0 < len(name) <= 80 for name in names_under_the_mouse(picture))
    for widget in (*demo.controls.values(), *demo.buttons.values()):
        assert len(widget.tooltip or "") <= 80


def test_lines_from_words_to_dots_are_few_short_and_pale(demo):
    """They begin where `helpers.demos.labels` ends them: 2.7 pixels beside a word, at half its height."""
    for picture in (demo.draw(), demo.still()):
        shapes, found = list(ElementTree.fromstring(picture).iter()), []
        words = [(float(t.get("x")), float(t.get("y")) - 4.55) for t in shapes if t.tag == f"{SVG}text"]
        for shape in shapes:
            if straight := re.fullmatch(r"M(\S+) (\S+)L(\S+) (\S+)", shape.get("d") or ""):
                x1, y1, x2, y2 = map(float, straight.groups())
                if any(abs(abs(x2 - x) - 2.7) < 0.2 and abs(y2 - y) < 0.2 for x, y in words):
                    found.append((shape.get("stroke"), math.hypot(x2 - x1, y2 - y1)))
        assert len(found) <= 6
        assert all(color == PALE and length <= 50 for color, length in found)


# --- controls and buttons -----------------------------------------------------------------------------


@pytest.mark.slow
def test_every_control_goes_through_its_corners(demo):
    seen = set()
    for _ in all_corners(demo):
        look(demo)
        seen.add(demo._sheet.value)
    assert len(seen) > len(demo.controls)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_any_order_of_controls_and_buttons_works(demo, seed):
    wander(demo, np.random.default_rng(seed), 20)


def test_reset_leads_back_to_the_first_picture(demo):
    first, values = demo.draw(), {key: control.value for key, control in demo.controls.items()}
    for control in demo.controls.values():
        control.value = other(control)
    for button in demo.buttons.values():
        button.click()
    demo.buttons["Reset"].click()
    assert demo.draw() == first
    assert {key: control.value for key, control in demo.controls.items()} == values
    look(demo)


@pytest.mark.slow
def test_every_button_can_be_pressed_twice(demo):
    for button in demo.buttons.values():
        for _ in range(2):
            button.click()  # no page is listening: an animation runs through at once
            look(demo)


# --- settings -----------------------------------------------------------------------------------------


@dataclass
class Case:
    """A setting of a demo's model, and values that it must not take."""

    demo: type
    setting: object

    @property
    def bad(self):
        setting = self.setting
        if isinstance(setting, Slider):
            parts = [setting.low + 0.5] if setting.whole else []
            return [setting.low - 1, setting.high + 1, np.nan, np.inf, None, "1", True, [setting.low], *parts]
        if isinstance(setting, Choice):
            return ["nothing of the kind", None, np.nan, -999]
        return {Switch: [None, 1, "on"], Text: [None, 3, ["a"]]}[type(setting)]

    def __str__(self):
        return f"{self.demo.__name__}.{self.setting.name}"


MODELS = [getattr(demos, name) for name in NAMES]
CASES = [Case(demo, setting) for demo in MODELS for setting in demo.Model.settings().values()]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_values_are_refused_and_leave_everything_as_it_was(case):
    demo = case.demo()
    model, name = demo.model, case.setting.name
    before, values = demo.draw(), {key: getattr(model, key) for key in model.settings()}
    good = {key: other(control) for key, control in demo.controls.items() if key != name}
    for bad in case.bad:
        for others in ({}, good):
            with pytest.raises(ValueError, match=f"^{name} must be .*, not "):
                model.set(**others, **{name: bad})
    with pytest.raises(ValueError, match="nothing called no_such_thing"):
        model.set(**good, no_such_thing=1)
    assert {key: getattr(model, key) for key in model.settings()} == values
    assert demo.draw() == before


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_setting_is_its_control(case):
    demo, setting = case.demo(), case.setting
    control = demo.controls[setting.name]
    assert list(demo.controls) == list(demo.model.settings())
    assert control.value == setting.default == setting.check(setting.default)
    assert type(setting.default) is type(setting.check(setting.default))
    for value in places(control):
        assert setting.check(value) == value
    if isinstance(control, widgets.IntSlider | widgets.FloatSlider) and str(case) not in MOVING:
        assert (control.min, control.max) == (setting.low, setting.high)


# --- animation ----------------------------------------------------------------------------------------


@pytest.fixture(params=params(name for name in NAMES if getattr(demos, name).animated))
def films(request):
    """Return a function that makes a demo, and the buttons that start an animation on it."""
    make, started = getattr(demos, request.param), []
    for text in make().buttons:
        demo = make()
        play(demo, demo.buttons[text].click, lambda demo=demo: started.append(playing(demo)), demo.stop)
    names = [text for text, animated in zip(make().buttons, started, strict=True) if animated]
    assert names, "the demo says that it is animated"
    return make, names


@pytest.mark.slow
def test_an_animation_ends_by_itself(films):
    make, names = films
    for name in names:
        demo, seen = make(), []
        demo._sheet.observe(seen.append, "value")
        play(demo, demo.buttons[name].click, lambda demo=demo: look(demo))
        assert len(seen) >= 3
        assert demo.stop_button.disabled
        look(demo)


def test_stop_stops_and_pressing_again_goes_on(films):
    make, names = films
    for name in names:
        demo, seen = make(), []
        press, note = demo.buttons[name].click, lambda demo=demo, seen=seen: seen.append(demo._sheet.value)
        play(demo, note, press, pictures(demo, 2), demo.stop_button.click, note, idle, note)
        assert seen[0] != seen[1] == seen[2]
        assert demo.stop_button.disabled
        look(demo)
        play(demo, press, pictures(demo, 2), note, demo.stop_button.click)
        assert seen[3] != seen[2]
        look(demo)


@pytest.mark.slow
def test_pressing_twice_plays_twice_one_after_the_other(films):
    make, names = films
    for name in names:
        demo, tasks = make(), []
        press, note = demo.buttons[name].click, lambda demo=demo, tasks=tasks: tasks.append(demo._task)
        play(demo, press, note, pictures(demo, 1), press, note)
        assert tasks[0] is tasks[1]
        look(demo)
        in_peace = make()
        for _ in range(2):
            in_peace.buttons[name].click()
        assert demo.draw() == in_peace.draw()


def test_reset_while_it_plays(films):
    make, names = films
    for name in names:
        demo = make()
        first, seen = demo.draw(), []
        note = lambda demo=demo, seen=seen: seen.append(demo.draw())  # noqa: E731
        play(demo, demo.buttons[name].click, pictures(demo, 2), demo.buttons["Reset"].click, note, idle, note)
        assert seen == [first, first]
        assert demo.stop_button.disabled
        look(demo)


@pytest.mark.slow
def test_settings_can_be_changed_while_it_plays(films):
    make, names = films
    for key in make().controls:
        demo = make()

        def turn(demo=demo, key=key):
            demo.controls[key].value = other(demo.controls[key])
            look(demo)

        play(demo, demo.buttons[names[-1]].click, pictures(demo, 1), turn, pictures(demo, 1), demo.stop)
        look(demo)
