"""One pair all the way: from a window over a sentence to the rows that move, one stage after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from helpers.demos import charts, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box
from helpers.demos.one_pair_all_the_way_model import DIM, LAST, WINDOW, OnePairAllTheWayModel
from helpers.demos.scores import gap_bars, truth
from helpers.demos.tour import press, watch
from helpers.lettering import width
from helpers.palette import CENTER, CONTEXT, GRAY, INK, PALE, PAPER, ink_on

FADED = 0.22  # how much of a part is seen that is still to come


class OnePairAllTheWay(Demo):
    """Follow one pair through the whole machine, stage by stage."""

    Model = OnePairAllTheWayModel
    size, animated = (852, 470), True

    def actions(self) -> dict:
        model = self.model
        return {
            "Next stage": model.next_stage,
            "Back": model.back,
            "Next pair": model.next_pair,
            "Run an epoch": model.epoch,
        }

    def tour(self) -> Iterator[str]:
        """Follow one pair, then others, and run epochs until dog and cat look alike."""
        for _ in range(6):
            yield press(self, "Next stage")
        for _ in range(3):
            yield press(self, "Next pair")
        yield from watch(self, "Run an epoch", every=12)
        for _ in range(10):
            yield press(self, "Run an epoch")

    def carry_on(self, model: OnePairAllTheWayModel) -> None:
        """Go to the last stage, where everything is seen."""
        model.set(stage=LAST)

    def touch(self, key: str, x: float, y: float) -> None:
        """Go to the stage that was touched."""
        self.model.set(stage=int(key.removeprefix("stage")))

    def parts(self, model: OnePairAllTheWayModel) -> list[str]:
        tables, steps = (Box(10, y, 830, 6 * high).rows(*[high] * 6) for y, high in ((164, 22), (342, 20)))
        panels = (
            ((4, 2, 430, 98), {1: _window(model), 2: _ids(model)}),
            ((524, 2, 324, 98), {1: _pair(model)}),
            ((4, 102, 258, 198), {3: _row(tables, model)}),
            ((264, 102, 258, 198), {3: _copy(model), 4: _scores(tables, model)}),
            ((524, 102, 324, 198), {5: _belief(tables, model), 6: _signal(tables, model)}),
            ((4, 302, 258, 166), {7: _step_w(steps, model)}),
            ((264, 302, 346, 166), {7: _step_C(steps, model)}),
        )
        drawn = [
            svg.panel(box, [_stage(model, stage, parts) for stage, parts in stages.items()])
            for box, stages in panels
        ]
        # What all stages come to is never pale: a reader sees from the start where this is going.
        return [*drawn, svg.panel((612, 302, 236, 166), [svg.target(f"stage{LAST}", _after(model))])]


def _stage(model: OnePairAllTheWayModel, stage: int, parts: list[str]) -> str:
    """Let a stage be touched, and draw it pale if it is still to come."""
    return svg.faded([svg.target(f"stage{stage}", parts)], FADED if stage > model.stage else 1)


# --- The stages ---------------------------------------------------------------------------------------

CELL = 41  # pixels of a number in a table
W_AT, C_AT, S_AT, P_AT, GAP_AT = 50, 301, 515, 529, 738  # where W, C and p begin, s ends, p − q is zero
WIDE = DIM * CELL
COPY = Box(C_AT, 137, WIDE, 20)


def _window(model: OnePairAllTheWayModel) -> list[str]:
    """Draw the sentence, and the window on it."""
    _, center, context = model.place
    places = _places(model)
    seen = [place for k, place in enumerate(places) if abs(k - center) <= WINDOW]
    strip = seen[0].x - 5, seen[0].y - 5, seen[-1].right - seen[0].x + 10, 38
    middles = [place.x + place.width / 2 for place in places]
    colors = {center: CENTER, context: CONTEXT}
    parts = [
        _ground(4, 2, 430, 74),
        svg.title(10, 56, "1 · window"),
        svg.rect(*strip, svg.mix(PAPER, PALE, 0.6), corner=8),
    ]
    for k, (word, place) in enumerate(zip(model.sentence, places, strict=True)):
        color = colors.get(k)
        name = svg.text(middles[k], place.y + 19, word, 13, PAPER if color else INK, "middle")
        parts.append(svg.linked(word, [svg.rect(*place, color or PAPER, color or PALE, corner=5), name]))
    return [*parts, svg.arc(middles[center], middles[context], places[0].y - 2, 20, CONTEXT)]


def _places(model: OnePairAllTheWayModel) -> list[Box]:
    """Return where the words of the sentence stand."""
    return Box(114, 38, 310, 28).columns(*[None] * len(model.sentence), gap=10)


def _ids(model: OnePairAllTheWayModel) -> list[str]:
    """Write the id of each word under it."""
    _, center, context = model.place
    colors, parts = (
        {center: CENTER, context: CONTEXT},
        [_ground(4, 76, 430, 24), svg.title(10, 91, "2 · ids")],
    )
    for k, (i, place) in enumerate(zip(model.sentence_ids, _places(model), strict=True)):
        middle, color = place.x + place.width / 2, colors.get(k, GRAY)
        number = svg.text(middle, 91, str(i), 14, color, "middle", bold=k in colors)
        parts.append(svg.linked(model.sentence[k], [number]))
    return parts


def _pair(model: OnePairAllTheWayModel) -> list[str]:
    """Say which pair the window gives."""
    number, center, context = model.place
    told = f"pair {model.turn + 1} of {len(model.pairs)}:"
    at = P_AT + width(told, 13, bold=True) + 8
    then = at + width(model.sentence[center], 13, bold=True) + 6
    sentence = f"epoch {model.epochs + 1}, sentence {number + 1} of {len(model.sentences)}"
    return [
        svg.note(P_AT, 37, sentence),
        svg.title(P_AT, 58, told),
        svg.text(at, 58, model.sentence[center], 13, CENTER, bold=True),
        svg.text(then, 58, f"→ {model.sentence[context]}", 13, CONTEXT, bold=True),
    ]


def _row(rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw W, and the row that is looked up on its way to the scores."""
    lit, turn = Box(W_AT, rows[model.center].y, WIDE, rows[0].height), W_AT + WIDE + 18
    return [
        _ground(4, 102, 258, 198),
        *_head(10, "3 · row of W", f"id {model.center} picks row {model.center}"),
        *_table(W_AT, rows, model, model.embeddings.W, CENTER, model.reach),
        svg.rect(*lit, stroke=INK, thick=2),
        svg.curve([(lit.right + 2, lit.middle), (turn, lit.middle), (turn, COPY.middle)], CENTER, 2),
        svg.arrow(turn, COPY.middle, 260, COPY.middle, CENTER, 2),
    ]


