"""The sheet on the page, with a small demo of its own: narrow pages, links, and Python that is away."""

import pytest
from nbformat import v4

from helpers import demos
from tools.browser import Notebook

LAMP = """
from helpers.demos import svg
from helpers.demos.base import Demo
from helpers.demos.settings import Model, Slider


class LampModel(Model):
    watts = Slider("watts", 40, 0, 100, 1)

    def start_over(self):
        super().start_over()
        self.hours = 0

    def night(self):
        for _ in range(5000):
            self.hours += 1
            yield

    def summary(self):
        return f"{self.watts} watts, {self.hours} hours"


class Lamp(Demo):
    Model = LampModel
    size, animated = (860, 200), True

    def actions(self):
        return {"Night": self.model.night}

    def drag(self, key, x, y):
        self.model.set(watts=round((x - 500) / 3))

    def touch(self, key, x, y):
        self.model.set(watts=77)

    def parts(self, model):
        place, room = 500 + 3 * model.watts, (500, 120, 800, 120)
        left = [svg.linked("a", [svg.text(20, 40, "watts")]), svg.linked("b", [svg.text(20, 80, "hours")])]
        left.append(svg.target("spot", [svg.rect(20, 120, 100, 60, "#d0d7de")]))
        right = [
            svg.linked("a", [svg.text(450, 40, str(model.watts))]),
            svg.linked("b", [svg.text(450, 80, str(model.hours))]),
            svg.handle("watts", place, 120, "watts", room, (3, 3), "x"),
        ]
        return [svg.panel((0, 0, 430, 200), left), svg.panel((430, 0, 430, 200), right)]


lamps = globals().setdefault("lamps", [])
lamps.append(Lamp())
lamps[-1]
"""
DRAWN = "e => { const box = e.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; }"


@pytest.fixture
def lamp(context, lab):
    notebook = Notebook(context.new_page(), lab, lab.write("lamp.ipynb", [LAMP]))
    notebook.run_all()
    return notebook


EVALUATE = """async code => {
  const kernel = panel().sessionContext.session.kernel;
  const asked = {code: '', silent: true, user_expressions: {answer: code}};
  const answer = await kernel.requestExecute(asked).done;
  return answer.content.user_expressions.answer.data['text/plain'];
}"""


def ask(notebook, code):
    """What an expression is in the kernel, in letters."""
    return notebook.page.evaluate(EVALUATE, code)


def comes_true(notebook, code):
    """Wait until an expression is true in the kernel: what a hand does may arrive later than what we ask."""
    notebook.page.wait_for_function(f"async code => (await ({EVALUATE})(code)) === 'True'", arg=code)


def says(notebook, words):
    """Wait until the words under the picture have these in them."""
    said = "words => document.querySelector('.demo-words').textContent.includes(words)"
    notebook.page.wait_for_function(said, arg=words)


def becomes(notebook, code, value):
    """Wait until an expression has this value on the page: a hand's next step must not come before."""
    same = f"value => JSON.stringify(({code})()) === JSON.stringify(value)"
    notebook.page.wait_for_function(same, arg=value)


def letters(notebook):
    """How high the letters of the picture are on the page."""
    return notebook.sheet(0).locator("text").first.evaluate(DRAWN)[3]


def wide(notebook, width):
    """Make the page so wide, and wait until the picture has followed."""
    notebook.page.set_viewport_size({"width": width, "height": 720})
    below = "([sheet, below]) => sheet.querySelector('[data-panel]').hasAttribute('transform') === below"
    notebook.page.wait_for_function(below, arg=[notebook.sheet(0).element_handle(), width < 800])


def test_panels_go_below_each_other_where_the_page_is_narrow_and_back(lamp):
    """1280 pixels at 200 % are 640: letters that keep their height there are twice as high on the screen."""
    wide(lamp, 1280)
    usual = letters(lamp)
    for width, least in ((640, 1), (390, 0.6), (1280, 1)):
        wide(lamp, width)
        assert letters(lamp) >= least * usual
        boxes = [panel.evaluate(DRAWN) for panel in lamp.sheet(0).locator("[data-panel] text").all()]
        page = lamp.sheet(0).evaluate(DRAWN)
        assert all(page[0] <= x and x + w <= page[0] + page[2] for x, _, w, _ in boxes)
        assert lamp.sheet(0).evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
    lamp.check()


