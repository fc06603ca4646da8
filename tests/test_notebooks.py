"""Every stored notebook is clean, the rules that say so can fail, and storing is reproducible.

That the stored outputs are true is checked by nbval, which `make test` runs on the notebooks themselves.
"""

import json

import pytest
from nbformat import NotebookNode, from_dict, v4

from tools import notebooks

STORED = sorted(notebooks.FOLDER.glob("*.ipynb"))
ALT = "Two arrows, one orange and one blue, which meet at the origin."
PNG = "iVBORw0KGgo="


def test_there_are_notebooks():
    assert STORED


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_stored_notebook_is_clean(path):
    assert notebooks.check(path) == []


def test_line_ends_of_the_checkout_do_not_matter(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "problems", lambda *_: [])  # its links lead to files that are elsewhere
    copy = tmp_path / STORED[0].name
    copy.write_bytes(STORED[0].read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert notebooks.check(copy) == []
    copy.write_bytes(copy.read_bytes() + b"\r\n")
    assert len(notebooks.check(copy)) == 1


# --- Each rule can fail -------------------------------------------------------------------------------


def code(source="1 + 1", outputs=(), count=1):
    return v4.new_code_cell(source, execution_count=count, outputs=list(outputs), id=f"code-{count}")


def prose(source, name="prose"):
    return NotebookNode(v4.new_markdown_cell(source), id=name)


def picture(alt=ALT, mime="image/png", data=PNG):
    metadata = {mime: {"alt": alt}} if alt is not None else {}
    return v4.new_output("display_data", {mime: data, "text/plain": "<Figure>"}, metadata=metadata)


def page(html, mime="text/html"):
    return v4.new_output("display_data", {mime: html})


def notebook(*cells):
    title = prose("# A title\n\nSome prose, with `[code](no)` and math: $f[i](x)$.", "title")
    return NotebookNode(v4.new_notebook(metadata=from_dict(notebooks.METADATA)), cells=[title, *cells])


def problems(*cells, folder=notebooks.FOLDER):
    return notebooks.problems(notebook(*cells), folder / "bad.ipynb")


GOOD = {
    "figure": [code(outputs=[picture()])],
    "base64 that spells a path": [code(outputs=[picture(data="/tmp/aaa/root/")])],
    "svg with title": [code(outputs=[page("<svg><title>A map</title><g/></svg>", "image/svg+xml")])],
    "svg with label": [code(outputs=[page('<div><svg aria-label="A map"><svg/></svg></div>')])],
    "link": [
        prose("[the package](../pyproject.toml), [above](#A-title), <a href='#x'>x</a>, [a](https:b.c)")
    ],
    "folded": [prose("<details><summary>Solution</summary>\n\n```python\nx = a[i](j)\n```\n</details>")],
    "two cells": [code(), code("2 + 2", count=2)],
}
BAD = {
    "skipped": ("not run from top to bottom", [code(count=2)]),
    "not run": ("not run from top to bottom", [code(count=None)]),
    "out of order": ("not run from top to bottom", [code("a", count=2), code("b", count=1)]),
    "other run": (
        "another run than its cell",
        [code(outputs=[v4.new_output("execute_result", {"text/plain": "2"}, execution_count=7)])],
    ),
    "error": ("an error: KeyError", [code(outputs=[v4.new_output("error", ename="KeyError")])]),
    "stderr": ("stderr", [code(outputs=[v4.new_output("stream", name="stderr", text="Warning")])]),
    "widget": ("a stored widget", [code(outputs=[page({"model_id": "1"}, notebooks.WIDGET)])]),
    "address": ("memory address", [code(outputs=[page("<Run at 0x7f51c0a3b2d0>", "text/plain")])]),
    "no alt": ("without alt text", [code(outputs=[picture(alt=None)])]),
    "short alt": ("without alt text", [code(outputs=[picture(alt="   a figure          ")])]),
    "jpeg": ("without alt text", [code(outputs=[picture(alt=None, mime="image/jpeg")])]),
    "svg": ("<svg> without", [code(outputs=[page("<svg><text>dog</text></svg>", "image/svg+xml")])]),
    "svg, empty title": ("<svg> without", [code(outputs=[page("<svg><title> </title></svg>")])]),
    "svg, second of two": ("<svg> without", [code(outputs=[page("<svg><title>A</title></svg><svg></svg>")])]),
    "svg, title inside prose": ("<svg> without", [code(outputs=[page("<title>A</title><svg><g/></svg>")])]),
    "img": ("an image without alt text", [code(outputs=[page("<img src='a.png'>")])]),
    "img in prose": ("an image without alt text", [prose("<img src='../pyproject.toml' alt=''>")]),
    "markdown image": ("an image without alt text", [prose("![](../pyproject.toml)")]),
    "dead link": ("a link to a file that does not exist: 99.ipynb#top", [prose("see [next](99.ipynb#top)")]),
    "dead image": ("does not exist: gone.png", [prose(f"![{ALT}](gone.png)")]),
    "dead html link": ("does not exist: gone.html", [prose("<a href='gone.html'>see</a>")]),
    "linked image": ("does not exist: gone.ipynb", [prose(f"[![{ALT}](../pyproject.toml)](gone.ipynb)")]),
    "attachment": ("an attachment", [v4.new_markdown_cell("a", attachments={"a.png": {}}, id="a")]),
    "same id": ("two cells with the same id", [prose("a"), prose("b")]),
    "bad id": ("not a valid notebook: 'no spaces please' does", [prose("a", "no spaces please")]),
    "large": ("larger than 300 kB", [prose("word " * 60_000)]),
}
PATHS = ["/home/me/x", "/root/x", "/Users/me", "/tmp/x", r"C:\Users\me", "lib/site-packages/numpy", "{root}"]


@pytest.mark.parametrize("cells", GOOD.values(), ids=GOOD.keys())
def test_good_notebook_has_no_problem(cells):
    assert problems(*cells) == []


@pytest.mark.parametrize(("problem", "cells"), BAD.values(), ids=BAD.keys())
def test_bad_notebook_has_exactly_this_problem(problem, cells):
    assert [found for found in problems(*cells) if problem in found]
    assert len(problems(*cells)) == 1


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("place", ["source", "stream", "html"])
def test_paths_of_one_machine_are_found(path, place):
    path = path.format(root=notebooks.ROOT)
    cell = {
        "source": code(f"open({path!r})"),
        "stream": code(outputs=[v4.new_output("stream", text=f"line\nread {path}\n")]),
        "html": code(outputs=[page(f"<b>{path}</b>")]),
    }[place]
    (problem,) = problems(cell)
    assert "a path of one machine" in problem


def test_title_and_metadata_are_required():
    untitled = notebook()
    untitled.cells = [prose("Some prose.")]
    (problem,) = notebooks.problems(untitled, notebooks.FOLDER / "bad.ipynb")
    assert "title" in problem

    with_widgets = notebook()
    with_widgets.metadata["widgets"] = {}
    assert notebooks.problems(with_widgets, notebooks.FOLDER / "bad.ipynb") == ["widget state is stored"]

    other_kernel = notebook()
    other_kernel.metadata.language_info["version"] = "3.11.7"
    (problem,) = notebooks.problems(other_kernel, notebooks.FOLDER / "bad.ipynb")
    assert "metadata" in problem


# --- Storing is reproducible --------------------------------------------------------------------------

FIGURE = f"""\
import matplotlib.pyplot as plt

print("before")
fig, ax = plt.subplots(figsize=(2, 1))
ax.plot([1, 2])
display(fig, metadata={{"image/png": {{"alt": "{ALT}"}}}})
plt.close(fig)
print("after")
"""
WIDGET = """\
import ipywidgets

def show(n=3):
    print("n =", n)

ipywidgets.interact(show, n=(1, 5));
"""


@pytest.fixture
def messy(tmp_path):
    """A notebook as an editor leaves it, with a figure and a widget."""
    book = notebook(code(FIGURE, count=9), code(WIDGET), prose("The end.", "title"))
    book.metadata = {"kernelspec": {"name": "python3", "display_name": "mine"}, "widgets": {}, "toc": {}}
    book.cells[1].metadata = {"scrolled": True, "collapsed": True, "execution": {"a": "b"}, "tags": ["map"]}
    del book.cells[2]["id"]
    path = tmp_path / "messy.ipynb"
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


@pytest.mark.slow
def test_storing_twice_gives_the_same_bytes(messy):
    notebooks.store(messy)
    once = messy.read_bytes()
    notebooks.store(messy)
    assert messy.read_bytes() == once
    assert once.endswith(b"}\n")

    stored = notebooks.read(messy)
    figure, widget = (cell for cell in stored.cells if cell.cell_type == "code")
    assert [output.output_type for output in figure.outputs] == ["stream", "display_data", "stream"]
    assert figure.metadata == {"tags": ["map"]}
    assert notebooks.WIDGET not in messy.read_text(encoding="utf-8")
    assert {output.output_type for output in widget.outputs} == {"display_data", "stream"}  # as nbval sees it
    assert "interactive(children=" in str(widget.outputs)
    ids = [cell.id for cell in stored.cells]
    assert ids[:2] == ["title", "code-9"]
    assert len(set(ids)) == 4
    assert figure.outputs[1].metadata == {"image/png": {"alt": ALT}}
    assert notebooks.check(messy) == []


def test_a_notebook_that_fails_is_left_as_it_was(tmp_path, capsys):
    path = tmp_path / "fails.ipynb"
    path.write_text(notebooks.dumps(notebook(code("1 / 0"))), encoding="utf-8")
    before = path.read_bytes()
    assert notebooks.main([str(path)]) == 1
    assert path.read_bytes() == before
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_check_reports_and_changes_nothing(messy, capsys):
    before = messy.read_bytes()
    assert notebooks.main(["--check", str(messy)]) == 1
    assert messy.read_bytes() == before
    assert "run `make notebooks`" in capsys.readouterr().out
    assert notebooks.main(["--check", str(messy.with_name("missing.ipynb"))]) == 1
