"""The page of targets as Streamlit draws it over a real store: it decides, enters, adjusts, issues, and refuses."""

import io
from datetime import date
from decimal import Decimal

import docx
import openpyxl
import pytest
from sqlmodel import select

from models.core.texts import LANGUAGES, text
from models.tables import AuditEntry, LatestReading
from models.targets.actions import adjust_proposal
from models.targets.agreements import find_agreements
from models.targets.causes import decide_cause
from models.targets.queries import find_targets
from models.targets.registrations import decide_registration
from pages.kit import answers
from tests.models.accounts_world import by
from tests.pages.targets.conftest import fill, keys, press, said, words
from tests.soaked import mostly_soaked


def target(office, unit="S1", phase="second", indicator="online"):
    return office.house.asked(find_targets, units=[unit], indicator=indicator, phase=phase)[0]


def waiting(office):
    return {row.kind: row for row in office.house.asked(find_agreements)}


def actions(office):
    with office.house.store.reading() as session:
        return [(entry.by, entry.action) for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id))]


def decide(office, kind, answer, reason="agreed", **fields):
    """The coordinator opens the page, fills in a card and presses one of its buttons."""
    app = office.look()
    [key] = keys(app, f"targets-{answer}-{kind}-")
    name = key.removeprefix(f"targets-{answer}-")
    for field, value in {"reason": reason, **fields}.items():
        fill(app, f"targets-{field}-{name}", value)
    return press(app, key)


# --- the first sentence ---------------------------------------------------------------------------------------------


def test_first_sentence_says_how_far_the_phase_is(office):
    office.registration()

    app = office.look(phase="second")

    assert said(app.title) == (
        "Giai đoạn second: 9/9 đơn vị đã có dự kiến, chưa giao chỉ tiêu nào; "
        "1 chỉ số chưa có chỉ tiêu Trung ương; 1 việc chờ quyết định"
    )


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_page_says_that_nothing_waits(office, language):
    app = office.look(lang=language)

    assert text("office.waiting_none", language) in words(app)


def test_address_that_cannot_be_used_is_named(office):
    app = office.look(phase="third", wait="0")

    assert "phase=third" in said(app.warning)
    assert "wait=0" in said(app.warning)


@pytest.mark.parametrize("login", mostly_soaked(["admin", "lanhdao", "nguoixem", "truong.h1"], "lanhdao"))
def test_page_opens_for_nobody_but_the_office(office, login):
    app = office.look(login)

    assert said(app.title) == text("page.targets", "vi")
    assert not keys(app, "targets-")
    assert text("permission.propose", "vi") in said(app.error)
    assert (login, "refused") in actions(office)


# --- what waits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_each_thing_that_waits_says_what_a_decision_needs(office, language):
    office.registration()
    office.dates()
    office.cause()
    office.check()

    shown = words(office.look(lang=language))

    # Numbers, documents, reasons and people, in the order in which they came.
    places = [shown.index(said) for said in ("55%", "14/03/2024", "Two left", "60/100")]
    assert places == sorted(places)
    assert "60%" in shown
    assert "3/KH" in shown
    assert "too few staff" in shown
    assert "truong.h1" in shown
    assert "Hire" in shown
    assert "30/100" in shown


def test_answer_that_is_overdue_says_so(office):
    office.check(deadline="10/3")

    assert "Đã quá hạn trả lời 10/03/2024" in words(office.look())


def test_registration_is_approved_with_a_reason(office):
    office.registration()

    app = decide(office, "registration", "yes")

    assert target(office, "H1").value == 55
    assert "Đã duyệt chỉ tiêu đăng ký của UBND huyện Một" in said(app.success)
    assert not keys(app, "targets-yes-")


def test_registration_is_refused_with_a_reason(office):
    office.registration()

    decide(office, "registration", "no", "not enough grounds")

    row = waiting(office)["registration"]
    assert (row.state, row.decided_by, row.decided_reason) == ("refused", "dieuphoi", "not enough grounds")
    assert target(office, "H1").value == 60


