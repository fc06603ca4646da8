"""Counting on more than one machine, with Dask: parts are counted anywhere, and tallies added up as a tree.

Counts can be added in any order, so what comes out is exact: the same numbers as from one process, whatever
the parts and whoever counts them. It stays exact when machines are lost. A tally is a value that a task
returns, never a sum that a machine goes on adding to: Dask knows from which part it came, and if it is gone,
counts that part again.

The source is read twice, for the words and then for the pairs. Dask (https://distributed.dask.org) is needed
only when one of these functions is called.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from operator import add, getitem

import numpy as np

from helpers import checks
from helpers.pairs import Tally, both_orders, merge_tallies, tally_pairs
from helpers.scale.workers import ONE_THREAD
from helpers.text import Vocabulary

SHARD = 1 << 22  # pairs that one task may have to merge: 64 MB
MOST_SHARDS = 256  # each is a tree of tasks of its own
# A lost worker is waited for. Else the cluster would give it up if it was away 15 seconds after it was lost,
# even if it had come back in between and was lost again; and with the last one gone, nothing would go on.
LOCAL = {"distributed.deploy.lost-worker-timeout": "1 hour"}
NO_DASK = 'more than one machine needs Dask, which is not installed: pip install "dask[distributed]"'
TOO_MUCH = (
    "one part ended one worker after the other: if it needs more memory than a worker has, make parts smaller"
)
NOT_PARTS = "parts must be a list of parts, each with sentences of words: see helpers.scale.file_ranges"


@dataclass(frozen=True, eq=False)
class TextCounts:
    """What there is to count in a text: its words and, as `helpers.pairs.count_pairs` gives them, its pairs.

    Attributes
    ----------
    vocabulary : Vocabulary
        All V words that are frequent enough, in the order of first appearance, with their counts.
    pairs : (M, 2) int array
        The distinct (center, context) pairs, sorted.
    counts : (M,) int array
        How often each occurs.
    """

    vocabulary: Vocabulary
    pairs: np.ndarray
    counts: np.ndarray

    def table(self) -> np.ndarray:
        """Return the (V, V) table of all counts, as `count_matrix` does; for a vocabulary of thousands."""
        table = np.zeros((len(self.vocabulary),) * 2, dtype=np.int64)
        table[tuple(self.pairs.T)] = self.counts
        return table


def count_distributed(
    parts: Iterable[Iterable[Sequence[str]]], *, window: int, min_count: int = 1, cluster=None
) -> TextCounts:
    """Count words and pairs of a text on several processes or machines, exactly as one process would.

    Memory per worker is bounded by what a part holds and by the words of the whole text: pairs are kept in
    *shards*, by the words they are about, and each shard is merged by itself, two tallies at a time. Results
    that wait for their turn are moved to disk by Dask where a worker has more than 60% of its memory in use.
    Only what comes home, the whole table of pairs, has to fit this process.

    Parameters
    ----------
    parts : iterable of iterables of (T,) sequences of str
        Sentences of words: from `file_ranges`, lists, or `Again`. Each part is sent to whoever counts it and
        may be read more often than once; a generator cannot be.
    window : int
        As for `helpers.pairs.count_pairs`.
    min_count : int
        Rarer words are left out, and their neighbors move together, as in `Vocabulary.encode`.
    cluster : str, distributed.Client or None
        The address of a scheduler ("tcp://10.0.0.1:8786"), or a client that is connected to one. Its workers
        need this package and the files. None starts processes on this machine, one per core, and ends them.
        A script does that below ``if __name__ == "__main__":``, since each process reads the script first.

    Returns
    -------
    TextCounts
        The order of the parts decides the order of the words; nothing depends on who counted what.

    Raises
    ------
    RuntimeError
        For a part that ended four workers, and for a text that changed while it was read.
    """
    window, min_count = checks.whole(window, "window", 1), checks.whole(min_count, "min_count", 1)
    parts = list_of_parts(parts)
    with connected(cluster) as client:
        words = [client.submit(count_words, part, pure=False) for part in parts]
        every_word = tree(words, partial(client.submit, add_words, pure=False))
        vocabulary = client.submit(Vocabulary.from_counts, every_word, min_count, pure=False)
        total, kept = client.submit(_facts, every_word, vocabulary, pure=False).result()
        del words, every_word  # the workers need them no longer
        shards = number_of_shards(window * total, kept)
        pieces = [client.submit(count_part, p, vocabulary, window, shards, pure=False) for p in parts]
        by_shard = [_tree_of_shard(client, pieces, shard) for shard in (*range(shards), -1)]
        del pieces
        *tallies, again = client.gather(by_shard)
        if again != total:
            raise RuntimeError(f"the text changed while it was counted: {total:,} words, then {again:,}")
        return collect(vocabulary.result(), tallies)


# --- What is done with a part, and with two tallies: no matter where -----------------------------------


def count_words(part: Iterable[Sequence[str]]) -> Counter:
    """Count the words of a part, in the order of first appearance."""
    words: Counter = Counter()
    for sentence in part:
        if isinstance(sentence, str):
            raise TypeError(NOT_PARTS)
        words.update(sentence)
    return words


def add_words(a: Counter, b: Counter) -> Counter:
    """Add two counts, of which the first belongs to what comes first in the text. Both stay as they are."""
    words = Counter(a)
    words.update(b)
    return words


def count_part(part: Iterable[Sequence[str]], vocabulary: Vocabulary, window: int, shards: int) -> list:
    """Count the pairs of a part, a tally per shard, and last the words that were read, unknown ones too."""
    read = 0

    def known():
        nonlocal read
        for sentence in part:
            read += len(sentence)
            yield vocabulary.encode(sentence, skip_unknown=True)

    keys, counts = tally_pairs(known(), window, len(vocabulary))
    shard = keys % shards
    return [*((keys[shard == number], counts[shard == number]) for number in range(shards)), read]


def number_of_shards(pairs: int, vocab_size: int) -> int:
    """Return into how many shards so many pairs are dealt, so that none holds much more than `SHARD`."""
    most = min(pairs, vocab_size * (vocab_size + 1) // 2)
    return min(max(-(-most // SHARD), 1), MOST_SHARDS)


def tree(leaves: list, join: Callable):
    """Join neighbors, then neighbors of what came out, until one is left; their order stays."""
    while len(leaves) > 1:
        pairs = [join(*leaves[i : i + 2]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[2 * len(pairs) :]
    return leaves[0]


def collect(vocabulary: Vocabulary, shards: list[Tally]) -> TextCounts:
    """Put the shards of all pairs together."""
    keys, counts = (np.concatenate(column) for column in zip(*shards, strict=True))
    return TextCounts(vocabulary, *both_orders((keys, counts), len(vocabulary)))


def _tree_of_shard(client, pieces: list, shard: int):
    """Merge what all parts have for one shard; the last piece of each is a number of words."""
    mine = [client.submit(getitem, piece, shard, pure=False) for piece in pieces]
    return tree(mine, partial(client.submit, add if shard == -1 else merge_tallies, pure=False))


def _facts(words: Counter, vocabulary: Vocabulary) -> tuple[int, int]:
    return sum(words.values()), len(vocabulary)


# --- Parts, and who counts them --------------------------------------------------------------------------


def list_of_parts(parts) -> list:
    """Return the parts as a list; each must be one that can be read again."""
    if checks.no_list([type(parts)]) or not isinstance(parts, Iterable):
        raise TypeError(NOT_PARTS)
    parts = list(parts)
    if not parts:
        raise ValueError("there is no part to count: the files are empty, or the list is")
    for part in parts:
        if checks.no_list([type(part)]) or not isinstance(part, Iterable):
            raise TypeError(NOT_PARTS)
        if iter(part) is part:
            raise TypeError("a part is read twice, so it cannot be a generator: see helpers.scale.Again")
    return parts


@contextmanager
def connected(cluster, workers: int | None = None) -> Iterator:
    """Connect to a cluster, or start one here, of one process per core or so many; what was started ends."""
    try:
        import distributed
    except ImportError:
        raise ModuleNotFoundError(NO_DASK) from None
    with ExitStack() as opened:
        if isinstance(cluster, distributed.Client):
            client = cluster
        elif cluster is None:
            client = opened.enter_context(_local(distributed, opened, workers or os.cpu_count()))
        else:
            try:
                client = opened.enter_context(distributed.Client(cluster, set_as_default=False))
            except (OSError, ValueError) as error:
                raise ConnectionError(f"no Dask scheduler answers at {cluster}: {error}") from None
        try:
            yield client
        except distributed.scheduler.KilledWorker:
            raise RuntimeError(TOO_MUCH) from None


def _local(distributed, opened: ExitStack, workers: int):
    """Start processes on this machine: nothing leaves it, and nothing is left behind."""
    from dask import config

    folder = opened.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    opened.enter_context(config.set(LOCAL | {"temporary-directory": folder}))
    cluster = distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # any free port: another cluster may have the usual one
        silence_logs=logging.ERROR,  # a process that is lost is started again, and no matter
        env=ONE_THREAD,
    )
    return distributed.Client(opened.enter_context(cluster), set_as_default=False)
