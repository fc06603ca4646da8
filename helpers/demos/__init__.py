"""The demos of the series. Each module holds a model (plain Python, no widget) and a view (no mathematics).

A demo's module, its test, its class and its call carry one name: ``demos.rotate_it()`` makes the `RotateIt`
of ``helpers/demos/rotate_it.py``.
"""

from helpers.demos.analogy_table import AnalogyTable as analogy_table
from helpers.demos.break_it import BreakIt as break_it
from helpers.demos.centers_vote import CentersVote as centers_vote
from helpers.demos.first_look import FirstLook as first_look
from helpers.demos.jacobian_heat_map import JacobianHeatMap as jacobian_heat_map
from helpers.demos.noise import Noise as noise
from helpers.demos.one_context_vector import OneContextVector as one_context_vector
from helpers.demos.one_pair_all_the_way import OnePairAllTheWay as one_pair_all_the_way
from helpers.demos.one_step_for_many import OneStepForMany as one_step_for_many
from helpers.demos.push_and_pull import PushAndPull as push_and_pull
from helpers.demos.rotate_it import RotateIt as rotate_it
from helpers.demos.six_words import SixWords as six_words
from helpers.demos.the_small_world import TheSmallWorld as the_small_world
from helpers.demos.the_window import TheWindow as the_window
from helpers.demos.three_curves import ThreeCurves as three_curves
from helpers.demos.two_seeds import TwoSeeds as two_seeds
from helpers.demos.word_atlas import WordAtlas as word_atlas
from helpers.demos.your_own_corpus import YourOwnCorpus as your_own_corpus

__all__ = [
    "analogy_table",
    "break_it",
    "centers_vote",
    "first_look",
    "jacobian_heat_map",
    "noise",
    "one_context_vector",
    "one_pair_all_the_way",
    "one_step_for_many",
    "push_and_pull",
    "rotate_it",
    "six_words",
    "the_small_world",
    "the_window",
    "three_curves",
    "two_seeds",
    "word_atlas",
    "your_own_corpus",
]
