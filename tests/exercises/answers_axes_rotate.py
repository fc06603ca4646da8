"""Answers: wrong ones, with a word of their hint."""

import numpy as np
from scipy.linalg import orthogonal_procrustes


def rotation(A, B):
    return orthogonal_procrustes(A, B)[0]


WRONG = {
    "check_best_rotation": [
        ("transpose", lambda A, B: rotation(B, A)),
        ("least squares", lambda A, B: np.linalg.pinv(A) @ B),
        ("singular values", lambda A, B: A.T @ B),
        ("return Q", lambda A, B: A @ rotation(A, B)),
        ("sign", lambda A, B: -rotation(A, B)),
        ("not orthogonal", lambda A, B: np.ones((A.shape[1], A.shape[1]))),
        ("another one", lambda A, B: np.eye(A.shape[1])),
    ],
    "check_same_scores": [
        ("transposed", lambda W, C, A: (W @ A, C @ np.linalg.inv(A))),
        ("take back", lambda W, C, A: (W @ A, C @ A)),
        ("take back", lambda W, C, A: (W @ A, C @ A.T)),
        ("as well", lambda W, C, A: (W @ A, C)),
        ("should be W A", lambda W, C, A: (W @ np.linalg.inv(A), C @ A.T)),
        ("other way round", lambda W, C, A: (C @ np.linalg.inv(A).T, W @ A)),
    ],
}
