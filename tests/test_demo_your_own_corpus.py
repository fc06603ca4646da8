"""Your own corpus: the files that the command line makes, a calm answer to whatever is loaded or typed."""

import gzip
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, box_of, idle, look, meet, pictures, play, read, touch, until, wander

from helpers import cli
from helpers.cli import files, texts
from helpers.corpora import LOVE, small_world
from helpers.demos import base, svg, your_own_corpus, your_own_corpus_text, your_own_corpus_vectors
from helpers.demos.your_own_corpus_model import EPOCHS, NEIGHBORS, YourOwnCorpusModel
from helpers.demos.your_own_corpus_text import MOST_WORDS, SAMPLE
from helpers.geometry import nearest_neighbors, principal_coordinates
from helpers.lettering import shorten
from helpers.text import Vocabulary, tokenize

INSTALLED = "Take the text on this computer"


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return YourOwnCorpusModel()


@pytest.fixture
def demo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(base, "FRAME_SECONDS", 0)
    return your_own_corpus()


def take(frames):
    """Go through an animation to its end; return how many frames it had."""
    return sum(1 for _ in frames)


def button(demo, text):
    """Return a button by its text, wherever it stands."""

    def inside(box):
        for child in getattr(box, "children", ()):
            yield child
            yield from inside(child)

    return next(w for w in inside(demo) if getattr(w, "description", "") == text)


def paragraph(words, seed=0):
    """Return sentences of nine words at random, the word numbers in proportion to 1 / rank."""
    share = 1 / np.arange(1, words + 1)
    drawn = np.random.default_rng(seed).choice(words, (20 * words, 9), p=share / share.sum())
    return "\n".join(" ".join(f"w{i}" for i in row) for row in drawn)


# --- The text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LOVE.encode(), 16),
        (LOVE.encode("utf-8-sig"), 16),
        (LOVE.replace("\n", "\r\n").encode(), 16),
        (LOVE.replace("\n", "\r").encode(), 16),
        ("Café au lait. Thé au lait.".encode(), 6),
        ("Café au lait. Thé au lait.".encode("latin-1"), 6),
        ("שלום עולם. שלום לכם.".encode(), 4),
        ("مرحبا بالعالم، مرحبا بكم".encode(), 4),
        ("I 🙂 love 🐕 you".encode(), 3),
        ("Zwei Wörter\u2028drei\x85 vier".encode(), 4),
    ],
)
def test_texts_of_all_kinds_are_read_like_by_tokenize(model, data, words):
    take(model.load("text.txt", data))
    western = b"\xe9" in data
    sentences = tokenize(data.decode("cp1252" if western else "utf-8-sig"))
    assert len(model.reading.tokens) == words == sum(map(len, sentences))
    assert model.reading.lengths.tolist() == [len(sentence) for sentence in sentences]
    vocabulary = Vocabulary.from_sentences(sentences)
    assert model.vocabulary.words == vocabulary.words
    assert model.vocabulary.counts.tolist() == vocabulary.counts.tolist()
    assert [ids.tolist() for ids in model.selection.sentences()] == [
        vocabulary.encode(s).tolist() for s in sentences
    ]
    assert ("it is read as Windows-1252" in " ".join(model.selection.cautions)) == western
    model.train()
    assert model.trained
    assert model.loss < model.first_loss


@pytest.mark.parametrize(
    "data", [LOVE.encode("utf-16"), gzip.compress(LOVE.encode())], ids=["UTF-16", "gzip"]
)
def test_uploads_are_read_as_files_are(model, data):
    take(model.load("text.txt", data))
    assert [model.vocabulary.decode(ids) for ids in model.selection.sentences()] == tokenize(LOVE)


@pytest.mark.parametrize(
    ("data", "notice"),
    [
        (b"", "There are no words in x.txt."),
        (b"\xef\xbb\xbf", "There are no words in x.txt."),
        ("🙂 😀 … !!! \n\n".encode(), "There are no words in x.txt."),
        (b"\x89PNG\r\n\x1a\n\0\xff", "x.txt does not look like text"),
        (bytes(range(256)), "x.txt does not look like text"),
        (b"a b\0 c", "x.txt does not look like text"),
    ],
)
def test_what_is_no_text_is_said_and_loses_nothing(model, data, notice):
    take(model.paste(LOVE))
    model.train()
    before = model.reading, model.embeddings, model.epoch
    take(model.load("x.txt", data))
    assert model.summary().startswith(notice)
    assert model.summary().endswith("Pasted: I love my dog I love my cat … stays in use.")
    assert (model.reading, model.embeddings, model.epoch) == before
    model.train()
    assert model.epoch == 2 * EPOCHS
    assert model.notice == ""


