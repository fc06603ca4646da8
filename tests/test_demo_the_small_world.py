"""The small world: read-outs against brute force, a map that never flips, the view through every control."""

from itertools import combinations, pairwise, product
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, idle, look, play, read, touch, when

from helpers.corpora import SMALL_WORLD_CLASSES, small_world, word_class
from helpers.demos import base, the_small_world
from helpers.demos.labels import beside
from helpers.demos.layout import Frame
from helpers.demos.svg import number
from helpers.demos.the_small_world import LEARNING_RATE, NEIGHBORS, NOUNS, TheSmallWorldModel
from helpers.geometry import cosine_similarity, nearest_neighbors, principal_coordinates
from helpers.pairs import pair_count
from helpers.palette import INK
from helpers.skipgram import train

EPOCHS = TheSmallWorldModel.course
SCALES = TheSmallWorldModel.init_scale.options.values()


@pytest.fixture
def model():
    return TheSmallWorldModel()


@pytest.fixture(scope="module")
def trained():
    model = TheSmallWorldModel()
    model.train(EPOCHS)
    return model


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    return the_small_world()


# --- model --------------------------------------------------------------------------------------------


def test_training_is_that_of_helpers(model):
    run = train(
        model.counts,
        dim=20,
        rng=np.random.default_rng(0),
        epochs=45,
        learning_rate=LEARNING_RATE,
        optimizer="momentum",
    )
    for _ in model.frames(45):
        pass
    np.testing.assert_array_equal(model.embeddings.W, run.embeddings.W)
    assert model.loss == run.losses[-1]


@pytest.mark.parametrize(
    "settings", [{}, {"dim": 2}, {"init_scale": 1.0, "dim": 30}, {"window": 5, "dim": 3}]
)
@pytest.mark.parametrize("epochs", [0, 25])
def test_read_outs_are_what_a_loop_over_words_finds(model, settings, epochs):
    model.set(**settings)
    model.train(epochs)
    W, words = model.embeddings.W, model.words
    social = [i for i, word in enumerate(words) if word_class(word)]
    nearest = {i: nearest_neighbors(W, i, 1)[0][0] for i in social}
    hits = [word_class(words[nearest[i]]) == word_class(words[i]) for i in social]
    assert model.in_class == pytest.approx(np.mean(hits))
    together = [
        cosine_similarity(W[i], W[j])
        for i, j in product(social, social)
        if i != j and word_class(words[i]) == word_class(words[j])
    ]
    assert model.within == pytest.approx(np.mean(together))
    spread = np.linalg.eigvalsh(np.cov(W.T))
    assert model.shown == pytest.approx(spread[-2:].sum() / spread.sum())


def test_after_training_neighbors_are_of_one_class(trained):
    assert trained.in_class == 1
    assert trained.within > 0.9
    assert 0 < trained.loss - trained.floor < 0.01
    for word in ("car", "bread", "eats", "fast"):
        mates = trained.mates(word)
        trained.set(word=word)
        assert {name for name, _ in trained.neighbors[: len(mates)]} == set(mates)
    assert set(trained.gathered) == set(NOUNS)


def test_a_large_start_learns_the_corpus_as_well_and_gathers_less(trained):
    large = TheSmallWorldModel()
    large.set(init_scale=1.0)
    large.train(EPOCHS)
    assert large.loss - large.floor < 0.01
    assert large.within < trained.within - 0.2
    assert len(large.gathered) < len(trained.gathered)


def test_a_plane_has_too_little_room(trained):
    flat = TheSmallWorldModel()
    flat.set(dim=2)
    flat.train(EPOCHS)
    assert flat.loss > trained.loss + 0.2
    assert flat.in_class < trained.in_class
    assert flat.shown == pytest.approx(1)


@pytest.mark.slow
@pytest.mark.parametrize("window", [1, 5])
@pytest.mark.parametrize("dim", [2, 30])
@pytest.mark.parametrize("scale", SCALES)
def test_no_setting_runs_away(model, window, dim, scale):
    model.set(window=window, dim=dim, init_scale=scale)
    first = model.loss
    for _ in range(2):
        for _ in model.frames():
            pass
    assert (model.epoch, model.ran_away) == (2 * EPOCHS, False)
    assert model.floor < model.loss < first - 0.3


def test_the_map_is_the_pca_map_turned(model):
    for _ in model.frames(30):
        flat = principal_coordinates(model.embeddings.W)
        np.testing.assert_allclose(model.points @ model.points.T, flat @ flat.T, atol=1e-10)
        assert np.abs(model.points).max() <= model.reach


