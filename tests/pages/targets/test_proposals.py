"""Central targets and proposals on the page of targets: entered, withdrawn, searched, adjusted, tried out."""

import io
from decimal import Decimal

import openpyxl
import pytest

from models.core.texts import LANGUAGES, text
from models.targets.actions import adjust_proposal, enter_central
from models.targets.assigning import find_central
from models.targets.queries import find_targets
from pages.kit import answers
from tests.models.accounts_world import by
from tests.models.conftest import Small
from tests.models.versions import newest_version
from tests.pages.targets.conftest import fill, keys, press, said, words
from tests.pages.uploaded import slip_for
from tests.soaked import mostly_soaked


def target(office, unit="S1", indicator="online"):
    return office.house.asked(find_targets, units=[unit], indicator=indicator, phase="second")[0]


def enter(app, button="enter", **fields):
    for name, value in {"value": "45", "document": "900/QĐ-TTg", "reason": "decided", **fields}.items():
        fill(app, f"targets-central-{name}", value)
    return press(app, f"targets-central-{button}")


def adjust(office, value):
    office.house.changed(
        adjust_proposal, unit="S1", indicator="online", phase="second", value=Decimal(value),
        seen_version=newest_version(office.house, "S1", "online", "second", "proposed"),
        context=by("dieuphoi", "few dossiers", "10/3 08:00"),
    )  # fmt: skip


def listed(app, place=0):
    """A table's cells by column, without the strokes that keep Markdown out."""
    return app.table[place].value.map(lambda cell: cell.replace("\\", "").replace("\N{NO-BREAK SPACE}", " "))


def opened_for(app, unit):
    app.selectbox(key="targets-adjust-unit").select(unit).run()
    assert not app.exception
    return app


def fill_adjustment(app, value="57,5", reason="few dossiers", button="save"):
    fill(app, "targets-adjust-value", value)
    fill(app, "targets-adjust-reason", reason)
    return press(app, f"targets-adjust-{button}")


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_proposals_from_an_inexact_result_are_counted_and_name_its_word(office, language):
    Small(office.house.store).set_baseline("S1", "online", "60", qualifier="over")

    app = office.look(lang=language, phase="second")

    assert text("office.proposals.inexact", language, count="1") in said(app.warning)
    assert {"vi": "trên 60%", "en": "over 60%"}[language] in listed(app).iloc[:, 2].tolist()

    adjust(office, "72")

    adjusted = office.look(lang=language, phase="second")
    assert text("office.proposals.inexact", language, count="1") not in said(adjusted.warning)


# --- central targets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_missing_central_target_is_named_and_known_ones_are_listed(office, language):
    app = office.look(lang=language)

    assert text("office.central.missing", language, indicators="payment", year="2024") in said(app.warning)
    assert "online" in words(app)
    assert {"vi": "2024, mọi cấp: 50% theo 766/QĐ-TTg", "en": "2024, every level: 50% under 766/QĐ-TTg"}[
        language
    ] in words(app)


def test_central_target_is_entered_and_proposed_from(office):
    app = enter(office.look(phase="second"))

    assert target(office, indicator="payment").value == 55
    assert "Đã nhập chỉ tiêu Trung ương payment năm 2024; 28 dự kiến mới hoặc thay đổi." in said(app.success)
    assert "đã đủ chỉ tiêu Trung ương" in said(app.title)


@pytest.mark.soak
def test_central_target_is_withdrawn(office):
    app = enter(office.look())

    enter(app, "withdraw", value="")

    assert target(office, indicator="payment").value is None


def test_adjustments_that_a_central_target_touches_are_asked_about_first_and_kept(office):
    adjust(office, "57.5")
    app = office.look(phase="second")
    app.selectbox(key="targets-central-indicator").select("online")

    enter(app, value="55")
    assert "Sở Một (S1), giai đoạn second: đã điều chỉnh 57,5%, theo nguyên tắc nay là 65%" in words(app)
    assert target(office, "S2").value != 65
    press(app, "targets-touched-confirm")

    assert "Đã nhập chỉ tiêu Trung ương online" in said(app.success)
    assert (target(office).value, target(office, "H1").value) == (Decimal("57.5"), 65)
    assert not keys(app, "targets-touched")


@pytest.mark.soak
def test_adjustment_that_is_chosen_goes_back_to_the_rule_with_the_central_target(office):
    adjust(office, "57.5")
    app = office.look(phase="second")
    app.selectbox(key="targets-central-indicator").select("online")

    enter(app, value="55")
    [chosen] = [each for each in app.multiselect if each.key == "targets-touched-entry-to-rule"]
    chosen.select(("S1", "online", "second")).run()
    press(app, "targets-touched-confirm")

    assert target(office).value == 65


