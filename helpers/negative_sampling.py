"""Skip-gram with negative sampling: tell true contexts from noise, a handful of words at a time.

Softmax asks which of V words is the context, and so touches all V rows of C. Negative sampling asks K + 1
questions with two answers each: is this the true context, or one of K words drawn at random? With
σ(s) = 1 / (1 + e^−s) the loss of one pair is

    L = −log σ(w · c) − Σ_k log σ(−w · c_k)

and its derivatives with respect to the scores are σ(s) − 1 for the true context and σ(s_k) for noise word k.

Source: equation 4 of Mikolov, Sutskever, Chen, Corrado & Dean (2013), "Distributed Representations of
Words and Phrases and their Compositionality"; Levy & Goldberg (2014), "Neural Word Embedding as Implicit
Matrix Factorization", for what it converges to.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers import checks
from helpers.skipgram import Embeddings, Run, init_embeddings, preconditioner


def sigmoid(x) -> np.ndarray:
    """Return σ(x) = 1 / (1 + e^−x) without overflow.

    e^−x overflows for x below −709, so the exponential is taken of −|x| only:
    1 / (1 + e^−|x|) to the right of zero, e^−|x| / (1 + e^−|x|) to the left.

    Parameters
    ----------
    x : (…) array
        Infinity is allowed: σ(−∞) = 0 and σ(∞) = 1.

    Returns
    -------
    (…) float array
        float32 stays float32, all else becomes float64.
    """
    x, small = _with_exponential(x)
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def log_sigmoid(x) -> np.ndarray:
    """Return log σ(x) = min(x, 0) − log(1 + e^−|x|).

    The naive log(1 / (1 + e^−x)) overflows at −710, and for large x it rounds 1 + e^−x to 1 and
    loses everything from x ≈ 37 on. Here log1p keeps what is smaller than 1.

    Parameters
    ----------
    x : (…) array

    Returns
    -------
    (…) float array
        float32 stays float32, all else becomes float64.

    Examples
    --------
    >>> log_sigmoid([-1000.0, 0.0, 40.0]).tolist()
    [-1000.0, -0.6931471805599453, -4.248354255291589e-18]
    """
    x, small = _with_exponential(x)
    return np.minimum(x, 0.0) - np.log1p(small)


def noise_distribution(word_counts, power: float = 0.75) -> np.ndarray:
    """Return the chance of each word to be drawn as a negative: proportional to count^power.

    Parameters
    ----------
    word_counts : (V,) array
        How often each word occurs. A word with count 0 is never drawn.
    power : float
        1 draws words as often as they occur, 0 draws all words that occur alike. The 0.75 of word2vec
        lies in between: rare words are drawn more often than they occur, frequent ones less.

    Returns
    -------
    (V,) float array
        Sums to 1.
    """
    counts = checks.word_counts(word_counts)
    power = checks.positive(power, "power", zero_allowed=True)
    share = counts / counts.max()  # so that no power overflows
    weights = np.where(counts > 0, share**power, 0.0)  # 0⁰ is 1, but what never occurs is never drawn
    return weights / weights.sum()


def sample_negatives(rng: np.random.Generator, noise, shape) -> np.ndarray:
    """Draw noise words, independently of each other and with repetition.

    Parameters
    ----------
    rng : numpy.random.Generator
    noise : (V,) array
        Chances that sum to 1, from `noise_distribution`.
    shape : int or tuple of int
        (B, K) for K negatives beside each of B pairs.

    Returns
    -------
    array of int of the given shape
        A draw may well be the true context of its pair. That happens as often as chance has it, and the
        optimum counts on it: PMI − log K, if words are drawn as often as they are contexts.
    """
    rng = checks.generator(rng)
    noise = checks.numbers(noise, "noise", ndim=1)
    if not noise.size or (noise < 0).any() or not np.isclose(noise.sum(), 1.0):
        raise ValueError("noise must hold chances of zero or more that sum to 1: see noise_distribution")
    running = np.cumsum(noise)
    # The first word whose running sum exceeds the draw, and should rounding get in the way, the last one.
    drawn = np.searchsorted(running, rng.random(shape) * running[-1], side="right")
    return np.minimum(drawn, np.flatnonzero(noise)[-1])


def keep_probability(word_counts, sample: float = 1e-3) -> np.ndarray:
    """Return the chance of each word to stay when frequent words are thinned out.

    √(t / f) + t / f, at most 1, for a word that makes up the share f of the corpus and the threshold t:
    the formula of the word2vec program, which keeps a little more than the √(t / f) of the paper.

    Parameters
    ----------
    word_counts : (V,) array
    sample : float
        The threshold t. Words rarer than about 2.6 t all stay; 0 keeps everything.

    Returns
    -------
    (V,) float array
    """
    counts = checks.word_counts(word_counts)
    sample = checks.positive(sample, "sample", zero_allowed=True)
    if sample == 0:
        return np.ones(len(counts))
    # A word at the threshold or below stays, so the division may stop there.
    ratio = sample / np.maximum(counts / counts.sum(), sample)
    return np.minimum(np.sqrt(ratio) + ratio, 1.0)


def sgns_loss(embeddings: Embeddings, centers, contexts, negatives) -> float:
    """Return the mean over the batch of −log σ(w · c) − Σ_k log σ(−w · c_k), in nats.

    Parameters
    ----------
    embeddings : Embeddings
        (V, D) tables W and C.
    centers, contexts : (B,) array of int
        The pairs. Ids may repeat.
    negatives : (B, K) array of int
        The noise words beside each pair.

    Raises
    ------
    ValueError
        For ids outside 0 … V − 1, shapes that do not fit together, or a batch without pairs.
    """
    centers, contexts, negatives = _batch(embeddings, centers, contexts, negatives)
    s, s_noise = _scores(embeddings, centers, contexts, negatives)
    return float(-(log_sigmoid(s).sum() + log_sigmoid(-s_noise).sum()) / len(centers))


def sgns_gradients(embeddings: Embeddings, centers, contexts, negatives) -> Embeddings:
    """Return the derivative of `sgns_loss` with respect to every number in W and in C.

    A word that occurs several times in the batch gets the sum of its gradients. ``dC[ids] += g`` would keep
    only the last of them; `numpy.add.at` adds them all.

    Parameters
    ----------
    embeddings, centers, contexts, negatives
        As for `sgns_loss`.

    Returns
    -------
    Embeddings
        (V, D) gradients in the places of W and C; rows of words that do not take part are zero.
    """
    centers, contexts, negatives = _batch(embeddings, centers, contexts, negatives)
    s, s_noise = _scores(embeddings, centers, contexts, negatives)
    signal = -sigmoid(-s) / len(centers)  # σ(s) − 1, written so that it never rounds to 0
    noise_signal = sigmoid(s_noise) / len(centers)
    w, c, c_noise = embeddings.W[centers], embeddings.C[contexts], embeddings.C[negatives]
    dW, dC = np.zeros_like(embeddings.W), np.zeros_like(embeddings.C)
    np.add.at(dW, centers, signal[:, None] * c + np.einsum("bk,bkd->bd", noise_signal, c_noise))
    np.add.at(dC, contexts, signal[:, None] * w)
    np.add.at(dC, negatives, noise_signal[:, :, None] * w[:, None, :])
    return Embeddings(dW, dC)


def train_pairs(
    pairs,
    *,
    word_counts,
    dim: int,
    rng: np.random.Generator,
    negatives: int = 5,
    epochs: int = 5,
    batch_size: int = 128,
    learning_rate: float = 0.025,
    init_scale: float = 0.1,
    power: float = 0.75,
    on_progress: Callable[[int, int, float], object] | None = None,
) -> Run:
    """Learn from a list of pairs, minibatch by minibatch: to be read; `helpers.scale` is to be used.

    Each batch moves every vector by −η times the *sum* of its gradients, so that η means the same for every
    batch size and is the η of word2vec.

    Parameters
    ----------
    pairs : (P, 2) array of int
        From `helpers.pairs.skipgram_pairs`.
    word_counts : (V,) array
        How often each word occurs; decides the noise.
    dim : int
        Number D of coordinates per vector.
    rng : numpy.random.Generator
        Decides the start, the order of the pairs and the negatives.
    negatives : int
        Noise words K per pair.
    epochs, batch_size : int
    learning_rate : float
        Step size η.
    init_scale : float
        Standard deviation of the start.
    power : float
        Of the noise, as in `noise_distribution`.
    on_progress : callable, optional
        Called as ``on_progress(epochs_done, epochs, loss)`` before the first epoch, when the loss is still
        unknown (NaN), and after each one; see `helpers.progress.progress_bar`.

    Returns
    -------
    Run
        ``.embeddings``, and in ``.losses`` the mean loss of the batches of each epoch, (epochs,): each
        batch is measured before it is learned from.
    """
    noise = noise_distribution(word_counts, power)
    pairs, epochs = checks.ids(pairs, len(noise), "pairs"), checks.whole(epochs, "epochs", 0)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not len(pairs):
        raise ValueError(f"pairs must have shape (P, 2) with at least one pair, not {pairs.shape}")
    learning_rate = checks.positive(learning_rate, "learning_rate")
    batch_size = checks.whole(batch_size, "batch_size", 1)
    negatives = checks.whole(negatives, "negatives", 0)
    embeddings = init_embeddings(len(noise), dim, rng, init_scale)
    tell = on_progress or (lambda *_: None)
    tell(0, epochs, np.nan)
    losses = []
    for epoch in range(1, epochs + 1):
        total = 0.0
        mixed = rng.permutation(pairs)
        for start in range(0, len(mixed), batch_size):
            centers, contexts = mixed[start : start + batch_size].T
            batch = centers, contexts, sample_negatives(rng, noise, (len(centers), negatives))
            total += len(centers) * sgns_loss(embeddings, *batch)
            gradient = sgns_gradients(embeddings, *batch)
            embeddings.W -= learning_rate * len(centers) * gradient.W
            embeddings.C -= learning_rate * len(centers) * gradient.C
        losses.append(total / len(pairs))
        tell(epoch, epochs, losses[-1])
    return Run(embeddings, np.array(losses))


def expected_answers(pair_counts, noise, negatives: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Return how often each center hears yes and no about each context, on average for each pair of the text.

    A pair (w, c) occurs N[w, c] times: so often it hears yes. Center w has n_w pairs, and K words are drawn
    beside each: so the pair hears no K n_w P_noise(c) times, on average. Both are divided by Σ N.

    Parameters
    ----------
    pair_counts : (V, V) array
    noise : (V,) array
        From `noise_distribution`.
    negatives : int
        Noise words K per pair.

    Returns
    -------
    yes, no : (V, V) float arrays
        They sum to 1 and to K.
    """
    N, noise = checks.pair_counts(pair_counts), checks.numbers(noise, "noise", ndim=1)
    if len(noise) != len(N) or (noise < 0).any():
        raise ValueError(f"noise needs one chance for each of {len(N)} words: see noise_distribution")
    negatives = checks.whole(negatives, "negatives", 0)
    return N / N.sum(), negatives * N.sum(axis=1, keepdims=True) * noise / N.sum()


