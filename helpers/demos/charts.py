"""What stands in several pictures: tables as colors, bars with their numbers, and curves with their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from helpers import lettering
from helpers.demos import svg
from helpers.demos.layout import Box, Frame
from helpers.lettering import spread
from helpers.palette import GRAY, INK, PALE, PAPER, PULL, PUSH, ink_on

STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)  # where an axis of steps may end
LOSSES = (0.5, 1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 50)  # and one of losses


def bar(
    x: float, y: float, length: float, height: float, color: str, words: str = "", bold: bool = False
) -> str:
    """Draw a bar from x on, to the left where its length is negative, and its number to the right of it."""
    size = 13 if bold else 12
    place = x + max(length, 0) + 7, y + height / 2 + 0.36 * size
    number = svg.text(*place, words, size, bold=bold) if words else ""
    return svg.rect(x, y, length, height, color) + number


def bars(
    x: float, rows: Sequence[Box], lengths: Iterable[float], colors: Iterable[str], words: Iterable[str]
) -> str:
    """Draw a zero line at x, and in each row a bar from it with its number."""
    parts = [svg.line(x, rows[0].y, x, rows[-1].bottom)]
    for row, length, color, number in zip(rows, lengths, colors, words, strict=True):
        parts.append(bar(x, row.y + 0.15 * row.height, length, 0.7 * row.height, color, number))
    return "".join(parts)


def gauge(box: Box, share: float, color: str = GRAY, words: str = "", outlined: bool = False) -> str:
    """Fill a share of a pale (or outlined) box, and write words to the right of it."""
    track = svg.rect(*box, stroke=PALE) if outlined else svg.rect(*box, PALE)
    filled = svg.rect(box.x, box.y, box.width * min(share, 1.0), box.height, color)
    number = svg.title(box.right + 8, box.y + box.height / 2 + 4.5, words) if words else ""
    return track + filled + number


def progress(box: Box, share: float, words: str) -> str:
    """Show how far a training has come: words, and a bar under them in the box."""
    filled = svg.rect(box.x, box.y, box.width * share, box.height, GRAY, corner=5)
    return svg.title(box.x, box.y - 12, words) + svg.rect(*box, PALE, corner=5) + filled


def legend(x: float, y: float, entries: Iterable[tuple[str, str, float, bool]]) -> str:
    """Say in one line what dots mean: each by words, and its color, radius, and whether it is filled."""
    parts = []
    for words, color, radius, filled in entries:
        parts.append(svg.dot(x + radius, y - 4.5, color, radius, filled))
        parts.append(svg.note(x + 2 * radius + 5, y, words))
        x += 2 * radius + 5 + lettering.width(words, 12) + 16
    return "".join(parts)


def heat_map(
    x: float,
    y: float,
    cell: tuple[float, float],
    values,
    rows: Sequence[str],
    columns: Sequence[str],
    limit: float,
    digits: int = 3,
) -> str:
    """Draw a table as colors: green above zero, red-purple below, the more the nearer to `limit`.

    (x, y) is the corner of the first cell; row labels stand left of it and column labels above.
    """
    wide, high = cell
    parts = [svg.text(x - 8, y + (r + 0.65) * high, name, anchor="end") for r, name in enumerate(rows)]
    parts += [svg.text(x + (k + 0.5) * wide, y - 7, name, anchor="middle") for k, name in enumerate(columns)]
    for r, row in enumerate(np.asarray(values, dtype=float).tolist()):
        for k, value in enumerate(row):
            color = svg.mix(PAPER, PULL if value > 0 else PUSH, min(abs(value) / limit, 1))
            parts.append(svg.rect(x + k * wide, y + r * high, wide, high, color, PALE))
            place = x + (k + 0.5) * wide, y + (r + 0.65) * high
            parts.append(svg.text(*place, svg.number(value, digits), 12, ink_on(color), "middle"))
    return "".join(parts)


@dataclass(frozen=True)
class Curve:
    """A curve of a chart, and the words at its end."""

    words: str
    xs: Sequence[float]
    ys: Sequence[float]
    color: str = INK
    level: bool = False  # a thin straight line without a dot, such as the floor of a loss
    bold: bool = False  # of the words
    about: str = ""  # the name of what lights up with it


def level(frame: Frame, words: str, height: float) -> Curve:
    """Return a line across a chart, such as the floor of a loss."""
    return Curve(words, frame.x_range, (height, height), GRAY, level=True)


def curves(frame: Frame, some: Iterable[Curve]) -> str:
    """Draw curves with a dot where each ends, and its words to the right of the dot, none over another.

    The words of a level line stand to the right of the chart.
    """
    some = list(some)
    ends = [frame.at(curve.xs[-1], curve.ys[-1]) for curve in some]
    heights = spread([y for _, y in ends], 16, frame.y, frame.bottom - 7)
    parts = []
    for curve, (x, y), height in zip(some, ends, heights, strict=True):
        beside = (frame.right if curve.level else x) + 8
        words = svg.text(beside, height + 4.5, curve.words, 13, curve.color, bold=curve.bold)
        if curve.level:
            drawn = [svg.line(frame.x, y, frame.right, y, curve.color), words]
        else:
            drawn = [frame.plot(curve.xs, curve.ys, curve.color), svg.dot(x, y, curve.color, 3.5), words]
        parts.append(svg.linked(curve.about, drawn) if curve.about else "".join(drawn))
    return "".join(parts)


def losses(box: Box, history, now: float, floor: float, until: float, high: float) -> str:
    """Draw the loss of a training over its epochs, above its floor, with both numbers at the right.

    `history` holds the epochs in `times` and the losses in the first column of `rows`.
    """
    frame = Frame(*box, (0, until), (0, high))
    lowest = level(frame, f"floor {floor:.3f}", floor)
    loss = Curve(f"loss {now:.3f}", history.times, history.rows[:, 0])
    name = svg.title(box.x, box.y - 12, "loss (nats per pair)")
    return name + frame.axes((), ticks(high, 1.95)) + curves(frame, (lowest, loss))


def descent(box: Box, losses: Sequence[float], name: str, words: str = "") -> str:
    """Draw the loss at the start and after each step since, and words at its end.

    `name` stands below the steps. Both axes grow by round numbers when they are full.
    """
    steps = len(losses) - 1
    last = next(size for size in STEPS if size >= steps)
    high = next(size for size in LOSSES if size >= max(losses))
    frame = Frame(*box, (0, last), (0, high))
    some = [round(k) for k in np.linspace(0, steps, min(steps, int(box.width / 2)) + 1).tolist()]
    heights = (0, high / 2, high) if box.height > 80 else (0, high)
    axes = frame.axes((0, last / 2, last), heights, name)
    curve = frame.plot(some, [losses[k] for k in some], INK)
    x, y = frame.at(steps, losses[-1])
    end = svg.title(x + 10, min(y + 4, box.bottom - 6), words) if words else ""
    return axes + curve + svg.dot(x, y, INK, 4) + end


def ticks(end: float, parts: float) -> list[float]:
    """Return 0 and the multiples of a round number up to `end`: about as many as `parts`, rather more."""
    step = nice(end / parts)
    return [step * k for k in range(int(end / step) + 1)]


def nice(size: float) -> float:
    """Return the largest of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … that is not larger than `size`."""
    power = 10.0 ** np.floor(np.log10(size))
    return float(max(step * power for step in (1, 2, 5) if step * power <= size * (1 + 1e-9)))
