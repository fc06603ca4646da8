"""Every exercise is open as stored, its solution is right, typical slips get their hint, nothing raises."""

import ast
import re
from collections import Counter
from decimal import Decimal

import nbformat
import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.special import expit, log_expit

from helpers import exercises
from helpers.geometry import analogy, cosine_matrix
from helpers.softmax import jacobian, learning_signal, log_softmax, softmax
from tools import notebooks

CHECKERS = sorted(name for name in vars(exercises) if name.startswith("check_"))
OF_FUNCTIONS = [name for name in CHECKERS if name != "check_new_company"]
FOLDED = r"<details>\s*<summary>{}</summary>\s*(.*?)</details>"
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


# --- The exercises as they stand in the notebooks -----------------------------------------------------


def checker_in(cell):
    """Return the name of the checker that a cell calls."""
    found = re.findall(r"exercises\.(check_\w+)\(", cell.source) if cell.cell_type == "code" else []
    assert len(found) < 2, "one exercise for each cell: only the last verdict is shown"
    return found[0] if found else None


def imports_above(cells):
    """Return the import statements of some cells, which is all that a solution may lean on."""
    trees = [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]
    wanted = [line for tree in trees for line in tree.body if isinstance(line, ast.Import | ast.ImportFrom)]
    return compile(ast.Module(wanted, type_ignores=[]), "imports", "exec")


def exercises_in(path):
    cells = nbformat.read(path, as_version=4).cells
    for place, cell in enumerate(cells):
        if checker := checker_in(cell):
            following = cells[place + 1] if place + 1 < len(cells) else nbformat.v4.new_markdown_cell()
            values = cell, following, imports_above(cells[:place])
            yield pytest.param(*values, id=f"{path.stem}-{checker.removeprefix('check_')}")


EXERCISES = [exercise for path in sorted(notebooks.FOLDER.glob("*.ipynb")) for exercise in exercises_in(path)]
each_exercise = pytest.mark.parametrize(("cell", "following", "imports"), EXERCISES)


def folded(cell, title):
    """Return what a markdown cell folds away under this title."""
    assert cell.cell_type == "markdown"
    found = re.findall(FOLDED.format(title), cell.source, re.DOTALL)
    assert len(found) == 1, f"the cell below an exercise folds away one {title}"
    return found[0].strip()


def run(source, namespace):
    """Run a cell and return the value of its last line, as the notebook would show it."""
    *body, last = ast.parse(source).body
    assert isinstance(last, ast.Expr), "the verdict shows only where it is the last line of its cell"
    exec(compile(ast.Module(body, type_ignores=[]), "cell", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "last line", "eval"), namespace)


def answered(cell, solution, imports):
    """Run an exercise with its solution in the place of the dots."""
    last = ast.parse(cell.source).body[-1]
    (name,) = (argument.id for argument in last.value.args)
    namespace = {}
    exec(imports, namespace)
    assert name not in namespace
    exec(solution, namespace)
    return run(ast.unparse(last), namespace), namespace[name]


def test_a_notebook_has_two_to_four_exercises_or_none():
    notebook_of = Counter(exercise.id.split("-")[0] for exercise in EXERCISES)
    assert notebook_of
    assert set(notebook_of.values()) <= {2, 3, 4}


@each_exercise
def test_exercise_is_open_as_stored(cell, following, imports):
    namespace = {}
    exec(imports, namespace)
    verdict = run(cell.source, namespace)
    assert verdict.state == "open"
    assert [output.data["text/plain"] for output in cell.outputs] == [repr(verdict)]


@each_exercise
def test_hint_and_solution_are_folded_away_below(cell, following, imports):
    assert len(folded(following, "Hint")) > 20
    (solution,) = PYTHON.findall(folded(following, "Solution"))
    verdict, answer = answered(cell, solution, imports)
    assert verdict.state == "right"
    assert verdict
    if callable(answer):
        check = getattr(exercises, checker_in(cell))
        calls = []
        check(lambda *given: calls.append(given) or answer(*given))
        assert len(calls) >= 3
        for odd in range(len(calls)):
            assert check(unlike_itself(answer, odd, spoil)).state == "wrong"
            assert check(unlike_itself(answer, odd, lambda right: ...)).state == "open"


