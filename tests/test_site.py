"""The site: plain files with relative links, readable without a server, formulas and alt text included."""

import re
from html import escape, unescape
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from links import Addresses, broken
from nbformat import v4

from helpers.demos.tour import State
from helpers.palette import READABLE, contrast
from tools import series
from tools.site import __main__ as site
from tools.site import figures, lettering, pages, paper, prose, tours

ALT = "A line that rises from one to two."
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAAElFTkSuQmCC"
TEXT = r"""# A title

Inline $p_k - q_k$, displayed

$$s_k = w \cdot c_k$$

\begin{align} a &= b \end{align}

and [the next one](02_next.ipynb#Here), and [a site](https://example.org/a.ipynb)."""

SERIES = pages.all_pages()


def made(tmp_path, *cells):
    """A page of these cells: text is Markdown."""
    cells = [v4.new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    path = tmp_path / "01_first.ipynb"
    path.write_text(series.dumps(v4.new_notebook(cells=cells)), encoding="utf-8")
    return pages.Page(path, series.read(path))


def code(source, *outputs):
    return v4.new_code_cell(source, outputs=list(outputs))


def shown(mime, data, metadata=None):
    return v4.new_output("display_data", {mime: data}, metadata=metadata or {})


# --- A page ---------------------------------------------------------------------------------------------


def test_page_asks_no_server_for_anything(tmp_path):
    figure = shown("image/png", PNG, {"image/png": {"alt": ALT}})
    page = made(tmp_path, TEXT, code("print('<script>')", figure))
    html = pages.page(page, [page])

    assert html.count("<math") == 3
    assert "$" not in html
    assert f'alt="{ALT}"' in html
    assert 'href="02_next.html#Here"' in html
    assert 'href="https://example.org/a.ipynb"' in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"<iframe|@import|url\(", html)
    for address in re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="([^"]*)"', html):
        assert address.startswith("data:") or (pages.HERE / address).is_file()


def test_what_is_folded_away_stays_inside(tmp_path):
    folded = "# A title\n\n<details>\n<summary>Hint</summary>\n\nThink of $p_k$.\n\n</details>"
    (inside,) = re.findall(r"<details>(.*?)</details>", made(tmp_path, folded).body, flags=re.DOTALL)
    assert "Think of" in inside
    assert "<math" in inside


def test_page_says_what_it_is_about(tmp_path):
    asks = "# 01 · First\n\n**The question of this notebook:** why do *dog* and *cat* meet? Guess."
    page = made(tmp_path, asks, '## Why "two"?\n\n### Farther')
    html = pages.page(page, [page])
    assert f"<title>01 · First – {pages.TEMPLATES.globals['title']}</title>" in html
    assert '<meta name="description" content="Why do dog and cat meet?">' in html
    assert '<html lang="en">' in html
    assert page.headings == [(2, "Why-%22two%22?", "Why &quot;two&quot;?"), (3, "Farther", "Farther")]
    assert '<a href="#Why-%22two%22?">' in html
    assert '<h2 id="Why-&quot;two&quot;?">' in html


def test_pages_lead_from_one_to_the_next():
    for before, this, after in zip([None, *SERIES], SERIES, [*SERIES[1:], None], strict=False):
        html = pages.page(this, SERIES)
        assert re.findall(r'rel="(\w+)" href="([^"]*)"', html.partition('class="turn"')[2]) == [
            (way, page.file) for way, page in (("prev", before), ("next", after)) if page
        ]


# --- Formulas and code -----------------------------------------------------------------------------------


def test_a_boxed_formula_has_a_border_that_browsers_can_draw():
    made = prose.formula(r"\boxed{p = q}", "block")
    assert "menclose" not in made
    assert '<mrow class="boxed">' in made
    assert re.search(r"\.boxed \{[^}]*border: ", (pages.HERE / "style.css").read_text())


@pytest.mark.parametrize(
    ("latex", "signs"), [("a = -b", 1), ("(-b)", 1), ("a - b", 0), ("f(x) - b", 0), ("-b", 0)]
)
def test_a_minus_after_an_operator_is_a_sign(latex, signs):
    """The first one in a row is a sign by itself."""
    assert prose.formula(latex).count('form="prefix"') == signs


def test_formulas_have_letters_of_their_own():
    letters = lettering.signs(page.body for page in SERIES)
    assert {"𝑤", "𝜂", "∑", "√"} <= letters
    font = lettering.font(page.body for page in SERIES[:2])
    assert font[:4] == b"wOFF"
    assert font == lettering.font(page.body for page in SERIES[:2])
    assert len(font) < 100_000


