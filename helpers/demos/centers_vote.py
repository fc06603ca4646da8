"""The center's vote: four contexts pull and push one center, and w goes where their sum points."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from math import dist

import numpy as np

from helpers.demos import charts, labels, plane, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.scores import gap_bars, gap_color, small, truth
from helpers.demos.settings import Slider, SteppingModel, Switch, Toggle
from helpers.lettering import width
from helpers.palette import CENTER, CONTEXT, GRAY, INK, PULL, PUSH
from helpers.skipgram import Embeddings, pair_step
from helpers.softmax import cross_entropy, learning_signal, softmax

CONTEXTS = np.array([[1.8, 0.5], [0.3, 1.9], [-2.1, 0.4], [0.2, -1.8]])  # where the contexts start
SURE, TIED = 0.95, 0.48  # the belief of a model that is sure of one class, or torn between two
ROOM = 3.2  # how far the picture reaches on either side of the origin
MOST_STEPS = 1000
CLASSES = "₀₁₂₃"
COLUMNS = Box(16, 26, 838, 378).columns(344, 210, None, gap=29)
PLANE = Frame.square(COLUMNS[0].x, COLUMNS[0].y + 22, COLUMNS[0].width, COLUMNS[0].width, ROOM + 0.1)


class CentersVoteModel(SteppingModel):
    """One center vector, four contexts, and the step that their gaps agree on.

    Attributes
    ----------
    placed : (2,) array
        Where the last preset put w.
    tables, after : Embeddings
        The vectors as they are now, and as the next step will leave them: C holds the contexts; of W only the
        first row is in use, the center w.
    losses : list of float
        The loss at the start and after every step since.
    trail : list of (x, y)
        Where w has been since the start, and where it is.
    w, C, scores, loss
        As they are now.
    gaps, votes : (4,) and (4, 2) arrays
        p − q, which pulls w toward a context where it is negative, and −(p_k − q_k) c_k: w moves by η times
        the sum of these.
    next_scores : (4,) array
    rising : list of int
        The wrong classes whose score the next step raises, by enough to be seen in three decimals.
    leaves : bool
        Whether the next step would lead out of the picture.
    """

    truth = Toggle("true class", 0, range(len(CONTEXTS)), "The context that the corpus says is true")
    learning_rate = Slider("learning rate η", 0.3, 0.05, 0.5, 0.05, "Step size η")
    move_contexts = Switch("move the contexts, too", False, "Contexts take their own steps, as in training")

    def reset(self) -> None:
        """Go back to a tie of the first class, settings included."""
        self.placed = torn(type(self).truth.default)
        super().reset()

    def start_over(self) -> None:
        """Put all vectors back where the last preset had them; truth and η stay as they are set."""
        W = np.zeros_like(CONTEXTS)
        W[0] = self.placed
        self.tables = Embeddings(W, CONTEXTS.copy())
        self._look_ahead()
        self._count_anew()

    def changed(self, names: set[str]) -> None:
        """Count steps anew for a new truth, with the vectors where they are."""
        self._look_ahead()
        if "truth" in names:
            self._count_anew()

    def _count_anew(self) -> None:
        self.interrupt()
        self.losses, self.trail = [self.loss], [tuple(self.w.tolist())]

    def _look_ahead(self) -> None:
        self.w, self.C = self.tables.W[0], self.tables.C
        self.scores = self.C @ self.w
        self.loss, self.gaps = (
            cross_entropy(self.scores, self.truth),
            learning_signal(self.scores, self.truth),
        )
        self.votes = -self.gaps[:, None] * self.C
        moved = Embeddings(self.tables.W.copy(), self.C.copy())
        pair_step(moved, 0, self.truth, self.learning_rate)
        self.after = after = moved if self.move_contexts else Embeddings(moved.W, self.C)
        self.next_scores = after.C @ after.W[0]
        rise = self.next_scores - self.scores
        self.rising = [k for k in np.flatnonzero(rise >= 0.0005).tolist() if k != self.truth]
        self.leaves = not all(plane.inside(vector, ROOM) for vector in (after.W[0], *after.C))

    def preset(self, name: str) -> None:
        """Put the contexts where they were, and w where the scores are as one of PRESETS says."""
        self.placed = PRESETS[name](self.truth)
        self.start_over()

    def place(self, key: str, tip) -> None:
        """Put w, or the context 0 … 3, somewhere else, and count steps anew."""
        row = self.tables.W[0] if key == "w" else self.tables.C[int(key)]
        row[:] = np.clip(tip, -ROOM, ROOM)
        self._look_ahead()
        self._count_anew()

    def apply_update(self) -> None:
        """Take the step, unless it would lead out of the picture."""
        if not self.over:
            self.tables = self.after
            self._look_ahead()
            self.losses.append(self.loss)
            self.trail.append(tuple(self.w.tolist()))

    @property
    def steps(self) -> int:
        return len(self.losses) - 1

    @property
    def over(self) -> bool:
        """Whether this is as far as the steps go."""
        return self.steps >= MOST_STEPS or self.leaves

    def summary(self) -> str:
        done = f"{self.steps:,} step{'s' * (self.steps != 1)} taken, loss {small(self.loss)} nats."
        if self.steps >= MOST_STEPS:
            return f"{done} That is as far as this goes: press Reset or choose a start."
        if self.leaves:
            return f"{done} The next step would lead out of the picture: press Reset or choose a start."
        pull = small(-float(self.gaps[self.truth]))
        return (
            f"{done} c{CLASSES[self.truth]} pulls w with {pull}, the others push with as much together. "
            f"The next step brings the loss to {small(cross_entropy(self.next_scores, self.truth))}; "
            f"wrong scores that rise in it: {named(self.rising)}."
        )


def sure_of(k: int) -> np.ndarray:
    """Return a w (2,) with p_k = 0.95, in the direction in which s_k leads the other scores by most."""
    angles = np.deg2rad(np.arange(360))
    return _reach(np.stack((np.cos(angles), np.sin(angles)), axis=1), k, SURE)


def farthest(k: int) -> int:
    """Return the class whose context is farthest from that of k."""
    return int(((CONTEXTS - CONTEXTS[k]) ** 2).sum(axis=1).argmax())


def torn(k: int) -> np.ndarray:
    """Return a w (2,) with p_k = 0.48 and as much for one other class, both ahead of the rest."""
    ahead = CONTEXTS[k] - np.delete(CONTEXTS, k, axis=0)
    # At a right angle to c_k − c_j both scores are equal.
    ways = np.stack((-ahead[:, 1], ahead[:, 0]), axis=1) / np.hypot(*ahead.T)[:, None]
    return _reach(np.concatenate((ways, -ways)), k, TIED)


def _reach(ways: np.ndarray, k: int, belief: float) -> np.ndarray:
    """Return the shortest w, in steps of 0.01, with this belief in k along the best of some directions."""
    leads = (ways @ (CONTEXTS[k] - np.delete(CONTEXTS, k, axis=0)).T).min(axis=1)
    way = ways[leads.round(9).argmax()]
    lengths = np.arange(0, ROOM, 0.01)
    p = softmax(np.outer(lengths, CONTEXTS @ way))[:, k]
    return lengths[(p >= belief).argmax()] * way


PRESETS = {
    "Balanced": lambda truth: np.zeros(2),
    "Confidently wrong": lambda truth: sure_of(farthest(truth)),
    "Nearly right": sure_of,
    "Two-way tie": torn,
}


class CentersVote(Demo):
    """Let four contexts pull and push a center, and see where their votes take it."""

    Model = CentersVoteModel
    size, animated = (860, 420), True

    def actions(self) -> dict:
        model = self.model
        return {name: partial(model.preset, name) for name in PRESETS} | {
            "Apply update": model.apply_update,
            "10 updates": lambda: model.run(10),
            "Back to the start": model.start_over,
        }

    def carry_on(self, model: CentersVoteModel) -> None:
        """Take a step that leaves a trail, if the reader has not taken any."""
        if not model.steps:
            model.apply_update()

    def drag(self, key: str, x: float, y: float) -> None:
        """Take w or a context by its tip."""
        self.model.place(key, PLANE.point(x, y))

    def parts(self, model: CentersVoteModel) -> list[str]:
        left, middle, right = COLUMNS
        votes, loss = middle.rows(284, None)
        gaps, scores = right.rows(174, None)
        return [
            *_plane(left, model),
            *_votes(votes, model),
            svg.title(loss.x, loss.y, f"loss over the steps: {small(model.losses[-1])}"),
            charts.descent(Box(loss.x + 30, loss.y + 12, 176, 56), model.losses, "steps"),
            *_gaps(gaps, model),
            *_scores(scores, model),
        ]


def _plane(box: Box, model: CentersVoteModel) -> list[str]:
    frame = PLANE
    origin, w, C, after = (0.0, 0.0), model.w.tolist(), model.C.tolist(), model.after
    steps = [(w, after.W[0].tolist(), GRAY)]
    if model.move_contexts:
        steps += zip(C, after.C.tolist(), map(gap_color, model.gaps), strict=True)
    arrows = [(origin, w), *((origin, c) for c in C)]
    names, colors = ["w", *(f"c{mark}" for mark in CLASSES)], [CENTER, *[CONTEXT] * 4]
    return [
        svg.title(box.x, box.y, "w, the contexts, and the next step (dashed)"),
        plane.sheet(frame),
        frame.arrow(C[model.truth], INK, thick=5.5),
        *(frame.arrow(c, CONTEXT) for c in C),
        frame.arrow(w, CENTER, thick=4),
        plane.trail(frame, model.trail, CENTER),
        *(plane.step(frame, *step) for step in steps),
        labels.at_tips(frame, arrows, names, colors, [(tail, tip) for tail, tip, _ in steps]),
        *(
            svg.handle(key, *frame.at(*tip), f"tip of {name}", frame.edges)
            for key, name, (_, tip) in zip("w0123", names, arrows, strict=True)
        ),
    ]


def _votes(box: Box, model: CentersVoteModel) -> list[str]:
    """Draw the votes end to end, the true class first, and the way from the first tail to the last tip."""
    order = [model.truth, *(k for k in range(4) if k != model.truth)]
    ends = np.concatenate((np.zeros((1, 2)), np.cumsum(model.votes[order], axis=0)))
    low, high = ends.min(axis=0), ends.max(axis=0)
    ends -= (low + high) / 2  # in the middle: a step has a length and a direction, but no place
    span = next((span for span in (4.4, 8.8) if (high - low).max() <= span), 17.6)
    frame = Frame.square(box.x, box.y + 32, box.width, box.width, span / 2)
    one, low, ends = frame.width / span, frame.bottom + 8, ends.tolist()
    arrows, colors = [*pairwise(ends)], [gap_color(model.gaps[k]) for k in order]
    long = [one * dist(*arrow) > 12 for arrow in arrows]
    names = [f"c{CLASSES[k]}" if room else "" for k, room in zip(order, long, strict=True)]
    return [
        svg.title(box.x, box.y, "votes −(p − q) c, end to end"),
        svg.note(box.x, box.y + 19, "dashed: the sum; w moves η × it"),
        frame.border(),
        *(frame.arrow(arrows[i][1], colors[i], arrows[i][0]) for i in (3, 2, 1, 0)),
        plane.step(frame, ends[0], ends[-1], GRAY),
        labels.at_tips(frame, arrows, names, colors, [(ends[0], ends[-1])]),
        svg.line(box.x, low, box.x + one, low, GRAY, 2),
        svg.note(box.x + one + 6, low + 5, "length 1"),
    ]


def _gaps(box: Box, model: CentersVoteModel) -> list[str]:
    zero, rows = box.x + 120, box.rows(30, *[28] * 4)[1:]
    names = [f"c{mark} true" if k == model.truth else f"c{mark}" for k, mark in enumerate(CLASSES)]
    return [
        svg.title(box.x, box.y, "gaps p − q"),
        svg.note(zero - 8, box.y + 19, "← pulls w", "end", PULL),
        svg.note(zero + 8, box.y + 19, "pushes w →", color=PUSH),
        *(svg.title(row.x + 6, row.middle + 5, name) for row, name in zip(rows, names, strict=True)),
        *gap_bars(rows, zero, 54, model.gaps.tolist(), partial(svg.number, digits=3)),
        truth(rows[model.truth]),
    ]


def _scores(box: Box, model: CentersVoteModel) -> list[str]:
    """Write the scores before and after the step, and what it does to the loss."""
    rising, after = model.rising, model.next_scores
    next_loss = small(cross_entropy(after, model.truth))
    _, *rows, _, loss, rise, leave = box.rows(8, *[24] * 4, 30, 26, 26, 26)
    parts = [svg.title(box.x, box.y, "scores, now → after the step"), truth(rows[model.truth])]
    for k, (now, then, row) in enumerate(zip(model.scores.tolist(), after.tolist(), rows, strict=True)):
        change = "stays" if abs(then - now) < 0.0005 else "rises" if then > now else "falls"
        x, y = row.x, row.y + 17
        parts += [
            svg.text(x + 6, y, f"s{CLASSES[k]}", bold=k == model.truth),
            svg.text(x + 88, y, svg.number(now, 3), anchor="end"),
            svg.text(x + 102, y, "→", 13, GRAY, "middle"),
            svg.text(x + 170, y, svg.number(then, 3), anchor="end"),
            svg.text(x + 180, y, change, bold=k in rising),
        ]
    change = f"loss {small(model.loss)} → {next_loss}"
    unit = " nats" if width(change + " nats", bold=True) < box.width else ""  # powers of ten are long
    parts.append(svg.title(box.x, loss.y, change + unit))
    rises = f"wrong scores that rise: {named(rising)}" if len(rising) < 3 else f"rise: {named(rising)}"
    parts.append(svg.text(box.x, rise.y, rises, bold=bool(rising)))
    if model.leaves:
        parts.append(svg.text(box.x, leave.y, "The step leads out of the picture.", 12))
    return parts


def named(classes: Sequence[int]) -> str:
    return ", ".join(f"s{CLASSES[k]}" for k in classes) or "none"
