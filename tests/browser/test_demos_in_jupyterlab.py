"""Every demo in JupyterLab in a real browser, the way a reader uses it.

What a page has to show is computed in Python by a twin of the demo, driven the same way; page and twin
must agree to the last character of picture and status line. No test asserts a time: benchmarks/demos.py
measures those.
"""

import ipywidgets as widgets
import pytest
from axe_playwright_python.sync_playwright import Axe
from driving import handles, targets
from stage import DEMOS, PACED, Stage
from twin import Twin, key_presses

from helpers.demos import base
from tools.browser import VIEW, Notebook


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


# --- The hand in the picture --------------------------------------------------------------------------

ARROWS = {"ArrowRight": (1, 0), "ArrowLeft": (-1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}
TOUCHABLE = [name for name in DEMOS if handles(Twin(name).demo) or targets(Twin(name).demo)]
touchable_demos = pytest.mark.parametrize("stage", [n for n in TOUCHABLE if n not in PACED], indirect=True)

ON_PAGE = """([sheet, x, y]) => {
  const place = new DOMPoint(x, y).matrixTransform(sheet.querySelector('svg').getScreenCTM());
  return [place.x, place.y];
}"""
ON_SHEET = ON_PAGE.replace("getScreenCTM()", "getScreenCTM().inverse()")


def on_page(stage, x, y):
    """Where a pixel of the picture is on the page."""
    stage.sheet.scroll_into_view_if_needed()
    return stage.page.evaluate(ON_PAGE, [stage.sheet, x, y])


# Whether the page shows a handle there, up to a step of a slider.
NEAR = """([sheet, key, x, y]) => {
  const [atX, atY] = sheet.querySelector(`[data-drag][data-key='${key}']`).dataset.at.split(' ').map(Number);
  return Math.max(Math.abs(atX - x), Math.abs(atY - y)) < 12;
}"""


@touchable_demos
def test_arrow_keys_move_every_handle_as_python_says(stage):
    for key in handles(stage.twin.demo):
        for arrow, (across, down) in ARROWS.items():
            handle = handles(stage.twin.demo)[key]
            if (across and "x" not in handle.axes) or (down and "y" not in handle.axes):
                continue
            (x, y), (wide, high) = handle.at, handle.step
            stage.handle(key).focus()
            stage.page.keyboard.press(arrow)
            stage.notebook.wait_until_idle()
            stage.twin.hand("drag", key, *handle.allowed(x + across * wide, y + down * high))
            stage.agree(f"after {arrow} on {key}")
            assert stage.handle(key).evaluate("element => element === document.activeElement")


@touchable_demos
def test_the_mouse_drags_every_handle(stage):
    for key, handle in handles(stage.twin.demo).items():
        left, top, right, bottom = handle.within
        goal = handle.allowed(0.7 * left + 0.3 * right, 0.4 * top + 0.6 * bottom)
        stage.page.mouse.move(*on_page(stage, *handle.at))
        stage.page.mouse.down()
        stage.page.mouse.move(*on_page(stage, *goal), steps=7)
        stage.notebook.wait_until_idle()
        stage.page.mouse.up()
        stage.notebook.wait_until_idle()
        twin = Twin(stage.name)
        twin.hand("drag", key, *goal)
        stage.page.wait_for_function(NEAR, arg=[stage.sheet, key, *handles(twin.demo)[key].at])
        assert stage.sheet.query_selector(".demo-held") is None


@touchable_demos
def test_a_click_is_answered_as_python_says(stage):
    for key in targets(stage.twin.demo):
        stage.sheet.scroll_into_view_if_needed()
        box = stage.sheet.query_selector(f"[data-key='{key}']").bounding_box()
        x, y = round(box["x"] + 0.4 * box["width"]), round(box["y"] + 0.6 * box["height"])
        place = stage.page.evaluate(ON_SHEET, [stage.sheet, x, y])
        stage.page.mouse.click(x, y)
        stage.notebook.wait_until_idle()
        stage.twin.hand("touch", key, *place)
        stage.agree(f"after a click on {key}")


@pytest.mark.parametrize("stage", ["six_words"], indirect=True)
def test_a_click_on_a_handle_is_a_touch_of_what_it_lies_in(stage):
    for key in ("my", "cat", "cat"):
        at = handles(stage.twin.demo)[key].at
        stage.page.mouse.click(*on_page(stage, *at))
        stage.notebook.wait_until_idle()
        stage.twin.hand("touch", "map", *at)
        stage.agree(f"after a click on {key}")


@every_demo
def test_every_slider_has_a_name_and_says_its_number_as_it_is_read(stage):
    for name, control in stage.twin.demo.controls.items():
        handle = stage.control(name)
        if handle.first.get_attribute("role") == "slider":
            assert handle.get_attribute("aria-label") == control.description
            shown = stage.notebook.row(stage.place, control.description).locator(".widget-readout")
            assert handle.get_attribute("aria-valuetext") == shown.inner_text()


@every_demo
def test_words_are_spoken_when_the_picture_rests(stage):
    stage.press("Reset")
    words = stage.sheet.query_selector(".demo-words").text_content()
    voice = stage.cell.locator(".demo-voice[role=status]")
    voice.get_by_text(words, exact=True).wait_for(state="attached")


ROOM = 599  # what JupyterLab leaves of the 720 pixels of a projector
SHAPES = """() => [...document.querySelectorAll('.demo')].map(demo => {
  const sheet = demo.querySelector('.demo-content'), picture = sheet.querySelector('svg');
  const words = [...picture.querySelectorAll('text')].map(text => text.getBoundingClientRect())
    .filter(box => box.height);
  const {left, right} = picture.getBoundingClientRect();
  return {
    high: demo.getBoundingClientRect().height,
    aside: Math.max(demo.scrollWidth - demo.clientWidth, sheet.scrollWidth - sheet.clientWidth),
    cut: words.filter(box => box.left < left - 1 || box.right > right + 1).length,
    least: Math.min(...words.map(box => box.height)),
  };
})"""


@pytest.fixture
def shapes(all_demos):
    """Return a function that says how the demos lie on a page of some size."""

    def at(width: int, height: int) -> dict[str, dict]:
        all_demos.page.set_viewport_size({"width": width, "height": height})
        all_demos.page.wait_for_timeout(500)  # for the pictures to follow
        return dict(zip(DEMOS, all_demos.page.evaluate(SHAPES), strict=True))

    yield at
    all_demos.page.set_viewport_size(VIEW)


def test_every_demo_fits_a_projector(shapes):
    for name, shape in shapes(1280, 720).items():
        assert shape["high"] <= ROOM, name
        assert shape["aside"] <= 0, name


@pytest.mark.parametrize(("width", "letters"), [(640, 12), (390, 8)])
def test_every_demo_can_be_read_where_the_page_is_narrow(shapes, width, letters):
    """On a phone, and at 200 % on a projector, where 640 pixels are left: letters are not halved there."""
    found = shapes(width, 720)
    assert [name for name, shape in found.items() if shape["cut"]] == []
    least = {name: round(shape["least"], 1) for name, shape in found.items()}
    # The height of a line, about 1.2 times that of its letters.
    assert {name: high for name, high in least.items() if high < letters} == {}


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing_that_shuts_a_reader_out(all_demos, theme):
    all_demos.wear(theme)
    found = Axe().run(all_demos.page, context={"include": [[".demo"]]}, options={"runOnly": RULES})
    assert [(rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found.response["violations"]] == []
    checked = {rule["id"] for rule in found.response["passes"]}
    assert {"button-name", "aria-input-field-name", "label", "color-contrast", "target-size"} <= checked
