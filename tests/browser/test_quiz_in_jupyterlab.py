"""The quiz on a page: by keys and by name, as somebody uses it who sees nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from helpers.inventory import reading
from tools.browser import PATIENCE, Notebook

CODE = "from helpers.inventory import quiz\nquiz('05')"
SAYS = "words => document.querySelector('.demo-voice').textContent.includes(words)"


@pytest.fixture
def page(context, lab):
    notebook = Notebook(context.new_page(), lab, lab.write("notebooks/quiz_alone.ipynb", [CODE]))
    notebook.run_all()
    return notebook


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_question_is_answered_with_the_keyboard_and_the_verdict_is_spoken(page, theme):
    page.wear(theme)
    item, cell = reading.items("05")[0], page.cell(0)
    answers = cell.get_by_role("radiogroup", name="Answers")
    answers.get_by_role("radio").first.focus()
    page.page.keyboard.press("Space")
    wrong = next(i for i, option in enumerate(item.options) if option.slip and i)
    for _ in range(wrong):
        page.page.keyboard.press("ArrowDown")
    assert answers.get_by_role("radio", name=item.options[wrong].text).is_checked()
    page.wait_until_idle()
    page.button(0, "Commit").focus()
    page.page.keyboard.press("Enter")
    page.page.wait_for_function(SAYS, arg="✗ Not quite.")
    page.page.wait_for_function(SAYS, arg=item.options[wrong].slip.misconception.belief)
    assert answers.get_by_role("radio").first.is_disabled()
    found = Axe().run(page.page, context=".quiz")
    assert found.violations_count == 0, found.generate_report()
    page.check()


def test_a_link_leads_to_the_section_and_scrolls_there(page):
    item, cell = reading.items("05")[0], page.cell(0)
    option = next(option for option in item.options if option.slip)
    cell.get_by_role("radio", name=option.text).check()
    page.button(0, "Commit").click()
    cell.get_by_role("link", name=option.slip.see.heading).click()
    page.page.wait_for_function("() => panel()?.context?.path === 'notebooks/05_training.ipynb'")
    heading = page.page.get_by_role("heading", name=option.slip.see.heading, exact=True)
    expect(heading).to_be_in_viewport(ratio=1, timeout=PATIENCE * 1000)
    # What lies above it is more than a page, so the link has scrolled there.
    above = "panel().content.node.querySelector('.jp-WindowedPanel-outer')?.scrollTop"
    assert page.page.evaluate(above) > page.page.viewport_size["height"]


def test_two_quizzes_on_a_page_keep_their_answers(context, lab):
    """Whatever is chosen in one, as in another notebook that is open beside it."""
    name = lab.write("notebooks/two_quizzes.ipynb", [CODE, "quiz('06')"])
    notebook = Notebook(context.new_page(), lab, name)
    notebook.run_all()
    radios = [notebook.cell(i).get_by_role("radio") for i in (0, 1)]
    for place, cell in enumerate(radios):
        cell.nth(place).check()
        notebook.wait_until_idle()
        notebook.button(place, "Commit").click()
        expect(cell.nth(place)).to_be_disabled()
    chosen = [[radio.is_checked() for radio in cell.all()] for cell in radios]
    assert [answers.index(True) for answers in chosen] == [0, 1]
    notebook.check()
