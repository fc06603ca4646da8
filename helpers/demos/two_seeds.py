"""Two seeds: the small world trained twice from different random numbers; what agrees, and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from helpers.demos import charts, labels, small_world_text, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.settings import Model, Slider, Steps, animation
from helpers.geometry import (
    cosine_matrix,
    held_out_residual,
    linear_cka,
    neighbor_overlap,
    null_distribution,
    principal_coordinates,
    procrustes,
    rsa,
)
from helpers.palette import CENTER, INK, PALE, PAPER
from helpers.skipgram import conditional_entropy, train

SEEDS = 20
WINDOW = 2
LEARNING_RATE = 0.3  # safe with all settings, also for the longest first vectors
NAMED = ("car", "dog", "bread", "woman", "sleeps", "fast")
# A map may be turned as one likes; here, to have these words of seed a as near as can be to these places.
CORNERS = {"car": (-1.0, 1.0), "dog": (-1.0, -1.0), "bread": (1.0, 0.0)}
SHUFFLES = 5
SHOWN = 250  # dots in a scatter plot, at most
MOST = 1.5  # how far the bar of a score can reach
HOLD = 12  # frames for which each seed stays on the screen
PALE_BARS = f"Pale: by chance, after the words of b were shuffled ({SHUFFLES} times)."
MOMENTUM = (
    "Trained with momentum, to be fast. Plain gradient descent agrees a little more from small starts, and "
    "less from large."
)


@lru_cache(maxsize=1000)
def _trained(seed: int, steps: int, **settings: float):
    """Return the center vectors that a seed leads to, and their loss above its floor."""
    counts, rng = small_world_text.pair_counts(WINDOW), np.random.default_rng(seed)
    how = {"learning_rate": LEARNING_RATE, "optimizer": "momentum"} | settings
    run = train(counts, rng=rng, epochs=steps, **how)
    return run.embeddings.W, run.losses[-1] - conditional_entropy(counts)


LESS_IS_MORE = "residual of held-out words"
MEASURES = {
    "coordinates: correlation": lambda A, B: float(np.corrcoef(A.ravel(), B.ravel())[0, 1]),
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
    map_a, map_b : (V, 2) float arrays
        Both on one map, after B was rotated onto A.
    """

    seed_a = Slider("seed a", 0, 0, SEEDS - 1, 1, "Random numbers of the first start")
    seed_b = Slider("seed b", 1, 0, SEEDS - 1, 1, "Random numbers of the second start")
    init_scale = Steps("init scale", 0.1, (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0), "Size of the first numbers")
    dim = Steps("dimensions D", 20, (2, 3, 5, 10, 20), "Coordinates per vector")
    steps = Steps("training steps", 120, (0, 15, 30, 60, 120), "Steps with all pairs, with momentum")
    weight_decay = Steps("decay λ", 0.0, (0.0, 0.0003, 0.001, 0.003), "The price of length")

    def __init__(self):
        self.words = small_world_text.text()[0].words
        super().__init__()

    def start_over(self) -> None:
        super().start_over()
        self.compare()

    def changed(self, names: set[str]) -> None:
        """Compare anew; the run through the seeds goes on from there."""
        self.compare()

    def compare(self) -> None:
        """Train from both seeds, and see what agrees."""
        settings = {name: getattr(self, name) for name in ("init_scale", "dim", "steps", "weight_decay")}
        (A, excess_a), (B, excess_b) = (_trained(seed, **settings) for seed in (self.seed_a, self.seed_b))
        self.A, self.B, self.excess = A, B, (excess_a, excess_b)
        self.scores = {name: measure(A, B) for name, measure in MEASURES.items()}
        self.chance = _by_chance(self.seed_a, self.seed_b, **settings)
        both = principal_coordinates(np.vstack((A, B @ procrustes(B, A))))
        both = both @ procrustes(both[[self.words.index(word) for word in CORNERS]], [*CORNERS.values()])
        self.map_a, self.map_b = both[: len(A)], both[len(A) :]

    @animation
    def through_the_seeds(self) -> Iterator[int]:
        """Let b be each of the seeds in turn, from the one after the present one on."""
        for _ in range(SEEDS):
            self.set(seed_b=(self.seed_b + 1) % SEEDS)
            for _ in range(HOLD):
                yield self.seed_b

    def summary(self) -> str:
        agree = [
            f"{svg.number(score)} (chance {svg.number(float(self.chance[name].mean()))})"
            for name, score in self.scores.items()
        ]
        price = f", λ = {self.weight_decay:g}" if self.weight_decay else ""
        return (
            f"Seeds {self.seed_a} and {self.seed_b}, D = {self.dim}, init scale {self.init_scale:g}, "
            f"{self.steps} steps{price}: coordinates correlate {agree[0]}, ranks of cosines {agree[1]}; "
            f"top-5 neighbors {agree[2]}, CKA {agree[3]}, held-out residual {agree[4]}."
        )


