"""The fast trainer against a slow one, and everything that may go wrong with a large corpus."""

import itertools
import os

import numpy as np
import pytest
from scipy.special import expit

from helpers import scale
from helpers.corpora import small_world, topic_corpus, word_class
from helpers.geometry import cosine_matrix
from helpers.scale import Again, train_sgns
from helpers.text import Vocabulary


def rng(seed=0):
    return np.random.default_rng(seed)


def corpus(seed=0, words=60, sentences=120, longest=25):
    draw = rng(seed)
    chances = 1 / np.arange(1, words + 1)
    lengths = draw.integers(0, longest, sentences)
    return [draw.choice(words, n, p=chances / chances.sum()).tolist() for n in lengths]


def count(sentences, words):
    return np.bincount(np.concatenate([np.asarray(s, int) for s in sentences]), minlength=words)


def learn(sentences, words=60, **settings):
    settings = {"dim": 8, "window": 3, "negatives": 5, "epochs": 2, "rng": rng(1), "sample": 0} | settings
    return train_sgns(sentences, word_counts=count(sentences, words), **settings)


# --- Against the slow one -----------------------------------------------------------------------------


def slow(sentences, counts, dim, window, negatives, epochs, rng, learning_rate, sample):
    """Take the same chunks and noise words, and do the rest pair by pair, in float64."""
    settings = scale._settings(
        counts, dim, window, negatives, epochs, learning_rate, 1e-4, sample, power=0.75
    )
    table = scale._tables(settings, rng, shared=False).M
    W, C = (np.array(half[:-1, :dim], float) for half in np.split(table, 2, axis=1))
    ratio = counts**0.75 / np.maximum(counts * settings.keep, 1e-9)  # of noise to text
    half, blocks, S = settings.chunk // 2, settings.chunk // 2 // scale.BLOCK, scale.NOISE
    for _, part, done, source in scale._tasks(settings, scale._corpus(sentences, settings, 1), rng):
        tokens, reach = scale._thin_and_mix(part, settings.keep, window, source)
        learner = scale._Learner(settings, table, drawn=len(tokens) < scale.ENOUGH)
        left, right = np.divmod(reach, window + 1)
        starts = np.flatnonzero(left == 0)
        middle = min(starts, key=lambda i: abs(i - len(tokens) / 2))
        sides = tokens[:middle], tokens[middle:]
        chunks = -(-max(map(len, sides)) // half)
        for chunk in range(chunks):
            group, place = divmod(chunk, scale.GROUP)
            if learner.drawn and not place:
                drawn = learner._draw(min(scale.GROUP, chunks - chunk), source)
            to_come = 1 - (done + len(part[0]) * group * scale.GROUP / chunks) / settings.total
            rate = max(learning_rate * to_come**2, 1e-4)
            start, dW, dC = chunk * half, np.zeros_like(W), np.zeros_like(C)
            seen = drawn[place].tolist() if learner.drawn else []
            for side, words in enumerate(sides):
                other = sides[1 - side][start : start + half]
                seen.extend(words[max(start - window, 0) : start + half + window])
                for i in range(start, min(start + half, len(words))):
                    at = i + side * middle
                    near = [d for d in range(-left[at], right[at] + 1) if d]
                    pairs = [(words[i + d], (window + 1 - abs(d)) / window, 1) for d in near]
                    turns = [(i - start) // scale.BLOCK + blocks * k for k in range(S)]
                    if learner.drawn:
                        noise = [(drawn[place, 2 * turn + side], 1) for turn in turns]
                    else:
                        spread = [turn * scale.BLOCK // S for turn in turns]
                        noise = [(other[k], ratio[other[k]]) for k in spread if k < len(other)]
                    total = negatives * sum(weight for _, weight, _ in pairs) / sum(c for _, c in noise)
                    pairs += [(k, total * c, 0) for k, c in noise]
                    for k, weight, truth in pairs:
                        error = rate * weight * (truth - expit(W[words[i]] @ C[k]))
                        dW[words[i]] += error * C[k]
                        dC[k] += error * W[words[i]]
            heat = np.bincount(seen, minlength=len(W)) * rate * (window + 1) * (1 + negatives)
            shrink = np.minimum(1, scale.LIMIT / np.maximum(heat, 1e-9))[:, None]
            W, C = W + shrink * dW, C + shrink * dC
    return W, C


@pytest.mark.parametrize("enough", [0, 10**9])
@pytest.mark.parametrize(
    ("words", "window", "longest", "rate", "sample"),
    [(60, 3, 25, 0.025, 0), (60, 5, 25, 0.05, 0.02), (400, 11, 40, 0.025, 0), (3, 1, 9, 0.1, 0)],
)
def test_fast_and_slow_training_agree(words, window, longest, rate, sample, enough, monkeypatch):
    monkeypatch.setattr(scale, "ENOUGH", enough)
    monkeypatch.setattr(scale, "GROUP", 3)
    sentences = corpus(words=words, longest=longest, sentences=150)
    settings = {
        "dim": 6,
        "window": window,
        "negatives": 5,
        "epochs": 2,
        "learning_rate": rate,
        "sample": sample,
    }
    run = train_sgns(sentences, word_counts=count(sentences, words), rng=rng(5), **settings)
    W, C = slow(sentences, count(sentences, words), rng=rng(5), **settings)
    assert np.abs(C).max() > 0.01  # something was learned, which comparing zeros would not show
    np.testing.assert_allclose(run.embeddings.W, W, atol=1e-5)
    np.testing.assert_allclose(run.embeddings.C, C, atol=1e-5)


def test_weights_are_the_mean_over_all_windows_of_word2vec():
    window, negatives = 4, 5
    table = scale._weights(window, negatives).reshape(scale.BLOCK, window + 1, window + 1, -1)
    for place, left, right in itertools.product((0, 7, 15), range(window + 1), range(window + 1)):
        expected = np.zeros(scale.BLOCK + 2 * window)
        for width in range(1, window + 1):
            for distance in range(-min(left, width), min(right, width) + 1):
                if distance:
                    expected[place + window + distance] += 1 / window
        row = table[place, left, right]
        np.testing.assert_allclose(row[: len(expected)], expected, rtol=1e-6)
        np.testing.assert_allclose(row[len(expected) :], negatives * expected.sum(), rtol=1e-6)


def test_noise_words_come_as_often_as_they_should():
    counts = 1000 // np.arange(1, 301)
    settings = scale._settings(counts, 2, 2, 5, 1, 0.001, 0, 0, 0.75)
    learner = scale._Learner(settings, np.zeros((301, 16), np.float32), drawn=True)
    drawn = learner._draw(2000, rng())
    share = np.bincount(drawn.ravel(), minlength=300) / drawn.size
    np.testing.assert_allclose(share, counts**0.75 / np.sum(counts**0.75), atol=4e-4)


def test_words_of_the_text_stand_for_as_much_noise_as_they_should():
    counts = 30_000 // np.arange(1, 301)
    settings = scale._settings(counts, 2, 5, 5, 1, 0.001, 0, 1e-2, 0.75)
    learner = scale._Learner(settings, np.zeros((301, 16), np.float32))
    sentences = np.split(rng().permutation(np.repeat(np.arange(300), counts)), range(50, counts.sum(), 50))
    part = next(scale._parts(sentences, 300, 1))
    rows, _ = learner._lay_out(*scale._thin_and_mix(part, settings.keep, 5, rng()))
    rows = rows[:-2]  # those behind are not full
    shares = learner._shares(rows)
    np.testing.assert_allclose(shares.sum(-1), 1, rtol=1e-5)
    words = rows[:, learner.contexts[..., learner.span :]]
    found = np.bincount(words.ravel(), shares.ravel(), minlength=300) / shares.sum()
    expected = counts**0.75 / np.sum(counts**0.75)
    np.testing.assert_allclose(found[:20], expected[:20], rtol=0.08)
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_noise_comes_from_the_other_half():
    settings = scale._settings(np.full(5000, 10), 2, 3, 5, 1, 0.001, 0, 0, 0.75)
    learner = scale._Learner(settings, np.zeros((5001, 16), np.float32))
    side = learner.contexts // learner.halo  # 0 or 1
    assert (side[0, :, : learner.span] == 0).all()
    assert (side[0, :, learner.span :] == 1).all()
    assert (side[1, :, : learner.span] == 1).all()
    assert (side[1, :, learner.span :] == 0).all()
    noise = learner.contexts[..., learner.span :] % learner.halo - settings.window
    assert noise.min() >= 0
    assert noise.max() < learner.half
    assert all(len(set(part.ravel().tolist())) == part.size for part in noise)  # nobody serves twice


def test_thinning_and_mixing_keep_sentences_together():
    sentences = [[10 * s + i for i in range(s % 7)] for s in range(50)]
    part = next(scale._parts(sentences, 500, 1))
    tokens, reach = scale._thin_and_mix(part, np.ones(500, np.float32), 2, rng())
    assert sorted(tokens.tolist()) == sorted(t for s in sentences if len(s) > 1 for t in s)
    for i, token in enumerate(tokens.tolist()):
        sentence = next(s for s in sentences if token in s)
        place = sentence.index(token)
        assert reach[i] == min(place, 2) * 3 + min(len(sentence) - 1 - place, 2)
        if place:
            assert tokens[i - 1] == sentence[place - 1]


def test_thinning_keeps_the_share_it_should():
    part = np.repeat([0, 1], 20_000).astype(np.int32), np.full(4000, 10)
    tokens, _ = scale._thin_and_mix(part, np.array([0.3, 1.0], np.float32), 2, rng())
    np.testing.assert_allclose(np.bincount(tokens) / 20_000, [0.3, 1], atol=0.02)


def test_long_sentences_are_cut():
    lengths = scale._cut(np.array([3, 0, 2500, 1000, 1001]))
    assert lengths.tolist() == [3, 1000, 1000, 500, 1000, 1000, 1]


# --- What it learns -----------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_words_of_one_class_end_up_together(workers):
    text = small_world(rng(), 3000)
    vocabulary = Vocabulary.from_sentences(text)
    ids = [vocabulary.encode(sentence) for sentence in text]
    run = train_sgns(
        ids,
        word_counts=vocabulary.counts,
        dim=16,
        window=3,
        negatives=5,
        epochs=12,
        rng=rng(),
        sample=0,
        learning_rate=0.05,
        workers=workers,
    )
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
    run = train_sgns(
        sentences, word_counts=count(sentences, 100), dim=20, window=5, negatives=5, epochs=3, rng=rng()
    )
    near = cosine_matrix(run.embeddings.W[20:]) - 2 * np.eye(80)
    assert np.mean(topic[20:][near.argmax(1)] == topic[20:]) > 0.95


def test_topic_corpus_is_what_it_says():
    sentences, topic = topic_corpus(rng(3), 50_000)
    again, _ = topic_corpus(rng(3), 50_000)
    assert all(np.array_equal(a, b) for a, b in zip(sentences, again, strict=True))
    assert sum(map(len, sentences)) == 50_000
    assert max(map(len, sentences)) <= 25
    for sentence in sentences:
        assert len(set(topic[sentence]) - {-1}) <= 1
    counts = count(sentences, len(topic))
    np.testing.assert_allclose(counts[0] / counts[1:4], [2, 3, 4], rtol=0.15)


# --- The same again -----------------------------------------------------------------------------------


def test_same_seed_same_vectors():
    one, two, other = (learn(corpus(), rng=rng(seed)).embeddings for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.W, two.W)
    np.testing.assert_array_equal(one.C, two.C)
    assert not np.array_equal(one.W, other.W)


def test_lists_arrays_and_files_give_the_same(tmp_path):
    sentences = corpus()
    path = tmp_path / "corpus.txt"
    path.write_text("".join(" ".join(map(str, s)) + "\n" for s in sentences))

    def read():
        with open(path) as file:
            for line in file:
                yield [int(i) for i in line.split()]

    expected = learn(sentences).embeddings.W
    arrays = tuple(np.array(s, np.int32) for s in sentences)
    np.testing.assert_array_equal(learn(arrays).embeddings.W, expected)
    counts = count(sentences, 60)
    from_file = train_sgns(
        Again(read), word_counts=counts, dim=8, window=3, negatives=5, epochs=2, rng=rng(1), sample=0
    )
    np.testing.assert_array_equal(from_file.embeddings.W, expected)


def test_only_a_slab_is_in_memory(monkeypatch):
    monkeypatch.setattr(scale, "SLAB", 100)
    waiting = 0

    def read():
        nonlocal waiting
        for sentence in corpus():
            waiting += len(sentence)
            yield sentence

    slabs = []
    for tokens, _ in scale._parts(Again(read), 60, 1):
        slabs.append(len(tokens))
        assert waiting - sum(slabs) == 0
    assert len(slabs) > 5
    assert max(slabs) < 100 + 25


# --- Interruptions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_keeps_what_it_has(workers):
    told = []

    def stop(done, total, loss):
        told.append((done, total, loss))
        if len(told) == 3:
            raise KeyboardInterrupt

    run = learn(corpus(sentences=2000), epochs=50, on_progress=stop, workers=workers)
    assert not run.finished
    assert run.words == told[-1][0] < told[-1][1]
    assert np.abs(run.embeddings.C).max() > 0
    assert len(run.losses) < 50


def test_progress_goes_from_start_to_end():
    told = []
    run = learn(corpus(), epochs=3, on_progress=lambda *args: told.append(args))
    done = [d for d, _, _ in told]
    assert done == sorted(set(done))
    assert told[-1][0] == told[-1][1] == run.words
    assert told[-1][2] == run.losses[-1]


def test_a_process_that_dies_is_noticed():
    sentences = corpus(sentences=3000)

    def end_it(*_):
        for process in started:
            process.kill()

    started, start = [], scale._start_process

    def remember(*args):
        started.append(start(*args))
        return started[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scale, "_start_process", remember)
        with pytest.raises(RuntimeError, match="came to its end too early"):
            learn(sentences, epochs=20, on_progress=end_it, workers=2)


def test_processes_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(scale, "_memory_folder", lambda size: str(tmp_path))
    learn(corpus(), workers=2)
    assert os.listdir(tmp_path) == []


# --- Strange corpora and settings ---------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_wrong_with_the_corpus_is_said(workers):
    def train(sentences, epochs=2, **settings):
        return train_sgns(
            sentences,
            word_counts=[3, 2, 1],
            dim=4,
            window=2,
            negatives=5,
            epochs=epochs,
            rng=rng(),
            workers=workers,
            **settings,
        )

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
    for wrong in ([0, 1, 2], "0 1 2", ["01"], [{0, 1}]):
        with pytest.raises(TypeError, match="list of sentences"):
            train(wrong)
    with pytest.raises(TypeError, match="whole numbers"):
        train([[0.5, 1.0]])


def test_one_pass_over_a_generator_is_fine():
    sentences = corpus()
    run = train_sgns(
        (s for s in sentences),
        word_counts=count(sentences, 60),
        dim=4,
        window=2,
        negatives=5,
        epochs=1,
        rng=rng(),
        sample=0,
    )
    assert run.finished


def test_a_corpus_that_is_thinned_out_to_nothing_says_so():
    with pytest.raises(ValueError, match="sample=0"):
        train_sgns([[0, 0]], word_counts=[2], dim=4, window=2, negatives=5, epochs=1, rng=rng(), sample=1e-9)


def test_one_sentence():
    run = train_sgns(
        [[0, 1, 2, 3]], word_counts=[1] * 4, dim=3, window=2, negatives=5, epochs=5, rng=rng(), sample=0
    )
    assert len(run.losses) == 5
    assert np.abs(run.embeddings.C).min() > 0


def test_a_vocabulary_of_one_word():
    run = train_sgns(
        [[0] * 50], word_counts=[50], dim=3, window=2, negatives=5, epochs=20, rng=rng(), sample=0
    )
    score = run.embeddings.W @ run.embeddings.C.T
    assert -3 < score < 0  # on its way to log(1/5): the only word is five times as often noise as company


def test_more_negatives_than_words_and_more_coordinates_than_words():
    run = train_sgns(
        corpus(words=4),
        word_counts=count(corpus(words=4), 4),
        dim=30,
        window=3,
        negatives=50,
        epochs=3,
        rng=rng(),
        sample=0,
    )
    assert run.embeddings.W.shape == (4, 30)
    assert run.losses[-1] < run.losses[0]


def test_words_that_never_occur_stay_where_they_are():
    run = learn(corpus(), words=70)
    assert (run.embeddings.C[60:] == 0).all()
    assert (np.abs(run.embeddings.W[60:]) <= 1 / 8).all()


def test_no_epochs_gives_the_start():
    run = learn(corpus(), epochs=0)
    assert run.finished
    assert run.losses.shape == (0,)
    assert (run.embeddings.C == 0).all()


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
        learn(corpus(), **settings)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_learning_rate_that_is_too_large_says_so(workers):
    with pytest.raises(FloatingPointError, match="learning rate of 1e\\+300"):
        learn(corpus(), learning_rate=1e300, workers=workers)


def test_a_word_that_is_repeated_again_and_again_does_not_overshoot(monkeypatch):
    line = [[5] * 50]  # such as a line drawn with underscores
    sentences = line * 20 + corpus(sentences=2000)
    run = learn(sentences, epochs=5, learning_rate=0.05)
    assert (run.losses < 0.9 * 6 * np.log(2)).all()
    assert np.abs(run.embeddings.W @ run.embeddings.C.T).max() < 6
    monkeypatch.setattr(scale, "LIMIT", np.inf)
    with pytest.raises(FloatingPointError, match="ran away"):
        learn(sentences, epochs=5, learning_rate=0.05)


@pytest.mark.parametrize("rate", [0.1, 1, 1e10])
@pytest.mark.parametrize("words", [3, 60])
def test_a_large_learning_rate_does_not_overshoot(words, rate):
    run = learn(corpus(words=words, sentences=500), words, learning_rate=rate, epochs=5)
    assert (run.losses < 0.9 * 6 * np.log(2)).all()  # tables of zeros have 6 log 2


def test_where_text_is_unlike_noise_noise_is_drawn():
    counts = 10**6 // np.arange(1, 3001)
    for power, found in ((0.75, True), (0, False)):  # with 0, rare words are noise as often as frequent ones
        settings = scale._settings(counts, 8, 3, 5, 1, 0.05, 0, 0, power)
        assert (settings.stand_in is not None) == found
        assert scale._Learner(settings, np.zeros((3001, 16), np.float32)).drawn != found


def test_again_needs_a_function():
    with pytest.raises(TypeError, match="function"):
        Again([[0, 1]])
