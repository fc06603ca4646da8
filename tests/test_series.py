"""Titles and questions are said once, in the notebooks; the tables and the links to the next follow them."""

import shutil

from tools import series


def test_tables_and_links_are_current():
    """Otherwise: make notebooks."""
    for path, text in series.current().items():
        assert path.read_text(encoding="utf-8") == text, path.name


def test_every_notebook_has_a_line_and_leads_to_the_next():
    readme, (first, *others) = series.ROOT / "README.md", sorted(series.FOLDER.glob("*.ipynb"))
    for path in others:
        number, line = path.name[:2], f"| [{series.title(series.read(path))}]"
        assert line.startswith(f"| [{number} · ")
        assert readme.read_text(encoding="utf-8").count(f"{line}(notebooks/{path.name}) | ") == 1
        assert first.read_text(encoding="utf-8").count(f"{line}({path.name}) | ") == 1
    for path, following in zip([first, *others], [*others, first], strict=True):
        last = series.read(path).cells[-1].source.splitlines()[-1]
        assert last.startswith("**Next:** ")
        assert last.endswith(f"]({following.name}).")


def test_a_new_title_a_new_question_and_a_new_notebook_reach_all_places(tmp_path):
    shutil.copy(series.ROOT / "README.md", tmp_path)
    shutil.copytree(series.FOLDER, tmp_path / "notebooks")
    path = tmp_path / "notebooks" / "02_pairs.ipynb"
    book = series.read(path)
    book.cells[0].source = "# 02 · Couples\n\n**The question of this notebook:** who meets? And why?"
    series.write(path, series.dumps(book))
    book.cells[0].source = "# 11 · The end\n\n**The question of this notebook:** is that all?"
    series.write(path.with_name("11_end.ipynb"), series.dumps(book))
    series.update(tmp_path)

    def text(name):
        return (tmp_path / name).read_text(encoding="utf-8")

    for name, folder in (("README.md", "notebooks/"), ("notebooks/00_start_here.ipynb", "")):
        assert f"| [02 · Couples]({folder}02_pairs.ipynb) | Who meets? |" in text(name)
        assert f"| [11 · The end]({folder}11_end.ipynb) | Is that all? |" in text(name)
    assert "[02 · Couples](02_pairs.ipynb)." in text("notebooks/01_one_hot.ipynb")
    assert "[11 · The end](11_end.ipynb)." in text("notebooks/10_at_scale.ipynb")
    assert "[00 · Start here](00_start_here.ipynb)." in text("notebooks/11_end.ipynb")
    before = {path: path.read_bytes() for path in (tmp_path / "notebooks").iterdir()}
    series.update(tmp_path)
    assert before == {path: path.read_bytes() for path in before}