@pytest.mark.parametrize(
    ("text", "obstacle"),
    [
        ("Hello", "'hello' is the only word, so there is nothing to compare it with."),
        ("hello Hello hello", "'hello' is the only word, so there is nothing"),
        ("one. two. three!", "No sentence has two words"),
        ("x" * 300, "x…' is the only word"),
        (
            " ".join(f"w{i}" for i in range(MOST_WORDS + 1)),
            "1,001 words are too many .* Choose a shorter text",
        ),
    ],
)
def test_texts_that_cannot_be_trained_on_say_why(model, text, obstacle):
    take(model.paste(text))
    for _ in range(2):
        assert model.vocabulary is None
        assert not model.trained
        assert re.search(obstacle, model.summary())
        model.train()
    model.save()
    assert "nothing to save" in model.notice


def test_a_path_is_read_from_disk_and_wrong_ones_are_said(model, tmp_path):
    (tmp_path / "mine.txt").write_text(LOVE, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for path in (".", "mine.txt", " 'mine.txt' ", f'"{tmp_path / "mine.txt"}"'):
        model.reset()
        take(model.open(path))
        assert model.reading.name == ("." if path == "." else "mine.txt")
        assert len(model.vocabulary) == 6
    for path, notice in [
        ("none.txt", "none.txt: No such file"),
        ("empty", "empty is a folder without .txt"),
        ("-", "-: No such file"),
        ("~no body/x", "home"),
    ]:
        take(model.open(path))
        assert notice in model.summary()
        assert "Mine.txt stays in use." in model.summary()


def test_names_that_cannot_be_shown_do_not_reach_the_picture(demo):
    take(demo.model.load("a\0b\x1b[31m<&>\u202e\n.txt", LOVE.encode()))
    demo.refresh()
    assert demo.model.reading.name == "a b [31m<&> .txt"
    assert "a b [31m<&> .txt" in read(demo.draw())[1]
    assert demo.problems == []


def test_scripts_without_spaces_are_told_about_segmenters(model):
    take(model.paste("我喜欢狗。我喜欢猫。你喜欢狗，你喜欢猫。"))
    assert "segmenter" in model.selection.cautions[0]
    take(model.paste("Я люблю собаку. Я люблю кошку."))
    assert "segmenter" not in " ".join(model.selection.cautions)


def test_reading_goes_portion_by_portion_and_can_be_finished_later(model, monkeypatch):
    monkeypatch.setattr(texts, "BLOCK", 100)
    text = paragraph(20)
    reading = model.paste(text)
    shares = []
    for _ in range(10):
        next(reading)
        shares.append(model.coming.share)
    assert shares == sorted(shares)
    assert model.reading.name.startswith("sample")
    assert model.summary().startswith("Reading pasted: w")
    reading.close()  # Stop
    take(model.frames())  # Train
    assert len(model.reading.tokens) == 20 * 20 * 9
    assert model.epoch == EPOCHS


def test_a_newer_text_takes_the_place_of_one_still_being_read(model, monkeypatch):
    monkeypatch.setattr(texts, "BLOCK", 100)
    first = model.paste(paragraph(20))
    next(first)
    second = model.paste(LOVE)
    next(second)
    assert take(first) == 0
    assert model.reading.name.startswith("sample")
    take(second)
    assert model.reading.name.startswith("pasted: I love")
    assert model.coming is None


def test_a_file_that_breaks_off_loses_nothing(model, monkeypatch, tmp_path):
    monkeypatch.setattr(texts, "BLOCK", 100)
    path = tmp_path / "mine.txt"
    path.write_text(paragraph(2000), encoding="utf-8")
    reading = model.open(str(path))
    next(reading)
    path.write_bytes(b"\xff" * 1_000_000)
    take(reading)
    assert "mine.txt could not be read to its end" in model.summary()
    assert "stays in use" in model.summary()
    assert len(model.vocabulary) == 74


# --- The text on this computer --------------------------------------------------------------------------

DOCUMENTS = {
    "python/a.py": ["Nobody said so. A red ferry leaves the harbor", "A gray boat leaves the harbor"],
} | {f"numpy/{k}.py": ["That red ferry that is late, and the gray boat that is late, too"] for k in range(9)}
DOCUMENTS["python/help/if"] = ["The end of the text"]


@pytest.fixture
def documents(monkeypatch):
    monkeypatch.setattr(your_own_corpus_text, "AT_ONCE", 10)
    monkeypatch.setattr(your_own_corpus_text, "installed_documents", lambda: iter(DOCUMENTS.items()))
    return [sentence for some in DOCUMENTS.values() for text in some for sentence in tokenize(text)]


def test_the_text_on_this_computer_is_read_and_trained_on_like_any_other(demo, documents):
    installed = button(demo, INSTALLED)
    assert installed.tooltip
    seen = []
    demo._sheet.observe(lambda change: seen.append(change["new"]), "value")
    play(demo, installed.click)
    model = demo.model
    expected = Vocabulary.from_sentences(documents)
    assert model.reading.name == "the text on this computer"
    assert model.vocabulary.words == expected.words
    assert model.vocabulary.counts.tolist() == expected.counts.tolist()
    encoded = [expected.encode(sentence).tolist() for sentence in documents]
    assert [ids.tolist() for ids in model.selection.sentences()] == encoded
    first = len(tokenize(DOCUMENTS["python/a.py"][0])[0]) + 6 + 6
    for count in (first, first + 14, first + 28):
        assert any(f"Reading the text on this computer: {count} words. Sample" in sheet for sheet in seen)
    assert model.word == "late"  # the most frequent word that is about something
    demo.buttons["Train"].click()
    assert model.epoch == EPOCHS
    assert "red" in [model.vocabulary.words[i] for i, _ in model.neighbors] or "boat" in shown(demo)
    demo.box.value = LOVE
    assert model.reading.name.startswith("pasted")
    shown(demo)


def test_reading_this_computer_can_be_stopped_and_goes_on(model, documents):
    asked = []
    frames = model.take_installed()
    next(frames), next(frames)
    assert " words. Sample: a day at the harbor stays in use." in model.summary()
    before = model.coming
    assert before.progress == f"{before.read} words"
    frames.close()  # Stop
    for again in (model.take_installed, model.frames):  # the button once more, and Train
        frames = again()
        asked.append(next(frames))
        assert model.coming is before
        frames.close()
    take(model.frames())
    assert len(model.reading.tokens) == sum(map(len, documents))
    assert model.epoch == EPOCHS


def test_a_long_text_on_this_computer_leaves_room_for_its_progress(demo, documents):
    frames = demo.model.take_installed()
    next(frames), next(frames)
    demo.model.coming.read = 12_345_678
    demo.refresh()
    assert ": 12,345,678 words" in look(demo)


def test_stop_before_the_first_picture_says_what_is_half_read(demo, documents):
    play(demo, button(demo, INSTALLED).click, demo.stop_button.click)
    assert demo.model.summary().startswith("Reading the text on this computer: 0%")
    look(demo)
    demo.buttons["Train"].click()
    assert demo.model.reading.name == "the text on this computer"


def test_a_computer_without_source_files_is_told_so_and_keeps_its_text(demo, monkeypatch):
    def nothing():
        raise FileNotFoundError("this Python and its packages came without source files, so without a text")
        yield

    monkeypatch.setattr(your_own_corpus_text, "installed_documents", nothing)
    button(demo, INSTALLED).click()
    assert "came without source files, so without a text" in demo._sheet.value
    assert "stays in use" in demo._sheet.value
    assert len(demo.model.vocabulary) == 74
    shown(demo)


@pytest.mark.slow
def test_the_real_text_on_this_computer_leaves_out_rare_words_and_can_be_trained_on(model):
    take(model.take_installed())
    assert len(model.reading.tokens) > 100_000
    assert 500 < len(model.vocabulary) <= MOST_WORDS
    assert model.selection.least >= 50
    assert "too many here" in model.selection.cautions[0]
    assert {"row", "true", "string", "maximum"} <= set(model.vocabulary.words)
    take(model.frames(3))
    assert model.floor < model.loss < model.first_loss


# --- Words and training ---------------------------------------------------------------------------------


@pytest.mark.parametrize("min_count", [1, 3, 5])
def test_min_count_leaves_words_out_as_vocabulary_does(model, min_count):
    text = f"Nobody else says this. {SAMPLE} Nor that."
    sentences = tokenize(text)
    take(model.paste(text))
    model.set(min_count=min_count)
    vocabulary = Vocabulary.from_sentences(sentences, min_count)
    encoded = [vocabulary.encode(s, skip_unknown=True).tolist() for s in sentences]
    assert model.vocabulary.words == vocabulary.words
    assert [ids.tolist() for ids in model.selection.sentences()] == [ids for ids in encoded if ids]
    model.set(min_count=1000)
    assert model.selection.obstacle.startswith(
        "No word occurs 1000 times; the most frequent one, 'the', occurs 69 times."
    )
    model.set(min_count=20)
    assert model.selection.obstacle.startswith("'the' is the only word that occurs 20 times")


def test_too_many_words_lose_the_rarest_and_say_so(model, monkeypatch):
    monkeypatch.setattr(your_own_corpus_text, "MOST_WORDS", 50)
    take(model.paste(paragraph(80)))
    counts = model.reading.counts
    assert len(model.vocabulary) <= 50 < np.count_nonzero(counts >= model.selection.least - 1)
    assert model.selection.cautions[0].startswith(
        "80 different words are too many here, where the limit is 50: those that"
    )
    assert f"fewer than {model.selection.least} times" in model.selection.cautions[0]
    model.set(word=next(word for word in model.reading.words if word not in model.vocabulary))
    assert f"and it takes {model.selection.least} to take part" in model.asked
    counts = YourOwnCorpusModel.min_count.options.values()
    model.set(min_count=next(count for count in counts if count > model.selection.least))
    assert "too many" not in " ".join(model.selection.cautions)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, SAMPLE),
        ({"dim": 3, "window": 5, "seed": 7, "min_count": 2}, SAMPLE),
        ({}, "One. Two three. Four four. \r\nCafé, CAFÉ four two!"),
    ],
)
@pytest.mark.parametrize("stopped", [None, 4])
def test_saved_files_are_those_of_the_command_line_to_the_last_byte(model, tmp_path, settings, text, stopped):
    take(model.paste(text))
    model.set(**settings, folder="ours")
    frames = model.frames()
    for _ in range(stopped or 10**6):
        if next(frames, "end") == "end":
            break
    frames.close()
    model.save()
    assert model.notice.startswith("Saved vocabulary.tsv, corpus_encoded.txt, vectors.npz, run.json in ours")
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    options = {"dim": 20, "window": 2, "seed": 0, "min_count": 1} | settings | {"epochs": model.epoch}
    argv = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    assert cli.main(["train", "text.txt", "--out", "theirs", "--quiet", *argv]) == 0
    for name in files.NAMES:
        assert Path("ours", name).read_bytes() == Path("theirs", name).read_bytes(), name


