"""One pair all the way: from a window over a sentence to the rows that move, one stage after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy

import numpy as np

from helpers.corpora import love_sentences
from helpers.demos import charts, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box
from helpers.demos.scores import gap_bars, truth
from helpers.demos.settings import Slider, SteppingModel, Steps, animation
from helpers.lettering import width
from helpers.pairs import skipgram_pairs
from helpers.palette import CENTER, CONTEXT, GRAY, INK, PALE, PAPER, ink_on
from helpers.skipgram import init_embeddings, pair_step
from helpers.softmax import learning_signal, softmax
from helpers.text import Vocabulary

WINDOW, DIM, INIT_SCALE = 1, 4, 0.5
STAGES = ("window", "ids", "row of W", "scores", "belief p", "p − q", "the step")
FIRST, LAST = 1, len(STAGES)
FADED = 0.22  # how much of a part is seen that is still to come


class OnePairAllTheWayModel(SteppingModel):
    """Skip-gram on the four love sentences, one pair at a time in reading order.

    Attributes
    ----------
    words : sequence of str
        The vocabulary; a word's place is its id.
    pairs : (P, 2) int array
        All pairs (center, context) as ids, in reading order.
    embeddings : Embeddings
        Both tables before the step of this pair.
    updates : int
        How many steps have been taken.
    """

    stage = Steps(
        "stage", FIRST, {f"{k} · {name}": k for k, name in enumerate(STAGES, 1)}, "How far the pair has come"
    )
    learning_rate = Slider("learning rate η", 0.3, 0.05, 0.6, 0.05, "The length of the steps")

    def __init__(self):
        self.sentences = love_sentences()
        vocabulary = Vocabulary.from_sentences(self.sentences)
        self.words, self._encode = vocabulary.words, vocabulary.encode
        self.pairs = skipgram_pairs([vocabulary.encode(sentence) for sentence in self.sentences], WINDOW)
        self._places = [
            (number, *place)
            for number, sentence in enumerate(self.sentences)
            for place in skipgram_pairs([range(len(sentence))], WINDOW).tolist()
        ]
        super().__init__()

    def start_over(self) -> None:
        super().start_over()
        rng = np.random.default_rng(0)
        self.embeddings, self.updates = init_embeddings(len(self.words), DIM, rng, INIT_SCALE), 0

    def changed(self, names: set[str]) -> None:
        """Go on: neither setting changes what has been learned."""

    # --- Moving on ---

    def next_stage(self) -> None:
        """Go to the next stage, and from the last one to the first of the next pair."""
        if self.stage < LAST:
            self.set(stage=self.stage + 1)
        else:
            self.next_pair()
            self.set(stage=FIRST)

    def back(self) -> None:
        """Go to the stage before, if there is one: a step that was taken stays taken."""
        self.set(stage=max(self.stage - 1, FIRST))

    def next_pair(self) -> None:
        """Take the step of this pair and go to the next, at the same stage."""
        self.interrupt()
        self.apply_update()

    def apply_update(self) -> None:
        pair_step(self.embeddings, self.center, self.context, self.learning_rate)
        self.updates += 1

    @animation
    def epoch(self) -> Iterator[None]:
        """Take as many steps as there are pairs, all stages in sight."""
        self.set(stage=LAST)
        yield from self.run(len(self.pairs))

    # --- The pair ---

    @property
    def turn(self) -> int:
        """The place of this pair among all pairs."""
        return self.updates % len(self.pairs)

    @property
    def epochs(self) -> int:
        """How many times all pairs have had their step."""
        return self.updates // len(self.pairs)

    @property
    def center(self) -> int:
        return int(self.pairs[self.turn, 0])

    @property
    def context(self) -> int:
        return int(self.pairs[self.turn, 1])

    @property
    def place(self) -> tuple[int, int, int]:
        """The sentence of this pair, and where in it center and context stand."""
        return self._places[self.turn]

    @property
    def sentence(self) -> list[str]:
        return self.sentences[self.place[0]]

    @property
    def sentence_ids(self) -> list[int]:
        return self._encode(self.sentence).tolist()

    # --- What the machine makes of it ---

    @property
    def w(self) -> np.ndarray:
        """The center's row of W, (D,)."""
        return self.embeddings.W[self.center]

    @property
    def scores(self) -> np.ndarray:
        """The score of each word as a context, (V,)."""
        return self.embeddings.C @ self.w

    @property
    def p(self) -> np.ndarray:
        """The model's belief, (V,)."""
        return softmax(self.scores)

    @property
    def signal(self) -> np.ndarray:
        """p − q, (V,)."""
        return learning_signal(self.scores, self.context)

    @property
    def step_w(self) -> np.ndarray:
        """How the center's row of W is about to move, (D,); no other row of W does."""
        return -self.learning_rate * self.signal @ self.embeddings.C

    @property
    def step_C(self) -> np.ndarray:
        """How all rows of C are about to move, (V, D)."""
        return -self.learning_rate * np.outer(self.signal, self.w)

    @property
    def reach(self) -> float:
        """The size of number that both tables show in the strongest color."""
        return max(1.5, *(float(np.abs(table).max()) for table in (self.embeddings.W, self.embeddings.C)))

    @property
    def p_after(self) -> float:
        """What the model will believe of the true context after the step."""
        after = deepcopy(self.embeddings)
        pair_step(after, self.center, self.context, self.learning_rate)
        return float(softmax(after.C @ after.W[self.center])[self.context])

    def summary(self) -> str:
        center, context = self.words[self.center], self.words[self.context]
        score, p, gap = (svg.number(of[self.context]) for of in (self.scores, self.p, -self.signal))
        told = (
            f"The window stands on “{center}” and sees “{context}”: that is the pair.",
            f"A word enters as its id: “{center}” is {self.center}, “{context}” is {self.context}.",
            f"The id {self.center} picks row {self.center} of W, the vector w of “{center}”.",
            f"The score of a word is the dot product of w with its row of C. “{context}” has {score}.",
            f"Softmax turns the scores into p: the model expects “{context}” with {p}.",
            f"The truth is “{context}”: its score is pulled up by {gap} (green), and the others are pushed "
            f"down (red-purple) by as much in all.",
            f"The row of “{center}” in W moves, and every row of C. After the step the model expects "
            f"“{context}” with {svg.number(self.p_after)} instead of {p}.",
        )
        return f"Pair {self.turn + 1} of {len(self.pairs)}, {center} → {context}. {told[self.stage - 1]}"


