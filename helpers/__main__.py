"""From a text of your own to word vectors and their neighbors: `python -m helpers --help`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from helpers import checks, export, files, scale, skipgram
from helpers.geometry import nearest_neighbors
from helpers.pairs import count_matrix
from helpers.text import Vocabulary, tokenize

MOST_WORDS = 5000  # the full softmax keeps tables of V × V numbers: 200 MB each at this size
MOST_WORKERS = 2  # more were never measured
STEPS = ("index", "encode", "train")
LEARNING_RATES = {"momentum": 0.4, "gd": 1.0}  # tried on tiny, repetitive and natural texts: none ran away
METHODS = {  # their settings, all with a default
    "softmax": {"dim": 20, "window": 2, "seed": 0, "epochs": 300, "learning_rate": None}
    | {"init_scale": 0.1, "optimizer": "momentum"},
    "sgns": {"dim": 100, "window": 5, "seed": 0, "epochs": 5, "learning_rate": 0.045}
    | {"negatives": 5, "sample": 1e-3, "workers": 1},
}
FORMATS = ("npz", "word2vec", "projector")
PROJECTOR = ("vectors.tsv", "metadata.tsv")


# --- The steps: each reads files from one folder and writes files to another -------------------------


def index(text: files.Text, new: Path, min_count: int) -> Vocabulary:
    """Collect the words of a text."""
    vocabulary = Vocabulary.from_sentences(text, min_count)
    files.write_vocabulary(new, vocabulary)
    _record(new, new, "index", {"min_count": min_count, "words": len(vocabulary)})
    return vocabulary


def encode(text: files.Text, folder: Path, new: Path) -> dict:
    """Write a text as ids, with the vocabulary in `folder`; words that it lacks are left out."""
    vocabulary = files.read_vocabulary(folder)
    outcome = {"sentences": 0, "tokens": 0, "tokens_left_out": 0}

    def encoded():
        for sentence in text:
            ids = vocabulary.encode(sentence, skip_unknown=True)
            outcome["tokens"] += len(ids)
            outcome["tokens_left_out"] += len(sentence) - len(ids)
            if len(ids):
                outcome["sentences"] += 1
                yield ids

    files.write_encoded(new, encoded())
    if not outcome["tokens"]:
        raise ValueError(f"no word of {text.path} is in the vocabulary, so there is nothing to encode")
    _record(folder, new, "encode", outcome)
    return outcome


def train(folder: Path, new: Path, options: argparse.Namespace, progress: Progress) -> None:
    """Learn vectors from the encoded corpus in `folder`."""
    vocabulary = files.read_vocabulary(folder)
    check_size(vocabulary, options.method)
    learn = {"softmax": train_softmax, "sgns": train_sgns}[options.method]
    try:
        embeddings, outcome = learn(folder, vocabulary, options, progress)
    except KeyboardInterrupt:
        progress.say("interrupted: nothing was written")
        raise
    files.write_vectors(new, embeddings)
    settings = {name: getattr(options, name) for name in METHODS[options.method]}
    _record(folder, new, "train", {"method": options.method} | settings | outcome)


def train_softmax(
    folder: Path, vocabulary: Vocabulary, options: argparse.Namespace, progress: Progress
) -> tuple[skipgram.Embeddings, dict]:
    """Learn from the table of all pairs, with the full softmax; return the vectors and what to record."""
    sentences = files.read_encoded(folder, len(vocabulary))
    counts = count_matrix(sentences, options.window, len(vocabulary))
    floor = skipgram.conditional_entropy(counts)
    progress.say(f"{len(vocabulary)} words, {counts.sum()} pairs")

    def show(epoch: int, epochs: int, loss: float) -> None:
        of = f"epoch {epoch} of {epochs}"
        progress.count(epoch, epochs, f"{of}: loss {loss:.3f} (floor {floor:.3f})")

    run = skipgram.train(
        counts,
        dim=options.dim,
        rng=np.random.default_rng(options.seed),
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        init_scale=options.init_scale,
        optimizer=options.optimizer,
        on_progress=show,
    )
    start, end = run.losses[[0, -1]].tolist()
    if not end <= start:
        raise FloatingPointError(
            f"training went from a loss of {start:.3g} to {end:.3g}: choose a smaller --learning-rate"
        )
    outcome = {"pairs": int(counts.sum()), "loss_start": start, "loss_end": end, "loss_floor": floor}
    return run.embeddings, outcome


def train_sgns(
    folder: Path, vocabulary: Vocabulary, options: argparse.Namespace, progress: Progress
) -> tuple[skipgram.Embeddings, dict]:
    """Learn from a stream of sentences, by negative sampling; return the vectors and what to record."""
    sentences = scale.Again(lambda: files.read_encoded(folder, len(vocabulary)))
    # Not the vocabulary's counts: those may be of another text. This pass finds what is damaged, too.
    counts = np.zeros(len(vocabulary), np.int64)
    for sentence in sentences:
        np.add.at(counts, sentence, 1)
    tokens = int(counts.sum())
    if not tokens:
        raise ValueError(f"{folder / files.ENCODED} has no words to learn from")
    progress.say(f"{len(vocabulary)} words, {tokens} tokens")

    def show(done: int, total: int, loss: float) -> None:
        known = "" if np.isnan(loss) else f": loss {loss:.3f}"
        progress.count(done, total, f"{done / total:4.0%} of {_several(options.epochs, 'epoch')}{known}")

    run = scale.train_sgns(
        sentences,
        word_counts=counts,
        dim=options.dim,
        rng=np.random.default_rng(options.seed),
        window=options.window,
        negatives=options.negatives,
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        sample=options.sample,
        workers=options.workers,
        on_progress=show,
    )
    if not run.finished:  # it keeps what it has, but a folder tells of whole runs only
        raise KeyboardInterrupt
    start, end = run.losses[[0, -1]].tolist() if options.epochs else (None, None)
    return run.embeddings, {"tokens": tokens, "loss_first_epoch": start, "loss_last_epoch": end}


def check_size(vocabulary: Vocabulary, method: str) -> None:
    """Make sure that there is something to compare, and that the tables fit into memory."""
    if len(vocabulary) < 2:
        raise ValueError(f"{vocabulary.words[0]!r} is the only word, so there is nothing to compare it with")
    if method == "softmax" and len(vocabulary) > MOST_WORDS:
        enough = int(np.sort(vocabulary.counts)[-MOST_WORDS - 1]) + 1
        kept = np.count_nonzero(vocabulary.counts >= enough)
        advice = f"use --min-count {enough} on the text to keep the {kept} most frequent"
        raise ValueError(
            f"{len(vocabulary)} words are too many for the full softmax, which takes up to {MOST_WORDS}: "
            + (advice if kept > 1 else "choose a shorter text")
            + ", or --method sgns to learn from them all"
        )


def _record(folder: Path, new: Path, step: str, facts: dict) -> None:
    """Add what this step did to what the steps before it wrote down."""
    earlier = files.read_run(folder)
    kept = {name: earlier[name] for name in STEPS[: STEPS.index(step)] if name in earlier}
    files.write_run(new, kept | {step: facts})


# --- The commands: what the steps need, in the right order -------------------------------------------


def run_index(options: argparse.Namespace) -> None:
    """list the words of a text, each with an id and a count"""
    with Progress(options.quiet) as progress:
        text = open_text(options.corpus, options.out, progress)
        with files.replacing(options.out) as new:
            vocabulary = index(text, new, options.min_count)
        progress.say(f"{options.out / files.VOCABULARY}: {len(vocabulary)} words")


def run_encode(options: argparse.Namespace) -> None:
    """write a text as ids, with the vocabulary of `index`"""
    with Progress(options.quiet) as progress:
        text = open_text(options.corpus, options.out, progress)
        with files.replacing(options.out) as new:
            outcome = encode(text, options.out, new)
        made = f"{outcome['tokens']} tokens in {outcome['sentences']} sentences"
        left_out = f", {outcome['tokens_left_out']} left out" if outcome["tokens_left_out"] else ""
        progress.say(f"{options.out / files.ENCODED}: {made}{left_out}")


def run_train(options: argparse.Namespace) -> None:
    """learn vectors from a text, or from a folder made by `index` and `encode`"""
    with Progress(options.quiet) as progress:
        if options.source.is_dir():
            train_folder(options, progress)
        else:
            train_text(options, progress)


def train_folder(options: argparse.Namespace, progress: Progress) -> None:
    """Go on from a vocabulary and an encoded corpus."""
    for name in ("out", "min_count"):
        if getattr(options, name) is not None:
            raise ValueError(f"{_flag(name)} goes with a text; {options.source} is a folder")
    with files.replacing(options.source) as new:
        train(options.source, new, options, progress)
    progress.say(f"{options.source / files.VECTORS}: ready for `neighbors`")


def train_text(options: argparse.Namespace, progress: Progress) -> None:
    """Do all steps at once."""
    text = open_text(options.source, options.out, progress)
    with files.replacing(options.out) as new:
        vocabulary = index(text, new, options.min_count or 1)
        check_size(vocabulary, options.method)
        encode(text, new, new)
        train(new, new, options, progress)
    progress.say(f"{options.out}: {', '.join(files.NAMES)}")


def run_neighbors(options: argparse.Namespace) -> None:
    """list the words whose vectors point in the same direction"""
    vocabulary = files.read_vocabulary(options.folder)
    words = [word for sentence in tokenize(options.word) for word in sentence]
    if len(words) != 1:
        raise ValueError(f"ask for one word, not {options.word!r}")
    (center,) = vocabulary.encode(words)
    embeddings = files.read_vectors(options.folder, len(vocabulary))
    ids, cosines = nearest_neighbors(embeddings.W, center, options.k)
    words = vocabulary.decode(ids)
    width = max(map(len, ["word", *words]))
    print(f"rank  {'word':<{width}}  cosine   count")
    rows = zip(words, cosines, vocabulary.counts[ids], strict=True)
    for rank, (word, cosine, count) in enumerate(rows, 1):
        print(f"{rank:>4}  {word:<{width}}  {cosine:>z6.3f}  {count:>6}")


def run_export(options: argparse.Namespace) -> None:
    """write the vectors for other programs"""
    with Progress(options.quiet) as progress:
        vocabulary = files.read_vocabulary(options.folder)
        embeddings = files.read_vectors(options.folder, len(vocabulary))
        out, names = export_place(options)
        with files.replacing(out, names) as new:
            write_export(new, names, vocabulary, embeddings, options.format)
        made = " and ".join(str(out / name) for name in names)
        progress.say(f"{made}: {len(vocabulary)} words, {embeddings.W.shape[1]} numbers each")


def export_place(options: argparse.Namespace) -> tuple[Path, tuple[str, ...]]:
    """Return the folder to write to and the names of the files, none of which another file needs."""
    out = options.out
    if options.format == "projector":
        return out, PROJECTOR
    if out.is_dir() or not out.name:
        raise ValueError(f"{out} is a folder: {options.format} needs the name of a file")
    place = out.resolve()  # a link stays a link
    if place.exists() and not place.is_file():
        raise ValueError(f"{out} is a device, not a file")
    if place in [(options.folder / name).resolve() for name in files.NAMES]:
        raise ValueError(f"{out} belongs to {options.folder} and would be overwritten: choose another --out")
    place = place if out.is_symlink() else out
    return place.parent, (place.name,)


def write_export(
    new: Path, names: tuple[str, ...], vocabulary: Vocabulary, embeddings: skipgram.Embeddings, form: str
) -> None:
    """Write the files of one format into the folder `new`."""
    words, W = vocabulary.words, embeddings.W
    if form == "npz":
        export.save_npz(new / names[0], words, embeddings)
    elif form == "word2vec":
        with np.errstate(over="ignore"):
            short = np.array_equal(W.astype(np.float32), W)  # of sgns: then fewer digits say the same
        export.save_word2vec(new / names[0], words, W, float32=short)
    else:
        export.save_projector(*(new / name for name in names), words, W, vocabulary.counts)


def open_text(path: Path, out: Path | None, progress: Progress) -> files.Text:
    """Find out the encoding of a text, and make sure that writing to `out` does not overwrite it."""
    text = files.find_text(path)
    if out is None:
        raise ValueError("--out is missing: name a folder for the files")
    if path.resolve() in [(out / name).resolve() for name in files.NAMES]:
        raise ValueError(f"{path} would be overwritten: give it another name, or choose another --out")
    if text.encoding == "cp1252":
        progress.say(f"{path} is not UTF-8, so it is read as Windows-1252 (Latin-1)")
    progress.show(f"reading {path}")
    return text


class Progress:
    """Tell on stderr how far we are: one line that changes on a terminal, a few lines anywhere else."""

    def __init__(self, quiet: bool):
        self.quiet = quiet
        self.live = sys.stderr.isatty()
        self.shown = 0.0  # when the line on the terminal last changed; 0 when there is none
        self.quarter = -1  # of the steps, that a line was printed for

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_) -> None:
        self.end_line()

    def say(self, sentence: str) -> None:
        """Print a line of its own."""
        if not self.quiet:
            self.end_line()
            print(sentence, file=sys.stderr, flush=True)

    def count(self, done: int, total: int, sentence: str) -> None:
        """Show that `done` of `total` steps are done."""
        if self.live:
            if done in (0, total) or time.monotonic() - self.shown > 0.1:
                self.show(sentence)
        elif (quarter := done * 4 // total if total else 0) > self.quarter:
            self.quarter = quarter
            self.say(sentence)

    def show(self, sentence: str) -> None:
        """Put a sentence into the line that changes; without a terminal there is none."""
        if self.live and not self.quiet:
            print(f"\r{sentence:<60}", end="", file=sys.stderr, flush=True)
            self.shown = time.monotonic()

    def end_line(self) -> None:
        """Leave the line that changes, so that the next one stands below it."""
        if self.shown:
            print(file=sys.stderr, flush=True)
            self.shown = 0.0


# --- The command line ---------------------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, like all others."""

    def error(self, message: str):
        raise ValueError(f"{message} (see {self.prog} --help)")


