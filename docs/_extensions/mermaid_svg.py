"""Sphinx draws the `mermaid` blocks as SVG while it builds, so the site needs neither a script nor a network.

One rule: a block is drawn twice, once for light and once for dark pages, and the theme shows one of them.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import ClassVar, Final

import mermaidx
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

LIGHT: Final = {
    "background": "#ffffff",
    "primaryColor": "#edf1f7",
    "primaryBorderColor": "#5f6f86",
    "primaryTextColor": "#14181f",
    "lineColor": "#4a5667",
    "textColor": "#14181f",
    "edgeLabelBackground": "#ffffff",
    "compositeBackground": "#ffffff",
    "noteBkgColor": "#fff6d6",
    "noteBorderColor": "#a98a1f",
    "noteTextColor": "#14181f",
}
DARK: Final = {
    "darkMode": True,
    "background": "#131416",
    "primaryColor": "#2b323d",
    "primaryBorderColor": "#93a3ba",
    "primaryTextColor": "#f0f2f5",
    "lineColor": "#b4c0d0",
    "textColor": "#f0f2f5",
    "edgeLabelBackground": "#131416",
    "compositeBackground": "#131416",
    "noteBkgColor": "#4a4016",
    "noteBorderColor": "#d6b94c",
    "noteTextColor": "#fbf5de",
}
CONFIG: Final = {
    "fontFamily": "Arial, Helvetica, sans-serif",
    # Narrow enough to be read on a phone.
    "sequence": {
        "wrap": True,
        "width": 136,
        "actorMargin": 8,
        "boxMargin": 6,
        "noteMargin": 6,
        "diagramMarginX": 4,
        "diagramMarginY": 4,
        "mirrorActors": False,
        "actorFontSize": 18,
        "messageFontSize": 18,
        "noteFontSize": 17,
    },
}


class Mermaid(SphinxDirective):
    """A block of Mermaid."""

    has_content: ClassVar = True

    def run(self) -> list[nodes.Node]:
        """Draw the block."""
        source = "\n".join(self.content)
        pictures = drawn(source, LIGHT, "only-light") + drawn(source, DARK, "only-dark")
        return [nodes.raw("", f'<figure class="diagram">{pictures}</figure>', format="html")]


def drawn(source: str, colours: Mapping[str, object], css_class: str) -> str:
    """Draw a source as SVG to stand in a page; it is never narrower than half its size, below which words get small."""
    config = {**CONFIG, "themeVariables": {**colours, "fontSize": "20px"}}
    svg = mermaidx.render(source, theme="base", config=config).svg()
    width = re.search(r'viewBox="\S+ \S+ (\S+)', svg)
    if width is None:
        raise ValueError("mermaidx returned an SVG without a viewBox")
    name = "mermaid-" + hashlib.sha256(f"{source}{css_class}".encode()).hexdigest()[:12]
    svg = svg.replace("my-svg", name)  # the ids of two pictures of a page must differ
    return f'<div class="{css_class}" style="min-width: {float(width[1]) / 2:.0f}px">{svg}</div>'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive."""
    app.add_directive("mermaid", Mermaid)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
