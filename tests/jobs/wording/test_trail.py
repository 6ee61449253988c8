"""The audit trail in the reader's words."""

import ast
import re
from datetime import UTC, datetime
from functools import cache

import pytest

from jobs.wording import trail
from models.core.settings import PROJECT
from models.core.texts import LANGUAGES, text, texts
from models.core.trail import TrailEntry
from tests.own_code import nodes

PLACES = ("models", "jobs")


def entry(**shown):
    known = {
        "id": 1, "at": datetime(2024, 3, 5, tzinfo=UTC), "by": "lan", "role": "", "origin": "command line",
        "action": "change_role", "subject": "account lan", "old": None, "new": None, "reason": "", "document": "",
    }  # fmt: skip
    return TrailEntry(**known | shown)


@cache
def calls(place):
    """Every call of a package's code that says an action, a reason or a subject."""
    return tuple(
        node
        for _, node in nodes(place)
        if isinstance(node, ast.Call)
        and (is_context(node) or {"action", "reason", "subject"} & {word.arg for word in node.keywords})
    )


def is_context(node):
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func) == "workplace.context"


def recorded():
    """Every action that the code writes into the trail, where it stands as a word; a made-up one by its beginning."""
    for place in PLACES:
        for node in calls(place):
            for word in [word for word in node.keywords if word.arg == "action"]:
                yield from words_of(word.value)


def words_of(node):
    if isinstance(node, ast.Constant):
        yield re.escape(node.value)
    if isinstance(node, ast.IfExp):
        yield from (*words_of(node.body), *words_of(node.orelse))
    if isinstance(node, ast.JoinedStr):
        yield "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)


def test_every_action_that_is_recorded_has_its_name():
    names = {key.removeprefix("audit.action_name.") for key in texts("vi") if key.startswith("audit.action_name.")}

    actions = set(recorded())

    assert len(actions) > 60
    assert [action for action in actions if not any(re.fullmatch(action, name) for name in names)] == []


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"by": "lan", "role": "leader"}, "lan (lãnh đạo)"),
        ({"by": "system:root"}, "Hệ thống"),
        ({"by": "system:lan"}, "Hệ thống (lan)"),
        ({"by": "", "role": "viewer"}, "Người xem công khai (người xem)"),
    ],
)
def test_whoever_did_it_is_named_with_the_role_of_then(shown, said):
    assert trail.who(entry(**shown), "vi") == said


def given_by_the_code():
    """Every reason that commands give themselves, where it stands as a word; one with a gap by its beginning."""
    for node in (node for place in PLACES for node in calls(place)):
        if is_context(node) or ast.unparse(node.func) in ("ChangeContext", "replace"):
            shown = [word.value for word in node.keywords if word.arg == "reason"]
            shown += node.args[:1] if is_context(node) else []
            yield from (word.replace(".+", "x") for reason in shown for word in words_of(reason))


def taken_along():
    """The subject of every file that a page or a command hands out, where it stands as a word."""
    documents = ast.parse((PROJECT / "pages" / "meeting" / "documents.py").read_text(encoding="utf-8"))
    for node in ast.walk(documents):
        if isinstance(node, ast.Call):
            for word in node.keywords:
                if word.arg == "kind":
                    yield from words_of(word.value)
    for node in (node for place in ("pages", "jobs") for node in calls(place)):
        if {"narrowed", "file_name"} & {word.arg for word in node.keywords}:
            for word in [word for word in node.keywords if word.arg == "subject"]:
                yield from words_of(word.value)


@pytest.mark.soak
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_that_is_taken_along_is_named_in_the_readers_language(language):
    subjects = {subject.replace("\\", "") for subject in taken_along()}

    assert {"annex of targets", "tasks", "campaign folder"} <= subjects
    assert not [subject for subject in subjects if f"trail.subject.{subject.replace(' ', '_')}" not in texts(language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_the_code_gives_is_said_in_words(language):
    reasons = {reason.replace("\\", "") for reason in given_by_the_code()}

    assert "init" in reasons
    assert not [reason for reason in reasons if trail.reason_words(reason, language) == reason]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"subject": "account lan"}, "tài khoản lan"),
        ({"subject": "H1 online second"}, "H1 online second"),
        ({"subject": "audit"}, "nhật ký"),
        ({"subject": "annex of targets"}, "phụ lục chỉ tiêu"),
        ({"subject": "conclusions"}, "thông báo kết luận"),
        ({"subject": "47 runs"}, "47 lần cập nhật"),
        ({"action": "refused", "subject": "manage_accounts"}, "quản lý tài khoản"),
    ],
)
def test_subject_is_named(shown, said):
    assert trail.subject_words(entry(**shown), "vi") == said


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("page, 10.0.0.7", "trang web, 10.0.0.7"),
        ("command line", "dòng lệnh"),
        ("somewhere else", "somewhere else"),
    ],
)
def test_place_is_named_and_its_address_kept(origin, said):
    assert trail.origin_words(origin, "vi") == said


def test_subject_names_units_indicators_and_phases_where_they_are_known():
    names = {"H1": "UBND huyện Một", "online": "Trực tuyến"}

    assert trail.subject_words(entry(subject="H1 online second"), "vi", names) == "UBND huyện Một, Trực tuyến, second"
    assert trail.subject_words(entry(subject="account H1"), "vi", names) == "tài khoản H1"


def test_reason_that_people_gave_stays_and_those_of_pages_are_said_in_words():
    assert trail.reason_words("theo đề nghị của Sở", "vi") == "theo đề nghị của Sở"
    assert trail.reason_words("init", "vi") == "Khởi tạo"
    assert trail.reason_words("account role lan leader", "vi") == "Đổi vai trò lan lãnh đạo"
    assert trail.reason_words("open a page", "vi") == "mở trang"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"role": "viewer", "name": "Lan"}, {"role": "leader", "name": "Lan"}, "vai trò: người xem → lãnh đạo"),
        ({"is_enabled": True}, {"is_enabled": False}, "đang hoạt động: có → không"),
        (None, {"units": ["H1", "H2"]}, "đơn vị: H1, H2"),
        (None, {"units": []}, ""),
        (None, {"via": "password", "browser": ""}, "cách đăng nhập: mật khẩu"),
        ({"units": ["H1"]}, {"units": []}, "đơn vị: H1 → –"),
        ({"value": None}, {"value": "55.5"}, "giá trị: – → 55.5"),
        (None, {"allowed": "leader, coordinator"}, "người có quyền: lãnh đạo, cán bộ điều phối"),
        (None, {"permission": "import"}, "việc: nhập tệp số liệu"),
        (None, {"odd": {"a": 1}}, 'odd: {"a": 1}'),
        (None, {"fingerprint": "1c6ad3e6d9e9413be8be2c65"}, "dấu vân tay: 1c6ad3e6d9e9413b…"),
    ],
)
def test_change_says_name_by_name_what_was_and_what_is(old, new, said):
    assert trail.change_words(old, new, "vi") == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_trail_are_in_every_language(language):
    assert trail.change_words(None, {"is_enabled": True}, language).endswith(text("trail.yes", language))
