"""The front door in a browser and over the wire: what strangers get, who comes in, and how soon somebody is out."""

import json
import platform
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import streamlit as st
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from models.accounts.actions import change_role, set_enabled
from models.accounts.queries import find_account
from models.accounts.sessions import Door, open_session
from models.core.audit import ChangeContext
from models.core.clock import machine_now
from models.core.settings import PROJECT
from models.core.store import Store
from models.core.texts import LANGUAGES, text
from models.core.trail import TrailFilter, find_trail
from models.units.queries import find_unit_names
from pages.access.gate import OPEN, is_page
from pages.access.request_info import SESSION_COOKIE, fresh_token, hash_of
from pages.kit.page import ADDRESSES
from tests.browser.looking import FINISHED, change_language, open_more, wait_until_drawn
from tests.browser.people import OPTIONS, PASSWORD, sign_in, signed_in
from tests.browser.screens import LAPTOP, PHONE, expect_no_barriers
from tests.browser.serving import HOST, _wait, free_port, run_job, serving_at_once
from tests.browser.test_front import fetched
from tests.jobs.people_file import workbook
from tests.pages.access.paths import DOORS, EVERY_PATH

PATHS = [path for path in EVERY_PATH if path not in OPEN | DOORS and not is_page(path)] + [
    "/static/js/index.js", "/static/index.html", "/media/x.csv", "/_stcore/script-health-check",
    "/_stcore/upload_file/1/2", "/gaps/_stcore/health", "/main.py", "/pages/main.py", "/index.html", "/docs/x",
]  # fmt: skip
"""All that is registered and no page, and what might be guessed."""
DAILY = ((320, "light", "vi"),)
"""The plain pages are looked at on these screens by each run, on all others by `make soak`."""
FIGURE = re.compile(r"\d,\d%")
"""What every page with figures shows, and none that asks to sign in."""


def change_context(by):
    return ChangeContext(by=by, reason="test", now=machine_now())


@pytest.fixture
def store(door_home):
    opened = Store(f"sqlite:///{door_home / 'caodiem.db'}")
    yield opened
    opened.close()


@pytest.fixture
def visitor(browser, door):
    """A browser of somebody's own; each call is another one."""
    contexts = []

    def made(address=None, *, token=None, **options):
        state = {} if token is None else {"storage_state": signed_in(token)}
        context = browser.new_context(**(OPTIONS | {"base_url": address or door} | state | options))
        contexts.append(context)
        return context.new_page()

    yield made
    for context in contexts:
        context.close()


def changed(store, change, *arguments, **options):
    with store.writing() as session:
        return change(session, *arguments, **options)


# --- what strangers get ---------------------------------------------------------------------------------------------


def test_fresh_server_tells_strangers_nothing_over_the_wire_nor_at_any_address_or_path(door_home):
    with serving_at_once(door_home) as fresh:
        drawn = {address: over_the_wire(fresh, address) for address in ADDRESSES}
        landed = {address: fetched(f"{fresh}/{address}?unit=H21.58") for address in ADDRESSES}
        others = {path: fetched(f"{fresh}{path}") for path in PATHS}

    house = {st.__version__, platform.python_version(), str(PROJECT), "main.py"}
    for address, said in drawn.items():
        words = house | {other for other in ADDRESSES if other not in ("", address)}
        assert not [word for word in words if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said)], address
    assert [address for address, said in drawn.items() if text("visitor.sign_in", "vi") not in said] == []
    assert not [address for address, said in drawn.items() if FIGURE.search(said) or "Gia Lai" in said]
    assert {status for status, _, _ in landed.values()} == {200}
    assert all(f"<h1>{text('door.sign_in', 'vi')}</h1>" in said for _, _, said in landed.values())
    assert not [address for address, (_, _, said) in landed.items() if FIGURE.search(said)]
    assert {path: (status, said) for path, (status, _, said) in others.items()} == dict.fromkeys(PATHS, (401, ""))


@pytest.mark.soak
def test_fresh_server_tells_strangers_nothing_where_the_first_asks_for_an_address(door_home):
    with serving_at_once(door_home) as fresh:
        landed = {address: fetched(f"{fresh}/{address}?unit=H21.58") for address in ADDRESSES}
        others = {path: fetched(f"{fresh}{path}") for path in PATHS}

    assert {status for status, _, _ in landed.values()} == {200}
    assert not [address for address, (_, _, said) in landed.items() if FIGURE.search(said)]
    assert {path: (status, said) for path, (status, _, said) in others.items()} == dict.fromkeys(PATHS, (401, ""))


