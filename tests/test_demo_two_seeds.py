"""Two seeds: scores against their definitions, when they must agree and when not, the view in every state."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import idle, look, pictures, places, play, read
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import pdist
from scipy.stats import pearsonr, spearmanr

from helpers.corpora import small_world
from helpers.demos import base, two_seeds
from helpers.demos.svg import number
from helpers.demos.two_seeds import (
    HOLD,
    LEARNING_RATE,
    MEASURES,
    SEEDS,
    SHUFFLES,
    TwoSeedsModel,
)
from helpers.geometry import null_distribution
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


def test_a_seed_agrees_with_itself_in_everything(model):
    model.set(seed_b=0)
    assert [*model.scores.values()] == pytest.approx([1, 1, 1, 1, 0], abs=1e-12)
    np.testing.assert_allclose(model.map_a, model.map_b, atol=1e-9)


@pytest.mark.parametrize("settings", [{}, {"dim": 2}, {"init_scale": 1.0}, {"steps": 0}])
def test_the_map_is_a_view_of_both_tables_rotated_onto_each_other(model, settings):
    model.set(seed_a=4, **settings)
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
    assert f"a: seed {model.seed_a} b: seed {model.seed_b}" in words
    assert f"a: {number(model.excess[0], 3)} b: {number(model.excess[1], 3)}" in words
    assert "momentum" in words


def test_lines_lead_from_word_to_word(demo):
    lines = [
        shape.get("d")
        for shape in ElementTree.fromstring(demo.draw()).iter()
        if shape.get("d", "").count("M") == shape.get("d", "").count("L") == len(demo.model.words)
    ]
    assert len(lines) == 2  # one map of raw coordinates, one after the rotation
    raw, rotated = (
        np.array(re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", path), dtype=float) for path in lines
    )
    lengths = [np.median(np.hypot(*(ends[:, :2] - ends[:, 2:]).T)) for ends in (raw, rotated)]
    assert lengths[0] > 4 * lengths[1]


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


def test_the_still_picture_is_the_first_one(demo):
    assert demo.still() == demo.draw()
    assert "0 is best" in read(demo.still())[1]
