"""Every figure in the prose is shown by an output of its section; and the rules that say so can fail.

That the outputs themselves are true is checked by nbval.
"""

import pytest
from nbformat import NotebookNode, v4

from tools import claims, notebooks

SERIES = claims.series()


@pytest.fixture(scope="module")
def found():
    return {name: claims.claims(book, SERIES, name) for name, book in SERIES.items()}


@pytest.mark.parametrize("name", SERIES)
def test_every_figure_in_the_prose_is_shown(found, name):
    """Otherwise: print the number in its section, assert it there, or mend the sentence."""
    loose = [claim for claim in found[name] if not claim.shown]
    assert not loose, f"{name}:\n" + "\n".join(map(str, loose))


def test_there_is_something_to_show(found):
    assert sum(map(len, found.values())) > 30


# --- What is a figure -----------------------------------------------------------------------------------

FIGURES = {
    "It is 0.46 and −0.307, +0.5 or 1e-10.": ["0.46", "−0.307", "+0.5", "1e-10"],
    "Right in 83 % of cases, or 52–60 %, 0/5/41 %, 9 percent.": [
        *["83 %", "52 %", "60 %", "0 %", "5 %", "41 %", "9 %"]
    ],
    "In 17 of 20 runs, 3 out of 4.": ["17 of 20", "3 out of 4"],
    "Three quarters of it, two-thirds, a tenth of the wish.": ["Three quarters", "two-thirds", "a tenth"],
    "More than half, about a third, to a quarter: no.": ["More than half", "about a third", "a quarter"],
    "It moved five times as far, 3.6 times, 12 × more, twice as long, tenfold.": [
        *["five times", "3.6 times", "12 ×", "twice as", "tenfold"]
    ],
    "One and a half bits.": ["One and a half"],
    "One half is the most; the odds are one half.": ["One half", "one half"],
    "It is $x = 0.04$ or $\\approx 0.5$.": ["0.04", "0.5"],
}
CONSTANTS = [
    "53 words in 2,000 sentences, trained for 1,000 epochs, twice; 20 seeds; at epoch 100.",
    "Mikolov et al. (2013), equation 4.2, Python 3.11, [notebook 05](05_training.ipynb).",
    "D = 20, η = 0.1, $\\eta = 0.05$, an exponent of 0.75, init scale 0.1.",
    "`0.46` and $\\text{count}^{0.75}$ and $0.6\\,x_1 - 0.8\\,x_4$.",
    "$$p = 0.46$$",
    "```\nprint(0.46)\n```",
    "*3.14* is one word.",
    "Is it 0.46, or five times as much?",
    "The third is a topic; half-way; a quarter turn; the other half; the second of the two; three times.",
    "4 × 4 = 16",
    "1. The first thing.\n2. The second.",
]


@pytest.mark.parametrize(("text", "expected"), FIGURES.items())
def test_figures_are_found(text, expected):
    assert [figure.text for _, cut, _ in claims.sentences(text) for figure in claims.figures(cut)] == expected


@pytest.mark.parametrize("text", CONSTANTS)
def test_constants_are_left_alone(text):
    assert [figure.text for _, cut, _ in claims.sentences(text) for figure in claims.figures(cut)] == []


# --- What binds it --------------------------------------------------------------------------------------


def prose(source, name="prose"):
    return NotebookNode(v4.new_markdown_cell(source), id=name)


def code(source="", printed="", name="code", outputs=()):
    stream = [v4.new_output("stream", text=printed)] if printed else []
    return NotebookNode(v4.new_code_cell(source, outputs=[*stream, *outputs]), id=name)


def picture(alt):
    data = {"image/png": "iVBORw0KGgo=", "text/plain": alt}
    return v4.new_output("display_data", data, metadata={"image/png": {"alt": alt}})


def notebook(*cells):
    return NotebookNode(v4.new_notebook(cells=[prose("# Title", "title"), *cells]))


def loose(*cells, others=None, name=""):
    return [claim.figure.text for claim in claims.unbound(notebook(*cells), others, name)]


