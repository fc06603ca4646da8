"""Skip-gram with the full softmax: two tables of vectors, one loss, its exact gradient, and training.

Every word w has a center vector W[w] and a context vector C[w]. The score of context k beside center w
is the dot product W[w] · C[k]; softmax turns a row of scores into the model's belief p. All pairs of a
corpus enter through their counts N alone, so one matrix product does what a loop over pairs would do.

Source: Mikolov, Chen, Corrado & Dean (2013), "Efficient Estimation of Word Representations in Vector
Space", and equation 2 of Mikolov et al. (2013), "Distributed Representations of Words and Phrases".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from helpers import checks
from helpers.softmax import cross_entropy, learning_signal, log_softmax, softmax


@dataclass(eq=False)
class Embeddings:
    """Two tables that belong together, or the gradients of both. Training changes the arrays in place.

    Attributes
    ----------
    W : (V, D) float array
        Center vectors, one row per word.
    C : (V, D) float array
        Context vectors, one row per word.
    """

    W: np.ndarray
    C: np.ndarray

    def __post_init__(self):
        self.W = checks.numbers(self.W, "W", ndim=2, complex_allowed=True)
        self.C = checks.numbers(self.C, "C", ndim=2, complex_allowed=True)
        if self.W.shape != self.C.shape:
            raise ValueError(f"W and C must have the same shape, not {self.W.shape} and {self.C.shape}")


@dataclass(frozen=True, eq=False)
class Run:
    """What every trainer leaves behind: `train`, and those of `negative_sampling` and `scale`.

    Attributes
    ----------
    embeddings : Embeddings
        Both tables after the last step.
    losses : (T,) float array
        Mean loss in nats per pair, in the order of training; the trainer says at which moments.
    """

    embeddings: Embeddings
    losses: np.ndarray


def init_embeddings(vocab_size: int, dim: int, rng: np.random.Generator, scale: float = 0.1) -> Embeddings:
    """Draw both tables from a normal distribution of standard deviation `scale`.

    Parameters
    ----------
    vocab_size, dim : int
        Number of words V and of coordinates D.
    rng : numpy.random.Generator
    scale : float
        The start matters more than it seems: a small one lets the corpus decide the geometry.
    """
    shape = checks.whole(vocab_size, "vocab_size", 1), checks.whole(dim, "dim", 1)
    scale = checks.positive(scale, "scale", zero_allowed=True)
    rng = checks.generator(rng)
    return Embeddings(scale * rng.standard_normal(shape), scale * rng.standard_normal(shape))


def loss(embeddings: Embeddings, pair_counts) -> float:
    """Return the mean cross-entropy over all pairs, in nats: −Σ N[w, c] log p(c | w) / Σ N.

    Parameters
    ----------
    embeddings : Embeddings
        Complex tables are let through (the result is complex then), so that the complex step can
        check the gradient.
    pair_counts : (V, V) array
        N: how often each (center, context) pair occurs. Must hold at least one pair.
    """
    N, scores = _joint(pair_counts, embeddings), _scores(embeddings)
    return (0.0 - np.sum(N * log_softmax(scores))).item()


def gradients(embeddings: Embeddings, pair_counts) -> Embeddings:
    """Return the derivative of `loss` with respect to every number in W and in C.

    The signal on the scores is G[w, k] = (n_w p(k | w) − N[w, k]) / Σ N, where n_w counts the pairs
    with center w. Then ∂L/∂W = G C and ∂L/∂C = Gᵀ W.

    Returns
    -------
    Embeddings
        (V, D) gradients in the places of W and C.
    """
    N, scores = _joint(pair_counts, embeddings), _scores(embeddings)
    n = N.sum(axis=1, keepdims=True)
    G = n * softmax(scores) - N
    return Embeddings(G @ embeddings.C, G.T @ embeddings.W)


def conditional_entropy(pair_counts) -> float:
    """Return H(context | center) in nats: the loss of a model that knows the counts by heart.

    No setting of W and C has a lower loss on these counts (Gibbs' inequality).
    """
    N = _joint(pair_counts)
    given_center = N / np.maximum(N.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    seen = N > 0
    return float(0.0 - np.sum(N[seen] * np.log(given_center[seen])))


def pair_step(embeddings: Embeddings, center: int, context: int, learning_rate: float) -> float:
    """Take one step on one (center, context) pair, changing the two tables in place.

    Both gradients are computed from the old values:
    C[k] ← C[k] − η (p_k − q_k) W[w] for every k, and W[w] ← W[w] − η Σ_k (p_k − q_k) C[k].

    Returns
    -------
    float
        The loss −log p(context | center) before the step.
    """
    learning_rate = checks.positive(learning_rate, "learning_rate", zero_allowed=True)
    W, C = _real(embeddings)
    center = int(checks.ids(center, len(W), "center", ndim=0))
    scores = C @ W[center]
    signal = learning_signal(scores, context)
    center_gradient, context_gradients = signal @ C, np.outer(signal, W[center])
    W[center] -= learning_rate * center_gradient
    C -= learning_rate * context_gradients
    return cross_entropy(scores, context)


def descend(
    embeddings: Embeddings,
    pair_counts,
    learning_rate: float = 1.0,
    optimizer: str = "gd",
    weight_decay: float = 0.0,
) -> Iterator[float]:
    """Take one full-batch step after another, changing the two tables in place.

    Parameters
    ----------
    embeddings : Embeddings
        Real tables; they move while you iterate.
    pair_counts : (V, V) array
    learning_rate : float
        Step size η.
    optimizer : {"gd", "momentum"}
        Plain gradient descent, which the notebooks explain, or the same gradient made fast: heavy-ball
        momentum (Polyak 1964) of 0.9, and a diagonal preconditioner that divides the step of each row by
        twice the square root of its word's share of the pairs, since a rare word's gradient is small for
        being rare. Both treat all D coordinates alike, so neither knows where the axes point.
    weight_decay : float
        λ. The way down is then that of loss + λ/2 (‖W‖² + ‖C‖²), so that length has a price
        (Krogh & Hertz 1991, "A simple weight decay can improve generalization").

    Yields
    ------
    float
        The loss of the tables as they stand, without the price of their length: first before any step,
        then after each one.

    Raises
    ------
    FloatingPointError
        When the numbers run away because the learning rate is too large: the loss is no longer finite,
        or a thousand times what it was.
    """
    learning_rate = checks.positive(learning_rate, "learning_rate")
    weight_decay = checks.positive(weight_decay, "weight_decay", zero_allowed=True)
    if optimizer not in ("gd", "momentum"):
        raise ValueError(f'optimizer must be "gd" or "momentum", not {optimizer!r}')
    W, C = _real(embeddings)
    joint = _joint(pair_counts, embeddings)
    share = joint.sum(axis=1)
    momentum, rates = 0.0, [learning_rate, learning_rate]
    if optimizer == "momentum":
        momentum = 0.9
        rates = [learning_rate * preconditioner(part) for part in (share, joint.sum(axis=0))]
    steps = np.zeros_like(W), np.zeros_like(C)
    scores, too_much = np.empty_like(joint), np.inf
    while True:
        mean, G = _loss_and_signal(W, C, joint, share, out=scores)
        if not mean < too_much:  # NaN is not below anything
            raise FloatingPointError(
                f"training ran away: a learning rate of {learning_rate:g} is too large here"
            )
        too_much = min(too_much, 1000 * max(mean, 1.0))
        yield float(mean)
        with np.errstate(over="ignore", invalid="ignore"):
            slopes = G @ C, G.T @ W
            for table, slope, step, rate in zip((W, C), slopes, steps, rates, strict=True):
                if weight_decay:
                    slope += weight_decay * table
                step *= momentum
                step -= rate * slope
                table += step


def preconditioner(share: np.ndarray) -> np.ndarray:
    """Return each row's factor (V, 1) on the step, ½ / √share; a word without any pair has no say.

    With the half a learning rate of 1 is safe on a handful of words too, at little cost on larger worlds.

    Parameters
    ----------
    share : (V,) array
        What part of all pairs each word has.
    """
    return np.where(share > 0, 0.5 / np.sqrt(np.where(share > 0, share, 1)), 0)[:, None]


def train(
    pair_counts,
    *,
    dim: int,
    rng: np.random.Generator,
    epochs: int = 1000,
    learning_rate: float = 1.0,
    init_scale: float = 0.1,
    optimizer: str = "gd",
    weight_decay: float = 0.0,
    tolerance: float | None = None,
    on_progress: Callable[[int, int, float], object] | None = None,
) -> Run:
    """Learn both tables from the counts, starting from small random numbers.

    Parameters
    ----------
    pair_counts : (V, V) array
        How often each (center, context) pair occurs.
    dim : int
        Number D of coordinates per vector.
    rng : numpy.random.Generator
        Decides the start, and nothing else: the same seed gives the same vectors, bit by bit, on one
        machine with one BLAS.
    epochs : int
        Number of full-batch steps. Each one uses every pair of the corpus.
    learning_rate, optimizer, weight_decay
        As for `descend`.
    init_scale : float
        Standard deviation of the start.
    tolerance : float, optional
        Stop as soon as the loss is within this many nats of its floor, `conditional_entropy`.
    on_progress : callable, optional
        Called as ``on_progress(epochs_done, epochs, loss)`` before the first step, with 0 epochs done, and
        after each one; see `helpers.progress.progress_bar`.

    Returns
    -------
    Run
        ``.embeddings``, and in ``.losses`` one loss before the first step and one after each, always
        without the price of length.
    """
    pair_counts = checks.pair_counts(pair_counts)
    epochs = checks.whole(epochs, "epochs", 0)
    enough = -np.inf
    if tolerance is not None:
        enough = conditional_entropy(pair_counts) + checks.positive(tolerance, "tolerance")
    embeddings = init_embeddings(len(pair_counts), dim, rng, init_scale)
    steps = descend(embeddings, pair_counts, learning_rate, optimizer, weight_decay)
    losses = []
    for epoch, mean in zip(range(epochs + 1), steps, strict=False):
        losses.append(mean)
        if on_progress:
            on_progress(epoch, epochs, mean)
        if mean <= enough:
            break
    return Run(embeddings, np.array(losses))


def _joint(pair_counts, embeddings: Embeddings | None = None) -> np.ndarray:
    """Return N / Σ N, (V, V): the share of all pairs that each (center, context) makes up."""
    N = checks.pair_counts(pair_counts, len(embeddings.W) if embeddings else None)
    return N / N.sum()


def _scores(embeddings: Embeddings) -> np.ndarray:
    """Return W Cᵀ (V, V): row w holds the scores of all contexts beside center w."""
    with np.errstate(over="ignore", invalid="ignore"):
        scores = embeddings.W @ embeddings.C.T
        differences = scores - scores.real.max(axis=1, keepdims=True)
    if not np.isfinite(differences).all():
        raise ValueError("the scores W Cᵀ must be finite, but these vectors are too long for that")
    return scores


@np.errstate(over="ignore", invalid="ignore")
def _loss_and_signal(W, C, joint, share, out):
    """Return `loss` and the G of `gradients` in one go, G in the place of `out`.

    `joint` is N / Σ N, and `share` holds its row sums.
    """
    scores = np.matmul(W, C.T, out=out)
    scores -= scores.max(axis=1, keepdims=True)  # softmax does not mind, and exp cannot overflow
    told = np.vdot(joint, scores)
    powers = np.exp(scores, out=scores)
    totals = powers @ np.ones(len(powers))  # a product is faster than a sum over short rows
    mean = share @ np.log(totals) - told
    powers *= (share / totals)[:, None]
    powers -= joint
    return mean, powers


def _real(embeddings: Embeddings) -> tuple[np.ndarray, np.ndarray]:
    if np.iscomplexobj(embeddings.W) or np.iscomplexobj(embeddings.C):
        raise TypeError("a step needs real tables, not complex ones")
    return embeddings.W, embeddings.C
