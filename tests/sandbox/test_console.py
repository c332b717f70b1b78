"""The page at `/`: which files it consists of, what it may load, and who may open it."""

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

import httpx
import pytest

from callstate.sandbox.console_files import KINDS, POLICY
from tests.sandbox.running import TALK, Running

FOLDER = files("callstate.sandbox").joinpath("console")
FILES = sorted(FOLDER.iterdir(), key=lambda file: file.name)
SCRIPTS = [file for file in FILES if file.name.endswith(".js")]

AS_MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|\beval\b|Function\(")
IMPORT = re.compile(r'^import .*? from "(.*)";$', re.MULTILINE)


def name(file: Traversable) -> str:
    return file.name


@pytest.fixture
def browser(untouched: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=untouched.url, trust_env=False) as client:
        yield client


def test_the_page_may_load_its_own_files_only_and_is_kept_by_nobody(browser: httpx.Client) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == POLICY
    assert POLICY.split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("file", FILES, ids=name)
def test_each_file_is_served_with_its_type(browser: httpx.Client, file: Traversable) -> None:
    answer = browser.get(f"/console/{file.name}")
    assert answer.content == file.read_bytes()
    assert answer.headers["content-type"] == KINDS[file.name.rpartition(".")[2]]
    assert answer.headers["content-security-policy"] == POLICY
    head = browser.head(f"/console/{file.name}")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(answer.content)))


@pytest.mark.parametrize("path", ["none.js", "../app.py", "%2e%2e%2fapp.py", "", "board.js/more"])
def test_no_other_file_is_served(browser: httpx.Client, path: str) -> None:
    answer = browser.get(f"/console/{path}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/console/board.js"])
def test_files_are_only_read(browser: httpx.Client, path: str) -> None:
    answer = browser.post(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/console/board.js", "/sandbox/updates", "/sandbox/history"])
@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_pages_of_others_reach_nothing(browser: httpx.Client, path: str, header: dict[str, str]) -> None:
    answer = browser.get(path, headers=header)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign")


def test_what_the_console_reads_is_not_logged_unless_it_is_refused(running: Running) -> None:
    with httpx.Client(base_url=running.url, trust_env=False) as client:
        for path in ("/", "/console/board.js", f"/sandbox/history?call={TALK}"):
            assert client.get(path).status_code == 200
        with client.stream("GET", "/sandbox/updates") as updates:
            assert updates.status_code == 200
        assert running.lines == []
        client.get("/console/none.js")
        client.get("/", headers={"Host": "evil.example"})
    assert [line.split()[2:5] for line in running.lines] == [["GET", "/console/none.js", "404"], ["GET", "/", "403"]]


# What the files contain -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", SCRIPTS, ids=name)
def test_scripts_never_read_text_as_markup_or_as_a_program(file: Traversable) -> None:
    assert AS_MARKUP.findall(file.read_text()) == []


@pytest.mark.parametrize("file", FILES, ids=name)
def test_files_name_no_other_site(file: Traversable) -> None:
    assert set(re.findall(r"https?://[\w./]+", file.read_text())) <= {"http://www.w3.org/2000/svg"}


def test_the_markup_has_no_script_and_no_style_inside() -> None:
    page = FOLDER.joinpath("index.html").read_text()
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", page) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=name)
def test_scripts_are_short_and_import_each_other_only(file: Traversable) -> None:
    assert file.read_text().count("\n") < 300
    assert {f"./{script.name}" for script in SCRIPTS} >= set(IMPORT.findall(file.read_text()))