@pytest.mark.parametrize("settings", [{}, {"dim": 3}, {"init_scale": 1.0}])
def test_the_map_is_never_mirrored_from_one_frame_to_the_next(model, settings):
    model.set(**settings)
    maps = [model.points.copy()]
    for _ in model.frames():
        maps.append(model.points.copy())
    for before, now in pairwise(maps):
        for flip in ([-1, 1], [1, -1], [-1, -1]):
            assert np.linalg.norm(now - before) <= np.linalg.norm(now * flip - before) + 1e-9


@pytest.mark.parametrize("window", range(1, 6))
def test_the_window_decides_which_pairs_are_counted(model, window):
    model.set(window=window)
    sentences = small_world(np.random.default_rng(0), 2000)
    assert model.counts.sum() == sum(pair_count(len(sentence), window) for sentence in sentences)
    car, wild = model.index["car"], model.index["wild"]
    assert model.counts[car, wild] == 0  # a car is never wild in this world


def test_classes_are_those_of_the_grammar(model):
    for words in SMALL_WORLD_CLASSES.values():
        for word in words:
            assert sorted(model.mates(word)) == sorted(set(words) - {word})
    assert model.mates("the") == []


def test_class_names_appear_when_their_words_have_gathered(model):
    assert model.gathered == {}
    for _ in model.frames():
        for kind, middle in model.gathered.items():
            rows = [model.index[word] for word in SMALL_WORLD_CLASSES[kind]]
            pairs = [cosine_similarity(*model.embeddings.W[[i, j]]) for i, j in pairwise(rows)]
            assert min(pairs) > 0.8
            np.testing.assert_allclose(middle, model.points[rows].mean(axis=0))


def test_training_has_a_goal_and_goes_on_to_the_next(model):
    assert model.goal == EPOCHS
    frames = model.frames()
    for _ in range(40):
        next(frames)
    assert 0 < model.epoch < EPOCHS
    assert list(model.frames())[-1] == EPOCHS  # a stopped training is finished by the next one
    assert model.goal == EPOCHS
    model.train(1)
    assert model.goal == 2 * EPOCHS
    assert list(model.frames())[-1] == 2 * EPOCHS


def test_only_what_changes_the_start_starts_over(model):
    model.train(10)
    model.set(word="dog", dim=model.dim, window=model.window)
    assert model.epoch == 10
    for change in ({"dim": 5}, {"init_scale": 0.3}, {"window": 1}):
        model.train(10)
        model.set(**change)
        assert model.epoch == 0
    assert (model.word, model.embeddings.W.shape) == ("dog", (53, 5))
    model.start_over()
    assert (model.dim, model.init_scale, model.window, model.word) == (5, 0.3, 1, "dog")
    model.reset()
    assert (model.dim, model.init_scale, model.window, model.word) == (20, 0.1, 2, "car")


# --- view ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epochs", [0, 40, EPOCHS])
def test_the_picture_says_what_the_model_knows(demo, epochs):
    demo.model.train(epochs)
    demo.refresh()
    model, words = demo.model, look(demo)
    assert f"epoch {epochs} of 300" in words
    assert f"loss {model.loss:.3f}" in words
    assert f"floor {model.floor:.3f}" in words
    assert f"{model.in_class:.0%} of the words" in words
    assert f"within a class: {number(model.within)}" in words
    assert f"{model.shown:.0%} of their spread" in words
    for name, cosine in model.neighbors:
        assert name in words
        assert number(cosine) in words
    assert f"{model.in_class:.0%} of the words" in model.summary()


@pytest.mark.slow
@pytest.mark.parametrize("epochs", [0, EPOCHS])
def test_every_control_through_its_range(demo, epochs):
    demo.model.train(epochs)
    demo.refresh()
    words = set()
    for name, value in all_corners(demo):
        look(demo)
        if name == "word":
            words.add(value)
            assert f"cosine with {value} ({word_class(value) or 'function word'})" in demo.draw()
    assert len(words) == 53


@pytest.mark.parametrize("word", ["car", "elephant", "the", "fast"])
def test_names_on_the_map_lie_inside_it_and_not_on_each_other(trained, word):
    trained.set(word=word)
    frame = Frame.square(20, 36, 420, 362, 1.1 * trained.reach)
    names = [word, *(name for name, _ in trained.neighbors)]
    places = [frame.at(*trained.points[trained.index[name]]) for name in names]
    written = ElementTree.fromstring(f"<g>{beside(frame, places, names, [INK] * len(names))}</g>").iter(
        "text"
    )
    boxes = []
    for text in written:
        x, y, wide = float(text.get("x")), float(text.get("y")), 7.5 * len(text.text)
        left = x - wide if text.get("text-anchor") == "end" else x
        boxes.append((left, y - 9, left + wide, y + 2))
    assert len(boxes) == len(names)
    for left, top, right, bottom in boxes:
        assert frame.x <= left < right <= frame.x + frame.width
        assert frame.y <= top < bottom <= frame.y + frame.height
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def shapes(demo, tag):
    return list(ElementTree.fromstring(demo.draw()).iter(f"{{http://www.w3.org/2000/svg}}{tag}"))


