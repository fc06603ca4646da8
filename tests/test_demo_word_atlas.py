"""Word atlas: the neighbors are those of the table, the map keeps what it says, mistakes get a sentence."""

import itertools
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import box_of, look, meet, read, touch
from scipy.optimize import brentq
from scipy.spatial.distance import cdist

from helpers.corpora import INSTALLED_CLASSES, SMALL_WORLD_CLASSES
from helpers.demos import svg, word_atlas
from helpers.demos import word_atlas_map as maps
from helpers.demos.word_atlas import class_marks
from helpers.demos.word_atlas_model import DRAWN, NEIGHBORS, WordAtlasModel, is_content, make_atlas
from helpers.gradcheck import numerical_gradient
from helpers.text import Vocabulary

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CLASSES = {"colors": ["xred", "xblue", "xgreen"], "days": ("monday", "sunday", "never seen")}


def names(count):
    """Return words that nobody would take for function words."""
    return [
        "q" + "".join(letters) for letters in itertools.islice(itertools.product(LETTERS, repeat=3), count)
    ]


def big(size=1000, dim=30, seed=0):
    """Return a vocabulary as of a real text, and vectors in some groups, with a common direction."""
    rng = np.random.default_rng(seed)
    special = ["the", "which", "don't", "1", "3.14", "x", "_", "xred", "xblue", "xgreen", "monday", "sunday"]
    words = [*special, *names(size - len(special))]
    counts = np.maximum((20_000 / np.arange(1, size + 1)).astype(int), 5)
    counts[words.index("sunday")] = 6
    order = rng.permutation(size)
    middles = rng.normal(size=(25, dim))
    W = middles[rng.integers(25, size=size)] + 0.4 * rng.normal(size=(size, dim)) + 1.0
    return Vocabulary([words[i] for i in order], counts[order]), W


@pytest.fixture(scope="module")
def table():
    return big()


@pytest.fixture(scope="module")
def atlas(table):
    return make_atlas(*table, CLASSES)


@pytest.fixture
def demo(table):
    return word_atlas(*table, CLASSES)


# --- Which words, and who is near whom ------------------------------------------------------------------


def test_the_neighbors_are_the_nearest_of_all_candidates_one_by_one(table, atlas):
    vocabulary, W = table
    classed = {word for words in CLASSES.values() for word in words}
    often = [i for i, word in enumerate(vocabulary.words) if vocabulary.counts[i] >= 50 or word in classed]
    assert sorted(atlas.candidates.tolist()) == often
    assert len(often) < len(vocabulary)
    for asked in (
        0,
        500,
        vocabulary.index["sunday"],
        vocabulary.index["xred"],
        int(vocabulary.counts.argmin()),
    ):
        cosines = {
            j: float(W[asked] @ W[j] / np.sqrt(W[asked] @ W[asked] * (W[j] @ W[j])))
            for j in often
            if j != asked
        }
        best = sorted(cosines, key=cosines.get, reverse=True)[:NEIGHBORS]
        assert [i for i, _ in atlas.nearest(asked)] == best
        np.testing.assert_allclose([c for _, c in atlas.nearest(asked)], [cosines[j] for j in best])


def test_the_map_has_the_words_of_classes_and_the_most_frequent_content_words(table, atlas):
    vocabulary, _ = table
    words = [vocabulary.words[i] for i in atlas.drawn]
    assert len(words) == DRAWN
    assert set(words[:5]) == {"xred", "xblue", "xgreen", "monday", "sunday"}
    plain = sorted(
        (w for w in vocabulary.words if w[0] == "q"), key=lambda w: -vocabulary.counts[vocabulary.index[w]]
    )
    assert words[5:] == plain[: DRAWN - 5]
    assert "On the map: 5 words of classes and the 195 most frequent others" in atlas.chosen
    assert f"all {len(atlas.candidates):,} words seen at least 50 times or in a class" in atlas.chosen
    plain_atlas = make_atlas(*table)
    assert "On the map: the 200 most frequent words without" in plain_atlas.chosen
    assert plain_atlas.chosen.endswith("words seen at least 50 times.")


