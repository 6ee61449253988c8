"""SECURITY.md holds what it says: each promise names a test that is there, and `deploy/` does what it says."""

import ast
import configparser
import datetime
import http.client
import json
import re
import shutil
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from websockets.sync.client import connect

from pages.access.server import Socket, _listener

PROJECT = Path(__file__).resolve().parent.parent
HOST, NAME = "127.0.0.1", "dieuhanh.example.gov.vn"
PATIENCE = 60
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


# --- SECURITY.md ----------------------------------------------------------------------------------------------------


def promises():
    """The lines of SECURITY.md that promise something, and the tests that each names."""
    lines = (PROJECT / "SECURITY.md").read_text(encoding="utf-8").split("\n- ")[1:]
    return {line.split("\n\n")[0]: NAMED.findall(line.split("\n\n")[0]) for line in lines}


def test_every_promise_names_a_test():
    assert promises()
    assert [promise for promise, tests in promises().items() if not tests] == []


def test_every_test_that_is_named_is_there():
    missing = []
    for path, name in {test for tests in promises().values() for test in tests}:
        file = PROJECT / path
        known = file.exists() and {
            node.name
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
        if not known or (name and name not in known):
            missing.append(f"{path}::{name}")
    assert missing == []


def test_threat_model_is_read_in_one_sitting():
    assert len((PROJECT / "SECURITY.md").read_text(encoding="utf-8").split()) <= 1_300, "two pages"


# --- the units ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", sorted(path.name for path in (PROJECT / "deploy").glob("*.service")))
def test_units_say_how_many_files_and_how_much_memory_a_service_may_have(unit):
    result = configparser.ConfigParser(strict=False, interpolation=None)
    result.read(PROJECT / "deploy" / unit, encoding="utf-8")

    assert int(result["Service"]["LimitNOFILE"]) >= 4_096
    assert re.fullmatch(r"\d+G", result["Service"]["MemoryMax"])


# --- the proxy ------------------------------------------------------------------------------------------------------


def test_configuration_overwrites_whatever_a_caller_claims_and_hands_websockets_on():
    """Read where there is no nginx; where there is one, the tests below ask it."""
    said = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    headers = dict(re.findall(r"^    proxy_set_header (\S+) (\S+);$", said, re.MULTILINE))

    assert headers == {
        "Host": "$http_host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Forwarded-Host": '""',
        "Forwarded": '""',
        "Upgrade": "$http_upgrade",
        "Connection": "$caodiem_connection",
    }
    # One in a place of its own would take all of these away there.
    assert len(re.findall("proxy_set_header", said)) == len(headers)
    assert said.count("{") == said.count("}")


async def _reported(request):
    headers = {name: request.headers.get(name) for name in ("host", "x-forwarded-host", "forwarded", "x-forwarded-for")}
    return JSONResponse({"client": request.client.host, "scheme": request.url.scheme, **headers})


async def _echo(websocket):
    await websocket.accept()
    await websocket.send_text(f"{websocket.url.scheme} {await websocket.receive_text()}")


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """The address of nginx with our configuration, before a server that says what reaches it."""
    if NGINX is None:
        pytest.skip("nginx is not here")
    folder = tmp_path_factory.mktemp("nginx")
    _certify(folder)
    with _listener(HOST, 0) as behind, _listener(HOST, 0) as plain, _listener(HOST, 0) as sealed:
        ports = [each.getsockname()[1] for each in (behind, plain, sealed)]
        routes = [WebSocketRoute("/_stcore/stream", _echo), Route("/{rest:path}", _reported, methods=["GET", "POST"])]
        config = uvicorn.Config(
            Starlette(routes=routes), http=Socket, ws="websockets-sansio", forwarded_allow_ips=HOST, log_level="error"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [behind]})
        thread.start()
        for each in (plain, sealed):
            each.close()
        nginx = _start(folder, *ports)
        yield ports[1:]
        nginx.terminate()
        nginx.wait(PATIENCE)
        server.should_exit = True
        thread.join(PATIENCE)


def _start(folder, behind, plain, sealed):
    ours = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for said, here in (
        ("127.0.0.1:8501", f"{HOST}:{behind}"),
        ("listen 80;", f"listen {HOST}:{plain};"),
        ("listen 443 ssl;", f"listen {HOST}:{sealed} ssl;"),
        (f"/etc/ssl/certs/{NAME}.pem", str(folder / "cert.pem")),
        (f"/etc/ssl/private/{NAME}.key", str(folder / "key.pem")),
    ):
        assert ours.count(said) == 1, said
        ours = ours.replace(said, here)
    (folder / "ours.conf").write_text(ours, encoding="utf-8")
    kept = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {kept} include {folder}/ours.conf; }}",
        encoding="utf-8",
    )
    command = [NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr
    nginx = subprocess.Popen(command)
    deadline = time.monotonic() + PATIENCE
    while not (folder / "pid").exists() or not (folder / "pid").read_text():
        assert nginx.poll() is None, (folder / "error.log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return nginx


def _certify(folder):
    """A key and a certificate that this test alone believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
    made = made.not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME), x509.DNSName("localhost")]), False)
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _trusting():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def asked(address, headers=None):
    """Status, place and text of an answer; nothing is followed."""

    class Staying(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            """Goes nowhere: the answer itself is looked at."""

    opener = urllib.request.build_opener(Staying, urllib.request.HTTPSHandler(context=_trusting()))
    try:
        with opener.open(urllib.request.Request(address, headers=headers or {}), timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read().decode()


def test_proxy_says_who_calls_and_hands_on_nothing_that_a_caller_claims(proxied):
    forged = {
        "Host": NAME, "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.example", "Forwarded": "for=6.6.6.6",
        "X-Forwarded-Proto": "http",
    }  # fmt: skip
    _, headers, said = asked(f"https://{HOST}:{proxied[1]}/gaps", forged)

    result = json.loads(said)
    assert (result["client"], result["scheme"], result["host"]) == (HOST, "https", NAME)
    assert (result["x-forwarded-host"], result["forwarded"], result["x-forwarded-for"]) == (None, None, HOST)
    assert headers["server"] == "nginx", "without its version"


def test_proxy_hands_websockets_on(proxied):
    with connect(
        f"wss://localhost:{proxied[1]}/_stcore/stream", ssl=_trusting(), open_timeout=PATIENCE, proxy=None
    ) as stream:
        stream.send("hello")

        assert stream.recv(timeout=PATIENCE) == "wss hello"


def test_proxy_leads_from_http_to_https_and_shows_nobody_the_measurements(proxied):
    plain, sealed = proxied
    status, headers, _ = asked(f"http://{HOST}:{plain}/gaps?unit=H1", {"Host": "evil.example"})

    assert (status, headers["location"]) == (301, f"https://{NAME}/gaps?unit=H1")
    assert {asked(f"https://{HOST}:{sealed}{path}")[0] for path in ("/metrics", "/_stcore/metrics")} == {404}


def test_proxy_slows_down_who_knocks_without_end_at_the_door_alone(proxied):
    knocks, kept = set(), http.client.HTTPSConnection(HOST, proxied[1], context=_trusting(), timeout=PATIENCE)
    for _ in range(500):
        kept.request("GET", "/auth/login")
        with kept.getresponse() as answer:
            answer.read()
            knocks.add(answer.status)
    kept.close()

    assert knocks == {200, 503}
    assert asked(f"https://{HOST}:{proxied[1]}/gaps")[0] == 200
