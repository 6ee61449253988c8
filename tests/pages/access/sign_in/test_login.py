"""Signing in and out over plain HTTP: what is shown, who is let in, who is slowed down, and what others cannot do."""

import asyncio
import html
import queue
import re
import threading
from types import SimpleNamespace

import pytest
from sqlmodel import select
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from models.accounts import passwords
from models.accounts.actions import set_enabled
from models.accounts.attempts import FREE
from models.accounts.queries import find_sessions
from models.core.clock import machine_now
from models.core.texts import LANGUAGES, text
from models.tables import AuditEntry, SignInSession
from pages.access.request_info import BROWSER_COOKIE, SESSION_COOKIE, hash_of
from pages.access.sign_in import hashing, sheet
from tests.models.accounts_world import by
from tests.pages.access.conftest import NEWCOMER, PASSWORD, REMOTE, TestClient, sign_in

SAME = {"Sec-Fetch-Site": "same-origin"}


def traces(house, action):
    with house.store.reading() as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def said(answer):
    [words] = re.findall(r'role="(?:alert|status)">([^<]*)<', answer.text)
    return html.unescape(words)


def open_sessions(house):
    return house.asked(find_sessions, machine=machine_now(), idle=house.service.settings.idle)


# --- the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_asks_for_login_and_password_in_the_language_asked_for(house, language):
    answer = house.client().get(f"/auth/login?lang={language}")

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    for name in ("login", "password"):
        assert text(f"door.field.{name}", language) in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_page_is_written_in_the_dashboards_typeface_and_a_stranger_is_handed_nothing_else_of_its_folder(house):
    client = house.client()
    asked = re.findall(r"url\((/auth/fonts/[^)]+)\)", client.get("/auth/login").text)

    assert len(asked) == 2
    assert all(client.get(place).content[:4] == b"wOF2" for place in asked)
    assert {
        client.get(f"/auth/fonts{way}").status_code for way in ("", "/", "/../texts/vi.toml", "/%2e%2e/texts/vi.toml")
    } <= {404, 307}


def test_page_has_no_script_and_asks_nobody_else(house):
    page = house.client().get("/auth/login").text

    assert "<script" not in page
    assert not re.findall(r'(?:src|href|action)="(?!/|data:)', page)


def test_page_keeps_where_to_go_on_to_in_both_languages(house):
    page = house.client().get("/auth/login?next=/unit%3Funit%3DH1%26q%3D%22x").text

    assert 'name="next" value="/unit?unit=H1&amp;q=&quot;x"' in page
    assert 'href="/auth/login?next=%2Funit%3Funit%3DH1%26q%3D%22x&amp;lang=en"' in page


def test_page_shows_what_was_typed_as_text(house):
    answer = sign_in(house.client(), '"><script>alert(1)</script>')

    assert "<script" not in answer.text


OF_BETTER_DAYS = {"Cookie": "caodiem=of a store that was here before"}


@pytest.mark.parametrize("headers", [{}, OF_BETTER_DAYS], ids=["no cookie", "an old cookie"])
def test_page_without_a_store_says_what_to_do(make_house, headers):
    answer = make_house(with_store=False).client().get("/auth/login", headers=headers)

    assert answer.status_code == 200
    assert text("store.not_ready", "vi") in answer.text
    assert "python -m jobs init" in answer.text


@pytest.mark.parametrize("headers", [{}, OF_BETTER_DAYS], ids=["no cookie", "an old cookie"])
def test_page_of_a_broken_store_says_so_without_details(make_house, headers):
    house = make_house(with_store=False)
    (house.home / "caodiem.db").write_text("this is no database " * 1_000)

    shown, tried = house.client().get("/auth/login", headers=headers), sign_in(house.client(), "admin")

    assert said(shown) == said(tried) == text("door.no_store", "vi")
    assert tried.status_code == 503
    assert "database" not in tried.text


