"""The check of the built site finds what a browser would ask another origin for."""

import pytest

from tests.documentation.offline import loaded_elsewhere


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://cdn.example/mermaid.js"></script>'),
        ("a.html", '<link rel="stylesheet" href="//cdn.example/site.css">'),
        ("a.html", '<link rel="preconnect" href="https://fonts.example">'),
        ("a.html", '<img src="local.png" srcset="https://cdn.example/a.png 2x">'),
        ("a.html", '<object data="http://cdn.example/a.svg"></object>'),
        ("a.html", '<svg><image xlink:href="https://cdn.example/a.png"/></svg>'),
        ("a.html", '<style>@import "https://cdn.example/a.css";</style>'),
        ("a.html", '<script type="module">const m = await import("https://cdn.example/m.mjs")</script>'),
        ("a.css", "body { background: url(https://cdn.example/a.png) }"),
        ("a.js", 'fetch("https://api.example/versions.json")'),
    ],
)
def test_what_comes_from_elsewhere_is_found(name: str, text: str) -> None:
    assert len(loaded_elsewhere(name, text)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<a href="https://www.example.org">a link</a>'),
        ("a.html", '<link rel="canonical" href="https://www.example.org/">'),
        ("a.html", '<script src="_static/copy.js"></script><img src="data:image/png;base64,AA==">'),
        ("a.html", '<svg xmlns="http://www.w3.org/2000/svg"><use href="#arrow"/></svg>'),
        ("a.css", "/* https://www.example.org/licence */ a { background: url(a.svg) }"),
        ("a.js", '// see https://www.example.org\nfetch("searchindex.js")'),
    ],
)
def test_links_and_own_files_are_not(name: str, text: str) -> None:
    assert loaded_elsewhere(name, text) == []
