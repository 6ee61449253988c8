"""The gate: what passes without a session, who a request is said to be from, and when an open page is cut off."""

import itertools
import tomllib

import pytest
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg

from jobs.health import limits
from models.accounts.actions import change_role, reset_password, set_enabled
from models.accounts.queries import find_sessions
from models.core.clock import machine_now
from models.core.settings import PROJECT
from models.core.texts import LANGUAGES, text
from pages.access import gate, open_pages, session_service
from pages.access import stream as stream_module
from pages.access.request_info import SESSION_COOKIE
from pages.kit.page import ADDRESSES
from tests.models.accounts_world import by
from tests.pages.access.conftest import LEFT, NEWCOMER, REMOTE, RUNS, drawn, run_of, sign_in, who_looks

STREAM = gate.STREAM
TOKEN = "many characters that nobody guesses"  # noqa: S105 - of these tests
FORGED = {
    "X-Auth-User": "admin",
    "x-auth-role": "administrator",
    "X-AUTH-SESSION": "1",
    "x-auth-units": "H1",
    "X_Auth_User": "admin",
    "x-auth-gate": "1",
}
FILES = [
    "/static/js/main.js", "/assets/icon.png", "/media/abc.csv", "/component/x/index.html", "/_stcore/metrics",
    "/_stcore/script-health-check", "/_stcore/upload_file/1/2", "/_stcore/bidi-components/x", "/oauth2callback",
    "/gaps/_stcore/health", "/gaps/_stcore/host-config", "/pages/main.py", "/metrics", "/a/b", "/UPPER",
    "/../etc/passwd", "/docs/", "/_stcore/agent", "/manifest.json", "/index.html", "/favicon.png", "/%2e%2e/x",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _look_often(monkeypatch):
    monkeypatch.setattr(open_pages, "LOOKED_EVERY", 0.02)
    monkeypatch.setattr(session_service, "REMEMBERED", 0.0)
    monkeypatch.setattr(stream_module, "LAST_WORDS", 0.0)
    LEFT.clear()
    RUNS.clear()


# --- without a session ----------------------------------------------------------------------------------------------


def test_every_address_leads_a_stranger_to_the_sign_in_page_and_back(house):
    for address in (*ADDRESSES, "nowhere", "docs"):
        answer = house.client().get(f"/{address}?unit=H1&q=s%E1%BB%9F")

        back = f"/auth/login?next=/{address}%3Funit%3DH1%26q%3Ds%25E1%25BB%259F"
        assert (answer.status_code, answer.headers["location"], answer.text) == (303, back, ""), address


def test_stranger_is_asked_in_the_language_of_the_address(house):
    answer = house.client().get("/gaps?lang=en")

    assert answer.headers["location"].endswith("&lang=en")


def test_nothing_else_answers_a_stranger_with_content(house):
    for method, path in itertools.product(("GET", "HEAD", "POST", "PUT", "DELETE"), FILES):
        answer = house.client().request(method, path)

        assert (answer.status_code, answer.text) == (401, ""), f"{method} {path}"


def test_address_answers_a_stranger_who_sends_something_with_nothing(house):
    for method, address in itertools.product(("POST", "PUT", "DELETE"), ADDRESSES):
        assert house.client().request(method, f"/{address}").status_code == 401, f"{method} /{address}"


@pytest.mark.parametrize("path", ["/healthz", "/_stcore/health", "/_stcore/host-config"])
def test_what_supervisors_and_an_ended_page_need_is_open(house, path):
    answer = house.client().get(path, headers=FORGED)

    assert answer.status_code == 200
    assert answer.json()["headers"] == {"x-auth-gate": "1"}


def test_stranger_who_forges_identity_stays_a_stranger(house):
    with house.client().websocket_connect(STREAM, headers=FORGED) as stream:
        given = who_looks(stream)
    assert given == {"x-auth-gate": "1", "origin": None}


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5_000, "'; DROP TABLE account; --", "\x7f"])
def test_cookie_that_nobody_was_given_opens_nothing(house, cookie):
    client = house.client()

    answer = client.get("/", headers={"Cookie": f"{SESSION_COOKIE}={cookie}"})

    assert answer.status_code == 303


def test_no_other_websocket_opens(house):
    with pytest.raises(WebSocketDisconnect), house.signed_in("admin").websocket_connect("/elsewhere"):
        pass


ORIGINS = {
    "http://testserver": True,
    "http://testserver:80": True,
    "HTTP://TestServer": True,
    "https://dieuhanh.example": True,
    "https://proxied.example": True,
    "http://evil.example": False,
    "http://testserver.evil.example": False,
    "http://testserver@evil.example": False,
    "https://dieuhanh.example:8443": False,
    "null": False,
    "": False,
    "http://[::1": False,
}