def unlike_itself(answer, odd, change):
    """Build an answer that is right in every call but one."""
    count = iter(range(1000))
    return lambda *given: change(answer(*given)) if next(count) == odd else answer(*given)


def spoil(right):
    """Change a result a little, keeping its shape where there is one."""
    if isinstance(right, tuple):
        return *right[:-1], spoil(right[-1])
    return np.add(right, 1e-3) if np.size(right) else [0]


# --- Typical answers ----------------------------------------------------------------------------------


def reach(start, stop, keep=lambda j, i: j != i):
    """Build an answer to check_reach from the two ends of its range."""
    return lambda i, length, window: [
        j for j in range(start(i, window), stop(i, length, window)) if keep(j, i)
    ]


def first(i, w):
    return max(0, i - w)


def stop(i, n, w):
    return min(n, i + w + 1)


def turn(new_i, new_j):
    """Build an answer to check_turn from formulas for the two columns in x, y, cos, sin."""

    def answer(vectors, i, j, angle):
        turned, terms = vectors.copy(), (vectors[:, i], vectors[:, j], np.cos(angle), np.sin(angle))
        turned[:, i] = new_i(*terms)
        turned[:, j] = new_j(*terms)
        return turned

    return answer


def turn_early(vectors, i, j, angle):
    turned = vectors.copy()
    turned[:, i] = turned[:, i] * np.cos(angle) - turned[:, j] * np.sin(angle)
    turned[:, j] = turned[:, i] * np.sin(angle) + turned[:, j] * np.cos(angle)
    return turned


def right_turn(vectors, i, j, angle):
    return turn(lambda x, y, c, s: x * c - y * s, lambda x, y, c, s: x * s + y * c)(vectors, i, j, angle)


def turn_rows(vectors, i, j, angle):
    turned = vectors.copy()
    turned[i] = vectors[i] * np.cos(angle) - vectors[j] * np.sin(angle)
    turned[j] = vectors[i] * np.sin(angle) + vectors[j] * np.cos(angle)
    return turned


def tally(pairs, size):
    return np.bincount(pairs @ [size, 1], minlength=size * size).reshape(size, size)


def tally_once(pairs, size):
    counts = np.zeros((size, size))
    counts[pairs[:, 0], pairs[:, 1]] += 1
    return counts


def row_sums(counts):
    return counts.sum(axis=1, keepdims=True)


def signal(W, C, counts):
    return (row_sums(counts) * softmax(W @ C.T) - counts) / counts.sum()


def step(w, C, k, rate, sign=-1):
    gap = learning_signal(C @ w, k)
    return w + sign * rate * gap @ C, C + sign * rate * np.outer(gap, w)


def step_w_first(w, C, k, rate):
    gap = learning_signal(C @ w, k)
    w = w - rate * gap @ C
    return w, C - rate * np.outer(gap, w)


def step_in_place(w, C, k, rate):
    gap = learning_signal(C @ w, k)
    old = w.copy()
    w -= rate * gap @ C
    C -= rate * np.outer(gap, old)
    return w, C


def step_alone(w, C, k, rate):
    new_w, new_C = step(w, C, k, rate)
    return new_w - w, new_C - C


def step_true_only(w, C, k, rate):
    new_w, all_C = step(w, C, k, rate)
    new_C = C.copy()
    new_C[k] = all_C[k]
    return new_w, new_C


def gap(scores, truth):
    return softmax(scores) - np.eye(len(scores))[truth]


def rotation(A, B):
    return orthogonal_procrustes(A, B)[0]


def half(A, B):
    return (A + B @ rotation(B, A)) / 2


def merge(W1, C1, W2, C2, way=lambda Q: Q):
    Q = way(rotation(np.vstack((W2, C2)), np.vstack((W1, C1))))
    return (W1 + W2 @ Q) / 2, (C1 + C2 @ Q) / 2


def turned_only(W1, C1, W2, C2):
    W, C = merge(W1, C1, W2, C2)
    return 2 * W - W1, 2 * C - C1


def half_pairs(length, window):
    return sum(max(length - d, 0) * (window + 1 - d) / window for d in range(1, window + 1))


def overwrite_moves(table, ids, moves):
    table = table.copy()
    table[ids] += moves
    return table