def test_what_a_content_word_is():
    assert all(map(is_content, ["array", "up-to-date", "true", "käse", "猫们", "नमस्ते"]))
    assert not any(
        map(is_content, ["the", "which", "i", "x", "1", "1-d", "3.14", "don't", "__init__", "between"])
    )


def test_the_small_world_shows_all_its_words_and_classes():
    model = WordAtlasModel()
    atlas = model.atlas
    assert len(atlas.drawn) == len(atlas.candidates) == len(atlas.vocabulary) == 53
    assert atlas.kinds == {word: name for name, words in SMALL_WORLD_CLASSES.items() for word in words}
    assert atlas.chosen == "On the map: all 53 words. In the list: all 53 words."
    assert {atlas.kinds[atlas.vocabulary.words[i]] for i, _ in model.neighbors[:5]} == {"food"}


def test_another_word_gives_every_word_its_turn(atlas):
    model = WordAtlasModel(atlas)
    model.set(word=names(900)[-1])  # not on the map
    seen = []
    for _ in range(DRAWN):
        model.another()
        seen.append(model.asked)
    assert sorted(seen) == sorted(atlas.drawn.tolist())
    model.another()
    assert model.asked == seen[0]


def test_suggestions_are_frequent_words_of_the_map_half_of_them_of_classes(atlas):
    suggested = atlas.suggestions
    assert len(suggested) == len(set(suggested)) == 8
    assert {atlas.vocabulary.index[word] for word in suggested} <= set(atlas.drawn.tolist())
    assert [atlas.kinds.get(word) for word in suggested][2:] == [None] * 6
    assert {atlas.kinds[word] for word in suggested[:2]} == {"colors", "days"}
    assert WordAtlasModel(atlas).word == suggested[0]


# --- The map ------------------------------------------------------------------------------------------


def groups(count, each, dim=20, seed=0, noise=0.2):
    rng = np.random.default_rng(seed)
    return np.repeat(rng.normal(size=(count, dim)), each, axis=0) + noise * rng.normal(
        size=(count * each, dim)
    )


def effective_neighbors(beta, squared):
    p = np.exp(-beta * (squared - squared.min()))
    p /= p.sum()
    return float(np.exp(-np.sum(p * np.log(np.maximum(p, 1e-300))))), p


def divergence_from(W, company=10):
    """Return KL(p ‖ q) as a function of the places, written down from the paper with a root finder for β."""
    unit = W / np.linalg.norm(W, axis=1, keepdims=True)
    p = np.zeros((len(W), len(W)))
    for i, row in enumerate(cdist(unit, unit, "sqeuclidean")):
        others = np.arange(len(W)) != i
        beta = brentq(lambda b, row=row[others]: effective_neighbors(b, row)[0] - company, 1e-3, 1e5)
        p[i, others] = effective_neighbors(beta, row[others])[1]
    p = (p + p.T) / (2 * len(W))

    def divergence(places):
        closeness = 1 / (1 + cdist(places, places, "sqeuclidean"))
        np.fill_diagonal(closeness, 0)
        q = closeness / closeness.sum()
        some = p > 0
        return float(np.sum(p[some] * np.log(p[some] / q[some])))

    return divergence


def test_the_map_ends_where_the_divergence_of_the_paper_has_no_slope(monkeypatch):
    monkeypatch.setattr(maps, "GAP", 0.0)
    monkeypatch.setattr(maps, "STEPS", 2000)
    W = groups(4, 10, noise=0.7)
    divergence, places = divergence_from(W), maps.neighbor_map(W)
    start = 0.01 * np.random.default_rng(0).normal(size=places.shape)
    slope = np.abs(numerical_gradient(divergence, places)).max()
    assert slope < 0.01 * np.abs(numerical_gradient(divergence, 0.5 * places)).max()
    assert divergence(places) < 0.5 * divergence(start)


