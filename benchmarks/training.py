"""Training on the small world: exact gradients from counts against loops over pairs and minibatches.

    python benchmarks/training.py          two tables
    python benchmarks/training.py --tune   the search for the peers' settings; many minutes

Every competitor starts from the same tables and minimizes the same loss. Those of `helpers` run with
their default settings and pay for looking at their loss; each peer runs with the fastest settings of a
grid, and its loss is looked up with the clock stopped. The two loops run to the floor once, since they
take long; nothing is extrapolated.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, product
from pathlib import Path

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers.corpora import small_world
from helpers.pairs import count_matrix, encode_and_count, skipgram_pairs
from helpers.skipgram import Embeddings, conditional_entropy, descend, init_embeddings, loss, pair_step, train

try:
    import torch
except ImportError:
    torch = None

WITHIN = 0.01  # nats above the floor
DIM, WINDOW = 20, 2


@dataclass(frozen=True, eq=False)
class Corpus:
    """A corpus in all the forms that a competitor may want."""

    sentences: list[np.ndarray]
    pairs: np.ndarray
    counts: np.ndarray
    floor: float

    def start(self) -> Embeddings:
        return init_embeddings(len(self.counts), DIM, np.random.default_rng(0))

    def gap(self, W, C) -> float:
        return loss(Embeddings(W, C), self.counts) - self.floor


def make_corpus(sentences: int = 2000) -> Corpus:
    _, ids, counts = encode_and_count(small_world(np.random.default_rng(0), sentences), WINDOW)
    return Corpus(ids, skipgram_pairs(ids, WINDOW), counts, conditional_entropy(counts))


# --- The peers: each yields its tables `looks` times per pass over the pairs -------------------------

Tables = tuple[np.ndarray, np.ndarray]

# A step size, and the number of passes over which it falls to zero in a straight line (None: it stays).
Settings = tuple[float, int | None]


def pace(settings: Settings, steps_per_pass: int) -> Iterator[float]:
    step, passes = settings
    if passes is None:
        while True:
            yield step
    for done in range(passes * steps_per_pass):
        yield step * (1 - done / (passes * steps_per_pass))


def loop(corpus: Corpus, settings: Settings, looks: int = 1) -> Iterator[Tables]:
    """The textbook: one pair after the other, as `helpers.skipgram.pair_step` spells it out."""
    embeddings = corpus.start()
    steps, rng = pace(settings, len(corpus.pairs)), np.random.default_rng(0)
    while True:
        for part in parts(rng.permutation(corpus.pairs).tolist(), looks):
            for (center, context), step in zip(part, steps, strict=False):
                pair_step(embeddings, center, context, step)
            yield embeddings.W, embeddings.C


def bare_loop(corpus: Corpus, settings: Settings, looks: int = 1) -> Iterator[Tables]:
    """The same steps without checks, function calls or a loss: what a loop in NumPy costs at least."""
    embeddings = corpus.start()
    W, C = embeddings.W, embeddings.C
    steps, rng = pace(settings, len(corpus.pairs)), np.random.default_rng(0)
    while True:
        for part in parts(rng.permutation(corpus.pairs).tolist(), looks):
            for (center, context), step in zip(part, steps, strict=False):
                w = W[center]
                signal = C @ w
                signal -= signal.max()
                np.exp(signal, out=signal)
                signal /= signal.sum()
                signal[context] -= 1
                signal *= step
                center_step = signal @ C
                C -= signal[:, None] * w
                w -= center_step
            yield embeddings.W, embeddings.C


def minibatch(corpus: Corpus, size: int, settings: Settings, looks: int = 1) -> Iterator[Tables]:
    """NumPy on a few hundred pairs at a time."""
    embeddings = corpus.start()
    W, C = embeddings.W, embeddings.C
    steps, rng = pace(settings, -(-len(corpus.pairs) // size)), np.random.default_rng(0)
    while True:
        mixed = rng.permutation(corpus.pairs)
        for part in parts([mixed[i : i + size] for i in range(0, len(mixed), size)], looks):
            for batch, step in zip(part, steps, strict=False):
                W_gradient, C_gradient = minibatch_gradients(W, C, batch[:, 0], batch[:, 1])
                W -= step * W_gradient
                C -= step * C_gradient
            yield embeddings.W, embeddings.C


def minibatch_gradients(W, C, centers, contexts) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient of the mean loss of these pairs; a center that repeats adds up."""
    signal = W[centers] @ C.T
    signal -= signal.max(axis=1, keepdims=True)
    np.exp(signal, out=signal)
    signal /= signal.sum(axis=1, keepdims=True)
    signal[np.arange(len(centers)), contexts] -= 1
    signal /= len(centers)
    W_gradient = np.zeros_like(W)
    np.add.at(W_gradient, centers, signal @ C)
    return W_gradient, signal.T @ W[centers]