def test_foreign_origin_is_refused_and_the_server_asks_nobody_who_it_is(door):
    """Streamlit alone would ask a service on the internet. That this server tried stands in its log, which is read."""
    for origin in ("http://evil.example", "https://checkip.example:8443", "null"):
        with pytest.raises(InvalidStatus, match="403"):
            over_the_wire(door, "gaps", origin=origin)


FORGED = {"X-Auth-User": "admin", "X-Auth-Role": "administrator", "X-Auth-Session": "1", "X-Auth-Units": "H21.58"}


def test_stranger_with_forged_headers_or_an_ended_cookie_is_drawn_nothing(door, store):
    cookie = cookie_of(store, "dieuphoi")
    replayed = FORGED | cookie
    assert FIGURE.search(over_the_wire(door, "gaps", headers=replayed)), "the cookie opens while it lives"
    leaving = urllib.request.Request(f"{door}/auth/logout", b"", cookie)  # noqa: S310 - a server of our own
    status, headers, _ = unfollowed(leaving)
    assert (status, headers["location"]) == (303, "/auth/login?out=1")

    for address in ("", "gaps", "unit", "accounts"):
        for name, forged in (("forged", FORGED), ("replayed", replayed)):
            said = over_the_wire(door, address, headers=forged)

            assert text("visitor.sign_in", "vi") in said, (address, name)
            assert not FIGURE.search(said), (address, name)


def over_the_wire(address, page, *, headers=None, query="unit=H21.58", origin=None):
    """All that a page says to somebody who speaks Streamlit's own language."""
    run = BackMsg()
    run.rerun_script.page_script_hash = calc_hash(page)
    run.rerun_script.query_string = query
    there = urllib.parse.urlsplit(address)
    headers = dict(headers or {})
    named = headers.pop("Host", there.netloc)
    said = []
    with connect(
        f"ws://{named}/_stcore/stream", sock=socket.create_connection((there.hostname, there.port)), origin=origin,
        subprotocols=["streamlit"], additional_headers=headers, max_size=None,
    ) as stream:  # fmt: skip
        stream.send(run.SerializeToString())
        while True:
            message = ForwardMsg.FromString(stream.recv(timeout=60))
            said.append(message.SerializeToString().decode("utf-8", "replace"))
            if message.WhichOneof("type") == "script_finished":
                break
    return "".join(said).replace("\\", "")


def token_of(store, login):
    """What the cookie of somebody holds who has just signed in."""
    token, machine = fresh_token(), machine_now()
    with store.reading() as session:
        account = find_account(session, login)
    changed(
        store, open_session, account_id=account.id, token_hash=hash_of(token), door=Door(address=HOST), via="password",
        machine=machine, lasts=timedelta(hours=1), context=change_context(login),
    )  # fmt: skip
    return token


def cookie_of(store, login):
    return {"Cookie": f"{SESSION_COOKIE}={token_of(store, login)}"}


MAY_NOT = (
    ("lanhdao", "upload", "import"),
    ("lanhdao", "accounts", "manage_accounts"),
    ("huyen", "targets", "propose"),
    ("huyen", "audit", "read_operations"),
    ("dieuphoi", "accounts", "manage_accounts"),
    ("admin", "targets", "propose"),
)
"""Who may not open which page, and for lack of what."""


def test_page_that_a_role_may_not_open_says_so_over_the_wire_whatever_is_forged(door, store):
    for login, address, lacks in MAY_NOT:
        said = over_the_wire(door, address, headers=cookie_of(store, login) | FORGED)

        assert text(f"permission.{lacks}", "vi") in said, (login, address)
        assert not FIGURE.search(said), (login, address)
        assert "Người mới" not in said, f"{login}: an account that only administrators see"


