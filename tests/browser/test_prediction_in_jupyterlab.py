"""Predictions on a page: committed with the keyboard, compared below, and nothing for who does not care."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools.browser import Notebook

CELLS = [
    "import time\nfrom helpers.inventory import predict",
    'pairs = predict("Four words, window 2, give", unit="pairs", between=(0, 16))',
    "found = 10\npairs.reveal(found)",
    'kind = predict("*Dog* ends nearer to", ["cat", "my", "love"])',
    "kind.reveal(0)",
    "time.sleep(4)",
]
SAYS = "([row, words]) => row.querySelector('[role=status]').textContent.includes(words)"


@pytest.fixture
def page(context, lab):
    notebook = Notebook(context.new_page(), lab, lab.write("notebooks/predictions.ipynb", CELLS))
    notebook.wait_until_idle()  # else the kernel may not be there yet
    notebook.run_cell(0)
    return notebook


def row(page, place):
    return page.cell(place).locator(".prediction form").locator("..")


def wait_for(page, place, words):
    page.page.wait_for_function(SAYS, arg=[row(page, place).element_handle(), words])


def told(page, place):
    """What a cell displays below its code."""
    return " ".join(page.cell(place).locator(".jp-OutputArea").inner_text().split())


def go_on(page, times):
    """Press Shift+Enter as often, beginning at the cell that has the focus."""
    for _ in range(times):
        page.page.keyboard.press("Shift+Enter")
        page.wait_until_idle()


def test_a_guess_is_committed_with_the_keyboard_and_stands_beside_the_answer(page):
    page.run_cell(1)
    field = row(page, 1).get_by_label("Four words, window 2, give")
    field.focus()
    page.page.keyboard.type("160")
    page.page.keyboard.press("Enter")
    wait_for(page, 1, "A number from 0 to 16 is asked for.")
    page.page.keyboard.press("Backspace")
    page.page.keyboard.press("Enter")
    wait_for(page, 1, "Committed: 16 pairs.")
    go_on(page, 2)  # this cell again, since the focus is in it; then the one that answers
    assert row(page, 1).locator("input").input_value() == "16", "the guess outlives its cell"
    page.cell(2).locator("table").wait_for()
    assert told(page, 2) == "Four words, window 2, give your guess the answer apart 16 pairs 10 pairs 6 pairs"
    go_on(page, 1)
    row(page, 3).get_by_role("radio").first.focus()
    page.page.keyboard.press("Space")
    page.page.keyboard.press("ArrowDown")
    assert row(page, 3).get_by_role("radio", name="my").is_checked()
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    wait_for(page, 3, "Committed: my.")
    page.run_cell(4)
    page.cell(4).locator("table").wait_for()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        page.wear(theme)
        found = Axe().run(page.page, context=".jp-Notebook .prediction")
        assert found.violations_count == 0, found.generate_report()
    page.check()


def test_who_does_not_care_runs_on_and_may_change_their_mind(page):
    page.command("notebook:run-all-cells")
    assert told(page, 2) == "Four words, window 2, give 10 pairs"
    assert told(page, 4) == "Dog ends nearer to cat"
    page.command("notebook:run-all-cells")
    assert told(page, 2) == "Four words, window 2, give 10 pairs"
    assert row(page, 1).locator("[role=status]").text_content() == ""
    for width in (640, 1280):
        page.page.set_viewport_size({"width": width, "height": 900})
        for place in (1, 3):
            assert row(page, place).evaluate("row => row.scrollWidth <= row.clientWidth")
    assert row(page, 1).bounding_box()["height"] < 48, "one row"
    row(page, 3).get_by_role("radio", name="my").check()
    row(page, 3).get_by_role("button", name="Commit").click()
    wait_for(page, 3, "The answer is on the page already.")
    wait_for(page, 3, "my")
    assert told(page, 4) == "Dog ends nearer to cat"
    page.check()


def test_a_guess_that_was_typed_is_taken_when_its_reader_goes_on(page):
    page.run_cell(1)
    row(page, 1).locator("input").type("12")
    go_on(page, 1)
    assert row(page, 1).locator("input").input_value() == "12", "run by Shift+Enter from inside the field"
    row(page, 1).locator("input").fill("13")
    page.run_cell(3)
    row(page, 3).get_by_role("radio", name="love").check()
    wait_for(page, 1, "Committed: 13 pairs.")
    page.run_cell(2)
    page.cell(2).locator("table").wait_for()
    assert "13 pairs 10 pairs 3 pairs" in told(page, 2)
    page.page.keyboard.press("Escape")
    page.run_cell(4)
    page.cell(4).locator("table").wait_for()
    assert told(page, 4).endswith("love cat")
    page.check()


def test_a_busy_kernel_is_named_and_takes_what_was_typed(page):
    page.run_cell(1)
    page.page.evaluate("() => { panel().content.activeCellIndex = 5; }")
    page.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell'); }")
    row(page, 1).locator("input").type("12")
    row(page, 1).get_by_role("button", name="Commit").click()
    wait_for(page, 1, "Python is busy")
    wait_for(page, 1, "Committed: 12 pairs.")
