"""Copies for Colab: one cell more, which installs what is missing and nothing else."""

import importlib.util
import subprocess
import sys
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from nbformat.validator import iter_validate

from tools import colab, series

ADDRESS = "https://example.org/me/embeddings"


def test_copies_have_one_cell_more_and_are_else_the_same(tmp_path):
    colab.make(ADDRESS, tmp_path / "new" / "folder")
    copies = sorted((tmp_path / "new" / "folder").iterdir())
    assert [copy.name for copy in copies] == [path.name for path in sorted(series.FOLDER.glob("*.ipynb"))]
    for path in copies:
        copy, stored = series.read(path), series.read(series.FOLDER / path.name)
        added = copy.cells.pop(1)
        assert ADDRESS in added.source
        assert copy == stored
    assert not list(iter_validate(series.read(copies[0]), version=4, version_minor=5))


@pytest.fixture
def run_cell(monkeypatch):
    """Run the cell, with or without `helpers` and Colab; return what was called."""

    def run(has_helpers, in_colab):
        called, output = Mock(), Mock()
        monkeypatch.setattr(subprocess, "check_call", called)
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if has_helpers else None)
        monkeypatch.delitem(sys.modules, "google.colab", raising=False)
        if in_colab:
            monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace(output=output))
        exec(colab.CELL.format(address=ADDRESS), {})
        return called, output.enable_custom_widget_manager

    return run


@pytest.mark.parametrize("has_helpers", [False, True])
@pytest.mark.parametrize("in_colab", [False, True])
def test_the_cell_installs_what_is_missing_and_lets_colab_show_widgets(run_cell, has_helpers, in_colab):
    called, shown = run_cell(has_helpers, in_colab)
    assert shown.called == in_colab
    assert called.called != has_helpers
    if not has_helpers:
        (command,) = called.call_args.args
        assert command[:4] == [sys.executable, "-m", "pip", "install"]
        assert command[-1] == f"how-embeddings-learn @ git+{ADDRESS}"


@pytest.mark.parametrize(
    ("arguments", "words"), [([], "Name yours"), (["my repository"], "my repository is not an address")]
)
def test_without_an_address_one_line_says_what_is_missing(arguments, words, capsys, monkeypatch):
    monkeypatch.setattr(colab, "REPOSITORY", "")
    assert colab.main(arguments) == 2
    (line,) = capsys.readouterr().out.splitlines()
    assert words in line


def test_the_address_may_be_set_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(colab, "REPOSITORY", ADDRESS)
    monkeypatch.setattr(colab, "TARGET", tmp_path / "copies")
    assert colab.main([]) == 0
    assert capsys.readouterr().out == f"Written: {colab.TARGET}\n"
    assert all(ADDRESS in path.read_text(encoding="utf-8") for path in colab.TARGET.iterdir())