@pytest.mark.parametrize(
    "query", ["unit=H21.54&parent=H21.54&q=xã&level=commune", pytest.param("", marks=pytest.mark.soak)]
)
def test_unit_head_kept_to_the_branch_reads_no_other_units_name_at_any_address(door_home, store, query):
    with store.reading() as session:
        units = find_unit_names(session)
    known = {unit.name for unit in units if unit.code in ("H21", "H21.58") or unit.parent == "H21.58"}
    others = {unit.name for unit in units} - known
    with serving_at_once(door_home, CAODIEM_UNIT_HEADS_READ="branch") as branch:
        cookie = cookie_of(store, "huyen")
        shown = {address: over_the_wire(branch, address, headers=cookie, query=query) for address in ADDRESSES}

    assert any("UBND huyện Ia Grai" in said for said in shown.values())
    for place, said in shown.items():
        rest = re.sub("|".join(map(re.escape, sorted(known, key=len, reverse=True))), "", said)
        assert not [name for name in others if name in rest], place


def test_behind_a_tls_proxy_the_callers_address_counts_and_only_our_own_pages_open_a_page(door, store):
    forwarded = {"Host": "cao-diem.example", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    form = urllib.parse.urlencode({"login": "lanhdao", "password": PASSWORD}).encode()
    asked = urllib.request.Request(f"{door}/auth/login", form, forwarded)  # noqa: S310 - a server of our own
    asked.add_header("Origin", "https://cao-diem.example")

    _, headers, _ = unfollowed(asked)
    [cookie] = [each for each in headers.get_all("set-cookie") if each.startswith("__Host-caodiem=")]
    looking = forwarded | {"Cookie": cookie.partition(";")[0]}
    with store.reading() as session:
        [entry] = find_trail(session, TrailFilter(action="sign_in", by="lanhdao"), most=1)

    assert "Secure" in cookie
    assert entry.origin == "front door, 203.0.113.9"
    assert FIGURE.search(over_the_wire(door, "gaps", headers=looking, origin="https://cao-diem.example"))
    with pytest.raises(InvalidStatus, match="403"):
        over_the_wire(door, "gaps", headers=looking, origin="https://elsewhere.example")
    looking["Cookie"] = looking["Cookie"].removeprefix("__Host-")
    assert not FIGURE.search(over_the_wire(door, "gaps", headers=looking, origin="https://cao-diem.example"))


class _Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        """Goes nowhere: the answer itself is looked at."""


def unfollowed(asked):
    """Status, headers and text of an answer that leads elsewhere."""
    try:
        urllib.request.build_opener(_Staying).open(asked, timeout=20)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read().decode()
    raise AssertionError("The answer leads nowhere.")


@contextmanager
def opened(address, cookie, page, query=""):
    """A page of somebody who speaks Streamlit's own language: its websocket, and what it was told until it stood."""
    run = BackMsg()
    run.rerun_script.page_script_hash = calc_hash(page)
    run.rerun_script.query_string = query
    named = urllib.parse.urlsplit(address).netloc
    with connect(
        f"ws://{named}/_stcore/stream", subprotocols=["streamlit"], additional_headers=cookie, max_size=None
    ) as stream:
        stream.send(run.SerializeToString())
        shown = []
        while not shown or shown[-1].WhichOneof("type") != "script_finished":
            shown.append(ForwardMsg.FromString(stream.recv(timeout=60)))
        yield stream, shown


def session_in(shown):
    """What Streamlit calls this page."""
    return next(message.new_session.initialize.session_id for message in shown if message.HasField("new_session"))


def asked_for(stream, shown, file_id):
    """What is answered to a page that asks for a file."""
    wish = BackMsg()
    wish.backend_operation_request.request_id = "1"
    wish.backend_operation_request.session_id = session_in(shown)
    wish.backend_operation_request.deferred_file.file_id = file_id
    stream.send(wish.SerializeToString())
    while True:
        message = ForwardMsg.FromString(stream.recv(timeout=60))
        if message.WhichOneof("type") == "backend_operation_response":
            return message.backend_operation_response


def test_file_of_a_leader_is_made_for_no_other_session_and_opens_for_none(door, store):
    """The attack itself: a name and a link that somebody passed on."""
    leader, other, head = (cookie_of(store, who) for who in ("lanhdao", "lanhdao", "huyen"))
    with opened(door, leader, "gaps") as (stream, shown):
        buttons = [message.delta.new_element.download_button for message in shown]
        file_id = next(button.deferred_file_id for button in buttons if button.deferred_file_id)
        refused = []
        for thief in (other, head):
            with opened(door, thief, "gaps") as theirs:
                refused.append(asked_for(*theirs, file_id))
        link = door + asked_for(stream, shown, file_id).deferred_file.url

        stolen = [fetched(link, cookie) for cookie in (other, head)]
        status, headers, content = fetched(link, leader)
        again = fetched(link, leader)

    assert all(answer.error_msg and not answer.deferred_file.url for answer in refused)
    assert [(each[0], each[2]) for each in (*stolen, again)] == [(404, "")] * 3
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert content
    with store.reading() as session:
        [entry] = find_trail(session, TrailFilter(action="download"))[:1]
    assert entry.by == "lanhdao"


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="what a process held at most is read from Linux")
def test_twelve_files_of_49_mb_leave_memory_as_it_was(door_home, store):
    """The attack itself; what the server held at most is what the system counted."""
    xsrf = generate_xsrf_token_string()
    cookie = cookie_of(store, "dieuphoi")["Cookie"] + f"; {XSRF_COOKIE_NAME}={xsrf}"
    headers = {"Cookie": cookie, "X-Xsrftoken": xsrf, "Content-Type": "multipart/form-data; boundary=x"}
    form = b"--x\r\nContent-Disposition: form-data; name=f; filename=a.csv\r\n\r\n%b\r\n--x--\r\n"
    content = form % (b"1" * 49 * 1024 * 1024)
    with serving_at_once(door_home) as address, opened(address, {"Cookie": cookie}, "upload") as (_, shown):
        before = held_at_most(urllib.parse.urlsplit(address).port)
        answers = []
        for number in range(12):
            place = f"{address}/_stcore/upload_file/{session_in(shown)}/{number}"
            try:
                asked = urllib.request.Request(place, content, headers, method="PUT")  # noqa: S310 - our own server
                with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own server
                    answers.append(answer.status)
            except urllib.error.HTTPError as refusal:
                with refusal:
                    answers.append(refusal.code)
            except (urllib.error.URLError, ConnectionError):
                answers.append(0)  # refused before all had been sent: what was said of it is lost on the way
        grown = held_at_most(urllib.parse.urlsplit(address).port) - before

    assert answers[:3] == [204] * 3
    assert set(answers[3:]) <= {429, 0}
    assert grown < 40_000, "kilobytes"


