"""Answers: wrong ones, with a word of their hint, and other right ones."""

import numpy as np
from scipy.linalg import orthogonal_procrustes, polar, sqrtm


def rotation(A, B):
    return orthogonal_procrustes(A, B)[0]


def without_mirror(A, B):
    """The rotation of Kabsch (1976), which must not reflect."""
    U, _, Vt = np.linalg.svd(A.T @ B)
    U[:, -1] *= np.sign(np.linalg.det(U @ Vt))
    return U @ Vt


def third_factor_turned(A, B):
    U, _, V = np.linalg.svd(A.T @ B)
    return U @ V.T


def gram_schmidt(A, B):
    return np.linalg.qr(A.T @ B)[0]


def unit(X):
    return X / np.linalg.norm(X, axis=1, keepdims=True)


WRONG = {
    "check_best_rotation": [
        ("transpose", lambda A, B: rotation(B, A)),
        ("transposed already", third_factor_turned),
        ("Reflections", without_mirror),
        ("centered", lambda A, B: rotation(A - A.mean(axis=0), B - B.mean(axis=0))),
        ("least squares", lambda A, B: np.linalg.pinv(A) @ B),
        ("singular values", lambda A, B: A.T @ B),
        ("return Q", lambda A, B: A @ rotation(A, B)),
        ("sign", lambda A, B: -rotation(A, B)),
        ("not orthogonal", lambda A, B: np.ones((A.shape[1], A.shape[1]))),
        ("another Q brings A closer", lambda A, B: np.eye(A.shape[1])),
        ("another Q brings A closer", gram_schmidt),
        ("another Q brings A closer", lambda A, B: rotation(unit(A), unit(B))),
        ("another Q brings A closer", lambda A, B: rotation(A[: len(A) // 2], B[: len(B) // 2])),
    ],
    "check_same_scores": [
        ("transposed", lambda W, C, T: (W @ T, C @ np.linalg.inv(T))),
        ("take back", lambda W, C, T: (W @ T, C @ T)),
        ("take back", lambda W, C, T: (W @ T, C @ T.T)),
        ("as well", lambda W, C, T: (W @ T, C)),
        ("should be W T", lambda W, C, T: (W @ np.linalg.inv(T), C @ T.T)),
        ("not W Tᵀ", lambda W, C, T: (W @ T.T, C @ np.linalg.inv(T))),
        ("column by column", lambda W, C, T: (W @ T, C / np.diag(T))),
        ("other way round", lambda W, C, T: (C @ np.linalg.inv(T).T, W @ T)),
        ("Return 2 things", lambda W, C, T: W @ T),
    ],
}

RIGHT = {
    "check_best_rotation": [
        rotation,
        lambda A, B: polar(A.T @ B)[0],
        lambda A, B: A.T @ B @ np.linalg.inv(sqrtm(B.T @ A @ A.T @ B).real),
        lambda A, B: (lambda U, _, Vt: (Vt.T @ U.T).tolist())(*np.linalg.svd(B.T @ A)),
    ],
    "check_same_scores": [
        lambda W, C, T: (W @ T, np.linalg.solve(T, C.T).T),
        lambda W, C, T: [(W @ T).tolist(), (np.linalg.pinv(T) @ C.T).T],
        lambda W, C, T: (W @ T, C @ np.linalg.inv(T.T)),
        lambda W, C, T: (W @ T, np.linalg.lstsq(W @ T, W @ C.T, rcond=None)[0].T),
    ],
}
