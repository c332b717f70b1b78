"""`callstate serve` as a person starts it: a process of its own, found by what it prints."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

CURL = re.compile(r"curl -H 'Authorization: (Bearer \w+)' (http://\S+)")


@contextmanager
def command(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    start = [sys.executable, "-m", "callstate", "serve", "--port", "0", *arguments]
    with subprocess.Popen(start, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def announced(process: "subprocess.Popen[str]") -> tuple[str, httpx.Client]:
    """Read what is printed at the start; return the address that is shown and a client with the token that is shown."""
    assert process.stdout is not None
    for line in process.stdout:
        found = CURL.search(line)
        if found is not None:
            token, url = found.groups()
            return url, httpx.Client(headers={"Authorization": token}, trust_env=False)
    pytest.fail(process.communicate()[1])


def stopped(process: "subprocess.Popen[str]", number: signal.Signals) -> list[str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in err, err
    return [*err.splitlines(), *out.splitlines()]
