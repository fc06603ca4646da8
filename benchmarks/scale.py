"""Negative sampling on a million words, with one process or two, against peers.

    python benchmarks/scale.py                     one table; some minutes
    python benchmarks/scale.py --epochs 5 20       a long training as well
    python benchmarks/scale.py --text FILE         learn from a text of your own instead
    python benchmarks/scale.py --help              other sizes

Everybody learns from the same corpus with the same dimension, window, number of negatives and epochs, and
thins out frequent words alike. The learning rate is what each has by default: ours starts higher and falls
faster than that of word2vec, which all the others use. (On many texts a higher one would serve gensim, too.)
Speed is the number of words read per second: of CPU time for one process, of real time for two, each
against gensim with as many, round by round. The textbook loop is so slow that its speed is measured on a
small part, and its quality not at all. Quality is measured on sentences that nobody has seen, and by whether
the nearest neighbor of a word belongs to its topic, where topics are known.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers.corpora import topic_corpus
from helpers.geometry import cosine_matrix
from helpers.negative_sampling import keep_probability, noise_distribution, sample_negatives, sgns_loss
from helpers.pairs import skipgram_pairs
from helpers.scale import train_sgns
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary, tokenize

try:
    import torch
except ImportError:
    torch = None
try:
    from gensim.models import Word2Vec
except ImportError:
    Word2Vec = None

DIM, WINDOW, NEGATIVES, RATE, SAMPLE = 100, 5, 5, 0.025, 1e-3
BATCH = 256  # pairs; with 1,024 torch is faster, but its steps of summed gradients overshoot
LOOP_WORDS = 3000


@dataclass(frozen=True, eq=False)
class Corpus:
    """A corpus with known topics, and a part of it that nobody learns from."""

    sentences: list[np.ndarray]
    counts: np.ndarray
    topic: np.ndarray
    held_out: tuple[np.ndarray, np.ndarray, np.ndarray]  # centers, contexts, negatives

    @property
    def words(self) -> int:
        return int(self.counts.sum())

    def loss(self, embeddings: Embeddings) -> float:
        centers, contexts, negatives = self.held_out
        cuts = range(0, len(centers), 10_000)
        parts = [tuple(ids[i : i + 10_000] for ids in (centers, contexts, negatives)) for i in cuts]
        return sum(len(part[0]) * sgns_loss(embeddings, *part) for part in parts) / len(centers)

    def same_topic(self, embeddings: Embeddings) -> float:
        """Return the share of topic words whose nearest topic word has their topic."""
        words = np.flatnonzero((self.topic >= 0) & (self.counts >= 20))
        if not len(words):
            return math.nan
        cosines = cosine_matrix(embeddings.W[words])
        np.fill_diagonal(cosines, -2)
        return float(np.mean(self.topic[words][cosines.argmax(1)] == self.topic[words]))


def make_corpus(words: int) -> Corpus:
    """Make a corpus of `words` words, and 2% more to be held out."""
    sentences, topic = topic_corpus(np.random.default_rng(0), words + words // 50)
    cut = int(np.searchsorted(np.cumsum([len(s) for s in sentences]), words))
    return split_corpus(sentences[:cut], sentences[cut:], topic)


def read_corpus(path: Path, words: int) -> Corpus:
    """Take about `words` words of a text, hold out every 50th sentence, leave out words that come once."""
    text = tokenize(path.read_text(encoding="utf-8"))
    text = text[: int(np.searchsorted(np.cumsum([len(s) for s in text]), words + words // 50))]
    train, test = [s for i, s in enumerate(text) if i % 50], text[::50]
    vocabulary = Vocabulary.from_sentences(train, min_count=2)
    known = ([vocabulary.encode(s, skip_unknown=True) for s in part] for part in (train, test))
    train, test = ([s for s in part if len(s) > 1] for part in known)
    return split_corpus(train, test, np.full(len(vocabulary), -1))


def split_corpus(train: list, test: list, topic: np.ndarray) -> Corpus:
    """Draw the pairs that are held out, and their noise."""
    rng = np.random.default_rng(0)
    counts = np.bincount(np.concatenate(train), minlength=len(topic))
    pairs = skipgram_pairs(test, WINDOW)
    pairs = pairs[rng.permutation(len(pairs))[:60_000]]
    negatives = sample_negatives(rng, noise_distribution(counts), (len(pairs), NEGATIVES))
    return Corpus(train, counts, topic, (*pairs.T, negatives))


# --- Who competes: each returns its tables and its clock's seconds ----------------------------------

Result = tuple[Embeddings | None, float]
Clock = Callable[[], float]


def ours(corpus: Corpus, epochs: int, seed: int, clock: Clock, workers: int) -> Result:
    """Train with `helpers.scale`."""
    rng, start = np.random.default_rng(seed), clock()
    run = train_sgns(
        corpus.sentences,
        word_counts=corpus.counts,
        dim=DIM,
        window=WINDOW,
        negatives=NEGATIVES,
        epochs=epochs,
        rng=rng,
        workers=workers,
    )
    return run.embeddings, clock() - start


def with_gensim(corpus: Corpus, epochs: int, seed: int, clock: Clock, workers: int) -> Result:
    """Train with gensim, whose sentences are lists of strings; building its vocabulary is not counted."""
    names = [str(i) for i in range(len(corpus.counts))]
    text = [[names[i] for i in sentence] for sentence in corpus.sentences]
    model = Word2Vec(
        vector_size=DIM, window=WINDOW, negative=NEGATIVES, alpha=RATE, sample=SAMPLE, sg=1,
        min_count=0, seed=seed + 1, workers=workers,
    )  # fmt: skip
    seen = np.flatnonzero(corpus.counts)
    model.build_vocab_from_freq({names[i]: int(corpus.counts[i]) for i in seen})
    start = clock()
    model.train(text, total_examples=len(text), total_words=corpus.words, epochs=epochs)
    seconds = clock() - start
    order = [model.wv.key_to_index[names[i]] for i in seen]
    W, C = np.zeros((2, len(names), DIM))
    W[seen], C[seen] = model.wv.vectors[order], model.syn1neg[order]
    return Embeddings(W, C), seconds


def with_torch(corpus: Corpus, epochs: int, seed: int, clock: Clock) -> Result:
    """Train with PyTorch: minibatches, autograd, sparse gradients."""
    rng, size = np.random.default_rng(seed), len(corpus.counts)
    start = clock()
    W = torch.nn.Embedding(size, DIM, sparse=True, _weight=torch.tensor(first_W(size, rng)))
    C = torch.nn.Embedding(size, DIM, sparse=True, _weight=torch.zeros(size, DIM))
    optimizer = torch.optim.SGD([*W.parameters(), *C.parameters()], lr=RATE)
    noise = noise_distribution(corpus.counts)
    for epoch in range(epochs):
        pairs = sampled_pairs(corpus, rng)
        negatives = sample_negatives(rng, noise, (len(pairs), NEGATIVES))
        targets = torch.from_numpy(np.column_stack((pairs[:, 1], negatives)))
        centers = torch.from_numpy(np.ascontiguousarray(pairs[:, 0]))
        for i in range(0, len(pairs), BATCH):
            optimizer.param_groups[0]["lr"] = RATE * max(1 - (epoch + i / len(pairs)) / epochs, 0.004)
            optimizer.zero_grad()
            torch_loss(W, C, centers[i : i + BATCH], targets[i : i + BATCH]).backward()
            optimizer.step()
    seconds = clock() - start
    return Embeddings(W.weight.detach().numpy(), C.weight.detach().numpy()), seconds


def torch_loss(W, C, centers, targets):
    """Return the summed loss of a batch, whose first targets are true and all others noise."""
    scores = torch.bmm(C(targets), W(centers)[:, :, None])[:, :, 0]
    signs = torch.ones_like(scores)
    signs[:, 1:] = -1
    return -torch.nn.functional.logsigmoid(signs * scores).sum()


def textbook(corpus: Corpus, epochs: int, seed: int, clock: Clock) -> Result:
    """Train pair by pair and word by word, on a small part; return the seconds that all would have taken."""
    rng = np.random.default_rng(seed)
    W = first_W(len(corpus.counts), rng)
    C = np.zeros_like(W)
    noise = noise_distribution(corpus.counts)
    part = corpus.sentences[: int(np.searchsorted(np.cumsum([len(s) for s in corpus.sentences]), LOOP_WORDS))]
    pairs = sampled_pairs(replace(corpus, sentences=part), rng)
    negatives = sample_negatives(rng, noise, (len(pairs), NEGATIVES))
    start = clock()
    for (center, context), drawn in zip(pairs.tolist(), negatives.tolist(), strict=True):
        w, step = W[center], np.zeros(DIM, np.float32)
        for k, truth in [(context, 1), *((k, 0) for k in drawn)]:
            signal = RATE * (truth - 1 / (1 + math.exp(-float(w @ C[k]))))
            step += signal * C[k]
            C[k] += signal * w
        w += step
    return None, (clock() - start) * epochs * corpus.words / sum(map(len, part))


def first_W(size: int, rng) -> np.ndarray:
    return ((rng.random((size, DIM), dtype=np.float32) - 0.5) / DIM).astype(np.float32)


def sampled_pairs(corpus: Corpus, rng) -> np.ndarray:
    """Return the pairs of one epoch in random order, with frequent words thinned out and random windows."""
    tokens = np.concatenate(corpus.sentences)
    sentence = np.repeat(np.arange(len(corpus.sentences)), [len(s) for s in corpus.sentences])
    stays = rng.random(len(tokens)) < keep_probability(corpus.counts, SAMPLE)[tokens]
    tokens, sentence = tokens[stays].astype(np.intp), sentence[stays]
    reach = rng.integers(1, WINDOW + 1, len(tokens))
    pairs = []
    for distance in range(1, WINDOW + 1):
        left, right = slice(None, -distance), slice(distance, None)
        same = sentence[left] == sentence[right]
        for center, context in ((left, right), (right, left)):
            near = same & (reach[center] >= distance)
            pairs.append(np.column_stack((tokens[center][near], tokens[context][near])))
    return rng.permutation(np.concatenate(pairs))


# --- The table ----------------------------------------------------------------------------------------

TORCH = f"torch, minibatch of {BATCH}"
LOOP = f"textbook loop, from {LOOP_WORDS:,} words"
SLOW = TORCH, LOOP


def rivals() -> dict[str, tuple[Callable | None, int]]:
    """Return who competes, and with how many processes or threads."""
    gensim = with_gensim if Word2Vec else None
    return {
        "gensim, 1 worker": (gensim and partial(gensim, workers=1), 1),
        "train_sgns, 1 worker": (partial(ours, workers=1), 1),
        "gensim, 2 workers": (gensim and partial(gensim, workers=2), 2),
        "train_sgns, 2 workers": (partial(ours, workers=2), 2),
        TORCH: (torch and with_torch, 1),
        LOOP: (textbook, 1),
    }


def measure(corpus: Corpus, epochs: int, seeds: int, slow_ones: bool = True) -> list[list[str]]:
    """Let all take turns, and return the rows of the table."""
    everybody = {name: rival for name, rival in rivals().items() if slow_ones or name not in SLOW}
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in everybody}
    for seed in range(seeds):
        for name, (rival, workers) in everybody.items():
            if rival is None or (name in SLOW and seed):
                continue
            clock = time.process_time if workers == 1 else time.perf_counter
            embeddings, seconds = rival(corpus, epochs, seed, clock)
            quality = (
                (corpus.loss(embeddings), corpus.same_topic(embeddings)) if embeddings else (math.nan,) * 2
            )
            found[name].append((epochs * corpus.words / seconds, *quality))
    return [row(name, epochs, results, found[base(name)]) for name, results in found.items()]


def base(name: str) -> str:
    return "gensim, 2 workers" if "2 workers" in name else "gensim, 1 worker"


def row(name: str, epochs: int, results, to_compare) -> list[str]:
    """Describe one rival by medians over the seeds."""
    if not results:
        return [name, str(epochs), "not installed", "", "", ""]
    speed, loss, same = (median(column) for column in zip(*results, strict=True))
    ratio = ""
    if to_compare:
        ratio = timing.times(median(a[0] / b[0] for a, b in zip(results, to_compare, strict=False)))
    if math.isnan(loss):
        quality = ["not measured"] * 2
    else:
        quality = [f"{loss:.4f}", "" if math.isnan(same) else f"{100 * same:.1f}%"]
    return [name, str(epochs), timing.digits(speed), ratio, *quality]


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("--words", type=int, default=1_000_000)
    parser.add_argument("--epochs", type=int, nargs="+", default=[5])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--text", type=Path, metavar="FILE", help="UTF-8, one sentence or paragraph a line")
    options = parser.parse_args(arguments)
    if options.small:
        options.words, options.epochs, options.seeds = 5000, [1], 1
    corpus = read_corpus(options.text, options.words) if options.text else make_corpus(options.words)
    title = (
        f"Negative sampling, {corpus.words:,} words, {len(corpus.counts):,} different ones, dimension {DIM}; "
        f"medians of {options.seeds} seeds"
    )
    columns = ["", "epochs", "words/s", "to gensim", "held-out loss", "neighbor in topic"]
    rows = []
    for epochs in options.epochs:
        rows += measure(corpus, epochs, options.seeds, slow_ones=epochs == options.epochs[0])
    print(timing.table(title, columns, rows))
    print(timing.versions("numpy", "gensim", "torch"))


if __name__ == "__main__":
    timing.one_thread()
    main()
