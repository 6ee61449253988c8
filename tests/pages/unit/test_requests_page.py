"""What units register, state and dispute on their page, sent by each role over a real store of the small campaign."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select
from streamlit.util import calc_hash

from models.accounts.actions import change_units
from models.core.texts import LANGUAGES, text
from models.meetings.actions import announce_figures
from models.tables import AuditEntry
from models.targets.agreements import find_agreements, find_under_review
from models.targets.causes import Explanation, decide_cause, state_cause
from models.targets.checks import Dispute, refuse_check, request_check
from models.targets.registrations import Registration, decide_registration, register_target
from tests.models.accounts_world import by
from tests.models.conftest import Small, day
from tests.pages.opening import opened_by, words
from tests.soaked import mostly_soaked

FORMS = ("register", "explain", "dispute", "dates", "ask")
HEAD = "truong.h1"


def tell(store):
    Small(store).load(
        ("H1", "online", "8/3", 30, 100), ("X1", "online", "8/3", 20, 40), ("H2", "online", "8/3", 10, 40),
        when="8/3 18:00",
    )  # fmt: skip


@pytest.fixture
def world(make_house):
    """Monday 11 March 2024: H1 has 30 of 100 dossiers online, X1 below it 20 of 40; H1 is assigned 60 % by 12 April."""
    return make_house(NOW="2024-03-11T08:00:00+07:00", more=tell)


@pytest.fixture
def look(world, monkeypatch):
    """Looks at an address as somebody signed in."""

    def looked(login=HEAD, unit="H1", address="unit", tab="requests", **query):
        asked = {name: value for name, value in ({"unit": unit, "tab": tab} | query).items() if value}
        return opened_by(world, login, monkeypatch, address, **asked)

    return looked


def requests(world, unit="H1"):
    return world.asked(find_agreements, units=[unit])


def forms(app):
    return [name for name in FORMS if text(f"wishes.{name}.title", "vi") in [each.label for each in app.expander]]


def fill(app, form, *, unit="H1", turn=0, **got):
    """Types into the fields of a form, by the kind of what is typed."""
    for field, value in got.items():
        key = f"wish-{form}-{unit}-{turn}-{field.replace('_', '-')}"
        if isinstance(value, date):
            app.date_input(key=key).set_value(value)
        elif field in ("reason", "text", "action", "evidence", "question"):
            app.text_area(key=key).set_value(value)
        elif field in ("category", "indicator", "which"):
            app.selectbox(key=key).set_value(value)
        else:
            app.text_input(key=key).set_value(value)
    return app


def press(app, form, *, unit="H1", turn=0):
    app.button(key=f"wish-{form}-{unit}-{turn}-send").click().run()
    assert not app.exception
    return app


def choose(app, form, field, value, *, unit="H1"):
    app.selectbox(key=f"wish-{form}-{unit}-{field}").set_value(value).run()
    return app


def registering(app, value, *, unit="H1", **other):
    choose(app, "register", "indicator", "online", unit=unit)
    choose(app, "register", "phase", "second", unit=unit)
    got = {"value": value, "document": "3/KH-H1", "reason": "kế hoạch của huyện"} | other
    return press(fill(app, "register", unit=unit, **got), "register", unit=unit)


def explaining(app, *, unit="H1", **other):
    got = {
        "indicator": "online", "category": "synchronisation", "text": "Đồng bộ chậm", "action": "Đối soát hằng ngày",
        "who": "Phòng VHTT", "due": day("20/3"),
    } | other  # fmt: skip
    return press(fill(app, "explain", unit=unit, **got), "explain", unit=unit)


def disputing(app, *, unit="H1", **other):
    choose(app, "dispute", "indicator", "online", unit=unit)
    got = {"evidence": "Sổ theo dõi ghi 60 hồ sơ"} | other
    return press(fill(app, "dispute", unit=unit, **got), "dispute", unit=unit)


# The same without the page, where a test is about what is shown afterwards.


def registered(world, value):
    wish = Registration("H1", "online", "second", Decimal(value), "3/KH-H1")
    world.changed(register_target, wish, context=by(HEAD, "kế hoạch của huyện"))


def explained(world):
    cause = Explanation(
        "H1", "online", "synchronisation", "Đồng bộ chậm", "Đối soát hằng ngày", "Phòng VHTT", day("20/3")
    )
    world.changed(state_cause, cause, context=by(HEAD))


def disputed(world):
    world.changed(request_check, Dispute("H1", "online", "Sổ theo dõi", day("14/3")), context=by(HEAD))


# --- who is shown what ----------------------------------------------------------------------------------------------

OF_UNITS = ["register", "explain", "dispute", "dates"]


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("login", "unit", "shown"),
    [
        (HEAD, "H1", OF_UNITS),
        (HEAD, "H2", []),
        ("lanhdao", "H1", ["ask"]),
        ("dieuphoi", "H1", [*OF_UNITS, "ask"]),
        *mostly_soaked([(HEAD, "X1", OF_UNITS), (HEAD, "P", []), ("nguoixem", "H1", []), ("admin", "H1", [])]),
    ],
)
def test_forms_are_shown_to_those_who_may_use_them(look, login, unit, shown):
    assert forms(look(login, unit)) == shown


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_unit_without_any_says_so_to_everybody(look, language):
    assert text("wishes.empty", language) in words(look("nguoixem", lang=language))


def test_unit_that_has_ended_can_register_nothing_any_more(look):
    assert forms(look("dieuphoi", "X5")) == []


# --- registering ----------------------------------------------------------------------------------------------------


def test_higher_target_counts_at_once_and_is_said_to(look, world):
    app = registering(look(), "72,37", document_date=day("5/3"))

    [request] = requests(world)
    assert (request.state, str(request.value), request.document, request.text) == (
        "in_force", "72.37", "3/KH-H1", "kế hoạch của huyện",
    )  # fmt: skip
    assert text("wishes.register.in_force", "vi", value="72,37%") in words(app)
    assert text("wishes.state.registration_in_force", "vi") in words(app)


@pytest.mark.soak
def test_lower_target_is_said_to_wait_and_the_assigned_one_is_named(look, world):
    app = registering(look(), "55")

    assert requests(world)[0].state == "requested"
    assert text("wishes.register.requested", "vi", value="55%", assigned="60%") in words(app)
    assert text("wishes.register.waiting", "vi", value="55%") in words(app)


@pytest.mark.soak
def test_before_sending_the_form_says_what_takes_effect_at_once(look):
    app = choose(choose(look(), "register", "indicator", "online"), "register", "phase", "second")

    assert text("wishes.register.rule", "vi", value="60%") in words(app)

    choose(app, "register", "indicator", "payment")

    assert text("wishes.register.rule_none", "vi") in words(app)


@pytest.mark.soak
def test_head_registers_for_a_unit_below(look, world):
    registering(look(unit="X1"), "90", unit="X1")

    assert [request.by for request in requests(world, "X1")] == [HEAD]


def test_decision_is_told_with_who_and_why(look, world):
    registered(world, "55")
    [request] = requests(world)
    world.changed(
        decide_registration,
        request.id,
        is_approved=False,
        seen_version=request.version,
        context=by("dieuphoi", "quá thấp"),
    )

    said = words(look("nguoixem"))

    assert text("wishes.state.registration_refused", "vi") in said
    assert "Dieuphoi quyết định" in said
    assert "quá thấp" in said


@pytest.mark.parametrize(
    ("got", "mistake"),
    [
        ({"value": "bảy mươi"}, "“bảy mươi” không phải tỷ lệ phần trăm"),
        ({"reason": " "}, text("mistake.no_reason", "vi")),
        *mostly_soaked([
            ({"value": "101"}, "không quá 100%"), ({"document": ""}, text("mistake.no_own_document", "vi")),
        ]),
    ],
)  # fmt: skip
def test_mistake_is_told_kindly_and_what_was_typed_stays(look, world, got, mistake):
    app = registering(look(), got.pop("value", "72"), **got)

    assert requests(world) == []
    assert mistake in words(app)
    fields = {"value": app.text_input(key="wish-register-H1-0-value").value}
    fields["reason"] = app.text_area(key="wish-register-H1-0-reason").value
    assert all(fields.values())


def test_role_taken_away_refuses_what_an_open_page_still_sends(look, world):
    app = look()
    choose(choose(app, "register", "indicator", "online"), "register", "phase", "second")
    world.changed(change_units, HEAD, ["H2"], context=by("admin"))

    press(fill(app, "register", value="72", document="3/KH-H1", reason="kế hoạch"), "register")

    assert requests(world) == []
    with world.store.reading() as session:
        refused = session.exec(select(AuditEntry).where(AuditEntry.action == "refused")).all()
    assert [entry.by for entry in refused] == [HEAD]


# --- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_own_dates_are_asked_for(look, world):
    dates = {"start-second": day("25/3"), "due-second": day("10/4")}

    app = press(fill(look(), "dates", document="3/KH-H1", reason="mùa vụ", **dates), "dates")

    [request] = requests(world)
    assert (request.kind, request.state, request.start, request.due) == ("dates", "requested", day("25/3"), day("10/4"))
    assert text("wishes.dates.sent", "vi") in words(app)


def test_dates_without_a_first_day_are_not_sent(look, world):
    app = press(fill(look(), "dates", document="3/KH-H1", reason="mùa vụ"), "dates")

    assert requests(world) == []
    assert text("mistake.wish_no_day", "vi", field=text("wishes.dates.start", "vi", phase="first")) in words(app)


@pytest.mark.soak
def test_dates_of_two_phases_that_only_fit_together_are_one_request(look, world):
    dates = {
        "start-first": day("4/3"),
        "due-first": day("25/3"),
        "start-second": day("26/3"),
        "due-second": day("10/4"),
    }

    press(fill(look(), "dates", document="3/KH-H1", reason="mùa vụ", **dates), "dates")

    assert [(request.phase, request.together) for request in requests(world)] == [
        ("first", ("second",)), ("second", ("first",)),
    ]  # fmt: skip


# --- explaining -----------------------------------------------------------------------------------------------------


def test_cause_is_stated_and_said_to_be_unconfirmed(look, world):
    app = explaining(look(), ends_on=day("30/3"))

    [request] = requests(world)
    assert (request.kind, request.category, request.who, request.due) == (
        "cause",
        "synchronisation",
        "Phòng VHTT",
        day("20/3"),
    )
    assert text("wishes.explain.sent", "vi") in words(app)
    assert text("wishes.state.cause_stated", "vi") in words(app)


def test_confirmed_cause_is_said_to_be(look, world):
    explained(world)
    [request] = requests(world)
    world.changed(
        decide_cause, request.id, is_confirmed=True, seen_version=request.version, context=by("dieuphoi", "đúng")
    )

    assert f"· {text('wishes.state.cause_confirmed', 'vi')}" in words(look("nguoixem"))


@pytest.mark.soak
def test_cause_is_ended_with_a_reason(look, world):
    app = explaining(look())

    press(fill(app, "end", reason="đã đồng bộ"), "end")

    [request] = requests(world)
    assert (request.state, request.decided_reason) == ("ended", "đã đồng bộ")
    assert text("wishes.state.cause_ended", "vi") in words(app)


def test_leader_asks_and_the_unit_answers_with_a_cause(look, world):
    leader = choose(look("lanhdao"), "ask", "indicator", "online")
    press(fill(leader, "ask", question="Vì sao chậm?", deadline=day("14/3")), "ask")
    app = look()

    assert "Vì sao chậm?" in words(app)
    assert text("wishes.state.question_open", "vi") in words(app)

    explaining(app)

    assert text("wishes.state.question_answered", "vi") in words(app)


# --- disputing ------------------------------------------------------------------------------------------------------


def test_figure_is_disputed_with_evidence_and_counts(look, world):
    app = disputing(look(), numerator="60", denominator="1.000")

    [request] = requests(world)
    assert (request.kind, request.proposed_numerator, request.proposed_denominator) == ("check", 60, 1_000)
    assert request.deadline == day("14/3")
    assert text("wishes.dispute.under_way", "vi", date="14/03/2024") in words(app)


def test_form_shows_the_figure_with_its_day_and_counts(look):
    app = choose(look(), "dispute", "indicator", "online")

    assert "30,0%, ngày 08/03/2024 (30/100 cases)" in words(app)


def test_unit_without_a_figure_has_nothing_to_dispute(look):
    app = choose(look(), "dispute", "indicator", "payment")

    assert text("wishes.dispute.nothing", "vi") in words(app)


@pytest.mark.soak
def test_figure_being_checked_is_known_to_every_page(look, world):
    disputing(look())

    assert world.asked(find_under_review) == {("H1", "online"): day("14/3")}


# --- the figure that is being checked, wherever it is shown ---------------------------------------------------------


def table_words(app):
    return "\n".join(table.value.to_csv() for table in app.table).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.soak
@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_page_of_the_unit_says_until_when_it_is_checked(look, world, language):
    mark = text("wishes.review.until", language, date="14/03/2024")
    assert mark not in words(look("nguoixem", indicator="online", lang=language))

    disputed(world)

    app = look("nguoixem", indicator="online", lang=language)
    assert words(app).count(mark) == 1
    assert table_words(app).count(text("wishes.review.mark", language)) == 1
    assert mark not in words(look("nguoixem", indicator="payment", lang=language))


def test_tables_of_gaps_mark_the_unit_on_that_indicator_alone(look, world):
    disputed(world)

    app = look("nguoixem", unit="", address="gaps", indicator="online")
    app.session_state["gaps-heat"] = True
    table, heat = cells(app.run())
    mark = text("wishes.review.mark", "vi")

    assert [mark in row for row in table].count(True) == 1
    assert sum(row.count(mark) for row in heat) == 1

    [table] = cells(look("nguoixem", unit="", address="gaps", indicator="payment"))

    assert not [row for row in table if mark in row]


def cells(app):
    """The rows of each table, each as one text."""
    tables = [table.value.astype(str).agg(" ".join, axis=1) for table in app.table]
    return [[row.replace("\N{NO-BREAK SPACE}", " ") for row in table] for table in tables]


@pytest.mark.soak
def test_overview_marks_the_unit_among_those_to_be_pressed(look, world):
    Small(world.store).load(("H1", "online", "9/3", 330, 1000), when="9/3 18:00")
    mark = text("wishes.review.mark", "vi")
    before = table_words(look("nguoixem", unit="", tab="", address="", indicator="online"))

    disputed(world)

    after = table_words(look("nguoixem", unit="", tab="", address="", indicator="online"))
    assert (before.count(mark), after.count(mark)) == (0, 1)


# --- the first page of a unit's head --------------------------------------------------------------------------------


def today_of(app):
    """What is to be done: words with the way, and by when."""
    table = next((table for table in app.table if "hôm nay" in str(table.value.columns[0])), None)
    return [] if table is None else ["|".join(map(str, row)).replace("\\", "") for row in table.value.to_numpy()]


def test_head_begins_at_the_own_unit_with_what_is_to_be_done(look):
    app = look(unit="", address="", tab="")

    assert app.title[0].value.startswith("Huyện Một")
    causes, _ = today_of(app)
    assert "Nêu nguyên nhân và giải pháp: online](/unit?indicator=online&unit=H1&tab=requests)" in causes


@pytest.mark.soak
@pytest.mark.parametrize("login", mostly_soaked(["lanhdao", "nguoixem", "dieuphoi", "admin"], "dieuphoi"))
def test_nobody_else_begins_at_a_unit_or_is_told_what_to_do(look, login):
    begun, unit = look(login, unit="", address="", tab=""), look(login, tab="")

    assert not begun.title[0].value.startswith("Huyện Một")
    assert today_of(unit) == []


def test_head_who_has_begun_comes_to_the_overview_and_finds_the_same_there(look):
    app = look(unit="", address="gaps", tab="")

    app._page_hash = calc_hash("")
    app.run()

    assert not app.title[0].value.startswith("Huyện Một")
    assert today_of(app)


@pytest.mark.soak
def test_head_is_told_what_is_asked_and_what_waits(look, world):
    leader = choose(look("lanhdao"), "ask", "indicator", "online")
    press(fill(leader, "ask", question="Vì sao chậm?", deadline=day("14/3")), "ask")
    disputed(world)

    said = "\n".join(today_of(look()))

    assert "Giải trình online theo đề nghị" in said
    assert "14/03" in said
    assert text("unit.today.waiting", "vi", count="1") in said


def test_head_who_has_said_why_has_nothing_to_explain(look, world):
    explained(world)

    assert "nguyên nhân" not in "\n".join(today_of(look()))


# --- figures that are announced -------------------------------------------------------------------------------------


def test_unit_disputes_the_figure_announced_until_its_deadline_and_reads_the_decision_first(look, world):
    """Figures of 8 March are announced until the 12th; since then H1 has told others."""
    announced = {"as_of": day("8/3"), "deadline": day("12/3"), "title": "Tuần 1"}
    world.changed(announce_figures, **announced, context=by("dieuphoi", "announces", "8/3 19:00"))
    Small(world.store).load(("H1", "online", "10/3", 45, 120), when="10/3 18:00")

    disputing(look())

    (check,) = [request for request in requests(world) if request.kind == "check"]
    assert (check.as_of, check.numerator, check.deadline) == (day("8/3"), 30, day("12/3"))
    decided = by("dieuphoi", "sổ theo dõi là của tháng 4", "11/3 08:30")
    world.changed(refuse_check, check.id, seen_version=check.version, context=decided)
    said = text(
        "announced.decision", "vi", name="online", date="08/03/2024", reason="sổ theo dõi là của tháng 4",
        state=text("wishes.state.check_refused", "vi"),
    )  # fmt: skip
    assert said in words(look(tab="targets"))
    assert said not in words(look("dieuphoi", tab="targets"))
