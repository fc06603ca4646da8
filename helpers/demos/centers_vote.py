"""The center's vote: four contexts pull and push one center, and w goes where their sum points."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import partial

import numpy as np

from helpers import checks
from helpers.demos import labels, plane, svg
from helpers.demos.base import Demo, slider, switch, toggle
from helpers.demos.layout import Frame
from helpers.demos.scores import between, small
from helpers.palette import CENTER, CONTEXT, GREY, INK, PULL, PUSH
from helpers.skipgram import Embeddings, pair_step
from helpers.softmax import cross_entropy, learning_signal, softmax

CONTEXTS = np.array([[1.8, 0.5], [0.3, 1.9], [-2.1, 0.4], [0.2, -1.8]])  # where the contexts start
PRESETS = ("Balanced", "Confidently wrong", "Nearly right", "Two-way tie")
SURE, TIED = 0.95, 0.48  # the belief of a model that is sure of one class, or torn between two
ROOM = 3.2  # how far the picture reaches on either side of the origin
MOST_STEPS = 1000
CLASSES = "₀₁₂₃"


class CentersVoteModel:
    """One center vector, four contexts, and the step that their gaps agree on.

    Attributes
    ----------
    truth : int
        The true class y, 0 … 3. A new truth leaves the vectors where they are and counts steps anew.
    learning_rate : float
        Step size η.
    move_contexts : bool
        Whether the contexts take their own steps, too, as in training.
    tables : Embeddings
        C holds the contexts; of W only the first row is in use, the center w.
    losses : list of float
        The loss at the start and after every step since.
    trail : list of (x, y)
        Where w has been since the start, and where it is.
    """

    def __init__(self):
        self.truth, self.learning_rate, self.move_contexts = 0, 0.3, False
        self.preset("Two-way tie")

    def set(
        self,
        truth: int | None = None,
        learning_rate: float | None = None,
        move_contexts: bool | None = None,
    ) -> None:
        y = self.truth if truth is None else int(checks.ids(truth, len(CONTEXTS), "truth", ndim=0))
        if learning_rate is not None:
            self.learning_rate = between(learning_rate, "learning_rate", 0.05, 0.5)
        self.move_contexts = self.move_contexts if move_contexts is None else bool(move_contexts)
        if y != self.truth:
            self.truth = y
            self._start()

    def preset(self, name: str) -> None:
        """Put the contexts where they were, and w where the scores are as one of PRESETS says."""
        y = self.truth
        if name == "Balanced":
            w = np.zeros(2)
        elif name == "Confidently wrong":
            w = sure_of(int(((CONTEXTS - CONTEXTS[y]) ** 2).sum(axis=1).argmax()))
        elif name == "Nearly right":
            w = sure_of(y)
        elif name == "Two-way tie":
            w = torn(y)
        else:
            raise ValueError(f"there is no preset {name!r}; choose from {', '.join(PRESETS)}")
        self._placed = w
        self.reset()

    def reset(self) -> None:
        """Put all vectors back where the last preset had them; truth and η stay as they are set."""
        W = np.zeros_like(CONTEXTS)
        W[0] = self._placed
        self.tables = Embeddings(W, CONTEXTS.copy())
        self._start()

    def apply_update(self) -> None:
        """Take the step, unless it would lead out of the picture."""
        if self.steps < MOST_STEPS and not self.leaves:
            self.tables = self.after
            self.losses.append(self.loss)
            self.trail.append(tuple(self.w.tolist()))

    def run(self, steps: int) -> Iterator[None]:
        """Take steps one by one, each to be looked at for a moment; a new start on the way ends the run."""
        losses = self.losses
        for _ in range(steps):
            if self.steps >= MOST_STEPS or self.leaves:
                return
            self.apply_update()
            for _ in range(plane.HOLD):
                yield
                if self.losses is not losses:
                    return

    @property
    def w(self) -> np.ndarray:
        return self.tables.W[0]

    @property
    def C(self) -> np.ndarray:
        return self.tables.C

    @property
    def scores(self) -> np.ndarray:
        return self.C @ self.w

    @property
    def loss(self) -> float:
        return cross_entropy(self.scores, self.truth)

    @property
    def steps(self) -> int:
        return len(self.losses) - 1

    @property
    def gaps(self) -> np.ndarray:
        """p − q (4,): negative pulls w toward the context, positive pushes it away."""
        return learning_signal(self.scores, self.truth)

    @property
    def votes(self) -> np.ndarray:
        """−(p_k − q_k) c_k (4, 2); w moves by η times their sum."""
        return -self.gaps[:, None] * self.C

    @property
    def after(self) -> Embeddings:
        """The vectors as the next step will leave them."""
        moved = Embeddings(self.tables.W.copy(), self.C.copy())
        pair_step(moved, 0, self.truth, self.learning_rate)
        return moved if self.move_contexts else Embeddings(moved.W, self.C.copy())

    @property
    def next_scores(self) -> np.ndarray:
        after = self.after
        return after.C @ after.W[0]

    @property
    def rising(self) -> list[int]:
        """The wrong classes whose score the next step raises, by enough to be seen in three decimals."""
        rise = self.next_scores - self.scores
        return [k for k in np.flatnonzero(rise >= 0.0005).tolist() if k != self.truth]

    @property
    def leaves(self) -> bool:
        """Whether the next step would lead out of the picture."""
        after = self.after
        return not all(plane.inside(vector, ROOM) for vector in (after.W[0], *after.C))

    def summary(self) -> str:
        done = f"{self.steps:,} step{'s' * (self.steps != 1)} taken, loss {small(self.loss)} nats."
        if self.steps >= MOST_STEPS:
            return f"{done} That is as far as this goes: press Reset or choose a start."
        if self.leaves:
            return f"{done} The next step would lead out of the picture: press Reset or choose a start."
        rising = ", ".join(f"s{CLASSES[k]}" for k in self.rising)
        pull = small(-float(self.gaps[self.truth]))
        return (
            f"{done} c{CLASSES[self.truth]} pulls w with {pull}, the others push with as much together. "
            f"The next step brings the loss to {small(cross_entropy(self.next_scores, self.truth))}; "
            f"wrong scores that rise in it: {rising or 'none'}."
        )

    def _start(self) -> None:
        self.losses, self.trail = [self.loss], [tuple(self.w.tolist())]


def sure_of(k: int) -> np.ndarray:
    """Return a w (2,) with p_k = 0.95, in the direction in which s_k leads the other scores by most."""
    angles = np.deg2rad(np.arange(360))
    return _reach(np.stack((np.cos(angles), np.sin(angles)), axis=1), k, SURE)


def torn(k: int) -> np.ndarray:
    """Return a w (2,) with p_k = 0.48 and as much for one other class, both ahead of the rest."""
    ahead = CONTEXTS[k] - np.delete(CONTEXTS, k, axis=0)
    ways = np.stack((-ahead[:, 1], ahead[:, 0]), axis=1) / np.hypot(*ahead.T)[:, None]
    return _reach(
        np.concatenate((ways, -ways)), k, TIED
    )  # at a right angle to c_k − c_j both scores are equal


def _reach(ways: np.ndarray, k: int, belief: float) -> np.ndarray:
    """Return the shortest w, in steps of 0.01, with this belief in k along the best of some directions."""
    leads = (ways @ (CONTEXTS[k] - np.delete(CONTEXTS, k, axis=0)).T).min(axis=1)
    way = ways[leads.round(9).argmax()]
    lengths = np.arange(0, ROOM, 0.01)
    p = softmax(np.outer(lengths, CONTEXTS @ way))[:, k]
    return lengths[(p >= belief).argmax()] * way


class CentersVote(Demo):
    """Let four contexts pull and push a center, and see where their votes take it."""

    animated = True

    def __init__(self):
        model = CentersVoteModel()
        controls = {
            "truth": toggle("true class", range(4), model.truth, "The context that the corpus says is true"),
            "learning_rate": slider("learning rate η", model.learning_rate, 0.05, 0.5, 0.05, "Step size η"),
            "move_contexts": switch(
                "move the contexts, too", False, "Contexts take their own steps, as in training"
            ),
        }
        actions = {name: partial(model.preset, name) for name in PRESETS} | {
            "Apply update": model.apply_update,
            "10 updates": lambda: model.run(10),
            "Reset": model.reset,
        }
        super().__init__(model, controls, actions)

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show some steps and their trail, if the reader has not taken any."""
        shown = deepcopy(self.model)
        if not shown.steps:
            for _ in shown.run(1):
                pass
        return _picture(shown)