def expected_loss(embeddings: Embeddings, yes, no) -> float:
    """Return the mean of `sgns_loss` over all pairs of the text and all draws of the noise, in nats per pair.

    −Σ yes log σ(s) − Σ no log σ(−s), with s = W Cᵀ and the tables of `expected_answers`.
    """
    scores = embeddings.W @ embeddings.C.T
    return float(-np.sum(yes * log_sigmoid(scores)) - np.sum(no * log_sigmoid(-scores)))


def train_expected(
    yes,
    no,
    *,
    dim: int,
    rng: np.random.Generator,
    epochs: int = 300,
    learning_rate: float = 1.0,
    tables: int = 2,
) -> Run:
    """Walk down `expected_loss`, where nothing is drawn but the start: to see where training leads.

    Full-batch steps with momentum and a preconditioner, much as in `helpers.skipgram.descend`.

    Parameters
    ----------
    yes, no : (V, V) arrays
        From `expected_answers`.
    dim : int
        Number D of coordinates per vector.
    rng : numpy.random.Generator
        Decides the start.
    epochs, learning_rate
        Number of steps, and step size η.
    tables : {2, 1}
        1 gives each word one vector for both roles: C is W, and moves by the mean of both steps.

    Returns
    -------
    Run
        ``.embeddings``, and in ``.losses`` the loss at the end alone.
    """
    yes, no = checks.pair_counts(yes), checks.numbers(no, "no", ndim=2)
    if no.shape != yes.shape or (no < 0).any():
        raise ValueError(f"no must be a table like yes, {yes.shape}, without negative numbers")
    if tables not in (1, 2):
        raise ValueError(f"tables must be 1 or 2, not {tables!r}")
    epochs, start = checks.whole(epochs, "epochs", 0), init_embeddings(len(yes), dim, rng)
    W, C = start.W, start.C if tables == 2 else start.W
    learning_rate = checks.positive(learning_rate, "learning_rate")
    rates = [2 * learning_rate * preconditioner(yes.sum(axis=axis)) for axis in (1, 0)]
    step_W, step_C, both = np.zeros_like(W), np.zeros_like(C), yes + no
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(epochs):
            signal = both / (1 + np.exp(-(W @ C.T))) - yes  # yes (σ − 1) + no σ
            step_W = 0.9 * step_W - rates[0] * (signal @ C)
            step_C = 0.9 * step_C - rates[1] * (signal.T @ W)
            if tables == 1:
                step_W = step_C = (step_W + step_C) / 2
            W, C = W + step_W, C + step_C
        if not np.isfinite(W @ C.T).all():
            raise FloatingPointError(f"training ran away: {learning_rate:g} is too large a rate here")
    embeddings = Embeddings(W, C)
    return Run(embeddings, np.array([expected_loss(embeddings, yes, no)]))


