"""The sheet on the page, with a small demo of its own: narrow pages, links, and Python that is away."""

import pytest

from tools import browser as system
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

    def parts(self, model):
        x = 500 + 3 * model.watts
        return [
            svg.panel((0, 0, 430, 200), [svg.linked("a", [svg.text(20, 40, "watts")]),
                                         svg.linked("b", [svg.text(20, 80, "hours")])]),
            svg.panel((430, 0, 430, 200), [svg.linked("a", [svg.text(450, 40, str(model.watts))]),
                                           svg.linked("b", [svg.text(450, 80, str(model.hours))]),
                                           svg.handle("watts", x, 120, "watts", (500, 120, 800, 120), (3, 3), "x")]),
        ]


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


def ask(notebook, code):
    """What an expression is in the kernel, in letters."""
    answer = """async code => {
      const kernel = panel().sessionContext.session.kernel;
      const done = await kernel.requestExecute({code: '', silent: true, user_expressions: {answer: code}}).done;
      return done.content.user_expressions.answer.data['text/plain'];
    }"""
    return notebook.page.evaluate(answer, code)


def panels(notebook):
    return [p.evaluate(DRAWN) for p in notebook.sheet(0).locator("[data-panel]").all()]


def test_panels_go_below_each_other_where_the_page_is_narrow_and_back(lamp):
    for width, below in ((1280, False), (640, True), (390, True), (1280, False)):
        lamp.page.set_viewport_size({"width": width, "height": 720})
        lamp.page.wait_for_function(
            "([s, b]) => s.querySelector('[data-panel]').hasAttribute('transform') === b",
            arg=[lamp.sheet(0).element_handle(), below],
        )
        texts = [t.evaluate(DRAWN) for t in lamp.sheet(0).locator("text").all()]
        print(width, lamp.sheet(0).evaluate("e => [e.clientWidth, e.scrollWidth]"), texts)
        lamp.page.screenshot(path=f"/tmp/shots/lamp{width}.png")
