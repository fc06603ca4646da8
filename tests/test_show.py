"""Copies for a class: the notebooks as they are, with the code folded."""

import pytest

import run
from tools import series, show


@pytest.fixture
def copies(tmp_path):
    return show.write(tmp_path / "show")


def test_copies_hide_code_and_change_nothing_else(copies):
    originals = sorted(series.FOLDER.glob("*.ipynb"))
    assert [path.name for path in copies] == [path.name for path in originals]
    for copy, original in zip(map(series.read, copies), map(series.read, originals), strict=True):
        *cells, style = copy.cells
        assert show.CSS.read_text() in style.source
        for cell, before in zip(cells, original.cells, strict=True):
            assert (cell.source, cell.get("outputs")) == (before.source, before.get("outputs"))
            hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
            assert hidden == (cell.cell_type == "code")


def test_a_notebook_that_is_not_there_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(show.write, "__defaults__", (tmp_path / "show",))
    assert show.main(["03"]) == 0
    assert show.main(["seven"]) == 2
    assert "No notebook begins with 'seven', only 00_start_here.ipynb, " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "letters", "name"),
    [(("03", "--no-browser"), "03", "03_learning_signal"), (("--no-browser",), "00", "00_start_here")],
)
def test_show_opens_the_copy_that_begins_so(monkeypatch, tmp_path, arguments, letters, name):
    opened = []
    monkeypatch.setattr(run, "set_up", lambda group: opened.append(group))
    monkeypatch.setattr(run, "quietly", lambda *_: None)
    monkeypatch.setattr(run, "ROOT", tmp_path)

    def call(*command, **_):
        opened.append(" ".join(command))
        show.write(tmp_path / "build" / "show")
        return 0

    monkeypatch.setattr(run, "call", call)
    assert run.show(*arguments) == 0
    group, wrote, started = opened
    assert (group, wrote) == ("lab", f"-m tools.show {letters}")
    assert f"--LabApp.default_url=/doc/tree/build/show/{name}.ipynb" in started
    assert started.endswith("--no-browser")
