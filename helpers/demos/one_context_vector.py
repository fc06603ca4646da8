"""One context vector: it slides along the line of w, and its score changes by more or less than was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from helpers.demos import charts, labels, plane, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.scores import gap_color, small
from helpers.demos.settings import Slider, SteppingModel, Switch, Toggle
from helpers.demos.tour import press, turn
from helpers.palette import CENTER, CONTEXT, INK, PALE, PULL, PUSH

START = (-1.8, 0.4)  # where c_k is at first
ROOM = 3.1  # how far the picture reaches on either side of the origin
LEFT, RIGHT = Box(4, 4, 852, 402).columns(412, None, gap=14)
GAP, ACCOUNT, RATIO = RIGHT.rows(112, 154, None)
PLANE = Frame.square(LEFT.x + 22, LEFT.y + 26, 356, 356, ROOM + 0.1)


class OneContextVectorModel(SteppingModel):
    """One center vector w that stays, one context vector c_k that moves along it.

    The reader sets p, what the model believes of class k; no softmax makes it here. With `exact`, moves are
    scaled by 1/‖w‖², so that the score changes exactly as wished.

    Attributes
    ----------
    c : (2,) array
        The context vector as it is now.
    steps : int
    trail : sequence of (x, y)
        Where c has been, at least the latest steps, and where it is.
    w : (2,) array
    gap : float
        p − q: negative pulls c_k toward w, positive pushes it away.
    wish, realized : float
        How the score should change in the next step, Δs = −η (p − q), and how it really does.
    ratio : float or None
        Realized through wished; None where nothing is wished.
    move : (2,) array
        The next step of c_k: Δs · w, or Δs · w / ‖w‖² with the exact scaling.
    score : float
    over : bool
        Whether the next step would lead out of the picture.
    """

    true = Toggle("class k is", True, {"true": True, "wrong": False}, "Is class k the truth?")
    p = Slider("pₖ, set by you", 0.2, 0.0, 1.0, 0.01, "The belief in class k, set by you, not by softmax")
    learning_rate = Slider("learning rate η", 0.25, 0.05, 0.5, 0.05, "Step size η")
    length = Slider("length ‖w‖", 2.0, 0.1, 3.0, 0.1, "The length of w")
    angle = Slider("angle of w (°)", 30, -180, 180, 5, "The direction of w, in degrees")
    exact = Switch("scale by 1/‖w‖²: the exact move", False, "Move so that the wish is granted exactly")

    def start_over(self) -> None:
        """Put c_k back where it started; w, p and η stay as they are set."""
        super().start_over()
        self.c = np.array(START)
        self.steps, self.trail = 0, deque([START], maxlen=plane.MOST_DOTS)
        self._look_ahead()

    def changed(self, names: set[str]) -> None:
        """Take the next step with the new settings, from where c_k is."""
        self._look_ahead()

    def _look_ahead(self) -> None:
        angle = np.deg2rad(float(self.angle))
        self.w = self.length * np.array([np.cos(angle), np.sin(angle)])
        self.gap = self.p - float(self.true)
        self.wish = 0.0 - self.learning_rate * self.gap
        self.move = self.wish * self.w / (self.length**2 if self.exact else 1.0)
        self.score = float(self.w @ self.c)
        self.realized = float(self.w @ (self.c + self.move) - self.score)
        self.ratio = self.realized / self.wish if self.wish else None
        self.over = not plane.inside(self.c + self.move, ROOM)

    def place(self, tip) -> None:
        """Put c_k somewhere else in the picture, and forget where it has been."""
        self.start_over()
        self.c = np.clip(tip, -ROOM, ROOM)
        self.trail = deque([tuple(self.c.tolist())], maxlen=plane.MOST_DOTS)
        self._look_ahead()

    def turn(self, tip) -> None:
        """Let w end at a point, as nearly as its sliders can say."""
        settings = self.settings()
        length, angle = np.hypot(*tip), np.rad2deg(np.arctan2(tip[1], tip[0]))
        self.set(length=settings["length"].nearest(length), angle=settings["angle"].nearest(angle))

    def apply_update(self) -> None:
        """Take the step, unless it would lead out of the picture."""
        if not self.over:
            self.c = self.c + self.move
            self.steps += 1
            self.trail.append(tuple(self.c.tolist()))
            self._look_ahead()

    def summary(self) -> str:
        done = f"{self.steps} step{'s' * (self.steps != 1)} taken, score {svg.number(self.score, 3)}."
        if not self.wish:
            return f"{done} p = q: nothing is wished, and nothing moves."
        if self.over:
            news = "It would lead out of the picture: go back to the start, or change η, w or the class."
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

    Model = OneContextVectorModel
    size, animated = (860, 410), True

    def actions(self) -> dict:
        model = self.model
        return {
            "Apply update": model.apply_update,
            "Repeat 10": lambda: model.run(10),
            "Back to the start": model.start_over,
        }

    def tour(self) -> Iterator[str]:
        """Take some steps, change w, make the step exact where w is short, then a wrong class."""
        for _ in range(4):
            yield press(self, "Apply update")
        yield press(self, "Back to the start")
        for length in (1.5, 1.0, 0.5, 0.1):
            yield turn(self, "length", length)
        yield turn(self, "exact", True)
        for length in (0.5, 1.0, 1.5, 2.0):
            yield turn(self, "length", length)
        yield turn(self, "exact", False)
        for angle in (60, 90, 120, 150):
            yield turn(self, "angle", angle)
        turn(self, "angle", 30)
        yield turn(self, "true", False)
        for p in (0.02, 0.4, 0.6, 0.8, 1.0):
            yield turn(self, "p", p)
        for _ in range(3):
            yield press(self, "Apply update")

    def carry_on(self, model: OneContextVectorModel) -> None:
        """Take some steps that leave a trail, if the reader has not taken any."""
        if not model.steps:
            deque(model.run(6), maxlen=0)

    def drag(self, key: str, x: float, y: float) -> None:
        """Take w or cₖ by its tip."""
        tip = PLANE.point(x, y)
        if key == "w":
            self.model.turn(tip)
        else:
            self.model.place(tip)

    def touch(self, key: str, x: float, y: float) -> None:
        """Put cₖ where the plane was touched."""
        self.model.place(PLANE.point(x, y))

    def parts(self, model: OneContextVectorModel) -> list[str]:
        return [
            svg.panel(LEFT, _plane(LEFT, model)),
            svg.panel(RATIO, _ratio(RATIO, model)),
            svg.panel(GAP, _gap(GAP, model)),
            svg.panel(ACCOUNT, _account(ACCOUNT, model)),
        ]


def _plane(box: Box, model: OneContextVectorModel) -> list[str]:
    frame = PLANE
    w, c, after = (vector.tolist() for vector in (model.w, model.c, model.c + model.move))
    far = [30 * part / model.length for part in w]
    ends = [frame.cut(c, (c[0] + sign * far[0], c[1] + sign * far[1])) for sign in (-1, 1)]
    arrows = [((0.0, 0.0), w), ((0.0, 0.0), c)]
    others = [(c, after), (model.trail[0], c)]
    names = labels.at_tips(frame, arrows, ["w", "cₖ"], [CENTER, CONTEXT], others, ["w", ""])
    return [
        svg.title(frame.x, box.y + 16, "w, cₖ, and the next step of cₖ (dashed)"),
        svg.target("plane", [plane.sheet(frame)]),
        svg.line(*frame.at(*ends[0]), *frame.at(*ends[1]), PALE, 2),
        svg.linked("w", [frame.arrow(w, CENTER, thick=4)]),
        frame.arrow(c, CONTEXT),
        plane.trail(frame, model.trail, CONTEXT),
        svg.linked("step", [plane.step(frame, c, after, gap_color(model.gap))]),
        names,
        svg.linked("w", [svg.handle("w", *frame.at(*w), "tip of w", frame.edges)]),
        svg.linked("step", [svg.handle("c", *frame.at(*c), "tip of cₖ", frame.edges)]),
    ]


def _gap(box: Box, model: OneContextVectorModel) -> list[str]:
    x, zero, gap = box.x + 12, box.x + 216, model.gap
    truth = "class k is the truth: q = 1" if model.true else "class k is wrong: q = 0"
    side, anchor = (8, "start") if gap <= 0 else (-8, "end")
    words = svg.text(zero + side, box.y + 91, f"p − q = {svg.number(gap)}", anchor=anchor)
    return [
        svg.title(x, box.y + 16, f"{truth}, and p = {model.p:.2f}"),
        svg.note(x, box.y + 35, "p is set by you here, not made by softmax"),
        svg.note(zero - 8, box.y + 64, "← pull toward w", "end", PULL),
        svg.note(zero + 8, box.y + 64, "push away from w →", color=PUSH),
        svg.line(zero, box.y + 72, zero, box.y + 100),
        svg.linked("step", [charts.bar(zero, box.y + 76, 200 * gap, 20, gap_color(model.gap)), words]),
    ]


def _account(box: Box, model: OneContextVectorModel) -> list[str]:
    """Write what the next step is for and what it does."""
    rule = "Δs · w / ‖w‖²" if model.exact else "Δs · w"
    now, then = svg.number(model.score, 3), svg.number(model.score + model.realized, 3)
    lines = (
        ("wished: Δs = −η (p − q)", signed(model.wish)),
        ("realized: w · Δcₖ", signed(model.realized)),
        (f"the move Δcₖ = {rule} has length", small(float(np.hypot(*model.move)))),
        ("score s = w · cₖ, now → after", f"{now} → {then}"),
    )
    x, right = box.x + 12, box.right - 12
    parts = [svg.title(x, box.y + 26, "the next step, and what it does to the score")]
    for k, (name, value) in enumerate(lines):
        y = box.y + 54 + 26 * k
        line = [svg.text(x, y, name), svg.text(right, y, value, anchor="end", bold=k < 2)]
        parts.append(svg.linked("step", line))
    return parts


def _ratio(box: Box, model: OneContextVectorModel) -> list[str]:
    """Draw realized over wished, against 1 and 9, which is as far as ‖w‖² goes."""
    ratio, x = model.ratio, box.x + 12
    track = Box(x, box.y + 60, 396, 20)
    one, _ = track.columns(track.width / 9, None)
    if ratio is None:
        told = [svg.text(x, box.y + 40, "realized / wished: nothing is wished", 15, bold=True)]
    else:
        told = [
            svg.text(x, box.y + 40, "realized / wished =", 15, bold=True),
            svg.hero(x + 176, box.y + 42, f"{ratio:.2f}"),
            svg.text(x + 256, box.y + 40, "whatever w is" if model.exact else "= ‖w‖²", 13, bold=True),
        ]
    parts = [
        svg.linked("w", [*told, charts.gauge(track, (ratio or 0.0) / 9)]),
        svg.line(one.right, track.y - 6, one.right, track.bottom + 6, INK, 2),
        svg.note(one.right, track.bottom + 20, "1: as wished", "middle", INK),
        svg.note(track.right, track.bottom + 20, "9", "end"),
    ]
    if model.over:
        parts.append(svg.title(x, box.bottom - 10, "The next step would lead out of the picture."))
    return parts


def signed(value: float) -> str:
    """Write a change with its sign, and as a power of ten where three decimals would be 0."""
    return ("−" if value < 0 else "+" if value > 0 else "") + small(abs(value))
