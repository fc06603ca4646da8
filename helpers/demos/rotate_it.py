"""Rotate it: turn the axes under three words; every coordinate moves and no angle does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import atan2, cos, degrees, radians, sin

import numpy as np

from helpers import checks
from helpers.demos import charts, svg
from helpers.demos.base import Demo, choice, slider
from helpers.demos.layout import Frame
from helpers.geometry import cosine_matrix
from helpers.palette import CENTER, GREY, INK, PALE

WORDS = ("car", "plane", "elephant")
VECTORS = np.array([[0.9, 0.1, 0.2, -0.1, -0.1], [0.8, 0.1, 0.2, -0.1, -0.1], [-0.1, 0.1, 0.3, -0.1, 0.8]])
# Other axes for the same words: column k says how new coordinate k is made from the old ones.
JUMP = np.array(
    [
        [0, 0.6, 0, 0.8, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
        [0, -0.8, 0, 0.6, 0],
        [0, 0, 1, 0, 0],
    ]
)
RECIPE = "(x₂, 0.6x₁ − 0.8x₄, x₅, 0.8x₁ + 0.6x₄, x₃)"
PLANES = {f"{i} and {j}": (i - 1, j - 1) for i in range(1, 6) for j in range(i + 1, 6)}
STEP = 5  # degrees from one frame to the next


class RotateItModel:
    """Three words in five dimensions, turned in the plane of two coordinates.

    Attributes
    ----------
    angle : int
        Degrees, 0 … 360.
    plane : (int, int)
        The two coordinates that mix, counted from 0.
    jumped : bool
        Whether the axes were exchanged for those of JUMP before the turn.
    """

    def __init__(self):
        self.reset()

    def set(
        self, angle: int | None = None, plane: tuple[int, int] | None = None, jumped: bool | None = None
    ) -> None:
        angle = self.angle if angle is None else checks.whole(angle, "angle", 0)
        if angle > 360:
            raise ValueError(f"angle must be at most 360 degrees, not {angle}")
        i, j = self.plane if plane is None else checks.ids(plane, 5, "plane", ndim=1).tolist()
        if i == j:
            raise ValueError("a plane needs two different coordinates")
        self.angle, self.plane = angle, (i, j)
        self.jumped = self.jumped if jumped is None else bool(jumped)

    def reset(self) -> None:
        self.angle, self.plane, self.jumped = 0, (0, 3), False

    def jump(self) -> None:
        """Take other axes at once, and look along the two that now share what was in coordinate 1."""
        self.set(angle=0, plane=(1, 3), jumped=True)

    def turn_around(self) -> Iterator[None]:
        """Turn by 360° from wherever the angle is, a few degrees per frame."""
        for _ in range(0, 360, STEP):
            angle = self.angle % 360 + STEP
            self.set(angle=angle if angle <= 360 else angle - 360)
            yield

    @property
    def turn(self) -> np.ndarray:
        """The orthogonal matrix (5, 5) that makes the new coordinates, x′ = x Q."""
        Q, (i, j), angle = np.eye(5), self.plane, np.deg2rad(self.angle)
        Q[[i, j], i] = np.cos(angle), -np.sin(angle)
        Q[[i, j], j] = np.sin(angle), np.cos(angle)
        return JUMP @ Q if self.jumped else Q

    @property
    def turned(self) -> np.ndarray:
        return VECTORS @ self.turn

    @property
    def cosines(self) -> np.ndarray:
        return cosine_matrix(self.turned)

    @property
    def changed(self) -> int:
        """How many of the 15 coordinates are no longer what they were."""
        return _different(self.turned, VECTORS)

    @property
    def changed_cosines(self) -> int:
        """How many of the 9 cosines are no longer what they were."""
        return _different(self.cosines, cosine_matrix(VECTORS))

    def summary(self) -> str:
        i, j = self.plane
        car = ", ".join(svg.number(x, 3) for x in self.turned[0])
        plane, elephant = (svg.number(cosine, 3) for cosine in self.cosines[0, 1:])
        start = "After a jump to other axes, turned" if self.jumped else "Turned"
        return (
            f"{start} by {self.angle}° in the plane of coordinates {i + 1} and {j + 1}: {self.changed} of 15 "
            f"coordinates and {self.changed_cosines} of 9 cosines have changed. Car is now ({car}); "
            f"cos(car, plane) = {plane}, cos(car, elephant) = {elephant}."
        )


class RotateIt(Demo):
    """Turn the axes under car, plane and elephant."""

    animated = True

    def __init__(self):
        model = RotateItModel()
        angle = slider("angle (°)", 0, 0, 360, 1, "How far the axes are turned, in degrees")
        angle.layout.width = "560px"
        controls = {
            "angle": angle,
            "plane": choice("coordinates", PLANES, model.plane, "The two coordinates that mix"),
        }
        actions = {
            "Turn once around": model.turn_around,
            "Jump to other axes": model.jump,
            "Reset": model.reset,
        }
        super().__init__(model, controls, actions)

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show a turn: at 0° nothing has happened yet."""
        if self.model.changed:
            return self.draw()
        turned = RotateItModel()
        turned.set(angle=40, plane=self.model.plane)
        return _picture(turned)


