"""One's own account: the password, and where one is signed in."""

import html
import re

import pytest

from models.accounts.attempts import FREE
from models.accounts.queries import find_sessions
from models.core.clock import machine_now
from models.core.texts import text
from pages.access.request_info import SESSION_COOKIE
from tests.pages.access.conftest import NEWCOMER, PASSWORD, sign_in
from tests.pages.access.sign_in.test_login import SAME, said

NEW = "một câu thật dễ nhớ"


def change(client, new=NEW, again=None, current=PASSWORD, **more):
    form = {"current": current, "new": new, "again": new if again is None else again} | more
    return client.post("/auth/password", data=form, headers=SAME)


def open_logins(house):
    return [row.login for row in house.asked(find_sessions, machine=machine_now(), idle=house.service.settings.idle)]


# --- the password ---------------------------------------------------------------------------------------------------


def test_newcomer_chooses_a_password_and_goes_on(house):
    client = house.client()
    sign_in(client, NEWCOMER)

    shown = client.get("/auth/password?next=/gaps")
    answer = change(client, next="/gaps")

    assert 'name="current"' not in shown.text
    assert answer.headers["location"] == "/gaps"
    assert client.get("/gaps").status_code == 200
    assert sign_in(house.client(), NEWCOMER, NEW).headers["location"] == "/"


def test_old_password_works_no_longer(house):
    change(house.signed_in("lanhdao"))

    assert sign_in(house.client(), "lanhdao").status_code == 401
    assert sign_in(house.client(), "lanhdao", NEW).status_code == 303


def test_change_ends_every_other_session(house):
    here, there = house.signed_in("lanhdao"), house.signed_in("lanhdao")

    answer = change(here, lang="en")

    assert answer.headers["location"] == "/auth/account?changed=1&lang=en"
    assert said(here.get("/auth/account?changed=1")) == text("door.changed", "vi")
    assert there.get("/").status_code == 303


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ({"current": "bốn từ dễ quên"}, "door.wrong_current"),
        ({"again": "một câu khác hẳn"}, "door.not_the_same"),
    ],
)
def test_change_is_refused_with_the_reason(house, form, key):
    client = house.signed_in("lanhdao")

    answer = change(client, **form)

    assert (answer.status_code, said(answer)) == (422, text(key, "vi"))
    assert sign_in(house.client(), "lanhdao").status_code == 303


@pytest.mark.parametrize(
    "new", ["ngắn", "lanhdao lanhdao", "a" * 20, "x" * 201, "Password@123", "UBND tỉnh P 2024", PASSWORD]
)
def test_weak_password_is_refused(house, new):
    answer = change(house.signed_in("lanhdao"), new=new)

    assert answer.status_code == 422


def test_one_time_password_cannot_be_kept(house):
    client = house.client()
    sign_in(client, NEWCOMER)

    answer = change(client, new=PASSWORD)

    assert (answer.status_code, said(answer)) == (422, text("mistake.password_same", "vi"))
    assert client.get("/gaps").headers["location"].startswith("/auth/password")


def test_cookie_is_renewed_so_that_a_copy_of_it_is_worth_nothing(house):
    client = house.signed_in("lanhdao")
    copied = client.cookies[SESSION_COOKIE]
    thief = house.client()
    thief.cookies.set(SESSION_COOKIE, copied)
    assert thief.get("/gaps").status_code == 200

    change(client)

    assert client.cookies[SESSION_COOKIE] != copied
    assert client.get("/gaps").status_code == 200
    assert thief.get("/gaps").status_code == 303
    assert open_logins(house) == ["lanhdao"]


def test_right_password_is_no_failure_however_often_the_new_one_is_refused(house):
    client = house.signed_in("lanhdao")

    answers = [change(client, new="ngắn") for _ in range(3 * FREE)]

    assert {said(answer) for answer in answers} == {text("mistake.password_short", "vi", least="12")}
    assert sign_in(client, "lanhdao").status_code == 303


def test_guessing_the_current_password_is_slowed_down(house):
    client = house.signed_in("lanhdao")

    answers = [change(client, current="guess") for _ in range(6)]

    assert said(answers[-1]) in {text("door.wait", "vi", seconds=seconds) for seconds in (1, 2)}


def test_password_is_asked_only_of_who_is_signed_in(house):
    answers = [house.client().get("/auth/password?next=/gaps"), change(house.client())]

    assert [answer.headers["location"] for answer in answers] == ["/auth/login?next=%2Fgaps", "/auth/login"]


# --- where one is signed in -----------------------------------------------------------------------------------------


def test_account_says_who_one_is_and_what_one_may(house):
    page = html.unescape(house.signed_in("truong.h1").get("/auth/account").text)

    assert "truong.h1" in page
    assert "UBND huyện Một" in page
    assert text("role_says.unit_head", "vi") in page


def test_account_lists_own_sessions_and_ends_another_one(house):
    here, there = house.signed_in("lanhdao"), house.signed_in("lanhdao", address="192.0.2.8")
    house.signed_in("dieuphoi")
    page = here.get("/auth/account").text

    [session_id] = re.findall(r'name="session" value="(\d+)"', page)
    answer = here.post("/auth/sessions/end", data={"session": session_id}, headers=SAME)

    assert "192.0.2.8" in page
    assert text("door.session.this", "vi") in page
    assert answer.headers["location"] == "/auth/account"
    assert there.get("/").status_code == 303
    assert open_logins(house).count("lanhdao") == 1


def test_session_of_somebody_else_cannot_be_ended(house):
    client = house.signed_in("lanhdao")
    house.signed_in("dieuphoi")
    theirs = house.asked(find_sessions, machine=machine_now(), idle=house.service.settings.idle)[0].id

    answers = [client.post("/auth/sessions/end", data={"session": str(each)}, headers=SAME) for each in (theirs, 999)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "dieuphoi" in open_logins(house)


@pytest.mark.parametrize("session", ["", "x", "1 OR 1=1", "-1", "9" * 10, "9" * 4_000, "９９", "1\n"])
def test_session_that_is_no_number_is_refused(house, session):
    answer = house.signed_in("lanhdao").post("/auth/sessions/end", data={"session": session}, headers=SAME)

    assert answer.status_code == 413


def test_stranger_ends_no_session_and_sees_no_account(house):
    house.signed_in("lanhdao")

    ended = house.client().post("/auth/sessions/end", data={"session": "1"}, headers=SAME)

    assert ended.status_code == 401
    assert house.client().get("/auth/account").headers["location"] == "/auth/login"
    assert open_logins(house) == ["lanhdao"]


def test_account_waits_for_a_password_that_is_due(house):
    client = house.client()
    sign_in(client, NEWCOMER)

    assert client.get("/auth/account").headers["location"] == "/auth/password"
    assert SESSION_COOKIE in client.cookies