def _copy(model: OnePairAllTheWayModel) -> list[str]:
    """Draw the row again, above the table that it is multiplied with."""
    return [
        _ground(264, 128, 258, 34),
        svg.text(C_AT - 8, COPY.middle + 4.5, "w", 13, CENTER, "end", bold=True),
        svg.linked(model.words[model.center], _strip(COPY, model.w, CENTER, model.reach)),
        svg.rect(*COPY, stroke=INK, thick=2),
    ]


def _scores(rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw C under the w that it is multiplied with, and the score of each row."""
    numbers = (
        svg.text(S_AT, row.middle + 4.5, svg.number(score), 13, INK, "end")
        for score, row in zip(model.scores.tolist(), rows, strict=True)
    )
    return [
        _ground(264, 102, 258, 26),
        _ground(264, 162, 258, 138),
        *_head(C_AT - 30, "4 · scores s = w · row of C"),
        svg.text(S_AT, 152, "s", 13, INK, "end", bold=True),
        *_table(C_AT, rows, model, model.embeddings.C, CONTEXT, model.reach),
        *_each(model, numbers),
    ]


def _belief(rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw p as bars."""
    return [
        _ground(524, 102, 134, 198),
        *_head(P_AT, "5 · belief p", "softmax(s), sum 1"),
        *_bars(P_AT, rows, model, 80 * model.p, INK, map(svg.number, model.p.tolist())),
    ]


def _signal(rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw p − q as bars from the middle, and outline the truth."""
    row = rows[model.context]
    zero, *bars = gap_bars(rows, GAP_AT, 64, model.signal.tolist(), svg.number)
    return [
        _ground(640, 102, 208, 198),
        *_head(GAP_AT - 72, "6 · p − q", f"q: 1 for “{model.words[model.context]}”, 0 for others"),
        zero,
        *_each(model, bars),
        truth(Box(526, row.y, 320, row.height)),
    ]


def _step_w(rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw how one row of W is about to move, and how far."""
    row, word, limit = rows[model.center], model.words[model.center], _longest(model)
    far = svg.number(float(np.linalg.norm(model.step_w)), 3)
    strip = _strip(row, model.step_w, CENTER, limit, False, W_AT)
    return [
        _ground(4, 302, 258, 166),
        svg.title(10, 316, "7 · the step: one row of W"),
        svg.note(W_AT, 335, "added to W"),
        svg.note(W_AT + WIDE + 6, 335, "length"),
        *_words(W_AT, rows, model),
        svg.grid(W_AT, rows[0].y, (WIDE, row.height), len(rows), 1),
        svg.linked(word, [*strip, svg.text(W_AT + WIDE + 6, row.middle + 4.5, far, 12)]),
        svg.rect(W_AT, row.y, WIDE, row.height, stroke=INK, thick=2),
    ]


def _step_C(rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Draw how each row of C is about to move, and how far."""
    lengths, bar_at = np.linalg.norm(model.step_C, axis=1), C_AT + WIDE + 14
    numbers = (svg.number(size, 3) for size in lengths.tolist())
    return [
        _ground(264, 302, 346, 166),
        svg.title(C_AT - 30, 316, "moves, and every row of C"),
        svg.note(C_AT, 335, "added to C"),
        svg.note(bar_at, 335, "length"),
        *_table(C_AT, rows, model, model.step_C, CONTEXT, _longest(model), False),
        svg.rect(C_AT, rows[0].y, WIDE, len(rows) * rows[0].height, stroke=INK, thick=2),
        *_bars(bar_at, rows, model, 80 * lengths / lengths.max(), CONTEXT, numbers),
    ]


def _after(model: OnePairAllTheWayModel) -> list[str]:
    """Write what the step leads to."""
    change = f"{svg.number(model.p[model.context])} → {svg.number(model.p_after)}"
    return [
        _ground(612, 302, 236, 166),
        svg.title(630, 366, f"p of “{model.words[model.context]}”"),
        svg.hero(630, 398, change),
        svg.note(630, 420, "before → after the step"),
    ]


# --- What the stages are made of ----------------------------------------------------------------------


def _ground(x: float, y: float, wide: float, high: float) -> str:
    """Let the space between the shapes of a stage be touched as well."""
    return svg.rect(x, y, wide, high, "transparent")


def _head(x: float, words: str, note: str = "") -> list[str]:
    """Write the heading of a stage, and under it what happens there."""
    return [svg.title(x, 118, words)] + ([svg.note(x, 135, note)] if note else [])


def _longest(model: OnePairAllTheWayModel) -> float:
    """Return the largest number of the step, which has the strongest color."""
    return max(np.abs(model.step_w).max(), np.abs(model.step_C).max())


def _each(model: OnePairAllTheWayModel, parts: Iterable[str]) -> list[str]:
    """Link each part to its word: a hand on one lights up what belongs to the word at every stage."""
    return [svg.linked(word, [part]) for word, part in zip(model.words, parts, strict=True)]


def _words(x: float, rows: Sequence[Box], model: OnePairAllTheWayModel) -> list[str]:
    """Write the words of a table's rows before it."""
    return [
        svg.text(x - 7, row.middle + 4, word, 13, INK, "end")
        for word, row in zip(model.words, rows, strict=True)
    ]


def _bars(x: float, rows: Sequence[Box], model, lengths: np.ndarray, color: str, numbers) -> list[str]:
    """Draw a bar for each word, with its number."""
    bars = (
        charts.bar(x, row.y + 0.15 * row.height, length, 0.7 * row.height, color, number)
        for row, length, number in zip(rows, lengths.tolist(), numbers, strict=True)
    )
    return [svg.line(x, rows[0].y, x, rows[-1].bottom), *_each(model, bars)]


def _table(
    x: float, rows: Sequence[Box], model, values, color: str, limit: float, numbers: bool = True
) -> list[str]:
    """Draw a table: before each row its word."""
    strips = (_strip(row, some, color, limit, numbers, x) for row, some in zip(rows, values, strict=True))
    named = zip(_words(x, rows, model), strips, strict=True)
    return _each(model, (word + "".join(strip) for word, strip in named))


def _strip(
    row: Box, values, color: str, limit: float, numbers: bool = True, x: float | None = None
) -> list[str]:
    """Draw numbers as a strip: the table's color above zero, dark gray below, paler toward zero."""
    parts = []
    for k, value in enumerate(np.asarray(values).tolist()):
        left, written = (row.x if x is None else x) + k * CELL, svg.number(value)
        shade = svg.mix(PAPER, color if value > 0 else INK, 0.75 * abs(value) / limit)
        parts.append(svg.cells(left, row.y, (CELL - 1, row.height - 1), [(0, 0)], shade))
        if numbers:  # placed by their width: shorter than to say so often that they stand in the middle
            at = round(left + (CELL - width(written, 12)) / 2), row.middle + 4
            parts.append(svg.text(*at, written, 12, ink_on(shade)))
    return parts