SHOWN = [
    ("0.46", "0.463"),
    ("0.46", "46%"),
    ("83 %", "0.83"),
    ("83 %", "82.6 %"),
    ("100 %", "1.000"),
    ("−0.4", "-0.41"),
    ("0.307", "fell by -0.307"),
    ("2.54", "[0.1 2.54]"),
    ("three quarters", "0.77"),
    ("a hundredth of the wish", "0.01 times"),
    ("more than four fifths", "0.83"),
    ("above 0.9", "0.95"),
    ("five times as far", "4.97"),
    ("five times as far", "moved 5 times as far"),
    ("3.6 times as far", "3.61"),
    ("twice as long", "2.1"),
    ("17 of 20", "17 of 20 runs"),
    ("85 %", "17 of 20 runs"),
    ("1e-10", "1.0e-10"),
    ("about 0.7", "0.65"),
]
NOT_SHOWN = [
    ("0.46", "0.47"),
    ("0.46", "0.5"),
    ("0.46", ""),
    ("1.0", "epoch 1"),
    ("83 %", "83"),
    ("83 %", "0.84"),
    ("−0.4", "0.41"),
    ("+0.4", "-0.41"),
    ("three quarters", "0.6"),
    ("more than four fifths", "0.79"),
    ("above 0.9", "0.89"),
    ("below 0.9", "0.91"),
    ("five times as far", "window 5"),
    ("five times as far", "4.2"),
    ("17 of 20", "16 of 20 runs"),
]


@pytest.mark.parametrize(("figure", "printed"), SHOWN)
def test_a_printed_number_binds(figure, printed):
    assert claims.claims(notebook(prose(f"It is {figure} here."), code(printed=printed)))
    assert loose(prose(f"It is {figure} here."), code(printed=printed)) == []


@pytest.mark.parametrize(("figure", "printed"), NOT_SHOWN)
def test_another_number_does_not(figure, printed):
    assert len(loose(prose(f"It is {figure} here."), code(printed=printed))) == 1


def test_a_number_in_the_code_is_a_setting_and_an_assert_binds():
    assert loose(prose("With 0.25 it is so."), code("run(0.25)")) == []
    assert loose(prose("With 0.25 it is so."), code("run(0.251)")) == ["0.25"]
    assert loose(prose("Five times as far, half of it."), code("run(5, 0.5)")) == ["Five times", "half"]
    assert loose(prose("Five times as far."), code("assert np.isclose(ratio, 5, rtol=0.1)")) == []
    assert loose(prose("With 0.25 it is so."), code("%%timeit\nrun(0.25)")) == []


def test_only_outputs_of_the_same_section_bind():
    other = [code(printed="0.46"), prose("## Another section", "b")]
    assert loose(prose("## One"), *other, prose("It is 0.46.", "c")) == ["0.46"]
    assert loose(prose("## One"), *other, prose("## What you have now\n\nIt is 0.46.", "c")) == []
    assert loose(prose("In short: 0.46."), prose("## One", "b"), code(printed="0.46")) == []


def test_a_figure_is_recalled_with_a_link_or_in_the_opening_questions():
    others = {"01_a.ipynb": notebook(code(printed="0.46")), "09_z.ipynb": notebook(code(printed="0.77"))}
    linked = [prose("## One"), prose("[Notebook 01](01_a.ipynb#top) found 0.46. Here 0.46.", "b")]
    assert loose(*linked, others=others, name="02_b.ipynb") == ["0.46"]
    opening = prose("## Three questions first\n\n<summary>0.1?</summary>\n\nIt was 0.46.\n\nIt was 0.77.")
    assert loose(opening, others=others, name="02_b.ipynb") == ["0.77"]


