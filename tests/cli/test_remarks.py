"""What `train` says at its end: nothing where all is well, and else a line that does better."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from helpers.cli import files
from helpers.cli.remarks import Trained, line, remarks, usual_epochs, usual_sample
from helpers.corpora import LOVE, SMALL_WORLD_CLASSES, small_world, topic_corpus
from helpers.geometry import share_in_class
from helpers.scale import train_sgns
from helpers.text import Vocabulary

CLASSES = {word: name for name, words in SMALL_WORLD_CLASSES.items() for word in words}
WORLD = "\n".join(" ".join(words) for words in small_world(np.random.default_rng(0), 1000))
SHORT = "\n".join(" ".join(words) for words in small_world(np.random.default_rng(0), 300))
RARE = "\n".join(f"w{i} w{i + 1} w{i + 2} the" for i in range(0, 300, 2))  # 600 words, 302 different ones


def what_is_said(run, *argv):
    """Train, and return the remarks and the lines that are suggested, without the words before `helpers`."""
    status, out, err = run("train", *argv)
    assert (status, out) == (0, "")
    lines = err.splitlines()
    told = [said for said in lines if said[0].isupper() or "are few for" in said or " had no pair" in said]
    better = [said.removeprefix("  python -m helpers ") for said in lines if said.startswith("  python")]
    assert len(told) + len(better) <= 4, "one or two calm lines, and what to do"
    return told, [shlex.split(words) for words in better]


def in_class(folder):
    words = files.read_vocabulary(folder).words
    W = files.read_vectors(folder, len(words)).W
    return share_in_class(W, [CLASSES.get(word) for word in words])


def above_floor(folder):
    facts = json.loads(Path(folder, "run.json").read_text())["train"]
    return facts["loss_end"] - facts["loss_floor"]


# --- Nothing to say -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", ["", "--method sgns", "--dim 5", "--epochs 0", "--method sgns --epochs 0", "--min-count 30"]
)
def test_nothing_is_said_about_the_small_world(place, run, options):
    assert what_is_said(run, "corpus.txt", "--out", "new", *options.split()) == ([], [])


@pytest.mark.parametrize("sentences", [100, 300])
@pytest.mark.parametrize("method", ["softmax", "sgns"])
def test_nothing_is_said_where_the_neighbors_are_right(place, run, sentences, method):
    text = small_world(np.random.default_rng(1), sentences)
    Path("text.txt").write_text("\n".join(map(" ".join, text)))
    assert what_is_said(run, "text.txt", "--out", "new", "--method", method) == ([], [])
    assert in_class("new") > 0.75  # chance is below 0.2


def test_quiet_is_quiet(place, run):
    Path("rare.txt").write_text(RARE)
    assert run("train", "rare.txt", "--out", "new", "--quiet", "--method", "sgns") == (0, "", "")


# --- Too small ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["softmax", "sgns"])
@pytest.mark.parametrize("text", [RARE, LOVE])
def test_a_text_that_is_too_small(place, run, text, method):
    Path("rare.txt").write_text(text)
    told, better = what_is_said(run, "rare.txt", "--out", "new", "--method", method)
    vocabulary = files.read_vocabulary("new")
    expected = f"{vocabulary.counts.sum():,} words of text are few for {len(vocabulary):,} different ones. "
    assert told[0].startswith(expected)
    assert len(told) == 1
    assert not better, "no other line would make it larger"


def test_five_words_may_need_more_passes(place, run):
    Path("five.txt").write_text("one two three\nfour five")
    told, (better,) = what_is_said(run, "five.txt", "--out", "new", "--method", "sgns", "--epochs", 20)
    assert [said.split(" ")[0] for said in told] == ["5", "Hardly"]
    before = files.read_vectors("new", 5)
    assert run(*better)[0] == 0
    assert np.abs(files.read_vectors("new", 5).C).sum() > 10 * np.abs(before.C).sum()


def test_what_min_count_leaves_out_counts(place, run):
    """The same text with its rare words left out is as small as before."""
    Path("rare.txt").write_text(RARE + "\na b c" * 20)
    (told,), _ = what_is_said(run, "rare.txt", "--out", "new", "--min-count", 3)
    assert told.startswith("660 words of text are few for about ")
    assert "different ones" in told
    guessed = int(told.split("about ")[1].split()[0].replace(",", ""))
    assert 0.5 < guessed / 305 < 1.5


@pytest.mark.parametrize(
    ("tokens", "words", "small"), [(9_999, 2_000, 1), (10_000, 2_000, 0), (30_000, 20_000, 0)]
)
def test_limits_of_a_small_text(tokens, words, small):
    settings = {"epochs": 5, "negatives": 5}
    assert len(remarks(Trained("sgns", settings, words, tokens, np.full(5, 2.0)))) == small


# --- The full softmax stopped early -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--epochs 20", "It was still on its way:"),
        ("--ep=20 --seed 3", "It was still on its way:"),
        ("--optimizer gd", "The other optimizer gets there sooner:"),
        ("--opt gd --learning-rate 0.5 --epochs 200", "The other optimizer gets there sooner:"),
        ("--dim 1", "more numbers per word:"),
        ("--dim=2", "more numbers per word:"),
    ],
)
def test_a_line_that_gets_nearer_to_the_floor(place, run, options, said):
    (told,), (better,) = what_is_said(run, "corpus.txt", "--out", "new", *options.split())
    assert told.endswith(said)
    before, right = above_floor("new"), in_class("new")
    assert told.startswith(f"It stopped {before:.2f} nats above its floor of ")
    assert run(*better)[0] == 0
    assert above_floor("new") < before / 2
    assert in_class("new") > min(right, 0.99)


@pytest.mark.slow
def test_negative_sampling_does_better_on_real_text(place, run):
    """As on real text, so in a text of topics: see benchmarks/your_text.py for the real one."""
    sentences, topic = topic_corpus(
        np.random.default_rng(0), 20_000, topics=20, words_per_topic=40, common_words=100
    )
    Path("topics.txt").write_text("\n".join(" ".join(f"w{i}" for i in ids) for ids in sentences))
    (told,), (better,) = what_is_said(run, "topics.txt", "--out", "new", "--dim", 6, "--min-count", 3)
    assert "the other method gives better neighbors:" in told
    assert better == ["train", "topics.txt", "--out", "new", "--min-count", "3", "--method", "sgns"]
    shares = []
    for argv in (None, better):
        assert argv is None or run(*argv)[0] == 0
        words = files.read_vocabulary("new").words
        classes = [topic[int(word[1:])] if topic[int(word[1:])] >= 0 else None for word in words]
        shares.append(share_in_class(files.read_vectors("new", len(words)).W, classes))
    assert shares[1] > shares[0]


# --- Negative sampling learned nothing ----------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        "--sample 0.001 --epochs 5",
        "--sample=1e-3 --epochs=15",
        "--epochs 1 --sample 1e-3 --negatives 2",
        "--learning-rate 1e-4",
        "--learning-rate 1e-3 --sample 0.001 --seed 4",
    ],
)
def test_a_line_that_learns_something(place, run, options):
    Path("short.txt").write_text(SHORT)
    (told,), (better,) = what_is_said(run, "short.txt", "--out", "new", "--method", "sgns", *options.split())
    assert told.startswith("Hardly anything was learned: the loss was ")
    assert in_class("new") < 0.3
    assert run(*better)[0] == 0
    assert in_class("new") > 0.9


def test_36_words_of_which_most_epochs_see_no_pair(place, run):
    Path("few.txt").write_text("the car drives\n" * 12)
    options = ["--out", "new", "--method", "sgns", "--sample", "0.001", "--epochs", "40"]
    (told,), (better,) = what_is_said(run, "few.txt", *options)
    empty = int(told.split()[0])
    assert told.startswith(f"{empty} of 40 epochs had no pair: thinning out frequent words left none.")
    assert empty > 20
    assert "--sample" not in better
    before = files.read_vectors("new", 3)
    what_is_said(run, *better[1:])
    after = files.read_vectors("new", 3)
    assert np.abs(after.C).sum() > 10 * np.abs(before.C).sum()


def test_few_epochs_of_a_word_that_repeats(place, run):
    """Where nothing was left out by the settings, more passes are what helps."""
    (remark,) = remarks(
        Trained(
            "sgns",
            {"epochs": 200, "sample": 0.5, "learning_rate": 0.045, "negatives": 5},
            words=10,
            tokens=100,
            losses=np.full(200, 4.15),
        )
    )
    assert remark.better == {"epochs": 800, "sample": 0}


# --- What is usual ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "epochs"),
    [(0, 100), (36, 100), (20_000, 100), (20_001, 100), (40_000, 50), (400_000, 5), (10**9, 5)],
)
def test_passes_read_two_million_words(tokens, epochs):
    assert usual_epochs(tokens) == epochs
    assert epochs in (5, 100) or 2e6 <= tokens * epochs < 2e6 + tokens


def test_the_usual_sample_keeps_the_words_of_a_small_world():
    """With word2vec's 0.001, a fifth of the words of a small world is left, and hardly a pair."""
    assert usual_sample(10_000) == usual_sample(2_000) == 1e-3
    assert usual_sample(53) == 2 / 53
    text = small_world(np.random.default_rng(0), 300)
    vocabulary = Vocabulary.from_sentences(text)
    ids, classes = [vocabulary.encode(s) for s in text], [CLASSES.get(word) for word in vocabulary.words]
    shares = {}
    for sample in (1e-3, usual_sample(len(vocabulary))):
        rng = np.random.default_rng(0)
        trained = train_sgns(ids, word_counts=vocabulary.counts, dim=100, rng=rng, epochs=50, sample=sample)
        shares[sample] = share_in_class(trained.embeddings.W, classes)
    assert shares[1e-3] < 0.6 < 0.95 < shares[2 / 53]


# --- The line -----------------------------------------------------------------------------------------

NAMES = ("dim", "window", "seed", "epochs", "learning_rate", "negatives", "sample", "workers")


@pytest.mark.parametrize(
    ("typed", "better", "expected"),
    [
        ("train a --epochs 3", {"epochs": 9}, "train a --epochs 9"),
        ("train a --epochs=3 --out b", {"epochs": 9}, "train a --out b --epochs 9"),
        ("train a --ep 3 --dim 3", {"epochs": None}, "train a --dim 3"),
        ("--quiet train a", {"sample": 0}, "--quiet train a --sample 0"),
        ("train a --learn 3 --seed 2", {"learning_rate": None}, "train a --seed 2"),
        ("train a --dim 3 --seed 2 --out b", {"method": "sgns"}, "train a --seed 2 --out b --method sgns"),
        ("train a --meth softmax --out=b", {"method": "sgns"}, "train a --out=b --method sgns"),
        ("train 'my text' --out 'a b'", {"epochs": 9}, "train 'my text' --out 'a b' --epochs 9"),
    ],
)
def test_the_line_is_what_was_typed_but_for_the_settings(typed, better, expected):
    assert line(shlex.split(typed), NAMES, better) == f"python -m helpers {expected}"
