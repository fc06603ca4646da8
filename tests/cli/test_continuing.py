"""`train MORE --continue DIR`: old words keep their places, new ones follow, counts add up."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from shell import snapshot

from helpers import scale
from helpers.cli import files
from helpers.corpora import small_world, word_class
from helpers.geometry import nearest_neighbors, share_in_class
from helpers.text import tokenize

QUICK = ["--epochs", "3", "--quiet"]
FIRST = ["--method", "sgns", "--dim", "10", *QUICK]
MORE = "the car needs the tram\nthe tram moves fast\na tram is here\n" * 5 + "the zeppelin rises\n"


@pytest.fixture
def first(place, run):
    """A folder that negative sampling made, and a text with new words to go on with."""
    assert run("train", "corpus.txt", "--out", "first", *FIRST)[0] == 0
    Path("more.txt").write_text(MORE)
    return place


def words_of(*names):
    return Counter(word for name in names for s in tokenize(Path(name).read_text()) for word in s)


def run_of(folder):
    return json.loads(Path(folder, "run.json").read_text())


def test_words_counts_and_text_add_up(first, run):
    assert run("train", "more.txt", "--continue", "first", "--out", "both", *QUICK) == (0, "", "")
    old, new = files.read_vocabulary("first"), files.read_vocabulary("both")
    assert new.words[: len(old)] == old.words
    fresh = [word for word in dict.fromkeys(MORE.split()) if word not in old]
    assert list(new.words[len(old) :]) == fresh, "in the order in which the new text has them"
    assert "zeppelin" in fresh
    assert dict(zip(new.words, new.counts.tolist(), strict=True)) == words_of("corpus.txt", "more.txt")
    sentences = [new.decode(ids) for ids in files.read_encoded("both", len(new))]
    assert sentences == tokenize(Path("corpus.txt").read_text()) + tokenize(MORE)
    assert sorted(snapshot(first / "both")) == sorted(files.NAMES)
    assert sorted(snapshot(first / "first")) == sorted(files.NAMES)


def test_what_it_writes_down(first, run):
    assert run("train", "more.txt", "--continue", "first", "--out", "both", *QUICK)[0] == 0
    before, told = run_of("first"), run_of("both")
    assert told["train"].pop("before") == before["train"]
    assert told["index"]["words"] == len(files.read_vocabulary("both"))
    assert told["encode"] == {
        "sentences": before["encode"]["sentences"] + len(MORE.splitlines()),
        "tokens": before["encode"]["tokens"] + len(MORE.split()),
        "tokens_left_out": 0,
    }
    assert told["train"]["tokens"] == len(MORE.split()), "it learns from the new text alone"
    assert (told["train"]["dim"], told["train"]["learning_rate"]) == (10, 0.02)


def test_training_starts_where_the_old_one_ended(first, run):
    assert run("train", "more.txt", "--continue", "first", "--out", "both", "--quiet", "--epochs", 0)[0] == 0
    old, new = files.read_vectors("first", 53), files.read_vectors("both", len(files.read_vocabulary("both")))
    np.testing.assert_array_equal(new.W[:53], old.W)
    np.testing.assert_array_equal(new.C[:53], old.C)
    assert (np.abs(new.W[53:]) <= 1 / 10).all()
    assert len(np.unique(new.W[53:])) == new.W[53:].size
    assert not new.C[53:].any()
    assert run("train", "more.txt", "--continue", "first", "--out", "other", *QUICK)[0] == 0
    moved = files.read_vectors("other", len(new.W))
    absent = [i for i, word in enumerate(files.read_vocabulary("first").words) if word not in MORE.split()]
    assert len(absent) > 30
    np.testing.assert_array_equal(moved.W[absent], old.W[absent], "words that the new text lacks stay put")
    assert (moved.C[53:] != 0).any()


def test_it_is_the_library_s_training_from_a_start(first, run):
    assert run("train", "more.txt", "--continue", "first", "--out", "start", "--quiet", "--epochs", 0)[0] == 0
    assert run("train", "more.txt", "--continue", "first", "--out", "both", "--seed", 0, *QUICK)[0] == 0
    vocabulary = files.read_vocabulary("both")
    ids = [vocabulary.encode(sentence) for sentence in tokenize(MORE)]
    counts = np.bincount(np.concatenate(ids), minlength=len(vocabulary))
    settings = {
        "dim": 10,
        "epochs": 3,
        "learning_rate": 0.02,
        "sample": 2 / len(np.unique(np.concatenate(ids))),
    }
    start, rng = files.read_vectors("start", len(vocabulary)), np.random.default_rng(0)
    expected = scale.train_sgns(ids, word_counts=counts, rng=rng, start=start, **settings).embeddings
    found = files.read_vectors("both", len(vocabulary))
    np.testing.assert_array_equal([found.W, found.C], [expected.W, expected.C])


def test_without_out_the_folder_itself_goes_on_and_the_same_bytes_come_again(first, run):
    assert run("train", "more.txt", "--continue", "first", "--out", "both", *QUICK)[0] == 0
    status, out, err = run("train", "more.txt", "--continue", "first", "--epochs", 3)
    assert (status, out) == (0, "")
    fresh = len(files.read_vocabulary("both")) - 53
    assert err.splitlines()[-1] == f"first: {fresh} new words behind 53 old ones"
    assert snapshot(first / "first") == snapshot(first / "both")
    assert run("train", "more.txt", "--continue", "first", *QUICK)[0] == 0, "and again"
    assert run_of("first")["train"]["before"]["before"]["method"] == "sgns"


def test_rare_new_words_are_left_out_and_old_ones_are_not(first, run):
    assert run("train", "more.txt", "--continue", "first", "--min-count", 5, *QUICK)[0] == 0
    vocabulary = files.read_vocabulary("first")
    assert "zeppelin" not in vocabulary
    assert "tram" in vocabulary
    assert dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True)) == {
        word: count for word, count in words_of("corpus.txt", "more.txt").items() if word in vocabulary
    }
    assert run_of("first")["encode"]["tokens_left_out"] > 0


def test_a_new_word_joins_its_class_and_the_old_ones_stay_together(place, run):
    """The second half of a small world has a vehicle that the first half never names."""
    rng = np.random.default_rng(5)
    halves = [[" ".join(words) for words in small_world(rng, 1000)] for _ in range(2)]
    Path("one.txt").write_text("\n".join(line for line in halves[0] if "plane" not in line.split()))
    Path("two.txt").write_text("\n".join(halves[1]))
    options = ["--dim", "20", "--epochs", "30", "--quiet"]
    assert run("train", "one.txt", "--out", "new", "--method", "sgns", *options)[0] == 0
    assert "plane" not in files.read_vocabulary("new")
    assert run("train", "two.txt", "--continue", "new", *options)[0] == 0
    vocabulary = files.read_vocabulary("new")
    W = files.read_vectors("new", len(vocabulary)).W
    classes = [word_class(word) for word in vocabulary.words]
    assert share_in_class(W, classes) > 0.95
    (nearest,), _ = nearest_neighbors(W, vocabulary.index["plane"], 1)
    assert classes[nearest] == word_class("plane")


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        ("more.txt --continue cars", "--continue goes with --method sgns, before and now"),
        ("more.txt --continue first --method softmax", "--continue goes with --method sgns, before and now"),
        ("more.txt --continue first --dim 11", "--dim 11 does not fit first, whose vectors have 10 numbers"),
        ("more.txt --continue nowhere", "there is no folder nowhere"),
        ("more.txt --continue corpus.txt", "is a file"),
        ("cars --continue first", "--continue goes with a text; cars is a folder"),
        ("--continue first", "source is missing"),
        ("first/corpus_encoded.txt --continue first", "would be overwritten"),
        ("empty.txt --continue first", "empty.txt: the corpus has no words"),
        ("more.txt --continue elsewhere", "elsewhere has vectors made elsewhere: --continue takes a folder"),
        ("elsewhere --out new", "elsewhere has vectors made elsewhere and no text: name a text"),
    ],
)
def test_what_is_refused(first, run, refused, argv, complaint):
    Path("empty.txt").write_text("...")
    Path("made.vec").write_text("2 2\na 1 2\nb 2 1\n")
    assert run("import", "made.vec", "--out", "elsewhere")[0] == 0
    assert complaint in refused("train", *argv.split(), "--quiet")


@pytest.mark.parametrize("more", ["car\n", "the car drives\n", "the the the car car\n"])
def test_a_few_old_words_are_no_divergence(first, run, more):
    """All of them are frequent; they are not thinned out, and their noise is not the rate."""
    Path("few.txt").write_text(2 * more)
    status, _, err = run("train", "few.txt", "--continue", "first", "--method", "sgns", "--out", "both")
    assert (status, "ran away" in err) == ((2, False) if more == "car\n" else (0, False)), err


def test_a_failure_on_the_way_changes_nothing(first, refused, monkeypatch):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_vectors", fail)
    assert "No space left" in refused("train", "more.txt", "--continue", "first", *QUICK)
