"""Rotate it: turn the axes under three words; every coordinate moves and no angle does."""

from __future__ import annotations

import numpy as np

from helpers import _checks
from helpers.demos import svg
from helpers.demos.base import Demo, choice, slider
from helpers.geometry import cosine_matrix
from helpers.plots import CENTER, GREY

WORDS = ("car", "plane", "elephant")
VECTORS = np.array([[0.9, 0.1, 0.2, -0.1, -0.1], [0.8, 0.1, 0.2, -0.1, -0.1], [-0.1, 0.1, 0.3, -0.1, 0.8]])
PLANES = {f"{i} and {j}": (i - 1, j - 1) for i in range(1, 6) for j in range(i + 1, 6)}


class Rotation:
    """Three words in five dimensions, turned in the plane of two coordinates.

    Attributes
    ----------
    angle : int
        Degrees, 0 … 360.
    plane : (int, int)
        The two coordinates that mix, counted from 0.
    """

    def __init__(self):
        self.reset()

    def set(self, angle: int | None = None, plane: tuple[int, int] | None = None) -> None:
        if angle is not None:
            self.angle = _checks.whole(angle, "angle", 0)
        if plane is not None:
            i, j = _checks.ids(plane, 5, "plane")
            if i == j:
                raise ValueError("a plane needs two different coordinates")
            self.plane = (int(i), int(j))

    def reset(self) -> None:
        self.angle, self.plane = 0, (0, 3)

    @property
    def turn(self) -> np.ndarray:
        """The orthogonal matrix (5, 5) that makes the new coordinates, x′ = x Q."""
        Q, (i, j), angle = np.eye(5), self.plane, np.deg2rad(self.angle)
        Q[[i, j], i] = np.cos(angle), -np.sin(angle)
        Q[[i, j], j] = np.sin(angle), np.cos(angle)
        return Q

    @property
    def turned(self) -> np.ndarray:
        return VECTORS @ self.turn

    @property
    def cosines(self) -> np.ndarray:
        return cosine_matrix(self.turned)

    def summary(self) -> str:
        i, j = self.plane
        car = ", ".join(svg.number(x) for x in self.turned[0])
        plane, elephant = (svg.number(cosine, 3) for cosine in self.cosines[0, 1:])
        return (
            f"Turned by {self.angle}° in the plane of coordinates {i + 1} and {j + 1}. Car is now ({car}); "
            f"cos(car, plane) = {plane}, cos(car, elephant) = {elephant}."
        )


class RotateIt(Demo):
    def __init__(self):
        model = Rotation()
        controls = {
            "angle": slider("angle (°)", 0, 0, 360, 1, "How far the axes are turned, in degrees"),
            "plane": choice("coordinates", PLANES, model.plane, "The two coordinates that mix"),
        }
        super().__init__(model, controls, {"Reset": model.reset})

    def draw(self) -> str:
        i, j = self.model.plane
        turned = self.model.turned
        numbers = [str(k + 1) for k in range(5)]
        moving = [(row, k) for row in range(3) for k in (i, j)]
        frame = svg.Frame.square(665, 46, 160, 160, 1.0)
        parts = [
            svg.text(90, 24, "coordinates", bold=True),
            svg.heat_map(90, 52, (56, 44), turned, WORDS, numbers, 0.9, outlined=moving),
            svg.text(470, 24, "cosines", bold=True),
            svg.heat_map(470, 52, (56, 44), self.model.cosines, [""] * 3, ["car", "plane", "eleph."], 1.0),
            svg.text(665, 24, f"coordinates {i + 1} (→) and {j + 1} (↑)", bold=True),
            frame.border(),
            frame.cross(),
        ]
        for word, vector in zip(WORDS, turned, strict=True):
            x, y = frame.at(vector[i], vector[j])
            parts.append(frame.arrow((vector[i], vector[j]), CENTER))
            parts.append(svg.text(x, y - 6, word, 12, GREY, "middle"))
        return svg.picture(850, 222, parts, self.model.summary())


def rotate_it() -> RotateIt:
    """Turn the axes under car, plane and elephant."""
    return RotateIt()
