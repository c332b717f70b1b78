"""TLS: the vendor's whole flow over https, and a word for whoever mixes http and https up."""

import re
import signal
import socket
import ssl
from pathlib import Path

import httpx
import pytest
import trustme

from callstate.cli import main
from callstate.sandbox import SetupError
from callstate.sandbox.connections import TLS_SPOKEN
from callstate.sandbox.tls import PLAIN_SPOKEN, CertificateFiles, from_files
from tests.sandbox.running import TALK
from tests.sandbox.started import command, stopped

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key in one file, and the authority beside it."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
    return folder / "both.pem"


def test_the_vendor_s_whole_flow_over_tls_with_the_clock_moved_by_days() -> None:
    with command("--tls", "--answer-after", "0") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        address = lines[0].split()[2]
        found = re.search(r"--cacert (\S+)", lines[1])
        assert found is not None
        assert address.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=found[1])
        with httpx.Client(base_url=address, verify=context, trust_env=False) as client:
            walk(client)
        assert PLAIN_SPOKEN not in stopped(process, signal.SIGTERM)
    assert not Path(found[1]).exists()


def walk(client: httpx.Client) -> None:
    """Do what the vendor's clients do, with days between the requests, but for a party that waits in the lot."""

    def ask(method: str, path: str, status: int, **body: object) -> httpx.Response:
        seconds = 10 if body.get("action") == "UnPark" else 5 * 86_400
        assert client.post("/sandbox/clock", json={"advance": seconds}).status_code == 200
        answer = client.request(method, path, json=body or None)
        assert answer.status_code == status, answer.text
        return answer

    form = {"grant_type": "client_credentials", "client_id": "12", "client_secret": "sandbox", "type": "unifiedapi"}
    form["redirect_uri"] = "https://localhost/"
    token = client.post("/oauth/token.php", data=form).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"

    assert ask("GET", "/uapi/phoneCalls/@me/@self/", 200).json()["entry"][0]["id"] == TALK
    new = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [BOB]}]}
    (call,) = ask("POST", "/uapi/phoneCalls/@me/simple/", 200, **new).json()
    link = call["links"]["self"]
    for action in ("OnHold", "OffHold", "StartRecording", "StopRecording"):
        ask("PUT", link, 202, action=action, phoneCallViewId="00")
    ask("PUT", link, 202, action="Park", phoneCallViewId="01", maxInParking=3600)
    ask("PUT", link, 202, action="UnPark", phoneCallViewId="01", sendCallTo=ALICE)
    ask("PUT", link, 202, action="Transfer", sendCallTo=CAROL, transferFromNumber=ALICE, transferNumber=BOB)
    admin = client.post("/oauth/token.php", data={**form, "client_id": "admin"}).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {admin}"
    assert ask("DELETE", f"/uapi/phoneCalls/13/{BOB}/{call['id']}", 200).json() == [{"id": call["id"]}]


def test_a_certificate_from_files_and_plain_http_spoken_to_it(pem: Path) -> None:
    with command("--certfile", str(pem)) as process:
        assert process.stdout is not None
        url = httpx.URL(process.stdout.readline().split()[2])
        context = ssl.create_default_context(cafile=str(pem.with_name("ca.pem")))
        assert httpx.get(url.join("/openapi.json"), verify=context, trust_env=False).status_code == 200
        plain = httpx.get(f"http://127.0.0.1:{url.port}/", trust_env=False)
        assert (plain.status_code, plain.json()["error"]["code"]) == (400, "tls_required")
        lines = stopped(process, signal.SIGTERM)
    assert lines.count(PLAIN_SPOKEN) == 1


def test_tls_spoken_to_a_plain_port() -> None:
    with command() as process:
        assert process.stdout is not None
        port = httpx.URL(process.stdout.readline().split()[2]).port
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"https://127.0.0.1:{port}/", trust_env=False)
        lines = stopped(process, signal.SIGTERM)
    assert lines.count(TLS_SPOKEN) == 1


def test_a_client_that_breaks_the_handshake_off_does_not_stop_the_sandbox(pem: Path) -> None:
    with command("--certfile", str(pem)) as process:
        assert process.stdout is not None
        url = httpx.URL(process.stdout.readline().split()[2])
        for data in (b"\x16\x03\x01\x00\x05hello", b"\x00" * 20, b""):
            with socket.create_connection(("127.0.0.1", url.port or 0)) as connection:
                connection.sendall(data)
        context = ssl.create_default_context(cafile=str(pem.with_name("ca.pem")))
        assert httpx.get(url.join("/openapi.json"), verify=context, trust_env=False).status_code == 200
        assert not any("Traceback" in line for line in stopped(process, signal.SIGTERM))


def test_certificates_that_cannot_be_used(pem: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_bytes(b"")
    with pytest.raises(SetupError, match=r"cannot use the certificate '.*empty.pem'"):
        from_files(CertificateFiles(str(empty), None), print)
    with pytest.raises(SetupError, match=r"cannot use the certificate '.*ca.pem'"):
        from_files(CertificateFiles(str(pem.with_name("ca.pem")), str(pem)), print)
    with pytest.raises(SetupError, match=r"cannot read the certificate 'no.pem' or its key: No such file"):
        from_files(CertificateFiles("no.pem", None), print)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--keyfile", "key.pem"], "--keyfile needs --certfile"),
        (["--certfile", "no.pem"], "cannot read the certificate 'no.pem' or its key: No such file or directory"),
        (["--token", "99=secret"], "--token: the directory has no account '99'"),
    ],
)
def test_what_it_cannot_start_with(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", *arguments]) == 2
    assert capsys.readouterr().err == f"callstate: {sentence}\n"


def test_without_trustme_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "trustme", None)
    assert main(["serve", "--port", "0", "--tls"]) == 2
    assert capsys.readouterr().err == ("callstate: --tls needs trustme: pip install trustme; or give a --certfile\n")


@pytest.mark.parametrize("token", ["12", "12=", "=secret", "12=two words", "12=\u00e9"])
def test_a_token_that_is_none(token: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["serve", f"--token={token}"])
    assert "argument --token: an account, = and a token without spaces" in capsys.readouterr().err
