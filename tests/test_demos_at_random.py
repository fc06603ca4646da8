"""Readers who do anything in any order, on a page that is alive: a thousand actions for every demo."""

import asyncio
import gc
from html import escape

import numpy as np
import pytest
from driving import drag, handles, look, places, targets, touch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import demos
from helpers.demos import base

ACTIONS, READERS = 50, 20  # together a thousand

share = st.floats(0, 1, exclude_max=True)
action = st.tuples(st.sampled_from(["turn", "turn", "press", "drag", "touch", "wait"]), share, share, share)
days = st.lists(action, min_size=ACTIONS, max_size=ACTIONS)


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    monkeypatch.chdir(tmp_path)  # one of the buttons saves


def one_of(choices, chance):
    return choices[int(chance * len(choices))]


def act(demo, kind, which, x, y):
    """Do one thing, if the demo has it."""
    if kind == "turn" and demo.controls:
        control = one_of(list(demo.controls.values()), which)
        control.value = one_of(places(control), x)
    elif kind == "press":
        one_of([*demo.buttons.values(), demo.stop_button], which).click()
    elif kind == "drag" and (held := list(handles(demo).values())):
        handle = one_of(held, which)
        drag(demo, handle.key, *handle.allowed(x * demo.size[0], y * demo.size[1]))
    elif kind == "touch" and (keys := targets(demo)):
        touch(demo, one_of(keys, which), x * demo.size[0], y * demo.size[1])


def check(demo):
    """Nothing failed, the controls stand where the model is, and the words are its own."""
    assert demo.problems == []
    for name, control in demo.controls.items():
        assert control.value == getattr(demo.model, name)
    p = getattr(demo.model, "p", None)
    if isinstance(p, np.ndarray):
        assert p.sum() == pytest.approx(1)
        assert p.min() >= 0


async def spend(demo, day):
    """Live through a day, with frames of animations between what the reader does."""
    for kind, which, x, y in day:
        act(demo, kind, which, x, y)
        for _ in range(int(4 * y) if kind == "wait" else 0):
            await asyncio.sleep(0)
        check(demo)
    if demo._task is None:
        assert escape(demo.model.summary()) in demo._sheet.value
        look(demo)
    demo.stop()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == 1, "something is still playing"


@pytest.mark.slow
@pytest.mark.parametrize("name", demos.__all__)
def test_a_thousand_actions_in_any_order(name):
    demo = getattr(demos, name)()

    @settings(max_examples=READERS)
    @given(days)
    def readers(day):
        demo.buttons["Reset"].click()
        asyncio.run(spend(demo, day))

    readers()


def count(demo):
    """How many objects there are after a reset."""
    demo.buttons["Reset"].click()
    gc.collect()
    return len(gc.get_objects())


@pytest.mark.slow
@pytest.mark.parametrize("name", demos.__all__)
def test_memory_stays_flat(name):
    demo, rng = getattr(demos, name)(), np.random.default_rng(0)
    counts = []
    for _ in range(4):
        day = [(one_of(["turn", "press", "drag", "touch"], a), b, c, d) for a, b, c, d in rng.random((40, 4))]
        asyncio.run(spend(demo, day))
        counts.append(count(demo))
    assert counts[3] - counts[1] < 40, counts
