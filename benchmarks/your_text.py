"""How much text it takes until neighbors mean something, and what is forgotten when more is learned later.

Two texts of one size are dealt out of the English on this computer, no file in both. Of a word that is
frequent in both, how many of its 10 nearest neighbors in one text are among those in the other? Beside it,
the same with the words of the second text in random order: what is left then is chance, and the part of
frequency. Only words seen 5 times in both texts are neighbors here.

The second table learns one text, then another (`train MORE --continue DIR`), and measures the loss on
sentences of both that were held out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers import scale, skipgram
from helpers.cli import continuing, training
from helpers.cli.remarks import usual_epochs, usual_sample
from helpers.corpora import installed_text
from helpers.geometry import nearest_neighbors
from helpers.negative_sampling import noise_distribution, sample_negatives, sgns_loss
from helpers.pairs import count_matrix, skipgram_pairs
from helpers.text import Vocabulary, tokenize

OFTEN = (5, 10, 20, 50, 100)
NEAR = 10
RATES = (0.045, training.NEXT_RATE, 0.005)


def deal(documents: list, words: int) -> list[list]:
    """Deal documents out to two texts of so many words."""
    texts, sizes = ([], []), [0, 0]
    for number in np.random.default_rng(0).permutation(len(documents)):
        side = int(sizes[0] > sizes[1])
        for sentence in documents[number]:
            if sizes[side] < words:
                texts[side].append(sentence)
                sizes[side] += len(sentence)
    return list(texts)


def in_random_order(text: list) -> list:
    """Return the same sentence lengths with the words of the whole text shuffled."""
    words = np.random.default_rng(0).permutation([word for sentence in text for word in sentence]).tolist()
    ends = np.cumsum([len(sentence) for sentence in text])
    return [words[end - len(sentence) : end] for end, sentence in zip(ends, text, strict=True)]


def learn(text: list, method: str, min_count: int, seed: int) -> tuple[Vocabulary, np.ndarray]:
    """Train as the command line does."""
    vocabulary = Vocabulary.from_sentences(text, min_count)
    ids = [vocabulary.encode(sentence, skip_unknown=True) for sentence in text]
    rng, size = np.random.default_rng(seed), len(vocabulary)
    if method == "softmax":
        rate = training.LEARNING_RATES["momentum"]
        settings = {"dim": 20, "epochs": 300, "learning_rate": rate, "optimizer": "momentum"}
        return vocabulary, skipgram.train(count_matrix(ids, 2, size), rng=rng, **settings).embeddings.W
    epochs = 5 if method == "sgns, 5 epochs" else usual_epochs(int(vocabulary.counts.sum()))
    settings = {"dim": training.DIM, "epochs": epochs, "sample": usual_sample(size)}
    return vocabulary, scale.train_sgns(ids, word_counts=vocabulary.counts, rng=rng, **settings).embeddings.W


def agreement(one, other) -> dict[int, float]:
    """Return the mean share of neighbors that two tables agree on, for words seen from so often on."""
    words = [word for word in one[0].words if word in other[0]]
    counts = [[v.counts[v.index[word]] for word in words] for v, _ in (one, other)]
    often = np.min(counts, axis=0)
    words, often = (
        [word for word, n in zip(words, often, strict=True) if n >= OFTEN[0]],
        often[often >= OFTEN[0]],
    )
    if len(words) < NEAR + 2:
        return {}
    rows = [W[[v.index[word] for word in words]] for v, W in (one, other)]
    shares = np.array(
        [
            len(set.intersection(*(set(nearest_neighbors(W, i, NEAR)[0].tolist()) for W in rows))) / NEAR
            for i in range(len(words))
        ]
    )
    edges = zip(OFTEN, [*OFTEN[1:], np.inf], strict=True)
    return {
        low: shares[(often >= low) & (often < high)].mean() for low, high in edges if (often >= low).any()
    }


def sizes(documents: list, small: bool) -> list[list[str]]:
    """Return one line for each size of text and each way to learn from it."""
    lines = []
    for words in (1000,) if small else (1000, 3000, 10_000, 30_000, 100_000):
        texts = deal(documents, words)
        # With 100,000 words the full softmax takes minutes, and comes out as with 30,000.
        for method in ("softmax", "sgns, 5 epochs", "sgns")[words >= 100_000 :]:
            min_count = 5 if words >= 10_000 and method == "softmax" else 1
            tables = [learn(text, method, min_count, seed) for seed, text in enumerate(texts)]
            chance = learn(in_random_order(texts[1]), method, min_count, 1)
            real, shuffled = agreement(*tables), agreement(tables[0], chance)
            cells = [f"{real[n]:.2f} ({shuffled.get(n, np.nan):.2f})" if n in real else "" for n in OFTEN]
            lines.append([f"{words:,} words, {method}", f"{len(tables[0][0]):,}", *cells])
    return lines


def held_out(texts: list[list], vocabulary: Vocabulary, noise: np.ndarray) -> list[tuple]:
    """Return pairs and noise of each text, to measure the loss on."""
    rng, tests = np.random.default_rng(5), []
    for text in texts:
        pairs = skipgram_pairs([vocabulary.encode(s, skip_unknown=True) for s in text], 5)
        pairs = pairs[rng.permutation(len(pairs))[:20_000]]
        tests.append((pairs[:, 0], pairs[:, 1], sample_negatives(rng, noise, (len(pairs), 5))))
    return tests


def forgetting(documents: list, words: int) -> list[list[str]]:
    """Return the losses on both texts after learning one, both at once, and one after the other."""
    texts = deal(documents, words)
    first, second = ([s for i, s in enumerate(text) if i % 10] for text in texts)
    old = Vocabulary.from_sentences(first, 5)
    both = continuing.add_words(old, second, 5)
    tests = held_out([text[::10] for text in texts], both, noise_distribution(both.counts))

    def train(text, rate=0.045, start=None):
        ids = [both.encode(sentence, skip_unknown=True) for sentence in text]
        counts = np.bincount(np.concatenate(ids), minlength=len(both))
        settings = {"dim": training.DIM, "epochs": usual_epochs(int(counts.sum())), "learning_rate": rate}
        rng = np.random.default_rng(1)
        return scale.train_sgns(ids, word_counts=counts, rng=rng, start=start, **settings).embeddings

    one = train(first)
    tables = {"the first text": one, "the second text": train(second), "both at once": train(first + second)}
    for rate in RATES:
        tables[f"one after the other, from η = {rate:g}"] = train(second, rate, one)
    return [[name, *(f"{sgns_loss(table, *test):.2f}" for test in tests)] for name, table in tables.items()]


def main(arguments: list[str] | None = None) -> None:
    options = timing.parser(__doc__).parse_args(arguments)
    documents = [
        [words for sentence in document for words in tokenize(sentence)]
        for document in installed_text().values()
    ]
    documents = documents[:300] if options.small else documents
    print(f"{timing.versions('numpy')[:-1]}.", end="\n\n")
    heads = ["words", *(f"seen {n} times" for n in OFTEN)]
    title = f"Neighbors that two texts agree on (in brackets: one of them shuffled), of {NEAR}"
    print(timing.table(title, ["text, method", *heads], sizes(documents, options.small)))
    size = 3000 if options.small else 100_000
    title = f"Loss on held-out sentences after learning two texts of {size:,} words"
    print(timing.table(title, ["learned", "of the first", "of the second"], forgetting(documents, size)))


if __name__ == "__main__":
    timing.one_thread()
    main()
