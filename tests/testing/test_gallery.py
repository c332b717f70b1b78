"""The judge finds each wrong implementation, after as few inputs as the mistake takes, and its page is current."""

import re

import pytest

from tests.testing.gallery import BEGIN, END, PAGE, find
from tests.testing.wrong import GALLERY, Wrong

ROW = re.compile(r"^\| (.+) \| (\d+) \| [\d.]+ \|$", re.MULTILINE)


@pytest.mark.parametrize("wrong", GALLERY.values(), ids=list(GALLERY))
def test_it_is_found_by_the_fewest_inputs(wrong: Wrong) -> None:
    assert find(wrong).diverged.inputs == wrong.fewest


def test_the_page_is_current() -> None:
    table = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert ROW.findall(table) == [(name, str(wrong.fewest)) for name, wrong in GALLERY.items()]


def test_the_gallery_is_as_large_as_promised() -> None:
    assert len(GALLERY) >= 25
