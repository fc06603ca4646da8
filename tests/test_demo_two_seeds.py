"""Two seeds: scores against their definitions, when they must agree and when not, the view in every state."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import idle, look, pictures, places, play, read, touch
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import pdist
from scipy.stats import pearsonr, spearmanr

from helpers.corpora import small_world
from helpers.demos import base, two_seeds
from helpers.demos.svg import number
from helpers.demos.two_seeds_model import (
    HOLD,
    LEARNING_RATE,
    MEASURES,
    SEEDS,
    SHUFFLES,
    TURN,
    TwoSeedsModel,
    turned,
)
from helpers.geometry import nearest_neighbors, null_distribution
from helpers.pairs import count_matrix
from helpers.skipgram import conditional_entropy, train
from helpers.text import Vocabulary

SCALES, DIMS, STEPS, PRICES = (
    list(setting.options.values())
    for setting in (
        TwoSeedsModel.init_scale,
        TwoSeedsModel.dim,
        TwoSeedsModel.steps,
        TwoSeedsModel.weight_decay,
    )
)
COORDINATES, RANKS, NEIGHBORS, CKA, RESIDUAL = MEASURES


@pytest.fixture
def model():
    return TwoSeedsModel()


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    return two_seeds()


# --- model --------------------------------------------------------------------------------------------


def test_both_tables_are_those_of_helpers(model):
    model.set(seed_a=3, seed_b=7, init_scale=0.5, dim=5, steps=30, weight_decay=0.001)
    sentences = small_world(np.random.default_rng(0), sentences=2000)
    vocabulary = Vocabulary.from_sentences(sentences)
    assert model.words == vocabulary.words
    counts = count_matrix([vocabulary.encode(sentence) for sentence in sentences], 2, len(vocabulary))
    for seed, table, excess in ((3, model.A, model.excess[0]), (7, model.B, model.excess[1])):
        draw = np.random.default_rng(seed)
        run = train(
            counts,
            dim=5,
            rng=draw,
            epochs=30,
            learning_rate=LEARNING_RATE,
            init_scale=0.5,
            optimizer="momentum",
            weight_decay=0.001,
        )
        np.testing.assert_array_equal(table, run.embeddings.W)
        assert excess == run.losses[-1] - conditional_entropy(counts)


def near(table, i, k=5):
    cosines = table @ table[i] / np.linalg.norm(table, axis=1)
    cosines[i] = -np.inf
    return set(np.argsort(cosines)[-k:].tolist())


@pytest.mark.parametrize("settings", [{}, {"dim": 3, "steps": 30}, {"init_scale": 2.0, "seed_a": 9}])
def test_scores_are_what_their_names_say(model, settings):
    model.set(**settings)
    A, B, scores = model.A, model.B, model.scores
    assert scores[COORDINATES] == pytest.approx(pearsonr(A.ravel(), B.ravel()).statistic)
    assert scores[RANKS] == pytest.approx(spearmanr(pdist(A, "cosine"), pdist(B, "cosine")).statistic)
    shared = np.array([len(near(A, i) & near(B, i)) for i in range(len(A))])
    assert scores[NEIGHBORS] == pytest.approx(np.mean(shared / (10 - shared)))
    a, b = (X - X.mean(axis=0) for X in (A, B))
    sizes = np.linalg.norm(a @ a.T), np.linalg.norm(b @ b.T)
    assert scores[CKA] == pytest.approx(np.vdot(a @ a.T, b @ b.T) / np.prod(sizes))
    Q, _ = orthogonal_procrustes(A, B)
    assert np.linalg.norm(A @ Q - B) / np.linalg.norm(B) < scores[RESIDUAL] < 2


@pytest.mark.parametrize("seeds", [(0, 1), (2, 3), (11, 19), (5, 17)])
def test_coordinates_disagree_and_geometry_agrees_from_a_small_start(model, seeds):
    model.set(seed_a=seeds[0], seed_b=seeds[1])
    assert abs(model.scores[COORDINATES]) < 0.3
    for name in (RANKS, NEIGHBORS, CKA):
        assert model.scores[name] > 0.75
        assert model.scores[name] > model.chance[name].max() + 0.5
    assert model.scores[RESIDUAL] < 0.7 < 1.1 < model.chance[RESIDUAL].min()
    assert max(model.excess) < 0.02


def agreement(model, **settings):
    """Return the median over five pairs of seeds, by RSA."""
    scores = []
    for seed in range(0, 10, 2):
        model.set(seed_a=seed, seed_b=seed + 1, **settings)
        scores.append(model.scores[RANKS])
    return np.median(scores)


@pytest.mark.slow
def test_geometry_is_lost_from_a_large_start_and_found_again_where_length_has_a_price(model):
    survived = [agreement(model, init_scale=scale) for scale in (0.1, 0.5, 1.0, 2.0)]
    assert (np.diff(survived) < -0.04).all()
    assert survived[-1] < 0.5
    assert max(model.excess) < 0.02  # and yet the corpus was learned
    cured = [agreement(model, weight_decay=price) for price in PRICES]
    assert (np.diff(cured) > 0.03).all()
    assert cured[-1] > 0.97


@pytest.mark.slow
def test_geometry_takes_time_and_room(model):
    grown = [agreement(model, steps=steps) for steps in (0, 15, 30, 60)]
    assert abs(grown[0]) < 0.1
    assert (np.diff(grown) > 0.1).all()
    model.reset()
    assert agreement(model, dim=20) > agreement(model, dim=5) + 0.1


def orthogonal(dim, seed, sign):
    """Return a random orthogonal matrix whose determinant is 1 or −1."""
    Q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(dim, dim)))
    Q[:, 0] *= sign * np.linalg.det(Q)
    return Q


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("dim", [2, 3, 5, 10, 20])
def test_b_turns_onto_a_and_keeps_all_distances_on_the_way(dim, sign):
    for seed in range(20):
        B, Q = np.random.default_rng(seed).normal(size=(30, dim)), orthogonal(dim, seed + 100, sign)
        shares = np.linspace(0, 1, 11)
        way = [turned(B, Q, share) for share in shares]
        beside = np.zeros((30, 1))
        np.testing.assert_allclose(way[0], np.hstack((B, beside)), atol=1e-9)
        np.testing.assert_allclose(way[-1], np.hstack((B @ Q, beside)), atol=1e-9)
        for share, frame in zip(shares, way, strict=True):
            np.testing.assert_allclose(pdist(frame), pdist(B), atol=1e-9)
            np.testing.assert_allclose(np.linalg.norm(frame, axis=1), np.linalg.norm(B, axis=1))
            assert (np.abs(frame[:, -1]).max() > 1e-3) == (sign < 0 and 0 < share < 1)


def test_a_share_of_a_turn_by_an_angle_is_a_turn_by_that_share_of_it():
    for angle in (0.3, -2.0, 3.0):
        for share in (0.25, 0.5, 0.9):
            (c, s), (part_c, part_s) = ((np.cos(t), np.sin(t)) for t in (angle, share * angle))
            B = np.array([[1.0, 0.0], [0.0, 1.0]])
            found = turned(B, np.array([[c, s], [-s, c]]), share)
            np.testing.assert_allclose(found, [[part_c, part_s, 0], [-part_s, part_c, 0]], atol=1e-12)
    folded = turned(np.array([[1.0, 2.0]]), np.diag([1.0, -1.0]), 1 / 3)  # a third of a half turn: 60°
    np.testing.assert_allclose(np.abs(folded), [[1, 1, np.sqrt(3)]], atol=1e-12)


@pytest.mark.parametrize("settings", [{}, {"dim": 2}, {"dim": 3, "seed_b": 2}, {"seed_b": 0}])
def test_the_way_leads_from_b_to_the_best_fit_onto_a(model, settings):
    model.set(**settings)
    best, _ = orthogonal_procrustes(model.B, model.A)
    np.testing.assert_allclose(model.B_now, model.B, atol=1e-9)
    assert model.correlation == pytest.approx(model.scores[COORDINATES])
    assert model.mirrored == (np.linalg.slogdet(best)[0] < 0)
    model.set(turned=100)
    np.testing.assert_allclose(model.B_now, model.B @ best, atol=1e-9)
    coordinates = pearsonr(model.A.ravel(), (model.B @ best).ravel()).statistic
    assert model.correlation == pytest.approx(coordinates)
    np.testing.assert_allclose(pdist(model.B_now), pdist(model.B))


def test_neighbors_of_a_word_in_both_tables(model):
    model.set(steps=15)  # too few to agree
    for word in ("car", "bread", "the"):
        model.set(word=word)
        i = model.words.index(word)
        both = [{model.words[j] for j in nearest_neighbors(X, i, 5)[0]} for X in (model.A, model.B)]
        assert [set(dict(model.neighbors(X))) for X in (model.A, model.B)] == both
        assert model.shared == both[0] & both[1] != both[0]


def test_a_seed_agrees_with_itself_in_everything(model):
    model.set(seed_b=0, turned=100)
    assert [*model.scores.values()] == pytest.approx([1, 1, 1, 1, 0], abs=1e-12)
    np.testing.assert_allclose(model.map_a, model.map_b, atol=1e-9)


@pytest.mark.parametrize("settings", [{}, {"dim": 2}, {"init_scale": 1.0}, {"steps": 0}])
def test_the_map_is_a_view_of_both_tables_rotated_onto_each_other(model, settings):
    model.set(seed_a=4, turned=100, **settings)
    R, _ = orthogonal_procrustes(model.B, model.A)
    both = np.vstack((model.A, model.B @ R))
    both -= both.mean(axis=0)
    shown = np.vstack((model.map_a, model.map_b))
    variances = np.linalg.eigvalsh(both.T @ both)[::-1][:2]
    np.testing.assert_allclose(np.linalg.eigvalsh(shown.T @ shown)[::-1], variances)
    seen, _, _, _ = np.linalg.lstsq(both, shown, rcond=None)  # a view is a projection, the same for all words
    np.testing.assert_allclose(both @ seen, shown, atol=1e-9)


def test_the_map_has_the_same_side_up_for_all_seeds_whatever_came_before(model):
    rows = [model.words.index(word) for word in ("car", "dog", "bread")]
    for seed in range(SEEDS):
        model.set(seed_a=seed, seed_b=(seed + 1) % SEEDS)
        car, dog, bread = model.map_a[rows]
        assert car[1] > dog[1]
        assert bread[0] > max(car[0], dog[0])
    last = model.map_a
    model.reset()
    model.set(seed_a=SEEDS - 1, seed_b=0)
    np.testing.assert_array_equal(model.map_a, last)


@pytest.mark.parametrize("settings", [{}, {"init_scale": 1.0}, {"steps": 30}])
def test_chance_is_that_of_shuffled_words(model, settings):
    model.set(seed_a=5, seed_b=12)
    model.set(seed_b=3, **settings)
    for name, measure in MEASURES.items():
        draws = null_distribution(measure, model.A, model.B, np.random.default_rng(0))
        np.testing.assert_array_equal(model.chance[name], draws[:SHUFFLES])


@pytest.mark.slow
def test_no_setting_runs_away(model):
    for scale in (SCALES[0], SCALES[-1]):
        for dim in DIMS:
            model.set(init_scale=scale, dim=dim, steps=STEPS[-1], weight_decay=0)
            assert max(model.excess) < 0.7
            model.set(weight_decay=PRICES[-1])
            assert max(model.excess) < 1


# --- view ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"init_scale": 2.0, "seed_a": 12}, {"dim": 2}, {"steps": 0}])
def test_the_picture_says_what_the_model_knows(demo, settings):
    demo.model.set(**settings)
    demo.refresh()
    model, words = demo.model, look(demo)
    for name, score in model.scores.items():
        assert f"{name} {number(score)} chance {number(model.chance[name].mean())}" in words
        assert number(score) in model.summary()
    assert f"a: seed {model.seed_a} " in words
    assert f"b: seed {model.seed_b}, as trained" in words
    assert f"a {number(model.excess[0], 3)}, b {number(model.excess[1], 3)}" in words
    assert f"in b: {len(model.shared)} of 5 are the same" in words
    assert ("b is mirrored once" in words) == model.mirrored
    for word, cosine in (*model.neighbors(model.A), *model.neighbors(model.B)):
        assert f"{'=' if word in model.shared else '≠'} {word} {number(cosine)}" in words
    demo.model.set(turned=100)
    demo.refresh()
    assert f"{number(model.correlation)} {number(model.scores[RANKS])}" in look(demo)


def ends_of_lines(demo):
    """Return both ends of the line of each word, on the map of b."""
    (path,) = [
        shape.get("d")
        for shape in ElementTree.fromstring(demo.draw()).iter()
        if shape.get("d", "").count("M") == shape.get("d", "").count("L") == len(demo.model.words)
    ]
    return np.array(re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", path), dtype=float)


def test_lines_lead_from_word_to_word_and_grow_short(demo):
    before = ends_of_lines(demo)
    demo.model.set(turned=100)
    after = ends_of_lines(demo)
    np.testing.assert_array_equal(before[:, 2:], after[:, 2:])  # a does not move
    long, short = (np.median(np.hypot(*(ends[:, :2] - ends[:, 2:]).T)) for ends in (before, after))
    assert long > 4 * short


@pytest.mark.parametrize("word", ["car", "dog", "is", "elephant"])
def test_while_b_turns_the_name_of_the_word_stays_right_above_its_point(demo, word):
    for share in range(4, 100, 4):
        demo.model.set(word=word, turned=share)
        x, y = ends_of_lines(demo)[demo.model.words.index(word)][:2]
        inside = [t for t in shapes_in_b(demo) if t.tag.endswith("}text")]
        assert [t.text for t in inside] == [word]
        assert float(inside[0].get("y")) == pytest.approx(y - 12, abs=1)  # lines end on whole pixels
        reach = 4.5 * len(word)  # the name may step aside at the border only
        assert abs(float(inside[0].get("x")) - x) <= (1 if 312 + reach < x < 590 - reach else reach)


def shapes_in_b(demo):
    """Return all that can be touched in the map of b."""
    groups = ElementTree.fromstring(demo.draw()).iter("{http://www.w3.org/2000/svg}g")
    (group,) = [group for group in groups if group.get("data-key") == "b"]
    return group.iter()


def test_touching_a_word_in_either_map_chooses_it(demo):
    for key, word, shift in (("a", "bread", 296), ("b", "dog", 0)):
        (x, y) = ends_of_lines(demo)[demo.model.words.index(word)][[2, 3] if key == "a" else [0, 1]]
        touch(demo, key, x - shift, y)
        assert demo.model.word == demo.controls["word"].value == word
        assert f"nearest to {word} in a" in look(demo)
        touch(demo, key, 20 + 296 * (key == "b"), 40)  # nothing is there
        assert demo.model.word == word


def test_turning_ends_at_the_end_and_begins_again(demo):
    seen = []
    demo._sheet.observe(lambda _: seen.append(demo.model.turned), "value")
    for first in (TURN, 0):
        seen.clear()
        play(demo, demo.buttons["Rotate b onto a"].click)
        assert sorted(set(seen)) == list(range(first, 101, TURN))
        assert demo.model.turned == demo.controls["turned"].value == 100
        look(demo)


def test_corners_of_all_controls_together(demo):
    ends = {name: (places(control)[0], places(control)[-1]) for name, control in demo.controls.items()}
    draw = np.random.default_rng(0)
    for _ in range(12):
        demo.model.set(**{name: both[draw.integers(2)] for name, both in ends.items()})
        demo.refresh()
        look(demo)


@pytest.mark.slow
def test_running_through_the_seeds_shows_each_and_ends_where_it_began(demo):
    shown = []
    demo._sheet.observe(lambda change: shown.append(demo.model.seed_b), "value")
    play(demo, demo.buttons["Run b through the seeds"].click)
    assert sorted(set(shown)) == list(range(SEEDS))
    assert demo.model.seed_b == 1
    assert demo.stop_button.disabled
    look(demo)


def test_stop_press_again_and_turn_a_control_on_the_way(demo):
    frames = demo.model.through_the_seeds()
    assert [next(frames) for _ in range(HOLD + 1)] == [2] * HOLD + [3]
    demo.model.set(seed_b=10)
    assert [next(frames) for _ in range(HOLD)][-1] == 11  # from where the reader put it
    press = demo.buttons["Run b through the seeds"].click
    play(demo, press, pictures(demo, 2), press, pictures(demo, 2), demo.stop_button.click)
    stopped = demo.model.seed_b
    assert stopped != 11
    play(demo, idle)
    assert demo.model.seed_b == stopped
    play(demo, press, pictures(demo, 2), demo.buttons["Reset"].click, idle)
    assert (demo.model.seed_a, demo.model.seed_b) == (0, 1)
    look(demo)


def test_the_still_picture_shows_b_on_a(demo):
    before, words = demo.draw(), read(demo.still())[1]
    assert "rotated onto a" in words
    assert "0 is best" in words
    assert "as trained" in read(before)[1]
    assert demo.draw() == before
