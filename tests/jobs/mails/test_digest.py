"""The digest against a real mail server on this machine: what each recipient gets, and what becomes of a failure."""

import email
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.header import decode_header, make_header
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from jobs.documents.writable import MadeFile
from jobs.mails import digest
from jobs.mails.digest import NoDigest, compose, mail_digest, tell_announced
from jobs.mails.mailing import Letter, NotTaken, send
from jobs.regular import hold_meetings
from jobs.workplace import Workplace
from models.accounts.actions import NewAccount, create_account
from models.core.audit import Head, find_lost
from models.core.clock import machine_now
from models.core.settings import Settings
from models.core.texts import text
from models.feeds.actions import record_refused
from models.feeds.files import settle_files
from models.meetings.actions import (
    Conclusion,
    announce_figures,
    freeze_figures,
    record_conclusion,
    withdraw_announcement,
)
from models.meetings.digests import ClaimedMail, announced_mail, find_mails, set_mail_address
from models.readings.records import TaskRecord
from models.targets.causes import ask_for_explanation
from models.targets.checks import Dispute, refuse_check, request_check
from models.tasks.actions import give_task, report_on_task
from tests.browser.serving import free_port
from tests.models.accounts_world import MACHINE, people
from tests.models.conftest import Small, context, day, found_small


class Box:
    """Takes every mail, unless it is told to refuse; knows nobody whose name stands in `unknown`."""

    def __init__(self):
        self.mails, self.refuses, self.unknown = [], False, ()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the name aiosmtpd calls
        if address.startswith(self.unknown or "?"):
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name aiosmtpd calls
        if self.refuses:
            return "451 try again later"
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def mail_server():
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield box, f"mailto://127.0.0.1:{controller.port}?from=caodiem@example.vn"
    finally:
        controller.stop()


def awaited(store):
    """Two leaders and the head of H1 want the digest of 8 March; H1 owes a task."""
    found_small(store)
    small = Small(store)
    small.load(("H1", "online", "8/3", 30, 100), ("S1", "online", "8/3", 90, 200), when="8/3 18:00")
    people(small)
    small.changed(
        create_account,
        NewAccount("lanhdao2", "Two", "leader", (), hashed="x"),
        context=context("8/3 18:00"),
        machine=MACHINE,
    )
    for login in ("lanhdao", "lanhdao2", "truong.h1"):
        small.changed(set_mail_address, login, f"{login}@example.vn", context=context("8/3 18:00"))
    result = TaskRecord("H1", "Số hóa hồ sơ tồn", "Văn phòng", MACHINE.date().replace(year=2024, month=3, day=9))
    small.changed(give_task, result, context=context("8/3 18:00"))
    small.changed(freeze_figures, as_of=MACHINE.date().replace(year=2024, month=3, day=8), title="Tuần 1",
                  context=context("9/3 08:00"))  # fmt: skip


@pytest.fixture
def world(prepared, tmp_path):
    """As `awaited` leaves it."""
    store = prepared.copy("digest-awaited", awaited, to=f"sqlite:///{tmp_path / 'awaited.db'}")
    small = Small(store)

    def workplace(server, **more):
        settings = Settings(
            home=tmp_path, database=small.store.url, mail=server, now="2024-03-11T08:00:00",
            public_address="https://caodiem.example.vn", _env_file=None, **more,
        )  # fmt: skip
        return Workplace(settings=settings, store=small.store, by="system:test")

    small.workplace = workplace
    yield small
    store.close()


def to(box):
    return {mail["To"]: mail for mail in box.mails}


def body(mail, kind="plain"):
    return mail.get_body((kind,)).get_content()


