"""Markdown, formulas and code become HTML that asks no server for anything and needs no script."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import latex2mathml.converter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

SAFE = "!$&'()*+,-./:;=?@_~"
TAG = re.compile(r"<[^>]+>")
MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
OWN = re.compile(r'(href="[^":#]+)\.ipynb\b')
LONGEST = 20  # signs of a formula that fits into a line on a phone, with the words around it
QUIET = re.compile(r'<span class="(?:n|o|p|w|nn)">([^<]*)</span>')
BAR = re.compile("<mo>(&#x02016;|&#x0007C;|\\|)")  # a bar that is not said to grow keeps its size
# After one of these a minus is a sign, which MathML sees only at the beginning of a row.
OPERATOR = r"<mo[^>]*>(?:&#x0(?:003D|2190|0028|002C|003C|003E);|[=←(,<>])</mo>"
SIGN = re.compile(rf"({OPERATOR}(?:<mspace [^>]*/>)*)<mo>(?=&#x02212;)")
TOUCHING = re.compile(r"([^\s<>]*)(<math>.*?</math>)([^\s<>]*)", re.DOTALL)
INDENT = re.compile(r"(?:<span[^>]*>)?( *)")


# --- Formulas -----------------------------------------------------------------------------------------


def formula(latex: str, display: str = "inline") -> str:
    """Return a formula as MathML, which browsers draw themselves.

    MathML as browsers know it has no boxes: the style sheet draws the border.
    """
    made = latex2mathml.converter.convert(latex.strip().replace(r"\_", "_"), display=display)
    made = made.replace('<menclose notation="box">', '<mrow class="boxed">').replace("</menclose>", "</mrow>")
    made = BAR.sub(r'<mo stretchy="false">\1', made)
    made = SIGN.sub(r'\1<mo form="prefix">', made)
    return made.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "").replace(' display="inline"', "")


# --- Code ---------------------------------------------------------------------------------------------


class Lines(HtmlFormatter):
    """Code in which a line that is too long goes on below, a little deeper than it began.

    So nothing has to be scrolled sideways on a phone, and nothing is lost on paper.
    """

    def wrap(self, source):
        yield 0, '<pre class="code"><code>'
        for _, line in source:
            depth = len(INDENT.match(line)[1])
            style = f' style="--in:{depth}"' if depth else ""
            yield 1, f"<span{style}>{QUIET.sub(lambda m: m[1], line)}</span>"
        yield 0, "</code></pre>\n"


def code(source: str, language: str = "ipython3") -> str:
    return highlight(source, get_lexer_by_name(language), Lines())


# --- Markdown -----------------------------------------------------------------------------------------


def anchor(title: str) -> str:
    """Return the id of a heading, which is what JupyterLab and nbconvert make of it."""
    return unescape(TAG.sub("", title)).strip().replace(" ", "-")


def address(anchor: str) -> str:
    """Return an id as an address can hold it."""
    return quote(unescape(anchor), safe=SAFE)


class Renderer(IPythonRenderer):
    """Markdown to HTML; formulas become MathML, headings can be linked to."""

    def inline_math(self, body):
        return formula(body)

    def block_math(self, body):
        return f'<span class="formula wide">{formula(body, "block")}</span>'

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def heading(self, text, level, **attrs):
        return f'<h{level} id="{self.escape_attribute(anchor(text))}">{text}</h{level}>\n'

    def escape_attribute(self, text):
        return self.escape_html(text).replace('"', "&quot;")

    def block_code(self, source, info=None):
        return (
            code(source, info.split()[0]) if info else f'<pre class="wide">{self.escape_html(source)}</pre>\n'
        )

    def block_html(self, html):
        # nbconvert reads each piece alone, to embed pictures, and would close <details> before its content.
        return super().block_html(html) if "<img" in html else f"{html}\n"


def markdown(source: str, folder: Path) -> str:
    """Return Markdown as HTML, links to notebooks as links to pages, tables in boxes of their own."""
    renderer = Renderer(escape=False, embed_images=True, path=str(folder))
    html = to_pages(MarkdownWithMath(renderer).render(source))
    html = TOUCHING.sub(glued, html)
    html = html.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    html = re.sub(r"<th([^>]*)></th>", r"<td\1></td>", html)  # the corner of a table heads nothing
    return re.sub(r"<th\b(?!ead)", '<th scope="col"', html)


def to_pages(html: str) -> str:
    """Turn links to notebooks into links to their pages."""
    return OWN.sub(r"\1.html", html)


def glued(found: re.Match) -> str:
    """Keep a formula and what touches it on one line; one too long for a phone may be scrolled."""
    around, math = found[1] + found[3], found[2]
    if len(plain(math)) > LONGEST:
        return f'{found[1]}<span class="long wide">{math}{found[3]}</span>'
    return f'<span class="tight">{found[0]}</span>' if around else math


def plain(html: str) -> str:
    """Return the words of a piece of HTML."""
    return " ".join(unescape(TAG.sub("", html)).split())