@pytest.mark.parametrize("login", [None, "lanhdao"])
def test_websocket_opens_for_pages_of_ours_alone_and_streamlit_hears_of_no_origin(make_house, login):
    house = make_house(PUBLIC_ADDRESS="https://dieuhanh.example/caodiem")
    client = house.signed_in(login) if login else house.client()
    forwarded = {"X-Forwarded-Host": "proxied.example"}
    for origin, is_ours in ORIGINS.items():
        opening = client.websocket_connect(STREAM, headers=forwarded | {"Origin": origin})
        if not is_ours:
            assert refused_with(opening) == gate.ELSEWHERE, origin
            continue
        with opening as stream:
            assert who_looks(stream)["origin"] is None, origin


def refused_with(opening):
    """The code with which a websocket is closed before it opens."""
    with pytest.raises(WebSocketDisconnect) as closed, opening:
        pass
    return closed.value.code


# --- what a page may say --------------------------------------------------------------------------------------------

HARMFUL = [
    BackMsg(clear_cache=True),
    BackMsg(set_run_on_save=True),
    BackMsg(load_git_info=True),
    BackMsg(debug_shutdown_runtime=True),
    BackMsg(debug_disconnect_websocket=True),
    BackMsg(backend_operation_request=BackendOperationRequest(request_id="x", install_skills={})),
    BackMsg(),
]


@pytest.mark.parametrize("login", [None, NEWCOMER, "admin"])
def test_nobody_empties_caches_or_changes_how_the_server_runs(house, login):
    client = house.client()
    if login:
        sign_in(client, login)
    with client.websocket_connect(STREAM) as stream:
        for message in HARMFUL:
            stream.send_bytes(message.SerializeToString())
        assert drawn(stream) == "drawn"

    assert [run.WhichOneof("type") for run in RUNS] == ["rerun_script"]


def test_stranger_draws_a_page_and_does_nothing_else(house):
    others = [
        BackMsg(stop_script=True),
        BackMsg(app_heartbeat=True),
        BackMsg(file_urls_request={"request_id": "x", "file_names": ["x.xlsx"]}),
        BackMsg(backend_operation_request=BackendOperationRequest(request_id="x", deferred_file={"file_id": "x"})),
    ]
    passed = {}
    for login in (None, "dieuphoi"):
        RUNS.clear()
        client = house.signed_in(login) if login else house.client()
        with client.websocket_connect(STREAM) as stream:
            for message in others:
                stream.send_bytes(message.SerializeToString())
            drawn(stream)
        passed[login] = [run.WhichOneof("type") for run in RUNS if run.WhichOneof("type") != "rerun_script"]

    assert passed[None] == []
    assert passed["dieuphoi"] == [message.WhichOneof("type") for message in others]


@pytest.mark.parametrize("login", [None, "lanhdao"])
@pytest.mark.parametrize(
    ("sent", "code"), [("hello", stream_module.NO_TEXT), (b"\xff" * 9, stream_module.NO_MESSAGE)], ids=["text", "noise"]
)
def test_what_is_no_message_of_a_page_closes_its_websocket_cleanly(house, login, sent, code):
    client = house.signed_in(login) if login else house.client()
    with client.websocket_connect(STREAM) as stream:
        (stream.send_text if isinstance(sent, str) else stream.send_bytes)(sent)
        with pytest.raises(WebSocketDisconnect) as closed:
            stream.receive_text()

    assert closed.value.code == code
    assert ([code], []) == (LEFT, RUNS)


def test_stranger_sends_no_more_than_a_page_needs(house):
    large = run_of("gaps", typed="x" * stream_module.LARGEST_OF_STRANGERS).SerializeToString()
    with house.signed_in("lanhdao").websocket_connect(STREAM) as stream:
        stream.send_bytes(large)
        assert stream.receive_text() == "drawn"
    with house.client().websocket_connect(STREAM) as stream:
        stream.send_bytes(large)
        with pytest.raises(WebSocketDisconnect) as closed:
            stream.receive_text()

    assert closed.value.code == stream_module.TOO_LARGE


