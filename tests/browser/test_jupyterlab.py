"""Every demo and every notebook in JupyterLab in a real browser, the way a reader uses them.

What a page has to show is computed in Python by a twin of the demo, driven the same way; page and twin
must agree to the last character of picture and status line. No test asserts a time: benchmarks/demos.py
measures those.
One file, so that all of it runs in one worker with one JupyterLab.
"""

import io
import re

import ipywidgets as widgets
import matplotlib.font_manager  # noqa: F401  builds its cache here; in a notebook it would say so on stderr
import pytest
from nbconvert import HTMLExporter
from PIL import Image
from playwright.sync_api import TimeoutError as NotInTime
from twin import Twin, key_presses, options, typing

from helpers import demos
from helpers.palette import PAPER
from tools import browser, notebooks, pages

DEMOS = demos.__all__
NOTEBOOKS = sorted(path.name for path in notebooks.FOLDER.glob("*.ipynb"))
# Frames follow the clock, and each map the one before: the words are compared, not the picture.
PACED = {"your_own_corpus"}
CALL = re.compile(r"demos\.(\w+)\(")

# --- A demo on a page ---------------------------------------------------------------------------------

NORMAL = "html => { const box = document.createElement('div'); box.innerHTML = html; return box.innerHTML; }"
SAME = "([sheet, html]) => sheet.isConnected && sheet.innerHTML === html"
SAYS = "([sheet, words]) => sheet.isConnected && sheet.querySelector('[role=status]').textContent === words"

# Notes every height of the cell, and every sheet that was put into it.
WATCH = """cell => {
  const height = () => cell.getBoundingClientRect().height;
  const watch = window.watch = {heights: new Set([height()]), sheets: [], waiting: []};
  new ResizeObserver(() => watch.heights.add(height())).observe(cell);
  new MutationObserver(records => {
    for (const record of records) {
      const html = [...record.addedNodes].map(node => node.outerHTML ?? node.data).join('');
      if (html) watch.sheets.push(html);
    }
    watch.heights.add(height());
    watch.waiting.forEach(act => act());
  }).observe(cell.querySelector('.demo-sheet .widget-html-content'), {childList: true});
}"""
SEEN = f"""frames => {{
  const known = new Set(frames.map({NORMAL})), seen = new Set(window.watch.sheets);
  return [seen.size, [...seen].filter(html => !known.has(html)).length];
}}"""

MOVING = "() => window.watch.sheets.length >= 2"
DISABLED = "button => button.disabled"

# Presses Stop in the page, at once when there is motion.
STOP_SOON = """stop => {
  const watch = window.watch, first = watch.sheets.length;
  watch.waiting = [() => {
    if (watch.sheets.length < first + 2 || stop.disabled) return;
    watch.waiting = [];
    stop.click();
  }];
}"""


