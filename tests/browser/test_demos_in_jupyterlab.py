"""Every demo in JupyterLab in a real browser, the way a reader uses it.

What a page has to show is computed in Python by a twin of the demo, driven the same way; page and twin
must agree to the last character of picture and status line. No test asserts a time: benchmarks/demos.py
measures those.
"""

import ipywidgets as widgets
import pytest
from stage import DEMOS, PACED, Stage
from twin import Twin, key_presses

from helpers.demos import base
from tools.browser import Notebook


@pytest.fixture(scope="module")
def all_demos(shared_context, lab):
    """A page with a cell for each demo."""
    name = lab.write("all_demos.ipynb", ["from helpers import demos", *(f"demos.{name}()" for name in DEMOS)])
    notebook = Notebook(shared_context.new_page(), lab, name)
    notebook.run_all()
    return notebook


@pytest.fixture
def stage(all_demos, context, request, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # for a twin that saves files
    all_demos.complaints.clear()
    stage = Stage(all_demos, request.param)
    yield stage
    stage.check()


@pytest.fixture
def pause(all_demos):
    """Set the seconds between two frames, for one test."""

    def set_to(seconds: float) -> None:
        all_demos.execute(f"from helpers.demos import base; base.FRAME_SECONDS = {seconds}")

    yield set_to
    set_to(base.FRAME_SECONDS)


every_demo = pytest.mark.parametrize("stage", DEMOS, indirect=True)
animated_demos = pytest.mark.parametrize(
    "stage", [name for name in DEMOS if Twin(name).demo.animated and name not in PACED], indirect=True
)


@every_demo
def test_tab_leads_to_every_control_and_button_in_order(stage):
    expected = [stage.control(name).element_handle() for name in stage.twin.demo.controls]
    expected += [stage.button(name).element_handle() for name in stage.twin.demo.buttons]
    stage.cell.locator(".jp-InputPrompt").click()  # the cell is chosen, as by the arrow keys in command mode
    reached = 0
    for _ in range(3 * len(expected) + 3):  # beside each slider there is its number
        stage.page.keyboard.press("Tab")
        reached += expected[reached].evaluate("element => element === document.activeElement")
        if reached == len(expected):
            return
    pytest.fail(f"Tab reached only {reached} of {len(expected)}")


@every_demo
def test_every_control_works_with_the_keyboard(stage):
    for name, control in stage.twin.demo.controls.items():
        stage.press("Reset")
        start = stage.twin.sheet
        sheets = {start}
        for keys, value in list(key_presses(control)):
            stage.turn(name, keys, value)
            sheets.add(stage.twin.sheet)
        if len(sheets) == 1:  # seen in what comes next, like a learning rate
            stage.press(next(iter(stage.twin.demo.buttons)))
            assert stage.twin.sheet != start, f"{name} changes nothing"


@every_demo
def test_every_button_works(stage):
    first, *others = stage.twin.demo.buttons
    for name in (first, *others):
        before = stage.twin.sheet
        stage.press(name)
        if stage.twin.sheet == before:  # a way back, and we were there already
            if others:
                stage.press(first)
            else:
                control, widget = next(iter(stage.twin.demo.controls.items()))
                stage.turn(control, *next(key_presses(widget)))
            before = stage.twin.sheet
            stage.press(name)
        assert stage.twin.sheet != before, f"{name} changes nothing"
        if stage.twin.endless:  # the page was stopped somewhere on the way
            stage.press("Reset")


@every_demo
def test_last_picture_belongs_to_the_last_position_of_a_drag(stage):
    controls = stage.twin.demo.controls
    name = max(controls, key=lambda name: positions(controls[name]))
    if not positions(controls[name]):
        return  # no slider
    control = controls[name]
    slider = stage.notebook.row(stage.place, control.description)
    slider.get_by_role("slider").hover()
    track = slider.locator(".noUi-base").bounding_box()
    far = track["width"] - 3 if control.value < (control.min + control.max) / 2 else 3
    stage.page.mouse.down()
    stage.page.mouse.move(track["x"] + far, track["y"] + track["height"] / 2, steps=30)
    stage.page.mouse.up()
    start = control.value
    shown = slider.locator(".widget-readout").inner_text().replace("−", "-").replace(",", "")
    stage.twin.set(name, type(control.value)(shown))
    assert control.value != start
    stage.agree(f"after dragging {name}")
    stage.notebook.wait_until_idle()
    stage.agree(f"when all is quiet after dragging {name}")


def positions(control) -> float:
    """How many positions a slider has."""
    if isinstance(control, widgets.IntSlider | widgets.FloatSlider):
        return (control.max - control.min) / control.step
    return 0


@animated_demos
def test_animations_show_every_frame_and_end(stage):
    """Some frames may melt into one on a busy machine; most are seen, and each is one of the twin's."""
    for name in stage.twin.demo.buttons:
        stage.press(name)
        frames = len(set(stage.twin.frames))
        if stage.twin.endless:
            stage.press("Reset")
        elif frames:
            seen, strange = stage.seen()
            assert strange == 0
            assert seen >= 35 / 51 * frames, f"{name} is no motion"
        if name == "Train 50 epochs":
            assert frames == 51


@animated_demos
def test_stop_ends_an_animation_before_its_end(stage, pause):
    frames = {}
    for name in stage.twin.demo.buttons:
        twin = Twin(stage.name)
        twin.press(name)
        frames[name] = twin.frames
    name = max(frames, key=lambda name: len(frames[name]))
    pause(15 / len(frames[name]))  # in slow motion it is not over before Stop arrives
    stage.begin(name)
    stage.stop()
    stopped = stage.sheet.inner_html()
    assert stopped in map(stage.normal, frames[name])
    assert stopped != stage.normal(frames[name][-1])