def test_groups_stay_together_on_the_map_and_the_same_table_gives_the_same_map():
    W = groups(12, 10)
    places = maps.neighbor_map(W)
    distances = cdist(places, places)
    np.fill_diagonal(distances, np.inf)
    assert (distances.argmin(axis=1) // 10 == np.arange(120) // 10).mean() > 0.97
    np.testing.assert_array_equal(places, maps.neighbor_map(W))
    lengths = 2.0 ** np.random.default_rng(1).integers(-300, 300, size=(120, 1))
    np.testing.assert_allclose(maps.neighbor_map(W * lengths), places, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "W",
    [
        np.eye(3),
        np.ones((3, 1)),
        np.zeros((5, 4)),
        np.repeat(np.eye(2), 10, axis=0),
        np.vstack((np.zeros((3, 5)), np.eye(5), -np.eye(5))),
        np.arange(12.0)[:, None] - 5,
        1e300 * np.random.default_rng(0).normal(size=(40, 2)),
    ],
)
def test_odd_tables_get_a_map_without_places_upon_each_other(W):
    places = maps.neighbor_map(W)
    assert np.isfinite(places).all()
    assert len(np.unique(places.round(9), axis=0)) == len(W) or not np.ptp(places)


def test_places_are_moved_apart_and_no_further():
    rng = np.random.default_rng(0)
    places = np.vstack((rng.normal(size=(40, 2)), np.zeros((3, 2)), [[50.0, 50.0]]))
    moved = maps.apart(places, 0.2)
    distances = cdist(moved, moved) + np.eye(len(places))
    assert distances.min() > 0.15
    np.testing.assert_allclose(moved[-1], [50, 50], atol=1e-3)
    assert np.abs(moved - places).max() < 0.8
    far = np.arange(20.0).reshape(10, 2)
    np.testing.assert_allclose(maps.apart(far, 0.2), far, atol=1e-3)


def test_kept_on_map_counts_what_two_lists_have_in_common():
    rng = np.random.default_rng(0)
    W, places = rng.normal(size=(30, 6)), rng.normal(size=(30, 2))
    cosines = 1 - cdist(W, W, "cosine")
    common = 0
    for i in range(30):
        others = [j for j in range(30) if j != i]
        here = sorted(others, key=lambda j, i=i: -cosines[i, j])[:7]
        there = sorted(others, key=lambda j, i=i: np.hypot(*(places[i] - places[j])))[:7]
        common += len({*here} & {*there})
    assert maps.kept_on_map(W, places, 7) == pytest.approx(common / 210)
    circle = np.column_stack((np.cos(np.arange(30)), np.sin(np.arange(30))))
    assert maps.kept_on_map(circle * rng.uniform(1, 9, (30, 1)), circle, 5) > 0.99  # but for ties
    assert maps.kept_on_map(W, places, 29) == 1


def test_the_caption_tells_how_far_the_map_can_be_believed(table, atlas):
    _, W = table
    told = re.fullmatch(
        r"The map \(t-SNE\) keeps (\d+)% of the 10 nearest of each word in all 30 dimensions \(chance: 5%\). "
        r"Two principal coordinates, which show (\d+)% of the squared length, would keep (\d+)%.",
        atlas.told,
    )
    kept, shown, flat = map(int, told.groups())
    unit = W[atlas.drawn] / np.linalg.norm(W[atlas.drawn], axis=1, keepdims=True)
    unit = unit - unit.mean(axis=0)
    U, S, _ = np.linalg.svd(unit)
    assert shown == round(100 * (S[:2] ** 2).sum() / (S**2).sum())
    assert flat == round(100 * maps.kept_on_map(W[atlas.drawn], U[:, :2] * S[:2], 10))
    assert kept == round(100 * maps.kept_on_map(W[atlas.drawn], atlas.points, 10))
    assert kept > flat + 15


# --- What is refused ----------------------------------------------------------------------------------

FIVE = Vocabulary(["one", "two", "three", "four", "five"], np.arange(5, 0, -1))


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ((None, np.eye(5)), TypeError, "give vocabulary and W together"),
        ((None, None, CLASSES), TypeError, "give vocabulary and W together"),
        ((["one", "two"], np.eye(2)), TypeError, "vocabulary must be a helpers.text.Vocabulary, not list"),
        ((FIVE, None), TypeError, "give vocabulary and W together"),
        ((FIVE, np.eye(4)), ValueError, "a row for each of the 5 words, not 4 rows"),
        ((FIVE, np.ones(5)), ValueError, "W must have 2 dimensions"),
        ((FIVE, np.full((5, 2), np.nan)), ValueError, "W must be finite"),
        ((FIVE, np.ones((5, 0))), ValueError, "at least 3 words with vectors"),
        ((Vocabulary(["a", "b"], np.ones(2, int)), np.eye(2)), ValueError, "at least 3 words"),
        ((FIVE, np.eye(5), ["one"]), TypeError, "classes must map names to words, not be a list"),
        (
            (FIVE, np.eye(5), {"numbers": "one two"}),
            TypeError,
            "'numbers' must be a list of words, not 'one two'",
        ),
        ((FIVE, np.eye(5), {"numbers": 3}), TypeError, "'numbers' must be a list of words, not 3"),
        ((FIVE, np.eye(5), {"numbers": [1]}), TypeError, "'numbers' must hold words, not 1"),
        ((FIVE, np.eye(5), {1: ["one"]}), TypeError, "the name of a class must be a string, not 1"),
        ((FIVE, np.eye(5), {"a": ["one"], "b": ["one"]}), ValueError, "'one' is in two classes, 'a' and 'b'"),
    ],
)
def test_what_is_no_table_with_classes_is_refused_in_a_sentence(values, error, said):
    with pytest.raises(error, match=re.escape(said)):
        word_atlas(*values)


