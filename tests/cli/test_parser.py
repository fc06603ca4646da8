"""What is typed: help, defaults, and every wrong word, refused in one line that changes nothing."""

import pytest

from helpers.cli.parser import parse

COMMANDS = (
    "index",
    "encode",
    "train",
    "neighbors",
    "similarity",
    "analogy",
    "compare",
    "import",
    "map",
    "export",
)


@pytest.mark.parametrize("words", [*COMMANDS, "train --method sgns"])
def test_help_has_an_example_that_is_understood(run, words):
    command, *_ = words.split()
    status, out, _ = run(*words.split(), "--help")
    assert status == 0
    example = out.split("python -m helpers ")[-1].split()
    assert example[0] == command
    assert parse(example).run.__name__ == f"run_{command}"


def test_help_names_all_commands(run):
    status, out, _ = run("--help")
    assert status == 0
    assert all(f"  {command}" in out for command in COMMANDS)
    assert "neighbors cars car -k 10" in out


SOFTMAX = {"method": "softmax", "dim": 20, "window": 2, "seed": 0, "epochs": 300, "learning_rate": None}
SOFTMAX |= {"init_scale": 0.1, "optimizer": "momentum"}
SGNS = {"method": "sgns", "dim": None, "window": 5, "seed": 0, "epochs": None, "learning_rate": None}
SGNS |= {"negatives": 5, "sample": None, "workers": 1}  # None: it depends on the text, and on the vectors


@pytest.mark.parametrize(
    ("words", "defaults"),
    [
        ("train cars", SOFTMAX),
        ("train --method softmax cars", SOFTMAX),
        ("train cars --method sgns", SGNS),
        ("train --method=sgns cars", SGNS),
        ("train --meth sgns cars", SGNS),
        ("train --installed", SGNS),
        ("train more.txt --continue cars", SGNS),
        ("train --installed --method softmax", SOFTMAX),
    ],
)
def test_each_method_has_defaults_of_its_own(words, defaults):
    options = vars(parse(words.split()))
    assert {name: options[name] for name in defaults} == defaults
    assert not options.keys() & ((SOFTMAX | SGNS).keys() - defaults.keys())
    given = vars(parse([*words.split(), "--dim", "7", "--learning-rate", "0.5"]))
    assert (given["dim"], given["learning_rate"]) == (7, 0.5)


# Refused by the parser, and by those who learn; of one method, or of both.
TYPED = [
    ("both", "--dim 0", "--dim must be at least 1, not 0"),
    ("both", "--dim -3", "--dim must be at least 1, not -3"),
    ("both", "--dim many", "--dim must be a whole number, not 'many'"),
    ("both", "--window 0", "--window must be at least 1, not 0"),
    ("both", "--window 1.5", "--window must be a whole number, not '1.5'"),
    ("both", "--seed -1", "--seed must be at least 0, not -1"),
    ("both", "--epochs -1", "--epochs must be at least 0, not -1"),
    ("both", "--learning-rate nan", "--learning-rate must be a positive finite number, not nan"),
    ("both", "--learning-rate 0", "--learning-rate must be a positive finite number"),
    ("both", "--learning-rate inf", "--learning-rate must be a positive finite number"),
    ("both", "--method glove", "glove"),
    ("both", "--verbose", "does not take --verbose"),
    ("softmax", "--init-scale -1", "--init-scale must be zero or a positive finite number"),
    ("softmax", "--init-scale nan", "--init-scale must be zero or a positive finite number"),
    ("softmax", "--optimizer adam", "adam"),
    ("softmax", "--negatives 5", "train --method softmax does not take --negatives"),
    ("softmax", "--workers 1", "train --method softmax does not take --workers"),
    ("softmax", "--sample 0", "train --method softmax does not take --sample"),
    ("sgns", "--window 65", "--window must be at most 64, not 65"),
    ("sgns", "--negatives 0", "--negatives must be at least 1, not 0"),
    ("sgns", "--workers 0", "--workers: invalid choice"),
    ("sgns", "--workers 3", "--workers: invalid choice"),
    ("sgns", "--sample nan", "--sample must be zero or a positive finite number, not nan"),
    ("sgns", "--sample -1", "--sample must be zero or a positive finite number, not -1"),
    ("sgns", "--optimizer gd", "train --method sgns does not take --optimizer"),
    ("sgns", "--init-scale 0", "train --method sgns does not take --init-scale"),
]
LEARNED = [
    ("both", "--dim 100000000000000", "memory"),
    ("both", "--learning-rate 1e300", "training ran away"),
    ("sgns", "--sample 1e-300", "choose --sample 0"),
]


