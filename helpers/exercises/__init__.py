"""The checkers behind "Your turn": they try an answer on random cases and say what is off.

Nothing is compared with a stored answer. Each notebook has its module here; in it, one function for each
exercise draws a case: arguments, the right result from the mathematics (a definition, an invariant, or finite
differences) and the results of typical slips. judge.py asks the answer about a few cases. One that equals a
slip in all of them gets its hint, and any other wrong answer is told how it differs.
"""

# ruff: noqa: F401  (the imports are for the notebooks, which say exercises.check_…)

from helpers.exercises.at_scale import check_expected_pairs, check_merge
from helpers.exercises.axes_rotate import check_best_rotation, check_same_scores
from helpers.exercises.from_score_to_vector import (
    check_center_gradient,
    check_realized_change,
    check_smallest_move,
)
from helpers.exercises.learning_signal import (
    check_log_softmax,
    check_squared_error_signal,
    check_tempered_signal,
)
from helpers.exercises.negative_sampling import check_add_moves, check_log_sigmoid, check_sgns_center
from helpers.exercises.one_hot import check_decode, check_distance, check_turn
from helpers.exercises.pairs import check_company, check_reach, check_tally
from helpers.exercises.real_words import check_by_frequency, check_positive_pmi
from helpers.exercises.small_world import check_likely_contexts, check_share_in_class
from helpers.exercises.training import check_context_gradient, check_new_company
from helpers.exercises.what_geometry_says import check_attention, check_raw_analogy
from helpers.exercises.whose_answer import check_neighbors_kept, check_without_common_direction
