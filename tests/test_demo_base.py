"""What happens between model and page: controls in order, a picture for every change, calm mistakes."""

import re
import subprocess
import sys
from html import unescape
from urllib.parse import unquote

import ipywidgets as widgets
import pytest
from driving import look, pictures, play, read, tell

from helpers.demos import svg
from helpers.demos.base import Demo
from helpers.demos.settings import Model, Slider, Switch
from helpers.demos.sheet import Sheet


class LampModel(Model):
    watts = Slider("watts", 40, 0, 100, 1)
    on = Switch("on", False)

    def start_over(self):
        super().start_over()
        self.hours = 0

    def burn(self):
        if self.watts > 90:
            raise ValueError("the lamp is too hot")
        self.hours += 1

    def night(self):
        for _ in range(3):
            self.burn()
            yield

    def summary(self):
        return f"{self.watts} watts, {'on' if self.on else 'off'}, {self.hours} hours"


class Lamp(Demo):
    Model = LampModel
    size, animated = (300, 100), True

    def actions(self):
        return {"Burn": self.model.burn, "Night": self.model.night}

    def carry_on(self, model):
        model.set(on=True)
        model.hours = 5

    def parts(self, model):
        return [svg.text(20, 50, model.summary())]


@pytest.fixture
def lamp():
    return Lamp()


def test_controls_and_buttons_come_in_the_order_in_which_they_are_said(lamp):
    controls, buttons, sheet = lamp.children
    assert list(controls.children) == list(lamp.controls.values())
    assert [control.description for control in controls.children] == ["watts", "on"]
    assert [button.description for button in buttons.children] == ["Burn", "Night", "Reset", "Stop"]
    assert isinstance(sheet, Sheet)
    assert read(lamp.draw()) == ((300, 100), "40 watts, off, 0 hours")


def test_a_control_moves_the_model_and_the_model_moves_the_controls(lamp):
    lamp.controls["watts"].value = 60
    assert look(lamp) == "60 watts, off, 0 hours"
    lamp.model.set(on=True)
    lamp.refresh()
    assert lamp.controls["on"].value
    lamp.buttons["Reset"].click()
    assert (lamp.controls["watts"].value, lamp.controls["on"].value) == (40, False)


def test_controls_of_ones_own_answer_to_the_reader_and_not_to_the_demo(lamp):
    dial, turned = widgets.IntText(0), []
    lamp.answer(dial, turned.append)
    dial.value = 3
    with lamp.silence():
        dial.value = 4
        lamp.controls["watts"].value = 60
    assert (turned, lamp.model.watts) == ([3], 40)
    dial.value = 5
    assert turned == [3, 5]


def test_a_subclass_may_reset_in_its_own_way():
    class Own(Lamp):
        def actions(self):
            return {"Reset": self.model.start_over, "Burn": self.model.burn}

    own = Own()
    own.controls["watts"].value = 60
    own.buttons["Reset"].click()
    assert own.model.watts == 60
    assert list(own.buttons) == ["Burn", "Reset"]


def test_the_still_picture_is_a_copy_carried_on(lamp):
    assert read(lamp.still())[1] == "40 watts, on, 5 hours"
    assert look(lamp) == "40 watts, off, 0 hours"


def test_a_mistake_is_one_calm_line_and_the_picture_stays(lamp):
    lamp.controls["watts"].value = 95
    picture = lamp.draw()
    for start in (lamp.buttons["Burn"].click, lambda: play(lamp, lamp.buttons["Night"].click)):
        start()
        assert [str(problem) for problem in lamp.problems] == ["the lamp is too hot"]
        assert picture in lamp._sheet.value
        assert "This did not work: the lamp is too hot." in lamp._sheet.value
        lamp.problems.clear()
    lamp.buttons["Reset"].click()
    look(lamp)


def test_opening_a_demo_needs_neither_matplotlib_nor_a_font():
    probe = "import sys; import helpers.demos; assert not {'matplotlib', 'PIL'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_who_wants_less_motion_sees_only_where_it_ends():
    counted = {}
    for reduced in (False, True):
        lamp, seen = Lamp(), []
        lamp._sheet.reduced_motion = reduced
        lamp._sheet.observe(seen.append, "value")
        play(lamp, lamp.buttons["Night"].click)
        counted[reduced] = len(seen)
        assert lamp.model.summary() in lamp._sheet.value
    assert counted[True] == 1 < counted[False]


def test_each_press_of_a_quick_hand_counts(lamp):
    night = lamp.buttons["Night"].click
    play(lamp, *[night] * 20)
    assert lamp.model.hours == 20 * 3
    play(lamp, night, night, pictures(lamp, 1), lambda: setattr(lamp.controls["on"], "value", True))
    assert lamp.model.hours < 3 * 3, "a new setting ends what was still to come"
    before = lamp.model.hours
    play(lamp, night, night, lamp.stop_button.click, night)
    assert lamp.model.hours <= before + 1 + 3


def test_what_nobody_sees_any_more_ends(lamp):
    lamp.model.night = lambda: iter(lambda: lamp.model.burn(), 0)  # never over
    play(lamp, lambda: lamp.act(lamp.model.night), pictures(lamp, 2), lambda: tell(lamp, {"gone": True}))
    assert lamp.stop_button.disabled


def test_a_knock_is_answered_and_changes_nothing(lamp, monkeypatch):
    answers, before = [], lamp._sheet.value
    monkeypatch.setattr(lamp._sheet, "send", answers.append)
    tell(lamp, {"alive": True})
    assert (answers, lamp._sheet.value, lamp.problems) == ([{"answered": True}], before, [])


def test_the_photograph_is_the_still_picture_word_for_word(lamp):
    data = lamp._repr_mimebundle_()[0]
    source, words = re.search(r'src="data:image/svg\+xml,([^"]*)" alt="([^"]*)"', data["text/html"]).groups()
    assert unquote(source) == data["image/svg+xml"]
    assert unescape(words) == read(data["image/svg+xml"])[1] == "40 watts, on, 5 hours"
    assert not set('<>"#%') & set(re.sub("%[0-9A-F]{2}", "", source))
    assert "Run this cell" in data["text/html"]
