"""Predictions in the text: a guess is taken as it was meant, compared without a judgment, and answered."""

import ast
import random
import re
from decimal import Decimal

import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from helpers.inventory import predict
from helpers.inventory.prediction import Prediction, number
from helpers.inventory.prediction_row import Row, row
from tools import series

JUDGMENTS = re.compile(r"right|wrong|correct|well done|sorry|score|point|close|!|✓|✗", re.IGNORECASE)


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """What is displayed, and no row that another test has asked for."""
    displays = []
    monkeypatch.setattr(
        "helpers.inventory.prediction_row.display", lambda item, raw=False: displays.append(item)
    )
    row.cache_clear()
    return displays


def words(html):
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def commit(page, *guess):
    """Commit as the page does."""
    page._handle_custom_msg({"guess": list(guess)}, [])


# --- Reading a number ---------------------------------------------------------------------------------


def ways_to_write(value):
    """Yield a number as people write it."""
    plain = f"{Decimal(repr(value)):f}"
    yield from (plain, f" {plain} ", f"{plain} GB", f"{plain}GB", plain.replace("-", "−"), repr(value))
    if not value.is_integer() and len(plain.partition(".")[2]) != 3:
        yield plain.replace(".", ",")  # half of the world; 1,234 is more than a thousand
    if abs(value) >= 1000:
        grouped = f"{Decimal(repr(value)):,f}"
        yield from (grouped, grouped.replace(",", " "))


def test_a_number_is_read_however_it_is_written():
    draw = random.Random(0)
    prediction = Prediction("How much?", unit="GB")
    for _ in range(500):
        value = round(draw.uniform(-1, 1) * 10 ** draw.randint(-3, 9), draw.randint(0, 6))
        for said in ways_to_write(value):
            prediction.commit([said])
            assert prediction.guess == (value,), said


@pytest.mark.parametrize(
    "said", ["", " ", "ten", "1 2", "1,00,000", "1.2.3", "1,2,3", "--1", "nan", "inf", "0x1", "1/3"]
)
def test_what_is_no_number_is_said_in_a_line_and_the_guess_stays(said):
    prediction = Prediction("How much?")
    prediction.commit(["3"])
    with pytest.raises(ValueError, match=r"^A number is asked for, such as 12 or 0\.5\.$"):
        prediction.commit([said])
    assert prediction.guess == (3,)


def test_a_number_out_of_range_is_said_with_the_range():
    prediction = Prediction("The cosine", each=["a and b", "c and d"], between=(-1, 1))
    prediction.commit(["-1", "1"])
    assert prediction.guess == (-1, 1)
    with pytest.raises(ValueError, match=r"^c and d: a number from −1 to 1 is asked for\.$"):
        prediction.commit(["0", "1.5"])
    with pytest.raises(ValueError, match="not so large"):
        Prediction("How much?").commit(["1e999"])


def test_a_choice_is_one_of_the_choices():
    prediction = Prediction("Which?", ["a", "b"])
    for said in ([], ["c"], ["a", "b"], ["0"]):
        with pytest.raises(ValueError, match=r"^Choose one of them first\.$"):
            prediction.commit(said)
    prediction.commit(["b"])
    assert prediction.guess == ("b",)
    for choices in ("ab", ["a"]):
        with pytest.raises(ValueError, match="two texts or more"):
            Prediction("Which?", choices)


# --- The answer and the distance ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("b", "b"),
        (1, "b"),
        (np.int64(2), "c"),
        (np.argmax([0, 0, 1]), "c"),
        ("something else", "something else"),
    ],
)
def test_an_answer_is_a_choice_by_its_text_or_its_place(value, answer):
    prediction = Prediction("Which?", ["a", "b", "c"])
    prediction.reveal(value)
    assert prediction.answer == (answer,)


@pytest.mark.parametrize(("value", "answer"), [(True, "yes"), (np.bool_(False), "no"), (0, "yes"), (1, "no")])
def test_of_two_choices_true_is_the_first(value, answer):
    prediction = Prediction("Is it?", ["yes", "no"])
    prediction.reveal(value)
    assert prediction.answer == (answer,)


def test_there_is_one_answer_for_each_number():
    prediction = Prediction("How many?", each=["a", "b"])
    for answers in ((), (1,), (1, 2, 3)):
        with pytest.raises(ValueError, match="expected 2 answers"):
            prediction.reveal(*answers)
    prediction.reveal(np.float32(1), 2)
    assert prediction.answer == (1, 2)


def test_numbers_have_three_digits_that_count():
    draw = np.random.default_rng(0)
    for value in draw.normal(size=500) * 10.0 ** draw.integers(-6, 9, size=500):
        said = float(number(value).replace(",", "").replace("−", "-"))
        assert abs(said - value) <= abs(value) * 0.00501
    assert [number(x) for x in (10, 3239816400, 0.0, -0.0, 0.85123, -0.5, 1e-5, 1234.56, float("nan"))] == [
        *("10", "3,239,816,400", "0", "0", "0.851", "−0.5", "0.00001", "1,230", "nan")
    ]