class OnePairAllTheWay(Demo):
    """Follow one pair through the whole machine, stage by stage."""

    Model = OnePairAllTheWayModel
    size, animated = (850, 500), True

    def actions(self) -> dict:
        model = self.model
        return {
            "Next stage": model.next_stage,
            "Back": model.back,
            "Next pair": model.next_pair,
            "Run an epoch": model.epoch,
        }

    def carry_on(self, model: OnePairAllTheWayModel) -> None:
        """Go to the last stage, where everything is seen."""
        model.set(stage=LAST)

    def parts(self, model: OnePairAllTheWayModel) -> list[str]:
        top, middle, low = Box(10, 10, 830, 478).rows(96, 190, None, gap=14)
        tables, steps = (
            [*box.rows(*[None] * len(model.words))]
            for box in (Box(10, middle.y + 58, 830, 132), Box(10, low.y + 40, 830, 120))
        )
        drawn = (
            _window(top, model),
            _ids(top, model),
            _row(middle, tables, model),
            _scores(middle, tables, model),
            _belief(middle, tables, model),
            _signal(middle, tables, model),
            _step(low, steps, model),
        )
        return [svg.faded(parts, FADED if stage > model.stage else 1) for stage, parts in enumerate(drawn, 1)]


# --- The stages ---------------------------------------------------------------------------------------

CELL = 41  # pixels of a number in a table
W_AT, C_AT, S_AT, P_AT, GAP_AT = 50, 301, 515, 529, 738  # where W, C and p begin, s ends, p − q is zero
WIDE = DIM * CELL


