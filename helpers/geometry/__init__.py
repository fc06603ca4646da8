"""What can be read off tables of vectors once the axes no longer count: angles, neighbors, rotations.

`one_table` has what can be asked of one table, `two_tables` what can be asked of two about the same words.
"""

# ruff: noqa: F401  (the imports are for others, who say helpers.geometry)

from helpers.geometry.one_table import (
    analogy,
    analogy_answers,
    cosine_matrix,
    cosine_similarity,
    nearest_neighbors,
    nearest_to,
    principal_coordinates,
    share_in_class,
    unit_rows,
    without_common_direction,
)
from helpers.geometry.two_tables import (
    balanced,
    held_out_residual,
    linear_cka,
    neighbor_overlap,
    neighbors_kept,
    null_distribution,
    procrustes,
    rsa,
)
