"""The judge asks an answer about every case and says what is off. Whatever an answer does, nothing raises.

A function that draws one case becomes a checker with `checker`; `check_company` in pairs.py is a good model.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from IPython import get_ipython

TOLERANCE = 1e-6
LARGEST = 100_000  # numbers in a result; nothing that is asked here comes near


@dataclass(frozen=True)
class Verdict:
    """What a checker has to say; a cell that ends with it shows the message."""

    state: str  # "open", "wrong" or "right"
    message: str

    def __bool__(self) -> bool:
        return self.state == "right"

    def __repr__(self) -> str:
        mark = {"open": "○ Not solved yet.", "wrong": "✗ Not quite.", "right": "✓ Right."}[self.state]
        return f"{mark} {self.message}"


@dataclass(frozen=True, eq=False)
class Case:
    """One question.

    Attributes
    ----------
    arguments : tuple
        What the answer is called with; arrays are copied before.
    right : array, or tuple of arrays where several are asked for
        What it should return.
    slips : list of (wrong result, hint)
        What it returns after a typical slip, and what to say then; every case lists the same slips in the
        same order.
    """

    arguments: tuple
    right: object
    slips: Sequence[tuple[object, str]]


DOTS = Verdict("open", "Replace the dots with your answer, then run the cell again.")
NOTHING = Verdict("open", "Your function returns None: is a return missing?")
EXITS = Verdict("wrong", "Your function ends the program, with exit, quit or sys.exit; return a result.")
NO_FUNCTION = Verdict("wrong", "Define a function and hand over the function itself, without calling it.")


@dataclass(eq=False, repr=False)
class Checker:
    """Takes an answer, asks it about every case, and returns a `Verdict`.

    Attributes
    ----------
    draw : callable
        ``draw(rng, *size)`` makes a case.
    praise : str
        What to say of a right answer.
    sizes : list of tuple
        What to call it with, once for each case.
    seed : int
        Of the generator, so that a verdict does not change from run to run.
    parts : list of str
        Names of the results, where a function is to return several.
    view : callable
        What of a result counts, where that is not the result itself.
    unordered : bool
        Whether a list counts in any order; then a set will do as well.
    invariant : callable, optional
        ``invariant(result, *arguments)`` names a broken invariant of a result of the right shape.
    manner : callable, optional
        ``manner(steps, cases)`` has the last word on right results, and names what the task forbids: `steps`
        says how many steps Python took in each case.
    """

    draw: Callable[..., Case]
    praise: str
    sizes: Sequence[tuple]
    seed: int = 0
    parts: Sequence[str] = ("",)
    view: Callable[[np.ndarray], np.ndarray] = np.asarray
    unordered: bool = False
    invariant: Callable[..., str | None] | None = None
    manner: Callable[[list[int], list[Case]], str | None] | None = None

    def __post_init__(self):
        self.__doc__ = self.draw.__doc__  # what a reader sees who asks for help

    @cached_property
    def cases(self) -> list[Case]:
        """The cases, the same ones every time; an answer is only ever given copies."""
        rng = np.random.default_rng(self.seed)
        return [self.draw(rng, *size) for size in self.sizes]

    def __call__(self, answer: Callable) -> Verdict:
        """Judge an answer; the verdict names the first slip that explains all it says."""
        if answer is Ellipsis:
            return DOTS
        if not callable(answer):
            return NO_FUNCTION
        cases, steps = self.cases, []
        replies = [self._ask(answer, case, steps) for case in cases]
        if verdicts := [reply for reply in replies if isinstance(reply, Verdict)]:
            return min(verdicts, key=lambda verdict: verdict.state != "open")
        with np.errstate(all="ignore"):  # a wrong answer may be as large as numbers can be
            if self._explain(replies, [case.right for case in cases]):
                objection = self.manner(steps, cases) if self.manner else None
                return Verdict("wrong", objection) if objection else Verdict("right", self.praise)
            for slip in zip(*(case.slips for case in cases), strict=True):
                if self._explain(replies, [result for result, _ in slip]):
                    return Verdict("wrong", slip[0][1])
            return Verdict("wrong", next(filter(None, map(self._difference, replies, cases))))

    def _ask(self, answer: Callable, case: Case, steps: list[int]) -> list[np.ndarray] | Verdict:
        """Return what the answer gives in one case, or a verdict if that cannot be compared."""
        try:
            with staying():
                return self._reply(answer, case, steps)
        except SystemExit:
            return EXITS
        except BaseException as problem:
            if type(problem) is KeyboardInterrupt:  # the reader has had enough
                raise
            return _raised(problem)

    def _reply(self, answer: Callable, case: Case, steps: list[int]) -> list[np.ndarray] | Verdict:
        given = deepcopy(case.arguments)
        fits = takes(answer, len(given))
        misfit = Verdict("wrong", f"Your function must take {len(given)} arguments, as in the cell above.")
        told = given if fits else ()  # dots are dots, whatever stands in the def line
        try:
            result = counted(answer, told, steps) if self.manner else answer(*told)
        except NotImplementedError:
            return DOTS
        except Exception as problem:
            return _raised(problem) if fits else misfit
        if result is None:
            return NOTHING
        if dots_left(result):
            return DOTS
        if not fits:
            return misfit
        if not all(map(np.array_equal, case.arguments, given)):
            return Verdict("wrong", "Your function changes its input; work on a copy.")
        try:
            return self._read(result)
        except TypeError as problem:
            return Verdict("wrong", str(problem))

    def _read(self, result) -> list[np.ndarray]:
        """Return a result as a list of float arrays, one for each part; TypeError says why that cannot be."""
        if self.unordered and isinstance(result, Set):
            result = list(result)
        if len(self.parts) == 1:
            array = _numbers(result, self.view)
            return [np.sort(array) if self.unordered and array.ndim == 1 else array]
        if not isinstance(result, list | tuple) or len(result) != len(self.parts):
            raise TypeError(f"Return {len(self.parts)} things, in this order: {', '.join(self.parts)}.")
        return [_numbers(part, self.view) for part in result]

    def _explain(self, replies: Sequence[list[np.ndarray]], results: Sequence) -> bool:
        """Tell whether these results, one for each case, are what the answer gave."""
        return all(
            all(map(same, reply, self._read(result))) for reply, result in zip(replies, results, strict=True)
        )

    def _difference(self, reply: Sequence[np.ndarray], case: Case) -> str | None:
        """Describe where a reply differs first from what is right."""
        for name, result, right in zip(self.parts, reply, self._read(case.right), strict=True):
            if not same(result, right):
                symptom = _symptom(result, right, case.arguments, self.invariant)
                return f"In {name}: {symptom}" if name else symptom
        return None


def checker(praise: str, sizes: Sequence[tuple], **how) -> Callable[[Callable[..., Case]], Checker]:
    """Turn the function below, which makes a case, into a `Checker`."""
    return lambda draw: Checker(draw, praise, sizes, **how)


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Tell whether two arrays have one shape and agree up to rounding."""
    return a.shape == b.shape and np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE)