def test_sign_in_without_a_store_says_why(make_house):
    answer = sign_in(make_house(with_store=False).client(), "admin")

    assert answer.status_code == 503
    assert "python -m jobs init" in said(answer)


def test_whoever_is_signed_in_goes_straight_on(house):
    answer = house.signed_in("lanhdao").get("/auth/login?next=/gaps")

    assert (answer.status_code, answer.headers["location"]) == (303, "/gaps")


# --- who is let in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["lanhdao", " LanhDao ", "ｌａｎｈｄａｏ"])
def test_right_password_lets_in_and_goes_on(house, typed):
    answer = sign_in(house.client(), typed, next="/gaps?level=district")

    assert (answer.status_code, answer.headers["location"]) == (303, "/gaps?level=district")
    [row] = open_sessions(house)
    assert (row.login, row.address, row.via) == ("lanhdao", "203.0.113.5", "password")


@pytest.mark.parametrize("after", ["https://evil.example", "//evil.example", "/\\evil.example", "/auth/logout"])
def test_sign_in_never_leads_elsewhere(house, after):
    assert sign_in(house.client(), "lanhdao", next=after).headers["location"] == "/"


def test_cookie_is_random_and_only_its_hash_is_kept(house):
    answer = sign_in(house.client(base=REMOTE), "lanhdao")

    cookies = {line.split("=")[0]: line for line in answer.headers.get_list("set-cookie")}
    token = cookies["__Host-caodiem"].split(";")[0].split("=", 1)[1]
    assert cookies["__Host-caodiem"].endswith("HttpOnly; Max-Age=86400; Path=/; SameSite=lax; Secure")
    with house.store.reading() as session:
        [row] = session.exec(select(SignInSession))
    assert row.token_hash == hash_of(token)
    assert token.encode() not in (house.home / "caodiem.db").read_bytes()


def test_each_sign_in_has_a_session_of_its_own(house):
    client = house.client()
    sign_in(client, "lanhdao")
    first = client.cookies[SESSION_COOKIE]
    sign_in(client, "lanhdao")

    assert client.cookies[SESSION_COOKIE] != first


def test_cookie_given_by_somebody_else_before_the_sign_in_is_not_taken_over(house):
    client = house.client()
    client.cookies.set(SESSION_COOKIE, "chosen by an attacker")

    answer = sign_in(client, "lanhdao")

    assert "chosen" not in answer.headers["set-cookie"]
    assert house.client().get("/", headers={"Cookie": f"{SESSION_COOKIE}=chosen by an attacker"}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "password"),
    [
        ("lanhdao", "bốn từ dễ quên"),
        ("lanhdao", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("system:root", PASSWORD),
        ("x" * 9_000, "y"),
    ],
)
def test_wrong_password_and_unknown_name_are_told_the_same(house, typed, password):
    answer = sign_in(house.client(), typed, password)

    assert answer.status_code == 401
    assert said(answer) == text("door.wrong", "vi")
    assert "set-cookie" not in answer.headers
    assert open_sessions(house) == []


def test_disabled_account_is_told_the_same(house):
    house.changed(set_enabled, "lanhdao", is_enabled=False, context=by("admin"), machine=machine_now())

    assert said(sign_in(house.client(), "lanhdao")) == text("door.wrong", "vi")


def test_one_time_password_leads_to_choosing_ones_own(house):
    answer = sign_in(house.client(), NEWCOMER, next="/gaps", lang="en")

    assert answer.headers["location"] == "/auth/password?next=%2Fgaps&lang=en"


def test_one_time_password_of_long_ago_says_so_only_to_who_knows_it(house):
    with house.store.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE account SET one_time_until_machine = '2020-01-01 00:00:00' WHERE login = 'moi'"
        )

    assert said(sign_in(house.client(), NEWCOMER)) == text("door.expired", "vi")
    assert said(sign_in(house.client(), NEWCOMER, "bốn từ dễ quên")) == text("door.wrong", "vi")


