"""The model of Two seeds: the small world trained from two starts, one turned onto the other, and scores."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from helpers.demos import small_world_text, svg
from helpers.demos.settings import Choice, Model, Slider, Steps, animation
from helpers.geometry import (
    held_out_residual,
    linear_cka,
    nearest_neighbors,
    neighbor_overlap,
    null_distribution,
    procrustes,
    rsa,
)
from helpers.skipgram import conditional_entropy, train

SEEDS = 20
WINDOW = 2
LEARNING_RATE = 0.3  # safe with all settings, also for the longest first vectors
# A map may be turned as one likes; here, to have these words of seed a as near as can be to these places.
CORNERS = {"car": (-1.0, 1.0), "dog": (-1.0, -1.0), "bread": (1.0, 0.0)}
NEAR = 5  # neighbors of the chosen word
SHUFFLES = 5
HOLD = 12  # frames for which each seed stays on the screen
TURN = 2  # percent of the way that b turns from frame to frame
SCALES = (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0)
SLIM = {"width": "265px", "label_width": "96px"}  # four controls side by side
# Plain gradient descent agrees a little more from small starts, and less from large.
MOMENTUM = "Steps with all pairs, with momentum, to be fast"


@lru_cache(maxsize=1000)
def _trained(seed: int, steps: int, **settings: float):
    """Return the center vectors that a seed leads to, and their loss above its floor."""
    counts, rng = small_world_text.pair_counts(WINDOW), np.random.default_rng(seed)
    how = {"learning_rate": LEARNING_RATE, "optimizer": "momentum"} | settings
    run = train(counts, rng=rng, epochs=steps, **how)
    return run.embeddings.W, run.losses[-1] - conditional_entropy(counts)


def turned(B, Q, share: float) -> np.ndarray:
    """Go a share of the way from B to B Q, for an orthogonal Q, and keep all distances on the way.

    A rotation turns a number of planes, each by its own angle; a share of it turns each by that share. If Q
    is no rotation but mirrors, too, then one direction of B turns over, through one dimension more.

    Returns
    -------
    (V, D + 1) array
        The last column is that dimension. It is 0 without a mirror, and in any case at both ends.
    """
    axis = np.zeros((len(Q), 1))
    if np.linalg.det(Q) < 0:  # then Q turns some direction into its opposite
        axis = np.linalg.eigh(Q + Q.T)[1][:, :1]
    R = Q - 2 * axis @ (axis.T @ Q)
    # R and this matrix have the same eigenvectors, but here they come out orthogonal to each other.
    _, U = np.linalg.eigh(np.exp(-1j) * R + np.exp(1j) * R.T)
    angles = np.angle(np.sum(U.conj() * (R @ U), axis=0))
    part = ((U * np.exp(1j * share * angles)) @ U.conj().T).real
    along = B @ axis
    folded = B - (1 - np.cos(np.pi * share)) * along @ axis.T
    return np.column_stack((folded @ part, np.sin(np.pi * share) * along))


LESS_IS_MORE = "held-out residual (0 is best)"
MEASURES = {
    "coordinates, as trained": lambda A, B: float(np.corrcoef(A.ravel(), B.ravel())[0, 1]),
    "cosines: ranks (RSA)": rsa,
    "top-5 neighbors (Jaccard)": neighbor_overlap,
    "CKA": linear_cka,
    LESS_IS_MORE: lambda A, B: held_out_residual(A, B, np.random.default_rng(0)),
}


@lru_cache(maxsize=1000)
def _by_chance(seed_a: int, seed_b: int, **settings: float) -> dict[str, np.ndarray]:
    """Return what the measures say after the words of b were shuffled."""
    (A, _), (B, _) = (_trained(seed, **settings) for seed in (seed_a, seed_b))
    return {
        name: null_distribution(measure, A, B, np.random.default_rng(0), SHUFFLES)
        for name, measure in MEASURES.items()
    }


class TwoSeedsModel(Model):
    """The small world, trained from two seeds with the same settings.

    Attributes
    ----------
    A, B : (V, D) float arrays
        Center vectors.
    excess : (float, float)
        Loss above its floor, in nats per pair, for a and for b.
    scores : dict of str to float
        How well the two agree, by each of MEASURES.
    chance : dict of str to array
        The same by chance.
    Q : (D, D) array
        The best turn of B onto A; `mirrored` says whether it is more than a rotation.
    map_a : (V, 2) float array
        A in the plane in which A and B Q vary most.
    extent : (2, 2) float array
        The least and the largest coordinates on both maps, on the whole way of b.
    """

    word = Choice("word", "car", lambda: small_world_text.text()[0].words, "Whose neighbors are lit", **SLIM)
    seed_a = Slider("seed a", 0, 0, SEEDS - 1, 1, "Random numbers of the first start", **SLIM)
    seed_b = Slider("seed b", 1, 0, SEEDS - 1, 1, "Random numbers of the second start", **SLIM)
    turned = Slider("b turned (%)", 0, 0, 100, TURN, "How far b has come on its way onto a", **SLIM)
    init_scale = Steps("init scale", 0.1, SCALES, "Size of the first numbers", **SLIM)
    dim = Steps("dimensions D", 20, (2, 3, 5, 10, 20), "Coordinates per vector", **SLIM)
    steps = Steps("steps", 120, (0, 15, 30, 60, 120), MOMENTUM, **SLIM)
    weight_decay = Steps("decay λ", 0.0, (0.0, 0.0003, 0.001, 0.003), "The price of length", **SLIM)

    def __init__(self):
        self.words = small_world_text.text()[0].words
        super().__init__()

    def start_over(self) -> None:
        super().start_over()
        self.compare()

    def changed(self, names: set[str]) -> None:
        """Compare anew, if need be; what is playing goes on from there."""
        if names - {"word", "turned"}:
            self.compare()

    def compare(self) -> None:
        """Train from both seeds, and see what agrees."""
        settings = {name: getattr(self, name) for name in ("init_scale", "dim", "steps", "weight_decay")}
        (A, excess_a), (B, excess_b) = (_trained(seed, **settings) for seed in (self.seed_a, self.seed_b))
        self.A, self.B, self.excess = A, B, (excess_a, excess_b)
        self.scores = {name: measure(A, B) for name, measure in MEASURES.items()}
        self.chance = _by_chance(self.seed_a, self.seed_b, **settings)
        self.Q = procrustes(B, A)
        self._choose_plane()

    def _choose_plane(self) -> None:
        """Look at A and B Q from where they vary most; b is seen from there on its whole way."""
        both = np.vstack((self.A, self.B @ self.Q))
        self._middle = both.mean(axis=0)
        plane = np.linalg.svd(both - self._middle)[2][:2].T
        seen = (self.A - self._middle)[[self.words.index(word) for word in CORNERS]] @ plane
        self._plane = plane @ procrustes(seen, [*CORNERS.values()])
        self.map_a = self._seen(self.A)
        way = np.vstack([self.map_a, *(self._seen(self.on_the_way(k / 10)) for k in range(11))])
        self.extent = np.array((way.min(axis=0), way.max(axis=0)))

    def on_the_way(self, share: float) -> np.ndarray:
        """Return B after a share of its turn onto A, (V, D): without what `turned` adds for a mirror."""
        return turned(self.B, self.Q, share)[:, : self.dim]

    def _seen(self, table: np.ndarray) -> np.ndarray:
        return (table - self._middle) @ self._plane

    @property
    def B_now(self) -> np.ndarray:
        """B as far as it has turned, (V, D)."""
        return self.on_the_way(self.turned / 100)

    @property
    def map_b(self) -> np.ndarray:
        """B as far as it has turned, in the plane of `map_a`, (V, 2)."""
        return self._seen(self.B_now)

    @property
    def correlation(self) -> float:
        """The correlation of the coordinates of A with those of B as far as it has turned."""
        return float(np.corrcoef(self.A.ravel(), self.B_now.ravel())[0, 1])

    @property
    def mirrored(self) -> bool:
        return bool(np.linalg.det(self.Q) < 0)

    def neighbors(self, table: np.ndarray) -> list[tuple[str, float]]:
        """Return the words nearest to the chosen one in a table, with their cosines."""
        ids, cosines = nearest_neighbors(table, self.words.index(self.word), NEAR)
        return [(self.words[i], cosine) for i, cosine in zip(ids.tolist(), cosines.tolist(), strict=True)]

    @property
    def shared(self) -> set[str]:
        """The neighbors of the chosen word that both seeds have."""
        return set(dict(self.neighbors(self.A))) & set(dict(self.neighbors(self.B)))

    @animation
    def rotate(self) -> Iterator[int]:
        """Turn b onto a; where it is there already, from the beginning."""
        if self.turned == 100:
            self.set(turned=0)
            yield 0
        while self.turned < 100:
            self.set(turned=min(self.turned + TURN, 100))
            yield self.turned

    @animation
    def through_the_seeds(self) -> Iterator[int]:
        """Let b be each of the seeds in turn, from the one after the present one on."""
        for _ in range(SEEDS):
            self.set(seed_b=(self.seed_b + 1) % SEEDS)
            for _ in range(HOLD):
                yield self.seed_b

    def summary(self) -> str:
        first, *agree = (svg.number(score) for score in self.scores.values())
        chance = [svg.number(float(draws.mean())) for draws in self.chance.values()]
        now = f", or {svg.number(self.correlation)} with b turned {self.turned}%" if self.turned else ""
        names = ("ranks of cosines", "top-5 neighbors", "CKA", "held-out residual")
        told = zip(names, agree, chance[1:], strict=True)
        return (
            f"Seeds {self.seed_a} and {self.seed_b}: of the {NEAR} nearest to {self.word}, "
            f"{len(self.shared)} {'is' if len(self.shared) == 1 else 'are'} the same. Agreement (by chance): "
            f"coordinates {first} ({chance[0]}){now}, "
            + ", ".join(f"{name} {score} ({luck})" for name, score, luck in told)
            + "."
        )
