"""What the commands do that take vectors in, or out to other programs and to a picture."""

from __future__ import annotations

import re
import warnings
from argparse import Namespace
from pathlib import Path

import numpy as np

from helpers import vectors
from helpers.cli import commands, files, formats
from helpers.cli.asking import rows, words
from helpers.cli.messages import Messages
from helpers.cli.places import by_frequency, convert, ids_of, is_imported, opened, say_faults
from helpers.geometry import principal_coordinates
from helpers.skipgram import Embeddings
from helpers.vectors import Space

PROJECTOR = ("vectors.tsv", "metadata.tsv")
INCHES = {"width": 9.0, "height": 7.0}  # of a map


def run_import(options: Namespace, messages: Messages) -> None:
    """Read vectors from another program once, to ask them often."""
    if options.file.is_dir():
        raise ValueError(f"{options.file} is a folder: name the file with the vectors")
    if (options.out / files.VOCABULARY).exists():
        raise ValueError(f"{options.out} has vectors of a training: choose another --out")
    refuse_to_overwrite(options.file, options.out)
    with files.replacing(options.out, vectors.NAMES) as new:
        made = convert(options.file, new, messages)
    say_faults(made, messages)
    messages.say(f"{options.out}: {made.words:,} words, {made.dim} numbers each, from {made.format}")


def run_export(options: Namespace, messages: Messages) -> None:
    """Write the vectors for other programs."""
    with opened(options.place, messages) as space:
        folder, names = export_place(options)
        kept, W = exportable(space, options.format, messages)
        with files.replacing(folder, names) as new:
            paths = [new / name for name in names]
            if options.format == "npz":
                formats.save_npz(*paths, kept, both_tables(options.place) or W)
            elif options.format == "projector":
                formats.save_projector(*paths, kept, W, space.counts)
            else:
                with np.errstate(over="ignore"):
                    short = np.array_equal(W.astype(np.float32), W)  # then fewer digits say the same
                formats.save_word2vec(*paths, kept, W, float32=short)
        messages.say(f"{options.out}: {len(kept)} words, {W.shape[1]} numbers each")


def both_tables(place: Path) -> Embeddings | None:
    """Return W and C, where vectors have been trained here."""
    if place.is_file() or is_imported(place):
        return None
    return files.read_vectors(place, len(files.read_vocabulary(place)))


def exportable(space: Space, form: str, messages: Messages) -> tuple[list[str], np.ndarray]:
    """Return words and vectors without those, made elsewhere, that a format cannot hold."""
    kept = list(space.words)
    separates = {"word2vec": formats.SEPARATES_WORDS, "projector": formats.SEPARATES_CELLS}.get(form)
    if space.counts is not None or separates is None:
        return kept, space.W
    good = [i for i, word in enumerate(kept) if not separates.search(word)]
    if len(good) == len(kept):
        return kept, space.W
    lost = len(kept) - len(good)
    messages.say(f"{lost} word{'s' * (lost != 1)} left out: {form} cannot hold white space inside a word")
    return [kept[i] for i in good], space.W[good]


def export_place(options: Namespace) -> tuple[Path, tuple[str, ...]]:
    """Return the folder to write to and the names of the files, none of which another file needs."""
    if options.format == "projector":
        return options.out, PROJECTOR
    return one_file(options, options.format)


def one_file(options: Namespace, what: str) -> tuple[Path, tuple[str]]:
    """Return the folder and the name of a file to write."""
    place = options.out.resolve()  # a link stays a link
    if place.is_dir():
        raise ValueError(f"{options.out} is a folder: {what} needs the name of a file")
    if place.exists() and not place.is_file():
        raise ValueError(f"{options.out} is a device, not a file")
    if options.place.is_dir():
        refuse_to_overwrite(options.out, options.place)
    elif options.place.resolve() == place:
        raise ValueError(f"{options.out} would be overwritten: choose another --out")
    return place.parent, (place.name,)


def refuse_to_overwrite(path: Path, folder: Path) -> None:
    """Make sure that `path` is no file that a folder of vectors is made of."""
    commands.refuse_to_overwrite(path, folder)
    if path.resolve() in [(folder / name).resolve() for name in vectors.NAMES]:
        raise ValueError(f"{path} would be overwritten: choose another --out")


# --- A map --------------------------------------------------------------------------------------------


def run_map(options: Namespace, messages: Messages) -> None:
    """Draw words in a plane, into an SVG or a PNG."""
    kind = options.out.suffix.lower()
    if kind not in (".svg", ".png"):
        raise ValueError(f"--out must end in .svg or .png, not in {options.out.name!r}")
    folder, names = one_file(options, "map")
    with opened(options.place, messages) as space:
        if options.words:
            ids = list(dict.fromkeys(ids_of(space, options.words)))
        else:
            ids = by_frequency(space, np.arange(len(space.words)))[: options.n].tolist()
        W, shown = rows(space, ids), words(space, ids)
    if len(ids) < 3 or W.shape[1] < 2:
        raise ValueError("a map needs at least three words, and vectors of at least two numbers")
    points = principal_coordinates(W)
    centered = W - W.mean(axis=0)
    share = float((points**2).sum() / ((centered**2).sum() or 1.0))
    title = f"{len(ids)} words, by PCA: {share:.0%} of their spread"
    with files.replacing(folder, names) as new:
        named, lacking = draw(new / names[0], kind[1:], points, shown, title)
    if lacking and kind == ".png":
        messages.say(
            "the font lacks some of the letters; an .svg shows them in fonts of the computer it is on"
        )
    hidden = len(ids) - named
    no_room = f"; no room for {hidden} of the names" if hidden else ""
    messages.say(f"{options.out}: {title}{no_room}")


def draw(path: Path, kind: str, points: np.ndarray, names: list[str], title: str) -> tuple[int, bool]:
    """Write a map; return how many words have their name on it, and whether the font lacks a letter."""
    from matplotlib import rc_context  # here, as no other command needs it and it takes its time to load

    from helpers import plots

    figure, (ax,) = plots.panels(**INCHES)
    same, missing = {"svg.hashsalt": "map", "svg.fonttype": "none"}, "Glyph .* missing"
    with (
        warnings.catch_warnings(record=True) as caught,
        rc_context(same),
    ):  # the same bytes for the same words
        warnings.filterwarnings("always", missing)
        plots.word_map(ax, points, names, title=title, origin=None)
        if kind == "svg":  # what is outlined would be drawn, and no longer be text
            for name in ax.texts:
                name.set_path_effects(None)
        metadata = {"Date": None, "Title": title} if kind == "svg" else {"Title": title}
        figure.savefig(path, format=kind, dpi=150, metadata=metadata)
    return len(ax.texts), any(re.match(missing, str(warning.message)) for warning in caught)
