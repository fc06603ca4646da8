"""The fast trainer against a slow one, and everything that may go wrong with a large corpus."""

import itertools
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from scipy.special import expit

from benchmarks import timing
from helpers.corpora import small_world, topic_corpus, word_class
from helpers.geometry import cosine_matrix
from helpers.negative_sampling import keep_probability
from helpers.scale import Again, chunks, corpus, learner, settings, train_sgns, workers
from helpers.scale.settings import BLOCK, LIMIT, MAX_MEAN_SUM, NOISE, Settings
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary


def rng(seed=0):
    return np.random.default_rng(seed)


def text(seed=0, words=60, sentences=120, longest=25):
    draw = rng(seed)
    chances = 1 / np.arange(1, words + 1)
    lengths = draw.integers(0, longest, sentences)
    return [draw.choice(words, n, p=chances / chances.sum()).tolist() for n in lengths]


def count(sentences, words):
    return np.bincount(np.concatenate([np.asarray(s, int) for s in sentences]), minlength=words)


def learn(sentences, words=60, source=None, **chosen):
    """Train on `sentences`; where they are read from a `source`, they are only counted."""
    chosen = {"dim": 8, "window": 3, "epochs": 2, "rng": rng(1), "sample": 0} | chosen
    return train_sgns(source or sentences, word_counts=count(sentences, words), **chosen)


def assert_equal(run, other):
    np.testing.assert_array_equal(run.embeddings.W, other.embeddings.W)
    np.testing.assert_array_equal(run.embeddings.C, other.embeddings.C)


# --- Against the slow one -----------------------------------------------------------------------------


def thinned_and_mixed(sentences, keep, source):
    """Return the words of a pass, and how many of their sentence stand to the left and right of each."""
    thinned = [[word for word in s if source.random(dtype=np.float32) < keep[word]] for s in sentences]
    mixed = [thinned[i] for i in source.permutation(len(thinned)) if len(thinned[i]) > 1]
    left = [i for s in mixed for i in range(len(s))]
    return np.concatenate(mixed), np.array(left), np.array([i for s in mixed for i in range(len(s))[::-1]])


