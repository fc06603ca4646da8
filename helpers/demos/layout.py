"""Where things stand in a picture: boxes that split into rows and columns, and frames that show numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, inf

import numpy as np

from helpers.demos import svg
from helpers.palette import PALE

LINE = "line"  # with its place behind it: the key of a line of a list, see `touchable`


@dataclass(frozen=True)
class Box:
    """Pixels of the picture; it unpacks: ``svg.rect(*box, GRAY)``, ``Frame(*box, (0, 1), (0, 2))``."""

    x: float
    y: float
    width: float
    height: float

    def __iter__(self) -> Iterator[float]:
        return iter((self.x, self.y, self.width, self.height))

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half way between top and bottom."""
        return self.y + self.height / 2

    @property
    def open(self) -> Box:
        """The box with 8 pixels more at its left: for a panel whose words begin at its edge."""
        return Box(self.x - 8, self.y, self.width + 8, self.height)

    def columns(self, *widths: float | None, gap: float = 0) -> list[Box]:
        """Split into boxes side by side; each `None` takes an equal part of what the others leave."""
        return [Box(x, self.y, width, self.height) for x, width in _split(self.x, self.width, widths, gap)]

    def rows(self, *heights: float | None, gap: float = 0) -> list[Box]:
        """Split into boxes one below the other; each `None` takes an equal part of what the others leave."""
        return [Box(self.x, y, self.width, high) for y, high in _split(self.y, self.height, heights, gap)]


def _split(start: float, length: float, sizes: Sequence, gap: float) -> Iterator[tuple[float, float]]:
    left = length - gap * (len(sizes) - 1) - sum(size for size in sizes if size is not None)
    for size in sizes:
        size = left / sizes.count(None) if size is None else size
        yield start, size
        start += size + gap


@dataclass(frozen=True)
class Frame(Box):
    """A box that shows a part of the number plane, with the numbers of both ranges at its edges."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]

    @classmethod
    def square(cls, x: float, y: float, width: float, height: float, radius: float) -> Frame:
        """Show the plane around the origin, with equal units on both axes, `radius` up and down."""
        across = radius * width / height
        return cls(x, y, width, height, (-across, across), (-radius, radius))

    @classmethod
    def around(cls, box: Box, points, margin: tuple[float, float]) -> Frame:
        """Show all points (K, 2), with equal units on both axes and so many pixels free around them."""
        low, high = np.min(points, axis=0), np.max(points, axis=0)
        size = np.array([box.width, box.height])
        unit = max(np.max((high - low) / (size - 2 * np.array(margin))), 1e-9)
        middle, reach = (low + high) / 2, unit * size / 2
        x_range, y_range = zip((middle - reach).tolist(), (middle + reach).tolist(), strict=True)
        return cls(*box, x_range, y_range)

    def at(self, px: float, py: float) -> tuple[float, float]:
        """Return the pixel of a point, kept inside the box."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        across = self.x + self.width * (px - x0) / (x1 - x0)
        down = self.y + self.height * (y1 - py) / (y1 - y0)
        return min(max(across, self.x), self.right), min(max(down, self.y), self.bottom)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of a pixel: the way back from `at`."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        return x0 + (x - self.x) / self.width * (x1 - x0), y1 - (y - self.y) / self.height * (y1 - y0)

    def pixels(self, points) -> list[list[float]]:
        """Return the pixels of many points (K, 2) at once, all of which must lie in the box."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        size = np.array([self.width / (x1 - x0), self.height / (y0 - y1)])
        return ((np.asarray(points) - [x0, y1]) * size + [self.x, self.y]).tolist()

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, in pixels."""
        return self.x, self.y, self.right, self.bottom

    def holds(self, box) -> bool:
        """Say whether a box (left, top, right, bottom) in pixels lies inside."""
        left, top, right, bottom = box
        return self.x <= left and right <= self.right and self.y <= top and bottom <= self.bottom

    def cut(self, tail, tip) -> tuple[float, float]:
        """Return how far one comes from tail (inside) toward tip before the frame ends."""
        share = 1.0
        for start, end, (low, high) in zip(tail, tip, (self.x_range, self.y_range), strict=True):
            if not low <= end <= high:
                share = min(share, ((high if end > high else low) - start) / (end - start))
        return tail[0] + share * (tip[0] - tail[0]), tail[1] + share * (tip[1] - tail[1])

    def border(self) -> str:
        return svg.rect(*self, fill="transparent", stroke=PALE)  # so that the inside can be touched

    def cross(self) -> str:
        """Draw the two axes through the origin, without names: on a map only the shape means anything."""
        (x0, y0), (left, low), (right, high) = self.at(0, 0), self.at(-1e9, -1e9), self.at(1e9, 1e9)
        return svg.line(left, y0, right, y0, PALE) + svg.line(x0, low, x0, high, PALE)

    def axes(
        self, x_ticks: Sequence[float], y_ticks: Sequence[float], x_name: str = "", y_name: str = ""
    ) -> str:
        """Draw a frame for a chart, with numbers at the ticks."""
        parts = [svg.line(self.x, self.bottom, self.right, self.bottom)]
        parts.append(svg.line(self.x, self.y, self.x, self.bottom))
        parts += [svg.note(self.at(t, 0)[0], self.bottom + 16, _tick(t), "middle") for t in x_ticks]
        parts += [svg.note(self.x - 6, self.at(0, t)[1] + 4, _tick(t), "end") for t in y_ticks]
        parts += [svg.note(self.x + self.width / 2, self.bottom + 33, x_name, "middle")] if x_name else []
        parts += [svg.note(self.x - 30, self.y - 8, y_name)] if y_name else []
        return "".join(parts)

    def plot(self, xs: Iterable[float], ys: Iterable[float], color: str, thick: float = 2) -> str:
        return svg.curve([self.at(px, py) for px, py in zip(xs, ys, strict=True)], color, thick)

    def arrow(self, tip, color: str, tail=(0.0, 0.0), dashed: bool = False, thick: float = 2.5) -> str:
        return svg.arrow(*self.at(*tail), *self.at(*tip), color, thick, dashed)


def nearest(places: Iterable[tuple[float, float]], x: float, y: float, reach: float = 30) -> int | None:
    """Return which of some pixels is nearest to another one, if one is within reach."""
    distances = [hypot(px - x, py - y) for px, py in places]
    least = min(distances, default=inf)
    return distances.index(least) if least <= reach else None


def touchable(lines: Iterable[str]) -> list[str]:
    """Let each line of a list be touched."""
    return [svg.target(f"{LINE}{k}", [line]) for k, line in enumerate(lines)]


def touched(key: str, listed: Sequence, spots: Mapping, x: float, y: float):
    """Return which word was touched, in a list of `touchable` lines or on the map beside it, if any.

    `spots` says where each word stands on the map; `listed` are the words of the list.
    """
    if key.startswith(LINE):
        return listed[int(key.removeprefix(LINE))]
    found = nearest(spots.values(), x, y)
    return None if found is None else [*spots][found]


def _tick(value: float) -> str:
    """Write a number at an axis as briefly as possible, with a real minus sign."""
    return f"{value:g}".replace("-", "−")
