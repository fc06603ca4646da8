"""`python -m helpers`: the whole way from a text to neighbors, and every wrong turn on it."""

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from shell import ROOT, damage, snapshot

from helpers import scale, skipgram
from helpers.cli import exporting, files, formats, training
from helpers.corpora import LOVE, SMALL_WORLD_CLASSES, topic_corpus
from helpers.geometry import nearest_neighbors
from helpers.skipgram import Embeddings

VEHICLES = set(SMALL_WORLD_CLASSES["vehicle"])
GOOD = np.ones((53, 20))  # vectors of the right shape
FORMATS = ("npz", "word2vec", "projector")


def flags(settings):
    """Return settings as one types them."""
    return [str(word) for name, value in settings.items() for word in ("--" + name.replace("_", "-"), value)]


# --- The way through ----------------------------------------------------------------------------------


def test_neighbors_of_car_are_the_other_vehicles(place, run):
    status, out, err = run("neighbors", "cars", "car", "-k", "10")
    assert (status, err) == (0, "")
    head, *rows = [line.split() for line in out.splitlines()]
    assert head == ["rank", "word", "cosine", "count"]
    assert [int(row[0]) for row in rows] == list(range(1, 11))
    assert {row[1] for row in rows[:5]} == VEHICLES - {"car"}
    assert len({len(line) for line in out.splitlines()}) == 1, "columns are aligned"
    vocabulary = files.read_vocabulary("cars")
    W = files.read_vectors("cars", len(vocabulary)).W
    ids, cosines = nearest_neighbors(W, vocabulary.index["car"], 10)
    assert [row[1] for row in rows] == vocabulary.decode(ids)
    assert np.allclose([float(row[2]) for row in rows], cosines, atol=5e-4)
    text = Path("corpus.txt").read_text().split()
    assert all(int(row[3]) == text.count(row[1]) for row in rows)


def test_the_first_example_of_the_readme_runs(place, run):
    """On a text with the word that is asked for; what it says on real text is in benchmarks/your_text.py."""
    readme = (
        (ROOT / "README.md").read_text(encoding="utf-8").split("## On your own text")[1].split("\n## ")[0]
    )
    lines = [line.split()[3:] for line in readme.splitlines() if line.startswith("python -m helpers ")]
    assert [line[0] for line in lines] == ["train", "neighbors", "import", "analogy", "train", "neighbors"]
    text = Path("corpus.txt").read_text().replace("car", "house")
    Path("novel.txt").write_text(text)
    assert run(*lines[0], "--epochs", 20)[0] == 0
    status, out, _ = run(*lines[1])
    assert status == 0
    assert {line.split()[1] for line in out.splitlines()[1:6]} == VEHICLES - {"car"}
    going_on = readme.split("`python -m helpers train more.txt")[1].split("`")[0].split()
    Path("more.txt").write_text(text)
    assert run("train", "more.txt", *going_on, "--epochs", 1)[0] == 0
    rows = [f"{word} ".encode() + np.eye(4, dtype="<f4")[i].tobytes() for i, word in enumerate(lines[3][2:])]
    Path("vectors.bin").write_bytes(b"3 4\n" + b"\n".join(rows))
    assert [run(*line)[0] for line in lines[2:4]] == [0, 0]


def test_neighbors_takes_a_word_as_it_stands_in_a_text(place, run):
    assert run("neighbors", "cars", "Car.") == run("neighbors", "cars", "car")


def test_neighbors_are_all_others_at_most(place, run):
    _, out, _ = run("neighbors", "cars", "car", "-k", "1000")
    assert len(out.splitlines()) == len(files.read_vocabulary("cars"))


def test_running_again_into_the_same_folder_changes_nothing(place, run):
    before = snapshot(place)
    assert run("train", "corpus.txt", "--out", "cars")[0] == 0
    assert run("train", "cars")[0] == 0
    assert snapshot(place) == before


def test_single_steps_do_what_train_does_at_once(place, run):
    settings = ["--dim", 7, "--window", 3, "--seed", 5, "--epochs", 20, "--learning-rate", 0.1]
    assert run("train", "corpus.txt", "--min-count", 30, "--out", "once", *settings)[0] == 0
    assert run("index", "corpus.txt", "--min-count", 30, "--out", "steps")[0] == 0
    assert sorted(snapshot(place / "steps")) == ["run.json", "vocabulary.tsv"]
    assert run("encode", "corpus.txt", "--out", "steps")[0] == 0
    assert sorted(snapshot(place / "steps")) == ["corpus_encoded.txt", "run.json", "vocabulary.tsv"]
    assert run("train", "steps", *settings)[0] == 0
    assert snapshot(place / "once") == snapshot(place / "steps")