def test_leaders_get_the_province_with_the_pack_and_each_head_only_their_unit(world):
    pack = [MadeFile("bao-cao.xlsx", "application/octet-stream", b"pack")]

    with mail_server() as (box, server):
        mailed = mail_digest(world.workplace(server), "weekly", pack=lambda snapshot: pack)

    assert (mailed.raised, mailed.sent, mailed.failed) == (3, 3, 0)
    leader, head = to(box)["lanhdao@example.vn"], to(box)["truong.h1@example.vn"]
    assert [file.get_filename() for file in leader.iter_attachments()] == ["bao-cao.xlsx"]
    assert list(head.iter_attachments()) == []
    assert "UBND huyện Một" in body(head)
    assert "Số hóa hồ sơ tồn" in body(head)
    assert "Sở Một" not in body(head)
    assert "https://caodiem.example.vn/unit?unit=H1" in body(head)
    assert "https://caodiem.example.vn/meeting?snapshot=1" in body(leader)
    ends = [Head.WRITTEN.search(body(mail, kind))[0] for mail in (leader, head) for kind in ("plain", "html")]
    assert all(world.asked(find_lost, end) is None for end in ends)


def test_conclusion_about_a_unit_is_mailed_to_nobody_as_a_task(world):
    result = Conclusion("Báo cáo thứ Sáu", unit="H1", due=MACHINE.date().replace(year=2024, month=3, day=9))
    world.changed(record_conclusion, result, context=context("8/3 18:00"))

    with mail_server() as (box, server):
        mail_digest(world.workplace(server), "weekly", pack=lambda snapshot: [])

    assert all("Báo cáo thứ Sáu" not in body(mail) for mail in to(box).values())
    assert "Số hóa hồ sơ tồn" in body(to(box)["lanhdao@example.vn"])


def test_task_said_to_be_done_is_mailed_as_waiting_for_the_office_and_not_as_late(world):
    said = {"progress": "Xong", "evidence": "BC 1", "is_done": True, "seen_version": 1}
    world.changed(report_on_task, 1, **said, context=context("9/3 18:00"))

    with mail_server() as (box, server):
        mail_digest(world.workplace(server), "weekly", pack=lambda snapshot: [])

    assert text("task.state.reported", "vi") in body(to(box)["truong.h1@example.vn"])
    assert text("digest.late", "vi") not in body(to(box)["lanhdao@example.vn"])


def test_mail_is_text_and_a_page_that_a_phone_shows_at_a_readable_size(world):
    with mail_server() as (box, server):
        mail_digest(world.workplace(server), "weekly", pack=lambda snapshot: [])

    page = body(to(box)["truong.h1@example.vn"], "html")
    assert 'name="viewport" content="width=device-width' in page
    assert "font:17px" in page
    assert "30,0%" in page
    assert "30,0%" in body(to(box)["truong.h1@example.vn"])


def test_mail_that_the_server_refused_is_sent_later_and_the_others_only_once(world):
    with mail_server() as (box, server):
        workplace = world.workplace(server)
        box.refuses = True
        first = mail_digest(workplace, "weekly", pack=lambda snapshot: [], machine=MACHINE)
        failed = {mail.failure for mail in world.asked(find_mails, machine=MACHINE)}
        box.refuses = False
        soon = mail_digest(workplace, "weekly", pack=lambda snapshot: [], machine=MACHINE + timedelta(minutes=1))
        later = mail_digest(workplace, "weekly", pack=lambda snapshot: [], machine=MACHINE + timedelta(hours=1))
        again = mail_digest(workplace, "weekly", pack=lambda snapshot: [], machine=MACHINE + timedelta(days=1))

    assert (first.sent, first.failed, failed) == (0, 3, {"refused"})
    assert (soon.sent, later.sent, again.sent) == (0, 3, 0)
    assert sorted(mail["To"] for mail in box.mails) == [
        "lanhdao2@example.vn", "lanhdao@example.vn", "truong.h1@example.vn",
    ]  # fmt: skip
    assert len({mail["Message-ID"] for mail in box.mails}) == 3