@pytest.mark.parametrize("page", SERIES, ids=lambda page: page.name)
def test_no_formula_shows_what_latex_is_written_with(page):
    for math in prose.MATH.findall(page.body):
        assert not re.search(r"[\\$]|&amp;", prose.TAG.sub("", math))


def test_a_formula_is_not_torn_from_its_comma(tmp_path):
    html = made(tmp_path, "# A\n\nIf ($p_k$), then $q$ is.").body
    assert re.search(r'<span class="tight">\(<math>[^$]*?</math>\),</span>', html)
    assert re.search(r"then <math>", html)


def test_no_code_is_lost_by_coloring():
    for page in SERIES:
        for cell in page.notebook.cells:
            if cell.cell_type == "code":
                lines = re.findall(r"<span(?: style=\"--in:\d+\")?>(.*?)\n</span>", prose.code(cell.source))
                assert [unescape(prose.TAG.sub("", line)) for line in lines] == cell.source.split("\n")


def colors(part):
    return dict(re.findall(r"--(\w+): (#\w{6});", part))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_color_can_be_read(scheme):
    style = (pages.HERE / "style.css").read_text(encoding="utf-8")
    light, dark = style.split("prefers-color-scheme: dark", 1)
    found = colors(light) | (colors(dark) if scheme == "dark" else {})
    for name in ("ink", "soft", "link", "mark", "keyword", "string", "number", "comment", "name"):
        for ground in ("paper", "tint"):
            assert contrast(found[name], found[ground]) >= READABLE, (name, ground)


# --- Outputs ---------------------------------------------------------------------------------------------


def test_columns_stay_columns_and_sentences_may_go_on_below():
    assert 'class="printed columns wide"' in figures.printed("dog   0.31\ncat   0.42\n")
    assert 'class="printed"' in figures.printed("Not solved yet. Replace the dots.")
    assert figures.printed("\n") == ""
    assert "&lt;b&gt;" in figures.printed("<b>")


def test_every_output_is_shown():
    """What is stored as a picture is a picture with words, and all else can be read as it was printed."""
    for page in SERIES:
        words = unescape(prose.TAG.sub("", page.body))
        for output in (o for c in page.notebook.cells if c.cell_type == "code" for o in c.outputs):
            data = output.get("data", {"text/plain": output.get("text", "")})
            if "image/png" in data:
                assert data["image/png"].replace("\n", "") in page.body
                assert escape(output.metadata["image/png"]["alt"]) in page.body
            elif "text/html" in data and "image/svg+xml" not in data:
                assert unescape(prose.TAG.sub("", data["text/html"])) in words
            elif "image/svg+xml" not in data:
                assert data["text/plain"].strip("\n") in words
        demos = [c for c in page.notebook.cells if c.cell_type == "code" and tours.CALL.search(c.source)]
        assert page.body.count('<figure class="demo') == len(demos)


@pytest.mark.parametrize("page", SERIES, ids=lambda page: page.name)
def test_detours_are_folded_whole_and_nothing_else_of_the_road(page):
    main = series.road(page.notebook)
    soup = BeautifulSoup(page.body, "html.parser")
    folded = soup.select("details.detour")
    titles = [
        cell.source.splitlines()[0][4:] for cell in page.notebook.cells if series.DETOUR.match(cell.source)
    ]
    assert [fold.summary.h3["id"] for fold in folded] == [prose.anchor(title) for title in titles]
    cells = [cell for cell in page.notebook.cells if cell not in main and cell.cell_type == "code"]
    assert sum(len(fold.select(".cell")) for fold in folded) == len(cells)
    assert not any(fold.select("h2, details.detour") for fold in folded)


@pytest.mark.parametrize("mark", pages.FOLDED)
def test_code_that_is_marked_waits_behind_a_line(tmp_path, mark):
    cell = v4.new_code_cell("assert 1 + 1 == 2")
    for tags, folded in (([], False), (["other"], False), (["other", mark], True)):
        cell.metadata["tags"] = tags
        assert (f"<summary>{pages.FOLDED[mark]}</summary>" in made(tmp_path, "# A", cell).body) == folded


def test_a_demo_is_a_picture_with_its_words():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Two &amp; two."></svg>'
    html = figures.output(shown("image/svg+xml", svg))
    assert svg in html
    assert "Two &amp; two.</figcaption>" in html


def test_a_demo_that_plays_shows_its_picture_where_no_script_runs():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Two &amp; two."></svg>'
    states = [State("first", "<svg></svg>"), State("second", "<svg><g></g></svg>")]
    html = figures.output(shown("image/svg+xml", svg), tours.Tour("noise", states))
    assert f'{svg}<div class="demo-words">Two &amp; two.</div>' in html
    assert '<div class="tour-bar" hidden>' in html  # the player shows it
    assert 'max="1"' in html


