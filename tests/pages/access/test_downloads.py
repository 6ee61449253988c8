"""Files that people take along: each opens once, for the session that asked for it and while it may read the same."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryFile

from models.accounts.actions import change_role, change_units
from pages.access import door, downloads, gate, session_service
from pages.access.uploads import Uploads
from tests.models.accounts_world import by

FILE = MemoryFile(b"all figures", "text/csv", MediaFileKind.DOWNLOADABLE, 'số "liệu".csv')
LOGO = MemoryFile(b"a logo", "image/png", MediaFileKind.MEDIA, None)
THEIRS = "/media/0123abcd.csv"
"""Where Streamlit itself lays the file."""


@pytest.fixture(autouse=True)
def _kept_by_streamlit(monkeypatch):
    kept = {THEIRS.rpartition("/")[2]: FILE, "logo.png": LOGO}
    monkeypatch.setattr(downloads, "_find_file", kept.get)
    monkeypatch.setattr(session_service, "REMEMBERED", 0.0)


async def answered_as_streamlit_does(websocket):
    await websocket.accept()
    while (message := await websocket.receive())["type"] == "websocket.receive":
        asked = BackMsg.FromString(message["bytes"]).backend_operation_request
        sent = ForwardMsg()
        sent.backend_operation_response.request_id = asked.request_id
        sent.backend_operation_response.deferred_file.url = THEIRS
        await websocket.send_bytes(ForwardMsg(script_finished=0).SerializeToString())
        await websocket.send_bytes(sent.SerializeToString())


@pytest.fixture
def branch(make_house):
    """A house in which unit heads read their own branch only, and one server for all its browsers."""
    house = make_house(UNIT_HEADS_READ="branch")
    house.server = Starlette(
        routes=[
            *door.ROUTES,
            WebSocketRoute(gate.STREAM, answered_as_streamlit_does),
            Route("/media/{name:path}", lambda _: PlainTextResponse("Streamlit's own answer")),
        ],
        middleware=[Middleware(gate.Gate)],
    )
    return house


def asked_for(browser, request="1"):
    """The address that a page is told for the file that it asks for."""
    wish = BackMsg()
    wish.backend_operation_request.request_id = request
    wish.backend_operation_request.deferred_file.file_id = "abc"
    with browser.websocket_connect(gate.STREAM) as stream:
        stream.send_bytes(wish.SerializeToString())
        assert ForwardMsg.FromString(stream.receive_bytes()).WhichOneof("type") == "script_finished"
        return ForwardMsg.FromString(stream.receive_bytes()).backend_operation_response.deferred_file.url


def test_link_of_a_leader_opens_for_nobody_else_nor_for_another_session_and_only_once(branch):
    leader, again, head = (branch.signed_in(who, app=branch.server) for who in ("lanhdao", "lanhdao", "truong.h1"))
    link = asked_for(leader)
    assert link != THEIRS

    for other in (head, again, branch.client(app=branch.server)):
        assert other.get(link).text == ""
    first, second = leader.get(link), leader.get(link)

    assert (first.status_code, first.content) == (200, FILE.content)
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["content-disposition"] == "attachment; filename*=utf-8''s%E1%BB%91%20%22li%E1%BB%87u%22.csv"
    assert (second.status_code, second.text) == (404, "")


@pytest.mark.parametrize("public", ["", "1"])
def test_streamlits_own_address_of_a_file_opens_for_nobody_and_its_pictures_do(make_house, branch, public):
    if public:
        branch = make_house(PUBLIC="1")
    someone = branch.client() if public else branch.signed_in("lanhdao", app=branch.server)

    assert someone.get(THEIRS).status_code == 404
    assert someone.get("/media/nowhere.csv").status_code == 404
    assert someone.get("/media/logo.png").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda house: house.changed(change_role, "truong.h1", "viewer", context=by("admin")),
        lambda house: house.changed(change_units, "truong.h1", ["H2"], context=by("admin")),
    ],
    ids=["role", "units"],
)
def test_link_is_worth_nothing_to_whoever_may_read_something_else_by_then(branch, change):
    head = branch.signed_in("truong.h1", app=branch.server)
    link = asked_for(head)

    change(branch)

    assert (head.get(link).status_code, head.get(link).text) == (404, "")


def test_page_that_looks_whether_the_file_is_there_neither_gets_nor_spends_it(branch):
    leader = branch.signed_in("lanhdao", app=branch.server)
    link = asked_for(leader)

    looks = [leader.get(link, headers={"Sec-Fetch-Mode": "cors"}), leader.head(link), leader.put(link)]

    assert [(look.status_code, look.content) for look in looks] == [(204, b"")] * 3
    assert leader.get(link).content == FILE.content


def test_file_that_nobody_fetches_waits_a_minute_and_few_wait_for_one_session(branch, monkeypatch):
    leader, viewer = (branch.signed_in(who, app=branch.server) for who in ("lanhdao", "nguoixem"))
    theirs = asked_for(viewer)
    links = [asked_for(leader, str(number)) for number in range(downloads.MOST_OF_A_SESSION + 1)]

    found = [leader.get(link).status_code for link in links]
    monkeypatch.setattr(downloads, "LASTS", -1.0)
    late = asked_for(leader)

    assert found == [404] + [200] * downloads.MOST_OF_A_SESSION
    assert leader.get(late).status_code == 404
    assert viewer.get(theirs).status_code == 200


def standing_page():
    page = downloads.PageOfSomebody(None, downloads.Downloads(), Uploads())
    page.name = "page"
    return page


def test_answer_to_something_that_the_page_has_not_asked_for_stays_as_it_is():
    """A page has asked for nothing: what looks like an answer is not ours to change."""
    sent = ForwardMsg()
    sent.backend_operation_response.request_id = "2"
    sent.backend_operation_response.deferred_file.url = THEIRS
    page = standing_page()
    page.note(BackMsg(app_heartbeat=True))
    payload = sent.SerializeToString()

    assert page.sent(payload) == payload
    wish = BackMsg()
    wish.backend_operation_request.request_id = "1"
    wish.backend_operation_request.deferred_file.file_id = "abc"
    page.note(wish)
    assert page.sent(payload) == payload


def test_file_that_could_not_be_made_is_told_as_streamlit_tells_it():
    sent = ForwardMsg()
    sent.backend_operation_response.request_id = "1"
    sent.backend_operation_response.error_msg = "no"
    wish = BackMsg()
    wish.backend_operation_request.request_id = "1"
    wish.backend_operation_request.deferred_file.file_id = "abc"
    page = standing_page()
    page.note(wish)

    assert page.sent(sent.SerializeToString()) == sent.SerializeToString()