def test_maps_refuse_what_they_cannot_draw():
    with pytest.raises(ValueError, match="at least 3 words, not 2"):
        maps.neighbor_map(np.eye(2))
    with pytest.raises(ValueError, match="5 words need as many places, not 4"):
        maps.kept_on_map(np.eye(5), np.ones((4, 2)), 1)
    with pytest.raises(ValueError, match="less than the number of words, 5, not 5"):
        maps.kept_on_map(np.eye(5), np.ones((5, 2)), 5)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("xredd", "'xredd' is not in the vocabulary of 1000 words; did you mean xred"),
        ("elephants", "'elephants' is not in the vocabulary of 1000 words."),
        ("xred xblue", "Ask for one word."),
        ("?!", "Ask for one word."),
        (" ", "Type a word to see its neighbors."),
        ("w" * 500, "… is not in the vocabulary."),
    ],
)
def test_an_unknown_word_gets_a_sentence(demo, word, said):
    demo.controls["word"].value = word
    assert said.lstrip("…") in demo.model.summary()
    words = read(demo.draw())[1]
    assert said.split()[1] in words
    assert "cosine with" not in words
    assert demo.problems == []
    assert 'r="7.5"' not in demo.draw()
    demo.buttons["Next word"].click()
    assert "cosine with" in read(demo.draw())[1]


def test_a_vocabulary_with_capitals_is_asked_as_it_is_written():
    demo = word_atlas(Vocabulary(["Turkey", "turkey", "Rome", "roast"], np.ones(4, int)), np.eye(4))
    for typed, word in [("Turkey", 0), (" turkey ", 1), ("TURKEY", 1), ("Rome", 2)]:
        demo.controls["word"].value = typed
        assert demo.model.asked == word
    demo.controls["word"].value = "rome"
    assert "'rome' is not in the vocabulary of 4 words" in demo.model.summary()


# --- The picture --------------------------------------------------------------------------------------


def texts(demo):
    root = ElementTree.fromstring(demo.draw())
    return [element for element in root.iter() if element.tag.endswith("}text") and element.text]


def listed(demo):
    """Return the lines of the list: place, word and whether it is bold."""
    lines = [t for t in texts(demo) if float(t.get("x")) == 483 and 76 < float(t.get("y")) < 310]
    return [(float(t.get("y")), t.text, t.get("font-weight") == "bold") for t in lines]


