"""How Sphinx makes a site of these pages: `sphinx-build -W --keep-going -b html docs .docs-build`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "callstate"
author = "callstate contributors"
project_copyright = author  # without a year, so that a build today is the build of tomorrow

extensions = ["myst_parser", "mermaid_svg"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples"]

html_theme = "furo"
html_title = project
html_copy_source = False
html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("copy.js", {"defer": "defer"})]

# The pages are plain Markdown, so a code host shows them too; there Mermaid has a fence of its own.
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 3
