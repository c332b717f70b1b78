"""A PostgreSQL server of its own for the tests: in a temporary folder, on a socket there, gone afterwards.

One rule: it runs as a user without rights, because PostgreSQL refuses to run as root.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

USER = "nobody"
DEBIAN = Path("/usr/lib/postgresql")


def _program(name: str) -> str:
    """Find a program of PostgreSQL, which Debian does not put on the path."""
    found = shutil.which(name) or next(map(str, sorted(DEBIAN.glob(f"*/bin/{name}"))), None)
    assert found is not None, f"{name} is missing: apt-get install postgresql"
    return found


@contextmanager
def cluster() -> Iterator[str]:
    """Start a server, and yield the address of its database."""
    user = USER if os.geteuid() == 0 else None
    with TemporaryDirectory(prefix="callstate-pg-") as folder:
        data, log = f"{folder}/data", f"{folder}/log"
        if user is not None:
            shutil.chown(folder, user)

        def run(name: str, *arguments: str) -> None:
            subprocess.run([_program(name), *arguments], user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

        run("initdb", "-D", data, "-A", "trust", "-U", "callstate", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -k {folder}"
        run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            yield f"postgresql+psycopg://callstate@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