def test_far_numbers_are_compared_by_their_ratio_and_those_on_a_scale_by_difference():
    draw = np.random.default_rng(0)
    free, scale = Prediction("How many?"), Prediction("How many?", between=(-9, 9))
    for guess, answer in draw.normal(size=(500, 2)) * 10.0 ** draw.integers(-2, 5, size=(500, 2)):
        said = free.distance(guess, answer)
        large = max(abs(guess), abs(answer)) / min(abs(guess), abs(answer))
        by_ratio = guess * answer > 0 and large >= 3
        value = float(said.removeprefix("a factor of ").replace(",", ""))
        assert said.startswith("a factor of ") == by_ratio
        right = large if by_ratio else abs(guess - answer)
        assert abs(value - right) <= 0.0501 * right
        assert "factor" not in scale.distance(guess, answer)
    assert free.distance(0.5, 0.5) == "nothing"
    assert free.distance(0, 100) == "100"
    assert Prediction("How much?", unit="%", between=(0, 100)).distance(90, 7) == "83 points"


# --- The page -----------------------------------------------------------------------------------------


def test_without_a_guess_the_answer_stands_in_a_quiet_line(shown):
    page = predict("Four words, *window* 2, give", unit="pairs")
    page.reveal(10)
    assert shown == [
        page,
        {
            "text/html": '<p class="prediction">Four words, <em>window</em> 2, give <b>10 pairs</b></p>',
            "text/plain": "Four words, window 2, give 10 pairs",
        },
    ]
    assert page.words == ""


def test_a_guess_and_the_answer_stand_side_by_side_without_a_judgment(shown):
    page = predict("The cosine of", each=["*king* and *queen*", "*king* and *bicycle*"], between=(-1, 1))
    commit(page, "0.5", "0")
    assert words(page.words) == "Committed: king and queen 0.5, king and bicycle 0."
    page.reveal(0, 0)
    table = BeautifulSoup(shown[-1]["text/html"], "html.parser")
    assert [[words(str(cell)) for cell in line.find_all(["td", "th"])] for line in table.find_all("tr")] == [
        ["The cosine of", "your guess", "the answer", "apart"],
        ["king and queen", "0.5", "0", "0.5"],
        ["king and bicycle", "0", "0", "nothing"],
    ]
    assert not JUDGMENTS.search(words(str(table)))
    assert "your guess: king and queen 0.5" in shown[-1]["text/plain"]


def test_a_guess_after_the_answer_shows_both_at_once(shown):
    page = predict("Which?", ["a", "b"])
    page.reveal("a")
    commit(page, "b")
    assert words(page.words) == "The answer is on the page already. Side by side: your guess the answer b a"
    assert len(shown) == 2, "the cell below is not touched"
    commit(page, "a")
    assert words(page.words).endswith("a a"), "a guess can be changed"


def test_bad_input_is_one_line_and_never_an_error():
    page = predict("How *many*?", between=(0, 10))
    for said in ("<b>", "11", ""):
        commit(page, said)
        assert page.words == "A number from 0 to 10 is asked for."
        assert page.prediction.guess is None
    commit(page, "4")
    assert page.words == "Committed: 4."
    named = predict("The cosine of", each=["*king*", "*queen*"])
    commit(named, "x", "1")
    assert named.words.startswith("<em>king</em>: a number is asked for")


def test_a_cell_that_is_run_again_keeps_the_guess_and_another_question_has_its_own(shown):
    page = predict("How many?", between=(0, 10))
    commit(page, "4")
    page.reveal(7)
    again = predict("How many?", between=(0, 10))
    assert again is page
    assert 'value="4"' in again.form
    assert predict("How many?", between=(0, 11)) is not page
    again.reveal(8)
    assert "<b>8</b>" in shown[-1]["text/html"], "the cell has computed another answer"


@pytest.mark.parametrize(
    "page",
    [
        Prediction("How *many*?", unit="GB"),
        Prediction("Which & what?", ["a < b", "c"]),
        Prediction("P", each="ab"),
    ],
)
def test_every_field_has_a_name_and_shows_what_was_committed(page):
    said = [page.choices[0]] if page.choices else ["16"] * len(page.each)
    page.commit(said)
    form = BeautifulSoup(Row(page).form, "html.parser")
    fields = form.select("input[name=guess]")
    assert len(fields) == (len(page.choices) or len(page.each))
    assert all(field.get("aria-label") or words(str(field.parent)) for field in fields)
    names = {named["aria-label"] for named in form.select("[aria-label]")}
    assert names == {page.question.replace("*", "")}
    if page.choices:
        assert [field["value"] for field in fields if field.has_attr("checked")] == said
    else:
        assert [field["value"] for field in fields] == said


def stored(page):
    bundle = page._repr_mimebundle_()
    return bundle[0] if isinstance(bundle, tuple) else bundle