@pytest.mark.parametrize(("public", "login", "pauses"), [("0", None, 2), ("1", None, 2), ("0", "lanhdao", 0)])
def test_stranger_who_draws_without_end_draws_slowly(make_house, monkeypatch, public, login, pauses):
    house, paused = make_house(PUBLIC=public), []
    client = house.signed_in(login) if login else house.client()

    async def pause(seconds):
        paused.append(seconds)

    monkeypatch.setattr(gate, "RUNS", 3_600.0)
    monkeypatch.setattr(gate, "CLICKS", 3_600.0)
    with client.websocket_connect(STREAM) as stream, monkeypatch.context() as patch:
        patch.setattr(stream_module.asyncio, "sleep", pause)
        assert [drawn(stream) for _ in range(3)] == ["drawn"] * 3

    assert len([each for each in paused if each > 60]) == pauses


@pytest.mark.parametrize("asks_first", [False, True])
def test_stranger_who_asks_for_nothing_is_not_waited_for(house, monkeypatch, asks_first):
    monkeypatch.setattr(gate, "SILENCE" if asks_first else "FIRST_WORD", 0.01)
    with house.client().websocket_connect(STREAM) as stream:
        if asks_first:
            drawn(stream)
        with pytest.raises(WebSocketDisconnect) as closed:
            stream.receive_text()

    assert closed.value.code == stream_module.SILENT


# --- room -----------------------------------------------------------------------------------------------------------


def test_strangers_open_few_pages_for_each_address_and_in_all_and_take_nobody_elses_room(make_house):
    house = make_house(MOST_STRANGERS="3", MOST_STRANGERS_OF_AN_ADDRESS="2")
    app = house.app()
    at_one, at_other = (house.client(app=app, address=f"198.51.100.{number}") for number in (1, 2))
    signed_in = house.signed_in("lanhdao", app=app, address="198.51.100.1")
    with at_one.websocket_connect(STREAM) as first, at_one.websocket_connect(STREAM) as second:
        assert (drawn(first), drawn(second)) == ("drawn", "drawn")
        assert refused_with(at_one.websocket_connect(STREAM)) == gate.BUSY
        with at_other.websocket_connect(STREAM) as third:
            assert drawn(third) == "drawn"
            assert refused_with(at_other.websocket_connect(STREAM)) == gate.BUSY
            with signed_in.websocket_connect(STREAM) as own:
                assert drawn(own) == "drawn"
        with at_other.websocket_connect(STREAM) as again:
            assert drawn(again) == "drawn"
    with at_one.websocket_connect(STREAM) as again:
        assert drawn(again) == "drawn"


@pytest.mark.parametrize("language", LANGUAGES)
def test_full_server_answers_a_page_in_plain_words_and_still_lets_people_in_and_out(make_house, language):
    house = make_house(MOST_PAGES="1")
    client = house.signed_in("lanhdao")
    with client.websocket_connect(STREAM) as stream:
        assert drawn(stream) == "drawn"
        busy = client.get(f"/gaps?unit=H1&lang={language}")

        assert (busy.status_code, busy.headers["retry-after"]) == (503, str(gate.ONE_MOMENT))
        assert text("door.busy_pages", language) in busy.text
        assert text("door.busy", language) in busy.text
        assert [client.get(path).status_code for path in ("/healthz", "/auth/account", "/static/x.js")] == [200] * 3
        assert house.client().get("/gaps").headers["location"].startswith("/auth/login")
    assert client.get("/gaps").status_code == 200


def test_one_sign_in_does_not_take_all_the_room(house, monkeypatch):
    monkeypatch.setattr(open_pages, "MOST_OF_A_SESSION", 1)
    app = house.app()
    one, other = house.signed_in("lanhdao", app=app), house.signed_in("dieuphoi", app=app)
    with one.websocket_connect(STREAM) as stream:
        assert drawn(stream) == "drawn"

        assert refused_with(one.websocket_connect(STREAM)) == gate.BUSY
        with other.websocket_connect(STREAM) as another:
            assert drawn(another) == "drawn"


def test_room_ends_where_the_files_that_a_process_may_open_do(house, monkeypatch):
    monkeypatch.setattr(open_pages, "open_files", lambda: limits.OTHER_FILES)
    monkeypatch.setattr(limits, "FEW_PAGES", 1)
    client = house.signed_in("lanhdao")
    with client.websocket_connect(STREAM) as stream:
        assert drawn(stream) == "drawn"
        assert client.get("/gaps").status_code == 503


# --- with a session -------------------------------------------------------------------------------------------------


def test_identity_is_written_by_the_gate_alone(house):
    client = house.signed_in("truong.h1")

    given = client.get("/", headers=FORGED).json()["headers"]

    assert given == {
        "x-auth-gate": "1",
        "x-auth-session": "1",
        "x-auth-user": "truong.h1",
        "x-auth-role": "unit_head",
        "x-auth-units": "H1",
    }