class Stage:
    """One demo on the page, freshly run, and its twin."""

    def __init__(self, notebook: browser.Notebook, name: str):
        self.notebook, self.page, self.name, self.twin = notebook, notebook.page, name, Twin(name)
        index = 1 + DEMOS.index(name)
        notebook.run_cell(index)
        self.cell = notebook.cell(index)
        self.sheet = self.cell.locator(".demo-sheet .widget-html-content").element_handle()
        self.agree("at the start")
        self.cell.evaluate(WATCH)

    def agree(self, when: str) -> None:
        """Wait until the page shows what the twin shows."""
        words = self.twin.demo.model.summary()
        try:
            if self.name in PACED:
                self.page.wait_for_function(SAYS, arg=[self.sheet, words])
            else:
                self.page.wait_for_function(SAME, arg=[self.sheet, self.normal(self.twin.sheet)])
        except NotInTime:
            shown = self.sheet.inner_text()
            raise AssertionError(
                f"{when} the page says {shown!r}; {self.twin.sheet[-500:]!r} is right"
            ) from None
        assert self.sheet.query_selector("[role=status]").text_content() == words

    def control(self, name: str):
        """The part of a control that takes the keys; of a row of buttons, the one that is down."""
        control = self.twin.demo.controls[name]
        row = self.cell.locator(".widget-inline-hbox, .widget-toggle-buttons").filter(
            has=self.page.get_by_text(control.description, exact=True)
        )
        if isinstance(control, widgets.ToggleButtons):
            return row.locator("button").nth(options(control).index(control.value))
        return row.locator("[role=slider], select, input")

    def turn(self, name: str, keys: list[str], value) -> None:
        """Give a control a value, with the keyboard here and in Python there."""
        self.twin.set(name, value)
        self.control(name).focus()
        for key in keys:
            self.page.keyboard.press(key)
        # Sliders wait for an answer before they tell their next value, and a click would overtake that.
        self.notebook.wait_until_idle()
        self.agree(f"after {' '.join(keys)} on {name}")

    def button(self, name: str):
        return self.cell.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button here and there, and wait for the same picture: of an animation, the last one."""
        self.twin.press(name)
        if self.twin.endless:
            self.start_over()
            self.stop_soon()
        self.button(name).press("Enter")
        if self.twin.endless:
            self.page.wait_for_function(MOVING)
        if self.twin.frames:
            self.page.wait_for_function(DISABLED, arg=self.button("Stop").element_handle())
        self.notebook.wait_until_idle()
        if not self.twin.endless:
            self.agree(f"after {name}")

    def normal(self, html: str) -> str:
        """The way the browser writes this."""
        return self.page.evaluate(NORMAL, html)

    def stop_soon(self) -> None:
        self.button("Stop").evaluate(STOP_SOON)

    def start_over(self) -> None:
        """Forget what was seen."""
        self.page.evaluate("() => { window.watch.sheets = []; window.watch.waiting = []; }")

    def seen(self) -> tuple[int, int]:
        """How many distinct sheets the page has shown, and how many of them are no frames of the twin."""
        return self.page.evaluate(SEEN, self.twin.frames)

    def check(self) -> None:
        """Nothing jumped, nothing failed, nobody else was asked."""
        assert len(self.page.evaluate("() => [...window.watch.heights]")) == 1
        assert self.page.locator(".demo-problem").count() == 0
        assert self.notebook.problems() == []
        assert (self.notebook.errors, self.notebook.away) == ([], [])


@pytest.fixture(scope="module")
def all_demos(chromium, lab):
    """A page with a cell for each demo."""
    name = lab.write("all_demos.ipynb", ["from helpers import demos", *(f"demos.{name}()" for name in DEMOS)])
    with browser.open_notebook(chromium, lab, name) as notebook:
        notebook.run_all()
        yield notebook


@pytest.fixture
def stage(all_demos, request, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # for a twin that saves files
    all_demos.errors.clear()
    all_demos.away.clear()
    stage = Stage(all_demos, request.param)
    yield stage
    stage.check()


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
    control, handle = controls[name], stage.control(name)
    slider = handle.locator("xpath=ancestor::*[contains(@class, 'widget-slider')]")
    handle.scroll_into_view_if_needed()
    box, track = handle.bounding_box(), slider.locator(".noUi-base").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    left, right = track["x"], track["x"] + track["width"]
    end = right - 3 if right - x > x - left else left + 3
    stage.page.mouse.move(x, y)
    stage.page.mouse.down()
    for k in range(1, 31):
        stage.page.mouse.move(x + (end - x) * k / 30, y)
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
        stage.start_over()
        stage.press(name)
        if stage.twin.endless:
            stage.press("Reset")
        elif stage.twin.frames:
            seen, strange = stage.seen()
            assert strange == 0
            assert seen >= 35 / 51 * len(set(stage.twin.frames)), f"{name} is no motion"


# A setting that gives an animation more frames.
LONGER = {"the_window": ("text", "a b c d e f g h i j k l")}


@animated_demos
def test_stop_ends_an_animation_before_its_end(stage):
    def prepare():
        stage.press("Reset")
        if stage.name in LONGER:
            name, value = LONGER[stage.name]
            stage.turn(name, typing(value), value)

    frames = {}
    for name in stage.twin.demo.buttons:
        twin = Twin(stage.name)
        if stage.name in LONGER:
            twin.set(*LONGER[stage.name])
        twin.press(name)
        frames[name] = [stage.normal(frame) for frame in twin.frames]
    name = max(frames, key=lambda name: len(frames[name]))
    for _attempt in range(8):  # on a busy machine an animation may be over before the page can press Stop
        prepare()
        stage.start_over()
        stage.stop_soon()
        stage.button(name).click()
        stage.page.wait_for_function(MOVING)
        stage.page.wait_for_function(DISABLED, arg=stage.button("Stop").element_handle())
        stage.notebook.wait_until_idle()
        stopped = stage.sheet.inner_html()
        assert stopped in frames[name]
        if stopped != frames[name][-1]:
            return
    pytest.fail(f"Stop does not end {name}")


@pytest.mark.parametrize("stage", [name for name in DEMOS if name == "six_words"], indirect=True)
def test_train_50_epochs_is_motion(stage):
    """At least 35 of its 51 pictures are seen, one after the other."""
    stage.press("Train 50 epochs")
    assert len(set(stage.twin.frames)) == 51
    seen, strange = stage.seen()
    assert strange == 0
    assert seen >= 35


# --- Notebooks ----------------------------------------------------------------------------------------

LOADED = "() => [...document.images].every(image => image.complete && image.naturalWidth > 0)"

# Formulas are drawn a little after the prose around them.
TYPESET = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'markdown' && /\\$[^$\\s]/.test(
    cell.model.sharedModel.source.replace(/```[^]*?```|`[^`]*`/g, '')))
  .every(cell => cell.node.querySelector('mjx-container, .MathJax'))"""