def test_run_json_tells_settings_and_outcome(place, run):
    settings = {"dim": 6, "window": 1, "seed": 3, "epochs": 40, "learning_rate": 0.5, "init_scale": 0.01}
    settings["optimizer"] = "gd"
    options = flags(settings)
    Path("love.txt").write_text(LOVE)
    assert run("train", "love.txt", "--out", "love", *options)[0] == 0
    told = json.loads(Path("love/run.json").read_text())
    assert told["index"] == {"min_count": 1, "words": 6}
    assert told["encode"] == {"sentences": 4, "tokens": 16, "tokens_left_out": 0}
    assert {name: told["train"].pop(name) for name in settings} == settings
    assert told["train"].pop("pairs") == 24
    assert told["train"].pop("loss_floor") == pytest.approx(np.log(2))
    assert told["train"].pop("loss_start") == pytest.approx(np.log(6), abs=0.01)
    assert np.log(2) < told["train"].pop("loss_end") < np.log(6)
    assert told["train"] == {"method": "softmax"}
    assert files.read_vectors("love", 6).W.shape == (6, 6)


def test_another_seed_changes_the_vectors_alone(place, run):
    run("train", "corpus.txt", "--out", "other", "--seed", 1)
    one, other = snapshot(place / "cars"), snapshot(place / "other")
    assert {name for name in one if one[name] != other[name]} == {"vectors.npz", "run.json"}


def test_a_step_replaces_its_own_and_later_files(place, run):
    Path("cars/notes.txt").write_text("mine")
    assert run("encode", "corpus.txt", "--out", "cars")[0] == 0
    assert sorted(os.listdir("cars")) == ["corpus_encoded.txt", "notes.txt", "run.json", "vocabulary.tsv"]
    assert sorted(json.loads(Path("cars/run.json").read_text())) == ["encode", "index"]
    assert run("index", "corpus.txt", "--out", "cars")[0] == 0
    assert sorted(os.listdir("cars")) == ["notes.txt", "run.json", "vocabulary.tsv"]


def test_words_outside_the_vocabulary_are_left_out_and_counted(place, run):
    Path("love.txt").write_text("the car loves the unicorn\nunicorn\nthe bus")
    status, _, err = run("encode", "love.txt", "--out", "cars")
    assert status == 0
    assert err.endswith(f"cars{os.sep}corpus_encoded.txt: 5 tokens in 2 sentences, 3 left out\n")
    assert len(Path("cars/corpus_encoded.txt").read_text().splitlines()) == 2


def test_a_folder_made_by_hand_can_be_trained(place, run):
    Path("cars/run.json").unlink()
    assert run("train", "cars", "--epochs", 5)[0] == 0
    assert list(json.loads(Path("cars/run.json").read_text())) == ["train"]


def test_defaults_get_to_the_floor_on_a_card_of_text(place, run):
    for text in (LOVE, "a b", "a b c d e f a", "a " * 50 + "b", "a b a c\n" * 30):
        Path("small.txt").write_text(text)
        for optimizer, epochs in (("momentum", 300), ("gd", 1000)):
            assert (
                run("train", "small.txt", "--out", "s", "--optimizer", optimizer, "--epochs", epochs)[0] == 0
            )
            told = json.loads(Path("s/run.json").read_text())["train"]
            assert told["loss_end"] - told["loss_floor"] < 0.01


# --- Negative sampling --------------------------------------------------------------------------------

QUICK = ["--method", "sgns", "--dim", "10", "--epochs", "2", "--quiet"]


