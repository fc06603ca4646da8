"""A prediction on the page: a row to commit a guess in, and later the guess and the answer side by side."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import anywidget
import traitlets
from IPython.display import display

from helpers.inventory import prose
from helpers.inventory.prediction import Prediction

HERE = Path(__file__).parent
BLANK = "________"  # where a guess is written on paper


class Row(anywidget.AnyWidget):
    """A question with a field for each number, or with choices, and a button.

    Attributes
    ----------
    prediction : Prediction
        It lives as long as the kernel; a notebook that is saved keeps what the page shows.
    form : str
        HTML: the question and its fields, filled with what was committed.
    words : str
        HTML: what there is to say about the guess.
    """

    _esm = HERE / "prediction_row.js"
    _css = HERE / "prediction_row.css"
    form = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)

    def __init__(self, prediction: Prediction):
        super().__init__()
        self.prediction = prediction
        self.form = form(prediction)
        self.on_msg(self._hear)

    def reveal(self, *answers) -> None:
        """Show what was to be predicted, beside the guess if there is one.

        Parameters
        ----------
        *answers
            What the cell has computed: a value for each number; of choices the text or the place, from 0 on,
            and where there are two, True for the first and False for the second.
        """
        self.prediction.reveal(*answers)
        display({"text/html": revealed(self.prediction), "text/plain": plain(self.prediction)}, raw=True)

    def _hear(self, _, message: dict, buffers) -> None:
        """Answer a reader who commits: see prediction_row.js."""
        try:
            self.prediction.commit(message["guess"])
            self.form, self.words = form(self.prediction), committed(self.prediction)
        except ValueError as problem:
            self.words = prose.html(str(problem))
        finally:
            self.send({"answered": True})

    def _repr_mimebundle_(self, **options):
        """Offer the live row and, for pages where nothing runs, the question with room for a guess."""
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        data["text/html"] = asked(self.prediction)
        data["text/plain"] = prose.words(self.prediction.question)
        return data, metadata


@cache
def row(question: str, *settings) -> Row:
    """Return the row of a question: the same one when its cell is run again, so that no guess is lost."""
    return Row(Prediction(question, *settings))


def predict(question: str, choices=(), *, each=(), unit: str = "", between=None) -> Row:
    """Ask for a prediction in a row on the page, before the cell that computes the answer.

    Parameters
    ----------
    question : str
        Short; plain text with *emphasis*.
    choices : sequence of str, optional
        What can be chosen; without choices, a number is asked for.
    each : sequence of str, optional
        The names of several numbers.
    unit : str, optional
        What the numbers count, such as "GB" or "%".
    between : pair of numbers, optional
        The smallest and the largest number that can be.

    Returns
    -------
    Row
        To be given the answer, by ``reveal(value)``, in the cell that computes it.
    """
    asked_now = row(question, tuple(choices), tuple(each), unit, between)
    display(asked_now)
    return asked_now


# --- In HTML ------------------------------------------------------------------------------------------


def form(prediction: Prediction) -> str:
    """Return the question with its fields, each as it was committed."""
    question, name = prose.html(prediction.question), escape(prose.words(prediction.question))
    guess = prediction.guess or ("",) * len(prediction.each)
    if prediction.choices:
        fields = "".join(
            f'<label><input type="radio" name="guess" value="{escape(choice)}"'
            f"{' checked' if choice in guess else ''}>{prose.html(choice)}</label>"
            for choice in prediction.choices
        )
        group = f'<div role="radiogroup" aria-label="{name}">{fields}</div>'
    else:
        fields = "".join(field(prediction, *pair, name) for pair in zip(prediction.each, guess, strict=True))
        role = f'role="group" aria-label="{name}"' if len(prediction.each) > 1 else ""
        group = f"<div {role}>{fields}</div>"
    return f"<span>{question}</span>{group}<button>Commit</button>"


def field(prediction: Prediction, each: str, value, question: str) -> str:
    """Return the field of one number."""
    label = f' aria-label="{question}"' if not each else ""
    return (
        f'<label>{prose.html(each)}<input name="guess" inputmode="decimal" autocomplete="off"{label} '
        f'value="{str(value).removesuffix(".0")}">{escape(prediction.unit)}</label>'
    )


def asked(prediction: Prediction) -> str:
    """Return the question with room for a guess, for a page where nothing runs."""
    if prediction.choices:
        room = " ".join(f"○&nbsp;{prose.html(choice)}" for choice in prediction.choices)
    else:
        unit = f"&nbsp;{escape(prediction.unit)}" if prediction.unit else ""
        room = ", ".join(f"{prose.html(each)} {BLANK}{unit}".strip() for each in prediction.each)
    return f'<p class="prediction"><b>Your guess:</b> {prose.html(prediction.question)} {room}</p>'


def committed(prediction: Prediction) -> str:
    """Return what the row says after a commitment."""
    if prediction.answer is not None:
        return "The answer is on the page already. Side by side:" + table(prediction, "")
    return f"Committed: {listed(prediction, prediction.guess)}."


def revealed(prediction: Prediction) -> str:
    """Return the answer beside the guess; without a guess, the answer in a quiet line."""
    question = prose.html(prediction.question)
    if prediction.guess is not None:
        said = f'<div class="prediction-words">{table(prediction, question)}</div>'
        return f'<div class="prediction">{said}</div>'
    return f'<p class="prediction">{question} {listed(prediction, prediction.answer, "<b>{}</b>")}</p>'


def listed(prediction: Prediction, values: tuple, form: str = "{}", write=prose.html) -> str:
    """Return a guess or an answer in one line."""
    named = zip(prediction.each, prediction.said(values), strict=True)
    return ", ".join(f"{write(each)} {form.format(write(said))}".strip() for each, said in named)


def table(prediction: Prediction, question: str) -> str:
    """Return guess and answer side by side, and of numbers how far they are apart."""
    columns = {
        "your guess": prediction.said(prediction.guess),
        "the answer": prediction.said(prediction.answer),
    }
    if not prediction.choices:
        columns["apart"] = prediction.apart()
    rows = [list(map(prose.html, cells)) for cells in zip(*columns.values(), strict=True)]
    names = list(map(prose.html, prediction.each))
    corner = f"<td>{question}</td>" if question or any(names) else ""
    head = corner + "".join(f'<th scope="col">{name}</th>' for name in columns)
    body = ""
    for name, cells in zip(names, rows, strict=True):
        first = f'<th scope="row">{name}</th>' if name else "<td></td>" if corner else ""
        body += f"<tr>{first}{''.join(f'<td><b>{cell}</b></td>' for cell in cells)}</tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def plain(prediction: Prediction) -> str:
    """Return in words what `revealed` shows."""
    answer = listed(prediction, prediction.answer, write=prose.words)
    line = f"{prose.words(prediction.question)} {answer}"
    if prediction.guess is None:
        return line
    return f"{line} (your guess: {listed(prediction, prediction.guess, write=prose.words)})"