def test_letter_that_cannot_be_written_and_a_recipient_that_is_not_there_keep_nobody_from_the_mail(world, monkeypatch):
    def written(session, mail, **other):
        if mail.login == "truong.h1":
            raise KeyError("a slide that is no more")
        return compose(session, mail, **other)

    monkeypatch.setattr(digest, "compose", written)
    with mail_server() as (box, server):
        box.unknown = "lanhdao2"
        mailed = mail_digest(world.workplace(server), "weekly", pack=lambda snapshot: [], machine=MACHINE)

    states = {mail.login: (mail.state, mail.failure) for mail in world.asked(find_mails, machine=MACHINE)}
    assert states == {
        "lanhdao": ("sent", None), "lanhdao2": ("given_up", "no_such_address"), "truong.h1": ("waiting", "not_written"),
    }  # fmt: skip
    assert (mailed.sent, mailed.failed, mailed.waiting, mailed.lost) == (1, 2, 1, 1)


@pytest.mark.parametrize("length", range(20, 120, 7))
def test_long_subject_keeps_every_letter_and_a_mail_has_its_day(length):
    whole = "Chiến dịch cao điểm 100 ngày đêm · Gia Lai: bản tin số liệu đến 07/05/2024, UBND thị xã An Khê và Sở Y tế"
    subject = whole[:length].strip()
    with mail_server() as (box, server):
        send(Letter("a@example.vn", subject, "x", "<p>x</p>", "digest-1"), server)

    (mail,) = box.mails
    assert str(make_header(decode_header(str(email.message_from_bytes(mail.as_bytes())["Subject"])))) == subject
    assert abs(mail["Date"].datetime - machine_now()) < timedelta(hours=1)


def test_head_is_asked_in_the_digest_what_is_to_be_answered_and_reminded_when_it_is_due(world):
    ask = {
        "unit": "H1",
        "indicator": "online",
        "question": "Vì sao giảm?",
        "deadline": MACHINE.date().replace(2024, 3, 12),
    }
    world.changed(ask_for_explanation, **ask, context=context("9/3 08:00"))

    with mail_server() as (box, server):
        mail_digest(world.workplace(server), "weekly", pack=lambda snapshot: [])
        in_the_digest = body(to(box)["truong.h1@example.vn"])
        box.mails.clear()
        held = [hold_meetings(world.workplace(server)) for _ in range(2)]

    assert "UBND huyện Một: giải trình về" in in_the_digest
    assert "(đến 12/03)" in in_the_digest
    assert [each.mailed for each in held] == [False, False]
    (reminder,) = box.mails
    assert reminder["To"] == "truong.h1@example.vn"
    assert "Có 1 việc đến hạn trong hai ngày tới" in body(reminder)
    assert "https://caodiem.example.vn/unit" in body(reminder)
    assert "giải trình về" in body(reminder, "html")


def test_nothing_is_mailed_without_a_server_or_a_snapshot(world):
    with pytest.raises(NoDigest, match="CAODIEM_MAIL"):
        mail_digest(world.workplace(""), "weekly")
    with pytest.raises(NoDigest, match="frozen"):
        mail_digest(world.workplace("mailto://127.0.0.1:9"), "weekly", snapshot=99)


def test_server_that_is_not_there_or_offers_no_encryption_takes_nothing():
    letter = Letter("a@example.vn", "x", "x", "<p>x</p>", "digest-1")

    with pytest.raises(NotTaken, match="unreachable"):
        send(letter, "mailto://127.0.0.1:1")
    with mail_server() as (box, server), pytest.raises(NotTaken, match="refused"):
        send(letter, server.replace("mailto", "mailtos"))
    assert box.mails == []


