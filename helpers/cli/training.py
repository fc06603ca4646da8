"""What `train` does: a text or a folder becomes vectors."""

from __future__ import annotations

import warnings
from argparse import Namespace
from pathlib import Path

import numpy as np

from helpers import scale, skipgram
from helpers.cli import continuing, files, texts
from helpers.cli.commands import encode, index, open_texts, record, warn
from helpers.cli.messages import Messages
from helpers.cli.places import is_imported
from helpers.cli.remarks import FIRST_RATE, Trained, line, remarks, usual_epochs, usual_sample
from helpers.corpora import installed_text
from helpers.pairs import count_matrix
from helpers.progress import progress_bar
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary

MOST_WORDS = 5000  # the full softmax keeps tables of V × V numbers: 200 MB each at this size
RARE = 5  # words of the installed text that occur less often are mostly names in some program
LEARNING_RATES = {"momentum": 0.4, "gd": 1.0}  # tried on tiny, repetitive and natural texts: none ran away
NEXT_RATE = 0.02  # of sgns with --continue: a larger one forgets more of the old text
DIM = 100  # of sgns, unless vectors are there already
SETTINGS = {  # of each method, named as its trainer names them, and recorded in this order
    "softmax": ("dim", "window", "seed", "epochs", "learning_rate", "init_scale", "optimizer"),
    "sgns": ("dim", "window", "seed", "epochs", "learning_rate", "negatives", "sample", "workers"),
}


def run_train(options: Namespace, messages: Messages) -> None:
    """Learn vectors from a text, or from what `encode` has made."""
    if options.installed:
        text = open_installed_text(options, messages)
    elif not options.source:
        raise ValueError("source is missing: name a text or a folder, or say --installed")
    elif texts.is_made(options.source[0]):
        return train_again(options, messages)
    else:
        options.out = options.out or options.earlier
        text = open_texts(options.source, options, messages)
    if options.earlier:
        return train_on(text, options, messages)
    with files.replacing(options.out) as new:
        vocabulary = index(text, new, options.min_count or 1)
        warn(text, vocabulary, messages)
        check_size(vocabulary, options.method)
        encode(text, new, new)
        train(new, new, options, messages)
    messages.say(f"{options.out}: {', '.join(files.NAMES)}")


def open_installed_text(options: Namespace, messages: Messages) -> texts.Text:
    """Collect the English of this computer, and choose what was left open."""
    if options.source:
        raise ValueError(f"--installed takes the place of {options.source[0]}: leave out one of the two")
    options.out = options.out or options.earlier or Path("installed")
    options.min_count = options.min_count or RARE
    messages.change_line("reading comments and docstrings")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        documents = installed_text()
    for warning in caught:  # there is no source of the standard library
        messages.say(str(warning.message))
    sentences = [sentence for document in documents.values() for sentence in document]
    sources = list(dict.fromkeys(name.split("/")[0] for name in documents))
    text = texts.Text((texts.Source("the installed text", "\n".join(sentences).encode()),))
    words = sum(map(len, text))  # as they are counted from here on
    messages.say(f"{len(sentences):,} sentences, {words:,} words from {', '.join(sources)}")
    return text


def train_again(options: Namespace, messages: Messages) -> None:
    """Learn vectors from a folder."""
    folder, *more = options.source
    if is_imported(folder):
        raise ValueError(f"{folder} has vectors made elsewhere and no text: name a text to train on")
    if more:
        raise ValueError(f"{folder} is a folder made by `index`: train on it alone, or on texts alone")
    given = {"--out": options.out, "--min-count": options.min_count, "--encoding": options.encoding}
    given["--continue"] = options.earlier
    given |= {"--split": options.split != "words" or None, "--lines": options.lines != "apart" or None}
    for flag, value in given.items():
        if value is not None:
            raise ValueError(f"{flag} goes with a text; {folder} is a folder")
    with files.replacing(folder) as new:
        train(folder, new, options, messages)
    messages.say(f"{folder / files.VECTORS}: ready for `neighbors`")


def train_on(text: texts.Text, options: Namespace, messages: Messages) -> None:
    """Go on learning from another text."""
    old, vectors = continuing.check_folder(options.earlier, options)
    with files.replacing(options.out) as new:
        vocabulary = continuing.add_words(old, text, options.min_count or 1)
        more = continuing.encode_more(text, options.earlier, vocabulary, new)
        start = continuing.add_rows(vectors, len(vocabulary), options.seed)
        before = files.read_run(new)["train"]
        train(more, new, options, messages, start, before)
    messages.say(f"{options.out}: {len(vocabulary) - len(old):,} new words behind {len(old):,} old ones")