def mean_moves(table, ids, moves):
    often = np.maximum(np.bincount(ids, minlength=len(table)), 1)[:, None]
    return table + np.eye(len(table))[ids].T @ moves / often


def late_center(w, C, k, rate):
    new_C = step(w, C, k, rate)[1]
    return new_C @ (w - rate * gap(C @ w, k) @ new_C) - C @ w


# For each checker: wrong answers, each with a word that its hint must contain.
WRONG = {
    "check_decode": [
        ("axis=1", lambda v: v.argmax(axis=0)),
        ("Without an axis", lambda v: v.argmax()),
        ("the 1 itself", lambda v: v.max(axis=1)),
        ("Off by one", lambda v: v.argmax(axis=1) + 1),
        ("numbers of the rows", lambda v: np.nonzero(v)[0]),
        ("columns alone", np.nonzero),
        ("columns alone", np.argwhere),
        ("unchanged", lambda v: v),
        ("shape", lambda v: v.argmax(axis=1)[:, None]),
        ("complex", lambda v: v.argmax(axis=1) + 0j),
    ],
    "check_distance": [
        ("root", lambda c: 2 - 2 * c),
        ("factor 2", lambda c: np.sqrt(1 - c)),
        ("factor 2", lambda c: np.sqrt(2 - c)),
        ("sign", lambda c: np.sqrt(2 + 2 * c)),
        ("length", lambda c: 1 - c),
        ("sine", lambda c: np.sqrt(1 - c**2)),
        ("angle", np.arccos),
        ("depends", lambda c: np.sqrt(2)),
        ("instead of 2", lambda c: np.sqrt(2 - 2 * c) + (c < -0.9)),
        ("instead of", lambda c: [np.sqrt(2 - 2 * c)] * 2),
    ],
    "check_turn": [
        ("other way", lambda v, i, j, a: right_turn(v, i, j, -a)),
        ("other way", lambda v, i, j, a: right_turn(v, j, i, a)),
        ("radians", lambda v, i, j, a: right_turn(v, i, j, np.radians(a))),
        ("radians", lambda v, i, j, a: right_turn(v, i, j, np.degrees(a))),
        ("just changed", turn_early),
        ("A sign is off", turn(lambda x, y, c, s: x * c + y * s, lambda x, y, c, s: x * s + y * c)),
        ("mirror", turn(lambda x, y, c, s: x * c + y * s, lambda x, y, c, s: x * s - y * c)),
        ("Coordinate j", turn(lambda x, y, c, s: x * c - y * s, lambda x, y, c, s: y)),
        ("columns", turn_rows),
        ("cosines", turn(lambda x, y, c, s: 2 * x * c - y * s, lambda x, y, c, s: x * s + y * c)),
        ("lengths", lambda v, i, j, a: right_turn(v, i, j, a) * np.arange(1, 7)[:, None]),
        ("Only coordinates", lambda v, i, j, a: right_turn(-v, i, j, a + np.pi)),
        ("factor", lambda v, i, j, a: 3 * right_turn(v, i, j, a)),
        ("transposed", lambda v, i, j, a: right_turn(v, i, j, a).T),
        ("unchanged", lambda v, i, j, a: v),
        ("4 arguments", lambda v, i, j: v),
    ],
    "check_reach": [
        ("center itself", reach(first, stop, keep=lambda j, i: True)),
        ("at the right", reach(first, lambda i, n, w: min(n, i + w))),
        ("at the right", reach(first, lambda i, n, w: min(n - 1, i + w))),
        ("sentence's end", reach(first, lambda i, n, w: min(n - 1, i + w + 1))),
        ("sentence's start", reach(lambda i, w: max(1, i - w), stop)),
        ("at the left", reach(lambda i, w: max(0, i - w + 1), stop)),
        ("right only", reach(lambda i, w: i + 1, stop)),
        ("left only", reach(first, lambda i, n, w: i)),
        ("both ends", reach(lambda i, w: i - w, lambda i, n, w: i + w + 1)),
        ("past the start", reach(lambda i, w: i - w, stop)),
        ("past the end", reach(first, lambda i, n, w: i + w + 1)),
        ("counts from the end", lambda i, n, w: [j for j in list(range(n))[i - w : i + w + 1] if j != i]),
        ("circle", lambda i, n, w: [j % n for j in range(i - w, i + w + 1) if j != i]),
        ("window is missing", reach(lambda i, w: 0, lambda i, n, w: n)),
        ("offsets", lambda i, n, w: [j - i for j in range(n) if 0 < abs(j - i) <= w]),
        ("how many", lambda i, n, w: stop(i, n, w) - first(i, w) - 1),
        ("Called with (0, 4, 2), it gives [] instead of [1, 2]", lambda i, n, w: []),
        ("set", lambda i, n, w: set(range(n)) - {i}),
    ],
    "check_tally": [
        ("counted once", tally_once),
        ("Transposed", lambda pairs, size: tally(pairs, size).T),
        ("Both directions", lambda pairs, size: tally(pairs, size) + tally(pairs, size).T),
        ("twice", lambda pairs, size: 2 * tally(pairs, size)),
        ("shares", lambda pairs, size: tally(pairs, size) / len(pairs)),
        ("reshape", lambda pairs, size: tally(pairs, size).ravel()),
        ("without any pair", lambda pairs, size: tally(pairs, pairs.max() + 1)),
        ("ValueError", lambda pairs, size: np.bincount(pairs @ [size, 1]).reshape(size, size)),
        ("largest difference", lambda pairs, size: tally(pairs[1:], size)),
    ],
    "check_company": [
        ("columns", lambda n: n / n.sum(axis=0)),
        ("Transposed", lambda n: (n / row_sums(n)).T),
        ("all pairs", lambda n: n / n.sum()),
        ("keepdims", lambda n: n / n.sum(axis=1)),
        ("mean", lambda n: n / n.mean(axis=1, keepdims=True)),
        ("largest", lambda n: n / n.max(axis=1, keepdims=True)),
        ("//", lambda n: n // row_sums(n)),
        ("softmax", softmax),
        ("sum to 1", lambda n: n / (row_sums(n) + 1)),
        ("changes its input", lambda n: n.sort() or n / row_sums(n)),
        ("unchanged", np.copy),
    ],
    "check_log_softmax": [
        (
            "infinity",
            lambda s: np.log(np.maximum(softmax(s), 0) + 0.0) if (softmax(s) > 0).all() else s - np.inf,
        ),
        ("sign", lambda s: -log_softmax(s)),
        ("missing", lambda s: s - s.max()),
        ("one place", lambda s: s - np.log(np.sum(np.exp(s - s.max())))),
        ("bits", lambda s: log_softmax(s) / np.log(2)),
        ("Those are the probabilities", softmax),
        ("each score", lambda s: log_softmax(s).max()),
    ],
    "check_squared_error_signal": [
        ("cross-entropy", lambda s, y: gap(s, y)),
        ("sign", lambda s, y: -jacobian(s) @ gap(s, y)),
        ("factor ½", lambda s, y: 2 * jacobian(s) @ gap(s, y)),
        ("diagonal", lambda s, y: np.diag(jacobian(s)) * gap(s, y)),
        ("others lose", lambda s, y: softmax(s) * gap(s, y)),
        ("truth is missing", lambda s, y: jacobian(s) @ softmax(s)),
        ("one push for each", lambda s, y: np.sum(jacobian(s) @ gap(s, y))),
    ],
    "check_tempered_signal": [
        ("chain rule", lambda s, y, t: gap(s / t, y)),
        ("other way up", lambda s, y, t: gap(s / t, y) * t),
        ("with the temperature", lambda s, y, t: gap(s, y) / t),
        ("temperature is missing", lambda s, y, t: gap(s, y)),
        ("you multiply", lambda s, y, t: gap(s * t, y) / t),
        ("sign", lambda s, y, t: -gap(s / t, y) / t),
        ("truth is missing", lambda s, y, t: softmax(s / t) / t),
    ],
    "check_smallest_move": [
        ("‖w‖²", lambda w, wish: wish * w),
        ("still change", lambda w, wish: wish * w / np.linalg.norm(w)),
        ("one length too many", lambda w, wish: wish * w / np.linalg.norm(w) ** 3),
        ("shorter", lambda w, wish: wish / w / len(w)),
        ("shorter", lambda w, wish: wish * np.eye(len(w))[0] / w[0]),
        ("sign", lambda w, wish: -wish * w / (w @ w)),
        ("wish is missing", lambda w, wish: w / (w @ w)),
        ("was to change by", lambda w, wish: np.ones(len(w))),
    ],
    "check_center_gradient": [
        ("sign", lambda w, C, q: (q - softmax(C @ w)) @ C),
        ("what was seen is missing", lambda w, C, q: softmax(C @ w) @ C),
        ("expects is missing", lambda w, C, q: q @ C),
        ("its share", lambda w, C, q: softmax(C @ w) @ C - C[q.argmax()]),
        ("on the scores", lambda w, C, q: softmax(C @ w) - q),
        ("for C", lambda w, C, q: np.outer(softmax(C @ w) - q, w)),
        ("summed", lambda w, C, q: np.mean((softmax(C @ w) - q)[:, None] * C, axis=0)),
    ],
    "check_realized_change": [
        ("wish", lambda w, C, y, rate: -rate * gap(C @ w, y)),
        ("from the contexts", lambda w, C, y, rate: -rate * gap(C @ w, y) * (w @ w)),
        ("from the center", lambda w, C, y, rate: -rate * C @ C.T @ gap(C @ w, y)),
        ("cross term", lambda w, C, y, rate: -rate * (C @ C.T + w @ w * np.eye(len(C))) @ gap(C @ w, y)),
        ("new scores", lambda w, C, y, rate: np.matmul(*step(w, C, y, rate)[::-1])),
        ("old values", late_center),
        ("uphill", lambda w, C, y, rate: np.matmul(*step(w, C, y, -rate)[::-1]) - C @ w),
        ("new scores minus old", lambda w, C, y, rate: C @ w - np.matmul(*step(w, C, y, rate)[::-1])),
    ],
    "check_context_gradient": [
        ("sign", lambda W, C, n: -signal(W, C, n).T @ W),
        ("transposed", lambda W, C, n: signal(W, C, n) @ W),
        ("for W", lambda W, C, n: signal(W, C, n) @ C),
        ("not with C", lambda W, C, n: signal(W, C, n).T @ C),
        ("mean is missing", lambda W, C, n: signal(W, C, n).T @ W * n.sum()),
        ("not over words", lambda W, C, n: signal(W, C, n).T @ W * n.sum() / len(n)),
        ("Weight", lambda W, C, n: (softmax(W @ C.T) - n).T @ W / n.sum()),
        ("too", lambda W, C, n: (softmax(W @ C.T) - n).T @ W),
        ("alike", lambda W, C, n: (softmax(W @ C.T) - n / row_sums(n)).T @ W),
        ("nothing pulls", lambda W, C, n: (row_sums(n) * softmax(W @ C.T)).T @ W / n.sum()),
        ("nothing pushes", lambda W, C, n: -n.T @ W / n.sum()),
        ("along each row", lambda W, C, n: (row_sums(n) * softmax(C @ W.T).T - n).T @ W / n.sum()),
        ("only", lambda W, C, n: (signal(W, C, n) @ C, signal(W, C, n).T @ W)),
        ("factor", lambda W, C, n: signal(W, C, n).T @ W / 2),
    ],
    "check_step": [
        ("uphill", lambda *given: step(*given, sign=1)),
        ("sign is off in w", lambda *given: (step(*given, sign=1)[0], step(*given)[1])),
        ("sign is off in C", lambda *given: (step(*given)[0], step(*given, sign=1)[1])),
        ("old values", step_w_first),
        ("every row", step_true_only),
        ("learning rate", lambda w, C, k, rate: step(w, C, k, 1)),
        ("C has to move", lambda w, C, k, rate: (step(w, C, k, rate)[0], C)),
        ("w has to move", lambda w, C, k, rate: (w, step(w, C, k, rate)[1])),
        ("step alone", step_alone),
        ("other way round", lambda *given: step(*given)[::-1]),
        ("changes its input", step_in_place),
        ("2 things", lambda *given: step(*given)[0]),
        ("In new C: Everything is 2 times", lambda *given: (step(*given)[0], 2 * step(*given)[1])),
        ("In new w: The shape", lambda *given: (step(*given)[0][None], step(*given)[1])),
    ],
    "check_log_sigmoid": [
        ("overflows", np.errstate(all="ignore")(lambda x: np.log(1 / (1 + np.exp(-x))))),
        ("Clipping", lambda x: np.clip(log_expit(x), -500, 0)),
        ("not −max", lambda x: log_expit(-x)),
        ("sign", lambda x: -log_expit(x)),
        ("σ itself", expit),
        ("second half", lambda x: np.minimum(x, 0)),
        ("At x =", lambda x: np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x)))),
    ],
    "check_sgns_center": [
        ("sign", lambda w, c, n: -(expit(w @ c) - 1) * c - expit(n @ w) @ n),
        ("noise is missing", lambda w, c, n: (expit(w @ c) - 1) * c),
        ("context is missing", lambda w, c, n: expit(n @ w) @ n),
        ("other way", lambda w, c, n: (expit(w @ c) - 1) * c - expit(n @ w) @ n),
        ("nothing pulls", lambda w, c, n: expit(w @ c) * c + expit(n @ w) @ n),
        ("should be a no", lambda w, c, n: (expit(w @ c) - 1) * c + (expit(n @ w) - 1) @ n),
        ("averaged", lambda w, c, n: (expit(w @ c) - 1) * c + expit(n @ w) @ n / len(n)),
        ("σ(−s)", lambda w, c, n: (expit(w @ c) - 1) * c + expit(-n @ w) @ n),
    ],
    "check_add_moves": [
        ("only the last", overwrite_moves),
        ("mean", mean_moves),
        ("sign", lambda table, ids, moves: table - np.eye(len(table))[ids].T @ moves),
        ("sums alone", lambda table, ids, moves: np.eye(len(table))[ids].T @ moves),
        ("changes its input", lambda table, ids, moves: np.add.at(table, ids, moves) or table),
    ],
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
    "check_raw_analogy": [
        ("every row is allowed", lambda W, a, b, c: analogy(W, a, b, c, 1)[0][0]),
        ("dot product", lambda W, a, b, c: np.argmax(W @ (W[a] - W[b] + W[c]))),
        ("distance", lambda W, a, b, c: np.linalg.norm(W - (W[a] - W[b] + W[c]), axis=1).argmin()),
        ("signs", lambda W, a, b, c: analogy(W, a, c, b, 1, exclude_inputs=False)[0][0]),
        ("Off by one", lambda W, a, b, c: analogy(W, a, b, c, 1, exclude_inputs=False)[0][0] + 1),
        ("all cosines", lambda W, a, b, c: cosine_matrix(W, (W[a] - W[b] + W[c])[None])[:, 0]),
        ("largest cosine", lambda W, a, b, c: analogy(W, a, b, c, 1, exclude_inputs=False)[1][0]),
    ],
    "check_attention": [
        ("shares", lambda X: softmax(X @ X.T / np.sqrt(X.shape[1]))),
        ("division by √D is missing", lambda X: softmax(X @ X.T) @ X),
        ("not by D", lambda X: softmax(X @ X.T / X.shape[1]) @ X),
        ("columns", lambda X: softmax(X @ X.T / np.sqrt(len(X))) @ X),
        ("no transpose", lambda X: softmax(X @ X.T / np.sqrt(X.shape[1])).T @ X),
        ("softmax is missing", lambda X: X @ X.T / np.sqrt(X.shape[1]) @ X),
        ("old vectors", lambda X: X + softmax(X @ X.T / np.sqrt(X.shape[1])) @ X),
    ],
    "check_expected_pairs": [
        ("twice", half_pairs),
        ("whole window", lambda n, w: sum(2 * max(n - d, 0) for d in range(1, w + 1))),
        ("words are missing", lambda n, w: n * (w + 1)),
        ("not enough", lambda n, w: sum(2 * max(n - d, 0) for d in range(1, int((w + 1) / 2) + 1))),
        ("one center", lambda n, w: 2 * half_pairs(n, w) / n),
        ("Off by one", lambda n, w: sum(2 * max(n - d, 0) * (w - d) / w for d in range(1, w + 1))),
        ("instead of", lambda n, w: n),
    ],
    "check_merge": [
        ("axes are others", lambda W1, C1, W2, C2: ((W1 + W2) / 2, (C1 + C2) / 2)),
        ("of its own", lambda W1, C1, W2, C2: (half(W1, W2), half(C1, C2))),
        ("turned as well", lambda *given: (merge(*given)[0], (given[1] + given[3]) / 2)),
        ("wrong way", lambda *given: merge(*given, np.transpose)),
        ("half of it", lambda *given: tuple(2 * table for table in merge(*given))),
        ("with the first", turned_only),
        ("both tables", lambda W1, C1, W2, C2: (half(W1, W2), (C1 + C2 @ rotation(W2, W1)) / 2)),
    ],
    "check_new_company": [
        ("list of strings", "dog love"),
        ("list of strings", [["dog", "love"]]),
        ("list of strings", 7),
        ("same sentence", ["Dog, I love you."]),
        ('"i" is never beside my', ["dog love"]),
        ('"dog" is never beside love', ["my i"]),
        ("proportions", ["dog love", "my i"] + ["i love", "my dog"] * 15),
        ("handful", [f"my dog is {i}" for i in range(50)]),
    ],
}


