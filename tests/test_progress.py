"""The bar says how far training is, in a notebook and out of it."""

from itertools import count
from types import SimpleNamespace

import numpy as np
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from helpers import progress
from helpers.progress import Bar, progress_bar
from helpers.scale import train_sgns


def test_a_bar_in_a_notebook_is_one_output_that_fills(monkeypatch):
    shell = InteractiveShell.instance()
    try:
        published = CapturingDisplayPublisher()
        monkeypatch.setattr(shell, "display_pub", published)
        rng = np.random.default_rng(0)
        corpus = rng.integers(0, 50, (400, 20)).tolist()
        train_sgns(
            corpus,
            word_counts=np.bincount(np.ravel(corpus)),
            dim=4,
            window=2,
            negatives=5,
            epochs=3,
            rng=rng,
            on_progress=progress_bar(),
        )
    finally:
        InteractiveShell.clear_instance()
    first, *others = published.outputs
    assert others
    assert {output["transient"]["display_id"] for output in published.outputs} == {
        first["transient"]["display_id"]
    }
    assert [output["update"] for output in published.outputs] == [False] + [True] * len(others)
    last = others[-1]["data"]
    assert last["text/plain"].startswith("100% of 24,000 words, loss ")
    assert '<progress value="24000" max="24000"' in last["text/html"]
    assert first["data"] == {"text/plain": "24,000 words to read"}  # stays true


def test_without_a_notebook_there_are_lines_of_text(capsys, monkeypatch):
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=count(1).__next__))
    show = progress_bar()
    show(0, 4, float("nan"))
    show(1, 4, float("nan"))
    show(3, 4, 2.345)
    show(4, 4, 2.3)
    assert capsys.readouterr().out.splitlines() == [
        "4 words to read",
        " 25% of 4 words",
        " 75% of 4 words, loss 2.35 nats per pair",
        "100% of 4 words, loss 2.30 nats per pair",
    ]


def test_a_bar_changes_no_more_often_than_one_can_see(capsys, monkeypatch):
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: 7.0))
    show = progress_bar("epochs")
    for epoch in range(1001):
        show(epoch, 1000, 1.0)
    told = [line.split(",")[0] for line in capsys.readouterr().out.replace("1,000", "1000").splitlines()]
    assert told == ["1000 epochs to train", "  0% of 1000 epochs", "100% of 1000 epochs"]


def test_a_bar_is_shown_where_one_likes():
    shown = []
    on_progress = progress_bar("epochs", shown.append)
    on_progress(0, 4, 2.5)
    on_progress(2, 4, 1.5)
    assert shown == [Bar(0, 4, 2.5, "epochs"), Bar(2, 4, 1.5, "epochs")]
    assert list(map(str, shown)) == ["4 epochs to train", " 50% of 4 epochs, loss 1.50 nats per pair"]