def test_saving_replaces_what_was_saved_and_refuses_calmly(model, tmp_path):
    model.save()
    assert "nothing to save" in model.notice
    model.train()
    model.save()
    model.set(seed=1)
    model.train()
    model.save()
    vectors = files.read_vectors("my_vectors", 74)
    np.testing.assert_array_equal(vectors.W, model.embeddings.W)
    (tmp_path / "a file").write_text("mine")
    for folder, notice in [
        ("a file", "is a file"),
        ("  ", "Name a folder"),
        ("~no body/x", "home directory"),
    ]:
        model.set(folder=folder)
        model.save()
        assert notice in model.notice
    assert (tmp_path / "a file").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such folder")
def test_a_folder_that_cannot_be_written_to_is_said(model):
    model.train()
    model.set(folder="/proc/mine")
    model.save()
    assert model.notice.startswith("Nothing was saved")


def test_settings_are_a_new_start_and_words_are_not(model):
    model.train()
    model.set(word="boat", folder="elsewhere")
    assert model.trained
    for change in ({"dim": 5}, {"window": 1}, {"seed": 1}, {"min_count": 2}):
        model.set(**change)
        assert not model.trained
        model.train()
        assert model.epoch == EPOCHS
    model.train()
    assert model.epoch == 2 * EPOCHS
    model.reset()
    assert (model.dim, model.window, model.seed, model.min_count) == (20, 2, 0, 1)