@pytest.mark.parametrize(
    ("checker", "word", "answer"),
    [
        pytest.param(checker, word, answer, id=f"{checker}-{word}")
        for checker, answers in WRONG.items()
        for word, answer in answers
    ],
)
def test_typical_slip_gets_its_hint(checker, word, answer):
    verdict = getattr(exercises, checker)(answer)
    assert not verdict
    assert repr(verdict).startswith("✗ Not quite. ")
    assert word in verdict.message


def test_every_checker_has_typical_slips():
    assert sorted(WRONG) == CHECKERS


@pytest.mark.parametrize("checker", OF_FUNCTIONS)
def test_every_computed_slip_is_told_from_the_others(checker, monkeypatch):
    seen = []
    with monkeypatch.context() as patch:
        patch.setattr(exercises, "_judge", lambda answer, cases, *_, **__: seen.extend(cases))
        getattr(exercises, checker)(None)
    for slips in zip(*(case.slips for case in seen), strict=True):
        results = iter([result for result, _ in slips])
        verdict = getattr(exercises, checker)(lambda *given, results=results: next(results))
        assert {verdict.message} == {hint for _, hint in slips}
        assert len(verdict.message) < 160


# Other ways to be right: lists and ranges, floats, loops, another order where none is asked for.
RIGHT = {
    "check_decode": [lambda v: v @ np.arange(v.shape[1]), lambda v: [list(row).index(1) for row in v]],
    "check_distance": [lambda c: 2 * np.sin(np.arccos(c) / 2), lambda c: (2 - 2 * c) ** 0.5],
    "check_turn": [lambda v, i, j, a: right_turn(v, j, i, -a).tolist()],
    "check_reach": [
        lambda i, n, w: [j for j in range(n)[::-1] if 0 < abs(i - j) <= w],
        lambda i, n, w: np.array([*range(first(i, w), i), *range(i + 1, stop(i, n, w))]),
    ],
    "check_tally": [tally, lambda pairs, size: np.eye(size)[pairs[:, 0]].T @ np.eye(size)[pairs[:, 1]]],
    "check_company": [lambda n: [[k / sum(row) for k in row] for row in n.tolist()]],
    "check_context_gradient": [lambda W, C, n: signal(W, C, n).T @ W],
    "check_step": [lambda *given: [part.tolist() for part in step(*given)]],
    "check_new_company": [("Dog love.", "dog love", "my I! My i."), ["love dog love", "my i my"]],
}


