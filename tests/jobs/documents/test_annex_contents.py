"""The annex of targets as it follows from the store: issued or proposed, simulated or not, under which documents."""

from datetime import date
from decimal import Decimal

import pytest

from jobs.documents.target_annex import annex, annex_file, file_name
from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES, text
from models.targets.assigning import Assigned, Given
from tests.models.conftest import at, small_campaign

CAMPAIGN = small_campaign()


def given(value, **other):
    result = {
        "because": "fixed", "terms": {}, "version": 1, "document": "", "document_date": None, "by": "dieuphoi",
        "at": at("8/3").astimezone(TIMEZONE), "reason": "test", "is_simulated": False,
    }  # fmt: skip
    return Given(value=None if value is None else Decimal(value), **(result | other))


def rows(unit="S1", level="department", **other):
    """A unit's rows of every indicator and phase, proposed 60 % each where nothing else is said."""
    result = {"baseline": Decimal(40), "proposed": given("60"), "issued": None, "registered": None} | other
    return [
        Assigned(unit=unit, name=f"Đơn vị {unit}", level=level, indicator=each.key, phase=phase.key, **result)
        for each in CAMPAIGN.indicators
        for phase in CAMPAIGN.phases
    ]


def made(*result, language="vi", is_simulated=False):
    return annex([row for each in result for row in each], CAMPAIGN, is_simulated=is_simulated, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_proposed_targets_are_marked_and_no_document_is_claimed(language):
    result = made(rows(), language=language)

    assert result.document == text("office.annex.not_issued", language)
    assert [cell.note for cell in result.lines[0].cells[:2]] == ["", text("office.annex.proposed", language)]


def test_issued_targets_stand_under_their_documents():
    first = rows("S1", issued=given("60", document="629/KH", document_date=date(2024, 3, 8)))
    second = rows("S2", issued=given("70", document="700/KH"))

    result = made(first, second)

    assert result.document == "(Kèm theo văn bản số 700/KH; 629/KH ngày 08/03/2024)"
    assert [(cell.value, cell.note) for cell in result.lines[1].cells[1:3]] == [(70, ""), (70, "")]


def test_simulated_values_say_so_in_their_cell():
    result = made(rows(proposed=given("60", is_simulated=True), is_baseline_simulated=True), is_simulated=True)

    assert [cell.note for cell in result.lines[0].cells[:2]] == ["minh họa", "dự kiến, minh họa"]
    assert result.mark


def test_what_is_missing_is_named():
    result = made(rows(baseline=None, proposed=given(None)))

    assert [(cell.value, cell.note) for cell in result.lines[0].cells[:2]] == [(None, "–"), (None, "chưa có")]


def test_unit_that_was_proposed_nothing_is_kept():
    assert made(rows(proposed=None)).lines[0].cells[1].note == "chưa có"


def test_units_stand_in_the_order_of_their_levels():
    result = made(rows("X1", "commune"), rows("P", "province"), rows("S1", "department"))

    assert [line.group for line in result.lines] == ["province", "I", "III"]
    assert result.authority == "ĐƠN VỊ P"


@pytest.mark.parametrize(
    ("is_simulated", "name"), [(False, "phu-luc-chi-tieu_2024-05-07"), (True, "2024-05-07_minh-hoa")]
)
def test_name_of_the_file_says_day_and_simulation(is_simulated, name):
    assert file_name(date(2024, 5, 7), kind="docx", is_simulated=is_simulated, language="vi").endswith(f"{name}.docx")


@pytest.mark.parametrize(("kind", "opener"), [("xlsx", b"xl/workbook.xml"), ("docx", b"word/document.xml")])
def test_annex_is_made_as_the_kind_that_is_asked_for(kind, opener):
    content = annex_file(rows(), CAMPAIGN, kind=kind, is_simulated=False, language="vi")

    assert opener in content
