"""The benchmarks run, and their competitors compute the same thing. No test looks at a time."""

import os
import re
import subprocess
import sys
from functools import partial
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.stats

from benchmarks import (
    averaging,
    check_export,
    counting,
    demos,
    installed,
    pairs,
    scale,
    similarity,
    timing,
    training,
    vectors,
    your_text,
)
from benchmarks.__main__ import SCRIPTS
from helpers.negative_sampling import sgns_gradients
from helpers.pairs import count_matrix, count_pairs, skipgram_pairs
from helpers.skipgram import gradients, init_embeddings
from helpers.text import Vocabulary

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus():
    return training.make_corpus(sentences=30)


def some_batch(corpus, size=200):
    """A batch in which centers repeat, its counts, and tables that are not near zero."""
    batch = np.random.default_rng(1).choice(corpus.pairs, size)
    counts = np.zeros_like(corpus.counts)
    np.add.at(counts, (batch[:, 0], batch[:, 1]), 1)
    return batch, counts, init_embeddings(len(counts), 7, np.random.default_rng(2), scale=1.0)


def test_minibatch_gradient_is_the_gradient_of_the_counts_of_its_pairs(corpus):
    batch, counts, embeddings = some_batch(corpus)
    W_gradient, C_gradient = training.minibatch_gradients(
        embeddings.W, embeddings.C, batch[:, 0], batch[:, 1]
    )
    exact = gradients(embeddings, counts)
    np.testing.assert_allclose(W_gradient, exact.W, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(C_gradient, exact.C, rtol=1e-12, atol=1e-15)


def test_bare_loop_takes_the_steps_of_the_textbook_loop(corpus):
    for textbook, bare in islice(
        zip(training.loop(corpus, (0.1, 3), 2), training.bare_loop(corpus, (0.1, 3), 2), strict=False), 6
    ):
        np.testing.assert_allclose(bare[0], textbook[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(bare[1], textbook[1], rtol=1e-9, atol=1e-12)


def test_one_batch_with_all_pairs_is_one_step_from_counts(corpus):
    start = corpus.start()
    exact = gradients(start, corpus.counts)
    W, C = next(training.minibatch(corpus, len(corpus.pairs), (0.5, None)))
    np.testing.assert_allclose(W, start.W - 0.5 * exact.W, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(C, start.C - 0.5 * exact.C, rtol=1e-12, atol=1e-15)


def test_torch_has_the_same_gradient_or_its_lines_say_that_it_is_missing(corpus):
    if training.torch is None:
        assert training.epoch_table(corpus, rounds=1, times=1).count("not installed") == 6
        return
    torch = training.torch
    batch, counts, embeddings = some_batch(corpus)
    exact = gradients(embeddings, counts)
    for pairs_or_none in (torch.tensor(batch), None):
        W, C = (torch.tensor(table, requires_grad=True) for table in (embeddings.W, embeddings.C))
        training.torch_loss(W, C, pairs_or_none, torch.tensor(counts / counts.sum())).backward()
        np.testing.assert_allclose(W.grad.numpy(), exact.W, rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(C.grad.numpy(), exact.C, rtol=1e-11, atol=1e-14)


def test_torch_has_the_gradient_of_negative_sampling_or_its_line_says_that_it_is_missing():
    if scale.torch is None:
        row = scale.row(scale.TORCH, 1, [], [])
        assert row[2] == "not installed"
        return
    torch, draw = scale.torch, np.random.default_rng(5)
    centers, contexts = draw.integers(0, 6, (2, 500))  # six words: everything comes again and again
    negatives = draw.integers(0, 6, (500, 5))
    embeddings = init_embeddings(6, 4, draw, scale=1.0)
    W, C = (
        torch.nn.Embedding.from_pretrained(torch.tensor(table), freeze=False)
        for table in (embeddings.W, embeddings.C)
    )
    targets = np.column_stack((contexts, negatives))
    scale.torch_loss(W, C, torch.tensor(centers), torch.tensor(targets)).backward()
    exact = sgns_gradients(embeddings, centers, contexts, negatives)
    np.testing.assert_allclose(W.weight.grad.numpy() / 500, exact.W, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(C.weight.grad.numpy() / 500, exact.C, rtol=1e-10, atol=1e-14)


def test_a_text_can_be_learned_from(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text(
        "".join(f"the {a} meets the {b}.\n" for a in ("dog", "cat", "cow") for b in ("hen", "pig")) * 30
    )
    corpus = scale.read_corpus(text, 10_000)
    assert len(corpus.counts) == 7
    assert corpus.words == sum(map(len, corpus.sentences)) == 5 * 176  # of 180, every 50th is held out
    rows = scale.measure(corpus, 1, 1, slow_ones=False)
    assert [row[0] for row in rows] == [name for name in scale.rivals() if "worker" in name]
    assert all(row[5] == "" for row in rows)  # nobody knows its topics


def test_step_falls_to_zero_in_a_straight_line_or_stays():
    assert list(training.pace((1.0, 2), 2)) == [1, 0.75, 0.5, 0.25]
    assert list(islice(training.pace((0.3, None), 2), 5)) == [0.3] * 5


def test_a_rival_that_runs_away_is_said_not_to_arrive(corpus):
    rival = training.rivals()[training.BARE_LOOP]
    with np.errstate(all="ignore"):
        assert rival.to_the_floor(corpus, 1e-9, (1e6, 1)) == (float("inf"), float("inf"))
    rows = timing.time_rows({"us": [1.0], "them": [float("inf")]})
    assert rows[1][1] == "not reached"


def test_the_settings_of_every_rival_are_on_its_grid(corpus):
    for rival in training.rivals().values():
        assert rival.best[0] in rival.steps
        assert rival.best[1] in rival.passes


def test_tuning_tells_the_fastest_settings(corpus, monkeypatch, capsys):
    names = [training.LOOP, training.BARE_LOOP, "NumPy minibatch of 512"]
    few = {name: training.rivals()[name] for name in names}
    monkeypatch.setattr(training, "rivals", lambda: few)
    training.tune(corpus, within=1.6)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [name for name in names[1:] for _ in range(3)]


def test_peers_of_pairs_agree():
    corpus = pairs.corpora(sentences=30)
    for sentences in corpus.values():
        lists, size = [s.tolist() for s in sentences], 53
        expected = count_matrix(sentences, 2, size)
        np.testing.assert_array_equal(pairs.double_loop(lists, 2), skipgram_pairs(sentences, 2))
        np.testing.assert_array_equal(pairs.double_loop_table(lists, 2, size), expected)
        counter = pairs.double_loop_counter(lists, 2)
        assert {p: expected[p] for p in counter} == counter
        assert sum(counter.values()) == expected.sum()
        for mine, theirs in zip(
            count_pairs(sentences, 2, size), pairs.all_at_once(sentences, 2, size), strict=True
        ):
            np.testing.assert_array_equal(mine, theirs)
        np.testing.assert_array_equal(pairs.sparse_table(sentences, 2, size).toarray(), expected)


def test_streamed_counts_do_not_grow_with_the_corpus():
    block = np.random.default_rng(0).integers(0, 50, 5000)
    small, large = (
        pairs.peak(partial(count_matrix, pairs.stream(block, times), 2, 50)) for times in (120, 240)
    )
    assert large < 1.2 * small


def test_ast_and_tokenize_find_what_the_expression_finds():
    code = '"""One\n\nand two.\n"""\n# three\n#: four\nx = 1  # no\n    # five\ndef f():\n    """Six."""\n'
    found = [" ".join(" ".join(lines).split()) for lines in installed.ast_and_tokenize(code)]
    assert [prose for prose in found if prose] == ["One and two.", "Six.", "three four", "five"]
    ours = [" ".join(" ".join(lines).split()) for lines in installed.installed.prose(code)]
    assert sorted(filter(None, ours)) == sorted(filter(None, found))


@pytest.mark.parametrize("values", [50, 5])
def test_rank_correlation_is_that_of_scipy(values):
    x, y = np.random.default_rng(0).integers(0, values, (2, 40)).astype(float)
    assert similarity.rank_correlation(x, y) == pytest.approx(scipy.stats.spearmanr(x, y).statistic)


def test_pairs_are_compared_where_both_words_are_seen_often():
    vocabulary = Vocabulary(tuple("abcde"), np.array([9, 9, 9, 9, 4]))
    angles = np.array([0, 0.1, 1.0, 2.5, 3.0])
    W = np.column_stack((np.cos(angles), np.sin(angles)))
    pairs = [("a", "b"), ("a", "c"), ("a", "d"), ("a", "e"), ("a", "unheard"), ("c", "b")]
    judged = np.array([9.0, 3, 1, 10, 10, 5])
    cells = similarity.row("all", 5, pairs, judged, vocabulary, [W, -W, W * [1, -1]])
    assert cells[:4] == ["all, 5 times", "4 of 6", "+1.00", "+1.00 … +1.00"]
    assert similarity.row("all", 5, pairs, -judged, vocabulary, [W])[2] == "-1.00"
    assert similarity.row("none", 10, pairs, judged, vocabulary, [W])[1:] == ["0 of 6", "", "", ""]


def test_the_peer_of_a_demo_draws_the_same_parts():
    svg = demos.Kernel("three_curves").demo.draw()
    width, height, boxes, strokes, dots, words = demos.read(svg)
    assert f'viewBox="0 0 {width:g} {height:g}"' in svg
    for parts, mark in ((boxes, "<rect"), (dots, "<circle"), (words, "<text")):
        assert len(parts) == svg.count(mark) > 0
    assert len(strokes) == svg.count("<path") + svg.count("<polygon")


# --- Every script runs to its end, at tiny sizes ------------------------------------------------------


def rows(capsys, script, *arguments):
    """Run a script; return the first cells of all lines in its tables, and all that it printed."""
    script.main(["--small", *arguments])
    shown = capsys.readouterr().out
    return re.findall(r"^\| ([^ -].*?) +\|", shown, flags=re.MULTILINE), shown


def test_all_scripts_are_run():
    code = {path.name: path.read_text(encoding="utf-8") for path in Path(timing.__file__).parent.glob("*.py")}
    assert set(SCRIPTS) == {name for name, text in code.items() if "def main(" in text}


@pytest.mark.parametrize("present", [True, False])
def test_training_has_two_lines_for_every_rival(present, monkeypatch, capsys):
    if not present:
        monkeypatch.setattr(training, "torch", None)
    names, shown = rows(capsys, training)
    for name in training.rivals():
        assert names.count(name) == 2
    assert ("| not installed |" in shown) == (training.torch is None)
    assert "not reached" not in shown


@pytest.mark.parametrize("present", [True, False])
def test_pairs_has_two_lines_for_every_peer_and_a_table_of_memory(present, monkeypatch, capsys):
    if not present:
        monkeypatch.setattr(pairs, "scipy", None)
    names, shown = rows(capsys, pairs)
    for name in ("skipgram_pairs, from arrays", "count_matrix", "all pairs at once, scipy.sparse"):
        assert names.count(name) == 2
    assert shown.count("| not installed |") == (0 if present else 2)
    assert names[-3:] == ["500", "1,000", "2,000"]


def test_scale_has_a_line_for_every_rival_and_a_table_of_memory(capsys):
    names, shown = rows(capsys, scale)
    assert names == [*scale.rivals(), "different words", "1,000"]
    *_, ours = re.search(r"^\| 1,000 .*\|$", shown, flags=re.MULTILINE)[0].strip("| ").split(" | ")
    assert 0 < int(ours.removesuffix(" MB")) < 100 if timing.STATUS.exists() else ours == "not measured"


PROGRAM = """#!{python}
import sys
import numpy as np
options = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
words = sorted({{word for line in open(options["-train"]) for word in line.split()}})
D = int(options["-size"])
with open(options["-output"], "wb") as file:
    file.write(f"{{len(words) + 1}} {{D}}\\n".encode())
    for word in ["</s>", *words]:
        file.write(f"{{word}} ".encode())
        np.full(D, 1 if word == "</s>" else 1 + int(word[1:]), np.float32).tofile(file)
        file.write(b"\\n")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows starts no script by its first line")
def test_a_program_with_the_command_line_of_word2vec_takes_part(tmp_path, capsys):
    program = tmp_path / "word2vec"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    corpus = scale.make_corpus(3000, 1000)
    embeddings, seconds = scale.with_program(program, corpus, 1, 0, scale.cpu, 1)
    seen = np.flatnonzero(corpus.counts)
    assert (embeddings.W[seen] == seen[:, None] + 1).all()
    assert (np.delete(embeddings.W, seen, axis=0) == 0).all()
    assert seconds > 0.01, "the time of a program counts, though it is not this process"
    assert np.isnan(corpus.loss(embeddings)), "of one table nothing is known"
    names, shown = rows(capsys, scale, "--binary", str(program))
    assert names[0] == "word2vec, 1 thread"
    assert "not measured" in shown


def test_corpora_have_the_vocabulary_that_was_asked_for():
    for vocabulary in (1000, 10_000):
        corpus = scale.make_corpus(2000, vocabulary)
        assert len(corpus.counts) == vocabulary
        assert np.count_nonzero(corpus.topic < 0) == vocabulary // 5


@pytest.mark.parametrize("present", [True, False])
def test_counting_has_a_line_for_one_process_and_two_for_dask(present, monkeypatch, capsys):
    if not present:
        monkeypatch.setattr(counting, "dask", None)
    names, shown = rows(capsys, counting)
    assert names == ["one process", "Dask: start 1 workers", "Dask: 1 workers"]
    assert shown.count("| not installed |") == (0 if present else 2)


def test_averaging_has_a_line_for_every_way_to_make_one_of_many(capsys):
    names, shown = rows(capsys, averaging)
    assert len(names) == len(set(names)) == 10
    assert names[0] == "one machine"
    assert "+0.0% … +0.0%" in shown


def test_averaging_says_who_ran_away(capsys, monkeypatch):
    def run_away(*args, **kwargs):
        raise FloatingPointError

    monkeypatch.setattr(averaging, "train_in_parts", run_away)
    _, shown = rows(capsys, averaging)
    assert shown.count("ran away") == 3
    assert shown.count("%") > 6, "the others are told as ever"


@pytest.mark.slow
def test_demos_has_a_line_for_each_in_every_table(capsys):
    chosen = ["your_own_corpus", "six_words", "break_it"]
    names, shown = rows(capsys, demos, *chosen)
    label = "slider → label, no picture"
    if "not measured, there is no Chromium" in shown:
        assert names == ["demo", *chosen]
    else:
        drags = ["demo", *chosen[:2], label]  # switches cannot be dragged
        hands = ["demo", "six_words"]  # the others have no handles
        assert names == ["demo", *chosen] * 2 + hands + drags + ["Train 50 epochs", "Stop"]
        assert re.findall(r"\S.* (yes|NO) \|$", shown, flags=re.MULTILINE) == ["yes"] * 2
        assert re.findall(r"(\S+) +\| no slider", shown) == ["break_it"]


def test_exported_vectors_are_read_or_a_line_says_why_not(capsys):
    check_export.main([])
    assert "gensim" in capsys.readouterr().out


def test_vectors_made_elsewhere_are_read_by_both_or_a_line_says_why_not(capsys):
    names, shown = rows(capsys, vectors)
    assert names == [vectors.OURS, vectors.THEIRS] * 2 + [*vectors.ASK, *vectors.PROGRAMS]
    missing = 0 if vectors.KeyedVectors else 4
    assert shown.count("not installed |") == missing


def test_installed_has_a_line_for_both_ways_in_both_tables(capsys):
    names, shown = rows(capsys, installed)
    assert names == [installed.OURS, installed.THEIRS] * 2
    assert min(float(share) for share in re.findall(r"([0-9.]+)%", shown)) > 80


def test_a_difference_of_correlations_has_a_range_over_samples_of_the_pairs():
    rng = np.random.default_rng(0)
    judged, noise = rng.normal(size=300), rng.normal(size=(3, 300))
    good, bad = judged + noise[0], judged + 3 * noise[1]
    low, high = similarity.difference(judged, [good], [bad])
    between = scipy.stats.spearmanr(judged, good)[0] - scipy.stats.spearmanr(judged, bad)[0]
    assert 0.1 < low < between < high
    low, high = similarity.difference(judged, [good, bad], [bad, good])
    assert low == high == 0
    low, high = similarity.difference(judged, [good], [judged + noise[2]])
    assert low < 0 < high, "both are equally good"


@pytest.mark.parametrize("present", [True, False])
def test_similarity_has_a_line_for_every_list_or_says_what_is_missing(present, tmp_path, monkeypatch, capsys):
    (tmp_path / "test" / "test_data").mkdir(parents=True)
    for file in similarity.JUDGMENTS.values():
        judgments = (
            "# Word 1\tWord 2\tHuman (mean)\nthe\tthis\t7\nis\tare\t9.00\nThe\tis\t1\nof\tsilence\t3\n"
        )
        (tmp_path / "test" / "test_data" / file).write_text(judgments)
    gensim = SimpleNamespace(submodule_search_locations=[str(tmp_path)]) if present else None
    monkeypatch.setattr(similarity, "find_spec", lambda name: gensim)
    names, shown = rows(capsys, similarity)
    if present:
        lists = [f"{n}, {k} times" for n in similarity.JUDGMENTS for k in similarity.OFTEN]
        assert names == ["both words at least", *lists, *similarity.JUDGMENTS]
        assert shown.count("3 of 4") == len(lists)
        assert shown.count("| not installed |") == (0 if scale.Word2Vec else 2)
    else:
        assert "not installed" in shown


TEXT = str.split("the row is above the other row and the column is left of it")


def test_your_text_has_a_line_for_each_way_to_learn(monkeypatch, capsys):
    rng = np.random.default_rng(0)
    documents = {str(i): [" ".join(rng.choice(TEXT, 8)) for _ in range(30)] for i in range(60)}
    monkeypatch.setattr(your_text, "installed_text", lambda: documents)
    monkeypatch.setattr(your_text, "usual_epochs", lambda tokens: 1)
    names, _ = rows(capsys, your_text)
    ways = [f"1,000 words, {way}" for way in ("softmax", "sgns, 5 epochs", "sgns")]
    learned = ["the first text", "the second text", "both at once"]
    learned += [f"one after the other, from η = {rate:g}" for rate in your_text.RATES]
    assert names == ["text, method", *ways, "learned", *learned]


def test_agreement_of_a_table_with_itself_and_with_another():
    words = [f"w{i}" for i in range(300)]
    vocabulary = Vocabulary(words, np.arange(5, 305))
    rng = np.random.default_rng(0)
    W, other = rng.standard_normal((2, 300, 20))
    same = your_text.agreement((vocabulary, W), (vocabulary, W))
    assert same == dict.fromkeys(your_text.OFTEN, 1.0)
    by_chance = your_text.agreement((vocabulary, W), (vocabulary, other))
    assert by_chance[100] == pytest.approx(10 / 299, abs=0.02)
    two = your_text.deal([[["a", "b"]] * 9, [["c"]] * 30, [["d", "e", "f"]] * 9], 12)
    assert not {w for s in two[0] for w in s} & {w for s in two[1] for w in s}
    mixed = your_text.in_random_order(two[0])
    assert list(map(len, mixed)) == list(map(len, two[0]))
    assert sorted(w for s in mixed for w in s) == sorted(w for s in two[0] for w in s)


# --- What the scripts share ---------------------------------------------------------------------------


def test_scripts_start_again_with_one_thread(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import os\nfrom benchmarks import timing\ntiming.one_thread()\nprint(os.environ['OMP_NUM_THREADS'])"
    )
    root = str(Path(__file__).resolve().parents[1])
    environment = {k: v for k, v in os.environ.items() if k not in timing.THREADS} | {"PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"


def test_numbers_are_written_to_three_digits():
    assert [timing.duration(s) for s in (12.345, 0.012345, 4.2e-5, 0.5e-9)] == [
        "12.3 s",
        "12.3 ms",
        "42 µs",
        "0.0005 µs",
    ]
    assert timing.digits(5975.2) == "5,975"