def held_at_most(port):
    """Kilobytes of memory that the process which listens at a port has held at most."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    [socket_id] = [line.split()[9] for line in lines if line.split()[1].endswith(f":{port:04X}") and " 0A " in line]
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(str(each.readlink()) == f"socket:[{socket_id}]" for each in (process / "fd").iterdir()):
                status = (process / "status").read_text(encoding="ascii")
                return int(re.search(r"VmHWM:\s+(\d+)", status)[1])
    raise AssertionError("Nobody listens.")


# --- who comes in ---------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_signing_in_leads_to_the_page_that_was_asked_for_and_survives_a_reload(door, visitor):
    page = visitor()

    sign_in(page, "huyen", at="/gaps?indicator=online")

    wait_until_drawn(page)
    assert page.url == f"{door}/gaps?indicator=online"
    open_more(page)
    expect(page.get_by_role("link", name="Trần Thị Huyện")).to_be_visible()
    page.reload()
    wait_until_drawn(page)
    open_more(page)
    expect(page.get_by_role("link", name="Trần Thị Huyện")).to_be_visible()


def test_signing_in_works_without_any_script(door, visitor):
    page = visitor(java_script_enabled=False)

    sign_in(page, "lanhdao", "bốn từ dễ quên", at="/auth/login")
    expect(page.get_by_role("alert")).to_have_text(text("door.wrong", "vi"))
    sign_in(page, "lanhdao", at="/auth/login?next=/gaps")
    page.wait_for_url(f"{door}/gaps")
    page.goto("/auth/account")

    expect(page.get_by_text(text("role_says.leader", "vi"))).to_be_visible()
    page.get_by_role("button", name=text("door.sign_out", "vi"), exact=True).click()
    expect(page.get_by_role("status")).to_have_text(text("door.signed_out", "vi"))


@pytest.mark.soak
def test_newcomer_chooses_a_password_before_anything_opens(door, visitor):
    page = visitor()

    sign_in(page, "moi", at="/gaps")
    page.wait_for_url(re.compile(r"/auth/password\?next="))
    page.goto("/unit")
    page.wait_for_url(re.compile(r"/auth/password\?next="))
    for name in ("new", "again"):
        page.get_by_label(text(f"door.field.{name}", "vi"), exact=True).fill("một câu thật dễ nhớ")
    page.get_by_role("button", name=text("door.change", "vi")).click()

    page.wait_for_url(f"{door}/unit")
    wait_until_drawn(page)


@pytest.mark.soak
def test_first_administrator_comes_in_with_the_password_that_init_told(tmp_path, visitor):
    first = json.loads(run_job(tmp_path / "home", "init", "--json"))["administrator"]
    with serving_at_once(tmp_path / "home") as fresh:
        page = visitor(fresh)

        sign_in(page, first["login"], first["password"], at="/accounts")
        page.wait_for_url(re.compile(r"/auth/password\?next="))
        for name in ("new", "again"):
            page.get_by_label(text(f"door.field.{name}", "vi"), exact=True).fill("một câu thật dễ nhớ")
        page.get_by_role("button", name=text("door.change", "vi")).click()

        page.wait_for_url(f"{fresh}/accounts")
        wait_until_drawn(page)
        page.goto("/upload")
        expect(page.get_by_role("alert")).to_contain_text(text("permission.import", "vi"))
        page.get_by_role("link", name=text("ways_on.to_accounts", "vi")).click()
        expect(page.get_by_role("cell", name="admin", exact=True)).to_be_visible(timeout=30_000)


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [
        pytest.param(width, theme, language, marks=() if (width, theme, language) in DAILY else (pytest.mark.soak,))
        for width in (LAPTOP[0], 320)
        for theme in ("light", "dark")
        for language in LANGUAGES
    ],
)
def test_pages_before_the_dashboard_are_for_everybody(visitor, width, theme, language):
    page = visitor(color_scheme=theme, viewport={"width": width, "height": 700})

    def look():
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
        expect_no_barriers(page, page.url)

    page.goto(f"/auth/login?lang={language}")
    look()
    page.locator("[name=login]").fill("lanhdao")
    page.locator("[name=password]").fill("wrong")
    page.locator("button").click()
    look()
    sign_in(page, "lanhdao", at="/auth/login?next=/gaps")
    page.wait_for_url("**/gaps")
    for address in ("account", "password", "logout"):
        page.goto(f"/auth/{address}?lang={language}")
        look()


# --- how soon somebody is out ---------------------------------------------------------------------------------------


def test_open_page_stops_showing_figures_within_five_seconds_of_disabling(visitor, store):
    page = visitor(token=token_of(store, "dieuphoi"))
    page.goto("/gaps?indicator=online")
    wait_until_drawn(page)
    expect(page.get_by_text(FIGURE).first).to_be_visible()

    changed(store, set_enabled, "dieuphoi", is_enabled=False, context=change_context("admin"), machine=machine_now())

    expect(page.get_by_text(text("visitor.sign_in", "vi"))).to_be_visible(timeout=5_000)
    expect(page.get_by_text(FIGURE)).to_have_count(0)
    page.reload()
    page.wait_for_url(re.compile(r"/auth/login\?next="))
    changed(store, set_enabled, "dieuphoi", is_enabled=True, context=change_context("admin"), machine=machine_now())


@pytest.mark.soak
def test_signing_out_in_one_tab_empties_the_others(visitor):
    first = visitor()
    sign_in(first, "lanhdao", at="/gaps?indicator=online")
    wait_until_drawn(first)
    second = first.context.new_page()
    second.goto("/auth/account")

    second.get_by_role("button", name=text("door.sign_out", "vi"), exact=True).click()

    expect(first.get_by_text(text("visitor.sign_in", "vi"))).to_be_visible(timeout=5_000)
    expect(first.get_by_text(FIGURE)).to_have_count(0)


@pytest.mark.soak
def test_role_taken_away_counts_at_the_next_click(visitor, store):
    changed(store, change_role, "lanhdao", "administrator", context=change_context("admin"))
    page = visitor()
    sign_in(page, "lanhdao", at="/accounts")
    expect(page.locator(FINISHED)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Trần Thị Huyện").first).to_be_visible()

    changed(store, change_role, "lanhdao", "leader", context=change_context("admin"))
    change_language(page, "en")

    expect(page.get_by_role("alert")).to_contain_text("manage accounts")
    expect(page.get_by_text("Trần Thị Huyện")).to_have_count(0)


# --- public viewing -------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_public_viewing_shows_figures_and_lets_nobody_do_anything(door_home, visitor):
    with serving_at_once(door_home, CAODIEM_PUBLIC="1") as public:
        page = visitor(public)
        page.goto("/gaps?indicator=online")
        wait_until_drawn(page)

        expect(page.get_by_text(FIGURE).first).to_be_visible()
        open_more(page)
        expect(page.get_by_role("link", name=text("visitor.to_sign_in", "vi"))).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("link", name=text("page.accounts", "vi"))).to_have_count(0)
        with page.expect_download() as taken:
            page.get_by_role("button", name=text("gaps.download.as_csv", "vi")).click()
        assert taken.value.suggested_filename.endswith(".csv")
        assert all(FIGURE.search(over_the_wire(public, address)) for address in ("", "unit"))
        assert "Trần Thị Huyện" not in over_the_wire(public, "accounts")


# --- the organisation's own sign-in ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """An OpenID provider of the tests' own, in a process of its own, with four people."""
    people = [
        {"sub": "1", "preferred_username": "pct", "name": "Phó Chủ tịch", "groups": ["lanh-dao"]},
        {"sub": "2", "preferred_username": "giadinh", "name": "Lê Gia", "groups": ["truong"], "org": ["H21.58", "X"]},
        {"sub": "3", "preferred_username": "la", "name": "Người lạ", "groups": ["khach"]},
        {"sub": "4", "preferred_username": "admin", "name": "Kẻ mạo danh", "groups": ["lanh-dao"]},
    ]
    port = free_port()
    address = f"http://{HOST}:{port}"
    shown = [word for person in people for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *shown]
    log = tmp_path_factory.mktemp("provider") / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        _wait(f"{address}/.well-known/openid-configuration", log, is_running=lambda: server.poll() is None)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def with_oidc(door_home, provider):
    with serving_at_once(
        door_home,
        CAODIEM_OIDC_ISSUER=provider,
        CAODIEM_OIDC_CLIENT_ID="cao-diem",
        CAODIEM_OIDC_CLIENT_SECRET="a secret of the tests",  # noqa: S106 - of the tests
        CAODIEM_OIDC_NAME="Cổng tỉnh",
        CAODIEM_OIDC_ROLE_CLAIM="groups",
        CAODIEM_OIDC_ROLES='{"lanh-dao": "leader", "truong": "unit_head"}',
        CAODIEM_OIDC_UNIT_CLAIM="org",
    ) as address:
        yield address


