"""Rotate it: turn the axes under three words; every coordinate moves and no angle does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from math import atan2, cos, degrees, radians, sin

import numpy as np

from helpers.demos import charts, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.settings import Choice, Model, Slider, animation
from helpers.demos.tour import press, turn, watch
from helpers.geometry import cosine_matrix
from helpers.lettering import spread, width
from helpers.palette import CENTER, INK, PALE

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

TURNED, COORDINATES, COSINES = Box(4, 4, 852, 376).columns(312, 304, None, gap=2)
RING = Frame.square(TURNED.x + 65, TURNED.y + 80, 182, 182, 1.0)


class RotateItModel(Model):
    """Three words in five dimensions, turned by an angle in the plane of two coordinates (counted from 0).

    Attributes
    ----------
    jumped : bool
        Whether the axes were exchanged for those of JUMP before the turn.
    """

    angle = Slider("angle (°)", 0, 0, 360, 1, "How far the axes are turned, in degrees", width="560px")
    plane = Choice("coordinates", (0, 3), PLANES, "The two coordinates that mix")

    def start_over(self) -> None:
        super().start_over()
        self.jumped = False

    def changed(self, names: set[str]) -> None:
        """Stay with the axes as they are: all else follows from the angle and the plane."""

    def jump(self) -> None:
        """Take other axes at once, and look along the two that now share what was in coordinate 1."""
        self.set(angle=0, plane=(1, 3))
        self.jumped = True

    @animation
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
    def changed_coordinates(self) -> int:
        """How many of the 15 coordinates are no longer what they were."""
        return _different(self.turned, VECTORS)

    @property
    def changed_cosines(self) -> int:
        """How many of the 9 cosines are no longer what they were."""
        return _different(self.cosines, cosines_before())

    def summary(self) -> str:
        i, j = self.plane
        car = ", ".join(svg.number(x, 3) for x in self.turned[0])
        plane, elephant = (svg.number(cosine, 3) for cosine in self.cosines[0, 1:])
        start = "After a jump to other axes, turned" if self.jumped else "Turned"
        return (
            f"{start} by {self.angle}° in the plane of coordinates {i + 1} and {j + 1}: "
            f"{self.changed_coordinates} of 15 coordinates and {self.changed_cosines} of 9 cosines have "
            f"changed. Car is now ({car}); cos(car, plane) = {plane}, cos(car, elephant) = {elephant}."
        )


class RotateIt(Demo):
    """Turn the axes under car, plane and elephant."""

    Model = RotateItModel
    size, animated = (860, 384), True

    def actions(self) -> dict:
        return {"Turn once around": self.model.turn_around, "Jump to other axes": self.model.jump}

    def tour(self) -> Iterator[str]:
        """Turn all the way around, then jump to other axes, and turn until vehicle has a column again."""
        yield from watch(self, "Turn once around", every=3)
        yield press(self, "Jump to other axes")
        for angle in (10, 20, 30, 43):
            yield turn(self, "angle", angle)

    def carry_on(self, model: RotateItModel) -> None:
        """Turn a little, if nothing has happened yet."""
        if not model.changed_coordinates:
            model.set(angle=40)

    def drag(self, key: str, x: float, y: float) -> None:
        """Turn the plane by its rim."""
        across, up = RING.point(x, y)
        self.model.set(angle=RotateItModel.angle.nearest(degrees(atan2(up, across)) % 360))

    def parts(self, model: RotateItModel) -> list[str]:
        return [
            svg.panel(TURNED, _plane(TURNED, model)),
            svg.panel(COORDINATES, _coordinates(COORDINATES, model)),
            svg.panel(COSINES, _cosines(COSINES, model)),
        ]


def _table(
    x: float, y: float, cell: tuple, values, columns: Sequence[str], limit: float, digits: int
) -> list[str]:
    """Draw a table of the three words, each column linked by its name."""
    parts = []
    for k, name in enumerate(columns):
        rows = WORDS if k == 0 else ()
        column = charts.heat_map(x + k * cell[0], y, cell, values[:, k : k + 1], rows, [name], limit, digits)
        parts.append(svg.linked(name, [column]))
    return parts


def _coordinates(box: Box, model: RotateItModel) -> list[str]:
    """Draw the coordinates before and now; those that mix are framed."""
    x, y, cell, numbers = box.x + 68, box.y + 16, (46, 30), "12345"
    return [
        svg.title(x, y, "coordinates before"),
        *_table(x, y + 28, cell, VECTORS, numbers, 0.9, 2),
        svg.title(x, y + 151, f"{model.changed_coordinates} of 15 have changed"),
        svg.title(x, y + 192, "coordinates now"),
        *_table(x, y + 220, cell, model.turned, numbers, 0.9, 2),
        *(svg.rect(x + 46 * k, y + 220, 46, 90, stroke=INK, thick=2) for k in model.plane),
    ]


def _cosines(box: Box, model: RotateItModel) -> list[str]:
    """Draw the cosines before and now, and between them how many have changed."""
    x, y, cell = box.x + 68, box.y + 16, (54, 30)
    return [
        svg.title(x, y, "cosines before"),
        *_table(x, y + 28, cell, cosines_before(), WORDS, 1.0, 3),
        svg.hero(x, y + 156, f"{model.changed_cosines} of 9"),
        svg.title(x + 94, y + 143, "have"),
        svg.title(x + 94, y + 158, "changed"),
        svg.title(x, y + 192, "cosines now"),
        *_table(x, y + 220, cell, model.cosines, WORDS, 1.0, 3),
    ]


def _plane(box: Box, model: RotateItModel) -> list[str]:
    """Draw the words in the plane that turns: pale before, orange now, each name on a ring around."""
    (i, j), frame, radius, (x, y) = model.plane, RING, RING.width / 2, RING.at(0, 0)
    rim = frame.at(cos(radians(model.angle)), sin(radians(model.angle)))
    now, low = model.turned[:, [i, j]].tolist(), y + radius + 46
    move = f"turned by {model.angle}° in coordinates {i + 1} and {j + 1}"
    told = [f"jumped to {RECIPE}", f"then {move}"] if model.jumped else [move]
    parts = [
        svg.title(box.x + 8, box.y + 16, f"coordinates {i + 1} and {j + 1}, drawn: turn the rim"),
        svg.linked(f"{j + 1}", [svg.note(x, y - radius - 34, f"↑ coordinate {j + 1}", "middle")]),
        svg.linked(f"{i + 1}", [svg.note(box.right - 10, low, f"coordinate {i + 1} →", "end")]),
        svg.note(box.x + 8, low, "pale: before"),
        *(svg.note(box.x + 8, low + 22 + 18 * k, line) for k, line in enumerate(told)),
        svg.dot(x, y, PALE, radius, filled=False),
        frame.cross(),
        *(frame.arrow(tip, PALE, thick=2) for tip in VECTORS[:, [i, j]].tolist()),
    ]
    for word, tip, angle in zip(WORDS, now, _apart(now, model.angle), strict=True):
        across, up = cos(radians(angle)), sin(radians(angle))
        middle = x + (radius + 4 + width(word) / 2) * across
        name = svg.text(middle, y - (radius + 16) * up + 4.5, word, 13, CENTER, "middle")
        leader = svg.line(*frame.at(*tip), x + (radius + 3) * across, y - (radius + 3) * up, PALE)
        parts.append(svg.linked(word, [leader, name]))
    parts += [svg.linked(word, [frame.arrow(tip, CENTER)]) for word, tip in zip(WORDS, now, strict=True)]
    return [
        *parts,
        svg.dot(*rim, INK, 5, filled=False),
        svg.handle("rim", *rim, "rim of the plane", frame.edges),
    ]


def _apart(tips: Sequence, turned: float) -> list[float]:
    """Return a direction in degrees for each name: that of its arrow, or beside it where names would meet.

    Names are placed as if nothing had been turned and then turned along, so that none ever jumps.
    """
    start = [round(degrees(atan2(up, across)) - turned, 3) % 360 for across, up in tips]
    # Cut the ring open behind its widest gap.
    first = max(start, key=lambda place: min((place - other) % 360 or 360 for other in start))
    straight = spread([(place - first) % 360 for place in start], 38)
    return [place + first + turned for place in straight]


@cache
def cosines_before() -> np.ndarray:
    return cosine_matrix(VECTORS)


def _different(now, before) -> int:
    """Count the numbers that moved by more than rounding."""
    return int(np.count_nonzero(np.abs(now - before) > 1e-9))
