"""One context vector: it slides along the line of w, and its score changes by more or less than was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from copy import deepcopy

import numpy as np

from helpers.demos import plane, svg
from helpers.demos.base import Demo, slider, switch, toggle
from helpers.demos.scores import between, small
from helpers.palette import CENTER, CONTEXT, GREY, INK, PALE, PULL, PUSH

START = (-1.8, 0.4)  # where c_k is at first
ROOM = 3.1  # how far the picture reaches on either side of the origin
LIMITS = {"p": (0.0, 1.0), "learning_rate": (0.05, 0.5), "length": (0.1, 3.0), "angle": (-180.0, 180.0)}


class OneContextVectorModel:
    """One center vector w that stays, one context vector c_k that moves along it.

    Attributes
    ----------
    true : bool
        Whether class k is the truth: q is 1 if so, otherwise 0.
    p : float
        What the model believes of class k. The reader sets it; no softmax makes it here.
    learning_rate : float
        Step size η.
    length, angle : float
        w by its length ‖w‖ and its direction in degrees.
    exact : bool
        Whether moves are scaled by 1/‖w‖², so that the score changes exactly as wished.
    c : (2,) array
        The context vector as it is now.
    steps : int
    trail : sequence of (x, y)
        Where c has been, at least the latest steps, and where it is.
    """

    def __init__(self):
        self.true, self.exact = True, False
        self.p, self.learning_rate, self.length, self.angle = 0.2, 0.25, 2.0, 30.0
        self.reset()

    def set(self, true: bool | None = None, exact: bool | None = None, **numbers: float) -> None:
        unknown = sorted(set(numbers) - set(LIMITS))
        if unknown:
            raise ValueError(f"there is nothing called {unknown[0]} to set here")
        self.__dict__.update({name: between(value, name, *LIMITS[name]) for name, value in numbers.items()})
        self.true = self.true if true is None else bool(true)
        self.exact = self.exact if exact is None else bool(exact)

    def reset(self) -> None:
        """Put c_k back where it started; w, p and η stay as they are set."""
        self.c = np.array(START)
        self.steps, self.trail = 0, deque([START], maxlen=plane.MOST_DOTS)

    def apply_update(self) -> None:
        """Take the step, unless it would lead out of the picture."""
        if not self.leaves:
            self.c = self.c + self.move
            self.steps += 1
            self.trail.append(tuple(self.c.tolist()))

    def run(self, steps: int) -> Iterator[None]:
        """Take steps one by one, each to be looked at for a moment; a reset on the way ends the run."""
        trail = self.trail
        for _ in range(steps):
            if self.leaves:
                return
            self.apply_update()
            for _ in range(plane.HOLD):
                yield
                if self.trail is not trail:
                    return

    @property
    def w(self) -> np.ndarray:
        angle = np.deg2rad(self.angle)
        return self.length * np.array([np.cos(angle), np.sin(angle)])

    @property
    def gap(self) -> float:
        """p − q: negative pulls c_k toward w, positive pushes it away."""
        return self.p - float(self.true)

    @property
    def wish(self) -> float:
        """How the score should change, Δs = −η (p − q)."""
        return 0.0 - self.learning_rate * self.gap

    @property
    def move(self) -> np.ndarray:
        """The next step of c_k: Δs · w, or Δs · w / ‖w‖² with the exact scaling."""
        return self.wish * self.w / (self.length**2 if self.exact else 1.0)

    @property
    def realized(self) -> float:
        """How the next step really changes the score: with the moved vector, minus with the old one."""
        return float(self.w @ (self.c + self.move) - self.score)

    @property
    def ratio(self) -> float | None:
        """Realized through wished; None where nothing is wished."""
        return self.realized / self.wish if self.wish else None

    @property
    def score(self) -> float:
        return float(self.w @ self.c)

    @property
    def leaves(self) -> bool:
        """Whether the next step would lead out of the picture."""
        return not plane.inside(self.c + self.move, ROOM)

    def summary(self) -> str:
        done = f"{self.steps} step{'s' * (self.steps != 1)} taken, score {svg.number(self.score, 3)}."
        if not self.wish:
            return f"{done} p = q: nothing is wished, and nothing moves."
        if self.leaves:
            news = "It would lead out of the picture: press Reset, or change η, w or the class."
        else:
            news = f"Realized is {self.ratio:.2f} times wished" + (
                ", made exact by 1/‖w‖²." if self.exact else ", which is ‖w‖²."
            )
        kind = "pull toward" if self.wish > 0 else "push away from"
        return (
            f"{done} The next one, a {kind} w, wishes {signed(self.wish)} for the score and "
            f"gets {signed(self.realized)}. {news}"
        )


class OneContextVector(Demo):
    """Pull a context vector toward w or push it away, and compare what was wished with what happened."""

    animated = True

    def __init__(self):
        model = OneContextVectorModel()
        controls = {
            "true": toggle("class k is", {"true": True, "wrong": False}, True, "Is class k the truth?"),
            "p": slider(
                "pₖ, set by you", 0.2, 0.0, 1.0, 0.01, "The belief in class k, set by you, not by softmax"
            ),
            "learning_rate": slider("learning rate η", 0.25, 0.05, 0.5, 0.05, "Step size η"),
            "length": slider("length ‖w‖", 2.0, 0.1, 3.0, 0.1, "The length of w"),
            "angle": slider("angle of w (°)", 30, -180, 180, 5, "The direction of w, in degrees"),
            "exact": switch(
                "scale by 1/‖w‖²: the exact move", False, "Move so that the wish is granted exactly"
            ),
        }
        actions = {
            "Apply update": model.apply_update,
            "Repeat 10": lambda: model.run(10),
            "Reset": model.reset,
        }
        super().__init__(model, controls, actions)

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show some steps and their trail, if the reader has not taken any."""
        shown = deepcopy(self.model)
        if not shown.steps:
            for _ in shown.run(6):
                pass
        return _picture(shown)


