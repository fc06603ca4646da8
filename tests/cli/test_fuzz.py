"""Thousands of random command lines, texts and damaged files: an exit status and one line, never a traceback.

What is wrong in a reader's files or words is a `ValueError`, `KeyError`, `OSError` or one of their kind. An
error of another kind (an index, a type, an attribute) would be printed as one line, too, but it says nothing
to a reader: it is a fault of ours.
"""

import random
import shlex
import shutil
import string
from functools import cache

import numpy as np
import pytest

from helpers import cli
from helpers.cli import files, main, parser

OURS = (ValueError, KeyError, OSError, FloatingPointError, MemoryError)
TEXTS = [
    "a b",
    "the car drives\na bus drives",
    "",
    "...",
    "one",
    "\ufeffé è\r\nß İ",
    "a\0b",
    "x " * 300,
    "१२ नमस्ते",
]
WORDS = [
    "car",
    "bus",
    "Car.",
    "",
    " ",
    "-1",
    "--",
    "-",
    "é",
    "\ud800",
    "a b",
    "\n",
    "0",
    "nan",
    "१",
    "x" * 99,
]
NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "1.5",
    "nan",
    "inf",
    "1e999",
    "",
    "x",
    "0x1",
    "1_0",
    "٣",
    "9" * 30,
    " 2 ",
]
FLAGS = str.split("""
    --dim --window --seed --epochs --learning-rate --init-scale --optimizer --negatives --sample --workers
    --min-count --method --out --encoding --split --lines
    --installed --continue --quiet --traceback --format -k --help --version --d --e
""")
COMMANDS = [*str.split("index encode train neighbors export similarity analogy compare map import sing"), ""]
PLACES = (
    "text.txt",
    "cars",
    "sgns",
    "missing",
    "empty",
    "new",
    "text.txt/new",
    ".",
    "cars/run.json",
    "cars/vectors.npz",
    "made.vec",
    "new/map.svg",
)
build_parser = cache(parser.build_parser)  # half of the time goes into this, again and again the same
FEW = ["--epochs", "1", "--dim", "2", "--window", "1"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two folders and a text; each case works on a copy of the files that it changes."""
    place = tmp_path_factory.mktemp("fuzz")
    (place / "text.txt").write_text("the car drives fast\na bus drives\nthe bus is here\n" * 4)
    (place / "made.vec").write_text("3 2\ncar 1 2\nbus 2 1\n0 1 1\n")
    (place / "empty").mkdir()
    for name, method in (("cars", "softmax"), ("sgns", "sgns")):
        argv = ["train", place / "text.txt", "--out", place / name, "--quiet", "--method", method, *FEW]
        assert main(list(map(str, argv))) == 0
    return place


@pytest.fixture
def ask(made, tmp_path, monkeypatch, capsys):
    """Run a command line in a copy of `made`; it must end in a known way, and say at most a few lines."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parser, "build_parser", build_parser)
    caught, say = [], cli.one_line
    monkeypatch.setattr(cli, "one_line", lambda error: caught.append(error) or say(error))

    def ask(argv):
        caught.clear()
        status = main(argv)
        _, err = capsys.readouterr()
        told = f"helpers {shlex.join(argv)!a}: {err!a}"
        assert status in (0, 2), told
        if status == 2:
            assert isinstance(caught[0], OURS), f"{caught[0]!r} {told}"
            assert err.splitlines()[-1].startswith("helpers: "), told
            assert len(err.splitlines()[-1]) > len("helpers: ") + 3, told
        if "--traceback" not in argv and not any(word in "--traceback" for word in argv if len(word) > 2):
            assert "Traceback" not in err, told
        return status

    return ask


def some_words(source):
    """A command line that is often nearly right."""
    typed = [source.choice(COMMANDS)]
    for _ in range(source.randrange(7)):
        kind = source.random()
        typed.append(
            source.choice(
                PLACES if kind < 0.35 else FLAGS if kind < 0.65 else NUMBERS if kind < 0.85 else WORDS
            )
        )
    if source.random() < 0.3:
        typed.insert(
            source.randrange(len(typed) + 1),
            source.choice(["softmax", "sgns", "npz", "projector", "word2vec"]),
        )
    return typed if "--installed" not in typed else [word for word in typed if word != "--installed"]


def damaged(source, data):
    """Bytes with a few of them changed, doubled, cut out or moved."""
    data = bytearray(data)
    for _ in range(source.choice((1, 1, 2, 5))):
        at, size = source.randrange(len(data) + 1), source.choice((1, 1, 2, 8, 40))
        what = source.randrange(6)
        if what == 0:
            del data[at : at + size]
        elif what == 1:
            data[at:at] = data[at : at + size]
        elif what == 2:
            data[at : at + 1] = bytes([source.randrange(256)])
        elif what == 3:
            data[at:at] = source.choice(
                [b"\n", b"\t", b"\r", b" ", b"-1", b"9" * 20, b"\xff", b"\0", b"{", b'"', b"1e400"]
            )
        elif what == 4:
            del data[at:]
        else:
            data[at : at + size] = bytes(reversed(data[at : at + size]))
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_random_words(ask, tmp_path, seed):
    source, ended = random.Random(seed), []
    for number in range(1000):
        if number % 60 == 0:  # what earlier cases wrote does not pile up
            shutil.rmtree("new", ignore_errors=True)
        ended.append(ask(some_words(source)))
    assert ended.count(0) > 10, "some of them are right"


@pytest.mark.parametrize("name", files.NAMES)
def test_damaged_files(ask, tmp_path, name):
    source = random.Random(name)
    lines = [
        ["neighbors", "cars", "car"],
        ["train", "cars", "--quiet", *FEW],
        ["train", "cars", "--quiet", "--method", "sgns", *FEW],
        ["train", "text.txt", "--continue", "sgns", "--out", "new", "--epochs", "1", "--quiet"],
        ["export", "cars", "--format", "projector", "--out", "new"],
        ["export", "cars", "--format", "word2vec", "--out", "new.vec"],
        ["encode", "text.txt", "--out", "cars"],
        ["similarity", "cars", "car", "bus"],
    ]
    good = {folder: (tmp_path / folder / name).read_bytes() for folder in ("cars", "sgns")}
    keep = {path: path.read_bytes() for folder in good for path in (tmp_path / folder).iterdir()}
    ended = []
    for _ in range(200):
        for path, data in keep.items():
            path.write_bytes(data)
        for folder, data in good.items():
            (tmp_path / folder / name).write_bytes(damaged(source, data))
        ended.append(ask(source.choice(lines)))
    assert ended.count(2) > 30, "the damage is noticed where it matters"


def test_random_texts(ask, tmp_path):
    source = random.Random(0)
    letters = string.printable + "é ß\u00ad\u200b\u2028\x85ёあ狗\U0001f600\u0301'’.-_"
    for number in range(300):
        kind = number % 3
        if kind == 0:
            data = "".join(source.choices(letters, k=source.randrange(60))).encode()
        elif kind == 1:
            data = source.randbytes(source.randrange(40))
        else:
            data = damaged(
                source, source.choice(TEXTS).encode(source.choice(["utf-8", "utf-16", "utf-8-sig"]))
            )
        (tmp_path / "any.txt").write_bytes(data)
        method = source.choice(("softmax", "sgns"))
        ask(["train", "any.txt", "--out", "new", "--method", method, "--quiet", *FEW])


def test_the_fuzz_notices_an_error_of_another_kind(ask, monkeypatch):
    """An error that only Python understands is found, and not taken for an answer."""
    monkeypatch.setattr(files, "read_run", lambda folder: [][0])
    with pytest.raises(AssertionError, match="IndexError"):
        ask(["train", "cars", "--quiet", *FEW])
    monkeypatch.setattr(files, "read_run", lambda folder: np.zeros(2).missing)
    with pytest.raises(AssertionError, match="AttributeError"):
        ask(["train", "cars", "--quiet", *FEW])