@pytest.mark.parametrize("checker", RIGHT)
def test_other_ways_to_be_right(checker):
    for answer in RIGHT[checker]:
        verdict = getattr(exercises, checker)(answer)
        assert repr(verdict).startswith("✓ Right. ")
        assert verdict


# --- Whatever an answer does --------------------------------------------------------------------------


class Rude:
    """Refuses to be an array, a text or a truth value."""

    def refuse(self, *_):
        raise RuntimeError("no")

    __array__ = __len__ = __bool__ = __iter__ = __eq__ = __repr__ = __str__ = refuse
    __hash__ = None


class RudeError(Exception):
    def __str__(self):
        raise RuntimeError("no")


def throw(problem):
    raise problem


def endless():
    own = []
    own.append(own)
    return own


def smash(*given):
    """Destroy all input and return it."""
    for part in given:
        if isinstance(part, np.ndarray):
            part.fill(7)
            part.resize((0,), refcheck=False)
    return given


OPEN = {
    "dots": lambda *given: ...,
    "pair of dots": lambda *given: (..., ...),
    "list with dots": lambda *given: [1, ...],
    "array of dots": lambda *given: np.array([..., ...]),
    "half of a pair": lambda *given: (given[0], ...),
    "no arguments": lambda: ...,
    "nothing": lambda *given: None,
    "dots in a sum": lambda *given: ... + 1,
    "dots in a range": lambda *given: list(range(...)),
    "dots in an array": lambda *given: np.zeros(3) * ...,
    "not implemented": lambda *given: throw(NotImplementedError),
    "no function": ...,
}
HOSTILE = {
    "text": lambda *given: "1",
    "texts": lambda *given: ["1", "2"],
    "bytes": lambda *given: b"1",
    "ragged": lambda *given: [[1], [2, 3]],
    "ragged pair": lambda *given: ([[1], [2, 3]], 1),
    "complex": lambda *given: 1j,
    "NaN": lambda *given: np.nan,
    "NaN everywhere": lambda first, *given: first * np.nan,
    "infinite": lambda first, *given: first + np.inf,
    "largest": lambda first, *given: np.sign(first) * 1.7e308,
    "long int": lambda *given: 10**400,
    "objects": lambda *given: [Decimal(1), None],
    "dict": lambda *given: {0: 1},
    "generator": lambda *given: (i for i in range(3)),
    "function": lambda *given: np.sum,
    "class": lambda *given: int,
    "huge": lambda *given: np.broadcast_to(1.0, (10**6, 10**6)),
    "huge pair": lambda *given: (np.broadcast_to(1.0, 10**12), np.broadcast_to(1j, 10**12)),
    "huge range": lambda *given: range(10**12),
    "too huge range": lambda *given: range(10**30),
    "empty": lambda *given: [],
    "empty tuple": lambda *given: (),
    "many axes": lambda *given: np.zeros((1,) * 20),
    "date": lambda *given: np.datetime64("2000-01-01"),
    "record": lambda *given: np.zeros(3, dtype="i4,f8"),
    "endless": lambda *given: endless(),
    "rude": lambda *given: Rude(),
    "rude list": lambda *given: [Rude(), Rude()],
    "raises": lambda *given: 1 / 0,
    "raises rudely": lambda *given: throw(RudeError()),
    "raises without words": lambda *given: throw(ValueError()),
    "recursion": lambda *given: HOSTILE["recursion"](*given),
    "out of memory": lambda *given: throw(MemoryError()),
    "too many arguments": lambda a, b, c, d, e, f: 0,
    "no arguments": lambda: 0,
    "built-in": max,
    "type": dict,
    "prints": lambda *given: print("looking for a slip") or 0,
    "smashes": smash,
    "given": lambda *given: given,
    "called already": 3,
    "rude itself": Rude(),
}


