"""Who looks in the browser's tests: an account in a store, and a browser on which it has signed in."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from models.accounts import passwords
from models.accounts.actions import NewAccount, change_own_password, create_account
from models.accounts.sessions import Door, open_session
from models.core.audit import ChangeContext
from models.core.clock import machine_now
from models.core.store import Store
from models.core.texts import text
from pages.access.request_info import SESSION_COOKIE, fresh_token, hash_of
from targets.permissions import Role
from tests.browser.serving import HOST

LOGIN, NAME = "canbo", "Cán bộ điều phối"
TOKEN = fresh_token()
"""What the cookie of the tests' browsers holds, whichever store they look at."""
ADMINISTRATOR, ADMINISTRATORS_NAME = "quantri", "Cán bộ quản trị"
ADMINISTRATORS_TOKEN = fresh_token()
"""What the cookie of another browser holds, on which an administrator has signed in where one was admitted."""
PASSWORD = "bốn từ dễ nhớ"  # noqa: S105 - everybody's, in these tests
PEOPLE: tuple[tuple[str, str, Role, tuple[str, ...]], ...] = (
    ("admin", "Quản trị", "administrator", ()),
    ("dieuphoi", "Điều phối", "coordinator", ()),
    ("lanhdao", "Lãnh đạo", "leader", ()),
    ("huyen", "Trần Thị Huyện", "unit_head", ("H21.58",)),
    ("moi", "Người mới", "viewer", ()),
)
"""Who comes to the front door; the last has not chosen a password yet."""
OPTIONS = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "viewport": {"width": 1366, "height": 768}}
"""A browser on which nobody has signed in."""


def admit(home: Path, *, login: str = LOGIN, name: str = NAME, role: Role = "coordinator", token: str = TOKEN) -> None:
    """Make an account in the store of a home and sign it in on every browser of the tests."""
    store, machine = Store(f"sqlite:///{home / 'caodiem.db'}"), machine_now()
    hashed = passwords.hashed(fresh_token())
    by_system, own = (ChangeContext(by=by, reason="tài khoản minh họa", now=machine) for by in ("system:test", login))
    with store.writing() as session:
        new = NewAccount(login, name, role, (), hashed=hashed)
        account_id = create_account(session, new, context=by_system, machine=machine)
        change_own_password(session, hashed=hashed, context=own, machine=machine)
        open_session(
            session,
            account_id=account_id,
            token_hash=hash_of(token),
            door=Door(address=HOST, browser="", browser_hash=None),
            via="password",
            machine=machine,
            lasts=timedelta(days=1),
            context=own,
        )
    store.close()


def admit_administrator(home: Path) -> None:
    """Make an administrator in the store of a home, signed in on a browser of their own."""
    admit(
        home,
        login=ADMINISTRATOR,
        name=ADMINISTRATORS_NAME,
        role="administrator",
        token=ADMINISTRATORS_TOKEN,
    )


def signed_in(token: str = TOKEN) -> Any:
    """The state of a browser on which whoever was admitted has signed in; a cookie counts for every port."""
    cookie = {
        "name": SESSION_COOKIE,
        "value": token,
        "domain": HOST,
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
    return {"cookies": [cookie], "origins": []}


def people_with_passwords(home: Path) -> None:
    """Make an account for everybody who comes to the front door; `init` has made the administrator's."""
    hashed = passwords.hashed(PASSWORD)
    store, machine = Store(f"sqlite:///{home / 'caodiem.db'}"), machine_now()
    with store.writing() as session:
        for login, name, role, units in PEOPLE:
            by_system, own = (ChangeContext(by=by, reason="test", now=machine) for by in ("system:test", login))
            if login != "admin":
                new = NewAccount(login, name, role, units, hashed=hashed)
                create_account(session, new, context=by_system, machine=machine)
            if login != "moi":
                change_own_password(session, hashed=hashed, context=own, machine=machine)
    store.close()


def sign_in(page: Page, login: str, password: str = PASSWORD, *, at: str = "/") -> None:
    page.goto(at)
    page.get_by_label(text("door.field.login", "vi")).fill(login)
    page.get_by_label(text("door.field.password", "vi"), exact=True).fill(password)
    page.get_by_role("button", name=text("door.sign_in", "vi")).click()
