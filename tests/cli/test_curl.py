"""The script of `callstate judge` that repeats exchanges: a shell runs what was asked and nothing that was answered."""

import subprocess
from pathlib import Path

import pytest

from callstate.cli.curl import curl_script


@pytest.mark.parametrize(
    "text", ["service: accepted", "'; touch pwned; '", "END\nEND OF THE STORY\ntouch pwned", "$(touch pwned)"]
)
def test_what_a_service_says_is_shown_and_not_run(text: str, tmp_path: Path) -> None:
    script = curl_script("http://127.0.0.1:9", (), before=text, after=text)
    environment = {"PATH": "/usr/bin:/bin", "TOKEN": "t"}
    done = subprocess.run(
        ["/bin/sh", "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{text}\n"
    assert list(tmp_path.iterdir()) == []
