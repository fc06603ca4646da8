"""Web pages of notebooks: readable without a server, formulas and alt text included."""

import re

from nbformat import v4

from tools import notebooks, pages

ALT = "A line that rises from one to two."
TEXT = r"""# A title

Inline $p_k - q_k$, displayed

$$s_k = w \cdot c_k$$

\begin{align} a &= b \end{align}

and [the next one](02_next.ipynb#Here), and [a site](https://example.org/a.ipynb)."""


def test_page_asks_no_server_for_anything(tmp_path):
    figure = v4.new_output(
        "display_data", {"image/png": "iVBORw0KGgo="}, metadata={"image/png": {"alt": ALT}}
    )
    cells = [v4.new_markdown_cell(TEXT), v4.new_code_cell("print('<script>')", outputs=[figure])]
    path = tmp_path / "01_first.ipynb"
    path.write_text(notebooks.dumps(v4.new_notebook(cells=cells)), encoding="utf-8")
    html = pages.page(path)

    assert html.count("<math") == 3
    assert "$" not in re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    assert f'alt="{ALT}"' in html
    assert 'href="02_next.html#Here"' in html
    assert 'href="https://example.org/a.ipynb"' in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"<script|<link|<iframe|@import|url\(['\"]?http|src=\"(?!data:)", html)


def test_what_is_folded_away_stays_inside(tmp_path):
    folded = "<details>\n<summary>Hint</summary>\n\nThink of $p_k$.\n\n</details>"
    path = tmp_path / "01_first.ipynb"
    path.write_text(notebooks.dumps(v4.new_notebook(cells=[v4.new_markdown_cell(folded)])), encoding="utf-8")
    (inside,) = re.findall(r"<details>(.*?)</details>", pages.page(path), flags=re.DOTALL)
    assert "Think of" in inside
    assert "<math" in inside