LEFT, RIGHT = 78, 354  # where the coordinates start, and where the cosines do
BEFORE, NOW = 54, 242  # where the first row of each table starts
ROW = 30


def _picture(model: RotateItModel) -> str:
    tables = [*_tables("before", BEFORE, VECTORS), *_tables("now", NOW, model.turned, model.plane)]
    return svg.picture(860, 388, [*tables, *_verdict(model), *_plane(model)], model.summary())


def _tables(when: str, top: float, vectors, mixed: Sequence[int] = ()) -> list[str]:
    """Draw coordinates and cosines side by side; the coordinates that mix are framed."""
    numbers = [str(k + 1) for k in range(5)]
    parts = [
        svg.text(LEFT, top - 28, f"coordinates {when}", bold=True),
        charts.heat_map(LEFT, top, (52, ROW), vectors, WORDS, numbers, 0.9, digits=3),
        svg.text(RIGHT, top - 28, f"cosines {when}", bold=True),
        charts.heat_map(RIGHT, top, (62, ROW), cosine_matrix(vectors), [""] * 3, WORDS, 1.0, digits=3),
    ]
    return parts + [svg.rect(LEFT + 52 * k, top, 52, 3 * ROW, stroke=INK, thick=2) for k in mixed]


def _verdict(model: RotateItModel) -> list[str]:
    """Write what has changed between the tables, and how the axes were moved below them."""
    i, j = model.plane
    y = (BEFORE + 3 * ROW + NOW - 28) / 2
    moves = [f"turned by {model.angle}° in the plane of coordinates {i + 1} and {j + 1}"]
    if model.jumped:
        moves = [f"jumped to {RECIPE},", f"then {moves[0]}"]
    return [
        svg.text(LEFT, y, f"{model.changed} of 15 have changed", 16, bold=True),
        svg.text(RIGHT, y, f"{model.changed_cosines} of 9 have changed", 16, bold=True),
        *(svg.text(LEFT, NOW + 3 * ROW + 22 + 18 * k, move, 12, GREY) for k, move in enumerate(moves)),
    ]


def _plane(model: RotateItModel) -> list[str]:
    """Draw the words in the plane that turns: pale before, orange now, each name on a ring around."""
    (i, j), radius, x, y = model.plane, 84, 700, 206
    frame = Frame.square(x - radius, y - radius, 2 * radius, 2 * radius, 1.0)
    now = model.turned[:, [i, j]].tolist()
    parts = [
        svg.text(566, BEFORE - 28, f"coordinates {i + 1} and {j + 1}, drawn", bold=True),
        svg.text(x, y - radius - 34, f"↑ coordinate {j + 1}", 12, GREY, "middle"),
        svg.text(846, y + radius + 42, f"coordinate {i + 1} →", 12, GREY, "end"),
        svg.text(566, y + radius + 42, "pale: before", 12, GREY),
        svg.dot(x, y, PALE, radius, filled=False),
        frame.cross(),
        *(frame.arrow(tip, PALE, thick=2) for tip in VECTORS[:, [i, j]].tolist()),
    ]
    for word, tip, angle in zip(WORDS, now, _apart(now, model.angle), strict=True):
        across, up = cos(radians(angle)), sin(radians(angle))
        half = 3.6 * len(word)
        name = x + (radius + 4 + half) * across, y - (radius + 16) * up
        edge = x + (radius + 3) * across, y - (radius + 3) * up
        parts += [
            svg.line(*frame.at(*tip), *edge, PALE),
            svg.text(name[0], name[1] + 4.5, word, 13, CENTER, "middle"),
        ]
    return parts + [frame.arrow(tip, CENTER) for tip in now]


def _apart(tips: Sequence, turned: float, room: float = 38) -> list[float]:
    """Return a direction in degrees for each name: that of its arrow, or beside it where names would meet.

    Names are placed as if nothing had been turned and then turned along, so that none ever jumps.
    """
    start = [round(degrees(atan2(up, across)) - turned, 3) % 360 for across, up in tips]
    order = sorted(range(len(tips)), key=start.__getitem__)
    # Walk around the ring from behind the widest gap.
    first = max(range(len(order)), key=lambda k: (start[order[k]] - start[order[k - 1]]) % 360)
    order = order[first:] + order[:first]
    places = [start[order[0]] + (start[k] - start[order[0]]) % 360 for k in order]
    for _ in range(20):
        for k in range(1, len(places)):
            lack = max(room - (places[k] - places[k - 1]), 0)
            places[k - 1] -= lack / 2
            places[k] += lack / 2
    return [place + turned for _, place in sorted(zip(order, places, strict=True))]


def _different(now, before) -> int:
    """Count the numbers that moved by more than rounding."""
    return int(np.count_nonzero(np.abs(now - before) > 1e-9))
