"""Two seeds: the small world trained twice from different random numbers; what agrees, and what does not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.tour import turn, watch
from helpers.demos.two_seeds_model import MEASURES, NEAR, SHUFFLES, TwoSeedsModel
from helpers.geometry import cosine_matrix
from helpers.lettering import width
from helpers.palette import CENTER, GRAY, INK, PALE, PAPER

NAMED = ("car", "dog", "bread", "woman", "sleeps", "is")  # so that groups can be told
SHOWN = 250  # dots in a scatter plot, at most
MOST = 1.5  # how far the bar of a score can reach
PALE_BARS = f"pale: chance (b shuffled {SHUFFLES} times)"


class TwoSeeds(Demo):
    """Train the small world from two seeds, turn one onto the other, and compare what comes out."""

    Model = TwoSeedsModel
    size, animated = (860, 446), True

    def actions(self) -> dict:
        return {
            "Rotate b onto a": self.model.rotate,
            "Run b through the seeds": self.model.through_the_seeds,
        }

    def tour(self) -> Iterator[str]:
        """Change the start before b is turned onto a, and after; then large starts, decay, a small D."""
        for seed in (2, 3, 4):
            yield turn(self, "seed_b", seed)
        turn(self, "seed_b", 1)
        yield from watch(self, "Rotate b onto a", every=5)
        for word in ("dog", "bread", "moves"):
            yield turn(self, "word", word)
        turn(self, "word", "car")
        for seed in (2, 3, 4):
            yield turn(self, "seed_b", seed)
        turn(self, "seed_b", 1)
        for scale in (0.01, 0.3, 0.5, 1.0, 2.0):
            yield turn(self, "init_scale", scale)
        for decay in (0.0003, 0.001, 0.003):
            yield turn(self, "weight_decay", decay)
        turn(self, "init_scale", 0.1)
        turn(self, "weight_decay", 0.0)
        for dim in (10, 5, 3, 2):
            yield turn(self, "dim", dim)

    def carry_on(self, model: TwoSeedsModel) -> None:
        """Turn b all the way, where the maps look alike."""
        model.set(turned=100)

    def touch(self, key: str, x: float, y: float) -> None:
        """Choose the word whose point was touched, in either map."""
        box, points = (A_MAP, self.model.map_a) if key == "a" else (B_MAP, self.model.map_b)
        place = nearest(_frame(box, self.model).pixels(points), x, y)
        if place is not None:
            self.model.set(word=self.model.words[place])

    def parts(self, model: TwoSeedsModel) -> list[str]:
        return [
            svg.panel((8, 4, 294, 438), _seed_a(model)),
            svg.panel((304, 4, 294, 438), _seed_b(model)),
            svg.panel((612, 4, 244, 196), _scatters(Box(618, 22, 232, 170), model)),
            svg.panel((612, 200, 244, 242), _scores(Box(618, 220, 232, 214), model)),
        ]


A_MAP, B_MAP = Box(16, 32, 278, 278), Box(312, 32, 278, 278)


def _seed_a(model: TwoSeedsModel) -> list[str]:
    low, near = A_MAP.bottom, model.neighbors(model.A)
    return [
        svg.title(A_MAP.x, 22, f"a: seed {model.seed_a}"),
        *_map(A_MAP, model, "a", model.map_a, near),
        svg.note(A_MAP.x, low + 18, "Touch a word to see its neighbors."),
        *_list(A_MAP.x, low + 42, f"nearest to {model.word} in a", near, model),
    ]


def _seed_b(model: TwoSeedsModel) -> list[str]:
    """Draw b as far as it has turned, and from each word a line to where it is in a."""
    low, near = B_MAP.bottom, model.neighbors(model.B)
    ways = {0: "as trained", 100: "rotated onto a"}
    state = ways.get(model.turned, f"{model.turned}% of the turn onto a")
    mirror = "; b is mirrored once" if model.mirrored else ""
    ends = [_pixels(B_MAP, model, points) for points in (model.map_b, model.map_a)]
    return [
        svg.title(B_MAP.x, 22, f"b: seed {model.seed_b}, {state}"),
        svg.faded([svg.segments(zip(*ends, strict=True))], 0.5),
        *_map(B_MAP, model, "b", model.map_b, near),
        svg.note(B_MAP.x, low + 18, f"line: to its place in a{mirror}"),
        *_list(B_MAP.x, low + 42, f"in b: {len(model.shared)} of {NEAR} are the same", near, model),
    ]


def _frame(box: Box, model: TwoSeedsModel) -> Frame:
    return Frame.around(box, model.extent, (16, 16))


def _pixels(box: Box, model: TwoSeedsModel, points: np.ndarray) -> list[tuple[float, float]]:
    frame = _frame(box, model)
    return [frame.at(*point) for point in points.tolist()]


def _map(box: Box, model: TwoSeedsModel, key: str, points: np.ndarray, near: list) -> list[str]:
    """Draw all words, the chosen one and its neighbors larger and with their names."""
    frame, places = _frame(box, model), _pixels(box, model, points)
    lit = [model.word, *dict(near)]
    names = [*lit, *(word for word in NAMED if word not in lit)]
    spots = [places[model.words.index(word)] for word in names]
    rest = [place for word, place in zip(model.words, places, strict=True) if word not in lit]
    inks = [INK if word in lit else GRAY for word in names]
    if key == "b" and 0 < model.turned < 100:  # only one name on the way, which never changes sides
        named = _over(frame, spots[0], model.word)
    else:
        named = labels.beside(frame, spots, names, inks, avoid=rest, needed=len(lit), astray=False, bold=1)
    drawn = [
        svg.linked(word, [svg.dot(*spot, CENTER, 7 if word == model.word else 5, key == "a")])
        for word, spot in zip(lit, spots, strict=False)
    ]
    others = [svg.dots(rest, svg.mix(PAPER, CENTER, 0.6), 6)]
    if key == "b":
        others.append(svg.dots(rest, PAPER, 3))
    return [svg.target(key, [frame.border(), *others, *drawn[::-1], named])]


def _over(frame: Frame, spot: tuple[float, float], word: str) -> str:
    """Write a word right above its point."""
    half = width(word, 13, bold=True) / 2 + 2
    middle = min(max(spot[0], frame.x + half), frame.right - half)
    return svg.text(middle, spot[1] - 12, word, anchor="middle", bold=True)


def _list(x: float, y: float, title: str, near: list, model: TwoSeedsModel) -> list[str]:
    """List neighbors with their cosines; those that both seeds have are marked."""
    parts, shared = [svg.title(x, y, title)], model.shared
    for k, (word, cosine) in enumerate(near, 1):
        low, same = y + 17 * k + 1, word in shared
        mark = svg.text(x, low, "=" if same else "≠", bold=True, color=INK if same else GRAY)
        name = svg.text(x + 18, low, word, color=INK if same else GRAY)
        number = svg.text(x + 150, low, svg.number(cosine), 13, GRAY, "end")
        parts.append(svg.linked(word, [mark, name, number]))
    return parts


def _scatters(box: Box, model: TwoSeedsModel) -> list[str]:
    """Draw number against number: what changes when b turns, and what does not."""
    left, right = box.columns(None, None, gap=12)
    pairs = np.triu_indices(len(model.words), 1)
    cosines = [cosine_matrix(table)[pairs] for table in (model.A, model.B)]
    reach = max(np.abs(model.A).max(), np.linalg.norm(model.B, axis=1).max())
    return [
        svg.title(left.x, box.y, "coordinates"),
        svg.title(right.x, box.y, "cosines"),
        svg.hero(left.x, box.y + 30, svg.number(model.correlation)),
        svg.text(right.x, box.y + 28, svg.number(model.scores["cosines: ranks (RSA)"]), 15, bold=True),
        *_scatter(left, model.A.ravel(), model.B_now.ravel(), reach),
        *_scatter(right, *cosines, 1.0),
        svg.note(box.x, box.y + 168, "each dot: a →, b ↑"),
    ]


def _scatter(box: Box, a: np.ndarray, b: np.ndarray, reach: float) -> list[str]:
    edges, points = (-1.04 * reach, 1.04 * reach), np.column_stack((a, b))
    frame = Frame(box.x, box.y + 40, box.width, box.width, edges, edges)
    dots = svg.dots(frame.pixels(points[:: -(-len(points) // SHOWN)]), INK, 2.5)
    return [frame.border(), frame.cross(), dots]


def _scores(box: Box, model: TwoSeedsModel) -> list[str]:
    """Draw each score as a bar, and where it lies by chance."""
    head, *rows, end = box.rows(18, *[34] * len(MEASURES), None)
    parts = [svg.title(head.x, head.y, "how well a and b agree")]
    for (name, score), row in zip(model.scores.items(), rows, strict=True):
        parts += _score(row, name, score, model.chance[name])
    a, b = (svg.number(excess, 3) for excess in model.excess)
    return [
        *parts,
        svg.note(end.x, end.y + 2, PALE_BARS),
        svg.note(end.x, end.y + 20, f"loss above floor: a {a}, b {b}", color=INK),
    ]


def _score(box: Box, name: str, score: float, chance: np.ndarray) -> list[str]:
    zero, unit = box.x + 26, 82
    low, high = float(chance.min()), min(float(chance.max()), MOST)
    return [
        svg.text(box.x, box.y, name, 12),
        svg.text(box.right, box.y, svg.number(score), 13, anchor="end", bold=True),
        svg.rect(zero + unit * low, box.y + 5, max(unit * (high - low), 2), 14, PALE),
        charts.bar(zero, box.y + 8, unit * min(score, MOST), 8, INK),
        svg.line(zero, box.y + 4, zero, box.y + 20),
        svg.note(box.right, box.y + 16, f"chance {svg.number(float(chance.mean()))}", "end"),
    ]