def by_method(rows):
    """Return one row for each method."""
    both = {"both": ("softmax", "sgns")}
    return [(method, *row) for name, *row in rows for method in both.get(name, (name,))]


@pytest.mark.parametrize(("method", "options", "complaint"), by_method(TYPED))
def test_settings_that_the_parser_refuses(refused, method, options, complaint):
    assert complaint in refused("train", "corpus.txt", "--out", "cars", "--method", method, *options.split())


@pytest.mark.parametrize("argv", ["corpus.txt --out new", "corpus.txt --out cars", "cars"])
@pytest.mark.parametrize(("method", "options", "complaint"), by_method(LEARNED))
def test_settings_that_a_trainer_refuses(refused, argv, method, options, complaint):
    settings = f"--quiet --epochs 2 --method {method} {options}"
    assert complaint in refused("train", *argv.split(), *settings.split())


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        ([], "COMMAND"),
        (["sing"], "sing"),
        (["train"], "source"),
        (["train", "corpus.txt"], "--out is missing"),
        (["index", "corpus.txt"], "--out"),
        (["train", "cars", "--out", "new"], "--out goes with a text; cars is a folder"),
        (["train", "cars", "--min-count", "2"], "--min-count goes with a text; cars is a folder"),
        (["train", "cars", "--min-count", "1"], "--min-count goes with a text; cars is a folder"),
        (["train", "missing.txt"], "missing.txt: No such file"),
        (["train", "missing.txt", "--out", "new"], "missing.txt: No such file"),
        (
            ["index", "cars", "--out", "new"],
            "cars is a folder that `index` or `import` made, not a text",
        ),
        (
            ["encode", "corpus.txt", "--out", "new"],
            "there is no folder new",
        ),
        (["train", "corpus.txt", "--out", "corpus.txt"], "is a file, so it cannot hold files"),
        (["train", "corpus.txt", "--out", "corpus.txt/deeper"], "is a file, so it cannot hold files"),
        (["train", "cars/corpus_encoded.txt", "--out", "cars"], "would be overwritten"),
        (["neighbors", "cars"], "WORD"),
        (["neighbors", "new", "car"], "there is no folder new"),
        (["neighbors", "corpus.txt", "car"], "corpus.txt, line 1: expected a word and its numbers"),
        (["neighbors", "cars", "car", "-k", "0"], "-k must be at least 1, not 0"),
        (["similarity", "cars", "car", "bus", "cat"], "similarity does not take cat"),
        (["train", "corpus.txt", "--out", "new", "--min-count", "0"], "--min-count must be at least 1"),
        (["train", "corpus.txt", "--out", "cars", "--min-count", "0"], "--min-count must be at least 1"),
        (["train", "corpus.txt", "--out", "new", "--min-count", "1000000"], "no word occurs 1000000 times"),
        (["train", "corpus.txt", "--out", "cars", "--min-count", "1000000"], "no word occurs 1000000 times"),
        (["neighbors", "cars", "plan"], "'plan' is not in the vocabulary of 53 words; did you mean plane"),
        (["neighbors", "cars", "xylophone"], "'xylophone' is not in the vocabulary of 53 words\n"),
        (["neighbors", "cars", "fast car"], "ask for one word, not 'fast car'"),
        (["neighbors", "cars", ""], "ask for one word"),
    ],
)
def test_wrong_words_on_the_command_line(refused, argv, complaint):
    assert complaint in refused(*argv)