@pytest.mark.daily(1)
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_own_dates_are_decided(office, answer):
    office.dates()

    decide(office, "dates", answer)

    assert waiting(office)["dates"].state == {"yes": "in_force", "no": "refused"}[answer]


@pytest.mark.daily(1)
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_cause_is_confirmed_or_not(office, answer):
    office.cause()

    decide(office, "cause", answer)

    assert waiting(office)["cause"].state == {"yes": "confirmed", "no": "not_confirmed"}[answer]


def test_disputed_figure_is_revised_with_the_counts_of_the_office(office):
    office.check()

    decide(office, "check", "yes", numerator="1.045", denominator="2.000")

    with office.house.store.reading() as session:
        latest = session.exec(select(LatestReading).where(LatestReading.indicator == "online")).all()
    assert (1045, 2000) in [(row.numerator, row.denominator) for row in latest]
    assert waiting(office)["check"].state == "revised"


def test_counts_that_the_unit_named_stand_there_already(office):
    office.check()

    app = office.look()

    values = {each.key: each.value for each in app.text_input}
    assert [value for key, value in values.items() if "numerator" in key or "denominator" in key] == ["60", "100"]


def test_disputed_figure_is_kept(office):
    office.check(counts=())

    decide(office, "check", "no")

    assert waiting(office)["check"].state == "refused"


def test_count_that_is_none_is_told_and_changes_nothing(office):
    office.check()

    app = decide(office, "check", "yes", numerator="a lot", denominator="100")

    assert "“a lot” không phải số nguyên" in said(app.error)
    assert waiting(office)["check"].state == "open"


def test_nothing_is_decided_without_a_reason(office):
    office.cause()

    app = decide(office, "cause", "yes", " ")

    assert text("mistake.no_reason", "vi") in said(app.error)
    assert waiting(office)["cause"].state == "stated"


def test_later_of_two_people_is_told_who_decided(office):
    target_id = office.registration()
    app = office.look()
    office.house.changed(
        decide_registration, target_id, is_approved=False, seen_version=1,
        context=by("dieuphoi", "no grounds", "11/3 07:59"),
    )  # fmt: skip

    [key] = keys(app, "targets-yes-registration-")
    fill(app, key.replace("-yes-", "-reason-"), "agreed")
    press(app, key)

    assert "dieuphoi đã quyết định lúc 11/03/2024 07:59 (no grounds)" in said(app.error)
    assert target(office, "H1").value == 60


def test_long_list_is_turned_screen_by_screen(office):
    for indicator in ("publicity", "timeliness", "online", "payment"):
        office.cause(indicator)
    office.registration()
    office.dates()

    app = office.look()

    assert len(keys(app, "targets-yes-")) == 5
    assert len(keys(press(app, "targets-wait-after"), "targets-yes-")) == 1


def test_role_taken_away_counts_at_the_next_click(office):
    office.cause()
    app = office.look()
    office.demote("dieuphoi")

    [key] = keys(app, "targets-yes-cause-")
    fill(app, key.replace("-yes-", "-reason-"), "agreed")
    press(app, key)

    assert waiting(office)["cause"].state == "stated"
    assert ("dieuphoi", "confirm_cause") not in actions(office)


# --- issuing --------------------------------------------------------------------------------------------------------


def foresee(app, document="629/KH", day=date(2024, 3, 8)):
    fill(app, "targets-issue-document", document)
    app.date_input(key="targets-issue-date").set_value(day)
    return press(app, "targets-foresee")


def test_issue_says_exactly_what_it_would_do_and_does_nothing_yet(office):
    app = foresee(office.look(phase="second"))

    assert "Sẽ giao 27 chỉ tiêu giai đoạn second cho 9 đơn vị theo văn bản 629/KH ngày 08/03/2024." in words(app)
    assert "Để lại 9 chỉ tiêu payment: chưa có chỉ tiêu Trung ương." in words(app)
    assert target(office).origin == "proposed"