@pytest.mark.parametrize("change", [{"window": 3}, {"min_count": 2}, {"seed": 4}])
def test_another_setting_while_pairs_are_counted_ends_that_training(model, monkeypatch, change):
    monkeypatch.setattr(your_own_corpus_text, "PORTION", 50)
    frames = model.frames()
    for _ in range(3):
        next(frames)
    assert 0 < model.counted < 1
    model.set(**change)
    assert take(frames) == 0
    assert not model.trained


def test_neighbors_are_those_of_helpers_and_the_sample_finds_company(model):
    model.train()
    for word, friend in [("bread", "fish"), ("boat", "ferry"), ("gulls", "cats"), ("sleeps", "sells")]:
        model.set(word=word.upper())
        i = model.vocabulary.index[word]
        ids, cosines = nearest_neighbors(model.embeddings.W, i, NEIGHBORS)
        assert model.asked == i
        assert model.neighbors == list(zip(ids.tolist(), cosines.tolist(), strict=True))
        assert model.vocabulary.words[ids[0]] == friend


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("harbr", "'harbr' is not in the vocabulary of 74 words; did you mean harbor?"),
        ("xylophone", "'xylophone' is not in the vocabulary of 74 words."),
        ("red ferry", "Ask for one word."),
        ("?!", "Ask for one word."),
        ("  ", "Type a word"),
    ],
)
def test_unknown_words_get_a_suggestion(model, word, said):
    model.train()
    model.set(word=word)
    assert model.asked.startswith(said)
    assert model.neighbors == []
    assert said in model.summary()


