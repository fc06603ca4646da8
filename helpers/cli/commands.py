"""What the steps before training do. Each reads files from one folder and writes files to another."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from helpers.cli import files, texts
from helpers.cli.messages import Messages
from helpers.text import Vocabulary, unspaced

STEPS = ("index", "encode", "train")


# --- index and encode ---------------------------------------------------------------------------------


def run_index(options: Namespace, messages: Messages) -> None:
    """List the words of a text, each with an id and a count."""
    text = open_texts(options.corpus, options, messages)
    with files.replacing(options.out) as new:
        vocabulary = index(text, new, options.min_count)
        warn(text, vocabulary, messages)
    messages.say(f"{options.out / files.VOCABULARY}: {len(vocabulary)} words")


def index(text: texts.Text, new: Path, min_count: int) -> Vocabulary:
    """Collect the words of a text."""
    vocabulary = words_of(text, min_count)
    files.write_vocabulary(new, vocabulary)
    record(new, new, "index", {"min_count": min_count, "words": len(vocabulary)} | text.unusual)
    return vocabulary


def words_of(text: texts.Text, min_count: int = 1) -> Vocabulary:
    """Collect the words of a text; where there are none, say which text that is about."""
    try:
        return Vocabulary.from_sentences(text, min_count)
    except ValueError as error:
        raise ValueError(f"{text.name}: {error}") from error


def run_encode(options: Namespace, messages: Messages) -> None:
    """Write a text as ids, with the vocabulary of `index`."""
    text = open_texts(options.corpus, options, messages)
    with files.replacing(options.out) as new:
        outcome = encode(text, options.out, new)
    made = "{tokens} tokens in {sentences} sentences, {tokens_left_out} left out".format(**outcome)
    messages.say(f"{options.out / files.ENCODED}: {made}")


def encode(text: texts.Text, folder: Path, new: Path) -> dict:
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
        raise ValueError(f"no word of {text.name} is in the vocabulary, so there is nothing to encode")
    record(folder, new, "encode", outcome)
    return outcome


def open_texts(paths: list[Path], options: Namespace, messages: Messages) -> texts.Text:
    """Find out how texts are encoded, and make sure that writing to `--out` overwrites none of them."""
    text = texts.find_texts(paths, options.encoding, options.split, options.lines)
    if options.out is None:
        raise ValueError("--out is missing: name a folder for the files")
    for source in text.sources:
        if isinstance(source.data, Path):
            refuse_to_overwrite(source.data, options.out)
    for source in text.sources:
        if source.note:
            advice = "; say --encoding if that is wrong" if source.errors == "strict" else ""
            messages.say(source.note + advice)
    if options.lines == "apart" and (width := text.wrapped_at()):
        first = text.sources[0].name
        messages.say(f"the lines of {first} look wrapped at {width} characters: --lines joined joins them")
    messages.change_line(f"reading {text.name}")
    return text


def warn(text: texts.Text, vocabulary: Vocabulary, messages: Messages) -> None:
    """Say so where whole clauses count as one word."""
    if text.split == "words" and unspaced(vocabulary.words):
        messages.say(
            "this script has no spaces, so whole clauses count as one word: "
            "put spaces between the words first (a segmenter does), then say --split spaces"
        )


def refuse_to_overwrite(path: Path, folder: Path) -> None:
    """Make sure that `path` is none of the files that the steps write to `folder`."""
    if path.resolve() in [(folder / name).resolve() for name in files.NAMES]:
        raise ValueError(f"{path} would be overwritten: choose another --out")


def record(folder: Path, new: Path, step: str, facts: dict) -> None:
    """Add what this step did to what the steps before it wrote down."""
    earlier = files.read_run(folder)
    kept = {name: earlier[name] for name in STEPS[: STEPS.index(step)] if name in earlier}
    files.write_run(new, kept | {step: facts})
