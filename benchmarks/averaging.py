"""Learn from the parts of a text by themselves, and make one pair of tables of it: how much is lost?

    python benchmarks/averaging.py                     the English of this installation, some minutes
    python benchmarks/averaging.py --seeds 3           three times, to see what chance does

Everybody reads as many words as one machine does, and is measured on sentences that nobody has seen: the loss
of negative sampling, and how much it is above that of one machine. Parts are pieces of the text as it comes.
Quality only: one process does the work of all parts, one after the other.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import scale, timing
from helpers.corpora import installed_text
from helpers.scale import merge_models, train_in_parts, train_sgns
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary, tokenize

SETTINGS = {"dim": scale.DIM, "window": scale.WINDOW, "negatives": scale.NEGATIVES}


def read_installed(words: int) -> scale.Corpus:
    """Take about so many words, hold out every 50th sentence, leave out words that come once."""
    text = [s for lines in installed_text().values() for line in lines for s in tokenize(line)]
    text = text[: int(np.searchsorted(np.cumsum([len(s) for s in text]), words))]
    train, test = [s for i, s in enumerate(text) if i % 50], text[::50]
    vocabulary = Vocabulary.from_sentences(train, min_count=2)
    known = ([vocabulary.encode(s, skip_unknown=True) for s in part] for part in (train, test))
    train, test = ([s for s in part if len(s) > 1] for part in known)
    return scale.split_corpus(train, test, np.full(len(vocabulary), -1))


def mean(models: list[Embeddings]) -> Embeddings:
    return Embeddings(*(np.mean([getattr(m, table) for m in models], axis=0) for table in "WC"))


def compare(corpus: scale.Corpus, parts: int, epochs: int, rounds: list[int], seed: int) -> Iterator:
    """Yield who it was, and the loss on unseen sentences."""

    def learn(trainer, sentences, counts, seed, **more):
        rng = np.random.default_rng(seed)
        run = trainer(sentences, word_counts=counts, rng=rng, epochs=epochs, **SETTINGS, **more)
        return run.embeddings

    cuts = np.linspace(0, len(corpus.sentences), parts + 1).astype(int)
    pieces = [corpus.sentences[a:b] for a, b in pairwise(cuts)]
    counts = np.array([np.bincount(np.concatenate(p), minlength=len(corpus.counts)) for p in pieces])
    yield "one machine", corpus.loss(learn(train_sgns, corpus.sentences, corpus.counts, seed))
    for start in ("own", "common"):
        seeds = [[seed, k] if start == "own" else [seed, 0] for k in range(parts)]
        models = [learn(train_sgns, *part, s) for *part, s in zip(pieces, counts, seeds, strict=True)]
        yield f"{start} start, plain mean", corpus.loss(mean(models))
        yield f"{start} start, turned", corpus.loss(merge_models(models))
        yield f"{start} start, turned, rows weighted", corpus.loss(merge_models(models, counts))
    for number in rounds:
        try:
            loss = corpus.loss(learn(train_in_parts, pieces, corpus.counts, seed, rounds=number))
        except FloatingPointError:  # parts that seldom agree go too far
            loss = math.nan
        yield f"agreeing {number} times per epoch", loss


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("--words", type=int, default=2_000_000)
    parser.add_argument("--parts", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rounds", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.small:
        corpus, options.parts, options.epochs, options.seeds = scale.make_corpus(5000, 1000), 2, 1, 1
    else:
        corpus = read_installed(options.words)
    found: dict[str, list[float]] = {}
    for seed in range(options.seeds):
        for name, loss in compare(corpus, options.parts, options.epochs, options.rounds, seed):
            found.setdefault(name, []).append(loss)
    one, rows = found["one machine"], []
    for name, losses in found.items():
        above = [100 * (loss / base - 1) for loss, base in zip(losses, one, strict=True)]
        spread = f"{min(above):+.1f}% … {max(above):+.1f}%"
        if math.isnan(sum(losses)):
            rows.append([name, "ran away", "", ""])
            continue
        rows.append([name, f"{median(losses):.4f}", f"{median(above):+.1f}%", spread])
    title = (
        f"{options.parts} parts of {corpus.words:,} words, {len(corpus.counts):,} different ones, dimension "
        f"{scale.DIM}, {options.epochs} epochs; medians of {options.seeds} seeds"
    )
    print(timing.table(title, ["", "held-out loss", "above one machine", "min … max"], rows))
    print(timing.versions("numpy"))


if __name__ == "__main__":
    timing.one_thread()
    main()