@pytest.mark.parametrize("epochs", [0, EPOCHS])
def test_every_word_says_its_name_under_the_mouse_and_only_some_are_written(demo, epochs):
    demo.model.train(epochs)
    demo.refresh()
    told = {circle[0].text for circle in shapes(demo, "circle") if len(circle)}
    others = set(demo.model.words) - {"car"}  # which is written in any case
    assert told >= {f"{word}, {word_class(word) or 'function word'}" for word in others}
    written = [t.text for t in shapes(demo, "text") if float(t.get("x")) < 440]
    assert "car" in written
    assert len(set(written) & set(demo.model.words)) <= 1 + NEIGHBORS


def test_a_word_of_the_list_is_tied_to_its_dot_and_can_be_touched(demo):
    demo.model.train(EPOCHS)
    demo.refresh()
    groups = [g for g in shapes(demo, "g") if g.get("data-with")]
    for name, cosine in demo.model.neighbors:
        tied = [part for group in groups if group.get("data-with") == name for part in group]
        dot = next(part for part in tied if part.tag.endswith("}circle"))
        assert dot[0].text.startswith(f"{name}, ")
        assert {name, number(cosine)} <= {part.text for part in tied}
    name = demo.model.neighbors[2][0]
    touch(demo, "line2", 500, 180)
    assert demo.controls["word"].value == demo.model.word == name
    assert f"cosine with {name}" in look(demo)


def test_rings_are_around_the_mates_that_are_not_yet_neighbors(demo):
    for epochs, word in ((0, "car"), (0, "dog"), (EPOCHS, "car"), (0, "the")):
        demo.model.train(epochs)
        demo.model.set(word=word)
        demo.refresh()
        near = {name for name, _ in demo.model.neighbors}
        mates = {
            other for other in demo.model.words if word_class(other) and word_class(other) == word_class(word)
        }
        rings = [c for c in shapes(demo, "circle") if c.get("r") == "7.5"]
        assert len(rings) == len(mates - near - {word}) + 1  # one in the legend


def test_the_still_picture_shows_the_trained_world(demo):
    before = demo.draw()
    _, words = read(demo.still())
    assert "epoch 300 of 300" in words
    assert demo.draw() == before


def test_training_shows_many_frames_and_ends_by_itself(demo):
    pictures = []
    demo._sheet.observe(lambda change: pictures.append(change["new"]), "value")
    play(demo, demo.buttons["Train"].click)
    assert len(set(pictures)) > 60
    assert demo.model.epoch == EPOCHS
    assert demo.stop_button.disabled
    look(demo)


def test_stop_pick_a_word_and_go_on(demo):
    when(demo, 5, lambda: setattr(demo.controls["word"], "value", "teacher"))
    when(demo, 20, demo.stop_button.click)
    play(demo, demo.buttons["Train"].click)
    play(demo, idle)
    assert demo.model.epoch in (20, 21)
    assert "cosine with teacher" in look(demo)
    demo.buttons["Train"].click()  # where no page listens, it runs through at once
    assert demo.model.epoch == EPOCHS
    look(demo)


def test_each_press_of_train_counts(demo):
    press = demo.buttons["Train"].click
    when(demo, 5, press)
    play(demo, press)
    assert demo.model.epoch == 2 * EPOCHS
    look(demo)


@pytest.mark.parametrize(("control", "value"), [("dim", 2), ("init_scale", 1.0), ("window", 5)])
def test_another_setting_ends_the_training(demo, control, value):
    when(demo, 5, lambda: setattr(demo.controls[control], "value", value))
    play(demo, demo.buttons["Train"].click)
    assert demo.model.epoch == 0
    assert demo.stop_button.disabled
    assert "epoch 0 of 300" in look(demo)


def test_numbers_that_ran_away_are_told_calmly(demo):
    demo.model.set_rate(1e6)
    demo.buttons["Train"].click()
    assert demo.model.ran_away
    look(demo)
    demo.buttons["Reset"].click()
    assert not demo.model.ran_away
    look(demo)