def test_a_new_text_is_asked_about_a_word_of_its_own(model):
    take(model.paste(LOVE))
    assert model.word == "love"
    take(model.paste("to be or no"))
    assert model.word == "to"
    take(model.paste(SAMPLE + " To be."))
    assert model.word == "to"


def test_small_texts_are_warned_about_and_large_ones_are_not(model):
    def said():
        return " ".join(model.selection.cautions)

    assert "290 words of text can show how it works, but not mean much" in said()
    assert "57 of the 74 words occur fewer than 5 times" in said()
    model.set(min_count=5)
    assert "fewer than 5 times" not in said()
    sentences = small_world(np.random.default_rng(0), 2000)
    text = "\n".join(" ".join(sentence) for sentence in sentences)
    take(model.paste(text))
    assert model.selection.cautions == [
        "8,792 words are a small text: trust the neighbors of its frequent words only."
    ]
    take(model.paste("\n".join([text] * 12)))
    assert model.selection.cautions == []


# --- View ---------------------------------------------------------------------------------------------


def shown(demo):
    """Check that the picture says what the model knows."""
    model, words = demo.model, look(demo)
    assert shorten(model.reading.name, 400, 14) in words
    assert f"{len(model.reading.words):,} different" in words
    if model.trained:
        assert f"loss {model.loss:.3f}" in words
        assert f"floor {model.floor:.3f}" in words
        for i, cosine in model.neighbors:
            assert svg.number(cosine) in words
            assert model.vocabulary.words[i] in words
    else:
        assert "press Train" in words or model.selection.obstacle.split()[0] in words
    return words


@pytest.mark.slow
@pytest.mark.parametrize("trained", [False, True])
def test_every_control_through_its_range(demo, trained):
    for _ in all_corners(demo):
        if trained and not demo.model.trained and demo.model.vocabulary:
            take(demo.model.frames())
            demo.refresh()
        shown(demo)


@pytest.mark.slow
def test_random_turns_presses_and_texts(demo):
    rng = np.random.default_rng(5)
    texts = ["", "Hello", LOVE, SAMPLE, "🙂", "one. two.", paragraph(30), "狗 猫 狗 鸟", "m" * 500 + " w"]
    for _ in range(12):
        demo.box.value = texts[rng.integers(len(texts))]
        look(demo)
        wander(demo, rng, 3)


def test_the_still_picture_shows_the_trained_sample(demo):
    before = demo.draw()
    _, words = read(demo.still())
    assert "epoch 300 of 300" in words
    assert "7× bread in the text" in words
    assert demo.draw() == before


def tied(demo):
    """Return what is tied to each other in the picture: the shapes (circle, text, rect) by their link."""
    links = {}
    for group in ElementTree.fromstring(demo.draw()).iter("{http://www.w3.org/2000/svg}g"):
        if name := group.get("data-with"):
            links.setdefault(name, []).extend(group)
    return links


