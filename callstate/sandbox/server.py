"""The sandbox on a socket: it is set up, announced, served and stopped.

One rule: whatever is wrong with what it is given is told in one line, before it serves anything.
"""

import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from callstate.domain import PhoneCall
from callstate.engine import LENIENT, Rules
from callstate.sandbox import demo
from callstate.sandbox.app import Sandbox
from callstate.sandbox.loading import Given, SetupError, calls_of, directory_of
from callstate.sandbox.recorder import Recorder
from callstate.sandbox.simulation import Witness
from callstate.sandbox.tokens import SECRET
from callstate.voipnow.http import capitalized
from callstate.voipnow.service import AccountKind, Directory

if TYPE_CHECKING:
    import uvicorn

PORTS = range(65536)

GRACE_SECONDS = 3
"""How long a request may still take when the sandbox is asked to stop."""


class Settings(NamedTuple):
    """What a sandbox is started with: a directory and calls, if any are given, and how it behaves.

    `record` opens the file, without a buffer, to which a trace is written.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    directory: Given | None = None
    calls: Given | None = None
    answer_after: timedelta | None = None
    record: Callable[[], BinaryIO] | None = None
    rules: Rules = LENIENT


def serve(settings: Settings, say: Callable[[str], None], log: Callable[[str], None]) -> None:
    """Serve until the process is asked to stop, and then come back.

    `say` is given what somebody waits for, how to reach the sandbox; `log` a line for all that happens.
    """
    directory = directory_of(settings.directory)
    calls = _calls(settings, directory)
    # A trace of an earlier run is replaced only by a sandbox that can be reached.
    with listening(settings.host, settings.port) as listener, _recording(settings.record, calls, log) as witness:
        sandbox = Sandbox(
            directory, calls, say=log, witness=witness, answer_after=settings.answer_after, rules=settings.rules
        )
        server = server_for(sandbox)
        with _stopping(server):
            for line in _welcome(_address(listener), sandbox, _account(directory, calls)):
                say(line)
            server.run([listener])
    say("Stopped.")


@contextmanager
def _recording(
    opened: Callable[[], BinaryIO] | None, calls: list[PhoneCall], say: Callable[[str], None]
) -> Iterator[Witness]:
    if opened is None:
        yield lambda _step: None
        return
    with opened() as file:
        recorder = Recorder(file, say)
        recorder.begin(calls, _now())
        yield recorder.record


def _calls(settings: Settings, directory: Directory) -> list[PhoneCall]:
    """Read the calls; those of the demo are for its own directory."""
    if settings.calls is not None:
        return calls_of(settings.calls, directory)
    return list(demo.calls(_now())) if settings.directory is None else []


def _account(directory: Directory, calls: Iterable[PhoneCall]) -> str | None:
    """Tell whose token is worth showing: that of somebody who has a call, or else of the first user."""
    payers = [directory.owner(call.extension) for call in calls]
    users = [account for account in directory.accounts if account.kind is AccountKind.USER]
    return next((account.id for account in (*payers, *users) if account is not None), None)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


# The socket -----------------------------------------------------------------------------------------------------------


def server_for(sandbox: Sandbox) -> "uvicorn.Server":
    """Make a server that serves it."""
    try:
        import uvicorn  # noqa: PLC0415  # only who serves needs it
    except ModuleNotFoundError:
        raise SetupError("serve needs a server: pip install uvicorn") from None
    return uvicorn.Server(
        uvicorn.Config(
            capitalized(sandbox),
            http="h11",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def listening(host: str, port: int) -> socket.socket:
    """Open the socket to listen on; of port 0 the system makes a free one."""
    if port not in PORTS:
        raise SetupError(f"cannot listen on port {port}: a port is 0 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SetupError(f"cannot listen on {host} port {port}: {error.strerror}") from None


@contextmanager
def _stopping(server: "uvicorn.Server") -> Iterator[None]:
    """Let a signal to stop do just that: the server has handlers of its own, but raises it again at its end."""
    before = {number: signal.signal(number, server.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _welcome(address: str, sandbox: Sandbox, account: str | None) -> Iterator[str]:
    yield f"Serving on {address} until Ctrl-C. A token for the account ID:"
    yield f"  curl -d 'grant_type=client_credentials&client_id=ID&client_secret={SECRET}' {address}/oauth/token.php"
    if account is not None:
        yield f"One for the account {account}, and its calls:"
        yield f"  curl -H 'Authorization: Bearer {sandbox.token(account)}' {address}/uapi/phoneCalls/@me/@self"