def dots_left(result, depth: int = 2) -> bool:
    """Tell whether dots are left, also inside a list or tuple."""
    if isinstance(result, np.ndarray) and result.dtype == object and result.size <= LARGEST:
        result = result.tolist()
    if isinstance(result, list | tuple) and depth:
        return any(dots_left(part, depth - 1) for part in result)
    return result is Ellipsis


@contextmanager
def staying() -> Iterator[None]:
    """Make exit and quit raise SystemExit as elsewhere; a notebook's own end the kernel a little later."""
    shell = get_ipython()
    if not hasattr(shell, "ask_exit"):
        yield
        return
    shell.ask_exit = sys.exit
    try:
        yield
    finally:
        del shell.ask_exit


def counted(answer: Callable, given: tuple, steps: list[int]):
    """Call an answer and note how many steps Python took; what NumPy does in C takes none."""
    steps.append(0)

    def count(frame, event, argument):
        frame.f_trace_opcodes = True
        steps[-1] += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        return answer(*given)
    finally:
        sys.settrace(before)


def takes(answer: Callable, how_many: int) -> bool:
    """Tell whether a function takes this many arguments; where it does not say, suppose that it does."""
    try:
        inspect.signature(answer).bind(*range(how_many))
    except TypeError:
        return False
    except Exception:
        return True
    return True


def _raised(problem: BaseException) -> Verdict:
    try:
        text = " ".join(str(problem).split())
    except (Exception, SystemExit):
        text = ""
    if isinstance(problem, TypeError) and "ellipsis" in text.lower():  # the dots took part in a computation
        return DOTS
    name = type(problem).__name__
    return Verdict("wrong", f"Your function raised {name}{f': {text[:200]}' if text else '.'}")


def _numbers(result, view: Callable) -> np.ndarray:
    kind = type(result).__name__
    if isinstance(result, Iterator):
        raise TypeError(f"Your {kind} hands out its numbers one by one; make a list of them, with list(…).")
    try:
        if isinstance(result, list | tuple | range) and len(result) > LARGEST:
            result = np.broadcast_to(0.0, len(result))
        array = np.asarray(result)
        shape, letter = array.shape, array.dtype.kind
    except Exception:  # rows of different lengths, or an object that refuses
        raise TypeError(f"Numbers in rows of one length are needed, and your {kind} is not that.") from None
    if letter == "c":
        raise TypeError("Your result is complex; the right one is real.")
    if letter not in "biuf":
        raise TypeError(f"Numbers are needed, in a list or an array, and your {kind} holds something else.")
    if array.size > LARGEST:
        return np.broadcast_to(np.nan, shape)  # far from right, and its shape says so
    return view(array.astype(float))  # a copy: a function may use its array again


def _symptom(result: np.ndarray, right: np.ndarray, arguments: tuple, invariant: Callable | None) -> str:
    """Describe how one result differs from the right one."""
    arrays = [a for a in arguments if isinstance(a, np.ndarray)]
    if any(same(result, a) for a in arrays):
        return "That is the input, unchanged."
    if not arrays and max(result.size, right.size) <= 12:
        called = ", ".join(f"{a:.4g}" for a in arguments)
        return f"Called with ({called}), it gives {_short(result)} instead of {_short(right)}."
    if result.shape != right.shape:
        hint = " Is something transposed?" if result.shape == right.shape[::-1] else ""
        return f"The shape is {result.shape} and should be {right.shape}.{hint}"
    if not np.isfinite(result).all():
        return "There is NaN or infinity in the result."
    if same(result, -right):
        return "The sign is off."
    if same(result.T, right):
        return "Transposed: rows and columns have changed places."
    size = np.vdot(right, right)
    factor = np.vdot(right, result) / size if size else 0.0
    if right.size > 1 and factor and same(result, factor * right):
        return f"Everything is {factor:.4g} times what it should be: is a mean or a factor missing?"
    if invariant and (broken := invariant(result, *arguments)):
        return broken
    where = np.unravel_index(np.abs(result - right).argmax(), right.shape)
    place = f" at place {', '.join(map(str, where))}" if where else ""
    return f"The largest difference is{place}: {result[where]:.4g} instead of {right[where]:.4g}."


def _short(array: np.ndarray) -> str:
    return f"[{', '.join(f'{x:.4g}' for x in array.ravel())}]" if array.ndim else f"{array:.4g}"