def test_page_and_its_files_open_for_somebody_signed_in(house):
    client = house.signed_in("nguoixem")

    assert client.get("/gaps").status_code == 200
    assert client.get("/static/js/main.js").status_code == 200
    assert client.put("/_stcore/upload_file/1/2", content=b"abc").status_code == 403


def test_role_taken_away_shows_in_the_next_request(house):
    client = house.signed_in("dieuphoi")
    house.changed(change_role, "dieuphoi", "viewer", context=by("admin"))

    assert client.get("/").json()["headers"]["x-auth-role"] == "viewer"


@pytest.mark.parametrize("cookie", ["caodiem", "__Host-caodiem"])
def test_cookie_copied_before_a_sign_out_is_worth_nothing_after(house, cookie):
    client = house.signed_in("lanhdao", base=REMOTE if cookie.startswith("__Host-") else "http://testserver")
    stolen = client.cookies[cookie]

    client.post("/auth/logout")

    thief = house.client(base=str(client.base_url))
    assert thief.get("/", headers={"Cookie": f"{cookie}={stolen}"}).status_code == 303


def test_behind_tls_a_cookie_that_another_host_could_set_is_not_read(house):
    stolen = house.signed_in("lanhdao").cookies[SESSION_COOKIE]

    answer = house.client(base=REMOTE).get("/", headers={"Cookie": f"{SESSION_COOKIE}={stolen}"})

    assert answer.status_code == 303


def test_password_that_is_due_stands_before_everything_else(house):
    client = house.client()
    sign_in(client, NEWCOMER)

    page, file = client.get("/gaps?level=district"), client.get("/static/js/main.js")

    assert page.headers["location"] == "/auth/password?next=/gaps%3Flevel%3Ddistrict"
    assert file.status_code == 401
    with client.websocket_connect(STREAM) as stream:
        assert who_looks(stream) == {"x-auth-gate": "1", "origin": None}


def test_session_is_looked_up_once_for_a_page_and_its_files(house, monkeypatch):
    monkeypatch.setattr(session_service, "REMEMBERED", 60.0)
    client = house.signed_in("lanhdao")
    client.get("/")
    monkeypatch.setattr(session_service, "find_signed_in", None)

    assert [client.get(f"/static/{number}.js").status_code for number in range(50)] == [200] * 50


# --- an open page ---------------------------------------------------------------------------------------------------

