"""The sandbox on a socket: it is set up, announced, served and stopped.

One rule: whatever is wrong with what it is given is told in one line, before it serves anything.
"""

import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import msgspec

from callstate.errors import DomainError
from callstate.model import PhoneCall
from callstate.sandbox import demo
from callstate.sandbox.app import Sandbox
from callstate.sandbox.recorder import Recorder
from callstate.sandbox.tokens import SECRET
from callstate.sandbox.world import Witness
from callstate.table import LENIENT, Rules
from callstate.voipnow.directory import Directory, load_directory
from callstate.voipnow.wire import decode_call

if TYPE_CHECKING:
    import uvicorn

PORTS = range(65536)

GRACE_SECONDS = 3
"""How long a request may still take when the sandbox is asked to stop."""


class SetupError(Exception):
    """The sandbox cannot be started; the message is the line to print."""


class Settings(NamedTuple):
    """What a sandbox is started with: a directory and calls, if there are any, by name and text, and how it behaves.

    `record` opens the file, without a buffer, to which a trace is written.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    directory: tuple[str, bytes] | None = None
    calls: tuple[str, bytes] | None = None
    answer_after: timedelta | None = None
    record: Callable[[], BinaryIO] | None = None
    rules: Rules = LENIENT


def serve(settings: Settings, say: Callable[[str], None], log: Callable[[str], None]) -> None:
    """Serve until the process is asked to stop, and then come back.

    `say` is given what somebody waits for, how to reach the sandbox; `log` a line for all that happens.
    """
    directory = _directory(settings.directory)
    calls = _calls(settings.calls)
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


# What it is given -----------------------------------------------------------------------------------------------------


def _directory(given: tuple[str, bytes] | None) -> Directory:
    name, data = ("demo", demo.DIRECTORY) if given is None else given
    directory = load_directory(data)
    if isinstance(directory, Directory):
        return directory
    raise SetupError(f"the directory {name} cannot be read: {'; '.join(directory)}")


class _Listed(msgspec.Struct, frozen=True):
    entry: list[msgspec.Raw]


def _calls(given: tuple[str, bytes] | None) -> list[PhoneCall]:
    """Read calls as the service lists them."""
    if given is None:
        return list(demo.calls(_now()))
    name, data = given
    try:
        entries = msgspec.json.decode(data, type=_Listed).entry
    except ValueError as error:
        raise SetupError(f'the calls {name} cannot be read as {{"entry": [CALL, ...]}}: {error}') from None
    calls = [decode_call(bytes(entry)) for entry in entries]
    unreadable = [f"entry {place}: {call.message}" for place, call in enumerate(calls) if isinstance(call, DomainError)]
    if unreadable:
        raise SetupError(f"the calls {name} cannot be read: {unreadable[0]}")
    return list({call.id: call for call in calls if isinstance(call, PhoneCall)}.values())


def _account(directory: Directory, calls: Iterable[PhoneCall]) -> str | None:
    """Tell whose token is worth showing: that of somebody who has a call."""
    payers = (directory.owner(call.extension) for call in calls)
    return next((payer.id for payer in payers if payer is not None), None)


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
            sandbox,
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