def test_the_list_says_what_the_model_knows_and_stays_where_it_is(demo):
    model, heights = demo.model, set()
    atlas = model.atlas
    drawn = set(atlas.drawn.tolist())
    for word in [*atlas.suggestions, "sunday", "the", "1", names(900)[-1], names(300)[-1]]:
        demo.controls["word"].value = word
        _, words = read(demo.draw())
        assert model.asked == atlas.vocabulary.index[word]
        assert f"cosine with {word} ({atlas.vocabulary.counts[model.asked]:,}×)" in words
        lines = listed(demo)
        near = [(atlas.vocabulary.words[i], i in drawn) for i, _ in model.neighbors]
        assert [line[1:] for line in lines] == near
        heights.add(tuple(line[0] for line in lines))
        for i, cosine in model.neighbors:
            assert f"{svg.number(cosine)} {atlas.vocabulary.counts[i]:,}×" in words
            assert f"{atlas.vocabulary.words[i]} {svg.number(cosine)}" in model.summary()
    assert len(heights) == 1


def test_the_neighbors_on_the_map_are_lit_and_named_in_bold(demo):
    model = demo.model
    drawn = set(model.atlas.drawn.tolist())
    for word in ("xred", names(900)[-1]):
        demo.controls["word"].value = word
        lit = [model.atlas.vocabulary.words[i] for i, _ in model.neighbors if i in drawn]
        assert len(re.findall('r="7.5"', demo.draw())) == len(lit)
        bold = [t.text for t in texts(demo) if t.get("font-weight") == "bold" and float(t.get("x")) < 460]
        assert bold[0].startswith("200 words")
        assert sorted(bold[1:]) == sorted([*lit, *([word] if model.asked in drawn else [])])


def test_a_word_of_the_list_is_tied_to_its_dot_and_can_be_touched(demo):
    model = demo.model
    root = ElementTree.fromstring(demo.draw())
    groups = [g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("data-with")]
    for i, cosine in model.neighbors:
        tied = [part for group in groups if group.get("data-with") == str(i) for part in group]
        word, texts = (
            model.atlas.vocabulary.words[i],
            [part.text for part in tied if part.tag.endswith("}text")],
        )
        assert texts.count(word) == 1 + (i in model.atlas.drawn)
        assert svg.number(cosine) in texts
        dots = [part[0].text.split(",")[0] for part in tied if len(part)]
        assert dots == [word] * (i in model.atlas.drawn)
    last = model.neighbors[-1][0]
    touch(demo, "line9", 600, 200)
    assert model.asked == last
    assert demo.controls["word"].value == model.atlas.vocabulary.words[last]


def test_how_far_to_believe_the_map_is_the_number_to_watch(demo):
    large = [t for t in texts(demo) if float(t.get("font-size")) == 26]
    assert [t.text for t in large] == [
        f"{maps.kept_on_map(demo.model.atlas.W[demo.model.atlas.drawn], demo.model.atlas.points, 10):.0%}"
    ]
    assert f"keeps {large[0].text} of the 10 nearest" in demo.model.atlas.told


def test_what_the_mouse_tells_is_a_name_and_no_paragraph(table):
    vocabulary, W = table
    long = ["i" * 300, "ﷺ" * 300, "W" * 300]
    words = (*long, *vocabulary.words[3:])
    atlas = word_atlas(
        Vocabulary(words, vocabulary.counts), W, {"l" * 500: long, "a class " * 40: words[9:12]}
    )
    titles = [t.text for t in ElementTree.fromstring(atlas.draw()).iter("{http://www.w3.org/2000/svg}title")]
    assert len(titles) == DRAWN
    assert max(map(len, titles)) <= 80


