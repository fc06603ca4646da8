"""Settings and models of demos: all or nothing, defaults that come back, animations that end in time."""

from enum import Enum

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.demos.settings import (
    Choice,
    Model,
    Slider,
    SteppingModel,
    Steps,
    Switch,
    Text,
    Toggle,
    animation,
)

WORDS = []


class Zoo(Model):
    weight = Slider("weight", 1, 0.0, 10.0, 0.25, "In tons")
    count = Slider("count", 2, 1, 9, 1)
    size = Steps("size", 0.1, (0.01, 0.1, 1, 10))
    animal = Choice("animal", "ape", lambda: WORDS, "Who")
    place = Choice("place", (0, 1), {"here": (0, 1), "there": (2, 3)})
    day = Toggle("day", True, {"day": True, "night": False})
    open = Switch("open", False)
    name = Text("name", "Hagenbeck")

    def __init__(self):
        self.news = []
        super().__init__()

    def start_over(self):
        super().start_over()
        self.news.append("new start")

    def changed(self, names):
        self.news.append(names)


@pytest.fixture(autouse=True)
def words():
    WORDS[:] = ["ape", "bat", "cat"]


@pytest.fixture
def zoo():
    return Zoo()


def values(model):
    return {name: getattr(model, name) for name in model.settings()}


FIRST = {
    "weight": 1.0,
    "count": 2,
    "size": 0.1,
    "animal": "ape",
    "place": (0, 1),
    "day": True,
    "open": False,
    "name": "Hagenbeck",
}


def test_a_class_has_settings_and_a_model_has_values(zoo):
    assert (Zoo.weight.high, Zoo.count.low, Zoo.weight.label) == (10.0, 1, "weight")
    assert values(zoo) == FIRST
    assert list(Zoo.settings()) == list(FIRST)  # in the order of the declaration
    assert type(zoo.weight) is float  # though the default is written as 1
    assert zoo.news == ["new start"]


def test_values_are_taken_over_and_only_what_is_new_is_told(zoo):
    zoo.set(weight=2, count=np.int64(3), size=1, animal="cat", place=(2, 3), day=False, open=True, name="")
    assert list(values(zoo).values()) == [2.0, 3, 1, "cat", (2, 3), False, True, ""]
    assert [type(zoo.weight), type(zoo.count)] == [float, int]
    assert zoo.news.pop() == set(FIRST)
    zoo.set(count=3, animal="bat")
    assert zoo.news.pop() == {"animal"}
    zoo.set(count=3)
    zoo.set()
    assert zoo.news == ["new start"]
    zoo.reset()
    assert values(zoo) == FIRST
    assert zoo.news == ["new start"] * 2
    assert values(Zoo()) == FIRST


BAD = {
    "weight": [-0.01, 10.1, np.nan, np.inf, "1", True, None, [1]],
    "count": [0, 10, 2.0, True, None, "2"],
    "size": [0.02, np.nan, None, "0.1", True],
    "animal": ["dog", "", None, 1],
    "place": [(1, 0), None, "here", 0],
    "day": [1, None, "day"],
    "open": [1, 0, None, "on"],
    "name": [None, 1, b"zoo"],
}


@pytest.mark.parametrize(("name", "bad"), [(name, bad) for name in BAD for bad in BAD[name]])
def test_one_wrong_value_and_nothing_changes(zoo, name, bad):
    good = {"weight": 3.0, "count": 4, "animal": "bat"}
    with pytest.raises(ValueError, match=f"^{name} must be "):
        zoo.set(**(good | {name: bad}))
    assert values(zoo) == FIRST
    assert zoo.news == ["new start"]


def test_what_is_allowed_is_said(zoo):
    for wrong, told in (
        ({"weight": 11}, "weight must be a number from 0 to 10, not 11"),
        ({"count": 2.5}, "count must be a whole number from 1 to 9, not 2.5"),
        ({"size": 2}, "size must be one of 0.01, 0.1, 1, 10, not 2"),
        ({"animal": "dog"}, "animal must be one of ape, bat, cat, not 'dog'"),
        ({"cage": 1}, "there is nothing called cage to set, only weight, count, size, animal, place"),
    ):
        with pytest.raises(ValueError) as problem:  # noqa: PT011
            zoo.set(**wrong)
        assert str(problem.value).startswith(told)


@given(st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans()))
def test_a_number_passes_exactly_where_it_lies_in_the_range(value):
    fits = not isinstance(value, bool | str | None) and 0 <= value <= 10
    try:
        assert Zoo.weight.check(value) == value
        assert fits
    except ValueError:
        assert not fits


def test_options_that_a_function_finds_are_asked_for_when_they_are_needed(zoo):
    WORDS.append("dog")
    zoo.set(animal="dog")
    assert [value for _, value in Zoo.animal.control("dog")._options_full] == ["ape", "bat", "cat", "dog"]


class Kind(Enum):
    weight = widgets.FloatSlider
    count = widgets.IntSlider
    size = widgets.SelectionSlider
    animal = widgets.Dropdown
    place = widgets.Dropdown
    day = widgets.ToggleButtons
    open = widgets.Checkbox
    name = widgets.Text


def test_every_kind_has_its_control(zoo):
    for name, setting in Zoo.settings().items():
        control = setting.control(getattr(zoo, name))
        assert type(control) is Kind[name].value
        assert (control.value, control.description) == (FIRST[name], setting.label)
        assert control.tooltip == (setting.tip or setting.label)
    assert isinstance(Text("t", "", suggesting=True).control(""), widgets.Combobox)
    formats = [Slider("s", 0.5, 0.0, 1.0, step).control(0.5).readout_format for step in (0.5, 0.05, 0.001)]
    assert formats == [".1f", ".2f", ".3f"]
    assert (
        Slider("s", 0.5, 0.0, 1.0, 0.1, width="200px", label_width="60px").control(0.5).layout.width
        == "200px"
    )


# --- animation ----------------------------------------------------------------------------------------


class Walk(SteppingModel):
    far = Slider("far", 5, 1, 9, 1)
    at = 0

    def start_over(self):
        super().start_over()
        self.at = 0

    def changed(self, names):
        """Go on."""

    @property
    def over(self):
        return self.at == self.far

    def apply_update(self):
        self.at += 1

    @animation
    def count(self, to):
        yield from range(to)


def test_a_run_holds_each_step_and_ends_where_nothing_is_left():
    walk = Walk()
    assert [walk.at for _ in walk.run(3)] == [1] * 3 + [2] * 3 + [3] * 3
    assert [walk.at for _ in walk.run(9)] == [4] * 3 + [5] * 3
    assert list(walk.run(1)) == []


@pytest.mark.parametrize("end", [Walk.start_over, Walk.reset, Walk.interrupt])
def test_a_new_start_ends_what_is_playing_and_a_new_setting_need_not(end):
    walk = Walk()
    frames, counts = walk.run(5), walk.count(5)
    assert [next(counts), next(counts)] == [0, 1]
    next(frames)
    walk.set(far=2)
    assert [walk.at for _ in range(3) if next(frames, 0) is None] == [1, 1, 2]
    end(walk)
    assert list(frames) == list(counts) == []
    assert list(walk.count(2)) == [0, 1]  # a later one plays
