"""A folder that the command line has made, and two ways to run a command line in it."""

import shutil

import numpy as np
import pytest
from shell import snapshot

from helpers.cli import main
from helpers.corpora import small_world


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A text from the small world, and the folder made of it; tests work on copies."""
    place = tmp_path_factory.mktemp("trained")
    text = "\n".join(" ".join(words) for words in small_world(np.random.default_rng(0), 1000))
    (place / "corpus.txt").write_text(text)
    assert main(["train", str(place / "corpus.txt"), "--out", str(place / "cars"), "--quiet"]) == 0
    return place


@pytest.fixture
def place(trained, tmp_path, monkeypatch):
    """An own copy of `trained` as the current folder."""
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys):
    """Run a command line and return its exit status, stdout and stderr."""

    def run(*argv):
        capsys.readouterr()
        status = main([str(word) for word in argv])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def refused(run, place):
    """Run a command line that must fail in one line, changing nothing; return the line."""

    def refused(*argv):
        before = snapshot(place)
        status, out, err = run(*argv)
        assert status == 2
        assert out == ""
        assert err.startswith("helpers: ")
        assert err.count("\n") == 1
        assert err.endswith("\n")
        assert snapshot(place) == before
        return err

    return refused
