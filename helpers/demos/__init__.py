"""The demos of the series. Each module holds a model (plain Python, no widget) and a view (no mathematics).

A notebook calls a demo in one line, for example ``demos.rotate_it()``.
"""

from helpers.demos.analogies import analogy_table
from helpers.demos.breaking import break_it
from helpers.demos.center_vote import centers_vote
from helpers.demos.context_vector import one_context_vector
from helpers.demos.curves import three_curves
from helpers.demos.jacobian import jacobian_heat_map
from helpers.demos.negatives import noise
from helpers.demos.one_step import one_step_for_many
from helpers.demos.own_corpus import your_own_corpus
from helpers.demos.push_pull import push_and_pull
from helpers.demos.rotate import rotate_it
from helpers.demos.small_world import the_small_world
from helpers.demos.two_seeds import two_seeds
from helpers.demos.watch import six_words
from helpers.demos.window import the_window

__all__ = [
    "analogy_table",
    "break_it",
    "centers_vote",
    "jacobian_heat_map",
    "noise",
    "one_context_vector",
    "one_step_for_many",
    "push_and_pull",
    "rotate_it",
    "six_words",
    "the_small_world",
    "the_window",
    "three_curves",
    "two_seeds",
    "your_own_corpus",
]
