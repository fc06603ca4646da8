"""Two seeds: the small world trained twice from different random numbers; what agrees, and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np

from helpers.corpora import small_world
from helpers.demos import labels, svg
from helpers.demos.base import Demo, slider, steps
from helpers.demos.layout import Frame
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
from helpers.pairs import count_matrix
from helpers.palette import CENTER, GREY, INK, PALE, PAPER
from helpers.skipgram import conditional_entropy, train
from helpers.text import Vocabulary

SEEDS = 20
OPTIONS = {
    "seed_a": range(SEEDS),
    "seed_b": range(SEEDS),
    "init_scale": (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0),
    "dim": (2, 3, 5, 10, 20),
    "steps": (0, 15, 30, 60, 120),
    "weight_decay": (0.0, 0.0003, 0.001, 0.003),
}
FIRST = {"seed_a": 0, "seed_b": 1, "init_scale": 0.1, "dim": 20, "steps": 120, "weight_decay": 0.0}
LEARNING_RATE = 0.3  # safe with all of these, also for the longest first vectors
NAMED = ("car", "dog", "bread", "woman", "sleeps", "fast")
# A map may be turned as one likes; here, to have these words of seed a as near as can be to these places.
CORNERS = {"car": (-1.0, 1.0), "dog": (-1.0, -1.0), "bread": (1.0, 0.0)}
SHUFFLES = 5
SHOWN = 250  # dots in a scatter plot, at most
MOST = 1.5  # how far the bar of a score can reach
HOLD = 12  # frames for which each seed stays on the screen


@cache
def _text() -> tuple[list[str], np.ndarray]:
    """Return words and counts of the small world."""
    sentences = small_world(np.random.default_rng(0), sentences=2000)
    vocabulary = Vocabulary.from_sentences(sentences)
    ids = [vocabulary.encode(sentence) for sentence in sentences]
    return vocabulary.words, count_matrix(ids, 2, len(vocabulary))


@lru_cache(maxsize=1000)
def _trained(seed: int, init_scale: float, dim: int, steps: int, weight_decay: float):
    """Return the center vectors that a seed leads to, and their loss above its floor."""
    _, counts = _text()
    run = train(
        counts,
        dim=dim,
        rng=np.random.default_rng(seed),
        epochs=steps,
        learning_rate=LEARNING_RATE,
        init_scale=init_scale,
        optimizer="momentum",
        weight_decay=weight_decay,
    )
    return run.embeddings.W, run.losses[-1] - conditional_entropy(counts)


def _coordinates_alike(A, B) -> float:
    """Return the correlation of all coordinates of A with those of B."""
    return float(np.corrcoef(A.ravel(), B.ravel())[0, 1])


def _residual(A, B) -> float:
    return held_out_residual(A, B, np.random.default_rng(0))


MEASURES = {
    "coordinates: correlation": _coordinates_alike,
    "cosines: ranks (RSA)": rsa,
    "top-5 neighbors (Jaccard)": neighbor_overlap,
    "CKA": linear_cka,
    "residual of held-out words": _residual,
}
LESS_IS_MORE = "residual of held-out words"


@lru_cache(maxsize=1000)
def _by_chance(seed_a: int, seed_b: int, **settings: float) -> dict[str, np.ndarray]:
    """Return what the measures say after the words of b were shuffled."""
    (A, _), (B, _) = (_trained(seed, **settings) for seed in (seed_a, seed_b))
    return {
        name: null_distribution(measure, A, B, np.random.default_rng(0), SHUFFLES)
        for name, measure in MEASURES.items()
    }


class TwoSeedsModel:
    """The small world, trained from two seeds with the same settings.

    Attributes
    ----------
    seed_a, seed_b : int
        Where the random numbers of the two starts come from.
    init_scale : float
        Standard deviation of both starts.
    dim, steps : int
        Coordinates per vector, and training steps: gradient descent with momentum, since it is fast.
    weight_decay : float
        λ, the price of length.
    A, B : (V, D) float arrays
        Center vectors.
    excess : (float, float)
        Loss above its floor, in nats per pair, for a and for b.
    scores : dict of str to float
        How well the two agree, by each of MEASURES.
    chance : dict of str to array
        The same by chance.
    raw_a, raw_b : (V, 2) float arrays
        The first two coordinates of each.
    map_a, map_b : (V, 2) float arrays
        Both on one map, after B was rotated onto A.
    """

    def __init__(self):
        self.words, _ = _text()
        self.reset()

    def reset(self) -> None:
        self._look(**FIRST)

    def set(self, **changes: float) -> None:
        """Change some settings, each to one of its OPTIONS."""
        for name, value in changes.items():
            if value not in OPTIONS[name]:
                known = ", ".join(f"{option:g}" for option in OPTIONS[name])
                raise ValueError(f"{name} must be one of {known}, not {value!r}")
        self._look(**{name: changes.get(name, getattr(self, name)) for name in OPTIONS})

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

    def _look(self, seed_a: int, seed_b: int, **settings: float) -> None:
        """Train both and compare them."""
        (self.A, excess_a), (self.B, excess_b) = (_trained(seed, **settings) for seed in (seed_a, seed_b))
        self.seed_a, self.seed_b, self.excess = seed_a, seed_b, (excess_a, excess_b)
        for name, value in settings.items():
            setattr(self, name, value)
        A, B, self.chance = self.A, self.B, _by_chance(seed_a, seed_b, **settings)
        self.scores = {name: measure(A, B) for name, measure in MEASURES.items()}
        self.raw_a, self.raw_b = A[:, :2], B[:, :2]
        both = principal_coordinates(np.vstack((A, B @ procrustes(B, A))))
        both = both @ procrustes(both[[self.words.index(word) for word in CORNERS]], [*CORNERS.values()])
        self.map_a, self.map_b = both[: len(A)], both[len(A) :]


class TwoSeeds(Demo):
    """Train the small world from two seeds, and compare what comes out."""

    animated = True

    def __init__(self):
        model = TwoSeedsModel()
        tips = {
            "init_scale": ("init scale", "Size of the first numbers"),
            "dim": ("dimensions D", "Coordinates per vector"),
            "steps": ("training steps", "Steps with all pairs, with momentum"),
            "weight_decay": ("decay λ", "The price of length"),
        }
        controls = {
            "seed_a": slider("seed a", model.seed_a, 0, SEEDS - 1, 1, "Random numbers of the first start"),
            "seed_b": slider("seed b", model.seed_b, 0, SEEDS - 1, 1, "Random numbers of the second start"),
            **{name: steps(label, OPTIONS[name], FIRST[name], tip) for name, (label, tip) in tips.items()},
        }
        actions = {"Run b through the seeds": model.through_the_seeds, "Reset": model.reset}
        super().__init__(model, controls, actions)

    def draw(self) -> str:
        return _picture(self.model)


WIDTH, HEIGHT = 860, 566
LEFTS, SIDE = (20, 304), 264  # of the two columns of pictures
RIGHT = 602  # where the scores start
NOTE = (
    "Pale: by chance, after the words of b",
    f"were shuffled ({SHUFFLES} times).",
    "",
    "Trained with momentum, to be fast. Plain",
    "gradient descent agrees a little more",
    "from small starts, and less from large.",
)


def _picture(model: TwoSeedsModel) -> str:
    parts = [_maps(model), _scatters(model), _scores(model)]
    return svg.picture(WIDTH, HEIGHT, parts, model.summary())


def _maps(model: TwoSeedsModel) -> str:
    """Draw all words of both seeds on one sheet, before and after the rotation."""
    titles = "the first two coordinates", "after rotating b onto a"
    both = (model.raw_a, model.raw_b), (model.map_a, model.map_b)
    parts = []
    for left, title, (a, b) in zip(LEFTS, titles, both, strict=True):
        frame = _fitting(left, 34, np.vstack((a, b)))
        ones, others = frame.pixels(a), frame.pixels(b)
        chosen = [ones[model.words.index(word)] for word in NAMED]
        parts += [
            svg.text(left, 24, title, bold=True),
            frame.border(),
            svg.segments(zip(ones, others, strict=True), GREY, 0.7),
            _rings(others),
            svg.dots(ones, CENTER, 6),
            labels.beside(frame, chosen, NAMED, [INK] * len(NAMED), avoid=ones + others),
        ]
    low = 34 + SIDE + 18
    return "".join(parts) + (
        svg.dots([(26, low - 4)], CENTER, 6)
        + svg.text(36, low, f"a: seed {model.seed_a}", 12, GREY)
        + _rings([(126, low - 4)])
        + svg.text(136, low, f"b: seed {model.seed_b}", 12, GREY)
        + svg.text(LEFTS[1], low, "line: the same word, from a to b", 12, GREY)
    )


def _fitting(left: float, top: float, points: np.ndarray) -> Frame:
    """Return a square frame that shows all points, with equal units on both axes."""
    low, high = points.min(axis=0), points.max(axis=0)
    (x, y), reach = ((low + high) / 2).tolist(), 0.56 * float((high - low).max())
    return Frame(left, top, SIDE, SIDE, (x - reach, x + reach), (y - reach, y + reach))


def _rings(places) -> str:
    return svg.dots(places, CENTER, 7) + svg.dots(places, PAPER, 4)


def _scatters(model: TwoSeedsModel) -> str:
    """Draw number against number: coordinates to the left, cosines to the right."""
    pairs = np.triu_indices(len(model.words), 1)
    reach = max(np.abs(model.A).max(), np.abs(model.B).max())
    plots = (
        ("coordinates of words: a →, b ↑", [table.ravel() for table in (model.A, model.B)], reach),
        ("cosines of pairs: a →, b ↑", [cosine_matrix(table)[pairs] for table in (model.A, model.B)], 1.0),
    )
    parts = []
    for left, (title, both, reach) in zip(LEFTS, plots, strict=True):
        edges = -1.04 * reach, 1.04 * reach
        frame = Frame(left, 352, SIDE, 196, edges, edges)
        points = np.column_stack(both)
        parts += [
            svg.text(left, 343, title, bold=True),
            frame.border(),
            frame.cross(),
            svg.dots(frame.pixels(points[:: -(-len(points) // SHOWN)]), INK, 3),
        ]
    return "".join(parts)


def _scores(model: TwoSeedsModel) -> str:
    """Draw each score as a bar, and where it lies by chance."""
    zero, unit = RIGHT + 68, 68
    parts = [svg.text(RIGHT, 24, "how well a and b agree", bold=True)]
    for k, (name, score) in enumerate(model.scores.items()):
        y, draws = 58 + 66 * k, model.chance[name]
        low, high, mean = float(draws.min()), min(float(draws.max()), MOST), float(draws.mean())
        parts += [
            svg.text(RIGHT, y, name),
            svg.text(WIDTH - 12, y, svg.number(score), 15, INK, "end", bold=True),
            svg.rect(zero + unit * low, y + 8, max(unit * (high - low), 2), 24, PALE),
            svg.rect(zero, y + 13, unit * min(score, MOST), 14, INK),
            svg.line(zero, y + 6, zero, y + 34),
            svg.text(WIDTH - 12, y + 24, f"chance {svg.number(mean)}", 12, GREY, "end"),
        ]
        if name == LESS_IS_MORE:
            parts.append(svg.text(RIGHT, y + 24, "0 is best", 12, GREY))
    a, b = (svg.number(excess, 3) for excess in model.excess)
    parts.append(svg.text(RIGHT, 392, "loss above its floor, in nats per pair"))
    parts += [
        svg.text(RIGHT, 412, f"a: {a}", bold=True),
        svg.text(RIGHT + 110, 412, f"b: {b}", bold=True),
    ]
    parts += [svg.text(RIGHT, 444 + 18 * k, words, 12, GREY) for k, words in enumerate(NOTE)]
    return "".join(parts)
