"""Our checkers ask a function in a box, and decide out here."""

import json
import time
from dataclasses import dataclass, field, replace
from inspect import Parameter, Signature
from pathlib import Path

import numpy as np

from helpers.exercises.judge import Checker, Verdict
from tools.grading import answer
from tools.grading.box import Box, Stopped
from tools.grading.exercises import Exercise

SOURCE = Path(answer.__file__).read_text(encoding="utf-8")
PREPARE = (
    "import sys, types\n"
    f"sys.modules['answer'] = types.ModuleType('answer'); exec({SOURCE!r}, vars(sys.modules['answer']))\n"
    "del sys, types"
)
INSIDE = "__import__('sys').modules['answer'].{}(get_ipython().user_ns, {})"
FRESH = "Right in the cases of the notebook, but not in others. "


class Unanswered(Exception):
    """The kernel runs and does not say what the function gives."""


def told(box: Box, question: str, arguments: str, until: float) -> object:
    """Evaluate one of the functions of `answer` inside and return what it says."""
    reply = box.run("", max(0.1, until - time.monotonic()), INSIDE.format(question, arguments))
    said = reply.get("user_expressions", {}).get("asked", {})
    if said.get("status") != "ok":
        raise Unanswered(answer.plain(said.get("ename", "nothing")))
    return json.loads(said["data"]["text/plain"])


@dataclass(eq=False)
class Distant:
    """Stands for a function in a box: calling it calls that one, with copies of the arguments."""

    box: Box
    name: str
    fits: list[int]  # with how many arguments it can be called
    counting: bool
    until: float
    steps: list[int] = field(default_factory=list)
    stopped: Exception | None = None

    @property
    def __signature__(self) -> Signature:
        if not self.fits:
            return Signature([Parameter("never", Parameter.KEYWORD_ONLY)])
        kind = Parameter.POSITIONAL_ONLY
        needed = [Parameter(f"x{i}", kind) for i in range(min(self.fits))]
        more = [Parameter(f"y{i}", kind, default=None) for i in range(min(self.fits), max(self.fits))]
        return Signature([*needed, *more])

    def __call__(self, *given):
        if self.stopped:
            raise self.stopped
        arguments = f"{self.name!r}, {json.dumps(answer.encode(given))!r}, {self.counting}"
        try:
            said = told(self.box, "ask", arguments, self.until)
            if "raised" in said:
                problem = answer.error(said["raised"])
            else:
                problem, result = None, answer.decode(said["result"])
                put_back(given, answer.decode(said["arguments"]))
                self.steps += [int(step) for step in said["steps"]]
        except Exception as stopped:
            self.stopped = stopped if isinstance(stopped, Stopped) else Unanswered(type(stopped).__name__)
            raise self.stopped from None
        if problem:
            raise problem
        return result


def put_back(given: tuple, changed: tuple) -> None:
    """Change the arguments as the function did inside; the checker looks whether they stay."""
    for ours, theirs in zip(given, changed, strict=True):
        if isinstance(ours, np.ndarray):
            if ours.shape != np.shape(theirs):
                raise ValueError("an argument of another shape")
            ours[...] = theirs
        elif isinstance(ours, list):
            ours[:] = theirs


def verdict(box: Box, exercise: Exercise, seed: int) -> Verdict:
    """Judge what stands in a box under the name that an exercise asks for. Raise `Stopped` at a limit.

    The cases of the notebook come first, since they give the hint that a reader saw, then other ones, drawn
    from `seed`: a table of results is no answer.
    """
    until, checker = time.monotonic() + box.limits.exercise, exercise.checker
    try:
        kind, content = told(box, "look", repr(exercise.function), until)
        if kind == "missing":
            return Verdict("wrong", f"There is no {exercise.function}.")
        if kind != "function":
            return checker(answer.decode(content))
        fits = [int(number) for number in content]
        found = judged(checker, Distant(box, exercise.function, fits, is_counting(checker), until))
        if found and isinstance(checker, Checker):
            other = replace(checker, seed=seed)
            again = judged(other, Distant(box, exercise.function, fits, is_counting(checker), until))
            return found if again else Verdict(again.state, FRESH + again.message)
        return found
    except Stopped:
        raise
    except Exception as problem:  # whatever came out of the box
        return Verdict("wrong", f"Your answer cannot be read ({type(problem).__name__}: {problem}).")


def is_counting(checker) -> bool:
    return isinstance(checker, Checker) and checker.manner is not None


def judged(checker, distant: Distant) -> Verdict:
    """Return the verdict of a checker; how many steps an answer takes is counted inside."""
    counting = is_counting(checker)
    found = (replace(checker, manner=None) if counting else checker)(distant)
    if distant.stopped:
        raise distant.stopped
    if found and counting and (objection := checker.manner(distant.steps, checker.cases)):
        return Verdict("wrong", objection)
    return found