def test_unit_heads_are_told_which_figures_are_announced_and_nobody_once_it_is_over(world):
    announced = {"as_of": day("8/3"), "deadline": day("12/3"), "title": "Tuần 2"}
    number = world.changed(announce_figures, **announced, context=context("11/3 07:00"))
    with mail_server() as (box, server):
        for _ in range(2):
            hold_meetings(world.workplace(server))
        world.changed(set_mail_address, "dieuphoi", "dieuphoi@example.vn", context=context("11/3 07:00"))
        world.changed(withdraw_announcement, number, seen_version=1, context=context("11/3 07:30"))
        again = world.changed(announce_figures, **announced, context=context("11/3 07:40"))
        assert tell_announced(world.workplace(server)) == 1
        world.changed(withdraw_announcement, again, seen_version=1, context=context("11/3 07:50"))
        hold_meetings(world.workplace(server))

    (mail,) = [mail for mail in box.mails if "số liệu ngày 08/03/2024 sẽ được chốt" in mail["Subject"]]
    assert mail["To"] == "truong.h1@example.vn"
    said = body(mail)
    assert "Số liệu đến 08/03/2024 sẽ được chốt cho “Tuần 2”" in said
    assert "đến hết ngày 12/03/2024" in said
    assert "30,0% (30/100), số liệu ngày 08/03/2024" in said
    assert "/unit?unit=H1&as_of=2024-03-08&tab=requests" in said
    mails = world.asked(find_mails, machine=machine_now())
    assert [mail.failure for mail in mails if mail.digest == announced_mail(again)] == ["no_longer_announced"]


def test_announcement_whose_deadline_is_over_is_mailed_no_more(world):
    number = world.changed(
        announce_figures, as_of=day("8/3"), deadline=day("12/3"), title="Tuần 2", context=context("11/3 07:00")
    )
    mail = ClaimedMail(1, announced_mail(number), "truong.h1", "truong.h1@example.vn", day("8/3"), None)

    assert "12/03/2024" in world.asked(compose, mail, page=None, today=day("12/3")).text
    with pytest.raises(NotTaken, match="no_longer_announced"):
        world.asked(compose, mail, page=None, today=day("13/3"))


def test_decision_on_a_dispute_is_in_the_units_digest(world):
    dispute = Dispute("H1", "online", "Sổ theo dõi ghi 60", day("12/3"))
    number = world.changed(request_check, dispute, context=context("9/3 08:00"))
    world.changed(refuse_check, number, seen_version=1, context=replace(context("10/3 08:00"), reason="sổ của tháng 4"))

    with mail_server() as (box, server):
        mail_digest(world.workplace(server), "weekly", pack=lambda snapshot: [])

    assert "giữ nguyên số liệu (sổ của tháng 4)" in body(to(box)["truong.h1@example.vn"])
    assert "sổ của tháng 4" not in body(to(box)["lanhdao@example.vn"])


def test_dropped_file_that_was_not_taken_in_is_mailed_with_its_reason_and_what_to_do(world):
    def refused(session):
        return record_refused(
            session, source="file", for_date=day("10/3"), file_name="tuan-2.csv", failure="held_other_province",
            terms={"named": "Bình Định", "own": "Tỉnh Gia Lai"}, machine=MACHINE, context=context("11/3 07:00"),
            status="held",
        ).id  # fmt: skip

    number = world.changed(refused)
    world.changed(set_mail_address, "dieuphoi", "dieuphoi@example.vn", context=context("11/3 07:00"))
    with mail_server() as (box, server):
        for _ in range(2):
            hold_meetings(world.workplace(server))

    (mail,) = [mail for mail in box.mails if "tệp chưa được nhận" in mail["Subject"]]
    assert mail["To"] == "dieuphoi@example.vn"
    said = body(mail)
    assert "“tuan-2.csv”" in said
    assert "Tiêu đề nêu Bình Định, không phải Tỉnh Gia Lai" in said
    assert "đọc lại và nhận tệp" in said
    assert "/feeds" in said
    world.changed(settle_files, [number], context=replace(context("11/3 09:00"), reason="gửi nhầm"))
    again = ClaimedMail(1, f"files {number}", "dieuphoi", "dieuphoi@example.vn", day("11/3"), None)
    with pytest.raises(NotTaken, match="no_longer_waiting"):
        world.asked(compose, again, page=None, today=day("11/3"))
