"""The demos of the series. Each module holds a model (plain Python, no widget) and a view (no mathematics).

A notebook calls a demo in one line, for example ``demos.rotate_it()``.
"""

from helpers.demos.curves import three_curves
from helpers.demos.jacobian import jacobian_heat_map
from helpers.demos.push_pull import push_and_pull
from helpers.demos.rotate import rotate_it
from helpers.demos.six_words import six_words
from helpers.demos.small_world import the_small_world

__all__ = ["jacobian_heat_map", "push_and_pull", "rotate_it", "six_words", "the_small_world", "three_curves"]
