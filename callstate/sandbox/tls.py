"""TLS for the sandbox: a throw-away certificate, or one from files, and a word for clients that do not speak TLS.

One rule: what cannot be loaded is one line for a person. The private key of a throw-away authority is never written.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from callstate.sandbox.loading import SetupError

NAMES = ("localhost", "127.0.0.1", "::1")
"""Whom a throw-away certificate is for, besides the address that the sandbox listens on."""

PLAIN_SPOKEN = "A client spoke plain HTTP to this port, which serves TLS: use https://."

_BODY = b'{"error":{"code":"tls_required","message":"This port serves TLS: use https://."}}'

_ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
)


class CertificateFiles(NamedTuple):
    """The files of a certificate chain and of its private key, which may be in one file."""

    certificate: str
    key: str | None


class _Context(ssl.SSLContext):
    """A context that answers plain HTTP with a sentence, where a TLS server only breaks off."""

    say: Callable[[str], None]

    def wrap_bio(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """Begin TLS on a connection."""
        found = super().wrap_bio(incoming, outgoing, *args, **kwargs)
        assert isinstance(found, _Object)
        found.outgoing, found.say = outgoing, self.say
        return found


class _Object(ssl.SSLObject):
    outgoing: ssl.MemoryBIO
    say: Callable[[str], None]

    def do_handshake(self) -> None:
        """Shake hands, or answer a client that does not speak TLS; it will close the connection, or be timed out."""
        try:
            super().do_handshake()
        except ssl.SSLError as error:
            if error.reason != "HTTP_REQUEST":
                raise
            self.say(PLAIN_SPOKEN)
            self.outgoing.write(_ANSWER)
            raise ssl.SSLWantReadError from None


def _context(say: Callable[[str], None]) -> _Context:
    context = _Context(ssl.PROTOCOL_TLS_SERVER)
    context.sslobject_class = _Object
    context.say = say
    return context


def from_files(files: CertificateFiles, say: Callable[[str], None]) -> ssl.SSLContext:
    """Load a certificate from files."""
    context = _context(say)
    try:
        context.load_cert_chain(files.certificate, files.key)
    except ssl.SSLError as error:
        reason = error.reason or "no certificate and key that belong together"
        raise SetupError(f"cannot use the certificate {files.certificate!r}: {reason}") from None
    except OSError as error:
        raise SetupError(f"cannot read the certificate {files.certificate!r} or its key: {error.strerror}") from None
    return context


@contextmanager
def throw_away(host: str, say: Callable[[str], None]) -> Iterator[tuple[ssl.SSLContext, Path]]:
    """Make a certificate, and the file of its authority, which clients have to trust, for as long as it is used."""
    try:
        import trustme  # noqa: PLC0415  # only a throw-away certificate needs it
    except ModuleNotFoundError:
        raise SetupError("--tls needs trustme: pip install trustme; or give a --certfile") from None
    authority = trustme.CA()
    certificate = authority.issue_cert(*dict.fromkeys((*NAMES, host)))
    context = _context(say)
    certificate.configure_cert(context)
    with TemporaryDirectory(prefix="callstate-") as folder:
        file = Path(folder) / "ca.pem"
        authority.cert_pem.write_to_path(file)
        yield context, file
