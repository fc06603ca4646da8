"""Tours: what a page without Python can show of each demo."""

import json
from html import unescape
from itertools import chain, pairwise

import driving
import pytest

from helpers import demos
from helpers.demos import svg
from helpers.demos.base import Demo
from helpers.demos.settings import Choice, Model, Slider, Steps, Switch, Text
from helpers.demos.tour import START, State, press, record, turn, watch
from tools.site import tours


class CounterModel(Model):
    """Counts, and refuses to go beyond a limit."""

    step = Slider("step", 1, 1, 9, 1)
    share = Slider("share", 0.5, -1.0, 1.0, 0.25)
    unit = Choice("unit", 1, {"one": 1, "dozen": 12})
    size = Steps("size", 0.1, (0.1, 10.0))
    loud = Switch("loud", False)
    name = Text("name", "Ann")

    def start_over(self):
        super().start_over()
        self.count = 0

    def changed(self, names):
        pass

    def add(self):
        self.count += self.step * self.unit
        if self.count > 100:
            raise ValueError("the counter is full")

    def add_ten_times(self):
        for _ in range(10):
            self.add()
            yield

    def summary(self):
        return f"{self.count} < 101"


class Counter(Demo):
    Model = CounterModel
    size = (200, 100)
    path = ()

    def actions(self):
        return {"Add": self.model.add, "Ten times": self.model.add_ten_times}

    def tour(self):
        yield from self.path

    def parts(self, model):
        return [svg.target("spot", [svg.text(20, 40, f"{model.name} has {model.count}")])]


@pytest.fixture
def counter():
    return Counter()


def test_turning_says_what_a_reader_sees_beside_the_control(counter):
    turns = {"step": 7, "share": -0.25, "unit": 12, "size": 10.0, "loud": True, "name": "Bob"}
    said = [turn(counter, name, value) for name, value in turns.items()]
    assert said == ["step: 7", "share: −0.25", "unit: dozen", "size: 10", "loud: on", "name: Bob"]
    assert {name: getattr(counter.model, name) for name in turns} == turns
    assert "Bob has 0" in counter.shown


def test_a_button_is_pressed_to_the_end_of_its_animation(counter):
    assert [press(counter, "Add"), press(counter, "Ten times")] == ["Add", "Ten times"]
    assert counter.model.count == 11
    assert "Ann has 11" in counter.shown


@pytest.mark.parametrize(
    ("every", "counts"), [(1, [*range(1, 11)]), (4, [4, 8, 10]), (5, [5, 10]), (99, [10])]
)
def test_watching_stops_at_every_so_many_frames_and_at_the_last(counter, every, counts):
    seen = [(done, counter.model.count, counter.shown) for done in watch(counter, "Ten times", every)]
    assert [(done, count) for done, count, _ in seen] == [("Ten times", count) for count in counts]
    assert all(f"Ann has {count}<" in shown for _, count, shown in seen)


def test_a_record_holds_each_state_without_what_can_be_touched(counter):
    counter.path = (press(counter, "Add") for _ in range(3))
    states = record(counter)
    assert [state.done for state in states] == [START, *(f"Add ({k} of 3)" for k in (1, 2, 3))]
    for count, state in enumerate(states):
        assert f"Ann has {count}<" in state.shown
        assert f"{count} &lt; 101</div>" in state.shown
        assert "data-key" not in state.shown


def test_a_tour_on_which_something_goes_wrong_is_none(counter):
    counter.path = (turn(counter, "step", 9) and press(counter, "Ten times") for _ in range(2))
    with pytest.raises(ValueError, match="Counter, Ten times: the counter is full"):
        record(counter)


def test_a_value_that_the_control_does_not_have_is_refused(counter):
    with pytest.raises(ValueError, match="unit must be one of one, dozen, not 3"):
        turn(counter, "unit", 3)


@pytest.fixture(scope="module", params=demos.__all__)
def recorded(request):
    """The states of a tour; its model's words and settings at each of them, when it was walked again."""
    make = getattr(demos, request.param)
    model = (again := make()).model
    said = [
        (model.summary(), {name: getattr(model, name) for name in model.settings()})
        for _ in chain([START], again.tour())
    ]
    return record(make()), said, request.param


def test_each_demo_has_a_tour_whose_every_step_shows_something_new(recorded):
    states, said, _ = recorded
    assert 20 <= len(states) <= 40
    assert all(before.shown != after.shown for before, after in pairwise(states))
    assert [state.done for state in states].count(START) == 1
    assert all(0 < len(state.done) <= 40 for state in states)
    for state, (summary, _) in zip(states, said, strict=True):
        picture, _, words = state.shown.partition('<div class="demo-words demo-summary">')
        assert unescape(words.removesuffix("</div>")) == summary
        assert 'role="img"' in picture
        assert "data-drag" not in picture


def test_a_state_names_all_settings_that_brought_it_about(recorded):
    """Else a reader who has only the tour takes what it shows for the doing of something else.

    What goes back to where it was at the start, and what a button sets, needs no name.
    """
    states, said, name = recorded
    demo = getattr(demos, name)()
    settings = demo.model.settings()
    for state, ((_, before), (_, after)) in zip(states[1:], pairwise(said), strict=True):
        if state.done.partition(" (")[0] not in demo.buttons:  # without "(1 of 3)"
            named = [after[key] for key, setting in settings.items() if setting.label in state.done]
            known = {key: (before[key], setting.default, *named) for key, setting in settings.items()}
            assert {key: after[key] for key in known if after[key] not in known[key]} == {}, state.done


def test_every_third_picture_of_a_tour_is_legible(recorded):
    states, _, name = recorded
    sizes = {driving.read(state.shown.partition("<div")[0])[0] for state in states[::3]}
    assert sizes == {getattr(demos, name).size}


def test_a_tour_takes_less_than_400_kilobytes_of_a_page_and_comes_out_whole(recorded):
    states, _, name = recorded
    html = tours.figure(tours.Tour(name, states), "", "")
    assert len(html.encode()) < 400_000
    data = html.partition('<script type="application/json">')[2].rpartition("</script>")[0]
    assert "</" not in data
    assert tours.unpack(json.loads(data)) == states


def test_what_two_states_share_is_stored_once():
    picture = "<g>" + "".join(f"<p>{i}</p>" for i in range(1000)) + "</g>"
    states = [State(f"{i}", picture.replace("<p>500</p>", f"<p>at {i}</p>")) for i in range(40)]
    packed = tours.pack(states)
    assert tours.unpack(packed) == states
    assert len(json.dumps(packed)) < 2 * len(picture)


def test_nothing_in_a_state_can_end_the_script_that_holds_it():
    states = [State("</script><!--", "<p>&lt;/script></p><!-- <script> --></p>")] * 2
    html = tours.figure(tours.Tour("x", states), "", "")
    data = html.partition('<script type="application/json">')[2].partition("</script>")[0]
    assert tours.unpack(json.loads(data)) == states


def test_a_demo_made_of_what_cells_have_computed_is_made_after_them():
    before = [
        "from helpers.text import Vocabulary\nprint('not shown')\nwords = Vocabulary.from_sentences([['a']])"
    ]
    tour = tours.recorded("# the window\ndemos.the_window()", ["raise RuntimeError"])
    assert tour == tours.Tour("the_window", record(demos.the_window()))
    assert tours.recorded("print(demos.the_window)", ["raise RuntimeError"]) is None
    with pytest.raises(TypeError, match="give vocabulary and W together"):
        tours.recorded("demos.word_atlas(words)", before)
