"""Titles and questions are said once, in the notebooks; the tables and the links to the next follow them.

So do the times, which a rule computes. And whoever is new here finds the road: three questions about earlier
notebooks first, and passages that go farther in detours which nothing later needs.
"""

import ast
import re
import shutil
from itertools import pairwise

import pytest
from nbformat import v4

from tools import series

BOOKS = {path.name: series.read(path) for path in series.numbered()}
LONGEST = 45  # minutes
SIGN = "*A detour: fold it away with the arrow beside its heading. Nothing later needs it.*"


def test_tables_and_links_are_current():
    """Otherwise: make notebooks."""
    for path, text in series.current().items():
        assert path.read_text(encoding="utf-8") == text, path.name


def test_every_notebook_has_a_line_and_leads_to_the_next():
    readme, (first, *others) = series.ROOT / "README.md", series.numbered()
    for path in others:
        number, line = path.name[:2], f"| [{series.title(series.read(path))}]"
        assert line.startswith(f"| [{number} · ")
        assert readme.read_text(encoding="utf-8").count(f"{line}(notebooks/{path.name}) | ") == 1
        assert first.read_text(encoding="utf-8").count(f"{line}({path.name}) | ") == 1
    for path, following in zip([first, *others], [*others, first], strict=True):
        last = series.read(path).cells[-1].source.splitlines()[-1]
        assert last.startswith("**Next:** ")
        assert last.endswith(f"]({following.name}).")


def test_a_new_title_a_new_question_and_a_new_notebook_reach_all_places(tmp_path):
    shutil.copy(series.ROOT / "README.md", tmp_path)
    shutil.copytree(series.FOLDER, tmp_path / "notebooks")
    path = tmp_path / "notebooks" / "02_pairs.ipynb"
    book = series.read(path)
    book.cells[0].source = "# 02 · Couples\n\n**The question of this notebook:** who meets? And why?"
    series.write(path, series.dumps(book))
    book.cells[0].source = "# 13 · The end\n\n**The question of this notebook:** is that all?"
    series.write(path.with_name("13_end.ipynb"), series.dumps(book))
    series.update(tmp_path)

    def text(name):
        return (tmp_path / name).read_text(encoding="utf-8")

    for name, folder in (("README.md", "notebooks/"), ("notebooks/00_start_here.ipynb", "")):
        assert f"| [02 · Couples]({folder}02_pairs.ipynb) | Who meets? |" in text(name)
        assert f"| [13 · The end]({folder}13_end.ipynb) | Is that all? |" in text(name)
    assert "[02 · Couples](02_pairs.ipynb)." in text("notebooks/01_one_hot.ipynb")
    assert "[13 · The end](13_end.ipynb)." in text("notebooks/12_at_scale.ipynb")
    assert "[00 · Start here](00_start_here.ipynb)." in text("notebooks/13_end.ipynb")
    before = {path: path.read_bytes() for path in (tmp_path / "notebooks").glob("*.ipynb")}
    series.update(tmp_path)
    assert before == {path: path.read_bytes() for path in before}


# --- Times ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOOKS)
def test_no_notebook_is_longer_than_it_should_be_and_each_says_how_long(name):
    """Otherwise: cut it, or move what goes farther to a detour; then make notebooks."""
    time = series.rounded(series.minutes(BOOKS[name]))
    assert time <= LONGEST
    stated = re.findall(r"\*Time:\* about (\d+) minutes", BOOKS[name].cells[0].source)
    assert stated == [str(time)] or (not stated and name.startswith("00"))


