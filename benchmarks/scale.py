"""Negative sampling on a million words, with one process or two, against peers.

    python benchmarks/scale.py                     one table; some minutes
    python benchmarks/scale.py --epochs 5 20       a long training as well
    python benchmarks/scale.py --text FILE         learn from a text of your own instead
    python benchmarks/scale.py --vocabulary 10000 50000 200000    other vocabularies
    python benchmarks/scale.py --binary PATH       a program with the command line of word2vec learns, too
    python benchmarks/scale.py --help              other sizes

Everybody learns from the same corpus with the same dimension, window, number of negatives and epochs, and
thins out frequent words alike. The learning rate is what each has by default: ours starts higher and falls
faster than that of word2vec, which all the others use. (On many texts a higher one would serve gensim, too.)
Speed is the number of words read per second: of CPU time for one process, of real time for two, each
against gensim with as many, round by round. The textbook loop is so slow that its speed is measured on a
small part, and its quality not at all. Quality is measured on sentences that nobody has seen, and by whether
the nearest neighbor of a word belongs to its topic, where topics are known. A program is timed from its start
to its end, which includes reading the text and counting its words; its loss stays unknown, for it writes one
table only.

The last table tells by how much memory grows while learning, at its peak, next to the size of both tables.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
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
from helpers.vectors import convert, open_folder

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
        if not embeddings.C.any():  # a program that writes one table only
            return math.nan
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


def make_corpus(words: int, vocabulary: int) -> Corpus:
    """Make a corpus of `words` words, and 2% more to be held out; a fifth of the vocabulary has no topic."""
    sizes = {"topics": 40, "words_per_topic": vocabulary // 50, "common_words": vocabulary // 5}
    sentences, topic = topic_corpus(np.random.default_rng(0), words + words // 50, **sizes)
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


def with_program(path: Path, corpus: Corpus, epochs: int, seed: int, clock: Clock, workers: int) -> Result:
    """Train with a program that has word2vec's command line; it has no seed."""
    with tempfile.TemporaryDirectory() as folder:
        text, vectors, table = (str(Path(folder, name)) for name in ("text", "vectors", "table"))
        Path(text).write_text("".join(" ".join(f"w{i}" for i in s) + "\n" for s in corpus.sentences))
        options = {
            "train": text, "output": vectors, "cbow": 0, "hs": 0, "size": DIM, "window": WINDOW,
            "negative": NEGATIVES, "alpha": RATE, "sample": SAMPLE, "iter": epochs, "threads": workers,
            "min-count": 0, "binary": 1, "debug": 0,
        }  # fmt: skip
        command = [str(path), *(str(x) for name, value in options.items() for x in (f"-{name}", value))]
        start = clock()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = clock() - start
        Path(table).mkdir()
        convert(Path(vectors), Path(table))
        space = open_folder(Path(table))
        W, C = np.zeros((2, len(corpus.counts), DIM))
        for word, row in zip(space.words, space.W, strict=True):
            if word[1:].isdigit():  # the end of a sentence is a word, too
                W[int(word[1:])] = row
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


def rivals(binary: Path | None = None) -> dict[str, tuple[Callable | None, int]]:
    """Return who competes, and with how many processes or threads."""
    gensim = with_gensim if Word2Vec else None
    program = {f"{binary.name}, 1 thread": (partial(with_program, binary, workers=1), 1)} if binary else {}
    return program | {
        "gensim, 1 worker": (gensim and partial(gensim, workers=1), 1),
        "train_sgns, 1 worker": (partial(ours, workers=1), 1),
        "gensim, 2 workers": (gensim and partial(gensim, workers=2), 2),
        "train_sgns, 2 workers": (partial(ours, workers=2), 2),
        TORCH: (torch and with_torch, 1),
        LOOP: (textbook, 1),
    }


