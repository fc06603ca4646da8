"""Compare reading and asking vectors made elsewhere with gensim: time, memory, and the same numbers found.

--words N takes another number of words; the vectors of Google News are 3,000,000, of 300 numbers each.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers.vectors import convert, nearest_in_blocks, open_folder

try:
    from gensim.models import KeyedVectors
except ImportError:
    KeyedVectors = None

OURS, THEIRS = "helpers, into a folder", "gensim, into memory"
ASK = "helpers, from the folder", "gensim, from memory"
PROGRAMS = {
    OURS: "from helpers.vectors import convert; convert({path!r}, {folder!r})",
    THEIRS: "from gensim.models import KeyedVectors; "
    "KeyedVectors.load_word2vec_format({path!r}, binary=True, unicode_errors='replace')",
    ASK[0]: "from helpers.vectors import *; s = open_folder({full!r}); nearest_in_blocks(s.W, s.W[[5]], 10)",
}


def write(folder: Path, words: int, dim: int) -> dict[bool, Path]:
    """Write the same vectors as text (False) and binary (True), as the word2vec program does."""
    rng, paths = np.random.default_rng(0), {True: folder / "vectors.bin", False: folder / "vectors.txt"}
    with open(paths[True], "wb") as binary, open(paths[False], "wb") as text:
        for file in (binary, text):
            file.write(b"%d %d\n" % (words, dim))
        for i in range(words):
            row, word = rng.standard_normal(dim, dtype=np.float32), b"word_%d " % i
            binary.write(word + row.tobytes() + b"\n")
            if i < words // 10:  # text is slow for both
                text.write(word + b" ".join(b"%.6f" % x for x in row.tolist()) + b"\n")
    text = paths[False].read_bytes()
    paths[False].write_bytes(text.replace(b"%d" % words, b"%d" % (words // 10), 1))
    return paths


def read_ours(path: Path) -> float:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        return timing.clock(lambda: convert(path, folder))


def read_theirs(path: Path, binary: bool) -> float:
    return timing.clock(lambda: KeyedVectors.load_word2vec_format(str(path), binary=binary))


def check(path: Path, folder: Path, binary: bool) -> None:
    """Make sure that both find the same words, numbers and neighbors."""
    folder.mkdir()
    convert(path, folder)
    space, found = open_folder(folder), KeyedVectors.load_word2vec_format(str(path), binary=binary)
    assert list(space.words) == found.index_to_key
    np.testing.assert_array_equal(space.W, found.vectors)
    ((ids, cosines),) = nearest_in_blocks(space.W, space.W[[5]], 10, [[5]])
    expected = found.most_similar(space.words[5], topn=10)
    assert [space.words[i] for i in ids] == [word for word, _ in expected]
    np.testing.assert_allclose(cosines, [cosine for _, cosine in expected], atol=1e-5)


def peaks(path: Path, full: Path) -> str:
    """Return a table of the most memory that a process takes which does nothing else."""
    rows, base, root = [], 0.0, Path(__file__).resolve().parents[1]
    for name, program in PROGRAMS.items():
        missing = "not installed" if "gensim" in program and KeyedVectors is None else ""
        if missing or not timing.STATUS.exists():
            rows.append([name, missing or "measured on Linux", ""])
            continue
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            code = program.format(path=str(path), folder=folder, full=str(full)) + "; "
            code += "from benchmarks import timing; print(timing.peak_memory())"
            command = [sys.executable, "-c", code]
            done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        peak = float(done.stdout)
        base = base or peak
        rows.append([name, f"{peak:.0f} MB", timing.times(peak / base)])
    return timing.table("Memory at its peak, binary", ["", "memory", "× the first line"], rows)


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("--words", type=int, default=200_000, metavar="N")
    options = parser.parse_args(arguments)
    words, dim, rounds = (400, 20, 1) if options.small else (options.words, 300, 3)
    print(timing.versions("numpy", "gensim"), "\n")
    with tempfile.TemporaryDirectory() as folder:
        paths, full = write(Path(folder), words, dim), Path(folder, "full")
        if KeyedVectors:
            check(paths[False], Path(folder, "text"), False)
            check(paths[True], full, True)
        else:
            full.mkdir()
            convert(paths[True], full)
        for binary, path in paths.items():
            theirs = (lambda path=path, binary=binary: read_theirs(path, binary)) if KeyedVectors else None
            kind, many = ("binary", words) if binary else ("text", words // 10)
            tasks = {OURS: lambda path=path: read_ours(path), THEIRS: theirs}
            print(timing.race(f"Reading {many:,} words of {dim} numbers, {kind}", tasks, rounds))
        space, asked = open_folder(full), None
        if KeyedVectors:
            found = KeyedVectors.load_word2vec_format(str(paths[True]), binary=True)
            found.most_similar("word_5")  # the first question fills its table of lengths
            asked = lambda: timing.clock(lambda: found.most_similar("word_5"))  # noqa: E731
        ours = lambda: timing.clock(lambda: nearest_in_blocks(space.W, space.W[[5]], 10, [[5]]))  # noqa: E731
        print(timing.race("The 10 nearest words of one", dict(zip(ASK, (ours, asked), strict=True)), rounds))
        print(peaks(paths[True], full))


if __name__ == "__main__":
    timing.one_thread()
    main()
