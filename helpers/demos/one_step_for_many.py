"""One step for many: what happens when steps are added up without looking where the first one led.

A pair that comes m times is learned m times. One after the other, each step starts where the last one ended.
All at once, m steps start from the same place: far fewer, larger steps, which machines like, until they
overshoot. How soon that is depends on η times the weights of the pairs, and on the lengths of the vectors.
"""

from __future__ import annotations

import math
from functools import cache

from helpers.demos import svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.settings import Model, Steps, Switch
from helpers.negative_sampling import sigmoid
from helpers.palette import GRAY, INK, PULL, PUSH
from helpers.scale import LIMIT

READ = 4096  # occurrences of the pair
PUSH_WEIGHT = 1 / 3  # noise that comes with each: the pair is three times as frequent as chance and K make it
START = 0.1
FAR = 100.0  # a score that is wanted at about 1 and comes so far has run away
NEAR = 0.02
HIGHEST = 3  # the highest score that the picture shows


class OneStepForManyModel(Model):
    """A center and a context vector of one coordinate each, and one pair that comes again and again.

    Attributes
    ----------
    path : tuple of float
        The score after each step, beginning with the score at the start; ends early once it has run away.
    wanted : float
        The score at which pull and push balance: PMI − log K of this pair.
    reach : float
        η times all weights that are added up, before anything is shrunk.
    shrunk : float
        The share of a sum that is used, so that η times its weights is at most `helpers.scale.LIMIT`.
    outcome : str
        Whether the score "arrives", "swings" around its place, or "runs away".
    """

    at_once = Steps("steps at once", 256, [2**k for k in range(10)], "Occurrences whose steps are added up")
    rate = Steps("step size η", 0.025, (0.005, 0.01, 0.025, 0.05, 0.1))
    limited = Switch(f"shrink sums beyond {LIMIT:g}", False, "As helpers.scale does")

    wanted = -math.log(PUSH_WEIGHT)

    def start_over(self) -> None:
        super().start_over()
        self.reach = self.rate * self.at_once * (1 + PUSH_WEIGHT)
        self.shrunk = min(LIMIT / self.reach, 1) if self.limited else 1.0
        self.path = learn(self.at_once, self.rate * self.at_once * self.shrunk)
        arrived = abs(self.path[-1] - self.wanted) < NEAR
        self.outcome = "runs away" if not self.path[-1] < FAR else "arrives" if arrived else "swings"

    def summary(self) -> str:
        many = "one step at a time" if self.at_once == 1 else f"{self.at_once} steps at once"
        part = f", shrunk to {self.shrunk:.0%}" if self.shrunk < 1 else ""
        ends = {
            "runs away": "each overshoots by more than the last, and the numbers run away",
            "swings": f"the score swings around {self.wanted:.2f}, where pull and push balance",
            "arrives": f"the score settles at {self.wanted:.2f}, where pull and push balance",
        }[self.outcome]
        return f"With {many}{part}, η times the weights is {self.reach * self.shrunk:.3g}: {ends}."


@cache  # a drag of a slider asks for the single steps again and again
def learn(at_once: int, size: float) -> tuple[float, ...]:
    """Return the path of the score w c: both vectors move along the other, from w = c = 0.1."""
    w = c = START
    path = [w * c]
    for _ in range(READ // at_once):
        signal = (1 + PUSH_WEIGHT) * float(sigmoid(w * c)) - 1  # r σ(s) − σ(−s)
        w, c = w - size * signal * c, c - size * signal * w
        path.append(w * c)
        if not path[-1] < FAR:
            break
    return tuple(path)


class OneStepForMany(Demo):
    """Add up more and more steps that start from the same place, until they overshoot."""

    Model = OneStepForManyModel
    size = (860, 360)

    def parts(self, model: OneStepForManyModel) -> list[str]:
        left, right = Box(56, 40, 784, 270).columns(520, None, gap=40)
        frame = Frame(*left, (0, READ), (0, HIGHEST))
        return [*_axes(frame, model), *_path(frame, model), *_numbers(right, model)]


def _axes(frame: Frame, model: OneStepForManyModel) -> list[str]:
    """Draw the wanted score and the path of single steps, to compare with."""
    return [
        frame.axes((0, 1024, 2048, 3072, 4096), (0, 1, 2, 3), "occurrences of the pair", "score w · c"),
        svg.line(*frame.at(0, model.wanted), *frame.at(READ, model.wanted), INK, 1, dashed=True),
        frame.plot(range(0, READ + 1, 16), learn(1, model.rate)[::16], GRAY),
        svg.note(frame.right, frame.y - 8, "gray: one step at a time", "end"),
    ]


def _path(frame: Frame, model: OneStepForManyModel) -> list[str]:
    """Draw the score after each sum, until it leaves the picture."""
    color = PULL if model.outcome == "arrives" else PUSH
    inside = next((k for k, score in enumerate(model.path) if score > HIGHEST), len(model.path))
    places = [frame.at(k * model.at_once, score) for k, score in enumerate(model.path[: inside + 1])]
    parts = [svg.curve(places[:: max(1, len(places) // 256)], color)]
    if len(places) <= 130:
        parts.append(svg.dots(places[:inside], color, 6))
    if inside < len(model.path):
        x, y = places[-1]
        parts.append(svg.arrow(x, y + 14, x, y - 2, color))
        parts.append(svg.note(x + 10, y + 10, "out of the picture", color=color))
    return parts


def _numbers(box: Box, model: OneStepForManyModel) -> list[str]:
    last = model.path[-1]
    lines = (
        ("η", f"{model.rate:g}", "step size"),
        ("× occurrences", f"{model.at_once}", "added up without looking"),
        ("× weights", f"{1 + PUSH_WEIGHT:.2f}", "one pull, a third of a push"),
        ("=", f"{model.reach:.3g}", f"helpers.scale stops at {LIMIT:g}"),
        ("used", f"{model.shrunk:.0%}", "of the sum"),
        ("score at last", f"{last:.2f}" if last < FAR else "run away", f"{model.wanted:.2f} is wanted"),
    )
    parts = []
    for (name, value, meaning), row in zip(lines, box.rows(*[46] * len(lines)), strict=True):
        parts += [
            svg.text(row.x, row.y + 20, name),
            svg.text(row.right, row.y + 20, value, 14, anchor="end", bold=True),
            svg.note(row.x, row.y + 37, meaning),
        ]
    return parts
