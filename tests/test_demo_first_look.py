"""A first look: the words gather in three groups, and the picture says no more than what is so."""

from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, idle, look, play, read, touch, when

from helpers.corpora import SMALL_WORLD_CLASSES, word_class
from helpers.demos import base, first_look
from helpers.demos.first_look import ABOUT, NEIGHBORS, FirstLookModel, plane
from helpers.demos.the_small_world import TheSmallWorldModel
from helpers.geometry import cosine_similarity, principal_coordinates

BUTTON = "Read 2,000 sentences"
JARGON = ("RSA", "CKA", "nat", "loss", "momentum", "init", "scale", "epoch", "cosine", "PCA", "seed", "train")
GROUP = {
    "vehicle": "vehicle",
    "animal": "animal",
    "food": "meal",
    "person": "meal",
}  # people eat, food is eaten


@pytest.fixture
def model():
    return FirstLookModel()


@pytest.fixture(scope="module")
def trained():
    model = FirstLookModel()
    model.train(model.goal)
    return model


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    return first_look()


# --- model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epochs", [0, 30])
def test_it_is_the_small_world_as_that_demo_begins(model, epochs):
    other = TheSmallWorldModel()
    for each in (model, other):
        each.train(epochs)
    np.testing.assert_array_equal(model.embeddings.W, other.embeddings.W)
    assert model.neighbors == other.neighbors[:NEIGHBORS]


def groups(model):
    """Return the words of each of the three groups, by their places in the vocabulary."""
    of = {word: GROUP[kind.split()[0]] for kind, words in SMALL_WORLD_CLASSES.items() for word in words}
    return {name: [model.index[word] for word in of if of[word] == name] for name in set(of.values())}


def test_the_map_falls_into_three_groups(model, trained):
    """Each word is nearer to the middle of its own group than to another; at the start that is chance."""

    def at_home(model):
        middles = {name: model.points[rows].mean(axis=0) for name, rows in groups(model).items()}
        homes = [
            min(middles, key=lambda name: np.linalg.norm(model.points[i] - middles[name])) == own
            for own, rows in groups(model).items()
            for i in rows
        ]
        return np.mean(homes)

    assert at_home(model) < 0.8
    assert at_home(trained) == 1


def test_the_map_is_a_shadow_of_all_numbers_and_shows_the_trained_words_widely(model, trained):
    np.testing.assert_allclose(plane().T @ plane(), np.eye(2), atol=1e-9)  # no stretching, no shearing
    for each in (model, trained):
        W = each.embeddings.W
        np.testing.assert_allclose(each.points, (W - W.mean(axis=0)) @ plane(), atol=1e-12)
    np.testing.assert_allclose(trained.points, principal_coordinates(trained.embeddings.W), atol=1e-9)


@pytest.mark.parametrize("epochs", [0, 8, 300])
def test_the_count_is_that_of_a_loop_over_the_words(model, epochs):
    model.train(epochs)
    W, found = dict(zip(model.words, model.embeddings.W, strict=True)), 0
    about = {word: kind.split()[0] for kind, words in SMALL_WORLD_CLASSES.items() for word in words}
    for word, kind in about.items():
        others = set(W) - {word}
        found += about.get(max(others, key=lambda other: cosine_similarity(W[word], W[other]))) == kind
    assert model.alike == found
    assert epochs < 300 or found == len(about) == 48


def test_what_is_nearest_is_nearest_in_all_numbers(trained):
    for word in ("car", "dog", "the", "eats"):
        trained.set(word=word)
        W = dict(zip(trained.words, trained.embeddings.W, strict=True))
        others = sorted(set(W) - {word}, key=lambda other: -cosine_similarity(W[word], W[other]))
        assert [name for name, _ in trained.neighbors] == others[:NEIGHBORS]
    trained.set(word="car")
    assert {name for name, _ in trained.neighbors[:5]} == set(SMALL_WORLD_CLASSES["vehicle"]) - {"car"}


def test_the_map_walks_and_does_not_leap(model):
    """From frame to frame no word goes farther than a small part of the map, and the map never shrinks."""
    before, reach = model.points, model.reach
    for _ in model.frames():
        assert np.linalg.norm(model.points - before, axis=1).max() < 0.15 * model.reach
        assert reach <= model.reach < 1.25 * reach
        before, reach = model.points, model.reach