def test_every_sign_in_and_failure_leaves_a_trace_without_the_password(house):
    client = house.client()
    sign_in(client, "LanhDao")
    sign_in(house.client(), "lanhdao", "bốn từ dễ quên")
    sign_in(house.client(), "mật khẩu của tôi", "x")

    [entered] = traces(house, "sign_in")
    failed = traces(house, "sign_in_failed")
    assert (entered.by, entered.origin) == ("lanhdao", "front door, 203.0.113.5")
    assert [(entry.by, entry.subject) for entry in failed] == [("lanhdao", "account lanhdao"), ("?", "account ?")]
    assert "bốn từ" not in repr(failed) + repr(entered)


# --- who is slowed down ---------------------------------------------------------------------------------------------


def test_guesser_is_asked_to_wait_and_told_for_how_long(house):
    client = house.client(address="198.51.100.9")
    answers = [sign_in(client, "lanhdao", "wrong") for _ in range(FREE + 1)]

    assert [answer.status_code for answer in answers] == [401] * FREE + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    assert said(answers[-1]) == text("door.wait", "vi", seconds=answers[-1].headers["retry-after"])


def test_even_the_right_password_waits_where_it_was_guessed(house):
    client = house.client(address="198.51.100.9")
    for _ in range(FREE):
        sign_in(client, "lanhdao", "wrong")

    assert sign_in(client, "lanhdao").status_code == 429