def _picture(model: CentersVoteModel) -> str:
    parts = [*_plane(model), *_votes(model), *_losses(model), *_gaps(model), *_scores(model)]
    return svg.picture(860, 420, parts, model.summary())


def _plane(model: CentersVoteModel) -> list[str]:
    frame = Frame.square(16, 48, 344, 344, ROOM + 0.1)
    origin, w, C, after = (0.0, 0.0), model.w.tolist(), model.C.tolist(), model.after
    steps = [(w, after.W[0].tolist(), GREY)]
    if model.move_contexts:
        steps += [(*ends, _color(gap)) for *ends, gap in zip(C, after.C.tolist(), model.gaps, strict=True)]
    arrows = [(origin, w), *((origin, c) for c in C)]
    return [
        svg.text(16, 26, "w, the contexts, and the next step (dashed)", bold=True),
        plane.sheet(frame),
        frame.arrow(C[model.truth], INK, thick=5.5),
        *(frame.arrow(c, CONTEXT) for c in C),
        frame.arrow(w, CENTER, thick=4),
        plane.trail(frame, model.trail, CENTER),
        *(plane.step(frame, *step) for step in steps),
        labels.at_tips(
            frame,
            arrows,
            ["w", *(f"c{mark}" for mark in CLASSES)],
            [CENTER, *[CONTEXT] * 4],
            [(tail, tip) for tail, tip, _ in steps],
        ),
    ]