@pytest.mark.soak
def test_same_central_target_again_says_that_nothing_changed(office):
    app = enter(office.look())
    app.selectbox(key="targets-central-indicator").select("payment")

    enter(app)

    assert "không có gì thay đổi" in said(app.success)


@pytest.mark.parametrize(
    ("wrong", "words_of_it"),
    [
        ({"value": " "}, "Hãy ghi tỷ lệ phần trăm, ví dụ 77,37."),
        ({"year": "năm"}, "năm không phải năm"),
        ({"document": ""}, "Hãy ghi văn bản"),
        *mostly_soaked(
            [
                ({"value": "nhiều"}, "không phải tỷ lệ phần trăm"),
                ({"year": "24"}, "24 không phải năm"),
                ({"reason": " "}, "Hãy ghi lý do"),
            ]
        ),
    ],
)
def test_central_target_that_lacks_something_is_told(office, wrong, words_of_it):
    app = enter(office.look(), **wrong)

    assert words_of_it in said(app.error)
    assert [row.indicator for row in office.house.asked(find_central)] == ["online"]


def test_central_target_entered_by_somebody_else_meanwhile_is_not_overwritten(office):
    app = office.look()
    shown = {"indicator": "payment", "year": 2024, "level": "", "value": Decimal(40), "document": "800/QĐ-TTg"}
    office.house.changed(enter_central, **shown, context=by("dieuphoi", "earlier", "10/3 08:00"))

    enter(app)

    assert "dieuphoi đã quyết định lúc 10/03/2024 08:00 (earlier)" in said(app.error)
    assert target(office, indicator="payment").value == 50


# --- proposals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_table_says_for_each_unit_what_the_proposal_rests_on(office, language):
    rows = listed(office.look(phase="second", lang=language))

    head_of_h1 = next(row for row in rows.to_numpy().tolist() if row[1] == "UBND huyện Một")
    comma = "," if language == "vi" else "."
    assert len(rows) == 9
    assert head_of_h1[2:5] == ["30%", f"30{comma}0%", "60%"]
    assert "50%" in head_of_h1[5]
    assert head_of_h1[6] == text("office.state.proposed", language)


def test_units_are_found_without_accents(office):
    rows = listed(office.look(q="xa bon"))

    assert rows.iloc[:, 1].tolist() == ["UBND xã Bốn"]


def test_units_of_one_level_are_listed(office):
    rows = listed(office.look(level="department"))

    assert rows.iloc[:, 1].tolist() == ["Sở Một", "Sở Hai"]


def test_words_that_fit_no_unit_are_told(office):
    app = office.look(q="không có")

    assert "không có" in said(app.info)
    assert not app.table


def test_indicator_without_a_central_target_says_so_in_each_line(office):
    rows = listed(office.look(indicator="payment"))

    assert set(rows.iloc[:, 4]) == {"–"}
    assert set(rows.iloc[:, 6]) == {text("office.state.missing", "vi")}


def test_filters_lead_to_their_address(office):
    app = office.look(page="2")

    app.text_input(key="targets-filter-q").set_value("xã").run()

    assert app.query_params["q"] == "xã"
    assert "page" not in app.query_params


def test_proposal_is_adjusted_with_a_reason(office):
    app = fill_adjustment(opened_for(office.look(phase="second"), "S1"))

    assert (target(office).value, target(office).because) == (Decimal("57.5"), "adjusted")
    assert "Đã điều chỉnh dự kiến của Sở Một thành 57,5%." in said(app.success)
    assert text("office.state.adjusted", "vi") in listed(app).iloc[:, 6].tolist()


def test_adjustment_is_taken_back(office):
    adjust(office, "57")
    app = opened_for(office.look(phase="second"), "S1")

    fill_adjustment(app, value="", reason="settled", button="back")

    assert (target(office).value, target(office).because) == (60, "below_central")


def test_only_adjusted_proposal_can_be_taken_back(office):
    app = opened_for(office.look(phase="second"), "S1")

    assert not keys(app, "targets-adjust-back")


@pytest.mark.parametrize(
    ("value", "reason", "words_of_it"),
    mostly_soaked(
        [("abc", "x", "không phải tỷ lệ"), ("0", "x", "lớn hơn 0"), ("57", "", "Hãy ghi lý do")],
        ("0", "x", "lớn hơn 0"),
    ),
)
def test_adjustment_that_lacks_something_is_told(office, value, reason, words_of_it):
    app = fill_adjustment(opened_for(office.look(phase="second"), "S1"), value, reason)

    assert words_of_it in said(app.error)
    assert target(office).because == "below_central"


def test_adjustment_after_somebody_elses_is_told_who_made_it(office):
    app = opened_for(office.look(phase="second"), "S1")
    adjust(office, "57")

    fill_adjustment(app)

    assert "dieuphoi đã thay đổi từ 60% thành 57% lúc 10/03/2024 08:00 (few dossiers)" in said(app.error)
    assert target(office).value == 57