def dots(demo):
    """Return where each word on the map stands, by what it says under the mouse."""
    circles = ElementTree.fromstring(demo.draw()).iter("{http://www.w3.org/2000/svg}circle")
    return {c[0].text: (float(c.get("cx")), float(c.get("cy"))) for c in circles if len(c)}


def test_it_opens_with_what_is_in_the_text_and_the_words_where_training_begins(demo):
    counts = Counter(word for sentence in tokenize(SAMPLE) for word in sentence)
    words = look(demo)
    for word, count in counts.most_common(7):  # further down there are ties
        assert f"{word} {count}×" in " ".join(words.split())
    assert f"{counts['bread']}× bread in the text" in words
    assert "places are random" in words
    before = demo.model.points
    frames = demo.model.frames()
    while demo.model.embeddings is None:
        next(frames)
    W = demo.model.embeddings.W
    flat = principal_coordinates(W)
    np.testing.assert_allclose(before @ before.T, flat @ flat.T, atol=1e-10)
    demo.model.train()
    demo.refresh()
    assert "random" not in look(demo)


def test_touching_a_word_asks_it_before_and_after_training(demo):
    for _ in range(2):
        for word in ("ferry", "gulls"):
            touch(demo, "map", *dots(demo)[word])
            assert demo.controls["word"].value == demo.model.word == word
            assert f"{word} in the text" in shown(demo)
        model = demo.model
        second = model.neighbors[1][0] if model.trained else model.vocabulary.index["and"]
        touch(demo, "line1", 500, 100)
        assert model.word == model.vocabulary.words[second]
        demo.buttons["Train"].click()


def test_a_word_of_the_list_is_tied_to_its_dot_on_the_map(demo):
    demo.buttons["Train"].click()
    model, links = demo.model, tied(demo)
    assert {str(model.asked), *(str(i) for i, _ in model.neighbors)} <= set(links)
    for i, cosine in model.neighbors:
        shapes = links[str(i)]
        texts = [shape.text for shape in shapes if shape.tag.endswith("}text")]
        word = model.vocabulary.words[i]
        assert word in texts
        assert svg.number(cosine) in texts
        dot = next(shape for shape in shapes if shape.tag.endswith("}circle"))
        assert (float(dot.get("cx")), float(dot.get("cy"))) == dots(demo)[word]


def test_warnings_are_told_whole_or_not_at_all(demo):
    seen = set()
    for text in (
        SAMPLE,
        "\n".join(f"w{i} x" for i in range(2000)),
        "我喜欢狗。我喜欢猫。你喜欢狗，你喜欢猫。",
    ):
        demo.box.value = text
        words = look(demo)
        told = words.partition("before you believe it ")[2]
        cautions = demo.model.selection.cautions
        assert told in [" ".join(cautions[:k]) for k in range(1, 4)]
        seen.add(told)
    assert len(seen) == 3


def uploaded(name, data):
    """Return what the page sends for a file."""
    facts = {"type": "text/plain", "size": len(data), "last_modified": datetime.now(UTC)}
    return ({"name": name, "content": memoryview(data)} | facts,)


def test_uploads_are_read_and_forgotten(demo):
    for name in ("love.txt", "love.txt"):
        demo.upload.value = uploaded(name, LOVE.encode())
        assert demo.upload.value == ()
        assert demo.model.reading.name == name
        assert "16 words, 6 different" in shown(demo)
    demo.upload.value = uploaded("cat.png", b"\0\1")
    assert "cat.png does not look like text" in demo._sheet.value
    shown(demo)


def test_paths_and_the_box(demo, tmp_path):
    (tmp_path / "mine.txt").write_text(LOVE, encoding="utf-8")
    demo.path.value = "mine.txt"
    assert demo.model.reading.name == "mine.txt"
    demo.path.value = "  "
    demo.path.value = "gone.txt"
    assert "gone.txt: No such file" in demo._sheet.value
    assert demo.model.reading.name == "mine.txt"
    button(demo, "Read the box again").click()
    assert len(demo.model.vocabulary) == 74
    demo.box.value = "  "
    assert "no words in the box" in demo._sheet.value
    demo.buttons["Reset"].click()
    assert (demo.box.value, demo.path.value) == (SAMPLE, "")
    assert demo.draw() == your_own_corpus().draw()