ENDINGS = {
    "signed out": lambda house, client: client.post("/auth/logout"),
    "signed out everywhere, elsewhere": lambda house, client: house.signed_in("lanhdao").post(
        "/auth/logout", data={"everywhere": "1"}
    ),
    "disabled": lambda house, client: house.changed(
        set_enabled, "lanhdao", is_enabled=False, context=by("admin"), machine=machine_now()
    ),
    "given another password": lambda house, client: house.changed(
        reset_password, "lanhdao", hashed="new", context=by("admin"), machine=machine_now()
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_open_page_is_drawn_anew_and_cut_off_once_its_session_is_over(house, name):
    client = house.signed_in("lanhdao")
    with client.websocket_connect(STREAM) as stream:
        stream.send_bytes(run_of("gaps", typed="x").SerializeToString())
        assert stream.receive_text() == "drawn"

        ENDINGS[name](house, client)

        assert stream.receive_text() == "drawn"
        with pytest.raises(WebSocketDisconnect) as closed:
            stream.receive_text()
    assert closed.value.code == stream_module.REVOKED
    assert LEFT == [stream_module.REVOKED]
    assert RUNS[1:] == [run_of("gaps")]


def test_page_is_drawn_anew_as_a_whole_whatever_was_sent_last(house):
    client = house.signed_in("lanhdao")
    with client.websocket_connect(STREAM) as stream:
        for sent in (run_of("gaps"), run_of("gaps", fragment="part"), BackMsg(stop_script=True)):
            stream.send_bytes(sent.SerializeToString())
            stream.receive_text()

        client.post("/auth/logout")
        stream.receive_text()

    assert RUNS[3] == run_of("gaps")


def test_nothing_sent_after_the_session_is_over_reaches_the_page(house, monkeypatch):
    monkeypatch.setattr(stream_module, "LAST_WORDS", 0.2)
    client = house.signed_in("lanhdao")
    with client.websocket_connect(STREAM) as stream:
        stream.send_bytes(run_of("gaps").SerializeToString())
        stream.receive_text()
        client.post("/auth/logout")
        stream.receive_text()

        stream.send_bytes(run_of("targets").SerializeToString())

        with pytest.raises(WebSocketDisconnect):
            stream.receive_text()
    assert [run.rerun_script.page_script_hash for run in RUNS] == ["gaps", "gaps"]


def test_click_is_noted_once_a_minute(house):
    client = house.signed_in("lanhdao")
    opened = house.asked(find_sessions, machine=machine_now(), idle=house.service.settings.idle)[0]
    noted = []
    house.service.touch = lambda signed_in: noted.append(signed_in.session_id)

    with client, client.websocket_connect(STREAM) as stream:
        client.get("/gaps")
        for _ in range(500):
            drawn(stream)
            if noted:
                break

    assert noted == [opened.id]


def test_note_that_cannot_be_made_stops_nobody(house, monkeypatch):
    client = house.signed_in("lanhdao")
    monkeypatch.setattr(house.service, "touch", None)

    assert client.get("/gaps").status_code == 200


def test_open_page_of_somebody_else_stays(house):
    client = house.signed_in("dieuphoi")
    with client.websocket_connect(STREAM) as stream:
        house.signed_in("lanhdao").post("/auth/logout")
        assert [drawn(stream) for _ in range(5)] == ["drawn"] * 5


def test_open_page_stays_while_the_store_does_not_answer(house, monkeypatch):
    client = house.signed_in("dieuphoi")
    with client.websocket_connect(STREAM) as stream:
        monkeypatch.setattr(house.service, "still_open", None)
        assert [drawn(stream) for _ in range(5)] == ["drawn"] * 5


def test_page_that_is_left_is_looked_after_no_longer(house):
    client = house.signed_in("dieuphoi")
    with client.websocket_connect(STREAM) as stream:
        drawn(stream)

    assert LEFT == [1000]


# --- public viewing -------------------------------------------------------------------------------------------------


def test_public_viewing_lets_strangers_look_and_send_nothing(make_house):
    client = make_house(PUBLIC="1").client()

    looks = [client.get(path, headers=FORGED) for path in ("/", "/gaps", "/static/js/main.js")]
    sends = [client.request(method, "/_stcore/upload_file/1/2") for method in ("POST", "PUT", "DELETE")]

    assert [answer.json()["headers"] for answer in looks] == [{"x-auth-gate": "1"}] * 3
    assert [answer.status_code for answer in sends] == [401] * 3
    assert client.get("/_stcore/metrics").status_code == 401


def test_public_viewing_still_knows_who_is_signed_in(make_house):
    given = make_house(PUBLIC="1").signed_in("lanhdao").get("/").json()["headers"]

    assert given["x-auth-user"] == "lanhdao"


# --- measuring ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/metrics", "/_stcore/metrics"])
def test_metrics_ask_everybody_for_their_token_once_one_is_set(make_house, path):
    house = make_house(METRICS_TOKEN=TOKEN)
    here, elsewhere = house.client(address="127.0.0.1"), house.signed_in("admin", address="203.0.113.5")
    token = {"Authorization": f"Bearer {TOKEN}"}

    assert here.get(path).status_code == 401, "a proxy on this machine may forget to say for whom it asks"
    assert elsewhere.get(path).status_code == 401
    assert elsewhere.get(path, headers=token).status_code == 200
    assert elsewhere.get(path, headers={"Authorization": "Bearer another"}).status_code == 401
    assert elsewhere.get(path, headers={"Authorization": TOKEN}).status_code == 401
    assert here.get(path, headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 401


def test_metrics_without_a_token_are_told_to_this_machine_alone(house):
    here = house.client(address="127.0.0.1")

    assert here.get("/metrics").status_code == 200
    assert here.get("/_stcore/metrics").status_code == 401
    assert here.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 401
    assert house.client(address="testclient").get("/metrics").status_code == 401
    assert house.client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


# --- a store that is not there --------------------------------------------------------------------------------------


def test_without_a_store_nobody_is_let_in_and_the_sign_in_page_still_stands(make_house):
    client = make_house(with_store=False).client()

    answer = client.get("/", headers={"Cookie": f"{SESSION_COOKIE}=x"})

    assert answer.headers["location"] == "/auth/login?next=/"


def test_store_that_is_broken_lets_nobody_in(make_house):
    house = make_house(with_store=False)
    (house.home / "caodiem.db").write_text("this is no database " * 1_000)

    assert house.client().get("/gaps", headers={"Cookie": f"{SESSION_COOKIE}=x"}).status_code == 303
    assert house.client().get("/static/x.js", headers={"Cookie": f"{SESSION_COOKIE}=x"}).status_code == 401


def test_streamlit_is_told_who_looks_in_the_headers_that_the_gate_writes():
    settings = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert settings["server"]["trustedUserHeaders"] == gate.TRUSTED_HEADERS
