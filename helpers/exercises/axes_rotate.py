"""Exercises on axes that rotate: the best rotation, and other tables with the same scores."""

import numpy as np

from helpers.exercises.judge import Case, checker, same

SIZES = [(12, 2), (20, 4), (15, 3)]


def polar_factor(X: np.ndarray) -> np.ndarray:
    """Return the orthogonal matrix nearest to X, X (XᵀX)^−½; for X = AᵀB it turns A onto B."""
    values, vectors = np.linalg.eigh(X.T @ X)
    return X @ vectors @ np.diag(values**-0.5) @ vectors.T


def how_orthogonal(result, A, B) -> str:
    """Tell whether Q is orthogonal, which alone is not enough."""
    if not same(result.T @ result, np.eye(len(result))):
        return "Q is not orthogonal: QᵀQ should be the identity."
    return "Q is orthogonal, but another Q brings A closer to B."


@checker("Turned back as far as a turn can do it.", SIZES, seed=17, invariant=how_orthogonal)
def check_best_rotation(rng, size, dim):
    """Check ``answer(A (V, D), B (V, D)) -> Q (D, D)``, orthogonal, with A Q as close to B as possible.

    B is a turned copy of A with a little noise, so the right result is the polar factor of AᵀB.
    """
    A, turn = rng.standard_normal((size, dim)), np.linalg.qr(rng.standard_normal((dim, dim)))[0]
    B = A @ turn + 0.05 * rng.standard_normal((size, dim))
    cross, right = A.T @ B, polar_factor(A.T @ B)
    stretched = np.linalg.lstsq(A, B, rcond=None)[0]
    U, _, Vt = np.linalg.svd(cross)
    no_mirror = np.diag([*np.ones(dim - 1), np.linalg.det(right)])
    slips = [
        (right.T, "That turns B onto A; the other way round is asked for: transpose."),
        (U @ Vt.T, "NumPy's svd returns the third factor transposed already: no .T."),
        (U @ no_mirror @ Vt, "Reflections are allowed, too: leave the sign of the determinant as it comes."),
        (
            polar_factor((A - A.mean(axis=0)).T @ (B - B.mean(axis=0))),
            "Nothing is centered: turn about the origin.",
        ),
        (stretched, "That is least squares, and stretches; Q must be orthogonal."),
        (cross, "AᵀB also stretches; leave out its singular values."),
        (A @ right, "That is A, turned already; return Q."),
        (-right, "The sign is off: A Q would point away from B."),
    ]
    return Case((A, B), right, slips)


@checker("Other tables, same scores.", [(5, 2), (6, 3), (4, 4)], seed=18, parts=("new W", "new C"))
def check_same_scores(rng, size, dim):
    """Check ``answer(W, C, T) -> (W T, new C)`` with the same scores W Cᵀ."""
    W, C = rng.standard_normal((2, size, dim))
    T = rng.standard_normal((dim, dim)) + 2 * np.eye(dim)
    new_C = np.linalg.solve(T, C.T).T  # T Xᵀ = Cᵀ
    inverse = np.linalg.inv(T)
    slips = [
        ((W @ T, C @ inverse), "The inverse must be transposed: new C = C @ np.linalg.inv(T).T."),
        ((W @ T, C @ T), "C has to take back what W was given: use the inverse."),
        ((W @ T, C @ T.T), "C has to take back what W was given: use the inverse."),
        ((W @ T, C), "C has to change as well, or the scores do."),
        ((W @ inverse, C @ T.T), "The scores are kept, but the first table should be W T."),
        ((W @ T.T, C @ inverse), "The scores are kept, but the first table should be W T, not W Tᵀ."),
        ((W @ T, C / np.diag(T)), "Dividing column by column undoes only a diagonal T: use the inverse."),
        ((new_C, W @ T), "The other way round: first the new W, then the new C."),
    ]
    return Case((W, C, T), (W @ T, new_C), slips)
