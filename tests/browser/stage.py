"""A demo on a page, beside its twin in Python: both are driven alike and must show the same."""

import ipywidgets as widgets
from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as NotInTime
from twin import Twin, options

from helpers import demos
from tools.browser import Notebook

DEMOS = demos.__all__
# Frames follow the clock, and each map the one before: the words are compared, not the picture.
PACED = {"your_own_corpus"}

NORMAL = "html => { const box = document.createElement('div'); box.innerHTML = html; return box.innerHTML; }"
SAME = """([sheet, html]) => {
  const seen = sheet.cloneNode(true); // what is lit up under the hand is no news from Python
  for (const part of seen.querySelectorAll("svg, [data-with]")) part.removeAttribute("class");
  return sheet.isConnected && seen.innerHTML === html;
}"""
SAYS = "([sheet, words]) => sheet.isConnected && sheet.querySelector('.demo-words').textContent === words"

# Notes every height of the cell, and every sheet that was put into it.
WATCH = """cell => {
  const height = () => cell.getBoundingClientRect().height;
  const watch = window.watch = {heights: new Set([height()]), sheets: []};
  new ResizeObserver(() => watch.heights.add(height())).observe(cell);
  new MutationObserver(records => {
    for (const record of records) {
      const html = [...record.addedNodes].map(node => node.outerHTML ?? node.data).join('');
      if (html) watch.sheets.push(html);
    }
    watch.heights.add(height());
  }).observe(cell.querySelector('.demo-sheet .demo-content'), {childList: true});
}"""
FORGET = "() => { window.watch.sheets = []; }"
MOVES = "() => window.watch.sheets.length >= 2"
SEEN = f"""frames => {{
  const known = new Set(frames.map({NORMAL})), seen = new Set(window.watch.sheets);
  return [seen.size, [...seen].filter(html => !known.has(html)).length];
}}"""


class Stage:
    """One demo on the page, freshly run, and its twin."""

    def __init__(self, notebook: Notebook, name: str):
        self.notebook, self.page, self.name, self.twin = notebook, notebook.page, name, Twin(name)
        self.place = 1 + DEMOS.index(name)
        notebook.run_cell(self.place)
        self.cell = notebook.cell(self.place)
        self.sheet = notebook.sheet(self.place).element_handle()
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
        assert self.sheet.query_selector(".demo-words").text_content() == words

    def normal(self, html: str) -> str:
        """The way the browser writes this."""
        return self.page.evaluate(NORMAL, html)

    # --- Controls ---

    def control(self, name: str) -> Locator:
        """The part of a control that takes the keys; of a row of buttons, the one that is down."""
        control = self.twin.demo.controls[name]
        row = self.notebook.row(self.place, control.description)
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

    def handle(self, key: str) -> Locator:
        return self.cell.locator(f".demo-content [data-drag][data-key='{key}']")

    # --- Buttons ---

    def button(self, name: str) -> Locator:
        return self.notebook.button(self.place, name)

    def press(self, name: str) -> None:
        """Press a button here and there, and wait for the same picture: of an animation, the last one."""
        self.twin.press(name)
        self.begin(name)
        if self.twin.endless:
            self.stop()
        elif self.twin.frames:
            self.wait_for_end()
        if not self.twin.endless:
            self.agree(f"after {name}")

    def begin(self, name: str) -> None:
        """Press a button, and watch from now on."""
        self.page.evaluate(FORGET)
        self.button(name).press("Enter")
        self.notebook.wait_until_idle()

    def stop(self) -> None:
        """Press Stop once there is motion."""
        self.page.wait_for_function(MOVES)
        self.button("Stop").click()
        self.wait_for_end()

    def wait_for_end(self) -> None:
        self.cell.locator("button:disabled", has_text="Stop").wait_for()
        self.notebook.wait_until_idle()

    def seen(self) -> tuple[int, int]:
        """How many distinct sheets the page has shown, and how many of them are no frames of the twin."""
        return self.page.evaluate(SEEN, self.twin.frames)

    def check(self) -> None:
        """Nothing jumped, nothing failed, nobody else was asked."""
        assert len(self.page.evaluate("() => [...window.watch.heights]")) == 1
        assert self.page.locator(".demo-problem").count() == 0
        self.notebook.check()