def test_every_word_of_the_map_says_its_name_class_and_count_under_the_mouse(demo):
    root = ElementTree.fromstring(demo.draw())
    shapes = [e for e in root.iter() if e.tag.endswith(("}circle", "}rect")) and len(e)]
    told = {shape[0].text for shape in shapes}
    atlas = demo.model.atlas
    assert len(shapes) == len(told) == DRAWN
    for i in atlas.drawn.tolist():
        word, count = atlas.vocabulary.words[i], f"{atlas.vocabulary.counts[i]:,}×"
        kind = {
            "xred": "colors",
            "xblue": "colors",
            "xgreen": "colors",
            "monday": "days",
            "sunday": "days",
        }.get(word)
        assert ", ".join([word, *([kind] if kind else []), count]) in told
    label = root.get("aria-label")
    assert label == demo.model.summary()
    assert label.startswith("Map of 200 words. Nearest to")


def test_what_a_shape_says_may_be_any_words():
    for shape in (svg.dot(1, 2, "#123456"), svg.rect(0, 0, 3, 4, "#123456")):
        told = ElementTree.fromstring(svg.named(shape, "<b> & co"))
        assert told[0].text == "<b> & co"
        assert f"<{told.tag} {shape.partition(' ')[2]}" == shape
        long = ElementTree.fromstring(svg.named(shape, "a paragraph " * 20))[0].text
        assert len(long) == 80
        assert long.endswith("…")


def test_names_go_to_the_words_of_classes_first(demo):
    shown = {t.text for t in texts(demo) if float(t.get("x")) < 460}
    assert {"colors", "days", "no class"} <= shown
    assert len({"xred", "xblue", "xgreen", "monday", "sunday"} - shown) <= 1  # where four others are lit
    assert len(shown) > 70


def test_all_words_of_the_small_world_get_a_whole_picture():
    demo = word_atlas()
    for word in demo.model.atlas.vocabulary.words:
        demo.controls["word"].value = word
        words = look(demo)
        assert f"cosine with {word} (" in words
        assert words.count(word) >= 2


def test_the_box_offers_all_candidates_and_buttons_ask(demo):
    atlas = demo.model.atlas
    assert list(demo.controls["word"].options) == atlas.vocabulary.decode(atlas.candidates)
    for word in atlas.suggestions:
        demo.buttons[word].click()
        assert demo.controls["word"].value == word
        assert f"cosine with {word} (" in read(demo.draw())[1]
    demo.controls["word"].value = " XRED "
    assert demo.model.asked == atlas.vocabulary.index["xred"]
    demo.buttons["Reset"].click()
    assert demo.controls["word"].value == atlas.suggestions[0]


def test_classes_without_end_and_words_of_any_kind_fit(table):
    vocabulary, W = table
    odd = [
        "m" * 300,
        "狗" * 30,
        "ﷺ",
        "straße",
        "नमस्ते",
        "W" * 30,
        "שלום",
        "مرحبا",
        "<b>&amp;",
        "Reset",
        "Next word",
    ]
    words = (*odd, *vocabulary.words[len(odd) :])
    classes = {f"a class with a long name, number {k}": names(900)[k::60] for k in range(60)} | {"odd": odd}
    demo = word_atlas(Vocabulary(words, vocabulary.counts), W, classes)
    for word in [*odd, words[50]]:
        demo.controls["word"].value = word
        assert read(demo.draw())[0] == demo.size
        boxes = [box_of(t) for t in texts(demo) if float(t.get("x")) > 460]
        assert not any(meet(a, b) for a, b in itertools.combinations(boxes, 2))
    assert demo.problems == []


@pytest.mark.parametrize("size", [3, 4, 9, 12])
def test_a_handful_of_words_is_an_atlas_too(size):
    rng = np.random.default_rng(0)
    demo = word_atlas(Vocabulary(names(size), np.ones(size, int)), rng.normal(size=(size, 2)))
    words = look(demo)
    assert len(demo.model.neighbors) == min(size - 1, NEIGHBORS)
    assert f"all {size} words" in words


