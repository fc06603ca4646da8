"""Exercises at scale: how many pairs a drawn window gives, and two trainings made one."""

import numpy as np

from helpers.exercises.axes_rotate import polar_factor
from helpers.exercises.judge import Case, checker


@checker("The mean over all draws, without a draw.", [(9, 4), (5, 3), (4, 6), (12, 2)])
def check_expected_pairs(_, length, window):
    """Check ``answer(length, window) -> number``, the pairs of a sentence when each reach is drawn anew.

    The right result is the mean over every reach of every center, counted pair by pair.
    """

    def pairs(reach):
        return sum(0 < abs(i - j) <= reach for i in range(length) for j in range(length))

    each = [pairs(reach) for reach in range(1, window + 1)]
    right, full = sum(each) / window, each[-1]
    far = sum(2 * max(length - d, 0) * (window - d) / window for d in range(1, window + 1))
    longest = sum(2 * (length - d) * (window + 1 - d) / window for d in range(1, window + 1))
    fewest = each[0]
    slips = [
        (right / 2, "Each pair counts twice: either of its words is a center once."),
        (full, "That is the whole window, as if every reach were the largest."),
        (length * (window + 1), "At the ends of the sentence words are missing."),
        (pairs((window + 1) / 2), "The mean of the reach is not enough: far pairs are rarer."),
        (right / length, "That is the mean for one center; the whole sentence is asked for."),
        (far, "Off by one: distance 1 is within every reach, so its weight is 1."),
        (longest, "A reach can be longer than the sentence: then there is no pair, not a negative number."),
        (fewest, "That is the smallest reach alone, 1; it is drawn from 1 … window."),
        (round(right), "Do not round: a mean of draws need not be whole."),
    ]
    return Case((length, window), right, slips)


@checker("Turned, then averaged: both have a say.", [(8, 3), (6, 2), (12, 4)], seed=21, parts=("W", "C"))
def check_merge(rng, size, dim):
    """Check ``answer(W1, C1, W2, C2) -> (W, C)``, the mean of two trainings after the second was turned.

    The second training is the first one, turned and with a little noise in both tables. The best turn comes
    from a polar factor.
    """
    W1, C1 = rng.standard_normal((2, size, dim))
    turn = np.linalg.qr(rng.standard_normal((dim, dim)))[0]
    W2, C2 = ((table + 0.2 * rng.standard_normal((size, dim))) @ turn for table in (W1, C1))
    Q = polar_factor(np.vstack((W2, C2)).T @ np.vstack((W1, C1)))
    by_W, by_C = polar_factor(W2.T @ W1), polar_factor(C2.T @ C1)

    by_product = np.linalg.lstsq(np.vstack((W2, C2)), np.vstack((W1, C1)), rcond=None)[0]

    def mean(W, C):
        return (W1 + W) / 2, (C1 + C) / 2

    alone = "Each table has a turn of its own now; then the scores do not survive. Stack W and C."
    slips = [
        (mean(W2, C2), "Turn the second training first: its axes are others."),
        (mean(W2 @ by_W, C2 @ by_C), alone),
        (mean(W2 @ Q, C2), "C must be turned as well, by the same Q."),
        (mean(W2 @ Q.T, C2 @ Q.T), "That turns the wrong way: transpose Q."),
        ((W1 + W2 @ Q, C1 + C2 @ Q), "That is the sum; the mean is half of it."),
        ((W2 @ Q, C2 @ Q), "Those are the turned tables; take the mean with the first ones."),
        (mean(W2 @ by_W, C2 @ by_W), "Find Q from both tables: stack W and C."),
        (
            ((W1 @ Q.T + W2) / 2, (C1 @ Q.T + C2) / 2),
            "That turns the first training onto the second; it should be the other way round.",
        ),
        (mean(C2 @ Q, W2 @ Q), "W and C have changed places in the second training."),
        ((mean(W2 @ Q, C2 @ Q)[1], mean(W2 @ Q, C2 @ Q)[0]), "Return W first, then C."),
        (
            mean(W2 @ by_product, C2 @ by_product),
            "The best fit of any kind stretches, and scores do not survive that; take the best rotation.",
        ),
    ]
    return Case((W1, C1, W2, C2), mean(W2 @ Q, C2 @ Q), slips)
