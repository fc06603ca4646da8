"""The commands and their options, as `python -m helpers --help` tells them."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from math import inf
from pathlib import Path

from helpers import checks
from helpers.cli import asking, commands, exporting, places, training
from helpers.cli.remarks import FIRST_RATE
from helpers.scale import MAX_WINDOW
from helpers.text import LINES, SPLITS

PROGRAM = "python -m helpers"
TEXT = "files, also packed by gzip; folders of .txt files; - for standard input"
ELSEWHERE = "word2vec (text or binary), GloVe, fastText's .vec or gensim's KeyedVectors"
EXAMPLES = f"""example:
  {PROGRAM} train corpus.txt --dim 20 --window 2 --seed 0 --out cars
  {PROGRAM} neighbors cars car -k 10

a long text:
  {PROGRAM} train novels.txt --method sgns --min-count 5 --out novels

vectors from another program: word2vec, GloVe, fastText, gensim
  {PROGRAM} import GoogleNews-vectors-negative300.bin.gz --out news
  {PROGRAM} analogy news king man woman

no text at hand: learn from the English in the comments and docstrings of this Python and its packages
  {PROGRAM} train --installed
  {PROGRAM} neighbors installed row

A step replaces its own files and removes those of later steps, which no longer fit.
Ctrl-C ends a command without writing anything."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, like all others."""

    def error(self, message: str):
        sentence = re.sub(r"^argument \S+: (?=-)", "", message)  # where it names the option itself
        raise ValueError(f"{sentence} (see {self.prog} --help)")


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Read a command line; `train` has the options of the method that is named there."""
    first = Parser(prog=PROGRAM, add_help=False)
    first.add_argument("--method", choices=tuple(METHODS))
    first.add_argument("--installed", action="store_true")
    first.add_argument("--continue", dest="earlier")
    seen = first.parse_known_args(argv)[0]
    method = seen.method or ("sgns" if seen.installed or seen.earlier else "softmax")
    options, unknown = build_parser(method).parse_known_args(argv)
    options.typed = sys.argv[1:] if argv is None else argv
    if unknown:
        command = options.command + (f" --method {options.method}" if "method" in options else "")
        raise ValueError(f"{command} does not take {unknown[0]} (see {PROGRAM} {command} --help)")
    return options


def build_parser(method: str = "softmax") -> Parser:
    """Describe all commands, `train` with the options of one method."""
    parser = Parser(
        prog=PROGRAM,
        description="Learn word vectors from a text of your own, and ask them, or those of others.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _switches(parser, default=False)
    subparsers = parser.add_subparsers(
        title="commands", metavar="COMMAND ARGS", dest="command", required=True
    )
    command = partial(_command, subparsers)

    index = command("index", commands.run_index, "index corpus.txt --out cars --min-count 2")
    _text_and_folder(index)
    _number(index, "--min-count", 1, "leave out words that occur less often")

    encode = command("encode", commands.run_encode, "encode corpus.txt --out cars")
    _text_and_folder(encode)

    once = "train corpus.txt --dim 20 --window 2 --seed 0 --out cars"
    more, many = "train more.txt --continue novels", "train novels.txt --method sgns --out novels"
    train = command("train", training.run_train, once, many, more)
    _training(train, method)

    _asking(command)
    _exporting(command)
    return parser


def _command(subparsers, name: str, run: Callable, *examples: str) -> Parser:
    """Add a command."""
    command = subparsers.add_parser(
        name,
        help=run.__doc__,
        description=run.__doc__,
        epilog="\n  ".join(["for example:", *(f"{PROGRAM} {example}" for example in examples)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    _switches(command, default=argparse.SUPPRESS)  # what was said before the command stays
    return command


def _switches(parser: Parser, default) -> None:
    """Add the two switches that may stand before a command and behind it."""
    meanings = {
        "--quiet": "say nothing on the way",
        "--traceback": "show where in the program an error arose",
    }
    for flag, meaning in meanings.items():
        parser.add_argument(flag, action="store_true", default=default, help=meaning)


def _number(command, flag: str, default, meaning: str, check=checks.whole, limit=1, most=inf) -> None:
    """Add an option whose number has to pass a check, before any work is done."""

    def read(word: str):
        with suppress(ValueError):  # else the check says what is wrong with the word
            word = int(word) if check is checks.whole else float(word)
        try:
            number = check(word, flag, limit)
        except (TypeError, ValueError) as error:
            raise argparse.ArgumentTypeError(error) from error
        if number > most:
            raise argparse.ArgumentTypeError(f"{flag} must be at most {most}, not {number}")
        return number

    shown = "" if default is None else f" (default: {default})"
    command.add_argument(flag, type=read, default=default, metavar="N", help=meaning + shown)


def _asking(command: Callable) -> None:
    """Add the commands that ask vectors something."""
    neighbors = command("neighbors", asking.run_neighbors, "neighbors cars car bus -k 10")
    _place(neighbors)
    neighbors.add_argument("words", nargs="+", metavar="WORD", help="a word of its vocabulary, or several")
    _answers(neighbors)

    similarity = command("similarity", asking.run_similarity, "similarity cars car bus")
    _place(similarity)
    similarity.add_argument("a", metavar="A", help="a word")
    similarity.add_argument("b", metavar="B", help="another one")

    analogy = command("analogy", asking.run_analogy, "analogy vectors.bin king man woman -k 5")
    _place(analogy)
    for name, meaning in (("a", "king"), ("b", "without man"), ("c", "and with woman gives what?")):
        analogy.add_argument(name, metavar=name.upper(), help=meaning)
    _answers(analogy)

    compare = command("compare", asking.run_compare, "compare cars novels")
    _place(compare)
    compare.add_argument("other", type=Path, metavar="OTHER", help="the same, of another training")
    _number(compare, "-n", 1000, "how many of the common words, the most frequent ones", limit=4)


def _exporting(command: Callable) -> None:
    """Add the commands that take vectors in or out."""
    reading = command("import", exporting.run_import, "import vectors.bin --out vectors")
    reading.add_argument("file", type=Path, metavar="FILE", help=f"{ELSEWHERE}; or packed by gzip")
    reading.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for what was read")

    picture = command("map", exporting.run_map, "map cars -n 40 --out cars.svg")
    _place(picture)
    picture.add_argument("words", nargs="*", metavar="WORD", help="words to draw")
    _number(picture, "-n", 60, "without words, how many of the most frequent ones", limit=3, most=300)
    picture.add_argument("--out", type=Path, required=True, metavar="FILE", help="a name with .svg or .png")

    export = command("export", exporting.run_export, "export novels --format word2vec --out novels.vec")
    _place(export)
    export.add_argument(
        "--format",
        choices=("npz", "word2vec", "projector"),
        required=True,
        help="npz: words, W and C for NumPy; word2vec: words and W as text, for gensim and others; "
        "projector: vectors.tsv and metadata.tsv for the Embedding Projector",
    )
    place = "file to write; for the projector, a folder"
    export.add_argument("--out", type=Path, required=True, metavar="PATH", help=place)


def _place(command: Parser) -> None:
    meaning = f"a folder made by train or import, or a file of vectors: {ELSEWHERE}"
    command.add_argument("place", type=Path, metavar="PLACE", help=meaning)


def _answers(command: Parser) -> None:
    _number(command, "-k", 10, "how many answers")
    meaning = (
        f"leave out answers seen less often (default: {places.SEEN}, or less where that would leave "
        f"fewer than {places.ENOUGH} words to choose each answer from)"
    )
    _number(command, "--min-count", None, meaning)


def _text_and_folder(command: Parser) -> None:
    command.add_argument("corpus", type=Path, nargs="+", metavar="TEXT", help=TEXT)
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the files")
    _reading(command)


def _reading(command) -> None:
    """Add what says how a text is to be read."""
    encoding = "of all texts; when left out, UTF-8 is recognized and all else guessed"
    command.add_argument("--encoding", metavar="NAME", help=encoding)
    split = "spaces: the text is cut already, and what stands between spaces is a word as it is"
    command.add_argument("--split", choices=SPLITS, default=SPLITS[0], help=split)
    lines = (
        "joined: lines break anywhere, as in books in plain text, and a blank line ends a paragraph; "
        "apart (the default): a line end ends a sentence"
    )
    command.add_argument("--lines", choices=LINES, default=LINES[0], help=lines)


def _training(train: Parser, method: str) -> None:
    source = f"{TEXT}; or the folder made by index and encode"
    train.add_argument("source", type=Path, nargs="*", metavar="TEXT", help=source)
    train.add_argument(
        "--installed",
        action="store_true",
        help="in place of a text: the English in the comments and docstrings of this Python and its "
        "packages; then --method is sgns, --min-count is 5 and --out is installed, unless you say otherwise",
    )
    train.add_argument("--out", type=Path, metavar="DIR", help="folder for the files made from a text")
    _reading(train.add_argument_group("options of a text"))
    train.add_argument(
        "--continue",
        type=Path,
        metavar="DIR",
        dest="earlier",
        help="go on from this folder, made by --method sgns, with another text: old words keep their places, "
        "new ones follow. The new text is learned as well as from both at once, but some of the old one is "
        "forgotten. Without --out the folder is replaced",
    )
    _number(train, "--min-count", None, "leave out words of the text that occur less often (default: 1)")
    train.add_argument(
        "--method",
        choices=tuple(METHODS),
        default=method,
        help="softmax (the default) computes with all words at once and takes up to "
        f"{training.MOST_WORDS} of them; sgns is negative sampling, which takes any number of words and "
        "texts of millions; train --method sgns --help tells its options",
    )
    METHODS[method](train.add_argument_group(f"options of {method}"))


def _softmax(group) -> None:
    _number(group, "--dim", 20, "numbers per vector")
    _number(group, "--window", 2, "words to look at on either side")
    _number(group, "--seed", 0, "decides all that is random", checks.whole, 0)
    _number(group, "--epochs", 300, "passes over the whole corpus", checks.whole, 0)
    _number(group, "--init-scale", 0.1, "size of the random start", checks.positive, True)
    rates = ", ".join(f"{rate:g} for {name}" for name, rate in training.LEARNING_RATES.items())
    _number(group, "--learning-rate", None, f"step size (default: {rates})", checks.positive, False)
    group.add_argument(
        "--optimizer",
        choices=tuple(training.LEARNING_RATES),
        default="momentum",
        help="gd is plain gradient descent and needs about ten times the epochs (default: momentum)",
    )


def _sgns(group) -> None:
    _number(group, "--dim", None, f"numbers per vector (default: {training.DIM})")
    _number(group, "--window", 5, "words to look at on either side, at most 64", most=MAX_WINDOW)
    _number(group, "--seed", 0, "decides all that is random", checks.whole, 0)
    passes = "passes over the whole corpus (default: as many as read 2 million words, from 5 to 100)"
    _number(group, "--epochs", None, passes, checks.whole, 0)
    first, then = FIRST_RATE, training.NEXT_RATE
    rates = f"step size; it falls to 0.0001 (default: {first}, or {then} with --continue)"
    _number(group, "--learning-rate", None, rates, checks.positive, False)
    _number(group, "--negatives", 5, "noise words per pair")
    share = (
        "share above which words are thinned out (default: 0.001, or for fewer than 2,000 words 2 / words)"
    )
    _number(group, "--sample", None, share, checks.positive, True)
    workers = "processes; with 2 no two runs are the same (default: 1)"  # more were never measured
    group.add_argument("--workers", type=int, choices=(1, 2), default=1, help=workers)


METHODS = {"softmax": _softmax, "sgns": _sgns}