@pytest.mark.parametrize("width", [1280, 640, 390])
def test_the_hand_leads_the_handle_at_any_width(lamp, width):
    wide(lamp, width)
    handle = lamp.sheet(0).locator("[data-key=watts]")
    handle.scroll_into_view_if_needed()
    x, y, w, h = handle.evaluate(DRAWN)
    unit = w / 24
    lamp.page.mouse.move(x + w / 2, y + h / 2)
    lamp.page.mouse.down()
    lamp.page.mouse.move(x + w / 2 + 60 * unit, y + h / 2, steps=5)
    lamp.wait_until_idle()
    led = """([x, near]) => {
      const handle = document.querySelector('[data-key=watts]').getBoundingClientRect();
      return Math.abs(handle.x - x) < near;
    }"""
    lamp.page.wait_for_function(led, arg=[x + 60 * unit, 3 * unit])
    lamp.page.mouse.up()
    lamp.wait_until_idle()
    comes_true(lamp, "abs(lamps[-1].model.watts - 60) <= 1")
    lamp.check()


def test_what_is_about_the_same_lights_up_together(lamp):
    opacity = """() => [...document.querySelectorAll('.demo [data-with]')].map(
      part => getComputedStyle(part).opacity)"""
    becomes(lamp, opacity, ["1"] * 4)
    for text, lit in (("watts", ["1", "0.25"] * 2), ("0", ["0.25", "1"] * 2)):
        lamp.sheet(0).get_by_text(text, exact=True).first.hover()
        becomes(lamp, opacity, lit)
        lamp.execute("lamps[-1].refresh(); lamps[-1].model.set(watts=lamps[-1].model.watts)")
        lamp.wait_until_idle()
        becomes(lamp, opacity, lit)  # a redraw keeps it
    lamp.page.mouse.move(2, 2)
    becomes(lamp, opacity, ["1"] * 4)


def test_a_cell_that_is_run_again_leaves_nothing_that_plays(lamp):
    lamp.button(0, "Night").click()
    says(lamp, "2 hours")
    lamp.run_cell(0)
    lamp.page.wait_for_function(
        "() => document.querySelector('.demo-words').textContent.includes(' 0 hours')"
    )
    comes_true(lamp, "all(lamp.stop_button.disabled for lamp in lamps)")
    assert ask(lamp, "lamps[0].model.hours < 4000") == "True"
    lamp.check()


SHUT_DOWN = "async () => { await panel().sessionContext.shutdown(); return true; }"
RESTART = "async () => { await panel().sessionContext.restartKernel(); return true; }"


@pytest.mark.parametrize(
    ("end", "line"),
    [(SHUT_DOWN, "it was shut down. If so, run this cell"), (RESTART, "from an earlier run. Run this cell")],
    ids=["shut down", "restarted"],
)
def test_a_line_says_that_python_is_away_and_what_to_do(lamp, end, line):
    note = lamp.cell(0).locator(".demo-note")
    assert not note.is_visible()
    picture = lamp.sheet(0).inner_html()
    lamp.page.wait_for_function(end)
    lamp.button(0, "Night").click()
    lamp.sheet(0).locator("[data-key=watts]").press("ArrowRight")
    note.get_by_text(line).wait_for()
    becomes(lamp, "() => document.querySelector('.demo-content').innerHTML", picture)


def test_a_notebook_opened_on_another_day_shows_its_last_picture_and_what_to_do(lamp, lab, context):
    lamp.sheet(0).locator("[data-key=watts]").press("ArrowRight")
    says(lamp, "41 watts")
    picture = lamp.sheet(0).inner_html()
    lamp.command("docmanager:save")
    lamp.page.close()
    later = Notebook(context.new_page(), lab, "lamp.ipynb")  # no kernel is left
    lab.trust("lamp.ipynb")  # as the one who ran it
    later.reload()
    later.cell(0).get_by_text("from an earlier run. Run this cell").wait_for()
    assert later.sheet(0).inner_html() == picture
    assert later.cell(0).get_by_role("button", name="Night").is_visible()
    later.check()


