"""What a reader should know about a training: that it stopped short, or that the text was too small for it.

Nothing here is said about a training that did what can be expected of it. `benchmarks/your_text.py` measures
what the limits below stand for, and a test runs each line that is suggested.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

# Real English with fewer words of text per different word had hardly better neighbors than shuffled; with
# min_count, a word that was left out stands for LEFT_OUT words of the text.
THIN, LEFT_OUT = 5.0, 1.6
LONG = 30_000  # words of text: here frequent words are seen often enough, however many rare ones there are
FAR = 0.8  # of the way from the first loss to the floor; in small worlds, neighbors were right from there on
STILL = 0.1  # of what is left of the way, in the last tenth of the epochs: it was still on its way
MANY = 10_000  # words of text; from here on negative sampling gave real text better neighbors
HARDLY = 0.97  # of the loss of tables of zeros
FIRST_RATE = 0.045  # of sgns
ENOUGH, EPOCHS = 2_000_000, (5, 100)  # words to read in all, and the limits of the passes that this takes


def usual_epochs(tokens: int) -> int:
    """Return how many passes of negative sampling a text of so many words is given."""
    return int(np.clip(-(-ENOUGH // max(tokens, 1)), *EPOCHS))


def usual_sample(words: int) -> float:
    """Return the threshold of thinning out: that of word2vec, or twice the share of a word among equals."""
    return max(1e-3, 2 / words)


@dataclass(frozen=True)
class Trained:
    """A training that is over.

    Attributes
    ----------
    method : {"softmax", "sgns"}
    settings : dict
        Of its trainer, by name.
    words, tokens, left_out : int
        Different words with a vector, words of the text that have one, and those that have none.
    min_count : int
        Of the vocabulary.
    losses : array
        As the trainer returned them.
    floor : float, optional
        No loss is below it.
    """

    method: str
    settings: dict
    words: int
    tokens: int
    losses: np.ndarray
    floor: float = 0.0
    left_out: int = 0
    min_count: int = 1


@dataclass(frozen=True)
class Remark:
    """A sentence, and which settings would do better: by name, None for the usual value."""

    sentence: str
    better: dict | None = None


def remarks(run: Trained) -> list[Remark]:
    """Judge a training."""
    found = [_thin(run)]
    if run.settings["epochs"]:
        found.append(_stopped_early(run) if run.method == "softmax" else _hardly_moved(run))
    return [remark for remark in found if remark]


def _thin(run: Trained) -> Remark | None:
    left_out = run.left_out / min(max(run.min_count - 1, 1), LEFT_OUT)
    text, different = run.tokens + run.left_out, run.words + left_out
    if text >= LONG or text >= THIN * different:
        return None
    about = "about " if left_out else ""
    return Remark(
        f"{text:,} words of text are few for {about}{different:,.0f} different ones. English this thin gave "
        "hardly better neighbors than its words in random order; 10,000 words gave some, 100,000 many."
    )


def _stopped_early(run: Trained) -> Remark | None:
    start, end = run.losses[[0, -1]]
    if start - end >= FAR * (start - run.floor):
        return None
    sentence = f"It stopped {end - run.floor:.2f} nats above its floor of {run.floor:.2f}. "
    epochs, dim = run.settings["epochs"], run.settings["dim"]
    if run.settings["optimizer"] == "gd":
        return Remark(
            sentence + "The other optimizer gets there sooner:", {"optimizer": None, "learning_rate": None}
        )
    before = run.losses[-1 - max(epochs // 10, 1)]
    if epochs < 300 or before - end >= STILL * (end - run.floor):
        return Remark(sentence + "It was still on its way:", {"epochs": max(300, 4 * epochs)})
    if run.tokens >= MANY:
        return Remark(
            sentence
            + f"That is {dim} numbers for each of {run.words:,} words. For real text of this size the "
            "other method gives better neighbors:",
            {"method": "sgns"},
        )
    return Remark(sentence + f"For {run.words:,} words take more numbers per word:", {"dim": 3 * dim})


def _hardly_moved(run: Trained) -> Remark | None:
    zeros, empty = (1 + run.settings["negatives"]) * np.log(2), np.isnan(run.losses)
    last = run.losses[~empty][-1]
    if 2 * empty.sum() > len(empty):
        sentence = f"{empty.sum()} of {len(empty)} epochs had no pair: thinning out frequent words left none."
    elif last > HARDLY * zeros:
        sentence = f"Hardly anything was learned: the loss was {zeros:.2f} at the start, and is {last:.2f}."
    else:
        return None
    usual = {
        "epochs": usual_epochs(run.tokens),
        "learning_rate": FIRST_RATE,
        "sample": usual_sample(run.words),
    }
    low = [name for name in ("epochs", "learning_rate") if run.settings[name] < usual[name]]
    low += ["sample"] * (0 < run.settings["sample"] < usual["sample"])
    better = dict.fromkeys(low) or {"epochs": 4 * run.settings["epochs"], "sample": 0}
    return Remark(f"{sentence} This gets further:", better)


def line(typed: Iterable[str], settings: Iterable[str], better: dict) -> str:
    """Return what was typed with other settings, as a line to copy.

    Parameters
    ----------
    typed : sequence of str
        The words after ``python -m helpers``.
    settings : sequence of str
        The names of all settings of the method that was used; another method has others.
    better : dict
        From `Remark`.
    """
    names = ["method", *(name for name in settings if name != "seed")] if "method" in better else better
    flags = ["--" + name.replace("_", "-") for name in names]
    kept, words = [], iter(typed)
    for word in words:
        name, equals, _ = word.partition("=")
        if len(name) > 2 and any(flag.startswith(name) for flag in flags):
            if not equals:
                next(words, None)  # the value
        else:
            kept.append(word)
    for name, value in better.items():
        if value is not None:
            kept += ["--" + name.replace("_", "-"), f"{value}"]
    return "python -m helpers " + shlex.join(kept)