def test_a_page_where_nothing_runs_has_question_and_room_and_no_answer(shown):
    one = predict("*One*?", unit="GB")
    commit(one, "3")
    one.reveal(7)
    assert words(stored(one)["text/html"]) == "Your guess: One ? ________ GB"
    assert stored(one)["text/plain"] == "One?"
    assert words(stored(predict("Which?", ["a", "b"]))["text/html"]) == "Your guess: Which? ○ a ○ b"
    two = stored(predict("Two?", each=["a", "b"]))
    assert words(two["text/html"]) == "Your guess: Two? a ________, b ________"


# --- In the notebooks ---------------------------------------------------------------------------------

BOOKS = {path.name: series.read(path) for path in series.numbered()}


def code(cells):
    """Yield the place of each code cell with its statements; magics left out."""
    for place, cell in enumerate(cells):
        if cell.cell_type == "code":
            lines = (line for line in cell.source.splitlines() if not re.match(r"\s*[%!?]", line))
            yield place, ast.parse("\n".join(lines))


def is_call(node, name):
    return isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name


def problems(notebook):
    """What is wrong with the predictions of a notebook."""
    made, answered = {}, {}
    for place, tree in code(notebook.cells):
        for node in ast.walk(tree):
            if is_call(node, "predict"):
                alone = len(tree.body) == 1 and isinstance(tree.body[0], ast.Assign)
                name = tree.body[0].targets[0].id if alone and tree.body[0].value is node else None
                if not name or notebook.cells[place - 1].cell_type != "markdown":
                    yield f"cell {place}: not alone behind the text that asks"
                elif name in made:
                    yield f"{name} is asked twice"
                else:
                    made[name] = place
            elif is_call(node, "reveal"):
                name = node.func.value.id
                if not any(isinstance(part, ast.Name) for arg in node.args for part in ast.walk(arg)):
                    yield f"{name}: its answer is typed in"
                answered.setdefault(name, []).append(place)
    for name in made | answered:
        if name not in answered:
            yield f"{name} is never revealed"
        elif name not in made or min(answered[name]) < made[name]:
            yield f"{name} is revealed before it is asked"
        elif len(answered[name]) > 1:
            yield f"{name} is revealed twice"


def test_every_prediction_is_revealed_later_by_a_computed_value():
    found = {name: list(problems(book)) for name, book in BOOKS.items()}
    assert not any(found.values()), found


def settings(tree):
    """Return how `predict` was called in a cell."""
    call = tree.body[0].value
    names = ("question", "choices")
    given = dict(zip(names, map(ast.literal_eval, call.args), strict=False))
    return given | {word.arg: ast.literal_eval(word.value) for word in call.keywords}


@pytest.mark.parametrize("name", [name for name in BOOKS if name[:2] not in ("00", "04")])
def test_stored_answers_are_among_what_could_be_guessed(name):
    cells = BOOKS[name].cells
    asked = [settings(tree) for _, tree in code(cells) if any(is_call(n, "predict") for n in ast.walk(tree))]
    answers = [cell for cell in cells if cell.cell_type == "code" and ".reveal(" in cell.source]
    shown = [
        BeautifulSoup(output.data["text/html"], "html.parser")
        for cell in answers
        for output in cell.outputs
        if 'class="prediction"' in output.get("data", {}).get("text/html", "")
    ]
    assert len(shown) == len(asked) > 0
    for given in asked:
        prediction, start = Prediction(**given), given["question"].replace("*", "")
        (line,) = [line for line in shown if line.get_text().startswith(f"{start} ")]
        said = [bold.get_text() for bold in line.find_all("b")]
        prediction.commit(said)  # what is refused from a reader cannot be the answer
        prediction.reveal(*(prediction.guess))
        assert prediction.said(prediction.answer) == said


def book(*cells):
    """A notebook: text is markdown, after ">" it is code."""
    made = [v4.new_code_cell(c[1:]) if c.startswith(">") else v4.new_markdown_cell(c) for c in cells]
    return v4.new_notebook(cells=made)


ASK = '>guess = predict("How many?")'


@pytest.mark.parametrize(
    ("problem", "cells"),
    [
        (None, ["How many?", ASK, ">%time\nx = 1\nguess.reveal(x)"]),
        ("not alone", [">x = 1", ASK, ">guess.reveal(x)"]),
        ("not alone", ["How many?", f"{ASK}\nx = 1", ">guess.reveal(x)"]),
        ("not alone", ["How many?", '>predict("How many?")']),
        ("asked twice", ["How many?", ASK, "And now?", ASK, ">guess.reveal(x)"]),
        ("typed in", ["How many?", ASK, ">x = 1\nguess.reveal(1)"]),
        ("never revealed", ["How many?", ASK, ">x = 1"]),
        ("before it is asked", [">guess.reveal(x)", "How many?", ASK]),
        ("before it is asked", [">other.reveal(x)"]),
        ("revealed twice", ["How many?", ASK, ">guess.reveal(x)", ">guess.reveal(x)"]),
    ],
)
def test_a_prediction_that_is_not_answered_is_found(problem, cells):
    found = list(problems(book(*cells)))
    assert any(problem in one for one in found) if problem else not found