def sign_in_there(page, subject, *, at="/gaps?indicator=online"):
    # The provider's page asks a stranger for its looks; tests know no machine but this one.
    page.route(re.compile(r"^https://"), lambda route: route.abort())
    page.goto(at)
    page.get_by_role("link", name=text("door.oidc", "vi", name="Cổng tỉnh")).click()
    page.get_by_role("button", name=subject, exact=True).click()


@pytest.mark.soak
def test_organisations_own_sign_in_leads_into_the_dashboard(with_oidc, visitor, store):
    page = visitor(with_oidc)

    sign_in_there(page, "2")

    wait_until_drawn(page)
    assert page.url == f"{with_oidc}/gaps?indicator=online"
    open_more(page)
    expect(page.get_by_role("link", name="Lê Gia")).to_be_visible()
    with store.reading() as session:
        account = find_account(session, "giadinh")
    assert (account.role, account.units, account.is_external) == ("unit_head", ("H21.58",), True)


@pytest.mark.soak
def test_session_from_the_organisations_own_sign_in_is_cut_off_like_any_other(with_oidc, visitor, store):
    page = visitor(with_oidc)
    sign_in_there(page, "1")
    wait_until_drawn(page)

    changed(store, set_enabled, "pct", is_enabled=False, context=change_context("admin"), machine=machine_now())

    expect(page.get_by_text(text("visitor.sign_in", "vi"))).to_be_visible(timeout=5_000)
    page.reload()
    sign_in_there(page, "1", at="/auth/login")
    expect(page.get_by_role("alert")).to_have_text(text("door.oidc_unknown", "vi", login="pct"))