@pytest.mark.soak
def test_adjusted_and_registered_states_are_told_in_one_line(office):
    office.issue()
    adjust(office, "57")
    office.registration("65")

    rows = listed(office.look(phase="second"))

    states = dict(zip(rows.iloc[:, 1], rows.iloc[:, 6], strict=True))
    assert states["Sở Một"] == "Đã giao 60% theo 629/KH, dự kiến nay khác"
    assert states["UBND huyện Một"] == "Đã giao 60% theo 629/KH; đơn vị đăng ký 65%"
    assert "few dossiers" in words(opened_for(office.look(phase="second"), "S1"))


# --- another rule ---------------------------------------------------------------------------------------------------


def attempt(app, uplift="10", **choices):
    fill(app, "targets-trial-online-uplift", uplift)
    for name, value in choices.items():
        app.selectbox(key=f"targets-trial-online-{name}").select(value)
    return press(app, "targets-trial-try")


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_tried_rule_says_how_many_units_it_changes_and_saves_nothing(office, language):
    before = office.house.asked(find_targets)

    app = attempt(office.look(lang=language), uplift="20")

    assert text("office.trial.outcome", language, changed="9", units="10") in said(app.info)
    assert office.house.asked(find_targets) == before


def test_tried_rule_shows_before_and_after(office):
    app = attempt(office.look(), uplift="20")

    first = listed(app, 1).iloc[0].tolist()
    assert first == ["1", "UBND tỉnh P", "second", "60%", "70%", "+10,0"]


def test_rule_in_force_changes_nobody(office):
    app = attempt(office.look())

    assert "Không đơn vị nào trong 10 đơn vị" in said(app.info)
    assert len(app.table) == 1


@pytest.mark.parametrize(
    ("choices", "words_of_it"),
    [
        ({"uplift_kind": "relative"}, "9/10"),
        ({"phase_1": "midpoint"}, "/10"),
        ({"at_or_above": "own_or_central_plus_uplift"}, "1/10"),
    ],
)
def test_every_part_of_the_rule_can_be_tried(office, choices, words_of_it):
    assert words_of_it in said(attempt(office.look(), **choices).info)


def test_uplift_that_is_none_is_told(office):
    app = attempt(office.look(), uplift="nhiều")

    assert "không phải tỷ lệ phần trăm" in said(app.error)
    assert len(app.table) == 1


def test_tried_rule_is_put_away(office):
    app = press(attempt(office.look(), uplift="20"), "targets-trial-close")

    assert not keys(app, "targets-trial-close")


def test_tried_rule_has_screens_of_its_own(office):
    app = attempt(office.look(), uplift="99", phase_1="midpoint")

    # Ten units in the first phase, nine in each of the two after it: X5 has ended by then.
    assert len(listed(press(app, "targets-trial-after"), 1)) == 3


def test_fixed_target_leaves_nothing_to_try(office):
    assert text("office.trial.fixed", "vi") in words(office.look(indicator="publicity"))


# --- many proposals by a workbook -------------------------------------------------------------------------------------


def handed_in(office, app, cells):
    """The phase's workbook with values and reasons in some rows, looked at on the page."""
    book = openpyxl.load_workbook(io.BytesIO(answers.adjusting_workbook(answers.find_situation(), "vi", "second")))
    for row in book.active.iter_rows(min_row=2):
        if (row[0].value, row[2].value) in cells:
            row[6].value, row[7].value = cells[row[0].value, row[2].value]
    out = io.BytesIO()
    book.save(out)
    slip = slip_for("sheet.xlsx", out.getvalue(), session=int(app.user["session"]))
    app.file_uploader(key="targets-sheet-file").upload("sheet.xlsx", slip).run()
    return press(app, "targets-sheet-look")


def test_workbook_of_adjustments_is_looked_at_then_applied(office):
    app = handed_in(
        office, office.look(phase="second"), {("S1", "online"): (57.5, "few"), ("H1", "timeliness"): (95, "merged")}
    )

    assert "Sẽ điều chỉnh 2 dự kiến" in words(app)
    assert "Sở Một, online, giai đoạn second: 57,5% (few)" in words(app)
    assert target(office).value == 60

    press(app, "targets-sheet-confirm")
    assert "Đã điều chỉnh 2 dự kiến." in said(app.success)
    assert (target(office).value, target(office, "H1", "timeliness").value) == (Decimal("57.5"), 95)
    assert not keys(app, "targets-sheet-confirm")


def test_wrong_cell_of_the_workbook_is_named_and_nothing_is_adjusted(office):
    app = handed_in(office, office.look(phase="second"), {("S1", "online"): (57.5, None), ("H1", "online"): (55, "x")})

    assert "H" in said(app.error)
    assert "Bảng có 1 ô sai nên chưa điều chỉnh gì" in said(app.error)
    assert not keys(app, "targets-sheet-confirm")
