"""Files that people hand in: who may, how much of them, where they lie, and when they go."""

import os
import tempfile
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.access import door, gate, uploads
from tests.pages.access.conftest import run_of

CONTENT = "đơn vị;tỷ lệ\n".encode() * 100


class Streamlit:
    """What lies behind the gate: it names its pages, and keeps what it is handed."""

    def __init__(self):
        self.pages = 0
        self.kept = {}
        self.status = 204

    async def page(self, websocket):
        await websocket.accept()
        self.pages += 1
        given = ForwardMsg()
        given.new_session.initialize.session_id = f"page-{self.pages}"
        while (await websocket.receive())["type"] == "websocket.receive":
            await websocket.send_bytes(ForwardMsg(session_event={}).SerializeToString())
            await websocket.send_bytes(given.SerializeToString())

    async def put(self, request):
        async with request.form() as form:
            [upload] = form.values()
            self.kept[request.path_params["file"]] = (upload.filename, await upload.read())
        return Response(status_code=self.status)

    async def delete(self, _):
        return Response(status_code=204)


@pytest.fixture
def streamlit():
    return Streamlit()


@pytest.fixture
def held(monkeypatch):
    """The files that lie with the gate."""
    uploads.find_uploads.cache_clear()
    yield uploads.find_uploads()
    uploads.find_uploads.cache_clear()


@pytest.fixture
def server(house, streamlit, held):
    place = uploads.UPLOAD + "{page}/{file}"
    return Starlette(
        routes=[
            *door.ROUTES,
            WebSocketRoute(gate.STREAM, streamlit.page),
            Route(place, streamlit.put, methods=["PUT"]),
            Route(place, streamlit.delete, methods=["DELETE"]),
        ],
        middleware=[Middleware(gate.Gate)],
    )


@contextmanager
def opened(browser):
    """A page that stands; answers what Streamlit calls it."""
    with browser.websocket_connect(gate.STREAM) as stream:
        stream.send_bytes(run_of("upload").SerializeToString())
        stream.receive_bytes()
        yield ForwardMsg.FromString(stream.receive_bytes()).new_session.initialize.session_id


def sent(browser, page, file="1", content=CONTENT, name="số liệu.xlsx", **options):
    return browser.put(f"{uploads.UPLOAD}{page}/{file}", files={name: (name, content)}, **options)


def test_file_lies_with_the_gate_and_streamlit_gets_a_slip_that_opens_it_for_this_session_alone(
    house, server, streamlit, held
):
    coordinator = house.signed_in("dieuphoi", app=server)
    session = house.service.find(coordinator.cookies["caodiem"]).session_id
    with opened(coordinator) as page:
        assert sent(coordinator, page).status_code == 204

        name, slip = streamlit.kept["1"]
        assert (name, len(slip)) == ("file.xlsx", 43)
        called, file = held.open(slip, session)
        with file:
            assert (called, file.read()) == ("số liệu.xlsx", CONTENT)
            assert os.fstat(file.fileno()).st_nlink == 0, "nobody else finds it on the disk"
        assert held.open(slip, session + 1) is None
        assert held.open("không".encode(), session) is None
        held.let_go(slip, session + 1)
        assert len(held._held) == 1
        held.let_go(slip, session)
        assert not held._held


@pytest.mark.parametrize(
    ("login", "status"), [("lanhdao", 403), ("truong.h1", 204), ("nguoixem", 403), ("dieuphoi", 204), ("admin", 204)]
)
def test_only_roles_that_bring_files_in_send_any(house, server, streamlit, held, login, status):
    somebody = house.signed_in(login, app=server)
    with opened(somebody) as page:
        answer = sent(somebody, page)

        assert (answer.status_code, answer.text) == (status, "")
        assert len(held._held) == len(streamlit.kept) == (status == 204)


def test_twelve_files_of_49_mb_find_room_for_three_and_nothing_of_the_others_is_held(house, server, held):
    """The attack itself, a thousandth as large: the budgets are made smaller with it."""
    one, other = (house.signed_in(who, app=server) for who in ("dieuphoi", "admin"))
    with pytest.MonkeyPatch.context() as smaller:
        smaller.setattr(uploads, "LEAST", 1)
        smaller.setattr(uploads, "MOST_OF_A_SESSION", 150_000)
        smaller.setattr(uploads, "MOST_IN_ALL", 200_000)
        with opened(one) as page, opened(other) as theirs:
            given = [sent(one, page, str(number), b"x" * 49_000) for number in range(12)]
            in_all = [sent(other, theirs, str(number), b"x" * 49_000).status_code for number in range(2)]

            assert [answer.status_code for answer in given] == [204] * 3 + [429] * 9
            assert given[-1].headers["retry-after"]
            assert in_all == [204, 429]
            assert len(held._held) == 4
            assert one.delete(f"{uploads.UPLOAD}{page}/0").status_code == 204
            assert sent(one, page, "0", b"x" * 40_000).status_code == 204
        assert not held._held, "their pages are closed"
        with opened(one) as page:
            assert sent(one, page, content=b"x" * 49_000).status_code == 204
            assert sent(one, page, content=b"x" * 49_000).status_code == 204
            assert len(held._held) == 1, "sent again in its own place"
    assert not held._coming


def test_file_goes_with_the_last_websocket_of_its_page(held):
    for _ in range(2):
        held.open_page("page", 1)
    held.hold(tempfile.TemporaryFile(), "a.csv", session=1, place=("page", "1"))  # noqa: SIM115 - closed with its page

    held.close_page("page")
    assert len(held._held) == 1
    held.close_page("page")

    assert not held._held
    assert not held._pages


def test_nobody_sends_to_a_page_of_another_session_nor_to_one_that_is_closed(house, server, held):
    one, again = (house.signed_in("dieuphoi", app=server) for _ in range(2))
    with opened(one) as page:
        assert sent(again, page).status_code == 404
        assert again.delete(f"{uploads.UPLOAD}{page}/1").status_code == 404
        assert sent(one, f"{page}/x").status_code == 404

    assert sent(one, page).status_code == 404
    assert not held._held


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-length": str(52 * 1024 * 1024)}, b"x", 413),
        ({"content-length": "many"}, b"x", 411),
        ({"content-type": "multipart/form-data"}, b"no form", 400),
        ({"content-type": "text/plain"}, b"no form", 400),
        ({"content-length": "3", "content-type": "multipart/form-data; boundary=x"}, b"--x\r\n" * 9, 400),
    ],
    ids=["too large", "length unsaid", "no edge", "no form", "more than said"],
)
def test_what_is_too_large_or_no_file_is_refused_with_nothing_held(house, server, held, headers, content, status):
    coordinator = house.signed_in("dieuphoi", app=server)
    with opened(coordinator) as page:
        answer = coordinator.put(f"{uploads.UPLOAD}{page}/1", content=content, headers=headers)

        assert (answer.status_code, answer.text) == (status, "")
        assert not held._held
        assert not held._coming


def test_file_that_streamlit_does_not_take_is_let_go(house, server, streamlit, held):
    coordinator = house.signed_in("dieuphoi", app=server)
    streamlit.status = 403
    with opened(coordinator) as page:
        assert sent(coordinator, page, name="..").status_code == 403

    assert streamlit.kept["1"][0] == "file"
    assert not held._held
