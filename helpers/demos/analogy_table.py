"""Analogy table: a − b + c step by step, with and without its inputs, on a text as clear as you like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from helpers.corpora import ROYAL_CUES, ROYAL_FILLERS, ROYAL_PEOPLE, royal_analogies, royal_world
from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.settings import Choice, Model, Slider, Steps, Switch
from helpers.demos.tour import press, turn
from helpers.geometry import analogy_answers, cosine_similarity, nearest_to
from helpers.pairs import encode_and_count
from helpers.palette import CENTER, GRAY, INK, PALE
from helpers.skipgram import train
from helpers.text import Vocabulary

ANALOGIES = royal_analogies()
SPOKEN = [words for kinds in ROYAL_CUES.values() for words in kinds.values()] + list(ROYAL_FILLERS.values())
WORDS = (*ROYAL_PEOPLE, *sorted(word for words in SPOKEN for word in words))
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
STEPS = {"a": (1, 0, 0), "a − b": (1, -1, 0), "a + c": (1, 0, 1), "a − b + c": (1, -1, 1)}
JUDGED = ("a − b + c", "a + c", "a")
WAYS = {False: "nothing left out", True: "a, b and c left out"}
LISTED = 5
SHORT = {"width": "150px", "label_width": "34px"}
SLIM = {"width": "265px", "label_width": "96px"}


@dataclass(frozen=True)
class TrainedText:
    """The royal world of one seed after training."""

    words: tuple[str, ...]
    index: dict[str, int]
    W: np.ndarray  # (V, D)
    right: dict[tuple[str, bool], float]  # the share of right answers, of JUDGED with inputs left out or not
    inputs_first: float  # the share of the analogies whose a − b + c is nearest to one of a, b and c


@lru_cache(128)
def written(informative: float, seed: int) -> tuple[Vocabulary, np.ndarray]:
    """Return the words of a text of 2,000 sentences, and how often each pair occurs in it."""
    sentences = royal_world(np.random.default_rng(seed), informative=informative)
    vocabulary, _, pair_counts = encode_and_count(sentences, window=2)
    return vocabulary, pair_counts


@lru_cache(128)
def trained(informative: float, dim: int, seed: int) -> TrainedText:
    """Write a text, train on it, and judge all 48 analogies."""
    vocabulary, counts = written(informative, seed)
    rng = np.random.default_rng(seed)
    run = train(counts, dim=dim, rng=rng, epochs=300, optimizer="momentum", tolerance=0.005)
    W, asked = run.embeddings.W, np.array([vocabulary.encode(words) for words in ANALOGIES])
    right = {
        (step, left_out): float((analogy_answers(W, asked, STEPS[step], left_out) == asked[:, 3]).mean())
        for step in JUDGED
        for left_out in WAYS
    }
    raw = analogy_answers(W, asked, exclude_inputs=False)
    first = float((raw[:, None] == asked[:, :3]).any(axis=1).mean())
    return TrainedText(vocabulary.words, vocabulary.index, W, right, first)


class AnalogyTableModel(Model):
    """One analogy in the royal world, and how all 48 of them fare."""

    a = Choice("a", "king", WORDS, "The word to start from", **SHORT)
    b = Choice("− b", "man", WORDS, "The word to subtract", **SHORT)
    c = Choice("+ c", "woman", WORDS, "The word to add", **SHORT)
    informative = Steps(
        "informative", 1.0, SHARES, "The share of the sentences whose cues are made to fit", **SLIM
    )
    dim = Slider("dimensions D", 20, 2, 30, 1, "Coordinates per vector", **SLIM)
    seed = Slider("seed", 0, 0, 99, 1, "Decides the text and the start of the training", **SLIM)
    leave_out = Switch("leave a, b and c out of the rankings", False, "As it is usually done")

    def another(self) -> None:
        """Go to another of the 48 analogies; after 48 times each has had its turn."""
        known = [words[:3] for words in ANALOGIES]
        place = known.index(self.inputs) if self.inputs in known else -7
        self.a, self.b, self.c, _ = ANALOGIES[(place + 7) % len(ANALOGIES)]

    @property
    def inputs(self) -> tuple[str, str, str]:
        return self.a, self.b, self.c

    @property
    def answer(self) -> str | None:
        """The word that the grammar expects; None where the inputs are not one of its 48 analogies."""
        return next((d for *abc, d in ANALOGIES if tuple(abc) == self.inputs), None)

    @property
    def trained(self) -> TrainedText:
        return trained(self.informative, self.dim, self.seed)

    def vector(self, word: str) -> np.ndarray:
        return self.trained.W[self.trained.index[word]]

    @property
    def target(self) -> np.ndarray:
        return self.vector(self.a) - self.vector(self.b) + self.vector(self.c)

    def ranked(self, step: str) -> list[tuple[str, float]]:
        """The words nearest to one of STEPS, with their cosines; none where a − b points nowhere."""
        trained, rows = self.trained, np.array([self.vector(word) for word in self.inputs])
        left_out = [trained.index[word] for word in self.inputs] if self.leave_out else []
        vector = np.array(STEPS[step]) @ rows
        if not vector.any():
            return []
        ids, cosines = nearest_to(trained.W, vector, LISTED, left_out)
        return [(trained.words[i], cosine) for i, cosine in zip(ids.tolist(), cosines.tolist(), strict=True)]

    @property
    def offsets(self) -> float | None:
        """The cosine between a − b and d − c: 1 when the two steps point in the same direction."""
        if self.answer is None:
            return None
        there = self.vector(self.answer) - self.vector(self.c)
        return cosine_similarity(self.vector(self.a) - self.vector(self.b), there)

    def plane(self, words) -> np.ndarray:
        """Place words on the plane through a, b and c: b at the origin, a above it, c to the right.

        a − b + c lies in this plane, too, and comes last. Other words are moved straight onto it.
        """
        origin = self.vector(self.b)
        rows = np.array([*(self.vector(word) for word in words), self.target]) - origin
        up, right = self.vector(self.a) - origin, self.vector(self.c) - origin
        # Where two inputs are one word there is no such plane: then other words help to span one.
        axes = []
        for direction in (up, right, *(rows[:-1])):
            for axis in axes:
                direction = direction - (direction @ axis) * axis
            if np.linalg.norm(direction) > 1e-6 * np.abs(rows).max() and len(axes) < 2:
                axes.append(direction / np.linalg.norm(direction))
        return np.column_stack((rows @ axes[1], rows @ axes[0]))

    def summary(self) -> str:
        (first, cosine), *_ = self.ranked("a − b + c")
        right, way = self.trained.right, "left out" if self.leave_out else "not left out"
        asked = f"{self.a} − {self.b} + {self.c}"
        told = f"the grammar says {self.answer}" if self.answer else "not one of the grammar's analogies"
        shares = ", ".join(f"{step} {right[step, False]:.0%} and {right[step, True]:.0%}" for step in JUDGED)
        return (
            f"{asked}, inputs {way}: nearest is {first} ({svg.number(cosine)}); {told}. "
            f"Right over all 48 analogies, without and with leaving out the inputs: {shares}."
        )


class AnalogyTable(Demo):
    """Put together a − b + c and see how near it comes, to what, and compared with what."""

    Model = AnalogyTableModel
    size = (860, 442)

    def actions(self) -> dict:
        return {"Another of the 48": self.model.another}

    def tour(self) -> Iterator[str]:
        """Spoil the sentences step by step, leave the inputs out, and try other analogies."""
        for share in (0.7, 0.5, 0.3, 0.2, 0.1, 0.0):
            yield turn(self, "informative", share)
        yield turn(self, "leave_out", True)
        for share in (0.1, 0.2, 0.3, 0.5, 0.7, 1.0):
            yield turn(self, "informative", share)
        for word in ("girl", "boy"):
            yield turn(self, "c", word)
        for _ in range(4):
            yield press(self, "Another of the 48")
        for dim in (10, 5, 4, 3, 2):
            yield turn(self, "dim", dim)

    def touch(self, key: str, x: float, y: float) -> None:
        """Take the step from b to a once more from the word that was touched: it becomes c."""
        if key == "map":
            words, points = _people(self.model)
            place = nearest(_frame(points).pixels(points[:-1]), x, y)
        else:
            rows = [(word, row) for _, ranked in _lists(self.model) for word, _, row in ranked]
            words = [word for word, _ in rows]
            place = nearest(((row.x + row.width / 2, row.y - 4) for _, row in rows), x, y, 50)
        if place is not None and words[place] in WORDS:
            self.model.set(c=words[place])

    def parts(self, model: AnalogyTableModel) -> list[str]:
        return [
            svg.panel((8, 2, 424, 438), [*_headline(model), *_plane(model)]),
            svg.panel((440, 2, 416, 206), _steps(model)),
            svg.panel((440, 208, 416, 232), _judged(Box(448, 232, 404, 200), model)),
        ]


MAP, LISTS = Box(20, 74, 400, 322), Box(448, 20, 404, 144)


def _people(model: AnalogyTableModel) -> tuple[list[str], np.ndarray]:
    """Return the words that are on the map, and where: a − b + c comes last."""
    words = list(dict.fromkeys((*model.inputs, *ROYAL_PEOPLE)))
    return words, model.plane(words)


def _frame(points: np.ndarray) -> Frame:
    return Frame.around(MAP, points, (75, 30))


def _headline(model: AnalogyTableModel) -> list[str]:
    (first, cosine), *_ = model.ranked("a − b + c")
    told = "not one of the grammar's analogies"
    if model.answer:
        news = "which is what is nearest" if first == model.answer else f"but {first} is nearest"
        told = f"the grammar's answer: {model.answer}, {news}"
    return [
        svg.text(MAP.x, 20, f"{model.a} − {model.b} + {model.c} ≈", 14, bold=True),
        svg.hero(MAP.x, 47, f"{first} {svg.number(cosine)}"),
        svg.note(MAP.x, 66, told, color=INK),
    ]


def _plane(model: AnalogyTableModel) -> list[str]:
    """Draw the parallelogram of the four corners, the other people, and their names."""
    words, points = _people(model)
    frame = _frame(points)
    *places, target = (frame.at(*point) for point in points.tolist())
    a, b, c = (places[words.index(word)] for word in model.inputs)
    dots, inks = zip(
        *((CENTER, CENTER) if word in model.inputs else (GRAY, INK) for word in words), strict=True
    )
    ring = [svg.dot(*places[words.index(model.answer)], INK, 8, filled=False)] if model.answer else []
    told = (
        "The plane through a, b and c: b → a and, dashed, the same step from c. Touch a word: it becomes c. "
        "Ring: the grammar's answer."
    )
    drawn = [
        frame.border(),
        svg.line(*b, *c, PALE, 2),
        svg.line(*a, *target, PALE, 2),
        svg.arrow(*b, *a, CENTER),
        svg.arrow(*c, *target, CENTER, dashed=True),
        *ring,
        *(
            svg.linked(word, [svg.dot(*place, color, 4.5)])
            for word, place, color in zip(words, places, dots, strict=True)
        ),
        svg.dot(*target, CENTER, 5.5, filled=False),
        labels.beside(frame, [*places, target], [*words, "a − b + c"], [*inks, CENTER]),
    ]
    return [svg.target("map", drawn), labels.paragraph(MAP.x, MAP.bottom + 18, [told], MAP.width)]


def _lists(model: AnalogyTableModel) -> list[tuple[Box, list]]:
    """Return for each step the box of its list, and its nearest words with cosines and boxes."""
    lists = []
    for step, column in zip(STEPS, LISTS.columns(*[None] * len(STEPS), gap=8), strict=True):
        head, *rows = column.rows(44, *[18] * LISTED)
        ranked = model.ranked(step)
        lists.append((head, [(*one, row) for one, row in zip(ranked, rows, strict=False)]))
    return lists


def _steps(model: AnalogyTableModel) -> list[str]:
    """List what is nearest to each step on the way to a − b + c."""
    parts = [svg.rect(*LISTS, "transparent")]
    for step, (head, ranked) in zip(STEPS, _lists(model), strict=True):
        parts.append(svg.text(head.x, head.bottom - 23, step, color=CENTER))
        parts.append(svg.line(head.x, head.bottom - 17, head.right, head.bottom - 17, PALE))
        parts += [_row(model, *one) for one in ranked]
        if not ranked:
            parts.append(svg.note(head.x, head.bottom, "points nowhere"))
    heading = svg.title(LISTS.x, LISTS.y, "nearest to each step, by cosine")
    parts = [heading, svg.target("lists", parts)]
    if model.answer:
        offsets = f"cos({model.a} − {model.b}, {model.answer} − {model.c}) = {svg.number(model.offsets)}"
        parts.append(svg.note(LISTS.x, LISTS.bottom + 12, f"the two steps: {offsets}", color=INK))
    return parts


def _row(model: AnalogyTableModel, word: str, cosine: float, row: Box) -> str:
    """Write a neighbor and its cosine; the grammar's answer is framed."""
    framed = svg.rect(row.x - 4, row.y - 13, row.width + 5, 18, stroke=INK, corner=3, thick=1.5)
    parts = [
        framed if word == model.answer else "",
        svg.note(row.x, row.y, word, color=CENTER if word in model.inputs else INK),
        svg.note(row.right, row.y, svg.number(cosine), "end"),
    ]
    return svg.linked(word, parts)


