"""What is said on the way: on a terminal, in a log, and not at all."""

import json
import sys
from pathlib import Path

import pytest


def test_progress_is_a_few_lines_in_a_log(place, run):
    _, out, err = run("train", "corpus.txt", "--out", "new", "--epochs", 100)
    assert out == ""
    lines = err.splitlines()
    told = json.loads(Path("new/run.json").read_text())["train"]
    assert lines[0] == f"53 words, {told['pairs']:,} pairs, no loss below {told['loss_floor']:.2f}"
    assert lines[1] == "100 epochs to train"
    quarters = [f"{share:>3}% of 100 epochs" for share in (25, 50, 75, 100)]
    assert [line.split(",")[0] for line in lines[2:-1]] == quarters
    assert lines[-2].endswith(f", loss {told['loss_end']:.2f} nats per pair")
    assert lines[-1] == "new: vocabulary.tsv, corpus_encoded.txt, vectors.npz, run.json"


def test_progress_is_one_line_on_a_terminal(place, run, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _, _, err = run("train", "corpus.txt", "--out", "new", "--epochs", 100)
    reading, words, first, last, rest = err.split("\n")
    assert reading.strip() == "reading corpus.txt"
    assert words.startswith("53 words")
    assert first.startswith("\r100 epochs to train ")
    assert first.split("\r")[-1].startswith("100% of 100 epochs, loss ")
    assert (last, rest) == ("new: vocabulary.tsv, corpus_encoded.txt, vectors.npz, run.json", "")


def test_an_error_does_not_share_the_line_of_the_progress(place, run, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _, _, err = run("train", "cars", "--learning-rate", 1e6)
    assert err.splitlines()[-1].startswith("helpers: training ran away")


@pytest.mark.parametrize("epochs", [0, 1, 2, 3])
def test_few_epochs_have_progress_too(place, run, epochs):
    status, _, err = run("train", "cars", "--epochs", epochs)
    assert status == 0
    all_of_them = f"{epochs} epoch{'s' * (epochs != 1)}"
    assert f"\n{all_of_them} to train\n" in err
    assert (f"\n100% of {all_of_them}, loss " in err) == (epochs > 0)


@pytest.mark.parametrize("terminal", [False, True])
def test_quiet_is_quiet(place, run, monkeypatch, terminal):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    Path("latin.txt").write_bytes("Café au lait".encode("cp1252"))
    for command in ("index", "encode", "train"):
        assert run(command, "latin.txt", "--out", "l", "--quiet") == (0, "", "")
