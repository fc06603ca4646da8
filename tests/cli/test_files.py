"""The pipeline's files: what is written is read back, and a folder changes as a whole or not at all."""

import os
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cli import files
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary, tokenize

AWKWARD = ["don't", "well-known", "id", "count", "nan", "007", "straße", "naïve", "狗", "_", "i̇"]
AWKWARD += ["नमस्ते", "می\u200cخواهم"]


def content(folder):
    """Everything in a folder, as bytes by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- There and back -----------------------------------------------------------------------------------


def test_awkward_words_survive(tmp_path):
    vocabulary = Vocabulary(tuple(AWKWARD), np.arange(1, len(AWKWARD) + 1))
    files.write_vocabulary(tmp_path, vocabulary)
    back = files.read_vocabulary(tmp_path)
    assert back.words == vocabulary.words
    assert back.counts.tolist() == vocabulary.counts.tolist()


@given(st.text())
def test_every_vocabulary_survives(tmp_path_factory, text):
    sentences = tokenize(text)
    if not sentences:
        return
    folder = tmp_path_factory.mktemp("any")
    vocabulary = Vocabulary.from_sentences(sentences)
    files.write_vocabulary(folder, vocabulary)
    files.write_encoded(folder, map(vocabulary.encode, sentences))
    back = files.read_vocabulary(folder)
    assert [back.decode(ids) for ids in files.read_encoded(folder, len(back))] == sentences


def test_a_vocabulary_saved_by_a_windows_editor_is_read(tmp_path):
    files.write_vocabulary(tmp_path, Vocabulary(("café", "b"), np.array([2, 1])))
    path = tmp_path / files.VOCABULARY
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert files.read_vocabulary(tmp_path).words == ("café", "b")


def test_files_are_plain_and_hold_no_dates(tmp_path):
    files.write_vocabulary(tmp_path, Vocabulary(("the", "car"), np.array([2, 1])))
    files.write_encoded(tmp_path, [np.array([0, 1]), np.array([0])])
    files.write_vectors(tmp_path, Embeddings(np.ones((2, 3)), np.zeros((2, 3))))
    files.write_run(tmp_path, {"train": {"seed": 0}})
    assert (tmp_path / "vocabulary.tsv").read_bytes() == b"id\tword\tcount\n0\tthe\t2\n1\tcar\t1\n"
    assert (tmp_path / "corpus_encoded.txt").read_bytes() == b"0 1\n0\n"
    assert (tmp_path / "run.json").read_bytes() == b'{\n  "train": {\n    "seed": 0\n  }\n}\n'
    with zipfile.ZipFile(tmp_path / "vectors.npz") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with np.load(tmp_path / "vectors.npz") as archive:
        assert sorted(archive) == ["C", "W"]


@pytest.mark.parametrize("seed", [0, 1])
def test_vectors_survive_to_the_last_bit(tmp_path, seed):
    W, C = np.random.default_rng(seed).standard_normal((2, 4, 3))
    files.write_vectors(tmp_path, Embeddings(W, C))
    back = files.read_vectors(tmp_path, 4)
    assert np.array_equal(back.W, W)
    assert np.array_equal(back.C, C)


def test_a_run_that_was_not_written_is_empty(tmp_path):
    assert files.read_run(tmp_path) == {}


# --- All or nothing -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A folder with results of all steps, and a file that is not ours."""
    folder = tmp_path / "results"
    folder.mkdir()
    for name in (*files.NAMES, "notes.txt"):
        (folder / name).write_text("old")
    return folder


def write(new, *names):
    for name in names:
        (new / name).write_text("new")


def write_and_fail(folder, error):
    with files.replacing(folder) as new:
        write(new, *files.NAMES)
        raise error


@pytest.mark.parametrize(
    ("fresh", "kept"),
    [
        (["vocabulary.tsv", "run.json"], []),
        (["corpus_encoded.txt", "run.json"], ["vocabulary.tsv"]),
        (["vectors.npz", "run.json"], ["vocabulary.tsv", "corpus_encoded.txt"]),
        (files.NAMES, []),
    ],
)
def test_new_files_replace_old_ones_and_what_depended_on_them(folder, fresh, kept):
    with files.replacing(folder) as new:
        write(new, *fresh)
        assert (folder / fresh[0]).read_text() == "old", "nothing moves before the block ends"
    wanted = dict.fromkeys(fresh, b"new") | dict.fromkeys([*kept, "notes.txt"], b"old")
    assert content(folder) == wanted


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_block_that_fails_changes_nothing(folder, error):
    before = content(folder)
    with pytest.raises(error):
        write_and_fail(folder, error)
    assert content(folder) == before


@pytest.mark.parametrize("fresh", [files.NAMES, ["corpus_encoded.txt", "run.json"]])
@pytest.mark.parametrize("missing", [[], ["corpus_encoded.txt"], ["run.json", "vectors.npz"]])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_moving_that_fails_half_way_is_undone(folder, monkeypatch, fresh, missing, error):
    for name in missing:
        (folder / name).unlink()
    before, replace = content(folder), os.replace
    for failing in range(20):
        moves = iter(range(100))

        def fail(source, target, moves=moves, failing=failing):
            if next(moves) == failing:
                raise error
            replace(source, target)

        monkeypatch.setattr(os, "replace", fail)
        try:
            with files.replacing(folder) as new:
                write(new, *fresh)
        except (OSError, KeyboardInterrupt):
            assert content(folder) == before, failing
        else:
            break
    outdated = files.NAMES[files.NAMES.index(fresh[0]) :]
    assert failing == len(fresh) + len(set(outdated) - set(missing)), "every move has failed once"


def test_a_new_folder_appears_with_its_parents_or_not_at_all(tmp_path):
    folder = tmp_path / "deep" / "down"
    with pytest.raises(ValueError, match="stop"):
        write_and_fail(folder, ValueError("stop"))
    assert content(tmp_path) == {}
    with files.replacing(folder) as new:
        write(new, *files.NAMES)
        assert not folder.exists()
    assert sorted(content(folder)) == sorted(files.NAMES)
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_new_folder_is_as_open_as_any_other(tmp_path):
    (tmp_path / "usual").mkdir()
    with files.replacing(tmp_path / "ours") as new:
        write(new, *files.NAMES)
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_in_the_place_of_a_file_is_left_alone(folder):
    (folder / "vectors.npz").unlink()
    (folder / "vectors.npz").mkdir()
    with pytest.raises(ValueError, match=r"vectors\.npz is a folder"), files.replacing(folder) as new:
        write(new, *files.NAMES)
    assert (folder / "vectors.npz").is_dir()