@pytest.mark.soak
def test_thousand_wrong_passwords_from_several_clients_open_nothing_and_lock_nobody_out(house):
    owner = house.signed_in("lanhdao", address="203.0.113.5")
    owner.post("/auth/logout")
    codes = []

    def guess(number):
        client = house.client(address=f"198.51.100.{number}")
        codes.extend(sign_in(client, "lanhdao", f"wrong password {each}").status_code for each in range(125))

    guessers = [threading.Thread(target=guess, args=(number,)) for number in range(8)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()

    assert len(codes) == 1_000
    assert set(codes) == {401, 429}
    assert open_sessions(house) == []
    assert sign_in(owner, "lanhdao").status_code == 303, "on the browser where the owner has been before"
    newcomer = house.client(address="192.0.2.77")
    assert sign_in(newcomer, "lanhdao").status_code == 303, "and from an address that has not guessed"


def test_browser_is_known_again_by_a_cookie_that_opens_nothing(house):
    client = house.signed_in("lanhdao")

    stranger = house.client()
    stranger.cookies.set(SESSION_COOKIE, client.cookies[BROWSER_COOKIE])
    assert stranger.get("/").status_code == 303


@pytest.fixture
def held(house, monkeypatch):
    """Wrong passwords are looked at for as long as the test holds them; how many at once at most stands in `most`."""
    hold, lock = SimpleNamespace(free=threading.Event(), began=threading.Semaphore(0), now=0, most=0), threading.Lock()
    real = passwords.matches

    def slow(kept, password):
        with lock:
            hold.now += 1
            hold.most = max(hold.most, hold.now)
        hold.began.release()
        if password == WRONG:
            assert hold.free.wait(60)
        with lock:
            hold.now -= 1
        return real(kept, password)

    monkeypatch.setattr(passwords, "matches", slow)
    yield hold
    hold.free.set()


WRONG = "bốn từ dễ quên"


@pytest.fixture
def crowd(house):
    """Many who sign in at once at one server, each from an address of their own; answers come in as they are given."""
    seen = ProxyHeadersMiddleware(house.app(), "testclient")
    answers = queue.Queue()
    threads = []
    with TestClient(seen, client=("testclient", 1), follow_redirects=False) as client:

        def come(address, login="lanhdao", password=WRONG, browser=None):
            def ask():
                headers = SAME | {"X-Forwarded-For": address}
                if browser:
                    headers["Cookie"] = f"{BROWSER_COOKIE}={browser}"
                form = {"login": login, "password": password}
                answers.put((address, client.post("/auth/login", data=form, headers=headers)))

            threads.append(threading.Thread(target=ask))
            threads[-1].start()

        yield SimpleNamespace(come=come, answers=answers)
        for thread in threads:
            thread.join()


@pytest.mark.soak
def test_right_password_on_a_known_browser_is_looked_at_while_strangers_crowd_the_door(house, held, crowd):
    """150 wrong tries from 150 addresses: those who find no place in the queue are told so, the owner walks in."""
    known = house.signed_in("lanhdao").cookies[BROWSER_COOKIE]
    assert held.began.acquire(timeout=60)
    for number in range(150):
        crowd.come(f"198.51.100.{number}")
    turned = [crowd.answers.get(timeout=60)[1] for _ in range(150 - hashing.MOST_STRANGE)]
    assert held.began.acquire(timeout=60), "a wrong password is being looked at"

    crowd.come("203.0.113.5", password=PASSWORD, browser=known)
    address, owner = crowd.answers.get(timeout=60)

    assert {(answer.status_code, said(answer)) for answer in turned} == {(503, text("door.busy_sign_in", "vi"))}
    assert {answer.headers["retry-after"] for answer in turned} == {str(hashing.ONE_MOMENT)}
    assert (address, owner.status_code) == ("203.0.113.5", 303)
    held.free.set()
    rest = [crowd.answers.get(timeout=60)[1].status_code for _ in range(hashing.MOST_STRANGE)]
    assert set(rest) <= {401, 429}
    assert held.most <= hashing.AT_ONCE


def test_one_address_takes_one_place_and_few_in_the_queue(house, held, crowd, monkeypatch):
    monkeypatch.setattr(hashing, "AT_ONCE", 3)
    for _ in range(30):
        crowd.come("198.51.100.9")
    turned = [crowd.answers.get(timeout=60)[1].status_code for _ in range(30 - hashing.MOST_OF_ONE)]
    assert held.began.acquire(timeout=60)

    crowd.come("203.0.113.77", password=PASSWORD)
    address, newcomer = crowd.answers.get(timeout=60)

    assert set(turned) == {503}
    assert (address, newcomer.status_code) == ("203.0.113.77", 303)
    held.free.set()
    for _ in range(hashing.MOST_OF_ONE):
        crowd.answers.get(timeout=60)
    assert held.most <= 2, "one of the address at a time, and the newcomer"


def test_only_a_browser_on_which_the_same_account_has_signed_in_is_known(house, monkeypatch):
    known = house.signed_in("lanhdao").cookies[BROWSER_COOKIE]
    monkeypatch.setattr(hashing, "MOST_KNOWN", 0)  # whoever is known is sent away now
    given = {}
    for login, cookie in (("lanhdao", known), ("dieuphoi", known), ("lanhdao", "chosen by myself"), ("nobody", known)):
        client = house.client()
        client.cookies.set(BROWSER_COOKIE, cookie)
        given[login, cookie] = sign_in(client, login, WRONG).status_code

    assert list(given.values()) == [503, 401, 401, 401]


def test_change_of_password_says_when_too_many_wait(house, monkeypatch):
    client = house.signed_in("lanhdao")
    monkeypatch.setattr(hashing, "MOST_KNOWN", 0)

    form = {"current": PASSWORD, "new": "một câu thật dễ nhớ", "again": "một câu thật dễ nhớ"}
    answer = client.post("/auth/password", data=form, headers=SAME)

    assert (answer.status_code, said(answer)) == (503, text("door.busy_sign_in", "vi"))


def test_expired_one_time_password_is_no_failure(house):
    with house.store.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE account SET one_time_until_machine = '2020-01-01 00:00:00' WHERE login = 'moi'"
        )

    answers = {said(sign_in(house.client(), NEWCOMER)) for _ in range(3 * FREE)}

    assert answers == {text("door.expired", "vi")}