@pytest.mark.slow
def test_a_text_of_topics_gives_neighbors_of_the_same_topic(place, run):
    sentences, topic = topic_corpus(
        np.random.default_rng(0), 60_000, topics=4, words_per_topic=20, common_words=40
    )
    names = [f"w{i}" for i in range(len(topic))]
    Path("topics.txt").write_text("\n".join(" ".join(names[i] for i in ids) for ids in sentences))
    status, _, err = run("train", "topics.txt", "--method", "sgns", "--dim", 20, "--out", "topics")
    assert status == 0
    lines = err.splitlines()
    assert lines[:2] == ["120 words, 60,000 tokens", "2,040,000 words to read"], "34 passes"
    assert lines[-2].startswith("100% of 2,040,000 words, loss ")
    assert len(lines) <= 7
    shares = []
    for i in np.flatnonzero(topic >= 0)[::20]:
        _, out, _ = run("neighbors", "topics", names[i], "-k", 5)
        found = [line.split()[1] for line in out.splitlines()[1:]]
        shares.append(np.mean([topic[names.index(word)] == topic[i] for word in found]))
    assert np.mean(shares) > 0.9
    told = json.loads(Path("topics/run.json").read_text())["train"]
    assert told["loss_last_epoch"] < told["loss_first_epoch"] < 6 * np.log(2)


def test_sgns_tells_its_settings_and_gives_the_same_bytes_again(place, run):
    settings = {"dim": 7, "window": 3, "seed": 4, "epochs": 2, "learning_rate": 0.05}
    settings |= {"negatives": 3, "sample": 0.01, "workers": 1}
    options = flags(settings)
    options += ["--method", "sgns", "--quiet"]
    assert run("train", "corpus.txt", "--out", "new", *options) == (0, "", "")
    told = json.loads(Path("new/run.json").read_text())["train"]
    assert told.pop("method") == "sgns"
    assert {name: told.pop(name) for name in settings} == settings
    assert told.pop("tokens") == len(Path("corpus.txt").read_text().split())
    assert sorted(told) == ["loss_first_epoch", "loss_last_epoch"]
    before = snapshot(place)
    assert run("train", "new", *options) == (0, "", "")
    assert snapshot(place) == before
    assert run("train", "new", *options, "--seed", 5)[0] == 0
    assert snapshot(place)[str(Path("new/vectors.npz"))] != before[str(Path("new/vectors.npz"))]


def test_sgns_has_defaults_of_its_own_and_no_limit_of_words(place, run, monkeypatch):
    monkeypatch.setattr(training, "MOST_WORDS", 20)
    given = {}

    def learn(sentences, **settings):
        given.update(settings, twice=[len(list(sentences)), len(list(sentences))])
        return scale.ScaleRun(Embeddings(GOOD, GOOD), np.array([2.0, 1.0]), 1, True)

    monkeypatch.setattr(scale, "train_sgns", learn)
    assert run("train", "cars", "--method", "sgns", "--quiet")[0] == 0
    assert [given[name] for name in ("dim", "window", "negatives", "workers")] == [100, 5, 5, 1]
    assert given["learning_rate"] == 0.045
    assert (given["epochs"], given["sample"]) == (100, 2 / 53), "5 epochs and 0.001 are for longer texts"
    assert given["word_counts"].tolist() == files.read_vocabulary("cars").counts.tolist()
    assert given["twice"] == [1000, 1000]


def test_without_an_epoch_there_is_the_random_start(place, run):
    assert run("train", "cars", *QUICK, "--epochs", 0)[0] == 0
    assert not files.read_vectors("cars", 53).C.any()
    assert json.loads(Path("cars/run.json").read_text())["train"]["loss_last_epoch"] is None


def test_two_workers_learn_too(place, run):
    assert run("train", "cars", *QUICK, "--workers", 2) == (0, "", "")
    assert files.read_vectors("cars", 53).C.any()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [(b"", "no words"), (b"hello hello", "'hello' is the only word"), (b"one.\ntwo.", "holds no pair")],
)
def test_texts_that_sgns_refuses(place, refused, data, complaint):
    Path("text.txt").write_bytes(data)
    assert complaint in refused("train", "text.txt", "--out", "new", *QUICK)


@pytest.mark.parametrize(
    ("data", "complaint"), [(b"", "has no words to learn from"), (b"0 1\n0 53\n", "line 2")]
)
def test_encoded_corpora_that_sgns_refuses(place, refused, data, complaint):
    Path("cars/corpus_encoded.txt").write_bytes(data)
    assert complaint in refused("train", "cars", *QUICK)


def test_a_process_that_dies_is_no_result(refused, monkeypatch):
    def die(*_, **__):
        raise RuntimeError("a process that was learning came to its end too early")

    monkeypatch.setattr(scale, "train_sgns", die)
    assert "came to its end too early" in refused("train", "cars", *QUICK)


