"""Counting on a cluster whose workers are killed in the middle comes out as if one process had counted."""

import gzip
import logging
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import dask
import distributed as dask_distributed
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.corpora import small_world
from helpers.negative_sampling import expected_answers, noise_distribution, train_expected
from helpers.pairs import count_matrix, count_pairs, encode_and_count
from helpers.scale import (
    Again,
    averaging,
    count_distributed,
    distributed,
    file_ranges,
    merge_models,
    ranges,
    train_distributed,
    train_in_parts,
)
from helpers.skipgram import Embeddings, train
from helpers.text import Vocabulary, tokenize


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Two workers of this machine, each watched by a nanny that starts a new one when it dies."""
    settings = {"n_workers": 2, "threads_per_worker": 1, "memory_limit": "400MB", "host": "127.0.0.1"}
    settings |= {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.CRITICAL}
    folder = str(tmp_path_factory.mktemp("dask"))
    with (
        dask.config.set(distributed.LOCAL),
        dask_distributed.LocalCluster(local_directory=folder, **settings) as cluster,
        dask_distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def world():
    """The sentences of the small world, as words."""
    return small_world(np.random.default_rng(0))


@pytest.fixture
def book(tmp_path, world):
    """The same as a file, and its parts."""
    path = tmp_path / "world.txt"
    path.write_text("\n".join(map(" ".join, world)), encoding="utf-8")
    return file_ranges(path, size=path.stat().st_size // 7)


def assert_same(found, words, window, min_count=1):
    """Compare with a vocabulary and a table that were made in one process, from one list of sentences."""
    vocabulary = Vocabulary.from_sentences(words, min_count)
    ids = [vocabulary.encode(sentence, skip_unknown=True) for sentence in words]
    assert found.vocabulary.words == vocabulary.words
    np.testing.assert_array_equal(found.vocabulary.counts, vocabulary.counts)
    np.testing.assert_array_equal(found.table(), count_matrix(ids, window, len(vocabulary)))
    for mine, theirs in zip(
        (found.pairs, found.counts), count_pairs(ids, window, len(vocabulary)), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


# --- Parts of files -------------------------------------------------------------------------------------

LETTERS = st.sampled_from("ab .!?\n\r\u2028éß猫。'-\ufeff\x85")


@given(texts=st.lists(st.text(LETTERS, max_size=60), min_size=1, max_size=3), size=st.integers(1, 70))
def test_ranges_of_any_size_are_together_exactly_the_text(tmp_path_factory, texts, size):
    folder = tmp_path_factory.mktemp("texts")
    paths = [folder / f"{number}.txt" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode())
    parts = file_ranges(paths, size)
    assert b"".join(Path(p.path).read_bytes()[p.start : p.stop] for p in parts) == "".join(texts).encode()
    whole = [sentence for text in texts for sentence in tokenize(text.removeprefix("\ufeff"))]
    assert [sentence for part in parts for sentence in part] == whole
    assert all(part.stop - part.start <= size + 4 * 60 for part in parts)


def test_a_range_is_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "PIECE", 64)
    path, seen = tmp_path / "long.txt", []
    path.write_text("one two.\n" * 1000)
    monkeypatch.setattr(ranges, "tokenize", lambda text: seen.append(len(text)) or tokenize(text))
    (part,) = file_ranges(path)
    assert list(part) == tokenize(path.read_text())
    assert max(seen) < 64 + 10


def test_what_cannot_be_cut_into_ranges_says_why(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(gzip.compress(b"packed"))
    with pytest.raises(ValueError, match="packed with gzip"):
        file_ranges(path)
    path.write_text("wide", encoding="utf-16")
    with pytest.raises(ValueError, match="UTF-16"):
        file_ranges([path])
    with pytest.raises(FileNotFoundError):
        file_ranges(tmp_path / "nothing.txt")
    with pytest.raises(ValueError, match="size must be at least 1"):
        file_ranges(path, 0)
    path.write_bytes(b"good line\nbad \xe9 letter\n")
    with pytest.raises(ValueError, match=r"text\.txt, byte 14: this is not UTF-8"):
        list(file_ranges(path, 5)[-1])
    part = file_ranges(path)[-1]
    path.write_bytes(b"")
    with pytest.raises(EOFError, match="shorter"):
        list(part)


# --- Counting -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("min_count", [1, 300])
def test_counts_are_those_of_one_process(client, book, world, min_count):
    assert len(book) == 7
    assert_same(count_distributed(book, window=2, min_count=min_count, cluster=client), world, 2, min_count)


def test_parts_may_be_lists_and_many_shards_make_no_difference(client, world, monkeypatch):
    monkeypatch.setattr(distributed, "SHARD", 100)
    parts = [world[:10], [], Again(lambda: iter(world[10:500])), world[500:]]
    assert_same(count_distributed(parts, window=3, cluster=client.scheduler.address), world, 3)


class Deadly:
    """A part that has its reader killed, the first `times` times, when half of it has been read."""

    def __init__(self, part, log, times):
        self.part, self.log, self.times, self.home = list(part), log, times, os.getpid()

    def __iter__(self):
        with open(self.log, "a") as log:
            log.write("read\n")
        half = len(self.part) // 2
        yield from self.part[:half]
        if os.getpid() != self.home and Path(self.log).read_text().count("killed") < self.times:
            with open(self.log, "a") as log:
                log.write(f"killed {os.getpid()}\n")
            time.sleep(600)  # it will not take as long
        yield from self.part[half:]


@pytest.fixture
def killer(client, tmp_path):
    """Kill, from here, the workers that lie in wait for it.

    Not before their nanny has seen them at work: one that dies while it starts is not started again.
    """
    over, killed = threading.Event(), set()

    def watch():
        while not over.wait(0.02):
            logs = "".join(log.read_text() for log in tmp_path.glob("*.log"))
            waiting = set(re.findall(r"killed (\d+)\n", logs))
            for nanny in list(client.cluster.workers.values()):
                pid = nanny.pid
                if str(pid) in waiting - killed and nanny.status.name == "running":
                    killed.add(str(pid))
                    os.kill(pid, signal.SIGKILL)

    thread = threading.Thread(target=watch)
    thread.start()
    yield
    over.set()
    thread.join()


def deadly(parts, folder, deaths):
    """Let some parts kill, all write down how often they are read."""
    return [Deadly(part, folder / f"{i}.log", deaths.get(i, 0)) for i, part in enumerate(parts)]


def happened(folder, what):
    """How often each part was read, or killed somebody."""
    return [Path(folder, f"{i}.log").read_text().count(what) for i in range(len(list(folder.glob("*.log"))))]


@pytest.mark.usefixtures("killer")
def test_workers_that_are_killed_change_nothing_about_counts_and_vectors(client, book, world, tmp_path):
    """Three die in the middle of a part, with what they had counted; all of it is counted again."""
    found = count_distributed(deadly(book, tmp_path, {2: 1, 5: 1, 6: 1}), window=2, cluster=client)
    assert sum(happened(tmp_path, "killed")) == 3
    assert sum(happened(tmp_path, "read")) > 2 * len(book) + 3  # finished parts were lost, too
    assert_same(found, world, 2)

    vocabulary, _, whole = encode_and_count(world, window=2)
    settings = {"dim": 8, "epochs": 60}
    for mine, theirs in (
        [train(table, **settings, rng=np.random.default_rng(0)) for table in (found.table(), whole)],
        [sgns(table, words) for table, words in ((found.table(), found.vocabulary), (whole, vocabulary))],
    ):
        np.testing.assert_array_equal(mine.embeddings.W, theirs.embeddings.W)
        np.testing.assert_array_equal(mine.embeddings.C, theirs.embeddings.C)


def sgns(table, vocabulary):
    answers = expected_answers(table, noise_distribution(vocabulary.counts))
    return train_expected(*answers, dim=8, epochs=60, rng=np.random.default_rng(0))


@pytest.mark.usefixtures("killer")
def test_a_part_that_ends_every_worker_is_named_as_the_cause(client, world, tmp_path, monkeypatch):
    monkeypatch.setattr(client.cluster.scheduler, "allowed_failures", 1)
    parts = deadly([world[:9], world[9:20]], tmp_path, {1: 99})
    with pytest.raises(RuntimeError, match="make parts smaller"):
        count_distributed(parts, window=2, cluster=client)
    innocent, guilty = happened(tmp_path, "killed")
    assert (innocent, guilty > 0) == (0, True)


class Growing:
    """A text that has one more word whenever it is read."""

    def __init__(self, log):
        self.log = log

    def __iter__(self):
        with open(self.log, "a") as log:
            log.write("a")
        yield list(Path(self.log).read_text())


def test_a_text_that_changes_in_the_middle_is_noticed(client, tmp_path):
    with pytest.raises(RuntimeError, match="changed while it was counted: 1 words, then 2"):
        count_distributed([Growing(tmp_path / "log")], window=1, cluster=client)


def test_errors_in_a_part_come_home(client, tmp_path, world):
    path = tmp_path / "gone.txt"
    path.write_text("one two\n")
    parts = [world[:5], *file_ranges(path)]
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"gone\.txt"):
        count_distributed(parts, window=1, cluster=client)


def test_bad_input_is_answered_in_one_line(client, monkeypatch):
    parts = ("text.txt", 7, ["text.txt"], [7], [iter([["a"]])], [["no sentence"]])
    for wrong in (*parts, {"a": [["b"]]}, {(("a",),)}, [{("a",)}], [{"a": 1}.keys()]):
        with pytest.raises(TypeError, match="part"):
            count_distributed(wrong, window=1, cluster=client)
    with pytest.raises(ValueError, match="no part"):
        count_distributed([], window=1, cluster=client)
    with pytest.raises(ValueError, match="window"):
        count_distributed([[["a"]]], window=0, cluster=client)
    with pytest.raises(ValueError, match="no words"):
        count_distributed([[[]]], window=1, cluster=client)
    with pytest.raises(ValueError, match="occurs 9 times"):
        count_distributed([[["a"]]], window=1, min_count=9, cluster=client)
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "200ms"}),
        pytest.raises(ConnectionError, match="no Dask scheduler answers at tcp://127"),
    ):
        count_distributed([[["a"]]], window=1, cluster="tcp://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "dask\[distributed\]"'):
        count_distributed([[["a"]]], window=1)


def test_without_a_cluster_one_is_started_here_and_leaves_nothing_behind(world, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr(distributed.tempfile, "tempdir", str(tmp_path))
    assert_same(count_distributed([world[:50], world[50:90]], window=2), world[:90], 2)
    assert list(tmp_path.iterdir()) == []


# --- What tasks do, looked at without a cluster -----------------------------------------------------------


def test_adding_leaves_what_is_added_as_it_was(world):
    """A tally may be needed again, when the sum was lost with its worker."""
    a, b = (distributed.count_words(part) for part in (world[:99], world[99:]))
    before = a.copy(), b.copy()
    total = distributed.add_words(a, b)
    assert (a, b) == before
    assert list(total.items()) == list(Counter(w for s in world for w in s).items())

    vocabulary = Vocabulary.from_counts(total)
    parts = [distributed.count_part(p, vocabulary, 2, shards=1)[0] for p in (world[:99], world[99:])]
    copies = [[column.copy() for column in part] for part in parts]
    for part in parts:
        for column in part:
            column.flags.writeable = False
    distributed.merge_tallies(*parts)
    for part, copy in zip(parts, copies, strict=True):
        np.testing.assert_array_equal(part, copy)


@given(leaves=st.lists(st.text("abc", max_size=3), min_size=1, max_size=40))
def test_a_tree_joins_all_leaves_in_their_order_and_is_as_low_as_can_be(leaves):
    def join(a, b):
        return a[0] + b[0], max(a[1], b[1]) + 1

    text, height = distributed.tree([(leaf, 0) for leaf in leaves], join)
    assert text == "".join(leaves)
    assert height == (len(leaves) - 1).bit_length()


def test_no_task_holds_much_more_than_a_shard(monkeypatch):
    """Words of a text whose pairs are all different, as far as that is possible."""
    monkeypatch.setattr(distributed, "SHARD", 1000)
    sentences = np.random.default_rng(0).integers(0, 400, (200, 30)).astype(str).tolist()
    vocabulary = Vocabulary.from_sentences(sentences)
    shards = distributed.number_of_shards(3 * 200 * 30, len(vocabulary))
    *tallies, words = distributed.count_part(sentences, vocabulary, 3, shards)
    sizes = [len(keys) for keys, _ in tallies]
    assert words == 6000
    assert len(sizes) == 18
    assert max(sizes) <= 1000
    assert sum(sizes) > 15_000


# --- Learning in parts ----------------------------------------------------------------------------------


def assert_equal(one, other):
    np.testing.assert_array_equal(one.W, other.W)
    np.testing.assert_array_equal(one.C, other.C)


@pytest.mark.usefixtures("killer")
def test_training_on_a_cluster_is_training_in_parts_even_if_workers_are_killed(client, world, tmp_path):
    """One dies while it reads its part, another one between two rounds, with all that it had learned."""
    vocabulary, ids, _ = encode_and_count(world, window=2)
    settings = {"dim": 6, "window": 2, "epochs": 3, "rounds": 2}
    alone = train_in_parts(
        [ids[k::3] for k in range(3)], word_counts=vocabulary.counts, rng=np.random.default_rng(7), **settings
    )
    told = []

    def kill_one(done, total, loss):
        told.append((done, total, loss))
        if len(told) == 3:
            running = [n for n in client.cluster.workers.values() if n.status.name == "running"]
            os.kill(running[0].pid, signal.SIGKILL)

    run = train_distributed(
        deadly([world[k::3] for k in range(3)], tmp_path, {1: 1}),
        vocabulary=vocabulary, rng=np.random.default_rng(7), cluster=client, on_progress=kill_one, **settings,
    )  # fmt: skip
    assert happened(tmp_path, "killed") == [0, 1, 0]
    assert_equal(run.embeddings, alone.embeddings)
    np.testing.assert_array_equal(run.losses, alone.losses)
    words = 3 * vocabulary.counts.sum()
    assert [total for _, total, _ in told] == [words] * 6
    assert told[-1][0] == words


def random_steps(rng, pulls, squares):
    moved = rng.standard_normal((4, 6)).astype(np.float32)
    return averaging.Steps(moved, np.array(pulls, float), np.array(squares, float), np.zeros(3))


def test_all_that_was_moved_is_moved_in_the_end():
    """By momentum, where the mean of 8 was taken; at once, where it was one part or little."""
    steps = random_steps(np.random.default_rng(0), [8000, 1000, 2, 0], [8 * 1000**2, 1000**2, 0.5, 0])
    state, first = np.zeros((2, 4, 6), np.float32), None
    for number in range(150):
        state = averaging.agree(state, steps, 8)
        first = state[0] if number == 0 else first
        steps = averaging.Steps(0 * steps.moved, steps.pulls, steps.squares, steps.facts)
    moved = random_steps(np.random.default_rng(0), [0] * 4, [0] * 4).moved
    np.testing.assert_allclose(first, moved * [[1 / 8], [1], [1], [1]], rtol=1e-6)
    np.testing.assert_allclose(state[0], moved, rtol=1e-4)
    np.testing.assert_allclose(state[1], 0, atol=1e-6)


def test_adding_steps_leaves_them_as_they_were():
    a, b = (random_steps(np.random.default_rng(seed), [1] * 4, [1] * 4) for seed in (0, 1))
    for part in (a, b):
        for name in ("moved", "pulls", "squares", "facts"):
            getattr(part, name).flags.writeable = False
    total = averaging.add_steps(a, b)
    np.testing.assert_array_equal(total.moved, a.moved + b.moved)
    assert total.pulls.tolist() == total.squares.tolist() == [2] * 4


def some_rotation(rng, dim):
    return np.linalg.qr(rng.standard_normal((dim, dim)))[0]


def test_models_that_differ_by_a_rotation_are_merged_without_loss():
    rng = np.random.default_rng(0)
    W, C = rng.standard_normal((2, 30, 5))
    models = [Embeddings(W @ Q, C @ Q) for Q in (some_rotation(rng, 5) for _ in range(4))]
    before = [(m.W.copy(), m.C.copy()) for m in models]
    for counts in (None, rng.integers(0, 3, (4, 30))):
        merged = merge_models(models, counts)
        np.testing.assert_allclose(merged.W @ merged.C.T, W @ C.T, atol=1e-12)
        np.testing.assert_allclose(merged.W, models[0].W, atol=1e-12)
        np.testing.assert_allclose(merged.C, models[0].C, atol=1e-12)
    for model, (old_W, old_C) in zip(models, before, strict=True):
        assert_equal(model, Embeddings(old_W, old_C))


def test_rows_are_weighted_with_counts():
    rng = np.random.default_rng(1)
    one = Embeddings(*rng.standard_normal((2, 9, 2)))
    other = Embeddings(one.W.copy(), one.C.copy())
    other.W[0] += 0.01
    turned = averaging.turn_onto(other, one)
    counts = np.ones((2, 9))
    counts[:, :3] = [[3, 0, 0], [1, 5, 0]]  # mostly the first, only the other, nobody
    merged = merge_models([one, other], counts)
    np.testing.assert_allclose(merged.W[0], (3 * one.W[0] + turned.W[0]) / 4)
    np.testing.assert_allclose(merged.C[1], turned.C[1])
    np.testing.assert_allclose(merged.W[2], (one.W[2] + turned.W[2]) / 2)
    with pytest.raises(ValueError, match="2 rows of 9"):
        merge_models([one, other], np.ones((2, 8)))
