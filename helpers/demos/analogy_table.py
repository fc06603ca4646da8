"""Analogy table: a − b + c step by step, with and without its inputs, on a text as clear as you like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from helpers import checks
from helpers.corpora import ROYAL_CUES, ROYAL_FILLERS, ROYAL_PEOPLE, royal_analogies, royal_world
from helpers.demos import labels, svg
from helpers.demos.base import Demo, choice, slider, steps, switch
from helpers.demos.layout import Frame
from helpers.geometry import analogy_answers, cosine_similarity, nearest_to
from helpers.pairs import count_matrix
from helpers.palette import CENTER, GREY, INK, PALE
from helpers.skipgram import train
from helpers.text import Vocabulary

ANALOGIES = royal_analogies()
SPOKEN = [words for kinds in ROYAL_CUES.values() for words in kinds.values()] + list(ROYAL_FILLERS.values())
WORDS = (*ROYAL_PEOPLE, *sorted(word for words in SPOKEN for word in words))
SHARES = (1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.0)
STEPS = {"a": (1, 0, 0), "a − b": (1, -1, 0), "a + c": (1, 0, 1), "a − b + c": (1, -1, 1)}
JUDGED = ("a − b + c", "a + c", "a")
LISTED = 5


@dataclass(frozen=True)
class TrainedText:
    """The royal world of one seed after training.

    Attributes
    ----------
    words : tuple of str
    index : dict from word to row
    W : (V, D) float array
    right : dict
        For each of JUDGED and each way (inputs left out: False, True), the share of right answers.
    inputs_first : float
        The share of the analogies whose a − b + c is nearest to one of a, b and c.
    """

    words: tuple[str, ...]
    index: dict[str, int]
    W: np.ndarray
    right: dict[tuple[str, bool], float]
    inputs_first: float


@lru_cache(128)
def _text(informative: float, seed: int) -> tuple[Vocabulary, np.ndarray]:
    sentences = royal_world(np.random.default_rng(seed), informative=informative)
    vocabulary = Vocabulary.from_sentences(sentences)
    ids = vocabulary.encode([word for sentence in sentences for word in sentence])
    ends = np.cumsum([len(sentence) for sentence in sentences])[:-1]
    return vocabulary, count_matrix(np.split(ids, ends), 2, len(vocabulary))


@lru_cache(128)
def trained(informative: float, dim: int, seed: int) -> TrainedText:
    """Write a text of 2,000 sentences, train on it, and judge all 48 analogies."""
    vocabulary, counts = _text(informative, seed)
    rng = np.random.default_rng(seed)
    run = train(counts, dim=dim, rng=rng, epochs=300, optimizer="momentum", tolerance=0.005)
    W, asked = run.embeddings.W, np.array([vocabulary.encode(words) for words in ANALOGIES])
    right = {
        (step, left_out): float((analogy_answers(W, asked, STEPS[step], left_out) == asked[:, 3]).mean())
        for step in JUDGED
        for left_out in (False, True)
    }
    raw = analogy_answers(W, asked, exclude_inputs=False)
    first = float((raw[:, None] == asked[:, :3]).any(axis=1).mean())
    return TrainedText(vocabulary.words, vocabulary.index, W, right, first)


class AnalogyTableModel:
    """One analogy in the royal world, and how all 48 of them fare.

    Attributes
    ----------
    a, b, c : str
        The three inputs.
    leave_out : bool
        Whether a, b and c are left out of the rankings.
    informative : float
        The share of the sentences whose cues fit the person.
    dim : int
        Number D of coordinates per vector.
    seed : int
        Decides the text, and the start of the training.
    """

    def __init__(self):
        self.reset()

    def reset(self) -> None:
        self.a, self.b, self.c, _ = ANALOGIES[0]
        self.leave_out, self.informative, self.dim, self.seed = False, 1.0, 20, 0

    def set(
        self,
        a: str | None = None,
        b: str | None = None,
        c: str | None = None,
        leave_out: bool | None = None,
        informative: float | None = None,
        dim: int | None = None,
        seed: int | None = None,
    ) -> None:
        inputs = [new or old for new, old in zip((a, b, c), (self.a, self.b, self.c), strict=True)]
        for word in inputs:
            if word not in WORDS:
                raise ValueError(f"the royal world has no word {word!r}; it has, for example, king and boy")
        if informative is not None and not 0 <= informative <= 1:
            raise ValueError(f"informative is a share of the sentences, from 0 to 1, not {informative}")
        dim = self.dim if dim is None else checks.whole(dim, "dim", 2)
        self.seed = self.seed if seed is None else checks.whole(seed, "seed", 0)
        self.informative = self.informative if informative is None else float(informative)
        self.leave_out = self.leave_out if leave_out is None else bool(leave_out)
        self.dim, (self.a, self.b, self.c) = dim, inputs

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
        told = f"the grammar says {self.answer}" if self.answer else "the grammar has no answer"
        shares = ", ".join(f"{step} {right[step, False]:.0%} and {right[step, True]:.0%}" for step in JUDGED)
        return (
            f"{asked}, inputs {way}: nearest is {first} ({svg.number(cosine)}); {told}. "
            f"Right over all 48 analogies, without and with leaving out the inputs: {shares}."
        )


class AnalogyTable(Demo):
    """Put together a − b + c and see how near it comes, to what, and compared with what."""

    def __init__(self):
        model = AnalogyTableModel()
        controls = {
            "a": choice("a", WORDS, model.a, "The word to start from"),
            "b": choice("− b", WORDS, model.b, "The word to subtract"),
            "c": choice("+ c", WORDS, model.c, "The word to add"),
            "leave_out": switch(
                "leave a, b and c out of the rankings", model.leave_out, "As it is usually done"
            ),
            "informative": steps(
                "informative", SHARES, model.informative, "The share of the sentences whose cues fit"
            ),
            "dim": slider("dimensions D", model.dim, 2, 30, 1, "Coordinates per vector"),
            "seed": slider("seed", model.seed, 0, 99, 1, "Decides the text and the start of the training"),
        }
        actions = {"Another of the 48": model.another, "Reset": model.reset}
        super().__init__(model, controls, actions)

    def draw(self) -> str:
        model = self.model
        parts = [_plane(model), _headline(model), _steps(model), _judged(model)]
        return svg.picture(860, 442, parts, model.summary())


def _plane(model: AnalogyTableModel) -> str:
    words = list(dict.fromkeys((*model.inputs, *ROYAL_PEOPLE)))
    points = model.plane(words)
    frame = _around(points)
    places = [frame.at(*point) for point in points.tolist()]
    a, b, c = (places[words.index(word)] for word in model.inputs)
    target = places.pop()
    parts = [
        svg.text(20, 24, "the plane through a, b and c", bold=True),
        frame.border(),
        svg.line(*b, *c, PALE, 2),
        svg.line(*a, *target, PALE, 2),
        svg.arrow(*b, *a, CENTER),
        svg.arrow(*c, *target, CENTER, dashed=True),
    ]
    if model.answer:
        parts.append(svg.dot(*places[words.index(model.answer)], INK, 8, filled=False))
    colors = [CENTER if word in model.inputs else GREY for word in words]
    parts += [svg.dot(x, y, color, 4.5) for (x, y), color in zip(places, colors, strict=True)]
    parts.append(svg.dot(*target, CENTER, 5.5, filled=False))
    inks = [CENTER if word in model.inputs else INK for word in words]
    parts.append(labels.beside(frame, [*places, target], [*words, "a − b + c"], [*inks, CENTER]))
    low = frame.y + frame.height
    parts += [
        svg.text(20, low + 19, "b → a and, dashed, the same step from c. The ring is the", 12, GREY),
        svg.text(20, low + 35, "grammar's answer. Words off the plane show their shadow.", 12, GREY),
    ]
    return "".join(parts)


def _around(points: np.ndarray) -> Frame:
    """Return a frame with room for all points and their names, with equal units on both axes."""
    x, y, width, height = 20, 36, 400, 350
    low, high = points.min(axis=0), points.max(axis=0)
    unit = max((high[0] - low[0]) / (width - 150), (high[1] - low[1]) / (height - 60), 1e-9)
    (left, bottom), half_width, half_height = (low + high) / 2, unit * width / 2, unit * height / 2
    return Frame(
        x,
        y,
        width,
        height,
        (left - half_width, left + half_width),
        (bottom - half_height, bottom + half_height),
    )


LEFT, COLUMN = 438, 104  # where the right half starts, and how wide a ranking is


def _headline(model: AnalogyTableModel) -> str:
    (first, _), *_ = model.ranked("a − b + c")
    told = f"the grammar's answer: {model.answer}" if model.answer else "not one of the grammar's analogies"
    if model.answer:
        told += ", which is what is nearest" if first == model.answer else f", but {first} is nearest"
    return svg.text(LEFT, 24, f"{model.a} − {model.b} + {model.c} ≈ {first}", 14, bold=True) + svg.text(
        LEFT, 43, told, 12
    )


def _steps(model: AnalogyTableModel) -> str:
    parts = [svg.text(LEFT, 76, "nearest to each step, by cosine", bold=True)]
    for k, step in enumerate(STEPS):
        x = LEFT + k * COLUMN
        parts += [svg.text(x, 97, step, 13, CENTER), svg.line(x, 103, x + COLUMN - 8, 103, PALE)]
        ranked = model.ranked(step)
        if not ranked:
            parts.append(svg.text(x, 120, "points nowhere", 12, GREY))
        for row, (word, cosine) in enumerate(ranked):
            y = 120 + 18 * row
            if word == model.answer:
                parts.append(svg.rect(x - 4, y - 13, COLUMN - 3, 18, stroke=INK, corner=3, thick=1.5))
            color = CENTER if word in model.inputs else INK
            parts.append(svg.text(x, y, word, 12, color))
            parts.append(svg.text(x + COLUMN - 8, y, svg.number(cosine), 12, GREY, "end"))
    if model.answer is not None:
        offsets = f"cos({model.a} − {model.b}, {model.answer} − {model.c}) = {svg.number(model.offsets)}"
        parts.append(svg.text(LEFT, 222, f"the two steps: {offsets}", 12))
    return "".join(parts)


def _judged(model: AnalogyTableModel) -> str:
    """Draw the share of right answers for the arithmetic and for what does without."""
    trained, middle = model.trained, LEFT + 232
    parts = [
        svg.text(LEFT, 262, "all 48 analogies: how often the right word is nearest", bold=True),
        svg.text(LEFT + 78, 284, "nothing left out", 12, bold=not model.leave_out),
        svg.text(middle, 284, "a, b and c left out", 12, bold=model.leave_out),
    ]
    for row, step in enumerate(JUDGED):
        y = 292 + 28 * row
        parts.append(svg.text(LEFT, y + 16, step, 13, CENTER))
        for x, left_out in ((LEFT + 78, False), (middle, True)):
            share = trained.right[step, left_out]
            parts += [
                svg.rect(x, y, 100, 22, stroke=PALE),
                svg.rect(x, y, 100 * share, 22, CENTER if left_out == model.leave_out else GREY),
                svg.text(x + 107, y + 16, f"{share:.0%}"),
            ]
    parts += [
        svg.text(
            LEFT,
            398,
            f"with nothing left out, a − b + c is nearest to a, b or c: {trained.inputs_first:.0%}",
            12,
        ),
        svg.text(
            LEFT, 420, f"cues fit in {model.informative:.0%} of the sentences; the rest is chance", 12, GREY
        ),
    ]
    return "".join(parts)
