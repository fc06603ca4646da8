"""`train --installed`: the English of this computer in place of a text."""

import json
import os
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from shell import snapshot

from helpers.cli import files, formats, training
from helpers.text import tokenize

TEXT = {  # as if it had been found
    "python/a.py": ["The row is above the other row.", "The column is “left” of it, e.g. of the row"] * 5,
    "numpy/ma/core.py": ["A row\u2028and a column are seen twice"] * 2 + ["This is seen once"],
    "python/help/if": ["If the row is in the way, then it is not."] * 4,
}
QUICK = ["--dim", "5", "--epochs", "2"]


@pytest.fixture
def text(monkeypatch):
    monkeypatch.setattr(training, "installed_text", lambda: TEXT)


def test_it_is_learned_from_as_from_a_file(place, run, text):
    status, out, err = run("train", "--installed", *QUICK)
    assert (status, out) == (0, "")
    lines = err.splitlines()
    sentences = [sentence for document in TEXT.values() for sentence in document]
    counts = Counter(word for sentence in tokenize("\n".join(sentences)) for word in sentence)
    assert lines[0] == f"{len(sentences)} sentences, {counts.total()} words from python, numpy"
    recorded = json.loads(Path("installed/run.json").read_text())["encode"]
    assert recorded["tokens"] + recorded["tokens_left_out"] == counts.total()
    assert lines[-1] == "installed: vocabulary.tsv, corpus_encoded.txt, vectors.npz, run.json"
    Path("same.txt").write_text("\n".join(sentences), encoding="utf-8")
    options = ["--method", "sgns", "--min-count", "5", "--out", "same", *QUICK]
    assert run("train", "same.txt", *options)[0] == 0
    assert snapshot(place / "installed") == snapshot(place / "same")
    assert counts["once"] == 1
    vocabulary = files.read_vocabulary("installed")
    expected = {word: count for word, count in counts.items() if count >= 5}
    assert dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True)) == expected
    assert json.loads(Path("installed/run.json").read_text())["train"]["method"] == "sgns"


def test_what_it_made_is_used_as_ever(place, run, text):
    assert run("train", "--installed", *QUICK, "--quiet") == (0, "", "")
    status, out, _ = run("neighbors", "installed", "row", "-k", "3")
    assert status == 0
    assert len(out.splitlines()) == 4
    assert run("export", "installed", "--format", "word2vec", "--out", "new.vec", "--quiet") == (0, "", "")
    words, W = formats.load_word2vec("new.vec")
    assert words == list(files.read_vocabulary("installed").words)
    np.testing.assert_array_equal(W.astype(np.float32), files.read_vectors("installed", len(words)).W)
    before = snapshot(place)
    assert run("train", "installed", "--method", "sgns", *QUICK)[0] == 0
    assert snapshot(place) == before


def test_what_is_said_counts(place, run, text):
    argv = ["--out", "mine", "--min-count", "1", "--method", "softmax", "--epochs", "2", "--seed", "3"]
    assert run("train", "--installed", *argv)[0] == 0
    assert sorted(os.listdir()) == ["cars", "corpus.txt", "mine"]
    assert "once" in files.read_vocabulary("mine")
    told = json.loads(Path("mine/run.json").read_text())["train"]
    assert (told["method"], told["seed"], told["dim"]) == ("softmax", 3, 20)


def test_softmax_says_what_to_do_about_too_many_words(refused, text, monkeypatch):
    monkeypatch.setattr(training, "MOST_WORDS", 3)
    said = refused("train", "--installed", "--method", "softmax", "--quiet")
    assert "too many for the full softmax" in said
    assert "--method sgns" in said


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (
            "train corpus.txt --installed",
            "--installed takes the place of corpus.txt: leave out one of the two",
        ),
        ("train --installed cars", "--installed takes the place of cars: leave out one of the two"),
        ("train --installed --out corpus.txt", "is a file, so it cannot hold files"),
        ("train --installed --min-count 0", "--min-count must be at least 1"),
        ("train --installed --optimizer gd", "train --method sgns does not take --optimizer"),
        ("train", "source is missing: name a text or a folder, or say --installed"),
        ("index corpus.txt --installed --out new", "index does not take --installed"),
    ],
)
def test_wrong_words(refused, text, argv, complaint):
    assert complaint in refused(*argv.split(), "--quiet")


def test_without_a_text_one_line_says_so(refused, monkeypatch):
    def nothing():
        raise FileNotFoundError("this Python came without source files")

    monkeypatch.setattr(training, "installed_text", nothing)
    assert refused("train", "--installed") == "helpers: this Python came without source files\n"


def test_a_python_without_sources_is_a_remark(place, run, monkeypatch):
    def warn():
        warnings.warn("no source files of Python's standard library in here", stacklevel=2)
        return TEXT

    monkeypatch.setattr(training, "installed_text", warn)
    status, _, err = run("train", "--installed", *QUICK)
    assert status == 0
    assert err.splitlines()[0] == "no source files of Python's standard library in here"
    assert run("train", "--installed", *QUICK, "--quiet") == (0, "", "")


@pytest.mark.slow
def test_the_real_text_of_this_computer(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    status, _, err = run("train", "--installed", "--dim", 50, "--epochs", 3)
    assert status == 0
    first = err.splitlines()[0].split()
    assert int(first[0].replace(",", "")) > 50_000
    for word, partner in (("row", "column"), ("true", "false"), ("minimum", "maximum")):
        _, out, _ = run("neighbors", "installed", word, "-k", 2)
        assert partner in out