def test_confirmed_issue_is_in_force_under_its_document(office):
    app = press(foresee(office.look(phase="second")), "targets-issue-confirm")

    assert "Đã giao 27 chỉ tiêu theo 629/KH." in said(app.success)
    issued = target(office)
    assert (issued.origin, issued.document, issued.document_date) == ("issued", "629/KH", date(2024, 3, 8))
    assert "đã giao 27 chỉ tiêu" in said(app.title)
    assert not keys(app, "targets-issue-confirm")


def test_issue_that_would_change_nothing_has_no_button(office):
    office.issue()

    app = foresee(office.look(phase="second"))

    assert "Không có chỉ tiêu nào để giao thêm" in words(app)
    assert "27 chỉ tiêu đã giao đúng như vậy, giữ nguyên." in words(app)
    assert not keys(app, "targets-issue-confirm")


@pytest.mark.soak
def test_issue_under_another_document_says_what_it_replaces(office):
    office.issue()

    app = foresee(office.look(phase="second"), document="700/KH")

    assert "27 chỉ tiêu đã giao trước đây được thay bằng bản mới" in words(app)


def test_corrections_are_listed_and_kept_unless_they_are_chosen_one_by_one_or_all(office):
    office.issue()
    office.correct("57", document="690/KH")

    app = foresee(office.look(phase="second"), document="700/KH")
    assert "Sở Một, online: đang giao 57% theo 690/KH, dự kiến 60%" in words(app)
    [again] = [each for each in app.multiselect if each.key == "targets-plan-again"]
    again.select(("S1", "online")).run()
    assert "giữ nguyên:" not in words(app)
    [again] = [each for each in app.multiselect if each.key == "targets-plan-again"]
    again.set_value([]).run()
    app.checkbox(key="targets-plan-all").check().run()
    press(app, "targets-issue-confirm")

    assert "Đã giao 27 chỉ tiêu theo 700/KH." in said(app.success)
    assert target(office).document == "700/KH"


@pytest.mark.soak
def test_changed_proposals_are_issued_alone_and_so_is_a_single_one(office):
    office.issue()
    for unit in ("S1", "H1"):
        office.house.changed(
            adjust_proposal, unit=unit, indicator="online", phase="second", value=Decimal(55), seen_version=1,
            context=by("dieuphoi"),
        )  # fmt: skip

    app = foresee(office.look(phase="second"), document="700/KH")
    app.radio(key="targets-plan-scope").set_value("changed_only").run()
    assert "Sẽ giao 2 chỉ tiêu giai đoạn second cho 2 đơn vị" in words(app)
    app.radio(key="targets-plan-scope").set_value("single").run()
    [only] = [each for each in app.multiselect if each.key == "targets-plan-only"]
    only.select(("H1", "online")).run()
    press(app, "targets-issue-confirm")

    assert "Đã giao 1 chỉ tiêu theo 700/KH." in said(app.success)
    assert [target(office, unit).value for unit in ("S1", "H1")] == [60, 55]


def test_issue_without_a_document_is_refused(office):
    app = foresee(office.look(phase="second"), document=" ")

    assert text("mistake.no_document", "vi") in said(app.error)
    assert not keys(app, "targets-issue-confirm")


def test_issue_can_be_put_away(office):
    app = press(foresee(office.look(phase="second")), "targets-issue-cancel")

    assert not keys(app, "targets-issue-confirm")
    assert target(office).origin == "proposed"


def test_issue_that_is_no_longer_what_was_shown_is_not_carried_out(office):
    app = foresee(office.look(phase="second"))
    office.house.changed(
        adjust_proposal,
        unit="S1",
        indicator="online",
        phase="second",
        value=Decimal(55),
        seen_version=1,
        context=by("dieuphoi"),
    )

    press(app, "targets-issue-confirm")

    assert text("mistake.changed_meanwhile", "vi") in said(app.error)
    assert target(office).origin == "proposed"