def _picture(model: OneContextVectorModel) -> str:
    parts = [*_plane(model), *_gap(model), *_account(model)]
    return svg.picture(860, 410, parts, model.summary())


def _plane(model: OneContextVectorModel) -> list[str]:
    frame = svg.Frame.square(16, 40, 344, 344, ROOM + 0.1)
    w, c, after = (vector.tolist() for vector in (model.w, model.c, model.c + model.move))
    far = [30 * part / model.length for part in w]
    ends = [plane.cut(frame, c, (c[0] + sign * far[0], c[1] + sign * far[1])) for sign in (-1, 1)]
    arrows = [((0.0, 0.0), w), ((0.0, 0.0), c)]
    return [
        svg.text(16, 26, "w, cₖ, and the next step of cₖ (dashed)", bold=True),
        plane.sheet(frame),
        svg.line(*frame.at(*ends[0]), *frame.at(*ends[1]), PALE, 2),
        frame.arrow(w, CENTER, thick=4),
        frame.arrow(c, CONTEXT),
        plane.trail(frame, model.trail, CONTEXT),
        plane.step(frame, c, after, _color(model)),
        plane.names(frame, arrows, ["w", "cₖ"], [CENTER, CONTEXT], [(c, after), (model.trail[0], c)]),
    ]


def _gap(model: OneContextVectorModel) -> list[str]:
    zero, wide, gap = 620, 200, model.gap
    truth = "class k is the truth: q = 1" if model.true else "class k is wrong: q = 0"
    return [
        svg.text(400, 26, f"{truth}, and p = {model.p:.2f}", bold=True),
        svg.text(400, 45, "p is set by you here, not made by softmax", 12, GREY),
        svg.text(zero - 8, 76, "← pull toward w", 12, PULL, "end"),
        svg.text(zero + 8, 76, "push away from w →", 12, PUSH),
        svg.line(zero, 84, zero, 112),
        svg.rect(zero, 88, wide * gap, 20, _color(model)),
        svg.text(
            zero + (8 if gap <= 0 else -8),
            103,
            f"p − q = {svg.number(gap)}",
            13,
            INK,
            "start" if gap <= 0 else "end",
        ),
    ]


def _account(model: OneContextVectorModel) -> list[str]:
    """Write what the next step is for and what it does, and draw their ratio."""
    left, right, zero, one = 400, 846, 400, 44
    rule = "Δs · w / ‖w‖²" if model.exact else "Δs · w"
    lines = [
        ("wished: Δs = −η (p − q)", signed(model.wish)),
        ("realized: w · Δcₖ", signed(model.realized)),
        (f"the move Δcₖ = {rule} has length", small(float(np.hypot(*model.move)))),
        (
            "score s = w · cₖ, now → after",
            f"{svg.number(model.score, 3)} → {svg.number(model.score + model.realized, 3)}",
        ),
    ]
    parts = [svg.text(left, 152, "the next step, and what it does to the score", bold=True)]
    for k, (name, value) in enumerate(lines):
        y = 180 + 26 * k
        parts += [svg.text(left, y, name), svg.text(right, y, value, 13, INK, "end", bold=k < 2)]
    ratio = model.ratio
    if ratio is None:
        title = "realized / wished: nothing is wished"
    elif model.exact:
        title = f"realized / wished = {ratio:.2f}, whatever w is"
    else:
        title = f"realized / wished = {ratio:.2f} = ‖w‖²"
    parts += [
        svg.text(left, 302, title, 15, bold=True),
        svg.rect(zero, 318, 9 * one, 20, PALE),
        svg.rect(zero, 318, one * (ratio or 0.0), 20, GREY),
        svg.line(zero + one, 312, zero + one, 344, INK, 2),
        svg.text(zero + one, 360, "1: as wished", 12, INK, "middle"),
        svg.text(zero + 9 * one, 360, "9", 12, GREY, "middle"),
    ]
    if model.leaves:
        parts.append(svg.text(left, 386, "The next step would lead out of the picture.", bold=True))
    return parts


def _color(model: OneContextVectorModel) -> str:
    return PULL if model.gap < 0 else PUSH if model.gap > 0 else GREY


def signed(value: float) -> str:
    """Write a change with its sign, and as a power of ten where three decimals would be 0."""
    return ("−" if value < 0 else "+" if value > 0 else "") + small(abs(value))
