"""The sandbox on a socket: it is set up, announced, served and stopped.

One rule: whatever is wrong with what it is given is told in one line, before it serves anything.
"""

import signal
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from callstate.domain import PhoneCall
from callstate.engine import LENIENT, Rules
from callstate.sandbox import demo
from callstate.sandbox.loading import Given, SetupError, calls_of, directory_of, phones_of
from callstate.sandbox.log import Style
from callstate.sandbox.parts import MakeParts, in_memory
from callstate.sandbox.phone_system import PhoneSystem, Setup
from callstate.sandbox.phones import RINGS_OUT, Phone
from callstate.sandbox.recorder import Recorder
from callstate.sandbox.simulation import Observers
from callstate.sandbox.tls import CertificateFiles, from_files, throw_away
from callstate.sandbox.tokens import SECRET
from callstate.voipnow.http import capitalized
from callstate.voipnow.service import AccountKind, Directory

if TYPE_CHECKING:
    import uvicorn

PORTS = range(65536)

GRACE_SECONDS = 3
"""How long a request may still take when the sandbox is asked to stop."""


class Settings(NamedTuple):
    """What a sandbox is started with: a directory, calls and phones, if any are given, and how it behaves.

    `record` opens the file, without a buffer, to which a trace is written. `tls` is the files of a certificate, or true
    for a throw-away one. `hosts`, `event_hosts` and `tokens` are those of `Setup`.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    tls: CertificateFiles | bool = False
    hosts: frozenset[str] = frozenset()
    event_hosts: frozenset[str] = frozenset()
    directory: Given | None = None
    calls: Given | None = None
    phones: Given | None = None
    answer_after: timedelta | None = None
    record: Callable[[], BinaryIO] | None = None
    rules: Rules = LENIENT
    seed: int | None = None
    tokens: Mapping[str, str] = {}
    store: str | None = None
    style: Style = Style()


def serve(settings: Settings, say: Callable[[str], None], log: Callable[[str], None]) -> None:
    """Serve until the process is asked to stop, and then come back.

    `say` is given what somebody waits for, how to reach the sandbox; `log` a line for all that happens.
    """
    setup = setup_of(settings)
    with ExitStack() as stack:
        # A trace of an earlier run is replaced only by a sandbox that can be reached.
        listener = stack.enter_context(listening(settings.host, settings.port))
        context, authority = stack.enter_context(_secured(settings, log))
        system = stack.enter_context(_recorded(settings.record, setup, log))
        server = server_for(system, log, context)
        stack.enter_context(_stopping(server))
        for line in _welcome(_address(listener, context), system, _account(setup), authority):
            say(line)
        server.run([listener])
    say("Stopped.")


def setup_of(settings: Settings) -> Setup:
    """Read what is given; a `SetupError` says what is wrong with it."""
    directory = directory_of(settings.directory)
    stranger = next((one for one in settings.tokens.values() if directory.account(one) is None), None)
    if stranger is not None:
        raise SetupError(f"--token: the directory has no account {stranger!r}")
    after = settings.answer_after
    return Setup(
        directory=directory,
        calls=_calls(settings, directory),
        phones={} if settings.phones is None else phones_of(settings.phones),
        others=RINGS_OUT if after is None else Phone(does="answers", after=after.total_seconds()),
        rules=settings.rules,
        seed=settings.seed,
        tokens=settings.tokens,
        hosts=settings.hosts | {settings.host},
        event_hosts=settings.event_hosts,
        style=settings.style,
        parts=in_memory if settings.store is None else _shared(settings.store),
    )


def _shared(url: str) -> MakeParts:
    try:
        from callstate.sandbox.shared import opened  # noqa: PLC0415  # only a sandbox of several processes needs it
    except ModuleNotFoundError:
        raise SetupError("--store needs SQLAlchemy: pip install sqlalchemy") from None
    return opened(url)


def _calls(settings: Settings, directory: Directory) -> list[PhoneCall]:
    """Read the calls; those of the demo are for its own directory."""
    if settings.calls is not None:
        return calls_of(settings.calls, directory, _now())
    return list(demo.calls(_now())) if settings.directory is None else []


@contextmanager
def _recorded(opened: Callable[[], BinaryIO] | None, setup: Setup, log: Callable[[str], None]) -> Iterator[PhoneSystem]:
    """Make the phone system, with a trace of it if one is wanted."""
    if opened is None:
        yield PhoneSystem(setup, say=log)
        return
    with opened() as file:
        recorder = Recorder(file, setup.directory.numbering)
        system = PhoneSystem(setup, say=log, observers=Observers(started=recorder.start, stepped=recorder.record))
        recorder.go_on(log)
        yield system


@contextmanager
def _secured(settings: Settings, say: Callable[[str], None]) -> Iterator[tuple[ssl.SSLContext | None, Path | None]]:
    """Yield the context of TLS, if it is wanted, and the file of the authority that clients have to trust."""
    if isinstance(settings.tls, CertificateFiles):
        yield from_files(settings.tls, say), None
    elif settings.tls:
        with throw_away(settings.host, say) as made:
            yield made
    else:
        yield None, None


def _account(setup: Setup) -> str | None:
    """Return the account to show a token of: one that has a call, or else the first user."""
    payers = [setup.directory.owner(call.extension) for call in setup.calls]
    users = [account for account in setup.directory.accounts if account.kind is AccountKind.USER]
    return next((account.id for account in (*payers, *users) if account is not None), None)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


# The socket -----------------------------------------------------------------------------------------------------------


def server_for(
    system: PhoneSystem, log: Callable[[str], None], context: ssl.SSLContext | None = None
) -> "uvicorn.Server":
    """Make a server that serves it."""
    try:
        import uvicorn  # noqa: PLC0415  # only a sandbox on a socket needs it

        from callstate.sandbox import connections  # noqa: PLC0415  # it needs uvicorn, too
        from callstate.sandbox.app import SandboxApplication  # noqa: PLC0415  # it needs h11, which comes with uvicorn
    except ModuleNotFoundError:
        raise SetupError("serve needs a server: pip install uvicorn") from None
    config = uvicorn.Config(
        capitalized(SandboxApplication(system)),
        http=connections.Connections(log).connect,  # type: ignore[arg-type]  # a class, says uvicorn, and only calls it
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        limit_concurrency=connections.MOST + 1,
        timeout_keep_alive=connections.IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    config.load()
    config.ssl = context
    return uvicorn.Server(config)


def listening(host: str, port: int) -> socket.socket:
    """Open the socket to listen on; of port 0 the system makes a free one."""
    if port not in PORTS:
        raise SetupError(f"cannot listen on port {port}: a port is 0 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With this protocol asyncio sets TCP_NODELAY; an answer's second packet else waits for the client's delayed ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SetupError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return listener


@contextmanager
def _stopping(server: "uvicorn.Server") -> Iterator[None]:
    """Let a signal to stop do just that: the server has handlers of its own, but raises it again at its end."""
    before = {number: signal.signal(number, server.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _address(listener: socket.socket, context: ssl.SSLContext | None) -> str:
    host, port = listener.getsockname()[:2]
    scheme = "http" if context is None else "https"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _welcome(address: str, system: PhoneSystem, account: str | None, authority: Path | None) -> Iterator[str]:
    trust = "" if authority is None else f"--cacert {authority} "
    form = f"grant_type=client_credentials&client_id=ID&client_secret={SECRET}"
    yield f"Serving on {address} until Ctrl-C. A token for the account ID:"
    yield f"  curl {trust}-d '{form}' {address}/oauth/token.php"
    if not system.shared:
        yield f"The console, in a browser: {address}/"
    if account is not None:
        yield f"A token for the account {account}, and its calls:"
        header = f"Authorization: Bearer {system.tokens.issue(account)}"
        yield f"  curl {trust}-H '{header}' {address}/uapi/phoneCalls/@me/@self"