def test_alt_text_is_prose_and_shows_nothing():
    drawn = code(
        'show("The curve\\nends at 0.46.")'.replace("\\n", " "), outputs=[picture("The curve ends at 0.46.")]
    )
    assert loose(prose("It is 0.46."), drawn) == ["0.46", "0.46"]
    assert loose(prose("It is 0.46."), drawn, code(printed="0.46", name="b")) == []
    wrapped = code(
        'show(\n    "The curve "\n    "ends at 0.46."\n)', outputs=[picture("The curve ends at 0.46.")]
    )
    assert loose(wrapped) == ["0.46"]
    computed = code('show(f"The curve ends at {end:.2f}.")', outputs=[picture("The curve ends at 0.46.")])
    assert loose(computed) == []


def test_what_a_demo_says_of_itself_binds():
    still = v4.new_output("execute_result", {"image/svg+xml": "<svg/>", "text/plain": "Step 0: 0.46."})
    demo = code("demos.six_words()", outputs=[still])
    told = prose("- Set it to 0.3, at 0.7.\n- It says 0.46, and 0.99.", "b")
    assert loose(prose("It is 0.46."), demo, told) == ["0.99"]
    assert loose(prose("It is 0.46."), code("x", outputs=[still]), told) == ["0.3", "0.7", "0.99"]


def test_exercises_define():
    assert loose(prose("## Your turn"), prose("A cosine above 0.9.", "b")) == []


def test_a_claim_names_cell_sentence_and_figure():
    (claim,) = claims.unbound(notebook(prose("It is 1 here. The mean is **0.46**,\nalas.", "some-cell")))
    assert str(claim) == "cell some-cell: nothing shows '0.46' in: The mean is **0.46**, alas."


def test_a_changed_number_is_named_even_where_another_one_fits_by_chance():
    before = notebook(
        prose("The mean is 0.5, the rest 0.3."), code(printed="mean 0.52, largest 0.47, rest 0.31")
    )
    after = notebook(
        prose("The mean is 0.5, the rest 0.3."), code(printed="mean 0.61, largest 0.47, rest 0.31")
    )
    (named,) = claims.untrue(before, after, {}, "")
    assert named == "cell prose: is '0.5' still true (0.52 → 0.61 in code): The mean is 0.5, the rest 0.3."
    gone = notebook(prose("The mean is 0.5, the rest 0.3."), code())
    first, second = claims.untrue(before, gone, {}, "")
    assert "nothing shows '0.5' in" in first
    assert "(0.52 → gone in code; 0.47 → gone in code)" in first
    assert "nothing shows '0.3' in" in second


def test_a_figure_whose_alt_text_the_run_has_brought_is_asked_about_like_any_other():
    alt = "The curve ends at 0.46."
    source = f'plots.show(figure, "{alt}")'
    before, after = notebook(code(source)), notebook(code(source, outputs=[picture(alt)]))
    (named,) = claims.untrue(before, after, {}, "")
    assert "nothing shows '0.46' in" in named
    assert claims.untrue(after, before, {}, "") == []


# --- A changed helper turns it red ----------------------------------------------------------------------

HELPER = "def mean(numbers):\n    return sum(numbers) / len(numbers)\n"
CELLS = [
    prose("# 01 · Means\n\n**The question of this notebook:** what is it?"),
    code("from some_helper import mean\n\nprint(round(mean([0.1, 0.3, 1.1]), 2), 0.52)", name="cell"),
    prose("The mean is 0.5, no more.", "result"),
]


@pytest.mark.slow
def test_make_notebooks_names_the_sentence_that_a_changed_helper_made_untrue(tmp_path, capsys):
    path, helper = tmp_path / "01_means.ipynb", tmp_path / "some_helper.py"
    helper.write_text(HELPER, encoding="utf-8")
    path.write_text(notebooks.dumps(notebook(*CELLS)), encoding="utf-8")
    notebooks.store(path)
    before = path.read_bytes()
    assert claims.unbound(notebooks.read(path)) == []
    assert notebooks.store(path) == []
    assert path.read_bytes() == before

    helper.write_text(HELPER.replace("len(numbers)", "2"), encoding="utf-8")
    assert notebooks.main([str(path)]) == 1
    out = capsys.readouterr().out
    assert "01_means.ipynb: cell result: " in out
    assert "0.5 → 0.75 in cell" in out
    assert "The mean is 0.5, no more." in out
