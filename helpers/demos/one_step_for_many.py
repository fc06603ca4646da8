"""One step for many: what happens when steps are added up without looking where the first one led.

A pair that comes m times is learned m times. One after the other, each step starts where the last one ended.
All at once, m steps start from the same place: far fewer, larger steps, which machines like, until they
overshoot.
"""

from __future__ import annotations

import math
from functools import cache

from helpers import checks
from helpers.demos import svg
from helpers.demos.base import Demo, steps, switch
from helpers.demos.layout import Frame
from helpers.negative_sampling import sigmoid
from helpers.palette import GREY, INK, PULL, PUSH
from helpers.scale import LIMIT

READ = 4096  # occurrences of the pair
PUSH_WEIGHT = 1 / 3  # noise that comes with each: the pair is three times as frequent as chance and K make it
START = 0.1
SIZES = tuple(2**k for k in range(10))
RATES = (0.005, 0.01, 0.025, 0.05, 0.1)
FAR = 100.0  # a score that is wanted at about 1 and comes so far has run away
NEAR = 0.02


class OneStepForManyModel:
    """A center and a context vector of one coordinate each, and one pair that comes again and again.

    Attributes
    ----------
    at_once : int
        Occurrences whose steps are added up before the vectors move, 1, 2, 4 … 512.
    rate : float
        Step size η.
    limited : bool
        Whether a sum is shrunk so that η times its weights is at most `helpers.scale.LIMIT`.
    path : tuple of float
        The score after each step, beginning with the score at the start; ends early once it has run away.
    """

    def __init__(self):
        self.reset()

    def set(self, at_once: int | None = None, rate: float | None = None, limited: bool | None = None) -> None:
        if at_once is not None and checks.whole(at_once, "at_once", 1) not in SIZES:
            raise ValueError(f"at_once must be a power of two up to {SIZES[-1]}, not {at_once}")
        if rate is not None and checks.positive(rate, "rate") > 1:
            raise ValueError(f"rate must be at most 1, not {rate:g}")
        self.at_once = at_once or self.at_once
        self.rate = rate or self.rate
        self.limited = self.limited if limited is None else bool(limited)
        self.path = learn(self.at_once, self.size)

    def reset(self) -> None:
        self.at_once, self.rate, self.limited = 256, 0.025, False
        self.set()

    @property
    def wanted(self) -> float:
        """The score at which pull and push balance: PMI − log K of this pair."""
        return -math.log(PUSH_WEIGHT)

    @property
    def reach(self) -> float:
        """η times all weights that are added up, before anything is shrunk."""
        return self.rate * self.at_once * (1 + PUSH_WEIGHT)

    @property
    def shrunk(self) -> float:
        """The share of a sum that is used."""
        return min(LIMIT / self.reach, 1) if self.limited else 1.0

    @property
    def size(self) -> float:
        """What the derivative of one occurrence is multiplied with in one step."""
        return self.rate * self.at_once * self.shrunk

    @property
    def outcome(self) -> str:
        """Whether the score "arrives", "swings" around its place, or "runs away"."""
        if not self.path[-1] < FAR:
            return "runs away"
        return "arrives" if abs(self.path[-1] - self.wanted) < NEAR else "swings"

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

    def __init__(self):
        model = OneStepForManyModel()
        controls = {
            "at_once": steps("steps at once", SIZES, model.at_once, "Occurrences whose steps are added up"),
            "rate": steps("step size η", RATES, model.rate),
            "limited": switch(f"shrink sums beyond {LIMIT:g}", model.limited, "As helpers.scale does"),
        }
        super().__init__(model, controls, {"Reset": model.reset})

    def draw(self) -> str:
        model = self.model
        frame = Frame(56, 40, 520, 270, (0, READ), (0, 3))
        parts = [*_paths(frame, model), *_numbers(model)]
        return svg.picture(860, 360, parts, model.summary())


def _paths(frame: Frame, model: OneStepForManyModel) -> list[str]:
    """Draw the wanted score, the path of single steps, and that of the sums until it leaves the picture."""
    single = learn(1, model.rate)[::16]
    parts = [
        frame.axes((0, 1024, 2048, 3072, 4096), (0, 1, 2, 3), "occurrences of the pair", "score w · c"),
        svg.line(*frame.at(0, model.wanted), *frame.at(READ, model.wanted), INK, 1, dashed=True),
        frame.plot(range(0, READ + 1, 16), single, GREY, 2),
        svg.text(frame.x + frame.width, frame.y - 8, "grey: one step at a time", 12, GREY, "end"),
    ]
    bad = model.outcome in ("swings", "runs away")
    color = PUSH if bad else PULL
    inside = next((k for k, score in enumerate(model.path) if score > 3), len(model.path))
    shown = model.path[: inside + 1]
    places = [frame.at(k * model.at_once, score) for k, score in enumerate(shown)]
    some = places[:: max(1, len(places) // 256)]
    parts.append(svg.curve(some, color, 2))
    if len(places) <= 130:
        parts.append(svg.dots(places[:inside], color, 6))
    if inside < len(model.path):
        x, y = places[-1]
        parts += [
            svg.arrow(x, y + 14, x, y - 2, color),
            svg.text(x + 10, y + 10, "out of the picture", 12, color),
        ]
    return parts


def _numbers(model: OneStepForManyModel) -> list[str]:
    last = model.path[-1]
    rows = (
        ("η", f"{model.rate:g}", "step size"),
        ("× occurrences", f"{model.at_once}", "added up without looking"),
        ("× weights", f"{1 + PUSH_WEIGHT:.2f}", "one pull, a third of a push"),
        ("=", f"{model.reach:.3g}", f"beyond {LIMIT:g} it gets dangerous"),
        ("used", f"{model.shrunk:.0%}", "of the sum"),
        ("score at last", f"{last:.2f}" if last < FAR else "run away", f"{model.wanted:.2f} is wanted"),
    )
    parts = []
    for k, (name, value, meaning) in enumerate(rows):
        y = 60 + 46 * k
        parts += [
            svg.text(616, y, name, 13, INK),
            svg.text(840, y, value, 14, INK, "end", bold=True),
            svg.text(616, y + 17, meaning, 12, GREY),
        ]
    return parts