def train(
    folder: Path,
    new: Path,
    options: Namespace,
    messages: Messages,
    start: Embeddings | None = None,
    before=None,
) -> None:
    """Learn vectors from the encoded corpus in `folder`, from a `start` if there is one; say what to know."""
    vocabulary = files.read_vocabulary(folder)
    check_size(vocabulary, options.method)
    options.dim = start.W.shape[1] if start else options.dim or DIM
    if options.learning_rate is None:
        rate = NEXT_RATE if start else FIRST_RATE
        options.learning_rate = LEARNING_RATES[options.optimizer] if options.method == "softmax" else rate
    settings = {name: getattr(options, name) for name in SETTINGS[options.method]}
    learn = {"softmax": learn_softmax, "sgns": learn_sgns}[options.method]
    more = {"start": start} if start else {}
    embeddings, losses, outcome = learn(folder, vocabulary, messages, **settings, **more)
    files.write_vectors(new, embeddings)
    facts = {"method": options.method} | settings | outcome
    record(new if start else folder, new, "train", facts | ({"before": before} if start else {}))
    if not start:
        say_remarks(judged(folder, vocabulary, facts, losses), options, messages)


def judged(folder: Path, vocabulary: Vocabulary, facts: dict, losses: np.ndarray) -> Trained:
    """Collect what `remarks` asks for."""
    left_out = files.read_fact(folder, "encode", "tokens_left_out", 0)
    min_count = files.read_fact(folder, "index", "min_count", 1)
    floor, tokens = facts.get("loss_floor", 0.0), int(vocabulary.counts.sum())
    return Trained(facts["method"], facts, len(vocabulary), tokens, losses, floor, left_out, min_count)


def say_remarks(run: Trained, options: Namespace, messages: Messages) -> None:
    """Say what there is to say, each time with the line that would do better."""
    for remark in remarks(run):
        messages.say(remark.sentence)
        if remark.better:
            messages.say("  " + line(options.typed, SETTINGS[run.method], remark.better))


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
            f"{advice if kept > 1 else 'choose a shorter text'}, or --method sgns to learn from them all"
        )


def learn_softmax(
    folder: Path, vocabulary: Vocabulary, messages: Messages, *, window: int, seed: int, **settings
) -> tuple[Embeddings, np.ndarray, dict]:
    """Learn from the table of all pairs, with the full softmax; return vectors, losses and what to record."""
    counts = count_matrix(files.read_encoded(folder, len(vocabulary)), window, len(vocabulary))
    pairs, floor = int(counts.sum()), skipgram.conditional_entropy(counts)
    messages.say(f"{len(vocabulary):,} words, {pairs:,} pairs, no loss below {floor:.2f}")
    progress, rng = progress_bar("epochs", messages.show), np.random.default_rng(seed)
    run = skipgram.train(counts, rng=rng, on_progress=progress, **settings)
    start, end = run.losses[[0, -1]].tolist()
    if not end <= start:
        raise FloatingPointError(
            f"training went from a loss of {start:.3g} to {end:.3g}: choose a smaller --learning-rate"
        )
    outcome = {"pairs": pairs, "loss_start": start, "loss_end": end, "loss_floor": floor}
    return run.embeddings, run.losses, outcome


def learn_sgns(
    folder: Path, vocabulary: Vocabulary, messages: Messages, *, epochs, seed: int, sample, **settings
) -> tuple[Embeddings, np.ndarray, dict]:
    """Learn from a stream of sentences, by negative sampling; return vectors, losses and what to record."""
    sentences = scale.Again(lambda: files.read_encoded(folder, len(vocabulary)))
    # Not the vocabulary's counts: those may be of another text. This pass finds what is damaged, too.
    counts = np.zeros(len(vocabulary), np.int64)
    for sentence in sentences:
        np.add.at(counts, sentence, 1)
    tokens = int(counts.sum())
    if not tokens:
        raise ValueError(f"{folder / files.ENCODED} has no words to learn from")
    messages.say(f"{len(vocabulary):,} words, {tokens:,} tokens")
    settings["epochs"] = usual_epochs(tokens) if epochs is None else epochs
    settings["sample"] = usual_sample(int(np.count_nonzero(counts))) if sample is None else sample
    progress, rng = progress_bar("words", messages.show), np.random.default_rng(seed)
    run = scale.train_sgns(sentences, word_counts=counts, rng=rng, on_progress=progress, **settings)
    if not run.finished:  # it keeps what it has, but a folder tells of whole runs only
        raise KeyboardInterrupt
    losses = [None if np.isnan(loss) else loss for loss in run.losses.tolist()] or [None]
    chosen = {name: settings[name] for name in ("epochs", "sample")}
    outcome = {"tokens": tokens, "loss_first_epoch": losses[0], "loss_last_epoch": losses[-1]}
    return run.embeddings, run.losses, chosen | outcome