# What a reader would stumble over, cell by cell.
BLEMISHES = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, i) => {
  const found = [], node = cell.node, right = node.getBoundingClientRect().right;
  const outputs = [...node.querySelectorAll('.jp-OutputArea-output')];
  if (outputs.length < (cell.model.outputs?.length ?? 0)) found.push('an output is not shown');
  for (const output of outputs) {
    const box = output.getBoundingClientRect();
    if (box.height < 5 || box.width < 5) found.push('a hole instead of an output');
    if (/model not found|loading widget|cannot display|error displaying/i.test(output.textContent))
      found.push(output.textContent.trim().slice(0, 100));
  }
  for (const part of [...outputs, ...node.querySelectorAll('.jp-RenderedMarkdown')])
    if (part.scrollWidth > part.clientWidth + 1)
      found.push(`${part.scrollWidth} px wide where ${part.clientWidth} px are shown`);
  for (const part of node.querySelectorAll('img, svg[role=img], table, mjx-container'))
    if (part.getBoundingClientRect().right > right + 1) found.push(`a ${part.tagName} is cut at the right`);
  return found.map(blemish => `cell ${i + 1}: ${blemish}`);
})"""

PICTURES = "output => output.querySelectorAll('img, svg[role=img]').length"

# The least contrast of the words of the demos with what is behind them (WCAG asks for 4.5).
CONTRAST = """() => {
  const channels = color => color.match(/[\\d.]+/g).map(Number);
  const light = color => channels(color).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0.99) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const nodes = [...document.querySelectorAll(
    '.demo-sheet [role=status], .jp-OutputArea-output .widget-label, .jp-OutputArea-output .widget-readout')];
  return Math.min(...nodes.filter(node => node.textContent.trim() && node.offsetParent).map(node => {
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }), 21);
}"""


def demo_cells(notebook: browser.Notebook) -> dict[int, str]:
    """The cells that call a demo: index -> name."""
    sources = notebook.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets"
        ".map(cell => cell.model.type === 'code' ? cell.model.sharedModel.source : '')"
    )
    calls = ((index, CALL.search(source)) for index, source in enumerate(sources))
    return {index: call[1] for index, call in calls if call}


def look(notebook: browser.Notebook, what: str) -> None:
    notebook.page.wait_for_function(LOADED)
    notebook.page.wait_for_function(TYPESET)
    assert notebook.page.evaluate(BLEMISHES) == [], what
    assert (notebook.errors, notebook.away) == ([], []), what


def pictures(notebook: browser.Notebook, index: int) -> int:
    return notebook.cell(index).evaluate(PICTURES)


def sheet_color(notebook: browser.Notebook, index: int) -> str:
    """Return the color at the edge of a demo's sheet, once JupyterLab has faded its new theme in."""
    sheet, color = notebook.cell(index).locator(".demo-sheet svg"), ""
    for _ in range(40):
        image = Image.open(io.BytesIO(sheet.screenshot())).convert("RGB")
        color = "#{:02x}{:02x}{:02x}".format(*image.getpixel((3, image.height // 2)))
        if color == PAPER:
            break
        notebook.page.wait_for_timeout(250)
    return color


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_is_whole_before_and_after_it_runs(chromium, lab, name):
    with browser.open_notebook(chromium, lab, f"notebooks/{name}") as notebook:
        called = demo_cells(notebook)
        # As it comes from elsewhere: JupyterLab trusts it to show words and images, but no SVG.
        look(notebook, "stored")
        lab.trust(f"notebooks/{name}")
        notebook.reload()
        look(notebook, "stored and trusted")
        assert {index: pictures(notebook, index) for index in called} == dict.fromkeys(called, 1)

        notebook.run_all()
        for index, demo in called.items():
            sheet = notebook.cell(index).locator(".demo-sheet .widget-html-content")
            sheet.wait_for()
            assert sheet.locator("[role=status]").inner_text() == Twin(demo).demo.model.summary()
        look(notebook, "after running all cells")
        assert notebook.page.locator(".demo-problem").count() == 0

        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            notebook.wear(theme)
            look(notebook, theme)
            assert notebook.page.evaluate(CONTRAST) >= 4.5
            for index in called:
                assert sheet_color(notebook, index) == PAPER
        assert (notebook.errors, notebook.away) == ([], [])


@pytest.mark.parametrize(
    "export",
    [pages.page, lambda path: HTMLExporter().from_filename(str(path))[0]],
    ids=["make html", "nbconvert"],
)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_web_page_has_all_pictures_without_a_network(chromium, tmp_path, name, export):
    path = tmp_path / "page.html"
    path.write_text(export(notebooks.FOLDER / name), encoding="utf-8")
    stored = [cell for cell in notebooks.read(notebooks.FOLDER / name).cells if cell.cell_type == "code"]
    expected = sum(
        any(mime in output.get("data", {}) for mime in ("image/png", "image/svg+xml"))
        for cell in stored
        for output in cell.outputs
    )
    page = chromium.new_page()
    try:
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        page.wait_for_function(
            "() => [...document.images].every(img => img.complete && img.naturalWidth > 0)"
        )
        shown = page.locator(".jp-OutputArea-output").locator("img, svg[role=img]")
        assert shown.count() == expected
        for picture in shown.all():
            assert picture.bounding_box()["height"] > 20
    finally:
        page.close()