def _batch(embeddings: Embeddings, centers, contexts, negatives) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Check a batch: centers (B,), contexts (B,) and negatives (B, K), all of them ids."""
    if np.iscomplexobj(embeddings.W) or np.iscomplexobj(embeddings.C):
        raise TypeError("negative sampling needs real tables, not complex ones")
    size = len(embeddings.W)
    centers = checks.ids(centers, size, "centers", ndim=1)
    contexts = checks.ids(contexts, size, "contexts", ndim=1)
    negatives = checks.ids(negatives, size, "negatives")
    if len(centers) == 0:
        raise ValueError("the batch holds no pair, so it has no mean loss")
    if len(contexts) != len(centers) or negatives.ndim != 2 or len(negatives) != len(centers):
        raise ValueError(
            f"{len(centers)} centers need as many contexts and rows of negatives, "
            f"not shapes {contexts.shape} and {negatives.shape}"
        )
    return centers, contexts, negatives


def _scores(embeddings: Embeddings, centers, contexts, negatives) -> tuple[np.ndarray, np.ndarray]:
    """Return w · c for each pair, (B,), and w · c_k for each of its negatives, (B, K)."""
    W, C = embeddings.W, embeddings.C
    with np.errstate(over="ignore", invalid="ignore"):
        s = np.einsum("bd,bd->b", W[centers], C[contexts])
        s_noise = np.einsum("bd,bkd->bk", W[centers], C[negatives])
    if not (np.isfinite(s).all() and np.isfinite(s_noise).all()):
        raise ValueError("the scores w · c must be finite, but these vectors are too long for that")
    return s, s_noise


def _with_exponential(x) -> tuple[np.ndarray, np.ndarray]:
    """Return x, as float64 unless it is float32, and e^−|x|; what is too small for a float is 0 there."""
    x = np.asarray(x)
    if x.dtype.kind not in "biuf":
        raise TypeError(f"σ needs real numbers, not {x.dtype} values")
    if x.dtype != np.float32:
        x = x.astype(np.float64, copy=False)
    if np.isnan(x).any():
        raise ValueError("σ needs numbers, but NaN is among them")
    with np.errstate(under="ignore"):
        return x, np.exp(-np.abs(x))
