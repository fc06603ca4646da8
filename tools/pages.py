"""Make web pages of the stored notebooks, in build/html.

    make html

Nothing is run, and the pages ask no server for anything: formulas become MathML, which browsers draw
themselves, and scripts are left out, since a page without widgets needs none.
"""

import re
import sys
from pathlib import Path

import latex2mathml.converter
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "build" / "html"

# nbconvert's own template draws figures without their alt text.
TEMPLATE = """\
{% extends 'lab/index.html.j2' %}
{% block data_png %}
<div class="jp-RenderedImage jp-OutputArea-output {{ extra_class }}">
<img src="data:image/png;base64,{{ output.data['image/png'] }}"
 alt="{{ output | get_metadata('alt', 'image/png') | escape_html }}">
</div>
{% endblock data_png %}
"""


class Renderer(IPythonRenderer):
    """Markdown to HTML, with formulas as MathML."""

    def inline_math(self, body):
        return latex2mathml.converter.convert(body)

    def block_math(self, body):
        return latex2mathml.converter.convert(body, display="block")

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def block_html(self, html):
        # nbconvert reads each piece alone, to embed pictures, and would close <details> before its content.
        return super().block_html(html) if "<img" in html else f"{html}\n"


def exporter(folder: Path) -> HTMLExporter:
    def markdown(source: str) -> str:
        renderer = Renderer(escape=False, embed_images=True, exclude_anchor_links=True, path=str(folder))
        return MarkdownWithMath(renderer).render(source)

    made = HTMLExporter(filters={"markdown2html": markdown}, raw_template=TEMPLATE)
    # A page shows a demo's picture, not the photograph of it that is there for JupyterLab.
    kinds = made.default_config.NbConvertBase.display_data_priority
    made.config.NbConvertBase.display_data_priority = sorted(kinds, key=lambda kind: kind != "image/svg+xml")
    return made


def page(notebook: Path) -> str:
    html, _ = exporter(notebook.parent).from_filename(str(notebook))
    html = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r'(href="[^":]+)\.ipynb\b', r"\1.html", html)


def main() -> int:
    TARGET.mkdir(parents=True, exist_ok=True)
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        target = TARGET / f"{notebook.stem}.html"
        target.write_text(page(notebook), encoding="utf-8")
        print(target.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
