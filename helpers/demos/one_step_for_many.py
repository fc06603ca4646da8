"""One step for many: what happens when steps are added up without looking where the first one led.

A pair that comes m times is learned m times. One after the other, each step starts where the last one ended.
All at once, m steps start from the same place: far fewer, larger steps, which machines like, until they
overshoot. How soon that is depends on η times the weights of the pairs, and on the lengths of the vectors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from helpers.demos import svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.settings import Model, Steps, Switch
from helpers.demos.tour import turn
from helpers.negative_sampling import sigmoid
from helpers.palette import GRAY, INK, PALE, PULL, PUSH
from helpers.scale import LIMIT

READ = 4096  # occurrences of the pair
LARGEST = 512  # of them at once
PUSH_WEIGHT = 1 / 3  # noise that comes with each: the pair is three times as frequent as chance and K make it
START = 0.1
FAR = 100.0  # a score that is wanted at about 1 and comes so far has run away
NEAR = 0.02
HIGHEST = 3  # the highest score that the picture shows
CHART, NUMBERS = Frame(44, 40, 364, 290, (0, READ), (0, HIGHEST)), Box(456, 24, 384, 340)
REACH = Frame(456, 130, 374, 30, (math.log(0.005), math.log(100)), (0, 1))  # of η × weights


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

    at_once = Steps(
        "steps at once",
        256,
        [2**k for k in range(LARGEST.bit_length())],
        "Occurrences whose steps are added up",
    )
    rate = Steps("step size η", 0.025, (0.005, 0.01, 0.025, 0.05, 0.1))
    limited = Switch(f"shrink sums beyond {LIMIT:g}", False, "As helpers.scale does")

    wanted = -math.log(PUSH_WEIGHT)

    def start_over(self) -> None:
        super().start_over()
        self.reach = self.reach_for(self.at_once)
        self.shrunk = min(LIMIT / self.reach, 1) if self.limited else 1.0
        self.path = learn(self.at_once, self.rate * self.at_once * self.shrunk)
        arrived = abs(self.path[-1] - self.wanted) < NEAR
        self.outcome = "runs away" if not self.path[-1] < FAR else "arrives" if arrived else "swings"

    def reach_for(self, at_once: int) -> float:
        """Return what η times the weights would be with so many steps at once."""
        return self.rate * at_once * (1 + PUSH_WEIGHT)

    def stretch(self, reach: float) -> None:
        """Let the sum reach as far as asked, as nearly as the slider of steps at once can say."""
        some = type(self).at_once.options.values()
        self.set(at_once=min(some, key=lambda at_once: abs(math.log(self.reach_for(at_once) / reach))))

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
    size = (860, 384)

    def tour(self) -> Iterator[str]:
        """Take ever more steps at once, with two learning rates, then with a limit."""
        sizes = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
        for size in sizes:
            yield turn(self, "at_once", size)
        for rate in (0.005, 0.01, 0.05, 0.1):
            yield turn(self, "rate", rate)
        yield turn(self, "limited", True)
        for size in reversed(sizes[:-1]):
            yield turn(self, "at_once", size)

    def drag(self, key: str, x: float, y: float) -> None:
        """Take η times the weights along its axis: so many steps are added up."""
        self.model.stretch(math.exp(REACH.point(x, y)[0]))

    def touch(self, key: str, x: float, y: float) -> None:
        """Let the sum reach as far as the axis was touched."""
        self.drag(key, x, y)

    def parts(self, model: OneStepForManyModel) -> list[str]:
        return [
            svg.panel((0, 0, 430, 384), [*_axes(CHART, model), *_path(CHART, model)]),
            svg.panel((430, 0, 430, 384), [*_reach(REACH, model), *_numbers(NUMBERS, model)]),
        ]


def _axes(frame: Frame, model: OneStepForManyModel) -> list[str]:
    """Draw the wanted score and the path of single steps, to compare with."""
    single = frame.plot(range(0, READ + 1, 16), learn(1, model.rate)[::16], GRAY)
    wanted = svg.line(*frame.at(0, model.wanted), *frame.at(READ, model.wanted), INK, 1, dashed=True)
    return [
        frame.axes((0, 1024, 2048, 3072, 4096), (0, 1, 2, 3), "occurrences of the pair", "score w · c"),
        svg.linked("wanted", [wanted]),
        svg.linked("single", [single, svg.note(frame.right, frame.y - 8, "gray: one step at a time", "end")]),
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
    return [svg.linked("path", parts)]


def _reach(frame: Frame, model: OneStepForManyModel) -> list[str]:
    """Draw how far a sum reaches, on a logarithmic axis, and what is left of that after shrinking."""
    at = {reach: frame.at(math.log(reach), 0.5)[0] for reach in (0.01, 0.1, 1, 10, 100, LIMIT)}
    color, y = PULL if model.outcome == "arrives" else PUSH, frame.middle
    ends = [frame.at(math.log(model.reach_for(at_once)), 0.5)[0] for at_once in (1, LARGEST)]
    (asked, _), (used, _) = (frame.at(math.log(share * model.reach), 0.5) for share in (1, model.shrunk))
    plural = "s" * (model.at_once != 1)
    product = f"η {model.rate:g} × {model.at_once} occurrence{plural} × {1 + PUSH_WEIGHT:.2f}"
    step = (ends[1] - ends[0]) / math.log2(LARGEST)
    hand = "η times the weights", (ends[0], frame.y, ends[1], frame.bottom), (step, 8), "x"
    shrunk = [svg.arrow(asked, y, used + 6, y, INK, dashed=True)] if model.shrunk < 1 else []
    parts = [
        svg.rect(frame.x, frame.y, frame.width, frame.height, fill="transparent"),
        svg.line(frame.x, y, frame.right, y, PALE, 6),
        svg.line(at[LIMIT], y - 14, at[LIMIT], y + 14, INK, 2),
        svg.linked("used", [*shrunk, svg.dot(used, y, color, 7)]),
        *([svg.dot(asked, y, color, 6, filled=False)] if shrunk else []),
        svg.handle("reach", asked, y, *hand),
    ]
    return [
        svg.title(frame.x, 36, "η × all weights that are added up"),
        svg.note(frame.x, 56, product),
        svg.hero(frame.x, 92, f"= {model.reach:.3g}", color),
        svg.note(at[LIMIT], y - 20, f"{LIMIT:g}: helpers.scale stops here", "end", INK),
        svg.target("axis", parts),
        *(
            svg.note(x, frame.bottom + 14, f"{reach:g}", "middle")
            for reach, x in at.items()
            if reach != LIMIT
        ),
    ]


def _numbers(box: Box, model: OneStepForManyModel) -> list[str]:
    """Write what is used of the sum, and where the score ends."""
    last = model.path[-1]
    lines = (
        (
            "used of the sum",
            f"{model.shrunk:.0%}",
            "the rest is shrunk away" if model.shrunk < 1 else "all of it",
            "used",
        ),
        ("score at last", f"{last:.2f}" if last < FAR else "run away", f"the score {model.outcome}", "path"),
        ("score that is wanted", f"{model.wanted:.2f}", "there pull and push balance (dashed)", "wanted"),
    )
    _, *rows = box.rows(190, *[46] * len(lines), None)
    parts = []
    for (name, value, meaning, about), row in zip(lines, rows, strict=False):
        words = [
            svg.text(row.x, row.y + 16, name),
            svg.text(row.right, row.y + 16, value, 14, anchor="end", bold=True),
            svg.note(row.x, row.y + 33, meaning),
        ]
        parts.append(svg.linked(about, words))
    return parts