def test_every_pass_reads_all_sentences(model):
    """2,000 sentences make the counts, and each step uses every one of the counts."""
    assert model.counts.sum() == sum(sum(min(2, k) for k in range(n)) * 2 for n in lengths())
    model.train(3)
    assert model.read == "read 3 times"


def lengths():
    from helpers.demos.small_world_text import text

    return [len(sentence) for sentence in text()[1]]


def test_another_word_does_not_start_over_and_reset_does(model):
    model.train(10)
    model.set(word="dog")
    assert model.epoch == 10
    model.reset()
    assert (model.epoch, model.word) == (0, "car")


# --- view ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epochs", [0, 1, 2, 26, 300])
def test_the_picture_says_what_is_so_and_no_jargon(demo, epochs):
    demo.model.train(epochs)
    demo.refresh()
    words = look(demo)
    said = {0: "not read yet", 1: "read once", 2: "read twice"}.get(epochs, f"read {epochs} times")
    assert f"2,000 sentences, {said}" in words
    assert f"nearest to “{demo.model.word}”" in words
    assert all(name in words for name, _ in demo.model.neighbors)
    assert all(name in words for name in ABOUT.values())
    assert f"{demo.model.alike} of 48 words have a word of their own color" in words
    told = words + demo.model.summary()
    told += "".join(control.tooltip + control.description for control in demo.controls.values())
    assert not [word for word in JARGON if word in told.replace("train", "", told.count("train"))]


@pytest.mark.slow
def test_most_words_are_named_before_they_gather_and_some_after(demo):
    assert sum(f" {word} " in f" {look(demo)} " for word in demo.model.words) > 35
    demo.buttons[BUTTON].click()
    assert sum(f" {word} " in f" {look(demo)} " for word in demo.model.words) > 15


def test_every_word_can_be_asked_for(demo):
    demo.model.train(300)
    demo.refresh()
    seen = [value for _, value in all_corners(demo) if look(demo)]
    assert sorted(seen) == sorted(demo.model.words)
    assert [word for word in seen if not word_class(word)] == seen[48:]  # those without a class come last


def test_the_button_shows_many_frames_and_ends_by_itself(demo):
    seen = []
    demo._sheet.observe(lambda change: seen.append(change["new"]), "value")
    play(demo, demo.buttons[BUTTON].click)
    assert len(set(seen)) > 60
    assert demo.model.epoch == demo.model.goal == 300
    assert demo.stop_button.disabled
    look(demo)


@pytest.mark.slow
def test_pick_a_word_while_it_reads_stop_and_go_on(demo):
    when(demo, 5, lambda: setattr(demo.controls["word"], "value", "dog"))
    when(demo, 20, demo.stop_button.click)
    play(demo, demo.buttons[BUTTON].click)
    play(demo, idle)
    assert demo.model.epoch in (20, 21)
    assert "nearest to “dog”" in look(demo)
    demo.buttons[BUTTON].click()
    assert demo.model.epoch == 300
    look(demo)


def test_every_word_says_its_name_under_the_mouse(demo):
    circles = ElementTree.fromstring(demo.draw()).iter("{http://www.w3.org/2000/svg}circle")
    assert sorted(c[0].text for c in circles if len(c)) == sorted(demo.model.words)


@pytest.mark.parametrize("epochs", [0, 300])
def test_a_word_of_the_list_is_tied_to_its_dot_and_can_be_touched(demo, epochs):
    demo.model.train(epochs)
    demo.refresh()
    groups = list(ElementTree.fromstring(demo.draw()).iter("{http://www.w3.org/2000/svg}g"))
    for name, _ in demo.model.neighbors:
        tied = [part for group in groups if group.get("data-with") == name for part in group]
        assert [part[0].text for part in tied if part.tag.endswith("}circle")] == [name]
        assert [part.text for part in tied if part.tag.endswith("}text")] == [name, name]  # map and list
    touch(demo, f"line{NEIGHBORS - 1}", 600, 200)
    assert demo.controls["word"].value == demo.model.word == name
    assert f"nearest to “{name}”" in look(demo)


def test_the_still_picture_shows_the_words_gathered(demo):
    before = demo.draw()
    assert "read 300 times" in read(demo.still())[1]
    assert demo.draw() == before