class TwoSeeds(Demo):
    """Train the small world from two seeds, and compare what comes out."""

    Model = TwoSeedsModel
    size, animated = (860, 566), True

    def actions(self) -> dict:
        return {"Run b through the seeds": self.model.through_the_seeds}

    def parts(self, model: TwoSeedsModel) -> list[str]:
        left, right = Box(20, 24, 828, 524).columns(548, 246, gap=34)
        maps, scatters = left.rows(319, None)
        return [*_maps(maps, model), *_scatters(scatters, model), *_scores(right, model)]


def _maps(box: Box, model: TwoSeedsModel) -> list[str]:
    """Draw all words of both seeds on one sheet, before and after the rotation."""
    left, right = box.columns(None, None, gap=20)
    low = box.y + 292
    return [
        *_map(left, model, "the first two coordinates", model.A[:, :2], model.B[:, :2]),
        *_map(right, model, "after rotating b onto a", model.map_a, model.map_b),
        svg.dots([(left.x + 6, low - 4)], CENTER, 6),
        svg.note(left.x + 16, low, f"a: seed {model.seed_a}"),
        _rings([(left.x + 106, low - 4)]),
        svg.note(left.x + 116, low, f"b: seed {model.seed_b}"),
        svg.note(right.x, low, "line: the same word, from a to b"),
    ]


def _map(box: Box, model: TwoSeedsModel, title: str, a: np.ndarray, b: np.ndarray) -> list[str]:
    frame = Frame.around(Box(box.x, box.y + 10, box.width, box.width), np.vstack((a, b)), (14, 14))
    ones, others = frame.pixels(a), frame.pixels(b)
    chosen = [ones[model.words.index(word)] for word in NAMED]
    return [
        svg.title(box.x, box.y, title),
        frame.border(),
        svg.segments(zip(ones, others, strict=True)),
        _rings(others),
        svg.dots(ones, CENTER, 6),
        labels.beside(frame, chosen, NAMED, [INK] * len(NAMED), avoid=ones + others),
    ]


def _rings(places) -> str:
    return svg.dots(places, CENTER, 7) + svg.dots(places, PAPER, 4)


def _scatters(box: Box, model: TwoSeedsModel) -> list[str]:
    """Draw number against number: coordinates to the left, cosines to the right."""
    left, right = box.columns(None, None, gap=20)
    pairs = np.triu_indices(len(model.words), 1)
    cosines = [cosine_matrix(table)[pairs] for table in (model.A, model.B)]
    reach = max(np.abs(model.A).max(), np.abs(model.B).max())
    return [
        *_scatter(left, "coordinates of words: a →, b ↑", model.A.ravel(), model.B.ravel(), reach),
        *_scatter(right, "cosines of pairs: a →, b ↑", *cosines, 1.0),
    ]


def _scatter(box: Box, title: str, a: np.ndarray, b: np.ndarray, reach: float) -> list[str]:
    edges, points = (-1.04 * reach, 1.04 * reach), np.column_stack((a, b))
    frame = Frame(box.x, box.y + 9, box.width, box.height - 9, edges, edges)
    dots = svg.dots(frame.pixels(points[:: -(-len(points) // SHOWN)]), INK, 3)
    return [svg.title(box.x, box.y, title), frame.border(), frame.cross(), dots]


def _scores(box: Box, model: TwoSeedsModel) -> list[str]:
    """Draw each score as a bar, and where it lies by chance."""
    head, *rows, end = box.rows(34, *[66] * len(MEASURES), None)
    parts = [svg.title(head.x, head.y, "how well a and b agree")]
    for (name, score), row in zip(model.scores.items(), rows, strict=True):
        parts += _score(row, name, score, model.chance[name])
    a, b = (svg.number(excess, 3) for excess in model.excess)
    return [
        *parts,
        svg.text(end.x, end.y + 4, "loss above its floor, in nats per pair"),
        svg.title(end.x, end.y + 24, f"a: {a}"),
        svg.title(end.x + 110, end.y + 24, f"b: {b}"),
        labels.paragraph(end.x, end.y + 56, [PALE_BARS], end.width),
        labels.paragraph(end.x, end.y + 102, [MOMENTUM], end.width),
    ]


def _score(box: Box, name: str, score: float, chance: np.ndarray) -> list[str]:
    zero, unit = box.x + 68, 68
    low, high = float(chance.min()), min(float(chance.max()), MOST)
    best = [svg.note(box.x, box.y + 24, "0 is best")] if name == LESS_IS_MORE else []
    return [
        svg.text(box.x, box.y, name),
        svg.text(box.right, box.y, svg.number(score), 15, anchor="end", bold=True),
        svg.rect(zero + unit * low, box.y + 8, max(unit * (high - low), 2), 24, PALE),
        charts.bar(zero, box.y + 13, unit * min(score, MOST), 14, INK),
        svg.line(zero, box.y + 6, zero, box.y + 34),
        svg.note(box.right, box.y + 24, f"chance {svg.number(float(chance.mean()))}", "end"),
        *best,
    ]
