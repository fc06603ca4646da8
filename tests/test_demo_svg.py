"""Numbers in pictures come out the same, whatever the last bits of a processor's sums are."""

import sys
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.demos import analogy_table, svg

halves = st.integers(-20_000, 20_000).map(lambda k: k / 20)  # half of them lie between two tenths


@given(halves, st.floats(-1e-11, 1e-11))
def test_a_number_half_way_is_written_the_same_with_other_last_bits(place, error):
    assert svg.line(place, 0, 0, place) == svg.line(place + error, 0, 0, place - error)
    assert svg.number(place / 10) == svg.number(place / 10 + error)
    assert svg.dots([(place, place)], "#000000") == svg.dots([(place + error, place - error)], "#000000")


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_a_number_is_rounded_to_the_nearest(value, digits):
    """Decimal is exact; being half way may go either way, as far as the first rounding can move a number."""
    written, unit = Decimal(svg.rounded(value, digits)), Decimal(1).scaleb(-digits)
    assert written == written.quantize(unit)
    nearest = Decimal(value).quantize(unit, ROUND_HALF_EVEN)
    assert written == nearest or abs(Decimal(value) - written) < unit * Decimal("0.50001")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_what_has_no_decimals_is_written_as_it_is(value):
    assert svg.rounded(value, 1) == f"{value:.1f}"


def test_the_picture_does_not_depend_on_the_last_bits_of_the_vectors(monkeypatch):
    """Here the topmost name stands exactly half way between two pixels' tenths."""
    demo, module = analogy_table(), sys.modules["helpers.demos.analogy_table"]
    stored, rng = demo.draw(), np.random.default_rng(0)
    assert demo.model.trained.W.any()
    for _ in range(20):
        trained = demo.model.trained
        noise = 1 + rng.choice([-1, 0, 1], trained.W.shape) * np.finfo(float).eps
        with monkeypatch.context() as patch:
            patch.setattr(module, "trained", lambda *_, W=trained.W * noise, t=trained: replace(t, W=W))
            assert demo.draw() == stored
