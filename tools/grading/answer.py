"""Values cross the border between grader and box as JSON; inside the box, `ask` calls what was handed in.

This file runs on both sides. Outside, `decode` takes nothing but plain data: no pickle, no names to import.
What is neither a number nor a list of things crosses as the name of its type, which is all a checker tells.
"""

import json
import re
from collections.abc import Iterator

import numpy as np

from helpers.exercises.judge import LARGEST, counted, dots_left, staying, takes

MOST_ARGUMENTS = 10
SINGLE = (bool, int, float, str, type(None))
FAMILIES = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
KINDS = {"b": bool, "i": np.int64, "u": np.uint64, "f": float}
# Errors that a checker tells from all others.
SPECIAL = {"NotImplementedError": NotImplementedError, "TypeError": TypeError, "SystemExit": SystemExit}


def encode(value) -> object:
    """Say in JSON what a value is, as far as a checker wants to know."""
    if type(value) in SINGLE:
        return value
    if value is ...:
        return {"dots": True}
    if type(value) is range or (type(value) in (list, tuple) and len(value) > LARGEST):
        return encode(np.arange(len(value)) if len(value) > LARGEST else list(value))
    if type(value) in FAMILIES.values():
        return {type(value).__name__: [encode(part) for part in value]}
    if isinstance(value, Iterator):
        return {"iterator": type(value).__name__}
    try:
        array = np.asarray(value)
    except Exception:
        return {"refusing": type(value).__name__}
    if array.dtype == object and isinstance(value, np.ndarray) and array.size <= LARGEST:
        return {"dots": True} if dots_left(value) else {"other": type(value).__name__}
    return encode_array(array) if array.dtype.kind in "biufc" else {"other": type(value).__name__}


def encode_array(array: np.ndarray) -> dict:
    kind, shape = array.dtype.kind, list(array.shape)
    if kind == "c" or array.size > LARGEST:  # its shape says enough
        return {"empty": [kind, shape]}
    return {"array": [kind, shape, array.astype(KINDS[kind]).ravel().tolist()]}


def decode(told) -> object:
    """Make a value of what `encode` said; ValueError where it is something else."""
    if isinstance(told, SINGLE):
        return told
    if not isinstance(told, dict) or len(told) != 1:
        raise ValueError("not an encoded value")
    ((kind, content),) = told.items()
    if kind == "dots":
        return ...
    if kind in FAMILIES:
        return FAMILIES[kind](decode(part) for part in content)
    if kind == "array":
        letter, shape, numbers = content
        return np.array(numbers, dtype=KINDS[letter]).reshape([int(size) for size in shape])
    if kind == "empty":
        return np.broadcast_to(np.array(0, dtype=complex if content[0] == "c" else float), content[1])
    if kind == "iterator":
        return type(plain(content), (Iterator,), {"__next__": lambda self: None})()
    if kind == "other":
        return type(plain(content), (), {})()
    if kind == "refusing":  # to become an array
        return type(plain(content), (), {"__array__": None})()
    raise ValueError(f"unknown kind {plain(kind)}")


def plain(name) -> str:
    """Return a name that is safe to show and to give to a class."""
    return re.sub(r"\W", "", str(name))[:60] or "object"


def error(told: dict) -> BaseException:
    """Make an exception of what `ask` told about one."""
    base = next((SPECIAL[name] for name in told["family"] if name in SPECIAL), Exception)
    return type(plain(told["name"]), (base,), {})(str(told["text"])[:1000])


# --- Inside -------------------------------------------------------------------------------------------


class Reply:
    """The kernel shows a value by its repr; this one's is JSON."""

    def __init__(self, content):
        self.content = json.dumps(content)

    def __repr__(self):
        return self.content


def look(names: dict, function: str) -> Reply:
    """Tell what stands under a name: a function with how many arguments it takes, or a value."""
    if function not in names:
        return Reply(["missing", None])
    value = names[function]
    if callable(value):
        return Reply(["function", [number for number in range(MOST_ARGUMENTS) if takes(value, number)]])
    return Reply(["value", encode(value)])


def ask(names: dict, function: str, told: str, counting: bool) -> Reply:
    """Call what stands under a name, and tell all that a checker wants to know of it."""
    answer, given, steps = names[function], decode(json.loads(told)), []
    try:
        with staying():
            result = encode(counted(answer, given, steps) if counting else answer(*given))
    except BaseException as problem:
        family = [kind.__name__ for kind in type(problem).__mro__]
        try:
            text = str(problem)[:1000]
        except BaseException:
            text = ""
        return Reply({"raised": {"family": family, "name": family[0], "text": text}})
    return Reply({"result": result, "arguments": encode(given), "steps": steps})