def _window(box: Box, model: OnePairAllTheWayModel) -> list[str]:
    """Draw the sentence, the window on it, and the pair that is taken from it."""
    number, center, context = model.place
    places = _places(box, model)
    seen = [place for k, place in enumerate(places) if abs(k - center) <= WINDOW]
    strip = seen[0].x - 5, seen[0].y - 5, seen[-1].right - seen[0].x + 10, 38
    middles = [place.x + place.width / 2 for place in places]
    colors = {center: CENTER, context: CONTEXT}
    told = f"pair {model.turn + 1} of {len(model.pairs)}:"
    at = P_AT + width(told, 13, bold=True) + 8
    then = at + width(model.sentence[center], 13, bold=True) + 6
    parts = [
        svg.title(box.x, box.y + 48, "1 · window"),
        svg.note(
            P_AT, box.y + 29, f"epoch {model.epochs + 1}, sentence {number + 1} of {len(model.sentences)}"
        ),
        svg.title(P_AT, box.y + 50, told),
        svg.text(at, box.y + 50, model.sentence[center], 13, CENTER, bold=True),
        svg.text(then, box.y + 50, f"→ {model.sentence[context]}", 13, CONTEXT, bold=True),
        svg.rect(*strip, svg.mix(PAPER, PALE, 0.6), corner=8),
    ]
    for k, (word, place) in enumerate(zip(model.sentence, places, strict=True)):
        color = colors.get(k)
        parts.append(svg.rect(*place, color or PAPER, color or PALE, corner=5))
        parts.append(svg.text(middles[k], place.y + 19, word, 13, PAPER if color else INK, "middle"))
    return [*parts, svg.arc(middles[center], middles[context], places[0].y - 2, 20, CONTEXT)]


def _places(box: Box, model: OnePairAllTheWayModel) -> list[Box]:
    """Return where the words of the sentence stand."""
    return Box(box.x + 120, box.y + 30, 340, 28).columns(*[None] * len(model.sentence), gap=10)


def _ids(box: Box, model: OnePairAllTheWayModel) -> list[str]:
    """Write the id of each word under it."""
    _, center, context = model.place
    colors, parts = {center: CENTER, context: CONTEXT}, [svg.title(box.x, box.y + 82, "2 · ids")]
    for k, (i, place) in enumerate(zip(model.sentence_ids, _places(box, model), strict=True)):
        middle, color = place.x + place.width / 2, colors.get(k, GRAY)
        parts.append(svg.text(middle, box.y + 82, str(i), 14, color, "middle", bold=k in colors))
    return parts