# --- what others cannot do ------------------------------------------------------------------------------------------

CROSS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://[::1"},
]
POSTS = ["/auth/login", "/auth/logout", "/auth/password", "/auth/sessions/end"]


@pytest.mark.parametrize("headers", CROSS, ids=["cross-site", "same-site", "another origin", "no address"])
@pytest.mark.parametrize("address", POSTS)
def test_form_of_another_site_is_refused(house, address, headers):
    client = house.signed_in("lanhdao")

    answer = client.post(address, data={"login": "admin", "password": PASSWORD, "session": "1"}, headers=headers)

    assert (answer.status_code, answer.text) == (403, "")
    assert [row.login for row in open_sessions(house)] == ["lanhdao"]


@pytest.mark.parametrize("address", POSTS)
def test_form_larger_than_ours_is_refused(house, address):
    answer = house.signed_in("lanhdao").post(address, content=b"x" * 20_000, headers=SAME)

    assert answer.status_code == 413


@pytest.mark.parametrize("address", POSTS)
def test_form_that_does_not_arrive_is_not_waited_for(house, monkeypatch, address):
    monkeypatch.setattr(sheet, "FORM_WITHIN", 0.01)
    token = house.signed_in("lanhdao").cookies[SESSION_COOKIE]
    headers = [(b"sec-fetch-site", b"same-origin"), (b"cookie", f"{SESSION_COOKIE}={token}".encode())]
    scope = {
        "type": "http", "method": "POST", "path": address, "raw_path": address.encode(), "query_string": b"",
        "headers": headers, "scheme": "http", "server": ("testserver", 80), "client": ("203.0.113.5", 1),
        "root_path": "", "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip
    sent = []

    async def asked():
        drops = iter([{"type": "http.request", "body": b"login=", "more_body": True}])

        async def receive():
            for drop in drops:
                return drop
            return await asyncio.Event().wait()

        async def send(message):
            sent.append(message)

        await house.app()(scope, receive, send)

    asyncio.run(asked())

    assert sent[0]["status"] == 413


@pytest.mark.parametrize("address", POSTS)
def test_form_with_hundreds_of_fields_is_refused(house, address):
    answer = house.signed_in("lanhdao").post(address, content=b"&".join([b"x=1"] * 300), headers=SAME)

    assert answer.status_code == 413


# --- signing out ----------------------------------------------------------------------------------------------------


def test_link_signs_nobody_out_but_asks(house):
    client = house.signed_in("lanhdao")

    answer = client.get("/auth/logout")

    assert text("door.sign_out", "vi") in answer.text
    assert len(open_sessions(house)) == 1


def test_signing_out_ends_the_session_and_takes_the_cookie(house):
    client = house.signed_in("lanhdao")

    answer = client.post("/auth/logout", data={"lang": "en"}, headers=SAME)

    assert answer.headers["location"] == "/auth/login?out=1&lang=en"
    assert SESSION_COOKIE not in client.cookies
    assert open_sessions(house) == []
    assert said(client.get("/auth/login?out=1")) == text("door.signed_out", "vi")
    [entry] = traces(house, "sign_out")
    assert (entry.by, entry.role) == ("lanhdao", "leader")


def test_signing_out_everywhere_ends_every_session_of_the_account(house):
    here, there, other = house.signed_in("lanhdao"), house.signed_in("lanhdao"), house.signed_in("dieuphoi")

    here.post("/auth/logout", data={"everywhere": "1"}, headers=SAME)

    assert there.get("/").status_code == 303
    assert other.get("/").status_code == 200


def test_signing_out_twice_and_while_not_signed_in_does_no_harm(house):
    client = house.client()

    assert client.post("/auth/logout", headers=SAME).status_code == 303
    assert client.get("/auth/logout").headers["location"] == "/auth/login"
