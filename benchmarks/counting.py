"""Count the words and pairs of a text file on Dask's workers, against one process.

    python benchmarks/counting.py                    two sizes of text; a minute or two
    python benchmarks/counting.py --workers 4        more processes, where there are cores for them

All read the same file in the same parts, and have to come to the same counts. The workers are started before
the clock; how long that takes has a line of its own. Memory is what a process held at its peak beyond what it
held when it was ready, in megabytes; of several workers, the one that held most.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers.corpora import topic_corpus
from helpers.pairs import count_pairs
from helpers.scale import count_distributed, file_ranges
from helpers.scale.distributed import connected
from helpers.text import Vocabulary

try:
    import distributed as dask
except ImportError:
    dask = None

WINDOW = 5
PLAIN, READY, COUNTED = "one process", "Dask: start {} workers", "Dask: {} workers"


def write(path: Path, words: int) -> None:
    """Write a text of about so many words, a sentence a line."""
    sentences, _ = topic_corpus(np.random.default_rng(0), words)
    path.write_text("\n".join(" ".join(f"w{i}" for i in s) for s in sentences), encoding="utf-8")


def in_one_process(parts: list) -> tuple:
    """Read the text twice, as the workers do, and count."""
    vocabulary = Vocabulary.from_sentences(chain.from_iterable(parts))
    ids = (vocabulary.encode(sentence) for part in parts for sentence in part)
    return vocabulary, *count_pairs(ids, WINDOW, len(vocabulary))


def peak() -> float:
    """Return the largest size that this process has had, in megabytes; NaN where the system does not tell.

    Not `getrusage`, in which a process inherits the peak of the one that started it.
    """
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else math.nan


def alone(path: Path) -> float:
    """Return how much a process grows that counts all by itself."""
    code = (
        "import sys; from benchmarks import counting as d; from helpers.scale import file_ranges;"
        "before = d.peak(); d.in_one_process(file_ranges(sys.argv[1])); print(d.peak() - before)"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code, path], cwd=root, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def measure(path: Path, size: int, workers: int, rounds: int) -> list[list[str]]:
    """Let one process and the workers count in turn; return the rows of the table."""
    parts = file_ranges(path, size)
    rows = [[name.format(workers), "", "", ""] for name in (PLAIN, READY, COUNTED)]
    rows[0][2:] = "1", f"{alone(path):.0f}"
    if dask is None:
        rows[0][1] = timing.duration(timing.clock(partial(in_one_process, parts)))
        rows[1][1] = rows[2][1] = "not installed"
        return rows
    start, turns = time.perf_counter(), []
    with connected(None, workers) as client:
        rows[1][1] = timing.duration(time.perf_counter() - start)
        before = client.run(peak)
        for _ in range(rounds):
            turns.append([])
            for count in (in_one_process, partial(count_distributed, window=WINDOW, cluster=client)):
                turns[-1].append(timing.clock(partial(count, parts)))
        grown = max(most - before[name] for name, most in client.run(peak).items())
        found = count_distributed(parts, window=WINDOW, cluster=client)
    check(found, in_one_process(parts))
    one, many = (median(column) for column in zip(*turns, strict=True))
    rows[0][1] = timing.duration(one)
    rows[2][1:] = timing.duration(many), timing.times(median(b / a for a, b in turns)), f"{grown:.0f}"
    return rows


def check(found, expected: tuple) -> None:
    """Make sure that both have counted the same."""
    vocabulary, pairs, counts = expected
    assert found.vocabulary.words == vocabulary.words
    np.testing.assert_array_equal(found.pairs, pairs)
    np.testing.assert_array_equal(found.counts, counts)


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("--words", type=int, nargs="+", default=[1_000_000, 4_000_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    size = 1 << 20
    if options.small:
        options.words, options.rounds, options.workers, size = [3000], 1, 1, 5000
    for words in options.words:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "text.txt")
            write(path, words)
            rows = measure(path, size, options.workers, options.rounds)
            title = f"Counting words and pairs, {words:,} words, window {WINDOW}, parts of {size:,} bytes"
            print(timing.table(title, ["", "median", "time, × the first line", "MB per process"], rows))
    print(timing.versions("numpy", "distributed"))


if __name__ == "__main__":
    timing.one_thread()
    main()