# --- one issued target ----------------------------------------------------------------------------------------------


def correct(app, value="58,5", document="700/KH", reason="a slip"):
    fill(app, "targets-correct-value", value)
    fill(app, "targets-correct-document", document)
    fill(app, "targets-correct-reason", reason)
    app.date_input(key="targets-correct-date").set_value(date(2024, 3, 10))
    return press(app, "targets-correct-save")


def opened_for(app, name, unit):
    app.selectbox(key=f"targets-{name}-unit").select(unit).run()
    assert not app.exception
    return app


def test_single_issued_target_is_corrected_under_its_own_document(office):
    office.issue()

    app = correct(opened_for(office.look(phase="second"), "correct", "S1"))

    corrected = target(office)
    assert (corrected.value, corrected.document, corrected.version) == (Decimal("58.5"), "700/KH", 2)
    assert "Đã giao Sở Một 58,5% theo 700/KH." in said(app.success)


@pytest.mark.parametrize(
    ("wrong", "words_of_it"),
    [
        ({"value": "nhiều"}, "“nhiều” không phải tỷ lệ phần trăm"),
        ({"reason": ""}, "Hãy ghi lý do"),
        *mostly_soaked([({"value": "101"}, "không quá 100%"), ({"document": ""}, "hãy ghi số văn bản")]),
    ],
)
def test_correction_that_lacks_something_is_told(office, wrong, words_of_it):
    office.issue()

    app = correct(opened_for(office.look(phase="second"), "correct", "S1"), **wrong)

    assert words_of_it in said(app.error)
    assert target(office).version == 1


def test_correction_after_somebody_elses_is_told_who_made_it(office):
    office.issue()
    app = opened_for(office.look(phase="second"), "correct", "S1")
    office.correct("57", document="690/KH")

    correct(app)

    assert "dieuphoi đã thay đổi từ 60% thành 57%" in said(app.error)
    assert target(office).document == "690/KH"


def test_nothing_can_be_corrected_before_it_is_issued(office):
    app = office.look(phase="second")

    assert not [each for each in app.selectbox if each.key == "targets-correct-unit"]


def test_confirmed_cause_is_not_decided_twice(office):
    cause = office.cause()
    office.house.changed(decide_cause, cause, is_confirmed=True, seen_version=1, context=by("dieuphoi"))

    assert not keys(office.look(), "targets-yes-")


# --- the annex ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_annex_holds_what_was_issued(office, language):
    office.issue()
    office.look(lang=language)

    situation = answers.find_situation()
    [document] = answers.find_issue_documents(situation)

    content = answers.annex_file(situation, language, document, phase="second", kind="xlsx")

    [sheet] = openpyxl.load_workbook(io.BytesIO(content))
    shown = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("629/KH" in words for words in shown)
    assert "Sở Một" in shown


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_annex_to_be_signed_holds_what_was_issued(office, language):
    office.issue()
    office.look(lang=language)

    situation = answers.find_situation()
    [document] = answers.find_issue_documents(situation)

    content = answers.annex_file(situation, language, document, phase="second", kind="docx")

    document = docx.Document(io.BytesIO(content))
    assert any("629/KH" in line.text for line in document.paragraphs)
    assert "Sở Một" in [cell.text for cell in document.tables[0].columns[1].cells]


def test_annex_is_offered_as_workbook_and_as_text_and_what_is_proposed_apart(office):
    office.issue()
    app = office.look()

    assert app.selectbox(key="targets-annex-document").options == [
        "629/KH ngày 08/03/2024 (giai đoạn second)", "Dự kiến giao giai đoạn first, chưa có văn bản",
    ]  # fmt: skip

    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[-2:] == [text(f"office.annex.button_{kind}", "vi") for kind in ("xlsx", "docx")]