def slow(sentences, counts, dim, window, negatives, epochs, rng, learning_rate, sample, drawn):
    """Take the same chunks and noise words; for the rest, let each center look at the whole vocabulary."""
    V, S = len(counts), NOISE
    W, C = (2 * rng.random((V, dim), dtype=np.float32).astype(float) - 1) / dim, np.zeros((V, dim))
    keep = keep_probability(counts, sample).astype(np.float32)
    noise, kept = counts**0.75 / sum(counts**0.75), counts * keep / sum(counts * keep)
    ratio = noise / np.maximum(kept, 1e-9)
    stands_for = ratio * (S - 1) / (S - ratio)
    most = (window + 1) * (1 + negatives)  # weight of one occurrence
    longest = MAX_MEAN_SUM / (learning_rate * most * max(kept))
    blocks = max([n for n in (1, 3, 5, 7, 11, 13, 17) if 2 * n * S <= longest], default=1)
    half = blocks * S
    losses = np.zeros((epochs, 2))  # and the pairs they are about
    for epoch in range(epochs):
        source = np.random.default_rng(rng.integers(1 << 62))
        words, left, right = thinned_and_mixed(sentences, keep, source)
        middle = min(np.flatnonzero(left == 0), key=lambda i: abs(i - len(words) / 2))
        sides = words[:middle], words[middle:]
        number = -(-max(map(len, sides)) // half)
        for chunk in range(number):
            first = chunk // learner.GROUP * learner.GROUP  # of those that have one learning rate
            rate = max(learning_rate * (1 - (epoch + first / number) / epochs) ** 2, 1e-4)
            chances = (np.arange(2 * half) + (source.random() if drawn else 0)) / (2 * half)
            found = np.searchsorted(np.cumsum(noise), chances)
            start, seen, centers, pulls, pushes = chunk * half, [], [], [], []
            for side, own in enumerate(sides):
                seen.append(own[max(start - window, 0) : start + half + window])
                other = sides[1 - side][start : start + half]
                for i in range(start, min(start + half, len(own))):
                    at = i + side * middle
                    d = np.arange(-min(left[at], window), min(right[at], window) + 1)
                    pulls.append(np.bincount(words[at + d], (d != 0) * (window + 1 - abs(d)) / window, V))
                    spread = (i - start) // S + blocks * np.arange(S)
                    k = found[2 * spread + side] if drawn else other[spread[spread < len(other)]]
                    push = np.bincount(k, None if drawn else stands_for[k], V)
                    pushes.append(negatives * pulls[-1].sum() * push / max(push.sum(), 1e-9))
                    centers.append(words[at])
            scores = W[centers] @ C.T
            if (chunk - first) % learner.MEASURE_EVERY == 0:
                loss = pulls * np.logaddexp(0, -scores) + pushes * np.logaddexp(0, scores)
                losses[epoch] += loss.sum(), np.sum(pulls)
            E = rate * (pulls * expit(-scores) - pushes * expit(scores))
            dW, dC = np.zeros_like(W), E.T @ W[centers]
            np.add.at(dW, centers, E @ C)
            t, s = (np.bincount(np.array(x, dtype=int), minlength=V) for x in (np.concatenate(seen), found))
            times = np.maximum(t, (t + negatives * s * drawn) / (1 + negatives))[:, None]
            clip = np.minimum(1, LIMIT / np.maximum(times * rate * most, 1e-9))
            W, C = W + clip * dW, C + clip * dC
    return W, C, losses[:, 0] / losses[:, 1]


@pytest.mark.slow
@pytest.mark.parametrize("drawn", [False, True])
@pytest.mark.parametrize(
    ("words", "window", "longest", "rate", "sample"),
    [(60, 3, 25, 0.025, 0), (60, 5, 25, 0.05, 0.02), (400, 11, 40, 0.025, 0), (3, 1, 5, 0.1, 0)],
)
def test_fast_and_slow_training_agree(words, window, longest, rate, sample, drawn, monkeypatch):
    monkeypatch.setattr(learner, "SMALL_TEXT", 10**9 if drawn else 0)
    monkeypatch.setattr(learner, "GROUP", 3)
    sentences = text(words=words, longest=longest, sentences=150)
    chosen = {"dim": 6, "window": window, "negatives": 5, "epochs": 2, "learning_rate": rate}
    chosen["sample"] = sample
    run = learn(sentences, words, rng=rng(5), **chosen)
    W, C, losses = slow(sentences, count(sentences, words), rng=rng(5), drawn=drawn, **chosen)
    assert np.abs(C).max() > 0.01  # something was learned, which comparing zeros would not show
    np.testing.assert_allclose(run.embeddings.W, W, atol=1e-5)
    np.testing.assert_allclose(run.embeddings.C, C, atol=1e-5)
    np.testing.assert_allclose(run.losses, losses, rtol=1e-5)


# --- Its parts, one by one ------------------------------------------------------------------------------


def layout(counts, window, drawn, sample=0):
    chosen = Settings(counts, 2, window, 5, 1, 0.001, 0, sample, 0.75)
    return chunks.Layout(chosen, drawn)


def test_weights_are_the_mean_over_all_windows_of_word2vec():
    window, negatives, T = 4, 5, BLOCK
    table, noise_sum = chunks.pair_weights(window, negatives)
    for left, right in itertools.product(range(window + 1), range(window + 1)):
        expected = np.zeros(2 * (T + window) - 1)
        for width in range(1, window + 1):
            for distance in range(-min(left, width), min(right, width) + 1):
                if distance:
                    expected[T - 1 + window + distance] += 1 / window
        row = left * (window + 1) + right
        np.testing.assert_allclose(table[row], expected, rtol=1e-6)
        np.testing.assert_allclose(noise_sum[row], negatives * expected.sum(), rtol=1e-6)


@pytest.mark.parametrize("window", [1, 3, 4, 5, 11])
def test_blocks_of_centers_and_of_places_are_views_of_one_band(window):
    chosen, T = layout(np.full(5000, 10), window, drawn=False), BLOCK
    band = np.zeros(np.prod(chosen.band))
    centers, places = chosen.views(band)
    start, end = band.ctypes.data, band.ctypes.data + band.nbytes
    for view in (centers, places):
        low, high = np.lib.array_utils.byte_bounds(view)
        assert start <= low < high <= end
    centers[...] = 1 + np.arange(centers.size).reshape(centers.shape)
    assert np.array_equal(centers.ravel(), 1 + np.arange(centers.size)), "no two of them are one number"
    full = np.zeros((2, chosen.half, chosen.half_span))  # each center with each place
    for side, block in np.ndindex(centers.shape[:2]):
        full[side, T * block : T * (block + 1), T * block : T * block + T + 2 * window] = centers[side, block]
    for side, block, k, j in np.ndindex(places.shape):
        i, place = T * block - 2 * window + k, T * block + j
        outside = not 0 <= i < chosen.half
        assert places[side, block, k, j] == (0 if outside else full[side, i, place])
    center, place = np.ogrid[: chosen.half, : chosen.half_span]
    full *= np.abs(place - window - center) <= window  # the others have no weight
    assert set(full[full > 0]) <= set(places.ravel()), "no pair is forgotten"


def test_noise_words_come_as_often_as_they_should():
    counts = 1000 // np.arange(1, 301)
    drawn = layout(counts, 2, drawn=True).draw_noise(2000, rng())
    share = np.bincount(drawn.ravel(), minlength=300) / drawn.size
    np.testing.assert_allclose(share, counts**0.75 / np.sum(counts**0.75), atol=4e-4)


def test_words_of_the_text_stand_for_as_much_noise_as_they_should():
    counts = 30_000 // np.arange(1, 301)
    chosen = layout(counts, 5, drawn=False, sample=1e-2)
    kept = counts * keep_probability(counts, 1e-2)
    words = rng().choice(300, size=(300, chosen.places), p=kept / kept.sum())
    shares = chosen.noise_shares(words)
    np.testing.assert_allclose(shares.sum(-1), 1, rtol=1e-5)
    noise = np.array([chosen.noise(chunk) for chunk in words])
    found = np.bincount(noise.ravel(), shares.ravel(), minlength=300) / shares.sum()
    expected = counts**0.75 / np.sum(counts**0.75)
    np.testing.assert_allclose(found[:20], expected[:20], rtol=0.08)
    np.testing.assert_allclose(found, expected, atol=2e-3)
    ranks = [0, 1, 3, 7, 20, 50, 120]
    np.testing.assert_allclose(np.add.reduceat(found, ranks), np.add.reduceat(expected, ranks), rtol=0.02)


def test_noise_comes_from_the_other_half():
    chosen = layout(np.full(5000, 10), 3, drawn=False)
    side, place = np.divmod(chosen.noise(np.arange(chosen.places)), chosen.half_span)
    assert (side == [[[1]], [[0]]]).all()
    served = np.sort((place - 3).reshape(2, -1))  # 3 words are before the centers
    assert (served == np.arange(chosen.half)).all()  # each center serves once
    assert (np.diff(place, axis=-1) == chosen.half // NOISE).all()  # from all over the half


@pytest.mark.parametrize("length", [2, 3, 4, 8, 16])
def test_noise_is_heard_from_all_columns_of_a_regular_text(length):
    """All sentences are equally long, and have other words at each place, as the lines of a table."""
    column = np.arange(length)
    counts = np.full(300 * length, 10)
    chosen = layout(counts, 5, drawn=False)
    tokens = (300 * column + rng().integers(0, 300, (4000, length))).astype(np.int32).ravel()
    reach = np.tile(np.minimum(column, 5) * 6 + np.minimum(column[::-1], 5), 4000)
    words, _ = chosen.cut(tokens, reach)
    noise = np.array([chosen.noise(chunk) for chunk in words[:-1]]) // 300  # columns
    heard = np.array([np.bincount(group, minlength=length) for group in noise.reshape(-1, NOISE)])
    even = NOISE / length
    assert np.abs(heard - even).max() <= 1


@pytest.mark.parametrize("words", [1, 5, 300])
def test_steps_of_repeated_words_are_added_up_and_clipped(words):
    chosen, tables, most, text = rng().integers(0, words, (4, 90)), rng(1).random((4, 2, 90, 3)), 2.5, 60
    for chunk, (W, C), found in zip(
        chosen, tables, chunks.repeated_words(chosen, text, 4, most), strict=True
    ):
        times, t = (np.bincount(chunk[:n], minlength=words) for n in (90, text))
        counted = np.maximum(t, (t + 4 * (times - t)) / 5)  # W moves as text, C also as noise
        assert sorted(found.ids) == np.flatnonzero(times).tolist()
        assert list(times[found.ids]) == sorted(times, reverse=True)[: len(found.ids)]
        both = np.stack((100 * found.ids, 100 * found.ids + 1), axis=1).ravel()
        np.testing.assert_array_equal(both[found.number], [100 * chunk, 100 * chunk + 1])
        steps = np.concatenate((W, C))[found.order]  # (places, 2, 3)
        start = found.sizes[0]
        for size in found.sizes[1:]:
            steps[:size] += steps[start : start + size]
            start += size
        assert start == len(chunk)
        steps[: len(found.factors)] *= found.factors[..., None]
        for word, (dw, dc) in zip(found.ids, steps, strict=False):
            clip = most / max(counted[word], most)
            np.testing.assert_allclose(dw, clip * W[chunk == word].sum(0), rtol=1e-6)
            np.testing.assert_allclose(dc, clip * C[chunk == word].sum(0), rtol=1e-6)


# --- What it learns -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_words_of_one_class_end_up_together(workers):
    sentences = small_world(rng(), 3000)
    vocabulary = Vocabulary.from_sentences(sentences)
    ids = [vocabulary.encode(sentence) for sentence in sentences]
    chosen = {"dim": 16, "epochs": 12, "learning_rate": 0.05, "rng": rng()}
    run = learn(ids, len(vocabulary), workers=workers, **chosen)
    words = [i for i, word in enumerate(vocabulary.words) if word_class(word)]
    near = cosine_matrix(run.embeddings.W[words]) - 2 * np.eye(len(words))
    classes = np.array([word_class(vocabulary.words[i]) for i in words])
    assert np.mean(classes[near.argmax(1)] == classes) > 0.9
    assert run.finished
    assert run.words == 12 * vocabulary.counts.sum()
    assert run.losses.shape == (12,)
    assert run.losses[-1] < run.losses[0]


def test_topics_are_found():
    sentences, topic = topic_corpus(rng(), 60_000, topics=4, words_per_topic=20, common_words=20)
    run = learn(sentences, 100, dim=20, window=5, epochs=3, rng=rng(), sample=1e-3)
    near = cosine_matrix(run.embeddings.W[20:]) - 2 * np.eye(80)
    assert np.mean(topic[20:][near.argmax(1)] == topic[20:]) > 0.95


# --- The same again -----------------------------------------------------------------------------------


def test_same_seed_same_vectors():
    one, two, other = (learn(text(), rng=rng(seed)) for seed in (1, 1, 2))
    assert_equal(one, two)
    assert not np.array_equal(one.embeddings.W, other.embeddings.W)


def test_lists_arrays_and_files_give_the_same(tmp_path):
    sentences = text()
    path = tmp_path / "corpus.txt"
    path.write_text("".join(" ".join(map(str, s)) + "\n" for s in sentences))

    def read():
        with open(path) as file:
            for line in file:
                yield [int(i) for i in line.split()]

    expected = learn(sentences)
    assert_equal(learn(tuple(np.array(s, np.int32) for s in sentences)), expected)
    assert_equal(learn(sentences, source=Again(read)), expected)


def test_long_sentences_are_cut():
    words = rng().integers(0, 60, 4504).tolist()
    long, cut = (
        [words[end - n : end] for n, end in zip(sizes, np.cumsum(sizes), strict=True)]
        for sizes in ([3, 0, 2500, 1000, 1001], [3, 1000, 1000, 500, 1000, 1000, 1])
    )
    assert_equal(learn(long), learn(cut))


def test_only_a_slab_is_in_memory(monkeypatch):
    monkeypatch.setattr(corpus, "SLAB", 100)
    sentences, read, ahead = text(), 0, []

    def source():
        nonlocal read
        for sentence in sentences:
            read += len(sentence)
            yield sentence

    learn(sentences, source=Again(source), on_progress=lambda done, total, loss: ahead.append(read - done))
    assert len(ahead) > 20
    assert max(ahead) < 100 + 25


def test_a_task_has_the_same_result_in_another_process(tmp_path, monkeypatch):
    (tmp_path / "queue.py").write_text("raise ImportError('this is not the library')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    sentences = [rng().integers(0, 60, 12_000)]  # one task, which only one of two processes can do
    assert_equal(learn(sentences, epochs=1), learn(sentences, epochs=1, workers=2))


# --- Interruptions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_keeps_what_it_has(workers):
    told = []

    def stop(done, total, loss):
        told.append((done, total, loss))
        if len(told) == 3:
            raise KeyboardInterrupt

    run = learn(text(sentences=2000), epochs=50, on_progress=stop, workers=workers)
    assert not run.finished
    assert run.words == told[-1][0] < told[-1][1]
    assert np.abs(run.embeddings.C).max() > 0
    assert 1 <= len(run.losses) < 50, "one for each epoch that was begun"


def test_progress_goes_from_start_to_end(monkeypatch):
    monkeypatch.setattr(corpus, "SLAB", 10)  # many short steps, of which not all are told
    told = []
    run = learn(text(sentences=60), epochs=3, on_progress=lambda *args: told.append(args))
    done, total, losses = zip(*told, strict=True)
    assert done[0] == 0
    assert np.isnan(losses[0])
    assert list(done) == sorted(set(done))
    assert set(total) == {done[-1]} == {run.words}
    assert losses[-1] == run.losses[-1]


def test_other_processes_have_one_thread_in_each_library(monkeypatch):
    started, popen, threads = [], subprocess.Popen, {*timing.THREADS, "VECLIB_MAXIMUM_THREADS"}  # Apple's
    for name in threads:
        monkeypatch.delenv(name, raising=False)

    def start(*args, env, **kwargs):
        started.append({name for name, value in env.items() if value == "1"})
        return popen(*args, env=env, **kwargs)

    monkeypatch.setattr(subprocess, "Popen", start)
    learn(text(), workers=2)
    assert len(started) == 1
    assert started[0] >= threads


class Remembered(subprocess.Popen):
    """A process that can be found again."""

    started: ClassVar[list] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.started.append(self)


@pytest.fixture
def started(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", Remembered)
    Remembered.started.clear()
    return Remembered.started


@pytest.mark.parametrize("sentences", [300, 3000])  # while it should answer, and while it should read
@pytest.mark.parametrize("workers", [2, 3])
def test_what_a_lost_process_was_learning_is_learned_by_others(sentences, workers, started):
    def end_it(*_):
        for process in started:
            process.kill()

    corpus = text(sentences=sentences)
    with pytest.warns(RuntimeWarning, match="learned again") as warned:
        run = learn(corpus, epochs=20, on_progress=end_it, workers=workers)
    assert len(started) == len(warned) == workers - 1
    assert run.finished
    assert run.words == 20 * count(corpus, 60).sum()  # nothing is left out, nothing counted twice
    assert len(run.losses) == 20


def test_a_task_that_comes_back_is_as_it_was(monkeypatch):
    """A lost process has the only task of an epoch; this one has nothing to learn until it comes back."""

    class Greedy(workers._Others):  # the others come first
        def next_task(self):
            mine = threading.current_thread() is threading.main_thread()
            while mine and self.busy and not self.returned and self.results.empty():
                time.sleep(0.001)
            return super().next_task()

    class Lost(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__([sys.executable, "-c", "input()"], **kwargs)  # ends as soon as it is asked

    sentences = [rng().integers(0, 60, 12_000)]
    alone = learn(sentences, epochs=1)
    monkeypatch.setattr(workers, "_Others", Greedy)
    monkeypatch.setattr(subprocess, "Popen", Lost)
    with pytest.warns(RuntimeWarning, match="learned again"):
        assert_equal(alone, learn(sentences, epochs=1, workers=2))


def test_a_process_killed_in_the_middle_of_a_part_does_not_stop_the_others(started):
    """Its steps stay in the tables; what it did not come to is learned all the same."""
    corpus, told = text(sentences=4000), []

    def kill(done, total, loss):
        told.append(done)
        if len(told) == 5:
            started[0].send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    with pytest.warns(RuntimeWarning, match="learned again"):
        run = learn(corpus, epochs=10, on_progress=kill, workers=3)
    assert run.words == told[-1] == 10 * count(corpus, 60).sum()
    assert run.losses[-1] < learn(corpus, epochs=1).losses[-1]


def test_processes_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))  # no room in memory
    maps, mapped, rmtree = Path("/proc/self/maps"), [], shutil.rmtree

    def remove(path, *args, **kwargs):
        mapped.append(maps.exists() and str(path) in maps.read_text())
        rmtree(path, *args, **kwargs)

    monkeypatch.setattr(shutil, "rmtree", remove)
    learn(text(), workers=2)
    with pytest.raises(FloatingPointError):
        learn(text(), learning_rate=1e300, workers=2)
    assert mapped == [False, False]  # Windows could not remove it
    assert list(tmp_path.iterdir()) == []


# --- Strange corpora and settings ---------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_wrong_with_the_corpus_is_said(workers):
    def train(sentences, epochs=2):
        settings = {"dim": 4, "window": 2, "rng": rng(), "workers": workers}
        return train_sgns(sentences, word_counts=[3, 2, 1], epochs=epochs, **settings)

    def broken():
        raise OSError("the disk is broken")
        yield

    with pytest.raises(ValueError, match="empty"):
        train([])
    with pytest.raises(ValueError, match="empty"):
        train(Again(lambda: iter([[], []])))
    with pytest.raises(ValueError, match="only one word"):
        train([[0], [1]])
    with pytest.raises(ValueError, match="0 … 2"):
        train([[0, 1, 3]])
    with pytest.raises(ValueError, match="-1 is among them"):
        train(Again(lambda: iter([[0, -1]])))
    with pytest.raises(ValueError, match="only once"):
        train(iter([[0, 1]]))
    once = iter([[0, 1, 2]])
    with pytest.raises(ValueError, match="used up"):
        train(Again(lambda: once))
    with pytest.raises(OSError, match="disk"):
        train(Again(broken))
    for wrong in ([0, 1, 2], "0 1 2", ["01"], [{0, 1}]):
        with pytest.raises(TypeError, match="list of sentences"):
            train(wrong)
    with pytest.raises(TypeError, match="whole numbers"):
        train([[0.5, 1.0]])


def test_one_pass_over_a_generator_is_fine():
    assert learn(text(), source=iter(text()), epochs=1).finished


def test_a_corpus_that_is_thinned_out_to_nothing_says_so():
    with pytest.raises(ValueError, match="sample=0"):
        learn([[0, 0]], 1, sample=1e-9)


def test_an_epoch_without_a_pair_has_no_loss_and_keeps_its_place():
    """In 36 words thinning out leaves a pair in some epochs only: each says so, and none is left out."""
    sentences, told = [[0, 1, 2]] * 12, []
    counts, settings = count(sentences, 3), {"sample": 1e-3, "epochs": 40}
    run = learn(sentences, 3, on_progress=lambda *args: told.append(args), **settings)
    keep, source, pairs = keep_probability(counts, 1e-3).astype(np.float32), rng(1), []
    source.random((3, 8), dtype=np.float32)  # the start
    for _ in range(40):
        stays = np.random.default_rng(source.integers(1 << 62)).random(36, dtype=np.float32)
        pairs.append((stays < keep[np.concatenate(sentences)]).reshape(12, 3).sum(axis=1).max() > 1)
    assert run.losses.shape == (40,)
    assert (~np.isnan(run.losses)).tolist() == pairs
    assert 0 < sum(pairs) < 40, "else this shows nothing"
    assert told[-1][2] == run.losses[np.flatnonzero(pairs)[-1]]


def test_one_sentence():
    run = learn([[0, 1, 2, 3]], 4, dim=3, window=2, epochs=5)
    assert len(run.losses) == 5
    assert np.abs(run.embeddings.C).min() > 0


def test_a_vocabulary_of_one_word():
    run = learn([[0] * 50], 1, dim=3, window=2, epochs=20)
    score = run.embeddings.W @ run.embeddings.C.T
    assert -3 < score < 0  # on its way to log(1/5): the only word is five times as often noise as company


def test_more_negatives_than_words_and_more_coordinates_than_words():
    run = learn(text(words=4), 4, dim=30, negatives=50, epochs=3)
    assert run.embeddings.W.shape == (4, 30)
    assert run.losses[-1] < run.losses[0]


def test_words_that_never_occur_stay_where_they_are():
    run = learn(text(), words=70)
    assert (run.embeddings.C[60:] == 0).all()
    assert (np.abs(run.embeddings.W[60:]) <= 1 / 8).all()


def test_no_epochs_gives_the_start():
    run = learn(text(), epochs=0)
    assert run.finished
    assert run.losses.shape == (0,)
    assert (run.embeddings.C == 0).all()


@pytest.mark.parametrize("workers", [1, 2])
def test_it_goes_on_from_a_start(workers):
    words, dim = 70, 5  # ten of them never occur; rows are filled up to eight numbers inside
    tables = np.random.default_rng(3).normal(0, 0.2, (2, words, dim)).astype(np.float32)
    start = Embeddings(*tables)
    same = learn(text(), words, dim=dim, epochs=0, start=start, workers=workers).embeddings
    np.testing.assert_array_equal([same.W, same.C], tables)
    moved = learn(text(), words, dim=dim, epochs=2, start=start, workers=workers).embeddings
    for table, old in ((moved.W, tables[0]), (moved.C, tables[1])):
        np.testing.assert_array_equal(table[60:], old[60:])
        assert (table[:60] != old[:60]).any(axis=1).mean() > 0.8
    np.testing.assert_array_equal([start.W, start.C], tables)


def test_from_the_random_start_it_is_the_same_training():
    start = learn(text(), epochs=0).embeddings
    assert_equal(learn(text(), start=start), learn(text()))


@pytest.mark.parametrize(
    ("W", "C", "error", "said"),
    [
        (np.ones((60, 7)), np.ones((60, 7)), ValueError, r"shape \(60, 8\), as word_counts and dim say"),
        (np.ones((59, 8)), np.ones((59, 8)), ValueError, r"shape \(60, 8\), .* not \(59, 8\)"),
        (np.ones((60, 8)), 1j * np.ones((60, 8)), TypeError, "start must be real"),
        (np.ones((60, 8)), np.full((60, 8), 1e300), ValueError, "start in float32 must be finite"),
    ],
)
def test_starts_that_are_refused(W, C, error, said):
    with pytest.raises(error, match=said):
        learn(text(), start=Embeddings(W, C))


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"learning_rate": np.nan}, ValueError),
        ({"learning_rate": -1}, ValueError),
        ({"final_rate": np.inf}, ValueError),
        ({"dim": 0}, ValueError),
        ({"window": 0}, ValueError),
        ({"window": 65}, ValueError),
        ({"negatives": -1}, ValueError),
        ({"epochs": 1.5}, TypeError),
        ({"sample": -1}, ValueError),
        ({"power": np.nan}, ValueError),
        ({"workers": 0}, ValueError),
        ({"rng": 0}, TypeError),
    ],
)
def test_settings_out_of_range_are_refused(settings, error):
    with pytest.raises(error, match=next(iter(settings))):
        learn(text(), **settings)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_learning_rate_that_is_too_large_says_so(workers):
    with pytest.raises(FloatingPointError, match="learning rate of 1e\\+300"):
        learn(text(), learning_rate=1e300, workers=workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_tables_of_another_text_may_begin_far_above_zeros(workers):
    table = np.full((60, 8), 3 / np.sqrt(8))
    start = Embeddings(table, table)  # every pair of words is said to be one, with a score of 9
    run = learn(text(), start=start, epochs=3, learning_rate=0.002, workers=workers)
    assert run.losses[0] > 1.5 * 6 * np.log(2)
    assert (np.diff(run.losses) < 0).all()
    with pytest.raises(FloatingPointError, match="learning rate of 1e\\+300"):
        learn(text(), start=start, learning_rate=1e300, workers=workers)


def test_a_word_that_is_repeated_again_and_again_does_not_overshoot(monkeypatch):
    line = [[5] * 50]  # such as a line drawn with underscores
    sentences = line * 20 + text(sentences=2000)
    run = learn(sentences, epochs=5, learning_rate=0.05)
    assert (run.losses < 0.9 * 6 * np.log(2)).all()
    assert np.abs(run.embeddings.W @ run.embeddings.C.T).max() < 6
    monkeypatch.setattr(settings, "LIMIT", np.inf)
    with pytest.raises(FloatingPointError, match="ran away"):
        learn(sentences, epochs=5, learning_rate=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.1, 1, 1e10])
@pytest.mark.parametrize("words", [3, 60])
def test_a_large_learning_rate_does_not_overshoot(words, rate):
    run = learn(text(words=words, sentences=500), words, learning_rate=rate, epochs=5)
    assert (run.losses < 0.9 * 6 * np.log(2)).all()  # tables of zeros have 6 log 2


def test_where_text_is_unlike_noise_noise_is_drawn(monkeypatch):
    sentences = text(words=400, sentences=400)
    for power, found in ((0.75, True), (0, False)):  # with 0, rare words are noise as often as frequent ones
        runs = []
        for small in (0, 10**9):  # in a small text noise is drawn in any case
            monkeypatch.setattr(learner, "SMALL_TEXT", small)
            runs.append(learn(sentences, 400, power=power, rng=rng()).embeddings.C)
        assert np.array_equal(*runs) != found


def test_again_needs_a_function():
    with pytest.raises(TypeError, match="function"):
        Again([[0, 1]])