def _votes(model: CentersVoteModel) -> list[str]:
    """Draw the votes end to end, the true class first, and the way from the first tail to the last tip."""
    order = [model.truth, *(k for k in range(4) if k != model.truth)]
    ends = np.concatenate((np.zeros((1, 2)), np.cumsum(model.votes[order], axis=0)))
    low, high = ends.min(axis=0), ends.max(axis=0)
    ends -= (low + high) / 2  # in the middle: a step has a length and a direction, but no place
    span = next((span for span in (4.4, 8.8) if (high - low).max() <= span), 17.6)
    frame = Frame.square(390, 58, 210, 210, span / 2)
    one = frame.width / span
    ends = ends.tolist()
    votes = [(tail, tip, k) for tail, tip, k in zip(ends, ends[1:], order, strict=False)]
    long = [v for v in votes if np.hypot(v[1][0] - v[0][0], v[1][1] - v[0][1]) * one > 12]
    short = [v for v in votes if v not in long]
    colors = [_color(model.gaps[k]) for k in range(4)]
    parts = [
        svg.text(390, 26, "votes −(p − q) c, end to end", bold=True),
        svg.text(390, 45, "dashed: the sum; w moves η × it", 12, GREY),
        frame.border(),
        *(frame.arrow(tip, colors[k], tail) for tail, tip, k in reversed(votes)),
        plane.step(frame, ends[0], ends[-1], GREY),
        labels.at_tips(
            frame,
            [(tail, tip) for tail, tip, _ in long],
            [f"c{CLASSES[k]}" for _, _, k in long],
            [colors[k] for _, _, k in long],
            [(tail, tip) for tail, tip, _ in short] + [(ends[0], ends[-1])],
        ),
        svg.line(390, 276, 390 + one, 276, GREY, 2),
        svg.text(396 + one, 281, "length 1", 12, GREY),
    ]
    return parts


