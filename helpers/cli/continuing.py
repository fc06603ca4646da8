"""Learn on from a folder with more text: old words keep their ids and start where they are, new words follow.

Only the new text is read. What the old text said is not repeated, and a part of it fades.
"""

from __future__ import annotations

from argparse import Namespace
from itertools import chain
from pathlib import Path

import numpy as np

from helpers.cli import files
from helpers.cli.commands import STEPS, encode, words_of
from helpers.cli.places import is_imported
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary


def check_folder(folder: Path, options: Namespace) -> tuple[Vocabulary, Embeddings]:
    """Read what is to be continued, and make sure that it can be."""
    if is_imported(folder):
        raise ValueError(f"{folder} has vectors made elsewhere: --continue takes a folder made by `train`")
    vocabulary = files.read_vocabulary(folder)
    vectors = files.read_vectors(folder, len(vocabulary))
    if options.method != "sgns" or files.read_run(folder).get("train", {}).get("method") != "sgns":
        raise ValueError(
            "--continue goes with --method sgns, before and now: the full softmax needs all text at once"
        )
    dim = vectors.W.shape[1]
    if options.dim not in (None, dim):
        raise ValueError(f"--dim {options.dim} does not fit {folder}, whose vectors have {dim} numbers")
    return vocabulary, vectors


def add_words(old: Vocabulary, text, min_count: int) -> Vocabulary:
    """Return the old words, and behind them the new ones that a text has at least `min_count` times."""
    seen = words_of(text)
    counts = np.array([seen.counts[seen.index[word]] if word in seen else 0 for word in old.words], int)
    fresh = [i for i, word in enumerate(seen.words) if word not in old and seen.counts[i] >= min_count]
    words = old.words + tuple(seen.words[i] for i in fresh)
    return Vocabulary(words, np.concatenate((old.counts + counts, seen.counts[fresh])))


def add_rows(vectors: Embeddings, size: int, seed: int) -> Embeddings:
    """Return the tables with rows for new words, as random as in any training's start."""
    new, dim = size - len(vectors.W), vectors.W.shape[1]
    W = np.random.default_rng([seed, 1]).uniform(-1 / dim, 1 / dim, (new, dim))
    return Embeddings(np.vstack((vectors.W, W)), np.vstack((vectors.C, np.zeros((new, dim)))))


def encode_more(text, folder: Path, vocabulary: Vocabulary, new: Path) -> Path:
    """Write the vocabulary and both texts to `new`; return a folder with the new text alone."""
    more = new.parent / "more"
    more.mkdir()
    for place in (more, new):
        files.write_vocabulary(place, vocabulary)
    told = encode(text, more, more)
    both = chain(*(files.read_encoded(place, len(vocabulary)) for place in (folder, more)))
    files.write_encoded(new, both)
    run = {name: facts for name, facts in files.read_run(folder).items() if name in STEPS}
    run["index"] = run.get("index", {}) | {"words": len(vocabulary)}
    sums = {name: files.read_fact(folder, "encode", name, 0) + number for name, number in told.items()}
    run["encode"] = run.get("encode", {}) | sums
    files.write_run(new, run)
    return more
