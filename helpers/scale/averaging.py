"""Negative sampling on parts of a text: each is learned from by itself, and again and again they agree.

A *round* is a fraction of an epoch. All parts begin it from the same tables, and what comes back is how far
each has moved every row. What to make of that is decided word by word:

- A rare word occurs in one or two parts only. Those have learned about it, the others have not: what they
  have moved is added up.
- A frequent word occurs in all. Each part has taken it to about the same place, and the sum would be far
  beyond: the mean is taken. Between the two, a sum is bounded as it is in a chunk, see `settings.LIMIT`.
- A mean of P parts has taken 1/P of the steps that one machine would have taken. So what was held back is
  not forgotten: it goes on as momentum, of 1 − 1/P where the mean was taken, and all parts begin the next
  round where momentum will have led (Nesterov's).

Tables from different starts have different axes; they have to be turned before their mean means anything. For
those there is `merge_models`. From a common start nothing needs to be turned.

Sources: McMahan et al. (2017), "Communication-Efficient Learning of Deep Networks from Decentralized Data",
for means from a common start; Douillard et al. (2023), "DiLoCo: Distributed Low-Communication Training of
Language Models", for Nesterov's momentum between rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial

import numpy as np

from helpers import checks
from helpers.geometry import procrustes
from helpers.pairs import flatten
from helpers.scale.corpus import Part, cut_long
from helpers.scale.distributed import connected, list_of_parts, tree
from helpers.scale.learner import Learner, Tables
from helpers.scale.settings import LIMIT, Settings
from helpers.scale.workers import make_tables, take_tables
from helpers.skipgram import Embeddings, Run
from helpers.text import Vocabulary

# --- Tables from different starts -----------------------------------------------------------------------


def merge_models(models: Sequence[Embeddings], counts=None) -> Embeddings:
    """Turn all tables onto the first ones, W and C by the same rotation, and take their mean.

    Parameters
    ----------
    models : sequence of Embeddings
        All about the same words, of the same shape.
    counts : (P, V) array, optional
        How often each word occurs in the part that each model has learned from: each row of the mean is
        weighted with them. Without it, a model that has never seen a word counts as much as those that have.
    """
    first, *_ = models
    turned = [turn_onto(model, first) for model in models]
    counts = (
        np.ones((len(models), len(first.W))) if counts is None else checks.numbers(counts, "counts", ndim=2)
    )
    if counts.shape != (len(models), len(first.W)) or (counts < 0).any():
        raise ValueError(f"counts must be {len(models)} rows of {len(first.W)} numbers, not below zero")
    counts = np.where(counts.any(axis=0), counts, 1)  # a word that nobody has seen
    shares = counts / counts.sum(axis=0)
    W, C = (np.einsum("pv,pvd->vd", shares, [getattr(m, name) for m in turned]) for name in "WC")
    return Embeddings(W, C)


def turn_onto(model: Embeddings, onto: Embeddings) -> Embeddings:
    """Rotate both tables by the one Q that fits W and C together best: no score changes."""
    Q = procrustes(np.vstack((model.W, model.C)), np.vstack((onto.W, onto.C)))
    return Embeddings(model.W @ Q, model.C @ Q)


# --- A round: what is done with a part, with what two parts have moved, and with all of it ---------------


@dataclass(frozen=True, eq=False)
class Steps:
    """What parts have learned in a round; it can be added up.

    Attributes
    ----------
    moved : (V + 1, 2D) float32 array
        How far they have moved each row of `Tables.M`.
    pulls : (V + 1,) float array
        η times the weights of all pairs that moved a word; and the sum of squares over parts.
    squares : (V + 1,) float array
    facts : (3,) float array
        Words read, sum of losses, pairs these are about.
    """

    moved: np.ndarray
    pulls: np.ndarray
    squares: np.ndarray
    facts: np.ndarray


def cut_part(
    sentences: Iterable[Sequence], vocab_size: int, vocabulary: Vocabulary | None, rounds: int
) -> list[Part]:
    """Encode a part, where a vocabulary is given, and deal its sentences out to the rounds of an epoch."""
    sentences = checks.sentences(sentences, "ids" if vocabulary is None else "words")
    if vocabulary is not None:
        sentences = (vocabulary.encode(sentence, skip_unknown=True) for sentence in sentences)
    sentences, pieces = list(sentences), []
    for number in range(rounds):
        tokens, lengths = flatten(sentences[number::rounds])
        pieces.append((checks.ids(tokens, vocab_size).astype(np.int32), cut_long(lengths)))
    return pieces


def learn_round(
    settings: Settings, state: np.ndarray, pieces: list[Part], number: int, seed: list[int]
) -> Steps:
    """Learn from the piece of a part that is due in round `number`, from where momentum will have led."""
    tokens, lengths = pieces[number % len(pieces)]
    settings = copy(settings)
    settings.total = max(settings.epochs * len(pieces) * len(tokens), 1)  # if all rounds were as long
    start, done = state.sum(axis=0), number * len(tokens)
    tables = Tables(start.copy())
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):  # `Learner` watches
        outcomes = list(Learner(settings, tables).learn((tokens, lengths), done, np.random.default_rng(seed)))
    pull = settings.step_sum(settings.rate(done + len(tokens) / 2))
    pulls = pull * np.bincount(tokens, minlength=len(start)) * np.append(settings.keep, 0)
    return Steps(tables.M - start, pulls, pulls**2, np.sum(outcomes, axis=0))


def add_steps(a: Steps, b: Steps) -> Steps:
    """Add what two groups of parts have learned; both stay as they are."""
    return Steps(a.moved + b.moved, a.pulls + b.pulls, a.squares + b.squares, a.facts + b.facts)


def agree(state: np.ndarray, steps: Steps, parts: int) -> np.ndarray:
    """Move the tables, state[0], and what they still have to move, state[1]: see above."""
    pulls = np.maximum(steps.pulls, 1e-9)
    share = np.clip(steps.squares / pulls**2, 1 / parts, 1)  # of the sum: 1 for one part, 1/P for P alike
    share = np.maximum(share, np.minimum(LIMIT / pulls, 1)).astype(np.float32)[:, None]
    step = share * steps.moved
    return np.stack((state[0] + state[1] + step, (1 - share) * (state[1] + step)))


# --- Training -------------------------------------------------------------------------------------------


def train_in_parts(
    parts: Iterable[Iterable[Sequence[int]]],
    *,
    word_counts,
    dim: int,
    rng: np.random.Generator,
    rounds: int = 16,
    window: int = 5,
    negatives: int = 5,
    epochs: int = 5,
    learning_rate: float = 0.045,
    on_progress: Callable[[int, int, float], object] | None = None,
) -> Run:
    """Do in this process, part after part, what `train_distributed` does on many: to see what comes of it.

    Parameters
    ----------
    parts : iterable of iterables of (T,) int sequences
        Encoded sentences of each part.
    word_counts, dim, rng, rounds, window, negatives, epochs, learning_rate, on_progress
        As for `train_distributed`; counts are those of the whole text.
    """
    settings = Settings(word_counts, dim, window, negatives, epochs, learning_rate, 1e-4, 1e-3, 0.75)
    return _train(
        lambda f, *args: f(*args), lambda x: x, list_of_parts(parts), settings, rounds, rng, on_progress
    )


def train_distributed(
    parts: Iterable[Iterable[Sequence[str]]],
    *,
    vocabulary: Vocabulary,
    dim: int,
    rng: np.random.Generator,
    rounds: int = 16,
    window: int = 5,
    negatives: int = 5,
    epochs: int = 5,
    learning_rate: float = 0.045,
    cluster=None,
    on_progress: Callable[[int, int, float], object] | None = None,
) -> Run:
    """Learn both tables by negative sampling on several processes or machines, which agree after each round.

    The same seed gives the same tables on the same kind of machine, whoever learned what, even if some were
    lost in the middle. Each worker has its parts in memory, as 4 bytes a word, and some copies of the tables,
    which also travel once a round. Where one machine can hold the text, `train_sgns` is better.

    Parameters
    ----------
    parts : iterable of iterables of (T,) sequences of str
        As for `count_distributed`. Eight were measured (`benchmarks/averaging.py`).
    vocabulary : Vocabulary
        Of the whole text, such as `count_distributed` gives. Other words are left out.
    rounds : int
        In each epoch. With more of them parts are apart for a shorter time, and tables travel more often.
        With eight parts of a million words in all, the loss on unseen sentences was 1.2% above that of one
        machine with 8 rounds, and 0.7% with 16; with 4 and fewer, training ran away.
    dim, rng, window, negatives, epochs, learning_rate
        As for `train_sgns`.
    cluster
        As for `count_distributed`.
    on_progress : callable, optional
        Called as ``on_progress(words_done, words_in_all_epochs, loss)`` after each round.

    Returns
    -------
    Run
        ``.embeddings``, and in ``.losses`` an estimate for each round, looked up before learning.
    """
    counts = vocabulary.counts
    settings = Settings(counts, dim, window, negatives, epochs, learning_rate, 1e-4, 1e-3, 0.75)
    parts = list_of_parts(parts)
    with connected(cluster) as client:
        submit, fetch = partial(client.submit, pure=False), client.gather
        known = submit(copy, vocabulary)
        return _train(submit, fetch, parts, settings, rounds, rng, on_progress, known)


def _train(submit, fetch, parts, settings: Settings, rounds: int, rng, on_progress, vocabulary=None) -> Run:
    """Learn round after round: `submit` calls a function somewhere, `fetch` brings home what it returned."""
    rounds, seed = checks.whole(rounds, "rounds", 1), int(checks.generator(rng).integers(1 << 62))
    size, losses, read = settings.vocab_size, [], 0
    pieces = [submit(cut_part, part, size, vocabulary, rounds) for part in parts]
    shared = submit(copy, settings)
    state = submit(first_state, shared, seed)
    for number in range(settings.epochs * rounds):
        moved = [
            submit(learn_round, shared, state, p, number, [seed, i, number]) for i, p in enumerate(pieces)
        ]
        steps = tree(moved, partial(submit, add_steps))
        del moved  # so that workers need not keep them
        state = submit(agree, state, steps, len(parts))
        words, loss, pairs = fetch(submit(getattr, steps, "facts"))
        losses.append(loss / pairs if pairs else np.nan)
        read += words
        if on_progress:
            on_progress(round(read), round(settings.total), losses[-1])
    return Run(take_tables(settings, fetch(state)[0]), np.array(losses))


def first_state(settings: Settings, seed: int) -> np.ndarray:
    """Return the tables that all parts start from, without momentum: (2, V + 1, 2D)."""
    with make_tables(settings, np.random.default_rng(seed), shared=False) as tables:
        return np.stack((tables.M, np.zeros_like(tables.M)))