def test_readme_says_from_how_many_minutes_to_how_many():
    times = [series.rounded(series.minutes(book)) for name, book in BOOKS.items() if name[:2] != "00"]
    readme = (series.ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Each notebook takes {min(times)} to {max(times)} minutes" in readme


def sections(notebook):
    """Return the cells of each section by its heading; the opening has the title."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.match("##? ", cell.source):
            heading = cell.source.splitlines()[0].lstrip("# ")
        found.setdefault(heading, []).append(cell)
    return found


def test_the_short_route_leads_through_sections_that_exist_and_takes_less_than_two_hours():
    first, *_ = BOOKS
    rows = [row for cell in BOOKS[first].cells for row in series.ROUTE.finditer(cell.source)]
    assert len(rows) > 3
    for row in rows:
        if row[3] != "all of it":
            titles = [section.title for section in series.sections(BOOKS[row[2]])]
            assert set(row[3].split(" · ")) <= set(titles)
    assert sum(int(re.search(r"(\d+) \|$", row[0])[1]) for row in rows) < 120


def book(*cells):
    """A notebook: text that begins with a letter of prose is markdown, after ">" it is code."""
    made = [v4.new_code_cell(c[1:]) if c.startswith(">") else v4.new_markdown_cell(c) for c in cells]
    return v4.new_notebook(cells=made)


def test_minutes_follow_the_rule():
    words = "word " * 400
    assert series.minutes(book("# A " + words)) == pytest.approx(2, abs=0.01)
    assert (
        series.minutes(
            book(words + "$x + y = z$ $$a b c$$ [](a-b.ipynb) 17 <details>" + words + "</details>")
        )
        == 2
    )
    assert series.minutes(book(">x = 1\n\ny = 2\n" * 5)) == 1
    assert series.minutes(book(">demos.six_words()")) == 4.1
    assert series.minutes(book(">exercises.check_it(it)")) == 5.1
    on, off = "## On the road", "### Detour: off it"
    assert series.minutes(book(on, off + words, ">demos.six_words()", "words " * 9)) == series.minutes(
        book(on)
    )
    assert series.minutes(book(on, off + words, on + words)) == series.minutes(book(on, on + words))
    assert [series.rounded(time) for time in (0.1, 7.4, 7.6, 44)] == [5, 5, 10, 45]


# --- Recall ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in BOOKS if name[:2] >= "02"])
def test_three_questions_come_first(name):
    opening, *others = [cell.source for cell in BOOKS[name].cells[1:]]
    assert re.match(r"## Three questions first\n+Answer from memory, then unfold\.\n\n<details>", opening)
    assert not any(source.startswith("## Three questions first") for source in others)
    assert opening.endswith("\n\n</details>")
    folded = re.findall(r"<details>\s*<summary>(.+?)</summary>\n\n(.+?)\n\n</details>", opening, re.DOTALL)
    assert len(folded) == opening.count("<details>") == 3
    for question, answer in folded:
        assert question.endswith("?")
        assert len(re.findall(r"[.!?](?:\s|$)", answer)) >= 2, f"too short: {answer}"


# --- Detours --------------------------------------------------------------------------------------------


def detours(notebook):
    """Yield the cells before each detour, its own, and those behind it."""
    heads = [n for n, cell in enumerate(notebook.cells) if is_heading(cell)] + [len(notebook.cells)]
    for start, stop in pairwise(heads):
        if series.DETOUR.match(notebook.cells[start].source):
            yield notebook.cells[:start], notebook.cells[start:stop], notebook.cells[stop:]


def is_heading(cell):
    return cell.cell_type == "markdown" and re.match("#+ ", cell.source)


def detour_problems(notebook):
    """What is wrong with the detours of a notebook."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    if sum(map(len, (re.findall("^#+ Detour", s, re.M) for s in sources))) > len(list(detours(notebook))):
        yield "a heading '### Detour: …' that does not begin its cell, or of another level"
    for before, cells, behind in detours(notebook):
        head, *_ = lines = [line for line in cells[0].source.splitlines() if line.strip()]
        if lines[1:2] != [SIGN]:
            yield f"{head}: the first line must be {SIGN}"
        if not behind:
            yield f"{head}: no heading ends it"
        if any(re.search("\n#+ ", c.source) for c in cells if c.cell_type == "markdown"):
            yield f"{head}: a heading in the middle of a cell"
        bound = {name for cell in cells for name in names(cell)[1]}
        drawn = generators(before) & {name for cell in cells for name in names(cell)[0]}
        if drawn:
            yield f"{head}: draws from {drawn}, so that later numbers depend on it"
        for cell in behind:
            used, made = names(cell)
            yield from (f"{head}: its {name!r} is used in cell {cell.id}" for name in sorted(bound & used))
            bound -= made


def generators(cells):
    """Return the names of the random generators that some cells make."""
    made = re.findall(
        r"^(\w+) = np\.random\.default_rng", "\n".join(cell.source for cell in cells), re.MULTILINE
    )
    return set(made)


def names(cell):
    """Return the names that a cell uses before it makes them itself, and those that it makes."""
    used, made = set(), set()
    if cell.cell_type == "code":
        lines = re.sub(r"^(\s*)[%!?].*$", r"\1pass", cell.source, flags=re.MULTILINE)
        for statement in ast.parse(lines).body:
            loads, stores = set(), set()
            visit(statement, loads, stores)
            used |= loads - made
            made |= stores
    return used, made


def visit(node, loads, stores):
    """Collect the names of the notebook that code uses and makes; those of a function are its own."""
    if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
        inner, own = set(), set()
        if not isinstance(node, ast.ClassDef):
            own = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
        for child in ast.iter_child_nodes(node):
            visit(child, inner, own)
        loads |= inner - own
        stores |= set() if isinstance(node, ast.Lambda) else {node.name}
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        inner, own = set(), set()
        for child in ast.iter_child_nodes(node):
            visit(child, inner, own)
        loads |= inner - own
    elif isinstance(node, ast.Name):
        (loads if isinstance(node.ctx, ast.Load) else stores).add(node.id)
    elif isinstance(node, ast.alias):
        stores.add((node.asname or node.name).partition(".")[0])
    else:
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            loads.add(node.target.id)
        for child in ast.iter_child_nodes(node):
            visit(child, loads, stores)


@pytest.mark.parametrize("name", BOOKS)
def test_detours_can_be_folded_away_and_nothing_later_needs_them(name):
    assert list(detour_problems(BOOKS[name])) == []


def test_a_detour_that_is_needed_later_is_found():
    detour, end = f"### Detour: farther\n\n{SIGN}\n\nMore.", "### On"
    good = [
        book(detour, ">x = 1\nprint(x)", end, ">y = 2"),
        book(detour, ">x = 1", end, ">x = 2\nprint(x)", ">print(x)"),
        book(detour, ">x = 1", end, ">f = lambda x: x\nprint([x for x in y])"),
        book(detour, ">def f(x):\n    z = x\n    return z", end, ">print(z)"),
        book(">x = 1", detour, ">print(x)", end, ">print(x)"),
        book(detour, ">%matplotlib inline\nx = 1", end, ">%%timeit\npass"),
    ]
    assert [list(detour_problems(made)) for made in good] == [[]] * len(good)
    bad = {
        "is used": [
            book(detour, ">x = 1", end, ">print(x)"),
            book(detour, ">x = 1", end, ">x = x + 1"),
            book(detour, ">x = 1", end, ">x += 1"),
            book(detour, ">import numpy as x", end, ">def f():\n    return x"),
            book(detour, ">for x in y:\n    pass", end, ">x.sort()"),
            book(detour, ">def x(): pass", end, ">%time y\nx()"),
            book(detour, ">with y as (x, z):\n    pass", end, ">print(f'{x:.2f}')"),
            book(">x = 0", detour, ">x = 1", end, ">print(x)"),
            book(detour, ">x = 1", detour, ">print(x)", end),
        ],
        "draws from": [book(">g = np.random.default_rng(0)", detour, ">print(g.normal())", end)],
        "first line": [book("### Detour: farther\n\nMore.", end), book("### Detour: farther", end)],
        "no heading ends": [book(detour, ">x = 1")],
        "middle of a cell": [book(detour, "Text\n\n## Other", end)],
        "does not begin": [book("Text\n\n" + detour, end), book("## Detour: x", end)],
    }
    for problem, books in bad.items():
        for made in books:
            (found,) = detour_problems(made)
            assert problem in found


DRAWING = "figure, (ax,) = plots.panels()\nplots.bars(ax, p)\nplots.show(\n    figure,\n    'Bars.',\n)"
TRAINING = "run = train(N)\nW = run.embeddings.W\nplots.show(figure, 'Points.')"
CHECKING = "from math import pi\n\nfor x in range(3):\n    y = x * pi\n    assert y >= 0"
PICTURE = v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
TEXT = v4.new_output("stream", text="0.5")


@pytest.mark.parametrize(
    ("source", "outputs", "tags"),
    [
        (DRAWING, [PICTURE], ["draws"]),
        (DRAWING, [PICTURE, TEXT], []),
        (DRAWING, [], []),
        (TRAINING, [PICTURE], []),
        (CHECKING, [], ["tests"]),
        (CHECKING, [TEXT], []),
        (f"y = 0\n{CHECKING}", [], []),
        ("for x in range(3):\n    print(x)", [], []),
        ('guess = predict("How many?")', [TEXT], ["asks"]),
        ('guess = predict("How many?")\nguess.reveal(1)', [TEXT], []),
    ],
)
def test_cells_that_only_draw_test_or_ask_are_marked(source, outputs, tags):
    cell = v4.new_code_cell(source, outputs=outputs, metadata={"tags": ["nbval-ignore-output", "draws"]})
    series.tag(v4.new_notebook(cells=[cell]))
    assert cell.metadata["tags"] == ["nbval-ignore-output", *tags]


def test_a_cell_with_nothing_to_say_has_no_tags():
    cell = v4.new_code_cell("x = 1", metadata={"tags": ["tests"]})
    series.tag(v4.new_notebook(cells=[cell]))
    assert "tags" not in cell.metadata