@pytest.mark.soak
@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("3", lambda: text("door.oidc_unknown", "vi", login="la")),
        ("4", lambda: text("mistake.account_taken", "vi", login="admin")),
    ],
    ids=["nobody admitted here", "somebody with another's login"],
)
def test_organisations_own_sign_in_lets_nobody_in_who_is(with_oidc, visitor, subject, said):
    page = visitor(with_oidc)

    sign_in_there(page, subject)

    expect(page.get_by_role("alert")).to_have_text(said())
    page.goto("/gaps")
    page.wait_for_url(re.compile(r"/auth/login\?next="))


@pytest.mark.soak
def test_answer_that_another_browser_began_is_refused(with_oidc, visitor):
    began, other = visitor(with_oidc), visitor(with_oidc)
    stopped = re.compile(r"/auth/oidc/callback\?")
    began.route(stopped, lambda route: route.fulfill(status=204))
    with began.expect_request(stopped) as caught:
        sign_in_there(began, "1")

    other.goto(caught.value.url)

    expect(other.get_by_role("alert")).to_have_text(text("door.oidc_failed", "vi"))


# --- the accounts page ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        (LAPTOP[0], "dark"),
        pytest.param(PHONE[0], "light", marks=pytest.mark.soak),
        pytest.param(LAPTOP[0], "light", marks=pytest.mark.soak),
        pytest.param(PHONE[0], "dark", marks=pytest.mark.soak),
    ],
)
def test_accounts_page_is_for_every_administrator(visitor, store, width, theme):
    page = visitor(token=token_of(store, "admin"), color_scheme=theme, viewport={"width": width, "height": 900})
    page.goto("/accounts")
    wait_until_drawn(page)
    expect(page.get_by_role("cell", name="huyen", exact=True)).to_be_visible()
    page.get_by_text(text("accounts.create", "vi")).first.click()
    expect(page.get_by_role("textbox", name=text("accounts.login", "vi"))).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect_no_barriers(page)