def test_the_word_box_offers_the_words_of_the_text(demo):
    offered = demo.controls["word"].options
    assert offered[:2] == ("the", "and")
    assert len(offered) == 74
    demo.box.value = LOVE
    assert set(demo.controls["word"].options) == {"i", "you", "love", "my", "dog", "cat"}
    assert demo.controls["word"].value == "love"
    demo.box.value = "Hello"
    assert demo.controls["word"].options == ()


def test_training_shows_many_frames_and_ends_by_itself(demo):
    pictures = set()
    demo._sheet.observe(lambda change: pictures.add(change["new"]), "value")
    play(demo, demo.buttons["Train"].click)
    assert len(pictures) > 60
    assert demo.model.epoch == EPOCHS
    assert demo.stop_button.disabled
    shown(demo)


def test_stop_save_and_go_on(demo):
    on_its_way = until(lambda: demo.model.epoch >= 20)
    play(demo, demo.buttons["Train"].click, on_its_way, demo.stop_button.click)
    stopped = demo.model.epoch
    play(demo, idle)
    assert demo.model.epoch == stopped < EPOCHS
    demo.buttons["Save"].click()
    assert f"as of epoch {stopped}" in demo._sheet.value
    assert files.read_run("my_vectors")["train"]["epochs"] == demo.model.epoch
    demo.buttons["Train"].click()  # where no page listens, it runs through at once
    assert demo.model.epoch == EPOCHS
    shown(demo)


def test_a_text_pasted_right_before_train_is_the_one_that_is_trained_on(demo, monkeypatch):
    monkeypatch.setattr(texts, "BLOCK", 100)

    def paste_and_train():
        demo.box.value = paragraph(20)
        demo.buttons["Train"].click()

    play(demo, paste_and_train)
    assert demo.model.reading.name.startswith("pasted: w")
    assert demo.model.epoch == EPOCHS
    shown(demo)


def test_reading_can_be_watched_and_stopped(demo, monkeypatch):
    monkeypatch.setattr(texts, "BLOCK", 100)
    seen = set()
    demo._sheet.observe(lambda change: seen.add(change["new"]), "value")
    paste = lambda: setattr(demo.box, "value", paragraph(20))  # noqa: E731
    play(demo, paste, pictures(demo, 1), demo.stop_button.click, idle)
    assert demo.model.reading.name.startswith("sample")
    assert any("reading pasted" in sheet for sheet in seen)
    assert "Reading pasted" in demo._sheet.value
    demo.buttons["Train"].click()
    assert demo.model.epoch == EPOCHS
    shown(demo)


@pytest.mark.slow
def test_all_words_of_the_sample_fit_into_the_picture(demo):
    demo.buttons["Train"].click()
    for word in demo.model.vocabulary.words:
        demo.controls["word"].value = word
        assert f"{word} in the text" in shown(demo)


def test_words_of_any_length_and_script_fit_into_the_picture(demo):
    words = ["m" * 40, "狗" * 30, "ﷺ", "straße", "नमस्ते", "W" * 12, "שלום", "مرحبا", "don't", "i"]
    demo.box.value = "\n".join(" ".join(words[k:] + words[:k]) for k in range(10))
    demo.buttons["Train"].click()
    for word in words:
        demo.controls["word"].value = word
        root = ElementTree.fromstring(demo.draw())
        boxes = [
            box_of(t)
            for t in root.iter("{http://www.w3.org/2000/svg}text")
            if t.text and t.get("text-anchor") is None and float(t.get("x")) >= 454
        ]
        assert not any(meet(a, b) for k, a in enumerate(boxes) for b in boxes[:k])
    assert demo.problems == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        f"{'a' * 300_000} {'b' * 300_000} " * 3,
        "\n".join(f"w{i} x" for i in range(20_000)),
        "a " * 99_999,
    ],
)
def test_texts_that_nobody_would_write_get_a_small_picture_too(demo, text):
    demo.box.value = text
    look(demo)
    demo.buttons["Train"].click()
    demo.controls["word"].value = "a" * 300_000
    assert len(demo._sheet.value) < 20_000
    look(demo)


# --- Vectors made elsewhere ---------------------------------------------------------------------------