def _losses(model: CentersVoteModel) -> list[str]:
    """Draw the loss over all steps since the start; the axis of steps grows when it is full."""
    losses, steps = model.losses, model.steps
    last = next(n for n in (10, 20, 50, 100, 200, 500, MOST_STEPS) if n >= steps)
    most = max(losses)
    top = next((t for t in (0.5, 1, 2, 4, 6, 8, 10, 20, 50) if t >= most), 200)
    frame = Frame(420, 322, 176, 56, (0, last), (0, top))
    some = sorted({round(i) for i in np.linspace(0, steps, min(steps, 100) + 1).tolist()})
    return [
        svg.text(390, 310, f"loss over the steps: {small(losses[-1])}", bold=True),
        frame.axes((0, last / 2, last), (0, top), "", ""),
        svg.text(508, 411, "steps", 12, GREY, "middle"),
        frame.plot(some, [losses[i] for i in some], INK),
        svg.dot(*frame.at(steps, losses[-1]), INK, 4),
    ]


def _gaps(model: CentersVoteModel) -> list[str]:
    left, top, row, zero, wide = 628, 56, 28, 748, 54
    parts = [
        svg.text(left, 26, "gaps p − q", bold=True),
        svg.text(zero - 8, 45, "← pulls w", 12, PULL, "end"),
        svg.text(zero + 8, 45, "pushes w →", 12, PUSH),
        svg.line(zero, top, zero, top + 4 * row),
    ]
    for k, gap in enumerate(model.gaps.tolist()):
        y, true = top + k * row, k == model.truth
        parts += [
            svg.text(left + 6, y + 19, f"c{CLASSES[k]} true" if true else f"c{CLASSES[k]}", bold=true),
            svg.rect(zero, y + 5, wide * gap, row - 10, _color(gap)),
            svg.text(zero + wide * max(gap, 0) + 5, y + 19, svg.number(gap, 3), 12),
        ]
        if true:
            parts.append(svg.rect(left, y + 1, 226, row - 2, stroke=INK, corner=5, thick=2))
    return parts


def _scores(model: CentersVoteModel) -> list[str]:
    left, top, row = 628, 208, 24
    before, after = model.scores, model.next_scores
    rising = model.rising
    parts = [svg.text(left, 200, "scores, now → after the step", bold=True)]
    for k, (now, then) in enumerate(zip(before.tolist(), after.tolist(), strict=True)):
        y, odd = top + k * row + 17, k in rising
        change = "stays" if abs(then - now) < 0.0005 else "rises" if then > now else "falls"
        parts += [
            svg.text(left + 6, y, f"s{CLASSES[k]}", bold=k == model.truth),
            svg.text(left + 88, y, svg.number(now, 3), 13, INK, "end"),
            svg.text(left + 102, y, "→", 13, GREY, "middle"),
            svg.text(left + 170, y, svg.number(then, 3), 13, INK, "end"),
            svg.text(left + 180, y, change, 13, INK, bold=odd),
        ]
    after_loss = cross_entropy(after, model.truth)
    names = ", ".join(f"s{CLASSES[k]}" for k in rising)
    parts += [
        svg.rect(left, top + model.truth * row + 1, 226, row - 2, stroke=INK, corner=5, thick=2),
        svg.text(left, 334, f"loss {small(model.loss)} → {small(after_loss)} nats", bold=True),
        svg.text(left, 360, f"wrong scores that rise: {names or 'none'}", bold=bool(names)),
    ]
    if model.leaves:
        parts.append(svg.text(left, 386, "The step leads out of the picture.", 12))
    return parts


def _color(gap: float) -> str:
    return PULL if gap < 0 else PUSH