def _judged(box: Box, model: AnalogyTableModel) -> list[str]:
    """Draw the share of right answers for the arithmetic and for what does without."""
    trained, columns = model.trained, (78, 160, None)
    head, *rows, end = box.rows(30, *[28] * len(JUDGED), None)
    parts = [svg.title(box.x, box.y, "all 48 analogies: how often the right word is nearest")]
    for place, (left_out, words) in zip(head.columns(*columns)[1:], WAYS.items(), strict=True):
        parts.append(svg.text(place.x, place.y + 22, words, 12, bold=left_out == model.leave_out))
    for step, row in zip(JUDGED, rows, strict=True):
        parts.append(svg.text(row.x, row.y + 16, step, color=CENTER))
        for place, left_out in zip(row.columns(*columns)[1:], WAYS, strict=True):
            share, color = trained.right[step, left_out], CENTER if left_out == model.leave_out else GRAY
            track = Box(place.x, place.y, 100, 22)
            parts.append(charts.gauge(track, share, color, f"{share:.0%}", outlined=True))
    first = f"with nothing left out, a − b + c is nearest to a, b or c: {trained.inputs_first:.0%}"
    fit = f"cues made to fit: {model.informative:.0%} of sentences; a guess among people: 20%"
    return [*parts, svg.note(box.x, end.y + 22, first, color=INK), svg.note(box.x, end.y + 44, fit)]