@pytest.mark.parametrize("checker", OF_FUNCTIONS)
def test_whoever_left_dots_is_not_done_yet(checker):
    states = {name: getattr(exercises, checker)(answer).state for name, answer in OPEN.items()}
    assert states == dict.fromkeys(OPEN, "open")


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("checker", OF_FUNCTIONS)
def test_checkers_never_raise(checker, answer):
    verdict = getattr(exercises, checker)(answer)
    assert verdict.state == "wrong"
    assert 10 < len(repr(verdict)) < 300
    assert "\n" not in verdict.message


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_stopping_is_not_an_answer(stop):
    with pytest.raises(stop):
        exercises.check_decode(lambda vectors: throw(stop()))


@pytest.mark.parametrize("sentences", [None, ..., [], [...], (), [""], ["", " ?! "]], ids=repr)
def test_sentences_are_still_to_come(sentences):
    assert exercises.check_new_company(sentences).state == "open"


@pytest.mark.parametrize(
    "sentences",
    [
        np.array(["dog love"]),
        np.array([]),
        {"dog love"},
        [None],
        [b"dog"],
        Rude(),
        [Rude()],
        len,
        ["\ud800 dog"],
    ],
    ids=lambda sentences: type(sentences).__name__,
)
def test_sentences_that_are_none(sentences):
    assert exercises.check_new_company(sentences).state == "wrong"
