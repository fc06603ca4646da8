"""The center's vote: four contexts pull and push one center, and w goes where their sum points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import dist

import numpy as np

from helpers.demos import charts, labels, plane, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.scores import gap_bars, gap_color, small, truth
from helpers.demos.settings import Slider, SteppingModel, Switch, Toggle, animation
from helpers.demos.tour import press, turn, watch
from helpers.lettering import width
from helpers.palette import CENTER, CONTEXT, GRAY, INK, PAPER, PULL, PUSH
from helpers.skipgram import Embeddings, pair_step
from helpers.softmax import cross_entropy, learning_signal, softmax

CONTEXTS = np.array([[1.8, 0.5], [0.3, 1.9], [-2.1, 0.4], [0.2, -1.8]])  # where the contexts start
SURE, TIED = 0.95, 0.48  # the belief of a model that is sure of one class, or torn between two
ROOM = 3.2  # how far the picture reaches on either side of the origin
MOST_STEPS = 1000
CLASSES = "₀₁₂₃"
VOTE_FRAMES = 12  # for laying one vote
VOTES, MIDDLE, RIGHT = Box(4, 4, 852, 412).columns(316, 290, None, gap=6)
CONTEXT_PLANE, LOSS = MIDDLE.rows(322, None)
GAPS, SCORES = RIGHT.rows(176, None)
PLANE = Frame.square(MIDDLE.x + 8, MIDDLE.y + 28, 274, 274, ROOM + 0.1)


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
    laid : float
        How many of the votes lie end to end; between 4 and 5 their sum is on its way.
    turns : int
        How often they were laid, each time in another order.
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
        self.tables, self.turns = Embeddings(W, CONTEXTS.copy()), 0
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
        self.votes, self.laid = -self.gaps[:, None] * self.C, 5.0
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

    @animation
    def lay_votes(self) -> Iterator[None]:
        """Lay the votes end to end, one after another, and draw their sum; each time in another order."""
        if self.laid == 5:
            self.turns, self.laid = self.turns + 1, 0.0
        for frame in range(round(self.laid * VOTE_FRAMES), 5 * VOTE_FRAMES):
            self.laid = (frame + 1) / VOTE_FRAMES
            yield

    @property
    def order(self) -> list[int]:
        """The votes in the order in which they are laid: at first that of the truth, then the others."""
        order, first = [self.truth, *(k for k in range(4) if k != self.truth)], self.turns % 4
        return order[first:] + order[:first]

    @property
    def ends(self) -> np.ndarray:
        """Where the votes (5, 2) end when they are laid, from the first tail on."""
        return np.concatenate((np.zeros((1, 2)), np.cumsum(self.votes[self.order], axis=0)))

    @property
    def reach(self) -> float:
        """How long the sum of the votes is."""
        return float(np.hypot(*self.votes.sum(axis=0)))

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
            "Lay the votes": model.lay_votes,
            "Apply update": model.apply_update,
            "10 updates": lambda: model.run(10),
        }

    def tour(self) -> Iterator[str]:
        """Lay the votes in two orders, take steps, and ask another truth and other starts."""
        yield from watch(self, "Lay the votes", every=6)
        yield from watch(self, "Lay the votes", every=12)
        yield press(self, "Apply update")
        yield from watch(self, "10 updates", every=6)
        yield turn(self, "truth", 2)
        yield press(self, "Confidently wrong")
        yield from watch(self, "Lay the votes", every=20)
        turn(self, "truth", 0)
        for name in ("Balanced", "Nearly right"):
            yield press(self, name)
            yield from watch(self, "Lay the votes", every=20)

    def carry_on(self, model: CentersVoteModel) -> None:
        """Take a step that leaves a trail, if the reader has not taken any."""
        if not model.steps:
            model.apply_update()

    def drag(self, key: str, x: float, y: float) -> None:
        """Take w or a context by its tip."""
        self.model.place(key, PLANE.point(x, y))

    def parts(self, model: CentersVoteModel) -> list[str]:
        loss = [
            svg.title(LOSS.x + 8, LOSS.y + 18, f"loss over the steps: {small(model.losses[-1])}"),
            charts.descent(Box(LOSS.x + 34, LOSS.y + 28, 220, 40), model.losses, ""),
        ]
        return [
            svg.panel(VOTES, _votes(VOTES, model)),
            svg.panel(CONTEXT_PLANE, _plane(CONTEXT_PLANE, model)),
            svg.panel(GAPS, _gaps(GAPS, model)),
            svg.panel(SCORES, _scores(SCORES, model)),
            svg.panel(LOSS, loss),
        ]


def _votes(box: Box, model: CentersVoteModel) -> list[str]:
    """Draw the votes end to end, as far as they are laid, and the way from the first tail to the last tip."""
    ends = model.ends
    low, high = ends.min(axis=0), ends.max(axis=0)
    ends -= (low + high) / 2  # in the middle: a step has a length and a direction, but no place
    span = next((span for span in (2.2, 4.4, 8.8) if (high - low).max() <= 0.8 * span), 17.6)
    frame = Frame.square(box.x + 8, box.y + 46, 300, 300, span / 2)
    one, low, ends = frame.width / span, frame.bottom + 10, ends.tolist()
    arrows, colors = [*pairwise(ends)], [gap_color(model.gaps[k]) for k in model.order]
    seen = [one * dist(*arrow) > 12 and model.laid > i for i, arrow in enumerate(arrows)]
    names = [f"c{CLASSES[k]}" if room else "" for k, room in zip(model.order, seen, strict=True)]
    drawn = [
        svg.linked(f"{k}", [frame.arrow(_part(*arrows[i], model.laid - i), colors[i], arrows[i][0])])
        for i, k in reversed([*enumerate(model.order)])
        if model.laid > i
    ]
    if model.laid > 4:
        tip = _part(ends[0], ends[-1], model.laid - 4)
        drawn.append(frame.arrow(tip, PAPER, ends[0], thick=5))  # gaps show on a vote, too
        drawn.append(frame.arrow(tip, CENTER, ends[0], dashed=True, thick=5))
    x, y = frame.x, frame.bottom + 46
    return [
        svg.title(x, box.y + 18, "votes −(p − q) c, laid end to end"),
        svg.note(x, box.y + 37, "dashed: the sum, in whatever order they are laid"),
        frame.border(),
        *drawn,
        labels.at_tips(frame, arrows, names, colors, [(ends[0], ends[-1])], [f"{k}" for k in model.order]),
        svg.line(frame.right - one, low, frame.right, low, GRAY, 2),
        svg.note(frame.right - one - 6, low + 5, "length 1", "end"),
        svg.hero(x, y, small(model.reach), CENTER),
        svg.note(frame.right, y - 12, "length of the sum:", "end"),
        svg.note(frame.right, y + 4, "w moves η × it", "end"),
    ]


def _part(tail: list[float], tip: list[float], share: float) -> tuple[float, float]:
    """Return how far an arrow has come that is laid step by step."""
    share = min(share, 1.0)
    return tail[0] + share * (tip[0] - tail[0]), tail[1] + share * (tip[1] - tail[1])


def _plane(box: Box, model: CentersVoteModel) -> list[str]:
    frame = PLANE
    origin, w, C, after = (0.0, 0.0), model.w.tolist(), model.C.tolist(), model.after
    steps = [(w, after.W[0].tolist(), CENTER)]
    if model.move_contexts:
        steps += zip(C, after.C.tolist(), map(gap_color, model.gaps), strict=True)
    arrows = [(origin, w), *((origin, c) for c in C)]
    names, colors = ["w", *(f"c{mark}" for mark in CLASSES)], [CENTER, *[CONTEXT] * 4]
    handles = [
        svg.handle(key, *frame.at(*tip), f"tip of {name}", frame.edges)
        for key, name, (_, tip) in zip("w0123", names, arrows, strict=True)
    ]
    return [
        svg.title(frame.x, box.y + 18, "w, contexts, next step (dashed)"),
        plane.sheet(frame),
        svg.linked(f"{model.truth}", [frame.arrow(C[model.truth], INK, thick=5.5)]),
        *(svg.linked(f"{k}", [frame.arrow(c, CONTEXT)]) for k, c in enumerate(C)),
        frame.arrow(w, CENTER, thick=4),
        plane.trail(frame, model.trail, CENTER),
        *(plane.step(frame, *step) for step in steps),
        labels.at_tips(frame, arrows, names, colors, [step[:2] for step in steps], ["", *"0123"]),
        handles[0],
        *(svg.linked(f"{k}", [one]) for k, one in enumerate(handles[1:])),
    ]


def _gaps(box: Box, model: CentersVoteModel) -> list[str]:
    x, zero = box.x + 8, box.x + 124
    rows = Box(x, box.y + 46, box.width - 12, 112).rows(*[28] * 4)
    names = [f"c{mark} true" if k == model.truth else f"c{mark}" for k, mark in enumerate(CLASSES)]
    line, *bars = gap_bars(rows, zero, 54, model.gaps.tolist(), partial(svg.number, digits=3))
    return [
        svg.title(x, box.y + 18, "gaps p − q"),
        svg.note(zero - 8, box.y + 37, "← pulls w", "end", PULL),
        svg.note(zero + 8, box.y + 37, "pushes w →", color=PUSH),
        line,
        *(
            svg.linked(f"{k}", [svg.title(row.x + 6, row.middle + 5, name), bar])
            for k, (row, name, bar) in enumerate(zip(rows, names, bars, strict=True))
        ),
        truth(rows[model.truth]),
    ]


def _scores(box: Box, model: CentersVoteModel) -> list[str]:
    """Write the scores before and after the step, and what it does to the loss."""
    rising, after, inner = model.rising, model.next_scores, Box(box.x + 8, box.y + 18, box.width - 12, 214)
    next_loss = small(cross_entropy(after, model.truth))
    _, *rows, _, loss, rise, leave = inner.rows(8, *[24] * 4, 28, 24, 24, 24)
    parts = [svg.title(inner.x, inner.y, "scores, now → after the step"), truth(rows[model.truth])]
    for k, (now, then, row) in enumerate(zip(model.scores.tolist(), after.tolist(), rows, strict=True)):
        change = "stays" if abs(then - now) < 0.0005 else "rises" if then > now else "falls"
        x, y = row.x, row.y + 17
        some = [
            svg.text(x + 6, y, f"s{CLASSES[k]}", bold=k == model.truth),
            svg.text(x + 88, y, svg.number(now, 3), anchor="end"),
            svg.text(x + 102, y, "→", 13, GRAY, "middle"),
            svg.text(x + 170, y, svg.number(then, 3), anchor="end"),
            svg.text(x + 180, y, change, bold=k in rising),
        ]
        parts.append(svg.linked(f"{k}", some))
    change = f"loss {small(model.loss)} → {next_loss}"
    unit = " nats" if width(change + " nats", bold=True) < inner.width else ""  # powers of ten are long
    parts.append(svg.title(inner.x, loss.y, change + unit))
    rises = f"wrong scores that rise: {named(rising)}" if len(rising) < 3 else f"rise: {named(rising)}"
    parts.append(svg.text(inner.x, rise.y, rises, bold=bool(rising)))
    if model.leaves:
        parts.append(svg.text(inner.x, leave.y, "The step leads out of the picture.", 12))
    return parts


def named(classes: Sequence[int]) -> str:
    return ", ".join(f"s{CLASSES[k]}" for k in classes) or "none"
