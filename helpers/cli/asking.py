"""What each command does that asks vectors something, or takes them elsewhere."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import numpy as np

from helpers.cli import commands, files, formats
from helpers.cli.messages import Messages
from helpers.geometry import nearest_neighbors
from helpers.text import tokenize

PROJECTOR = ("vectors.tsv", "metadata.tsv")


def run_neighbors(options: Namespace, messages: Messages) -> None:
    """List the words whose vectors point in the same direction."""
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


def run_export(options: Namespace, messages: Messages) -> None:
    """Write the vectors for other programs."""
    vocabulary = files.read_vocabulary(options.folder)
    embeddings = files.read_vectors(options.folder, len(vocabulary))
    folder, names = export_place(options)
    words, W = vocabulary.words, embeddings.W
    with files.replacing(folder, names) as new:
        paths = [new / name for name in names]
        if options.format == "npz":
            formats.save_npz(*paths, words, embeddings)
        elif options.format == "projector":
            formats.save_projector(*paths, words, W, vocabulary.counts)
        else:
            with np.errstate(over="ignore"):
                short = np.array_equal(W.astype(np.float32), W)  # of sgns: then fewer digits say the same
            formats.save_word2vec(*paths, words, W, float32=short)
    messages.say(f"{options.out}: {len(vocabulary)} words, {W.shape[1]} numbers each")


def export_place(options: Namespace) -> tuple[Path, tuple[str, ...]]:
    """Return the folder to write to and the names of the files, none of which another file needs."""
    if options.format == "projector":
        return options.out, PROJECTOR
    place = options.out.resolve()  # a link stays a link
    if place.is_dir():
        raise ValueError(f"{options.out} is a folder: {options.format} needs the name of a file")
    if place.exists() and not place.is_file():
        raise ValueError(f"{options.out} is a device, not a file")
    commands.refuse_to_overwrite(options.out, options.folder)
    return place.parent, (place.name,)
