"""Exercises of training: a gradient, and sentences that bring two words together."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from helpers.corpora import love_sentences
from helpers.exercises.judge import Case, Verdict, checker, dots_left
from helpers.geometry import cosine_similarity
from helpers.gradcheck import numerical_gradient
from helpers.pairs import encode_and_count
from helpers.skipgram import Embeddings, conditional_entropy, loss, train
from helpers.softmax import softmax
from helpers.text import Vocabulary, tokenize

MOST_WORDS = 40  # different ones in the reader's sentences, so that training takes a second at most


@checker("It agrees with central differences.", [(4, 2), (5, 3), (3, 3)], seed=6)
def check_context_gradient(rng, size, dim):
    """Check ``answer(W, C, counts) -> ∂loss/∂C (V, D)`` against central differences."""
    counts = rng.integers(0, 5, (size, size)) + np.eye(size, dtype=int)
    W, C = 0.7 * rng.standard_normal((2, size, dim))
    right = numerical_gradient(lambda C: loss(Embeddings(W, C), counts), C)

    n, total = counts.sum(axis=1, keepdims=True), counts.sum()
    p, p_down = softmax(W @ C.T), softmax(C @ W.T).T
    signal = (n * p - counts) / total
    whole = softmax((W @ C.T).ravel()).reshape(size, size)
    weight = "Weight each row of p with the number of pairs its center has."
    along = "Softmax runs over the contexts of one center, along each row of W @ C.T."
    slips = [
        (-right, "The sign is off: the signal is belief minus truth."),
        (signal @ W, "The signal must be transposed: context k collects from column k."),
        (signal @ C, "That is the gradient for W."),
        (signal.T @ C, "The score w · c changes with c at the rate w: multiply with W, not with C."),
        (right * total, "The mean is missing: divide by the number of pairs, counts.sum()."),
        (right * total / size, "The mean is over pairs, not over words: divide by counts.sum()."),
        ((p - counts).T @ W, f"{weight} The mean over pairs is missing, too."),
        ((p - counts).T @ W / total, weight),
        ((p - counts / n).T @ W, f"{weight} Here all centers count alike."),
        ((p - counts / n).T @ W / size, f"{weight} Here all centers count alike."),
        ((n * p).T @ W / total, "The counts are missing from the signal: nothing pulls."),
        (-counts.T @ W / total, "The belief p is missing from the signal: nothing pushes."),
        ((n * p_down - counts).T @ W / total, along),
        ((n * whole - counts).T @ W / total, "One belief for each center: every row of p sums to 1."),
        (np.array([signal @ C, right]), "Return ∂L/∂C only, without ∂L/∂W."),
    ]
    return Case((W, C, counts), right, slips)


def check_new_company(sentences: Sequence[str]) -> Verdict:
    """Check sentences that, added to the four love sentences, bring "dog" and "i" together.

    Trains five times (window 1, D = 2, default settings) and asks for a cosine above 0.9 each time.
    """
    if sentences is None or dots_left(sentences):
        return Verdict("open", "Add some sentences to the list.")
    if not isinstance(sentences, list | tuple) or not all(isinstance(line, str) for line in sentences):
        return Verdict("wrong", 'Write a list of strings, one for each sentence, such as ["my dog"].')
    added = [sentence for line in sentences for sentence in tokenize(line)]
    if not added:
        return Verdict("open", "Add some sentences to the list.")
    if len(set(chain(*added))) > MOST_WORDS:
        return Verdict("wrong", f"A handful of words is enough; {MOST_WORDS} different ones are the limit.")
    if any({"dog", "i"} <= set(sentence) for sentence in added):
        return Verdict("wrong", '"dog" and "i" must not stand in the same sentence; that would be too easy.')

    vocabulary, _, counts = encode_and_count(love_sentences() + added, window=1)
    dog, me = vocabulary.index["dog"], vocabulary.index["i"]
    try:
        tables = [train(counts, dim=2, rng=np.random.default_rng(seed)).embeddings.W for seed in range(5)]
    except FloatingPointError:
        return Verdict("wrong", "Training ran away on this corpus; repeat your sentences less often.")
    lowest = min(cosine_similarity(W[dog], W[me]) for W in tables)
    if lowest > 0.9:
        floor = f"{conditional_entropy(counts):.2f} nats"
        return Verdict("right", f"Cosine above 0.9 for five seeds, in a corpus with a floor of {floor}.")
    missing = "; ".join(filter(None, (_lacking(vocabulary, counts, *two) for two in ((dog, me), (me, dog)))))
    why = f"{missing}." if missing else "They share all company, but not in the same proportions."
    return Verdict("wrong", f"Over five seeds the lowest cosine is {lowest:.2f}: {why}")


def _lacking(vocabulary: Vocabulary, counts: np.ndarray, one: int, other: int) -> str:
    """Name up to three words that are often beside `other` and never beside `one`."""
    company = [k for k in np.argsort(-counts[other]) if counts[other, k] and k not in (one, other)]
    words = [vocabulary.words[k] for k in company if not counts[one, k]]
    return f'"{vocabulary.words[one]}" is never beside {", ".join(words[:3])}' if words else ""