# --- Export -------------------------------------------------------------------------------------------


def test_exported_files_are_read_back(place, run):
    vocabulary = files.read_vocabulary("cars")
    embeddings = files.read_vectors("cars", 53)
    status, out, err = run("export", "cars", "--format", "npz", "--out", "deep/er/cars.bin")
    assert (status, out) == (0, "")
    assert err == f"{Path('deep/er/cars.bin')}: 53 words, 20 numbers each\n"
    with np.load("deep/er/cars.bin") as archive:
        assert archive["words"].tolist() == list(vocabulary.words)
        assert np.array_equal(archive["W"], embeddings.W)
        assert np.array_equal(archive["C"], embeddings.C)
    assert run("export", "cars", "--format", "word2vec", "--out", "cars.vec", "--quiet") == (0, "", "")
    words, W = formats.load_word2vec("cars.vec")
    assert words == list(vocabulary.words)
    assert np.array_equal(W, embeddings.W)
    assert run("export", "cars", "--format", "projector", "--out", "look")[0] == 0
    assert sorted(os.listdir("look")) == ["metadata.tsv", "vectors.tsv"]
    assert np.allclose(np.loadtxt("look/vectors.tsv"), embeddings.W, rtol=1e-6)
    rows = [line.split("\t") for line in Path("look/metadata.tsv").read_text().splitlines()]
    assert rows[1:] == [[w, str(n)] for w, n in zip(vocabulary.words, vocabulary.counts, strict=True)]


def test_numbers_of_float32_are_written_with_as_many_digits(place, run):
    assert run("train", "cars", *QUICK)[0] == 0
    assert run("export", "cars", "--format", "word2vec", "--out", "cars.vec")[0] == 0
    assert np.array_equal(formats.load_word2vec("cars.vec")[1].astype(np.float32), vectors := W_of("cars"))
    assert vectors.dtype == np.float64
    assert max(map(len, Path("cars.vec").read_text().split())) <= 16


def W_of(folder):
    return files.read_vectors(folder, 53).W


@pytest.mark.parametrize("form", FORMATS)
def test_exporting_again_replaces_the_export_alone(place, run, form):
    Path("place").mkdir()
    Path("place/notes.txt").write_text("mine")
    out = "place" if form == "projector" else "place/cars"
    assert run("export", "cars", "--format", form, "--out", out)[0] == 0
    before = snapshot(place)
    assert run("export", "cars", "--format", form, "--out", out)[0] == 0
    assert snapshot(place) == before
    names = [f"place/{name}" for name in exporting.PROJECTOR] if form == "projector" else [out]
    for name in names:
        Path(name).write_text("older")
    assert run("export", "cars", "--format", form, "--out", out)[0] == 0
    assert snapshot(place) == before


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_export_that_fails_changes_nothing(place, run, monkeypatch, form, error):
    out = "place" if form == "projector" else "place/cars"
    assert run("export", "cars", "--format", form, "--out", out)[0] == 0
    assert run("train", "cars", "--epochs", 1)[0] == 0
    before = snapshot(place)

    def fail(path, *_, **__):
        Path(path).write_text("half of a f")
        raise error

    monkeypatch.setattr(formats, f"save_{form}", fail)
    assert run("export", "cars", "--format", form, "--out", out)[0] in (2, 130)
    assert snapshot(place) == before


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        ("export cars --out new", "--format"),
        ("export cars --format npz", "--out"),
        ("export cars --format csv --out new", "csv"),
        (
            "export new --format npz --out new.npz",
            "there is no folder new",
        ),
        ("export cars --format npz --out cars", "cars is a folder: npz needs the name of a file"),
        ("export cars --format word2vec --out .", "is a folder: word2vec needs the name of a file"),
        ("export cars --format npz --out cars/vectors.npz", "would be overwritten"),
        ("export cars --format npz --out corpus.txt/new", "is a file, so it cannot hold files"),
        ("export cars --format projector --out corpus.txt", "is a file, so it cannot hold files"),
    ],
)
def test_exports_that_are_refused(refused, argv, complaint):
    assert complaint in refused(*argv.split())