def test_a_notebook_that_is_not_trusted_shows_the_picture_and_what_to_do(lab, context):
    demo = demos.rotate_it()
    data = demo._repr_mimebundle_()[0]
    cell = v4.new_code_cell("demos.rotate_it()", outputs=[v4.new_output("display_data", data=data)])
    (lab.folder / "first.ipynb").write_text(v4.writes(v4.new_notebook(cells=[cell])), encoding="utf-8")
    notebook = Notebook(context.new_page(), lab, "first.ipynb")
    notebook.cell(0).get_by_text("Run this cell", exact=True).wait_for()
    image = notebook.cell(0).locator("img")
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == list(demo.size)
    assert image.evaluate("image => image.getBoundingClientRect().width") > 600
    assert notebook.cell(0).locator(".demo").count() == 0
    notebook.check()


SPARED = """() => {
  window.spared = [];
  const note = event => spared.push([event.key, event.target.hasAttribute('data-lm-suppress-shortcuts')]);
  document.addEventListener('keydown', note, true);
}"""


def test_keys_of_a_slider_and_a_handle_are_kept_from_the_notebook_and_no_others(lamp):
    """Notebook 7 takes keys on their way to the slider, JupyterLab on their way back."""
    lamp.page.evaluate(SPARED)
    slider, handle = lamp.cell(0).get_by_role("slider"), lamp.sheet(0).locator("[data-key=watts]")
    for place, key in ((slider, "ArrowUp"), (slider, "Home"), (handle, "ArrowLeft"), (handle, "Control")):
        place.press(key)
        lamp.wait_until_idle()
    spared = [["ArrowUp", True], ["Home", False], ["ArrowLeft", True], ["Control", False]]
    assert lamp.page.evaluate("() => window.spared") == spared
    becomes(lamp, "() => document.querySelectorAll('[data-lm-suppress-shortcuts]').length", 0)
    lamp.check()


SPOT = "[data-key=spot]"
WATTS = "[data-key=watts]"
MIDDLE = """part => {
  document.querySelector('.demo-content').scrollIntoView({block: 'center'});
  const box = document.querySelector(part).getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


def test_a_click_on_a_picture_that_moves_is_heard(lamp):
    """Between press and release, the part that was pressed has made way for its like."""
    lamp.button(0, "Night").click()
    says(lamp, "2 hours")
    lamp.page.mouse.move(*lamp.page.evaluate(MIDDLE, SPOT))
    spot = lamp.page.query_selector(SPOT)
    lamp.page.mouse.down()
    lamp.page.wait_for_function("spot => !spot.isConnected", arg=spot)
    lamp.page.mouse.up()
    says(lamp, "77 watts")
    lamp.check()


def test_a_hand_that_trembles_touches_and_one_that_leaves_does_not(lamp):
    x, y = lamp.page.evaluate(MIDDLE, SPOT)
    for far, heard in ((60, "40 watts"), (2, "77 watts")):
        lamp.page.mouse.move(x, y)
        lamp.page.mouse.down()
        lamp.page.mouse.move(x + far, y)
        lamp.page.mouse.up()
        lamp.wait_until_idle()
        says(lamp, heard)
    lamp.check()


def test_shift_enter_runs_the_cell_even_from_a_handle(lamp):
    lamp.sheet(0).locator(WATTS).press("Shift+Enter")
    lamp.page.wait_for_function("() => panel().content.widgets[0].model.executionCount === 2")
    lamp.check()


def test_what_the_focus_lit_up_goes_out_with_it(lamp):
    faded = "() => document.querySelectorAll('.demo-linking').length"
    linked = "() => document.querySelector('[data-key=watts]').parentElement.dataset.with = 'watts'"
    lamp.page.evaluate(linked)
    lamp.sheet(0).locator(WATTS).focus()
    becomes(lamp, faded, 1)
    lamp.button(0, "Night").focus()
    becomes(lamp, faded, 0)


def test_the_animation_plays_on_in_one_view_when_another_is_closed(context, lab):
    lamp = Notebook(context.new_page(), lab, lab.write("views.ipynb", [LAMP, "lamps[-1]"]))
    lamp.run_all()
    lamp.button(1, "Night").click()
    says(lamp, "2 hours")
    lamp.page.evaluate("() => { panel().content.activeCellIndex = 1; }")
    lamp.command("notebook:clear-cell-output")
    lamp.page.wait_for_function("() => document.querySelectorAll('.demo-content').length === 1")
    hours = int(ask(lamp, "lamps[-1].model.hours"))
    beyond = "hours => document.querySelector('.demo-words').textContent.match(/(\\d+) hours/)[1] > hours + 9"
    lamp.page.wait_for_function(beyond, arg=hours)
    lamp.check()


SCROLLED = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"


@pytest.fixture
def fingers(lamp, context):
    """Touch the page: {0: (x, y)} puts fingers down or moves them, and {} lifts all."""
    touch, down = context.new_cdp_session(lamp.page), set()
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def put(places):
        kind = "touchStart" if places.keys() - down else "touchMove" if places else "touchEnd"
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in places.items()]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        down.clear()
        down.update(places)

    return put


def test_a_finger_drags_a_handle_and_does_not_scroll_the_page(lamp, fingers):
    lamp.page.set_viewport_size({"width": 1280, "height": 400})
    lamp.execute("lamps[-1].layout.height = '900px'")
    lamp.page.wait_for_function("() => document.querySelector('.demo').offsetHeight === 900")
    x, y = lamp.page.evaluate(MIDDLE, WATTS)
    before = lamp.page.evaluate(SCROLLED)
    unit = lamp.sheet(0).locator(WATTS).evaluate(DRAWN)[2] / 24
    fingers({0: (x, y)})
    for step in range(1, 11):
        fingers({0: (x + 6 * step * unit, y - 6 * step)})
    fingers({})
    says(lamp, "60 watts")
    assert lamp.page.evaluate(SCROLLED) == before
    lamp.check()


def test_a_second_finger_does_not_take_the_handle_from_the_first(lamp, fingers):
    x, y = lamp.page.evaluate(MIDDLE, WATTS)
    left, top = lamp.page.evaluate(MIDDLE, SPOT)
    unit = lamp.sheet(0).locator(WATTS).evaluate(DRAWN)[2] / 24
    fingers({0: (x, y)})
    fingers({0: (x + 30 * unit, y)})
    fingers({0: (x + 30 * unit, y), 1: (left, top)})
    fingers({0: (x + 60 * unit, y), 1: (left, top)})
    fingers({0: (x + 60 * unit, y), 1: (left + 30, top)})
    fingers({})
    says(lamp, "60 watts")
    lamp.check()


def test_a_redraw_fades_nothing_that_no_hand_points_at(lamp):
    """The handle that was dragged has the focus still, and gets it again with each picture."""
    faded = "() => document.querySelectorAll('.demo-linking').length"
    lamp.execute("""