def test_every_class_of_the_installed_text_has_a_mark_of_its_own():
    words = [word for words in INSTALLED_CLASSES.values() for word in words]
    W = np.random.default_rng(0).normal(size=(len(words), 20))
    demo = word_atlas(Vocabulary(words, np.full(len(words), 60)), W, INSTALLED_CLASSES)
    assert {*INSTALLED_CLASSES, "no class"} <= {t.text for t in texts(demo)}
    marks = class_marks(demo.model)
    assert list(marks) == list(INSTALLED_CLASSES)
    assert len({(color, form % 3) for color, form in marks.values()}) == len(INSTALLED_CLASSES)


def test_more_words_of_classes_than_the_map_holds_and_neighbors_that_are_not_on_it(table):
    vocabulary, W = table
    by_count = sorted(vocabulary.words, key=lambda word: -vocabulary.counts[vocabulary.index[word]])
    classes = {"frequent": by_count[:210], "rare": by_count[-60:]}
    demo = word_atlas(vocabulary, W, classes)
    assert demo.problems == []
    assert "On the map: the 200 most frequent words of classes. In the list" in demo.model.atlas.chosen
    seen = set()
    for word in classes["rare"]:
        demo.controls["word"].value = word
        assert demo.problems == []
        assert len(listed(demo)) == NEIGHBORS
        seen |= {demo.model.kind(i) for i, _ in demo.model.neighbors}
    assert seen == {None, "frequent", "rare"}
    assert len({class_marks(demo.model)[kind] for kind in classes}) == 2


def test_what_is_said_of_the_map_is_true_where_content_words_are_few():
    little = [f"{k}" for k in range(150)]
    words = [*little, *names(100)]
    atlas = make_atlas(Vocabulary(words, np.full(250, 60)), np.random.default_rng(0).normal(size=(250, 5)))
    drawn = atlas.vocabulary.decode(atlas.drawn)
    assert drawn == [*names(100), *little[:100]]
    assert (
        "the 200 most frequent words, English function words, numbers and single letters last."
        in atlas.chosen
    )


def test_signs_that_no_picture_may_hold_are_marked():
    words = ["a\0b", "c\x1bd", "new\nline", "\ud800x", " edge ", *names(5)]
    demo = word_atlas(
        Vocabulary(words, np.ones(10, int)),
        np.random.default_rng(0).normal(size=(10, 3)),
        {"\0 kind": words[:3]},
    )
    assert set(demo.controls["word"].options) == {" edge ", *names(5)}
    for place, word in enumerate(words):
        demo.controls["word"].value = word
        assert demo.model.asked == place
        assert "cosine with" in read(demo.draw())[1]
        assert demo.model.summary().isprintable()
    assert demo.problems == []


def test_words_that_are_called_like_buttons_leave_the_buttons_alone():
    words = ["Reset", "Next word", "six", "two"]
    demo = word_atlas(Vocabulary(words, np.array([9, 8, 2, 3])), np.eye(4))
    assert list(demo.buttons) == ["Next word", "two", "six", "Reset"]
    demo.controls["word"].value = "six"
    demo.buttons["Reset"].click()
    assert demo.controls["word"].value == "two"


def test_a_table_that_changes_later_does_not_change_the_atlas():
    words, W = names(12), np.random.default_rng(0).normal(size=(12, 3))
    demo = word_atlas(Vocabulary(words, np.full(12, 60)), W)
    before = demo.draw()
    W -= W.mean(axis=0)
    demo.controls["word"].value = words[1]
    demo.buttons["Reset"].click()
    assert demo.draw() == before


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (999_999, "999,999×"),
        (1_000_000, "1.0M×"),
        (987_650_000, "987.6M×"),
        (1_234_567_890, "1.2B×"),
        (10**12, "1,000.0B×"),
    ],
)
def test_words_of_huge_texts_have_room_for_their_counts(count, said):
    words = [start + word for start in ("", "W" * 30) for word in names(15)]
    demo = word_atlas(Vocabulary(words, np.full(30, count)), np.random.default_rng(0).normal(size=(30, 5)))
    for word in (words[0], words[-1]):
        demo.controls["word"].value = word
        shown = look(demo)
        assert f"({said})" in shown
        assert shown.count(said) == 1 + NEIGHBORS
        assert f"({said})" in demo.model.summary()