def test_words_that_a_format_cannot_hold(place, run, refused):
    damage(place / "cars" / "vocabulary.tsv", (b"\tcar\t", b"\tsports car\t"))
    assert "cannot hold the word 'sports car'" in refused(
        "export", "cars", "--format", "word2vec", "--out", "x"
    )
    for form in ("npz", "projector"):
        assert run("export", "cars", "--format", form, "--out", f"new.{form}")[0] == 0
    with np.load("new.npz") as archive:
        assert "sports car" in archive["words"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_an_export_goes_where_a_link_points_but_not_to_a_device(place, run, refused):
    Path("link").symlink_to("real")
    Path("real").write_text("older")
    assert run("export", "cars", "--format", "word2vec", "--out", "link")[0] == 0
    assert Path("link").is_symlink()
    assert len(formats.load_word2vec("real")[0]) == 53
    os.mkfifo("pipe")  # never a real device: as root, a program without this check would replace it
    assert "pipe is a device, not a file" in refused("export", "cars", "--format", "npz", "--out", "pipe")


# --- Encodings ----------------------------------------------------------------------------------------


def test_the_encoding_of_the_text_leaves_no_trace(place, run):
    text = "Café au lait.\nUn café noir.\n"
    variants = {"plain": text.encode(), "mark": text.encode("utf-8-sig"), "latin": text.encode("cp1252")}
    variants["windows"] = text.replace("\n", "\r\n").encode()
    for name, data in variants.items():
        Path(f"{name}.txt").write_bytes(data)
        status, _, err = run("train", f"{name}.txt", "--out", name, "--epochs", 3)
        assert status == 0
        assert ("Windows-1252" in err) == (name == "latin")
    assert all(snapshot(place / name) == snapshot(place / "plain") for name in variants)


# --- Wrong turns: one line, exit status 2, nothing changed --------------------------------------------


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "no words"),
        (b"\xef\xbb\xbf", "no words"),
        (b"... !!! \n\n -- \n", "no words"),
        (b"hello", "'hello' is the only word"),
        (b"hello hello hello", "'hello' is the only word"),
        (b"a b\0 c", "does not look like text"),
        (b"\x89PNG\r\n\x1a\n\0\xff", "does not look like text"),
    ],
)
def test_texts_that_cannot_be_trained_on(place, refused, data, complaint):
    Path("text.txt").write_bytes(data)
    assert complaint in refused("train", "text.txt", "--out", "new")
    assert complaint in refused("train", "text.txt", "--out", "cars")


def test_sentences_of_one_word_have_no_pairs(place, refused):
    Path("text.txt").write_text("one.\ntwo.\nthree.")
    assert "holds no pair" in refused("train", "text.txt", "--out", "new")


@pytest.mark.parametrize("losses", [[2.0, 1.0, 2.1], [2.0, np.nan]])
def test_a_loss_that_grows_is_not_a_result(refused, monkeypatch, losses):
    vectors = Embeddings(GOOD, GOOD)
    monkeypatch.setattr(skipgram, "train", lambda *_, **__: skipgram.Run(vectors, np.array(losses)))
    assert "choose a smaller --learning-rate" in refused("train", "cars", "--quiet")


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="Unix only")
def test_a_device_is_not_a_text(refused):
    assert "/dev/null is a device, not a text file" in refused("train", "/dev/null", "--out", "new")


