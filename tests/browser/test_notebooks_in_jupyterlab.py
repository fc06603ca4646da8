"""Every notebook in JupyterLab in a real browser, and as a web page."""

import io
import re

import pytest
from nbconvert import HTMLExporter
from PIL import Image
from twin import Twin

from helpers.palette import PAPER
from tools import notebooks, show
from tools.browser import Notebook

NOTEBOOKS = sorted(path.name for path in notebooks.FOLDER.glob("*.ipynb"))
CALL = re.compile(r"demos\.(\w+)\(")

LOADED = "() => [...document.images].every(image => image.complete && image.naturalWidth > 0)"

# Formulas are drawn a little after the prose around them.
TYPESET = """() => panel().content.widgets
  .filter(cell => cell.model.type === 'markdown' && /\\$[^$\\s]/.test(
    cell.model.sharedModel.source.replace(/```[^]*?```|`[^`]*`/g, '')))
  .every(cell => cell.node.querySelector('mjx-container, .MathJax'))"""

# What a reader would stumble over, cell by cell.
BLEMISHES = """() => panel().content.widgets.flatMap((cell, i) => {
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

PICTURES = "img, svg[role=img]"

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
    '.demo-words, .jp-OutputArea-output .widget-label, .jp-OutputArea-output .widget-readout')];
  return Math.min(...nodes.filter(node => node.textContent.trim() && node.offsetParent).map(node => {
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }), 21);
}"""


def code_cells(name: str) -> dict:
    """The code cells that are stored, by their places."""
    cells = notebooks.read(notebooks.FOLDER / name).cells
    return {index: cell for index, cell in enumerate(cells) if cell.cell_type == "code"}


def look(notebook: Notebook, when: str) -> None:
    notebook.page.wait_for_function(LOADED)
    notebook.page.wait_for_function(TYPESET)
    assert notebook.page.evaluate(BLEMISHES) == [], when
    notebook.check()


def sheet_color(notebook: Notebook, index: int) -> str:
    """Return the color at the edge of a demo's sheet."""
    shot = notebook.sheet(index).locator("svg").screenshot()
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    return "#{:02x}{:02x}{:02x}".format(*image.getpixel((3, image.height // 2)))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_is_whole_before_and_after_it_runs(page, lab, name):
    calls = ((index, CALL.search(cell.source)) for index, cell in code_cells(name).items())
    called = {index: call[1] for index, call in calls if call}
    notebook = Notebook(page, lab, f"notebooks/{name}")
    # As it comes from elsewhere: JupyterLab trusts it to show words and images, but no SVG.
    look(notebook, "stored")
    lab.trust(f"notebooks/{name}")
    notebook.reload()
    look(notebook, "stored and trusted")
    for index in called:
        assert notebook.cell(index).locator(PICTURES).count() == 1

    notebook.run_all()
    for index, demo in called.items():
        words = notebook.sheet(index).locator(".demo-words").inner_text()
        given = f"demos.{demo}()" not in code_cells(name)[index].source  # what, only the kernel knows
        assert words.startswith("Map of 200 words.") if given else words == Twin(demo).demo.model.summary()
    look(notebook, "after running all cells")
    assert page.locator(".demo-problem").count() == 0

    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        notebook.wear(theme)
        look(notebook, theme)
        assert page.evaluate(CONTRAST) >= 4.5
        for index in called:
            assert sheet_color(notebook, index) == PAPER


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_page_by_nbconvert_has_all_pictures_without_a_network(page, tmp_path, name):
    path = tmp_path / "page.html"
    html, _ = HTMLExporter().from_filename(str(notebooks.FOLDER / name))
    path.write_text(html, encoding="utf-8")
    expected = sum(
        any(mime in output.get("data", {}) for mime in ("image/png", "image/svg+xml"))
        for cell in code_cells(name).values()
        for output in cell.outputs
    )
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    page.wait_for_function(LOADED)
    shown = page.locator(".jp-OutputArea-output").locator(PICTURES)
    assert shown.count() == expected
    for picture in shown.all():
        assert picture.bounding_box()["height"] > 20


def test_a_copy_for_a_class_shows_large_type_live_demos_and_no_code(context, lab):
    show.write(lab.folder / "show")
    notebook = Notebook(context.new_page(), lab, "show/00_start_here.ipynb")
    notebook.run_all()
    page = notebook.page
    assert page.locator(".jp-InputArea-editor:visible").count() == 0
    size = "() => getComputedStyle(document.querySelector('.jp-RenderedMarkdown p')).fontSize"
    assert page.evaluate(size) == "19px"
    words = "document.querySelector('.demo-words').textContent"
    before = page.evaluate(words)
    page.get_by_role("button", name="Read 2,000 sentences").click()
    page.wait_for_function(f"before => {words} !== before", arg=before)
    page.locator(".jp-InputPlaceholder").first.click()
    page.locator(".jp-InputArea-editor:visible").first.wait_for()
