"""Pairs and counts: whole arrays against loops in Python, and memory while the corpus doubles.

The loops get lists, which they read faster than arrays, unless their line says otherwise.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers.corpora import small_world
from helpers.pairs import count_matrix, count_pairs, encode_and_count, skipgram_pairs

try:
    import scipy.sparse
except ImportError:
    scipy = None

WINDOW = 2


# --- The peers ---------------------------------------------------------------------------------------


def double_loop(sentences: list[list[int]], window: int) -> list[tuple[int, int]]:
    """The textbook: for each center, for each place in its window."""
    pairs = []
    for sentence in sentences:
        for i, center in enumerate(sentence):
            for j in range(max(i - window, 0), min(i + window + 1, len(sentence))):
                if j != i:
                    pairs.append((center, sentence[j]))
    return pairs


def double_loop_table(sentences: list[list[int]], window: int, vocab_size: int) -> np.ndarray:
    """The textbook with a table of counts in place of a list."""
    counts = np.zeros((vocab_size, vocab_size), dtype=np.int64)
    for sentence in sentences:
        for i, center in enumerate(sentence):
            for j in range(max(i - window, 0), min(i + window + 1, len(sentence))):
                if j != i:
                    counts[center, sentence[j]] += 1
    return counts


def double_loop_counter(sentences: list[list[int]], window: int) -> Counter:
    return Counter(double_loop(sentences, window))


def sparse_table(sentences, window: int, vocab_size: int):
    """SciPy adds up all pairs at once, after they have been listed."""
    pairs = skipgram_pairs(sentences, window)
    ones = np.ones(len(pairs), dtype=np.int64)
    return scipy.sparse.coo_array((ones, (pairs[:, 0], pairs[:, 1])), (vocab_size, vocab_size)).tocsr()


def all_at_once(sentences, window: int, vocab_size: int) -> tuple[np.ndarray, np.ndarray]:
    """NumPy on the list of all pairs: the same result as count_pairs, without streaming."""
    pairs = skipgram_pairs(sentences, window)
    keys, counts = np.unique(pairs[:, 0] * vocab_size + pairs[:, 1], return_counts=True)
    return np.column_stack((keys // vocab_size, keys % vocab_size)), counts


# --- Speed -------------------------------------------------------------------------------------------


def corpora(sentences: int) -> dict[str, list[np.ndarray]]:
    """Return one text twice: in the small world's short sentences, and cut into lines of 20 words."""
    _, ids, _ = encode_and_count(small_world(np.random.default_rng(0), sentences), WINDOW)
    flat = np.concatenate(ids)
    lines = [flat[i : i + 20] for i in range(0, len(flat), 20)]
    return {f"sentences of {len(flat) / len(ids):.2g} words": ids, "lines of 20 words": lines}


def pairs_table(corpus: list[np.ndarray], kind: str, rounds: int) -> str:
    """Time the list of all pairs in reading order."""
    lists = [sentence.tolist() for sentence in corpus]
    tasks = {
        "skipgram_pairs, from arrays": partial(skipgram_pairs, corpus, WINDOW),
        "skipgram_pairs, from lists": partial(skipgram_pairs, lists, WINDOW),
        "double loop, from lists": partial(double_loop, lists, WINDOW),
        "double loop, from lists, then an array": lambda: np.array(double_loop(lists, WINDOW)),
        "double loop, from arrays": partial(double_loop, corpus, WINDOW),
    }
    return speed_table("Pairs", corpus, kind, tasks, rounds)


def counts_table(corpus: list[np.ndarray], kind: str, rounds: int) -> str:
    """Time the counts of all pairs."""
    lists = [sentence.tolist() for sentence in corpus]
    size = int(max(sentence.max() for sentence in corpus)) + 1
    tasks = {
        "count_matrix": partial(count_matrix, corpus, WINDOW, size),
        "count_pairs": partial(count_pairs, corpus, WINDOW, size),
        "all pairs at once, np.unique": partial(all_at_once, corpus, WINDOW, size),
        "all pairs at once, scipy.sparse": scipy and partial(sparse_table, corpus, WINDOW, size),
        "double loop into a Counter": partial(double_loop_counter, lists, WINDOW),
        "double loop into a table": partial(double_loop_table, lists, WINDOW, size),
    }
    return speed_table("Counts", corpus, kind, tasks, rounds)


def speed_table(what: str, corpus: list[np.ndarray], kind: str, tasks: dict, rounds: int) -> str:
    words = sum(map(len, corpus))
    title = f"{what}: {words:,} words in {kind}, window {WINDOW}"
    clocks = {name: task and partial(timing.clock, task) for name, task in tasks.items()}
    return timing.race(title, clocks, rounds, words=words)


# --- Memory ------------------------------------------------------------------------------------------


def stream(block: np.ndarray, times: int, length: int = 20) -> Iterator[np.ndarray]:
    """Say the same block again and again: more words, no new pairs."""
    for _ in range(times):
        for i in range(0, len(block), length):
            yield block[i : i + length]


def peak(work: Callable[[], object]) -> int:
    """Return the most bytes in use at a time during the work, beyond those before it."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def memory_table(tokens: int, words: tuple[int, ...] = (300, 3000), doublings: int = 2) -> str:
    """Measure the peak while the corpus doubles from a generator and its distinct pairs do not."""
    rows = []
    for size in words:
        block = np.minimum(np.random.default_rng(0).zipf(1.3, tokens), size) - 1
        distinct = f"{len(count_pairs(stream(block, 1), WINDOW, size)[1]):,}"
        for times in (2**k for k in range(doublings + 1)):
            table, tally, listed = (
                peak(lambda f=f, t=times, s=size, b=block: f(stream(b, t), WINDOW, s)) / 2**20
                for f in (count_matrix, count_pairs, all_at_once)
            )
            sizes = [f"{timing.digits(mebibytes)} MiB" for mebibytes in (table, tally, listed)]
            rows.append([f"{tokens * times:,}", f"{size:,}", distinct, *sizes, timing.times(listed / tally)])
    columns = ["words read", "vocabulary", "distinct pairs", "count_matrix", "count_pairs"]
    columns += ["all pairs at once", "÷ count_pairs"]
    return timing.table(f"Peak memory (tracemalloc), window {WINDOW}", columns, rows)


def main(arguments: list[str] | None = None) -> None:
    small = timing.parser(__doc__).parse_args(arguments).small
    sentences, rounds, tokens = (30, 1, 500) if small else (40_000, 7, 400_000)
    print(timing.versions("numpy", "scipy"), end="\n\n")
    for kind, corpus in corpora(sentences).items():
        print(pairs_table(corpus, kind, rounds), flush=True)
        print(counts_table(corpus, kind, rounds), flush=True)
    print(memory_table(tokens), flush=True)


if __name__ == "__main__":
    timing.one_thread()
    main()