def build_parser() -> argparse.ArgumentParser:
    """Describe the commands and their options."""
    parser = Parser(
        prog="python -m helpers",
        description="Learn word vectors from a text of your own and look at the neighbors.",
        epilog=(
            "example:\n"
            "  python -m helpers train corpus.txt --dim 20 --window 2 --seed 0 --out cars\n"
            "  python -m helpers neighbors cars car -k 10\n\n"
            "the same in single steps:\n"
            "  python -m helpers index corpus.txt --out cars\n"
            "  python -m helpers encode corpus.txt --out cars\n"
            "  python -m helpers train cars\n\n"
            "a long text, and its vectors in the format that gensim reads:\n"
            "  python -m helpers train novels.txt --method sgns --min-count 5 --out novels\n"
            "  python -m helpers export novels --format word2vec --out novels.vec\n\n"
            "A step replaces its own files and removes those of later steps, which no longer fit."
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run, *examples: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name,
            help=run.__doc__,
            description=run.__doc__[0].upper() + run.__doc__[1:] + ".",
            epilog="\n  python -m helpers ".join(
                ["example:" if len(examples) == 1 else "examples:", *examples]
            ),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.set_defaults(run=run)
        return sub

    sub = command("index", run_index, "index corpus.txt --out cars --min-count 2")
    _add_text(sub)
    _add_out(sub, required=True)
    _add_min_count(sub, default=1)
    _add_quiet(sub)

    sub = command("encode", run_encode, "encode corpus.txt --out cars")
    _add_text(sub)
    _add_out(sub, required=True)
    _add_quiet(sub)

    sub = command(
        "train",
        run_train,
        "train corpus.txt --dim 20 --window 2 --seed 0 --out cars",
        "train novels.txt --method sgns --min-count 5 --out novels",
    )
    sub.add_argument("source", type=Path, help="a text, or a folder made by index and encode")
    _add_out(sub, required=False)
    _add_min_count(sub, default=None)
    _add_training(sub)
    _add_quiet(sub)

    sub = command("neighbors", run_neighbors, "neighbors cars car -k 10")
    sub.add_argument("folder", type=Path, help="a folder made by train")
    sub.add_argument("word", help="a word of its vocabulary")
    sub.add_argument("-k", type=int, default=10, metavar="N", help="how many neighbors (default: 10)")

    sub = command("export", run_export, "export novels --format word2vec --out novels.vec")
    sub.add_argument("folder", type=Path, help="a folder made by train")
    sub.add_argument(
        "--format",
        choices=FORMATS,
        required=True,
        help="npz: words, W and C for NumPy; word2vec: words and W as text, for gensim and others; "
        f"projector: {' and '.join(PROJECTOR)} for the Embedding Projector",
    )
    sub.add_argument(
        "--out", type=Path, required=True, metavar="PATH", help="file to write; for the projector, a folder"
    )
    _add_quiet(sub)
    return parser


def _add_training(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--method",
        choices=tuple(METHODS),
        default="softmax",
        help=f"softmax computes with all words at once and takes up to {MOST_WORDS} of them; sgns is "
        "negative sampling, which takes any number of words and texts of millions (default: %(default)s)",
    )
    _add_setting(parser, "dim", int, "numbers per vector")
    _add_setting(parser, "window", int, "words to look at on either side")
    _add_setting(parser, "seed", int, "decides all that is random")
    _add_setting(parser, "epochs", int, "passes over the whole corpus")
    rates = ", ".join(f"{rate:g} for {optimizer}" for optimizer, rate in LEARNING_RATES.items())
    rates += f", {METHODS['sgns']['learning_rate']:g} for sgns, where it falls to 0.0001"
    parser.add_argument("--learning-rate", type=float, metavar="X", help=f"step size (default: {rates})")
    group = parser.add_argument_group("with --method softmax")
    _add_setting(group, "init_scale", float, "size of the random start")
    group.add_argument(
        "--optimizer",
        choices=tuple(LEARNING_RATES),
        help="gd is plain gradient descent and needs about ten times the epochs (default: momentum)",
    )
    group = parser.add_argument_group(
        "with --method sgns", "Ctrl-C ends it without writing anything, as it does for every command."
    )
    _add_setting(group, "negatives", int, "noise words per pair")
    _add_setting(group, "sample", float, "share of the text above which words are thinned out, or 0")
    _add_setting(group, "workers", int, "processes, 1 or 2; with 2 no two runs are the same")


def _add_setting(parser, name: str, kind: type, meaning: str) -> None:
    """Add a number whose default depends on the method, and is therefore filled in by `check_options`."""
    defaults = {method: settings[name] for method, settings in METHODS.items() if name in settings}
    first, *others = dict.fromkeys(defaults.values())
    default = f"{first:g}" + "".join(f", {other:g} for sgns" for other in others)
    metavar = "N" if kind is int else "X"
    parser.add_argument(_flag(name), type=kind, metavar=metavar, help=f"{meaning} (default: {default})")


def _add_text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("corpus", type=Path, help="a text in UTF-8; a line end ends a sentence")


def _add_out(parser: argparse.ArgumentParser, required: bool) -> None:
    meaning = "folder for the files" if required else "folder for the files made from a text"
    parser.add_argument("--out", type=Path, required=required, metavar="DIR", help=meaning)


def _add_min_count(parser: argparse.ArgumentParser, default: int | None) -> None:
    meaning = "leave out words that occur less often (default: 1)"
    parser.add_argument("--min-count", type=int, default=default, metavar="N", help=meaning)


def _add_quiet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="say nothing unless something is wrong")


def check_options(options: argparse.Namespace) -> None:
    """Refuse settings out of range before any work is done, by the names the reader typed."""
    given = vars(options)
    if "method" in given:
        fill_in(options)
    least = {"dim": 1, "window": 1, "seed": 0, "epochs": 0, "min_count": 1, "k": 1}
    least |= {"negatives": 1, "workers": 1}
    for name, minimum in least.items():
        if given.get(name) is not None:
            checks.whole(given[name], _flag(name), minimum)
    for name, zero_allowed in {"learning_rate": False, "init_scale": True, "sample": True}.items():
        if given.get(name) is not None:
            checks.positive(given[name], _flag(name), zero_allowed)
    if given.get("method") == "sgns":
        for name, most in {"workers": MOST_WORKERS, "window": scale.MAX_WINDOW}.items():
            if given[name] > most:
                raise ValueError(f"{_flag(name)} must be at most {most}, not {given[name]}")


def fill_in(options: argparse.Namespace) -> None:
    """Put the defaults of the method where nothing was given, and refuse what it has no use for."""
    defaults = METHODS[options.method]
    for method, settings in METHODS.items():
        for name in settings:
            if name not in defaults and getattr(options, name) is not None:
                raise ValueError(f"{_flag(name)} goes with --method {method}, not with {options.method}")
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.learning_rate is None:
        options.learning_rate = LEARNING_RATES[options.optimizer]


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _flag(name: str) -> str:
    return "-k" if name == "k" else "--" + name.replace("_", "-")


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : list of str, optional
        The words after ``python -m helpers``; those of the command line when left out.

    Returns
    -------
    int
        Exit status: 0 done, 2 something is wrong (one line on stderr says what), 130 Ctrl-C.
    """
    try:
        try:
            options = build_parser().parse_args(argv)
            check_options(options)
            options.run(options)
        finally:
            sys.stdout.flush()  # here, where a closed pipe can still be answered
        return 0
    except SystemExit as done:  # after --help
        return done.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads our output, such as `head`, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except (ValueError, TypeError, LookupError, OSError, ArithmeticError, MemoryError, RuntimeError) as error:
        print(f"helpers: {one_line(error)}", file=sys.stderr)
        return 2


def one_line(error: Exception) -> str:
    """Return what an exception says, without quotes, numbers and line ends that only Python needs."""
    if isinstance(error, OSError) and error.strerror:
        sentence = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    elif isinstance(error, MemoryError):
        sentence = f"not enough memory; choose a smaller --dim or a larger --min-count. {error}"
    else:
        sentence = str(error.args[0] if isinstance(error, KeyError) else error) or type(error).__name__
        sentence = sentence.replace("choose sample=0", "choose --sample 0")  # as one says it here
    return " ".join(sentence.split())


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a console without our letters shows ? in their place
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # like Ctrl-C: leave nothing half-written
    sys.exit(main())