def _row(box: Box, rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw W, and the row that is looked up on its way to the scores."""
    lit, copy = Box(W_AT, rows[model.center].y, WIDE, rows[0].height), Box(C_AT, box.y + 32, WIDE, 20)
    turn = W_AT + WIDE + 18
    return [
        *_head(box.x, box.y, "3 · row of W", f"id {model.center} picks row {model.center}"),
        *_words(W_AT, rows, model),
        *_strips(W_AT, rows, model.embeddings.W, CENTER, model.reach),
        svg.rect(*lit, stroke=INK, thick=2),
        svg.curve([(lit.right + 2, lit.middle), (turn, lit.middle), (turn, copy.middle)], CENTER, 2),
        svg.arrow(turn, copy.middle, C_AT - 24, copy.middle, CENTER, 2),
        svg.text(C_AT - 8, copy.middle + 4.5, "w", 13, CENTER, "end", bold=True),
        *_strips(C_AT, [copy], [model.w], CENTER, model.reach),
        svg.rect(*copy, stroke=INK, thick=2),
    ]


def _scores(box: Box, rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw C under the w that it is multiplied with, and the score of each row."""
    numbers = zip(model.scores.tolist(), rows, strict=True)
    return [
        *_head(C_AT, box.y, "4 · scores s = w · row of C"),
        svg.text(S_AT, box.y + 46, "s", 13, INK, "end", bold=True),
        *_words(C_AT, rows, model),
        *_strips(C_AT, rows, model.embeddings.C, CONTEXT, model.reach),
        *(svg.text(S_AT, row.middle + 4.5, svg.number(score), 13, INK, "end") for score, row in numbers),
    ]


def _belief(box: Box, rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw p as bars."""
    p = model.p.tolist()
    return [
        *_head(P_AT, box.y, "5 · belief p", "softmax(s), sum 1"),
        charts.bars(P_AT, rows, [80 * value for value in p], [INK] * len(p), map(svg.number, p)),
    ]


def _signal(box: Box, rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw p − q as bars from the middle, and outline the truth."""
    row = rows[model.context]
    return [
        *_head(GAP_AT - 72, box.y, "6 · p − q", f"q: 1 for “{model.words[model.context]}”, 0 for others"),
        *gap_bars(rows, GAP_AT, 64, model.signal.tolist(), svg.number),
        truth(Box(S_AT - 44, row.y, 375, row.height)),
    ]


def _step(box: Box, rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw in strips how each row is about to move, and how far."""
    step_w, step_C, row = model.step_w, model.step_C, rows[model.center]
    limit = max(np.abs(step_w).max(), np.abs(step_C).max())
    far, lengths = float(np.linalg.norm(step_w)), np.linalg.norm(step_C, axis=1).tolist()
    bars, numbers = [80 * size / max(lengths) for size in lengths], (svg.number(size, 3) for size in lengths)
    aim, bar_at, end_at = model.words[model.context], C_AT + WIDE + 14, GAP_AT - 72
    change = f"{svg.number(model.p[model.context])} → {svg.number(model.p_after)}"
    return [
        *_head(box.x, box.y, "7 · the step: one row of W moves, and every row of C"),
        svg.note(W_AT, box.y + 33, "added to W"),
        svg.note(W_AT + WIDE + 6, box.y + 33, "length"),
        svg.note(C_AT, box.y + 33, "added to C"),
        svg.note(bar_at, box.y + 33, "length"),
        *_words(W_AT, rows, model),
        *_words(C_AT, rows, model),
        svg.grid(W_AT, rows[0].y, (WIDE, row.height), len(rows), 1),
        *_strips(W_AT, [row], [step_w], CENTER, limit, False),
        *_strips(C_AT, rows, step_C, CONTEXT, limit, False),
        svg.rect(W_AT, row.y, WIDE, row.height, stroke=INK, thick=2),
        svg.rect(C_AT, rows[0].y, WIDE, len(rows) * row.height, stroke=INK, thick=2),
        svg.text(W_AT + WIDE + 6, row.middle + 4.5, svg.number(far, 3), 12),
        charts.bars(bar_at, rows, bars, [CONTEXT] * len(rows), numbers),
        svg.title(end_at, rows[1].middle, f"p of “{aim}”"),
        svg.text(end_at, rows[2].middle + 6, change, 16, bold=True),
        svg.note(end_at, rows[3].middle + 8, "before → after the step"),
    ]


# --- What the stages are made of ----------------------------------------------------------------------


def _head(x: float, y: float, words: str, note: str = "") -> list[str]:
    """Write the heading of a stage, and under it what happens there."""
    return [svg.title(x, y + 12, words)] + ([svg.note(x, y + 29, note)] if note else [])


def _words(x: float, rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Write the words of a table's rows before it."""
    return [
        svg.text(x - 7, row.middle + 4.5, word, 13, INK, "end")
        for word, row in zip(model.words, rows, strict=True)
    ]


def _strips(
    x: float, rows: Sequence[Box], values, color: str, limit: float, numbers: bool = True
) -> list[str]:
    """Draw rows of numbers as strips: the table's color above zero, dark gray below, paler toward zero."""
    parts = []
    for row, some in zip(rows, np.asarray(values).tolist(), strict=True):
        for k, value in enumerate(some):
            left, written = x + k * CELL, svg.number(value)
            shade = svg.mix(PAPER, color if value > 0 else INK, 0.75 * abs(value) / limit)
            parts.append(svg.rect(left, row.y, CELL - 1, row.height - 1, shade))
            if numbers:  # placed by their width: shorter than to say so often that they stand in the middle
                at = left + (CELL - width(written, 12)) / 2, row.middle + 4
                parts.append(svg.text(*at, written, 12, ink_on(shade)))
    return parts