@pytest.mark.soak
def test_account_made_on_the_page_signs_in_with_the_password_shown(visitor, store):
    page = visitor(token=token_of(store, "admin"))
    page.goto("/accounts")
    wait_until_drawn(page)

    page.get_by_text(text("accounts.create", "vi")).first.click()
    page.get_by_role("textbox", name=text("accounts.login", "vi")).fill("nguoi.moi")
    page.get_by_role("textbox", name=text("accounts.name", "vi")).fill("Người Thật Mới")
    page.get_by_role("button", name=text("accounts.create", "vi"), exact=True).click()
    expect(page.get_by_text(text("accounts.created", "vi", login="nguoi.moi"))).to_be_visible(timeout=15_000)
    password = page.get_by_test_id("stCode").first.inner_text().strip()

    newcomer = visitor()
    sign_in(newcomer, "nguoi.moi", password, at="/gaps")
    newcomer.wait_for_url(re.compile(r"/auth/password\?next="))


@pytest.mark.soak
@pytest.mark.parametrize("many", [12, pytest.param(None, marks=pytest.mark.soak)], ids=["some", "all"])
def test_every_head_gets_an_account_from_one_workbook(visitor, standing_rows, tmp_path, many):
    """Each password is hashed as slowly as it should be: all heads of the province take a while."""
    codes = sorted({row["unit"] for row in standing_rows if row["level"] != "province"})[:many]
    people = workbook(tmp_path / "heads.xlsx", ("Họ tên", "Mã đơn vị"), *[(f"Người {code}", code) for code in codes])
    page = visitor()
    sign_in(page, "admin", at="/accounts")
    wait_until_drawn(page)

    page.get_by_text(text("accounts.import", "vi")).click()
    page.locator("input[type=file]").set_input_files(str(people))
    page.get_by_role("button", name=text("accounts.take_in", "vi")).click()
    with page.expect_download(timeout=120_000) as caught:
        page.get_by_role("button", name=text("accounts.download", "vi")).click(timeout=120_000)

    sealed = tmp_path / caught.value.suggested_filename
    caught.value.save_as(sealed)
    rows = list(openpyxl.load_workbook(sealed).active.iter_rows(values_only=True))[4:]
    assert {row[3] for row in rows} == set(codes)
    login, password = rows[0][0], rows[0][4]
    head = visitor()
    sign_in(head, login, password)
    head.wait_for_url(re.compile(r"/auth/password"))