def test_each_demo_of_a_page_gets_a_tour_and_the_page_the_player():
    page = pages.Page(SERIES[3].path, SERIES[3].notebook, moving=True)
    shown = [tours.CALL.search(cell.source) for cell in page.notebook.cells if cell.cell_type == "code"]
    names = [call[1].replace("_", " ") for call in shown if call]
    assert re.findall('class="demo tour" role="group" aria-label="Demo: (.*?)"', page.body) == names
    assert tours.script() in pages.page(page, [page])
    assert tours.script() not in pages.page(SERIES[3], SERIES)


# --- The index -------------------------------------------------------------------------------------------


def test_index_has_every_page_every_heading_and_the_short_route():
    html = pages.index(SERIES).replace("&#39;", "'")
    for page in SERIES:
        assert html.count(f'href="{page.file}"') >= 2
        assert page.question in html
        for _, address, words in page.headings:
            assert f'<a href="{page.file}#{address}">{words}</a>' in html
    route = pages.route(SERIES)
    assert route[0][0] is SERIES[0]
    assert sum(int(minutes) for *_, minutes in route) < 120
    for page, sections, _ in route:
        assert {address for address, _ in sections} <= {address for _, address, _ in page.headings}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a site")
    site.write_pages(folder, moving=False)
    return folder


def test_every_link_leads_somewhere(built):
    assert list(broken(built)) == []
    (built / "extra.html").write_text('<p id="x"><a href="#x"></a><a href="#y"></a><a href="none.html"></a>')
    try:
        assert list(broken(built)) == ["extra.html: #y", "extra.html: none.html"]
    finally:
        (built / "extra.html").unlink()


def test_ids_are_used_once_and_pages_are_light(built):
    for path in built.glob("*.html"):
        ids = Addresses(path.read_text(encoding="utf-8")).ids
        assert len(ids) == len(set(ids)), path.name
    assert sum(path.stat().st_size for path in built.iterdir()) < 6_000_000


def test_the_same_notebooks_give_the_same_site(built, tmp_path):
    site.write_pages(tmp_path, moving=False)
    first, second = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in (built, tmp_path)
    )
    assert first == second
    machine = re.compile(rb"/home/|/root/|/tmp/|" + re.escape(str(series.ROOT).encode()))
    assert not [name for name, data in first.items() if machine.search(data)]


def test_pages_lead_to_python_in_the_tab_where_it_was_built(built, tmp_path):
    for name in ("lite/notebooks/index.html", "old/x.html", "old.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    site.clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["lite"]
    site.write_pages(tmp_path, moving=False)
    for page in SERIES:
        link = f'href="lite/notebooks/index.html?path={page.path.name}">Run this page in the browser</a>'
        assert link in (tmp_path / page.file).read_text(encoding="utf-8")
        assert "lite/" not in (built / page.file).read_text(encoding="utf-8")


# --- Paper -----------------------------------------------------------------------------------------------


def test_on_paper_links_stay_in_the_file_and_nothing_is_folded():
    html = paper.html(SERIES, {"05_training": 77, "05_training--The-floor": 78})
    parsed = Addresses(html)
    assert len(parsed.ids) == len(set(parsed.ids))
    inside = [link for link in parsed.links if not re.match("https:|data:", link)]
    assert {unquote(link[1:]) for link in inside if link.startswith("#")} <= set(parsed.ids)
    assert [link for link in inside if not link.startswith("#")] == ["style.css"]
    assert html.count("<details open>") == sum(page.body.count("<details>") for page in SERIES) > 0
    assert "<details>" not in html
    assert "The floor</a><span>78</span>" in html
    assert f"{SERIES[5].title}</a><span>77</span>" in html


def test_two_prints_differ_in_dates_and_where_numbers_begin():
    one = b"/CreationDate (D:20261126235541+00'00') /ID (node00000012) /H [(node00000012) (node00000015)]"
    other = b"/CreationDate (D:20270101000000+00'00') /ID (node00000013) /H [(node00000013) (node00000016)]"
    third = b"/CreationDate (D:20270101000000+00'00') /ID (node00000013) /H [(node00000016) (node00000016)]"
    assert paper.timeless(one) == paper.timeless(other) != paper.timeless(third)


def test_without_a_chromium_the_site_has_all_but_the_pdf(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(site, "CHROMIUM", None)
    monkeypatch.setattr(site, "TARGET", tmp_path / "site")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    monkeypatch.setattr(pages, "all_pages", lambda **_: SERIES)
    assert site.main() == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("No PDF: ")
    assert second.startswith("site/index.html is the first page; ")
    assert paper.NAME not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
