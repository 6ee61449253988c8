"""The annex of targets as it follows from the store: issued or proposed, simulated or not, under which documents."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jobs.documents.target_annex import annex, annex_file, file_name
from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES, text
from models.targets.assigning import Assigned, Given, IssueDocument
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


DOCUMENT = IssueDocument("629/KH-UBND", date(2024, 3, 8), ("first", "second"))


def made(*result, document=None, language="vi", is_simulated=False):
    told = [row for each in result for row in each]
    return annex(told, CAMPAIGN, document=document, is_simulated=is_simulated, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_proposed_is_a_file_that_says_so_and_claims_no_document(language):
    result = made(rows(), language=language)

    assert result.document == text("office.annex.not_issued", language)
    assert result.title[0] == text("office.annex.title_proposed", language)
    assert file_name(None, date(2024, 5, 7), kind="xlsx", is_simulated=False, language=language).startswith(
        text("office.annex.file_proposed", language)
    )


def test_annex_holds_what_its_document_issued_and_nothing_that_is_proposed():
    issued, proposed = rows("S1", issued=given("55")), rows("S2")

    result = made(issued, proposed, document=DOCUMENT)

    assert result.document == "(Kèm theo Kế hoạch số 629/KH-UBND ngày 08/03/2024)"
    assert [line.unit for line in result.lines] == ["Đơn vị S1"]
    assert {cell.value for cell in result.lines[0].cells} == {40, 55}


def test_annex_has_the_phases_of_its_document_and_names_them():
    one = made(rows(issued=given("55")), document=replace(DOCUMENT, day=None, phases=("second",)))
    two = made(rows(issued=given("55")), document=DOCUMENT)

    assert (one.title[-1], two.title[-1]) == ("Giai đoạn: second", "Giai đoạn: first, second")
    assert one.heads[2].columns == ("Kết quả 2023", "Chỉ tiêu")
    assert two.heads[2].columns == ("Kết quả 2023", "first", "second")
    assert one.document == "(Kèm theo Kế hoạch số 629/KH-UBND)"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("102/QĐ-UBND", "Quyết định số 102/QĐ-UBND"),
        ("05/CT-UBND", "Chỉ thị số 05/CT-UBND"),
        ("7/NQ-HĐND", "Nghị quyết số 7/NQ-HĐND"),
        ("31/UBND-KSTTHC", "văn bản số 31/UBND-KSTTHC"),
        ("12", "văn bản số 12"),
    ],
)
def test_annex_calls_its_document_by_its_kind(number, said):
    result = made(rows(issued=given("55")), document=replace(DOCUMENT, number=number, day=None))

    assert result.document == f"(Kèm theo {said})"


def test_indicator_that_a_document_does_not_issue_is_left_out_and_a_unit_without_it_has_a_dash():
    only_online = [
        row if row.indicator == "online" else replace(row, issued=None) for row in rows("S1", issued=given("55"))
    ]
    payment_too = [
        row if row.indicator == "payment" else replace(row, issued=None) for row in rows("S2", issued=given("55"))
    ]

    assert [head.title for head in made(only_online, document=DOCUMENT).heads] == ["online"]
    lines = made(only_online, payment_too, document=DOCUMENT).lines
    assert [cell.note for cell in lines[0].cells if cell.value is None] == ["–", "–"]


def test_simulated_results_are_marked_and_the_mark_is_explained():
    result = made(rows(is_baseline_simulated=True), is_simulated=True)

    assert "*" in [cell.note for cell in result.lines[0].cells]
    assert text("office.annex.simulated_note", "vi") in result.notes
    assert result.mark


def test_what_is_missing_is_named():
    result = made(rows(baseline=None, proposed=given(None)))

    assert {(cell.value, cell.note) for cell in result.lines[0].cells} == {(None, "–"), (None, "chưa có")}


def test_units_stand_in_the_order_of_their_levels():
    result = made(rows("X1", "commune"), rows("P", "province"), rows("S1", "department"))

    assert [line.group for line in result.lines] == ["province", "I", "III"]
    assert result.authority == "ĐƠN VỊ P"


@pytest.mark.parametrize(
    ("document", "is_simulated", "name"),
    [
        (DOCUMENT, False, "phu-luc-chi-tieu_629-KH-UBND_2024-03-08.docx"),
        (replace(DOCUMENT, day=None), True, "phu-luc-chi-tieu_629-KH-UBND_2024-05-07_minh-hoa.docx"),
    ],
)
def test_name_of_the_file_says_document_day_and_simulation(document, is_simulated, name):
    today = date(2024, 5, 7)
    assert file_name(document, today, kind="docx", is_simulated=is_simulated, language="vi") == name


@pytest.mark.parametrize(("kind", "opener"), [("xlsx", b"xl/workbook.xml"), ("docx", b"word/document.xml")])
def test_annex_is_made_as_the_kind_that_is_asked_for(kind, opener):
    content = annex_file(rows(), CAMPAIGN, document=None, kind=kind, is_simulated=False, language="vi")

    assert opener in content