def seen(demo):
    """Return the words of the picture after something was done to the model behind its back."""
    demo.refresh()
    return look(demo)


def table(words=40, dim=6, header=True):
    """Return words and vectors, and the file that word2vec or GloVe makes of them."""
    W = np.random.default_rng(3).normal(size=(words, dim)).round(3)
    names = [f"Word_{i}" for i in range(words)]
    lines = [f"{name} {' '.join(map(str, row))}" for name, row in zip(names, W.tolist(), strict=True)]
    return names, W, "\n".join([f"{words} {dim}"] * header + lines).encode()


@pytest.mark.parametrize("form", ["word2vec", "glove", "packed", "binary"])
def test_a_file_of_vectors_is_asked_like_a_text_that_was_trained_on(model, form, tmp_path):
    names, W, data = table(header=form != "glove")
    if form == "binary":
        rows = zip(names, W.astype("<f4"), strict=True)
        data = b"40 6\n" + b"".join(name.encode() + b" " + row.tobytes() + b"\n" for name, row in rows)
    data = gzip.compress(data) if form == "packed" else data
    (tmp_path / "file").write_bytes(data)
    for source in (model.load("file", data), model.open(str(tmp_path / "file"))):
        take(source)
        assert model.vocabulary.words == tuple(names)
        model.set(word="Word_7")
        ids, cosines = nearest_neighbors(W.astype(np.float32), 7, NEIGHBORS)
        assert [i for i, _ in model.neighbors] == ids.tolist()
        assert np.allclose([cosine for _, cosine in model.neighbors], cosines)
        assert f"40 words, 6 numbers each; {'GloVe' if form == 'glove' else 'word2vec'}" in model.summary()
        take(model.paste(LOVE))
        assert not model.elsewhere


def test_vectors_made_elsewhere_are_neither_trained_nor_saved_and_no_slider_harms_them(demo, tmp_path):
    _, W, data = table()
    model = demo.model
    take(model.load("theirs.vec", data))
    for change in ({"dim": 5}, {"seed": 3}, {"window": 4}, {"min_count": 5}):
        model.set(**change)
        np.testing.assert_array_equal(model.embeddings.W, W.astype(np.float32))
        assert "nothing to train" in seen(demo)
    take(model.frames())
    np.testing.assert_array_equal(model.embeddings.W, W.astype(np.float32))
    assert model.summary() == "theirs.vec is trained already. To train here, load a text."
    model.save()
    assert "stays where it is" in model.summary()
    assert not list(tmp_path.iterdir())
    model.set(word="xylophone")
    assert "'xylophone' is not in the vocabulary" in seen(demo)
    model.reset()
    model.train()
    assert model.trained
    assert len(model.embeddings.W) == len(model.vocabulary)


def test_what_does_not_fit_in_a_file_of_vectors_is_told_and_a_damaged_one_loses_nothing(demo):
    _, _, data = table()
    take(demo.model.load("theirs.vec", data + b"\nshort 1 2\n"))
    assert "theirs.vec: 1 line left out, not a word and 6 numbers (line 42)" in seen(demo)
    take(demo.model.load("broken.vec", b"1 6\n" + data.split(b"\n")[1] + b"\n"))
    assert "broken.vec has one word" in demo.model.summary()
    assert "Theirs.vec stays in use" in demo.model.summary()
    take(demo.model.load("flat.vec", b"3 1\na 1\nb 2\nc 3\n"))
    assert "flat.vec has one number for each word, and a map takes two" in demo.model.summary()
    assert "Theirs.vec stays in use" in demo.model.summary()


def test_of_a_large_file_the_first_words_are_asked(demo, monkeypatch):
    monkeypatch.setattr(your_own_corpus_vectors, "MOST", 20)
    take(demo.model.load("large.vec", table()[2]))
    assert len(demo.model.vocabulary) == 20
    assert "The first 20 words are asked here" in seen(demo)


@pytest.mark.parametrize(
    "text", ["3 2\nthree two\n", "Chapter 1\nof 1 2\n", "€\x03 1 2", "1 2 3 4 5 6\n7 8\n", "7 7\n7 7\n"]
)
def test_a_text_with_numbers_in_it_stays_a_text(model, text):
    for data in (text.encode(), text.encode("cp1252")):
        take(model.load("text.txt", data))
        assert not model.elsewhere
