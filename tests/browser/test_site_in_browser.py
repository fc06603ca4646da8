"""The site in a browser, from a folder and without a network: every page, on a desk, a phone and on paper."""

import json
import os
import re
import shutil
import subprocess
from contextlib import nullcontext
from html import unescape
from pathlib import Path

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from links import Addresses, broken

from tools import series
from tools.site import __main__ as site
from tools.site import pages, paper, tours
from tools.site.pages import TEMPLATES

PAGES = ["index", "teaching", "handout_2", *sorted(path.stem for path in series.FOLDER.glob("*.ipynb"))]
HERE = Path(__file__).parent
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, ZOOMED, PHONE, PAPER = 1280, 640, 390, 672  # px; paper is A4 without its margins

# What cannot be seen, or only by a hand with a mouse: each box that scrolls can be reached and has a name.
CUT = """() => {
  const found = [], say = (what, node) => found.push(`${what}: ${node.outerHTML.slice(0, 120)}`);
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push(`the page is ${page.scrollWidth} px wide`);
  for (const node of document.querySelectorAll('img, svg, math, pre, pre *, table, p, li, h1, h2, h3')) {
    const box = node.getBoundingClientRect(), scroller = node.parentElement.closest('.wide');
    if (!box.width || !node.checkVisibility()) continue;
    if (scroller && scroller.scrollWidth > scroller.clientWidth + 1) {
      if (scroller.tabIndex !== 0 || !scroller.ariaLabel) say('not for the keyboard', scroller);
      const start = scroller.getBoundingClientRect().left + scroller.clientLeft - scroller.scrollLeft;
      if (box.left < start - 1 || box.right > start + scroller.scrollWidth + 1)
        say('cut inside of a box', node);
    } else if (box.right > page.clientWidth + 1 || box.left < -1) say('cut', node);
  }
  for (const node of document.querySelectorAll('.formula, .long'))
    if (node.scrollHeight > node.clientHeight + 1) say('cut below', node);
  return found;
}"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"

LOST_ON_PAPER = """() => {
  const found = [], page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push(`the page is ${page.scrollWidth} px wide`);
  for (const node of document.querySelectorAll('pre, .wide, figure'))
    if (node.scrollWidth > node.clientWidth + 1) found.push(`cut: ${node.outerHTML.slice(0, 120)}`);
  for (const node of document.querySelectorAll('nav, button, input, .skip'))
    if (node.getClientRects().length) found.push(`of no use on paper: ${node.outerHTML.slice(0, 80)}`);
  for (const node of document.querySelectorAll('main details > :not(summary)')) {
    const test = node.closest('.quiz.test') !== null; // on paper its answers stand on a sheet of their own
    if (test === node.checkVisibility())
      found.push(`${test ? 'an answer beside its question' : 'folded'}: ${node.outerHTML.slice(0, 80)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("the site")
    site.write_pages(folder)
    return folder


@pytest.fixture(scope="module")
def shared_context(browser):
    """A context without a network."""
    with browser.new_context(offline=True) as context:
        yield context


class Reader:
    """A reader of one page; notes what the page complains about and what it asks for."""

    def __init__(self, page, folder):
        self.page, self.folder, self.complaints = page, folder, []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self.note)

    def note(self, request):
        if not request.url.startswith((self.folder.as_uri(), "data:")):
            self.complaints.append(request.url)

    def open(self, name, width=DESK, scheme="light"):
        self.page.emulate_media(color_scheme=scheme)
        self.page.goto((self.folder / f"{name}.html").as_uri())
        self.resize(width)

    def unfold(self):
        """Open what is folded: detours, the code of figures, solutions."""
        self.page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true; })")
        self.page.evaluate(DRAWN)

    def resize(self, width):
        self.page.set_viewport_size({"width": width, "height": 720})
        self.page.evaluate(DRAWN)

    def violations(self):
        # From a folder, a page may not read its own style sheet, and its complaint would count.
        options = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
        found = Axe().run(self.page, options=options).response["violations"]
        return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.fixture
def reader(page, folder):
    return Reader(page, folder)


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole_and_open_to_everybody(reader, name, width, scheme):
    reader.open(name, width, scheme)
    if width == PHONE:
        reader.unfold()
    assert reader.page.evaluate(CUT) == []
    assert reader.violations() == []
    assert reader.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_when_zoomed_and_nothing_lost_on_paper(reader, name):
    reader.open(name, ZOOMED)
    reader.unfold()
    assert reader.page.evaluate(CUT) == []
    reader.page.emulate_media(media="print")
    reader.resize(PAPER)
    assert reader.page.evaluate(LOST_ON_PAPER) == []


def test_what_is_wrong_would_be_found(reader):
    """The checks above, on a page with one mistake of each kind."""
    reader.open("01_one_hot", PHONE)
    assert reader.page.evaluate(CUT) == []
    reader.page.evaluate("""() => {
      document.querySelector('img').removeAttribute('alt');
      document.querySelector('main p').style.color = '#999';
      document.querySelector('h1').style.minWidth = '2000px';
    }""")
    assert {line.partition(":")[0] for line in reader.violations()} == {"image-alt", "color-contrast"}
    assert any(line.startswith("the page is 2") for line in reader.page.evaluate(CUT))
    reader.page.evaluate("document.querySelectorAll('[role=group]').forEach(box => { box.tabIndex = -1; })")
    assert any(line.startswith("not for the keyboard") for line in reader.page.evaluate(CUT))
    reader.page.evaluate("fetch('https://example.org/').catch(() => console.error('no'))")
    assert {"https://example.org/", "no"} <= set(reader.complaints)

    reader.page.emulate_media(media="print")
    style = "pre code > span { white-space: pre !important; } nav { display: block !important; }"
    style += " ::details-content { content-visibility: hidden !important; }"
    reader.page.add_style_tag(content=style)
    found = {line.partition(":")[0] for line in reader.page.evaluate(LOST_ON_PAPER)}
    assert {"cut", "of no use on paper", "folded"} <= found


def test_formulas_are_set_in_their_own_letters(reader):
    reader.open("03_learning_signal")
    loaded = "async () => { await document.fonts.ready; return [...document.fonts].map(f => f.status); }"
    assert reader.page.evaluate(loaded) == ["loaded"]


@pytest.mark.parametrize("name", ["01_one_hot", "08_axes_rotate", "09_what_geometry_says"])
def test_roots_have_their_sign(reader, name):
    """No letter of the text says √: a font that lacks it would leave 2 where √2 is meant."""
    reader.open(name)
    room = """() => [...document.querySelectorAll('msqrt')].filter(root => root.getClientRects().length)
      .map(root => root.getBoundingClientRect().width
        - [...root.children].reduce((sum, part) => sum + part.getBoundingClientRect().width, 0))"""
    assert min(reader.page.evaluate(room)) > 4


def test_index_finds_headings(reader):
    reader.open("index")
    shown, status = reader.page.locator(".all li:visible"), reader.page.locator(".search [role=status]")
    everything = shown.all_inner_texts()
    field = reader.page.get_by_role("searchbox", name="Search the headings")
    field.fill("WINDOW slides")
    assert shown.all_inner_texts() == ["A window slides over a sentence"]
    assert status.inner_text() == "1 heading"
    field.fill("no such heading")
    assert (shown.count(), status.inner_text()) == (0, "No headings")
    field.fill("")
    assert shown.all_inner_texts() == everything
    assert status.inner_text() == ""


def test_contents_stand_open_beside_the_text_and_folded_above_it(reader):
    reader.open("02_pairs")
    contents = reader.page.get_by_role("navigation", name="On this page").locator("details")
    assert contents.evaluate("node => node.open")
    reader.resize(PHONE)
    assert not contents.evaluate("node => node.open")


def test_a_box_that_goes_on_to_the_right_says_so_until_its_end(reader):
    reader.open("03_learning_signal", PHONE)
    figure = reader.page.locator("figure.wide").first
    sign = (
        "box => { const s = getComputedStyle(box, '::after'); return s.content !== 'none' && s.visibility; }"
    )
    height = figure.bounding_box()["height"]
    assert figure.evaluate(sign) == "visible"
    figure.evaluate("box => { box.scrollLeft = 10_000; }")
    reader.page.wait_for_function(f"box => ({sign})(box) === 'hidden'", arg=figure.element_handle())
    assert figure.bounding_box()["height"] == height
    reader.resize(DESK)
    assert figure.evaluate(sign) is False


def test_on_a_phone_the_words_of_a_state_stand_above_its_picture(reader):
    reader.open("03_learning_signal", PHONE)
    tour = reader.page.locator(".tour").first
    top = "part => part.getBoundingClientRect().top"
    words, picture = tour.locator(".demo-words"), tour.locator("svg")
    assert words.evaluate(top) < picture.evaluate(top)
    reader.resize(DESK)
    assert words.evaluate(top) > picture.evaluate(top)


def test_a_link_to_a_detour_opens_it(reader):
    reader.open("03_learning_signal")
    detour = reader.page.locator("details.detour").first
    assert not detour.evaluate("node => node.open")
    link = reader.page.get_by_role("navigation", name="On this page").get_by_role(
        "link", name="Detour: trace"
    )
    link.click()
    reader.page.wait_for_function("node => node.open", arg=detour.element_handle())


def test_keyboard_comes_to_the_text_first(reader):
    reader.open("02_pairs")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.textContent") == "Skip to the text"
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("document.activeElement.id") == "text"


def test_python_in_the_tab_is_not_offered_where_it_cannot_start(reader, tmp_path):
    """From a folder: browsers start no WebAssembly there."""
    series = pages.all_pages()
    (tmp_path / "page.html").write_text(pages.page(series[2], series, lite=True), encoding="utf-8")
    offered = reader.page.get_by_role("link", name="Run this page in the browser")
    reader.folder = tmp_path
    reader.open("page")
    assert offered.is_visible()
    shutil.copyfile(pages.HERE / "site.js", tmp_path / "site.js")
    reader.open("page")
    assert not offered.is_visible()
    assert reader.page.get_by_role("link", name="Run it on your computer").is_visible()


def test_with_tours_links_lead_somewhere_and_pages_are_light(folder):
    assert list(broken(folder)) == []
    for path in folder.glob("*.html"):
        ids = Addresses(path.read_text(encoding="utf-8")).ids
        assert len(ids) == len(set(ids)), path.name
    pages_only = [path for path in folder.iterdir() if path.name != paper.NAME]
    assert sum(path.stat().st_size for path in pages_only) < 8_000_000


def test_tours_are_the_same_in_the_next_build(folder):
    """All but one, which is of a model that takes most of the time of a build."""
    series = pages.all_pages(moving=True)
    for page in series:
        if page.name != "10_real_words":
            built = (folder / page.file).read_text(encoding="utf-8")
            assert pages.page(page, series) == built, page.name


# --- Tours ----------------------------------------------------------------------------------------------

HEARD = """tour => [
  tour.querySelector('.demo-words').textContent,
  tour.querySelector('output').textContent,
  tour.querySelector('input').getAttribute('aria-valuetext'),
  tour.getBoundingClientRect().height,
]"""
SPOKEN = "tour => [...tour.querySelectorAll('output, [role=status]')].map(place => place.ariaLive)"
WORDS = "tour => tour.querySelector('.demo-words').textContent"
WITH_TOURS = [name for name in PAGES if name not in ("11_whose_answer", "quiz")]  # these have no demo


def states_of(tour):
    """What is recorded in a page, as Python unpacks it, and the words of each state."""
    states = tours.unpack(json.loads(tour.locator("script").text_content()))
    return states, [unescape(re.search(r'class="demo-words[^>]*>([^<]*)', s.shown)[1]) for s in states]


@pytest.mark.parametrize("name", WITH_TOURS)
def test_every_tour_is_played_by_keys_and_by_hand(reader, name):
    reader.open(name)
    for tour in reader.page.locator(".tour").all():
        states, words = states_of(tour)
        height = tour.evaluate(HEARD)[-1]  # never another one: what stands below stays where it is
        tour.get_by_role("slider").focus()
        for place, (state, heard) in enumerate(zip(states, words, strict=True), start=1):
            told = f"{place} of {len(states)}: {state.done}"
            assert tour.evaluate(HEARD) == [heard, told, told, height]
            reader.page.keyboard.press("ArrowRight")
        assert tour.evaluate(WORDS) == words[-1], "there is nothing behind the last state"
        tour.get_by_role("button", name="Back").click(click_count=2)
        assert tour.evaluate(WORDS) == words[-3]
        tour.get_by_role("button", name="Next").click()
        assert tour.evaluate(WORDS) == words[-2]
        slider = tour.get_by_role("slider").bounding_box()
        reader.page.mouse.click(slider["x"] + 3, slider["y"] + slider["height"] / 2)
        assert tour.evaluate(WORDS) == words[0]
    assert reader.complaints == []


@pytest.mark.parametrize("name", ["02_pairs", "04_from_score_to_vector"])
def test_on_a_phone_what_stands_below_a_tour_never_comes_up(reader, name):
    """There the panels of a picture are below each other, and the name of a state may take two lines."""
    reader.open(name, PHONE)
    tour = reader.page.locator(".tour").first
    tour.get_by_role("slider").focus()
    heights = [tour.evaluate(HEARD)[-1]]
    for _ in states_of(tour)[0][1:]:
        reader.page.keyboard.press("ArrowRight")
        reader.page.evaluate(DRAWN)
        heights.append(tour.evaluate(HEARD)[-1])
    assert heights == sorted(heights)
    assert heights[0] < heights[-1]
    reader.resize(DESK)
    assert tour.evaluate(HEARD)[-1] < heights[0], "it starts anew where there is room"


def test_a_tour_plays_by_itself_to_its_end_and_can_be_stopped(reader):
    reader.page.clock.install()
    reader.open("03_learning_signal")
    tour = reader.page.locator(".tour").first
    _, words = states_of(tour)
    button = tour.locator("[data-do=play]")
    button.click()
    assert button.inner_text() == "Pause"
    reader.page.clock.run_for(3 * 900)
    assert tour.evaluate(SPOKEN) == ["off", "off"], "no screen reader comes along"
    assert tour.evaluate(WORDS) == words[3]
    button.click()
    reader.page.clock.run_for(60_000)
    assert (tour.evaluate(WORDS), button.inner_text()) == (words[3], "Play")
    button.click()
    reader.page.clock.run_for(60_000)
    assert (tour.evaluate(WORDS), button.inner_text()) == (words[-1], "Play")
    assert tour.evaluate(SPOKEN) == ["polite", "polite"]
    tour.get_by_role("slider").press("ArrowLeft")
    assert tour.evaluate(SPOKEN) == ["off", "polite"], "the slider itself says where it is"
    tour.get_by_role("slider").press("ArrowRight")
    button.click()
    assert tour.evaluate(WORDS) == words[0], "from the last state it begins again"


def test_a_hand_on_the_picture_is_told_how_to_run_it(reader):
    reader.open("03_learning_signal")
    tour = reader.page.locator(".tour").first
    line = tour.locator(".tour-python")
    assert line.get_by_role("link").get_attribute("href") == "index.html#run"
    calm = line.evaluate("line => getComputedStyle(line).outlineStyle")
    tour.locator("svg").dispatch_event("pointerdown")
    assert line.evaluate("line => getComputedStyle(line).outlineStyle") == calm, "a finger that scrolls"
    tour.locator("svg").click()
    asked = line.evaluate("line => getComputedStyle(line).outlineStyle")
    assert (calm, asked) == ("none", "solid")
    reader.page.wait_for_timeout(3500)  # the sheet would say by now that Python is silent
    assert not tour.locator(".demo-note").is_visible()


def test_the_bar_stays_in_sight_above_a_picture_taller_than_the_window(reader):
    reader.open("00_start_here", PHONE)
    tour = reader.page.locator(".tour").last
    tour.evaluate("tour => scrollTo(0, scrollY + tour.getBoundingClientRect().bottom - innerHeight)")
    assert tour.bounding_box()["y"] < -100
    assert tour.get_by_role("button", name="Next").bounding_box()["y"] >= 0
    tour.get_by_role("button", name="Next").click()
    assert tour.locator("output").inner_text().startswith("2 of ")


def test_without_scripts_each_demo_is_the_picture_that_was_stored(browser, folder):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((folder / "08_axes_rotate.html").as_uri())
        assert page.locator(".tour svg").count() == page.locator(".tour").count() > 0
        assert not page.locator(".tour-bar").first.is_visible()


# --- Paper ----------------------------------------------------------------------------------------------


def test_pdf_has_a_contents_page_that_is_right_and_is_the_same_tomorrow(browser, folder, monkeypatch):
    """Two pages of the series; with all of them it takes ten times as long."""
    sources, print_it = [], paper.printed

    def noted(chromium, file):
        sources.append(file.read_text(encoding="utf-8"))
        return print_it(chromium, file)

    monkeypatch.setattr(paper, "printed", noted)
    monkeypatch.setattr(paper, "launched", lambda: nullcontext(browser))
    series = [page for page in pages.all_pages() if page.name[:2] in ("00", "11")]
    size = paper.write(series, folder)
    first = (folder / paper.NAME).read_bytes()
    assert paper.write(series, folder) == size
    assert (folder / paper.NAME).read_bytes() == first

    with pikepdf.open(folder / paper.NAME) as pdf:
        found = paper.numbers(pdf)
        assert size.startswith(f"{len(pdf.pages)} pages, ")
        titles = [part.title for part in pdf.open_outline().root]
        assert [title for title in titles if title in [page.title for page in series]]
        assert (pdf.Root.MarkInfo.Marked, pdf.Root.Lang) == (True, "en")
        assert pdf.docinfo.Title == TEMPLATES.globals["title"]
        assert str(pdf.docinfo.CreationDate) == "D:20000101000000Z"
    assert sources[-1] == paper.html(series, found) != sources[0]
    assert (
        1 < found["00_start_here"] < found["11_whose_answer"] <= found["11_whose_answer--What-you-have-now"]
    )
    assert not list(folder.glob("tmp*"))


# --- The letter of the law ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def validate():
    """The validator, as its lock file pins it; installed into build/ where it is not yet."""
    npm, home = shutil.which("npm"), series.ROOT / "build" / "html_validate"
    if not npm:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("no npm found (Debian, Ubuntu: sudo apt install npm)")
    lock = (HERE / "html_validate" / "package-lock.json").read_bytes()
    stamp = home / "installed"
    if not stamp.exists() or stamp.read_bytes() != lock:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(HERE / "html_validate", home)
        install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(install, cwd=home, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        stamp.write_bytes(lock)

    def run(*paths):
        """Ask for all that it knows, but not for hashes of files that lie in the same folder."""
        rules = str(HERE / "html_validate" / "rules.json")
        command = ["node_modules/.bin/html-validate", "--config", rules, "--formatter", "json"]
        told = home / "told.json"
        with told.open("w") as file:  # the end of a long answer would not come through a pipe
            done = subprocess.run([*command, *map(str, paths)], cwd=home, stdout=file, stderr=-1, text=True)
        assert told.stat().st_size, done.stderr
        return [
            f"{Path(page['filePath']).name}:{message['line']}: {message['message']}"
            for page in json.loads(told.read_text())
            for message in page["messages"]
        ]

    return run


def test_every_page_is_valid(validate, folder):
    assert validate(*sorted(folder.glob("*.html"))) == []


def test_an_invalid_page_would_be_noticed(validate, folder, tmp_path):
    page = tmp_path / "page.html"
    text = (folder / "index.html").read_text(encoding="utf-8")
    text = text.replace("</h1>", "<p>two</p></h1>").replace("<ol", '<ol id="series"')
    page.write_text(text, encoding="utf-8")
    found = " ".join(validate(page))
    assert "<p> element is not permitted as content under <h1>" in found
    assert 'Duplicate ID "series"' in found
