"""Whatever an answer does, a checker says something and nothing raises."""

import sys
import time
from decimal import Decimal

import numpy as np
import pytest
from jupyter_client.manager import run_kernel

from helpers import exercises
from tools.notebooks import ROOT, run_cell

OF_FUNCTIONS = [name for name in vars(exercises) if name.startswith("check_") and name != "check_new_company"]


class Rude:
    """Refuses to be an array, a text or a truth value."""

    def refuse(self, *_):
        raise RuntimeError("no")

    __array__ = __len__ = __bool__ = __iter__ = __eq__ = __repr__ = __str__ = refuse
    __hash__ = None


class RudeError(Exception):
    def __str__(self):
        raise RuntimeError("no")


class Stop(BaseException):
    pass


class Interrupted(KeyboardInterrupt):
    pass


class Leaver:
    """Ends the program when looked at."""

    def leave(self, *_):
        raise SystemExit

    __array__ = __len__ = leave


def throw(problem):
    raise problem


def endless():
    own = []
    own.append(own)
    return own


def smash(*given):
    """Destroy all input and return it."""
    for part in given:
        if isinstance(part, np.ndarray):
            part.fill(7)
            part.resize((0,), refcheck=False)
    return given


OPEN = {
    "dots": lambda *given: ...,
    "pair of dots": lambda *given: (..., ...),
    "list with dots": lambda *given: [1, ...],
    "array of dots": lambda *given: np.array([..., ...]),
    "half of a pair": lambda *given: (given[0], ...),
    "no arguments": lambda: ...,
    "nothing": lambda *given: None,
    "dots in a sum": lambda *given: ... + 1,
    "dots in a range": lambda *given: list(range(...)),
    "dots in an array": lambda *given: np.zeros(3) * ...,
    "not implemented": lambda *given: throw(NotImplementedError),
    "no function": ...,
}
HOSTILE = {
    "text": lambda *given: "1",
    "texts": lambda *given: ["1", "2"],
    "bytes": lambda *given: b"1",
    "ragged": lambda *given: [[1], [2, 3]],
    "ragged pair": lambda *given: ([[1], [2, 3]], 1),
    "complex": lambda *given: 1j,
    "NaN": lambda *given: np.nan,
    "NaN everywhere": lambda first, *given: first * np.nan,
    "infinite": lambda first, *given: first + np.inf,
    "largest": lambda first, *given: np.sign(first) * 1.7e308,
    "long int": lambda *given: 10**400,
    "objects": lambda *given: [Decimal(1), None],
    "dict": lambda *given: {0: 1},
    "generator": lambda *given: (i for i in range(3)),
    "function": lambda *given: np.sum,
    "class": lambda *given: int,
    "huge": lambda *given: np.broadcast_to(1.0, (10**6, 10**6)),
    "huge pair": lambda *given: (np.broadcast_to(1.0, 10**12), np.broadcast_to(1j, 10**12)),
    "huge range": lambda *given: range(10**12),
    "too huge range": lambda *given: range(10**30),
    "empty": lambda *given: [],
    "empty tuple": lambda *given: (),
    "many axes": lambda *given: np.zeros((1,) * 20),
    "date": lambda *given: np.datetime64("2000-01-01"),
    "record": lambda *given: np.zeros(3, dtype="i4,f8"),
    "endless": lambda *given: endless(),
    "rude": lambda *given: Rude(),
    "rude list": lambda *given: [Rude(), Rude()],
    "raises": lambda *given: 1 / 0,
    "raises rudely": lambda *given: throw(RudeError()),
    "raises without words": lambda *given: throw(ValueError()),
    "recursion": lambda *given: HOSTILE["recursion"](*given),
    "out of memory": lambda *given: throw(MemoryError()),
    "too many arguments": lambda a, b, c, d, e, f: 0,
    "no arguments": lambda: 0,
    "built-in": max,
    "type": dict,
    "prints": lambda *given: print("looking for a slip") or 0,
    "smashes": smash,
    "given": lambda *given: given,
    "leaves": lambda *given: sys.exit(),
    "leaves as if by the prompt": lambda *given: throw(SystemExit("bye")),
    "leaves rudely": lambda *given: Leaver(),
    "neither an error nor an exit": lambda *given: throw(Stop()),
    "as if interrupted": lambda *given: throw(Interrupted()),
    "closes": lambda *given: throw(GeneratorExit()),
    "map": lambda *given: map(abs, [1, 2]),
    "called already": 3,
    "rude itself": Rude(),
}


@pytest.mark.parametrize("checker", OF_FUNCTIONS)
def test_whoever_left_dots_is_not_done_yet(checker):
    states = {name: getattr(exercises, checker)(answer).state for name, answer in OPEN.items()}
    assert states == dict.fromkeys(OPEN, "open")


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("checker", OF_FUNCTIONS)
def test_checkers_never_raise(checker, answer):
    verdict = getattr(exercises, checker)(answer)
    assert verdict.state == "wrong"
    assert 10 < len(repr(verdict)) < 300
    assert "\n" not in verdict.message


@pytest.mark.parametrize("checker", OF_FUNCTIONS)
def test_a_checker_says_what_it_asks_for(checker):
    assert getattr(exercises, checker).__doc__.startswith("Check ``answer(")


def test_the_reader_can_interrupt():
    with pytest.raises(KeyboardInterrupt):
        exercises.check_decode(lambda vectors: throw(KeyboardInterrupt()))


LEAVING = "import sys\nfrom helpers import exercises\ndef answer(vectors):\n    {}\n"
LEFT = "print(exercises.check_decode(answer).message)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("exit()", "ends the program"),
        ("quit()", "ends the program"),
        ("sys.exit('done')", "ends the program"),
        ("get_ipython().ask_exit()", "ends the program"),
        ("class Stop(BaseException): pass\n    raise Stop", "raised Stop"),
    ],
)
def test_a_kernel_outlives_an_answer_that_ends_it(line, said):
    with run_kernel(kernel_name="python3", cwd=str(ROOT)) as kernel:
        _, outputs = run_cell(kernel, LEAVING.format(line) + LEFT)
        time.sleep(0.3)  # a kernel that has been told to exit goes on for a tenth of a second
        _, later = run_cell(kernel, "print(6 * 7)")
    assert said in outputs[0].text
    assert later[0].text == "42\n"


def test_an_answer_may_loop_where_that_is_not_forbidden():
    assert exercises.check_decode(lambda vectors: [list(row).index(1) for row in vectors])


def test_counting_steps_leaves_the_tracing_as_it_was():
    before = sys.gettrace()
    exercises.check_tally(lambda pairs, size: 1 / 0)
    assert sys.gettrace() is before


@pytest.mark.parametrize("sentences", [None, ..., [], [...], (), [""], ["", " ?! "]], ids=repr)
def test_sentences_are_still_to_come(sentences):
    assert exercises.check_new_company(sentences).state == "open"


@pytest.mark.parametrize(
    "sentences",
    [
        np.array(["dog love"]),
        np.array([]),
        {"dog love"},
        [None],
        [b"dog"],
        Rude(),
        [Rude()],
        len,
        ["\ud800 dog"],
    ],
    ids=lambda sentences: type(sentences).__name__,
)
def test_sentences_that_are_none(sentences):
    assert exercises.check_new_company(sentences).state == "wrong"