def with_torch(
    corpus: Corpus, size: int | None, optimizer: str, settings: Settings, looks: int = 1
) -> Iterator[Tables]:
    """PyTorch with autograd in its usual float32, on minibatches or (size None) on the counts."""
    start = corpus.start()
    W, C = (torch.tensor(t, dtype=torch.float32, requires_grad=True) for t in (start.W, start.C))
    shared = W.detach().numpy(), C.detach().numpy()
    make = {
        "SGD": torch.optim.SGD,
        "momentum": partial(torch.optim.SGD, momentum=0.9),
        "Adam": torch.optim.Adam,
    }
    optimizer = make[optimizer]([W, C], lr=settings[0])
    joint = torch.tensor(corpus.counts / corpus.counts.sum(), dtype=torch.float32)
    pairs = torch.tensor(corpus.pairs)
    steps = pace(settings, 1 if size is None else -(-len(pairs) // size))
    rng = torch.Generator().manual_seed(0)
    while True:
        todo = pairs[torch.randperm(len(pairs), generator=rng)].split(size) if size else [None]
        for part in parts(todo, looks):
            for batch, step in zip(part, steps, strict=False):
                optimizer.param_groups[0]["lr"] = step
                optimizer.zero_grad()
                torch_loss(W, C, batch, joint).backward()
                optimizer.step()
            yield shared


def torch_loss(W, C, batch, joint):
    """Return the mean loss of a batch of pairs, or (batch None) of all pairs by their shares."""
    if batch is None:
        return -(joint * torch.log_softmax(W @ C.T, dim=1)).sum()
    return torch.nn.functional.cross_entropy(W[batch[:, 0]] @ C.T, batch[:, 1])


def parts(items, looks: int) -> list:
    """Cut a pass into `looks` parts of about one length (fewer when it has fewer items)."""
    cuts = np.linspace(0, len(items), min(looks, len(items)) + 1).astype(int).tolist()
    return [items[a:b] for a, b in pairwise(cuts)]


# --- Who competes, and with which settings -----------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Rival:
    """A peer, the fastest settings that `--tune` found, and the grid it looked through."""

    peer: Callable[..., Iterator[Tables]]
    best: Settings
    steps: tuple[float, ...]
    passes: tuple[int | None, ...]
    looks: int = 16  # how often per pass the loss is looked up
    most_passes: int = 40

    def one_pass(self, corpus: Corpus, times: int) -> float:
        work = self.peer(corpus, settings=(self.best[0], None))
        if times > 1:
            next(work)  # warm up, where that takes no time
        return timing.clock(lambda: next(work), times)

    def to_the_floor(
        self, corpus: Corpus, within: float, settings: Settings | None = None
    ) -> tuple[float, float]:
        """Return the seconds and the passes until the loss is near the floor, infinite when it never is."""
        settings = settings or self.best
        work, seconds = self.peer(corpus, settings=settings, looks=self.looks), 0.0
        for look in range(1, (settings[1] or self.most_passes) * self.looks + 1):
            start = time.perf_counter()
            W, C = next(work)
            seconds += time.perf_counter() - start
            if not (np.isfinite(W).all() and np.isfinite(C).all()):
                break  # the step was too large
            if corpus.gap(W, C) <= within:
                return seconds, look / self.looks
        return float("inf"), float("inf")

    def seconds_to_the_floor(self, corpus: Corpus, within: float) -> float:
        return self.to_the_floor(corpus, within)[0]


LOOP, BARE_LOOP = "loop over pairs (pair_step)", "the same loop, bare NumPy"
TORCH = "torch" if torch is None else f"torch {torch.__version__.partition('+')[0]}"


def rivals() -> dict[str, Rival]:
    """Return all peers by name."""
    falling, fixed = (8, 12, 14, 16, 24), (None,)
    found = {
        LOOP: Rival(loop, (0.02, 14), (0.01, 0.02, 0.05, 0.1), falling),
        BARE_LOOP: Rival(bare_loop, (0.02, 14), (0.01, 0.02, 0.05, 0.1), falling),
    }
    for size, best in {128: (4, 14), 256: (8, 14), 512: (12, 16)}.items():
        peer = partial(minibatch, size=size)
        found[f"NumPy minibatch of {size}"] = Rival(peer, best, (1, 2, 4, 8, 12), falling)
    for size, optimizer, best, steps in (
        (128, "SGD", (4, 14), (1, 2, 4, 8)),
        (1024, "momentum", (2, 14), (0.5, 1, 2, 4)),
        (1024, "Adam", (0.05, 12), (0.02, 0.03, 0.05, 0.1)),
    ):
        peer = partial(with_torch, size=size, optimizer=optimizer)
        found[f"{TORCH} minibatch of {size:,}, {optimizer}"] = Rival(peer, best, steps, falling)
    for optimizer, best, steps in (
        ("SGD", (2, None), (1, 2, 3, 4)),
        ("momentum", (5, None), (2, 3, 4, 5, 6, 8)),
        ("Adam", (0.2, None), (0.03, 0.05, 0.1, 0.2, 0.3)),
    ):
        peer = partial(with_torch, size=None, optimizer=optimizer)
        rival = Rival(peer, best, steps, fixed, looks=1, most_passes=4000)
        found[f"{TORCH} on counts, {optimizer}"] = rival
    return found


def is_there(rival: Rival) -> bool:
    return bool(torch) or getattr(rival.peer, "func", None) is not with_torch


def epoch_table(corpus: Corpus, rounds: int, times: int) -> str:
    """Time one epoch: every pair of the corpus used once (from counts, this is one step)."""
    tasks = {}
    for optimizer in ("gd", "momentum"):
        steps = descend(corpus.start(), corpus.counts, optimizer=optimizer)
        tasks[f"counts, {optimizer}"] = partial(timing.clock, partial(next, steps), times)
    for name, rival in rivals().items():
        repeat = times if rival.looks == 1 else 1
        tasks[name] = partial(rival.one_pass, corpus, repeat) if is_there(rival) else None
    title = f"One epoch: {len(corpus.pairs):,} pairs, {len(corpus.counts)} words, {DIM} dimensions"
    return timing.race(title, tasks, rounds)


def floor_table(corpus: Corpus, rounds: int, within: float) -> str:
    """Time the way from the start to `within` nats of the lowest loss that there is."""
    tasks = {}
    for name, optimizer, recount in (
        ("recount and retrain: count_matrix, momentum", "momentum", True),
        ("counts, momentum", "momentum", False),
        ("counts, gd", "gd", False),
    ):
        tasks[name] = partial(timing.clock, partial(ours, corpus, within, optimizer, recount))
    for name, rival in rivals().items():
        tasks[name] = partial(rival.seconds_to_the_floor, corpus, within) if is_there(rival) else None
    title = f"From the start to within {within:g} nats of the floor"
    return timing.race(title, tasks, rounds, once={LOOP, BARE_LOOP})


def ours(corpus: Corpus, within: float, optimizer: str, recount: bool) -> None:
    counts = count_matrix(corpus.sentences, WINDOW, len(corpus.counts)) if recount else corpus.counts
    losses = train(
        counts, dim=DIM, rng=np.random.default_rng(0), epochs=5000, optimizer=optimizer, tolerance=within
    ).losses
    if losses[-1] > corpus.floor + within:
        raise RuntimeError(f"{optimizer} stopped before the floor")


def tune(corpus: Corpus, within: float) -> None:
    """Print the three fastest settings of every grid; this takes many minutes."""
    for name, rival in rivals().items():
        if name == LOOP:
            continue  # takes the steps of the bare loop, only later
        if not is_there(rival):
            print(f"{name}: not installed")
            continue
        # Too large a step is part of the search.
        with np.errstate(over="ignore", invalid="ignore"):
            tried = [
                (rival.to_the_floor(corpus, within, settings)[1], settings)
                for settings in product(rival.steps, rival.passes)
            ]
        # Passes, not seconds: a pass of one rival always takes the same work, whatever the step.
        for needed, (step, passes) in sorted(tried, key=lambda t: t[0])[:3]:
            how = "fixed" if passes is None else f"falling to 0 over {passes}"
            print(f"{name}: {needed:.3g} passes with step {step:g}, {how}", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("--tune", action="store_true", help="search the settings of the peers; many minutes")
    options = parser.parse_args(arguments)
    sentences, rounds, times, within = (30, 1, 1, 1.6) if options.small else (2000, 5, 100, WITHIN)
    corpus = make_corpus(sentences)
    if torch:
        torch.set_num_threads(1)
        for optimizer in ("SGD", "Adam"):  # the first use of each imports a lot
            next(with_torch(corpus, None, optimizer, (1.0, None)))
    if options.tune:
        return tune(corpus, within)
    print(timing.versions("numpy", "torch"), end="\n\n")
    print(epoch_table(corpus, rounds, times), flush=True)
    print(floor_table(corpus, rounds, within), flush=True)


if __name__ == "__main__":
    timing.one_thread()
    main()