def test_a_place_that_cannot_be_written_to_is_found_out_at_once(place, refused, monkeypatch):
    def deny(*_, **__):
        raise PermissionError(13, "Permission denied", ".helpers-x")

    monkeypatch.setattr(files.tempfile, "mkdtemp", deny)
    assert (
        refused("train", "corpus.txt", "--out", "new") == "helpers: cannot write to new: Permission denied\n"
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("vocabulary.tsv", lambda p: p.unlink()),
        ("vocabulary.tsv", lambda p: p.write_bytes(b"")),
        ("vocabulary.tsv", lambda p: p.write_bytes(b"id\tword\tcount\n")),
        ("vocabulary.tsv", lambda p: p.write_bytes(b"\xff\xfe\0")),
        ("vocabulary.tsv", lambda p: damage(p, (b"id\tword\tcount\n", b""))),
        ("vocabulary.tsv", lambda p: damage(p, (b"id\tword\tcount\n", b"word\tid\tcount\n"))),
        ("vocabulary.tsv", lambda p: damage(p, (b"\n3\t", b"\n4\t"))),
        ("vocabulary.tsv", lambda p: damage(p, (b"\tcar\t", b"\t\t"))),
        ("vocabulary.tsv", lambda p: damage(p, (b"\tcar\t", b"\tbus\t"))),
        ("vocabulary.tsv", lambda p: damage(p, (b"\tcar\t", b"\tcar\t-"))),
        ("vocabulary.tsv", lambda p: p.write_bytes(p.read_bytes()[:-30] + b"\n")),
    ],
)
@pytest.mark.parametrize(
    "argv", [["train", "cars"], ["encode", "corpus.txt", "--out", "cars"], ["neighbors", "cars", "car"]]
)
def test_a_damaged_vocabulary(place, refused, name, change, argv):
    change(place / "cars" / name)
    complaint = refused(*argv)
    assert name in complaint
    assert "`index` makes it" in complaint


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.unlink(),
        lambda p: p.write_bytes(p.read_bytes() + b"0 1 x\n"),
        lambda p: p.write_bytes(p.read_bytes() + b"0 53\n"),
        lambda p: p.write_bytes(p.read_bytes() + b"0 -1\n"),
        lambda p: p.write_bytes(p.read_bytes() + b"0 99999999999999999999999\n"),
        lambda p: p.write_bytes(p.read_bytes() + b"\xff\n"),
    ],
)
def test_a_damaged_encoded_corpus(place, refused, change):
    change(place / "cars" / "corpus_encoded.txt")
    complaint = refused("train", "cars", "--quiet")
    assert "corpus_encoded.txt" in complaint
    assert "`encode` makes it" in complaint


def arrays(**tables):
    data = io.BytesIO()
    np.savez(data, **tables)
    return data.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.unlink(),
        lambda p: p.write_bytes(b""),
        lambda p: p.write_bytes(b"not an archive"),
        lambda p: p.write_bytes(p.read_bytes()[:-100]),
        lambda p: p.write_bytes(p.read_bytes()[:9000]),
        lambda p: p.write_bytes(p.read_bytes()[:2000] + b"\0" * 8 + p.read_bytes()[2008:]),
        lambda p: np.save(p.open("wb"), GOOD),
        lambda p: p.write_bytes(arrays(W=GOOD)),
        lambda p: p.write_bytes(arrays(W=GOOD, C=GOOD[:, 1:])),
        lambda p: p.write_bytes(arrays(W=GOOD[1:], C=GOOD[1:])),
        lambda p: p.write_bytes(arrays(W=GOOD * np.nan, C=GOOD)),
        lambda p: p.write_bytes(arrays(W=GOOD.astype(str), C=GOOD)),
        lambda p: p.write_bytes(arrays(W=GOOD.astype(object), C=GOOD)),
    ],
)
@pytest.mark.filterwarnings("ignore:unclosed file")  # of the line above that saves into an open file
def test_damaged_vectors(place, refused, change):
    change(place / "cars" / "vectors.npz")
    complaint = refused("neighbors", "cars", "car")
    assert "vectors.npz" in complaint
    assert "`train` makes it" in complaint


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_a_damaged_run(place, refused, run, data):
    Path("cars/run.json").write_bytes(data)
    assert "run.json is damaged" in refused("train", "cars", "--quiet")
    assert run("neighbors", "cars", "car")[0] == 0, "neighbors needs no settings"
    assert run("train", "corpus.txt", "--out", "cars")[0] == 0, "starting over repairs it"


def test_too_many_words_for_the_full_softmax(place, run, refused, monkeypatch):
    monkeypatch.setattr(training, "MOST_WORDS", 20)
    complaint = refused("train", "corpus.txt", "--out", "new")
    assert complaint.startswith("helpers: 53 words are too many")
    assert refused("train", "cars") == complaint
    enough = complaint.split("--min-count ")[1].split()[0]
    kept = complaint.split("keep the ")[1].split()[0]
    assert run("train", "corpus.txt", "--out", "new", "--min-count", enough)[0] == 0
    assert len(files.read_vocabulary("new")) == int(kept) <= 20
    refused("train", "corpus.txt", "--out", "other", "--min-count", int(enough) - 1)
    Path("list.txt").write_text(" ".join(f"w{i}" for i in range(21)))
    assert "choose a shorter text" in refused("train", "list.txt", "--out", "other")