def measure(
    corpus: Corpus, epochs: int, seeds: int, slow_ones: bool = True, binary: Path | None = None
) -> list[list[str]]:
    """Let all take turns, and return the rows of the table."""
    everybody = {name: rival for name, rival in rivals(binary).items() if slow_ones or name not in SLOW}
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in everybody}
    for seed in range(seeds):
        for name, (rival, workers) in everybody.items():
            if rival is None or (name in SLOW and seed):
                continue
            clock = cpu if workers == 1 else time.perf_counter
            embeddings, seconds = rival(corpus, epochs, seed, clock)
            quality = (
                (corpus.loss(embeddings), corpus.same_topic(embeddings)) if embeddings else (math.nan,) * 2
            )
            found[name].append((epochs * corpus.words / seconds, *quality))
    return [row(name, epochs, results, found[base(name)]) for name, results in found.items()]


def cpu() -> float:
    """Return the seconds of CPU time of this process, and of the programs that it has run to their end."""
    return time.process_time() + sum(os.times()[2:4])


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
    quality = ["not measured" if math.isnan(loss) else f"{loss:.4f}"]
    quality.append("" if math.isnan(same) else f"{100 * same:.1f}%")
    return [name, str(epochs), timing.digits(speed), ratio, *quality]


# --- Memory -------------------------------------------------------------------------------------------


def growth(name: str, words: int, vocabulary: int) -> float:
    """Return by how many MB this process grows at most while it learns for one epoch."""
    corpus, (rival, _) = make_corpus(words, vocabulary), rivals()[name]
    readings = iter((timing.memory, timing.peak_memory))  # in the place of a clock
    _, grown = rival(corpus, 1, 0, lambda: next(readings)())
    return grown + ("gensim" in name) * tables(vocabulary)  # it has made its tables before its clock starts


def tables(vocabulary: int) -> float:
    """Return the size of both tables in MB, in single precision."""
    return 2 * 4 * vocabulary * DIM / 2**20


def memory_table(words: int, vocabularies: list[int]) -> str:
    """Return a table of what `growth` finds, each in a process of its own."""
    columns, rows = ["different words", "both tables", "gensim, 1 worker", "train_sgns, 1 worker"], []
    for vocabulary in vocabularies:
        found = []
        for name in columns[2:]:
            if not timing.STATUS.exists() or rivals()[name][0] is None:
                found.append("not measured")
                continue
            code = f"from benchmarks import scale; print(scale.growth({name!r}, {words}, {vocabulary}))"
            root = Path(__file__).resolve().parents[1]
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
            )
            found.append(f"{float(done.stdout):,.0f} MB")
        rows.append([f"{vocabulary:,}", f"{tables(vocabulary):,.0f} MB", *found])
    return timing.table(f"Growth of memory while learning from {words:,} words, at its peak", columns, rows)


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("--words", type=int, default=1_000_000)
    parser.add_argument("--epochs", type=int, nargs="+", default=[5])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--vocabulary", type=int, nargs="+", default=[10_000], metavar="N")
    parser.add_argument("--text", type=Path, metavar="FILE", help="UTF-8, one sentence or paragraph a line")
    parser.add_argument(
        "--binary", type=Path, metavar="PATH", help="a program, such as the original one in C"
    )
    options = parser.parse_args(arguments)
    if options.small:
        options.words, options.epochs, options.seeds, options.vocabulary = 5000, [1], 1, [1000]
    if options.text:
        corpora = [read_corpus(options.text, options.words)]
    else:
        corpora = (make_corpus(options.words, size) for size in options.vocabulary)
    columns = ["", "epochs", "words/s", "to gensim", "held-out loss", "neighbor in topic"]
    slow_ones = True
    for corpus in corpora:
        rows = []
        for epochs in options.epochs:
            rows += measure(corpus, epochs, options.seeds, slow_ones, options.binary)
            slow_ones = False  # once is enough
        sizes = f"{corpus.words:,} words, {len(corpus.counts):,} different ones, dimension {DIM}"
        title = f"Negative sampling, {sizes}; medians of {options.seeds} seeds"
        print(timing.table(title, columns, rows))
    if not options.text:
        print(memory_table(options.words, options.vocabulary))
    print(timing.versions("numpy", "gensim", "torch"))


if __name__ == "__main__":
    timing.one_thread()
    main()