lamps[-1].parts = lambda model: [svg.linked("watts", [svg.handle(
    "watts", 500 + 3 * model.watts, 120, "watts", (500, 120, 800, 120), (3, 3), "x")]),
    svg.linked("other", [svg.text(400, 50, "other")])]
lamps[-1].refresh()""")
    becomes(lamp, "() => document.querySelectorAll('[data-with=other]').length", 1)
    x, y = lamp.page.evaluate(MIDDLE, WATTS)
    lamp.page.mouse.move(x, y)
    lamp.page.mouse.down()
    lamp.page.mouse.move(x + 20, y)
    lamp.page.mouse.up()
    becomes(lamp, faded, 1)
    lamp.page.mouse.move(2, 2)
    lamp.execute("lamps[-1].model.set(watts=12); lamps[-1].refresh()")
    says(lamp, "12 watts")
    becomes(lamp, faded, 0)
    lamp.check()


def test_what_slides_under_a_hand_that_has_touched_does_not_light_up(lamp):
    lamp.execute("""
lamps[-1].parts = lambda model: [svg.target("spot", [svg.linked("at" + str(model.watts), [
    svg.rect(20, 20, 100, 100, "#d0d7de")])]), svg.linked("other", [svg.text(400, 50, "other")])]
lamps[-1].refresh()""")
    becomes(lamp, "() => document.querySelectorAll('[data-with=other]').length", 1)
    lamp.page.mouse.move(*lamp.page.evaluate(MIDDLE, SPOT))
    lit = "() => document.querySelectorAll('.demo-lit').length"
    becomes(lamp, lit, 1)
    lamp.page.mouse.down()
    lamp.page.mouse.up()
    says(lamp, "77 watts")
    lamp.wait_until_idle()
    lamp.page.wait_for_timeout(300)  # in which a browser tells what lies under the pointer now
    becomes(lamp, lit, 0)
    lamp.check()
