"""How a phase ended, told by slide, report, message, mail and page: the same words and numbers on all of them."""

import io
import re
from math import ceil

import docx
import pptx
import pytest

from jobs.documents.figures import figures_of_day, figures_of_snapshot
from jobs.documents.phone import as_message
from jobs.documents.weekly_report import as_report
from jobs.documents.weekly_slides import FOOT, LETTERS_BELOW, LINE_BELOW, as_slides
from jobs.mails.digest import compose
from jobs.slides.deck import deck, slide, titles
from jobs.slides.meeting_data import load_meeting_data
from jobs.wording import milestones
from models.meetings.actions import close_phase, confirm_result, freeze_figures, withdraw_snapshot
from models.meetings.agendas import DECIDED, MILESTONE
from models.meetings.digests import claim_mails, raise_digest, set_mail_address
from models.meetings.milestones import find_ended, load_result
from targets.errors import UnknownName
from tests.jobs.small_world import small  # noqa: F401 - a fixture
from tests.models.accounts_world import MACHINE, people
from tests.models.conftest import UNITS, Small, context, day, small_campaign, small_files

RIGHT = {"S1": 55, "S2": 60, "H1": 57, "X1": 56, "X2": 20, "H2": 52, "X3": 60, "X4": 10}


def tell(world: Small, *, without=()):
    rows = [(code, "online", "22/3", right, 100) for code, right in RIGHT.items() if code not in without]
    world.load(*rows, ("S2", "online", "13/3", 60, 100), when="22/3 18:00")


def freeze(world: Small, when="25/3 08:00"):
    return world.changed(freeze_figures, as_of=day("24/3"), title="Tuần 3", context=context(when))


@pytest.fixture
def told(small):  # noqa: F811 - the fixture
    """The meeting after the first phase, which it closed; confirmed since."""
    small.found(small_files(small_campaign(main_indicator="online")), when="2/3 08:00")
    tell(small)
    meeting = freeze(small)
    result = small.asked(load_meeting_data, meeting).ended
    small.changed(
        confirm_result, result.head.id, document="45/TB-UBND", document_date=day("25/3"), signer="Chủ tịch A",
        context=context("25/3 09:00"),
    )  # fmt: skip
    return small, meeting


def written(content: bytes) -> str:
    """All words of a report, its tables too."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).replace("\xa0", " ")


def shown(content: bytes) -> str:
    """All words of the first slide that is on paper."""
    shapes = [shape for each in pptx.Presentation(io.BytesIO(content)).slides for shape in each.shapes]
    cells = [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join([*(shape.text_frame.text for shape in shapes if shape.has_text_frame), *cells])


def standings(of) -> dict[tuple[str, str, str], str]:
    return {(row.unit, row.indicator, row.phase): row.standing for row in of.rows}


def mails(world: Small, meeting: int) -> dict[str, str]:
    people(world)
    for login in ("lanhdao", "truong.h1"):
        world.changed(set_mail_address, login, f"{login}@example.vn", context=context("25/3 08:00"))
    world.changed(raise_digest, "weekly", as_of=day("24/3"), snapshot=meeting, context=context("25/3 08:00"))
    claimed = world.changed(claim_mails, machine=MACHINE, context=context("25/3 08:00"))
    return {mail.login: world.asked(compose, mail, page=None, today=day("25/3")).text for mail in claimed}


def test_every_surface_tells_the_same_result(told):
    """What is expected is counted here from the rows, a second time."""
    world, meeting = told
    figures = world.asked(figures_of_snapshot, meeting)
    result = figures.meeting.ended
    online = {row.unit: row for row in result.rows if row.indicator == "online"}
    held = [row for row in result.province if row.target is not None]
    met = sum(row.standing == "met" for row in held)
    communes = [row for row in online.values() if row.level == "commune" and row.target is not None]
    share = f"{sum(row.standing == 'met' for row in communes)}/{len(communes)}"
    value, target = (f"{number:.1f}".replace(".", ",") for number in (online["P"].value, online["P"].target))
    headline = f"Kết thúc mốc first (22/03/2024): province đạt {met}/{len(held)} chỉ tiêu"
    state = "xác nhận theo 45/TB-UBND ngày 25/03/2024 (Chủ tịch A ký)"

    of_mail = mails(world, meeting)
    surfaces = {
        "slide": "\n".join(map(str, vars(slide(figures.meeting, MILESTONE, "vi")).values())),
        "powerpoint": shown(as_slides(figures, "vi")),
        "report": written(as_report(figures, "vi")),
        "message": as_message(figures, "vi"),
        "mail": of_mail["lanhdao"],
    }

    for name, words in surfaces.items():
        said = words.replace("\N{NO-BREAK SPACE}", " ")
        assert headline.lower() in said.lower(), name
        assert state in said, name
        assert {f"{value}%", f"{target.removesuffix(',0')}%"} <= set(re.findall(r"[\d,]+%", said)), name
        assert share in said, name
        assert "tăng nhiều nhất so với năm 2023" in said.lower(), name
    (line,) = world.asked(find_ended, today=day("25/3")).values()
    assert milestones.summaries({"first": line}, "vi")["first"].startswith(headline)
    ended = result.end.units["H1"]
    assert f"UBND huyện Một đạt {ended.met}/{ended.held} chỉ tiêu" in of_mail["truong.h1"]
    assert "province đạt" not in of_mail["truong.h1"]


def test_last_days_figures_stand_as_the_result_does_once_the_day_is_over(told):
    """A phase ends on a Friday and is met about on Monday: no paper calls unlikely what its result calls missed."""
    world, meeting = told
    result = standings(world.asked(load_meeting_data, meeting).ended)

    def seen(now: str) -> dict[tuple[str, str, str], str]:
        return standings(world.asked(figures_of_day, as_of=day("22/3"), now=context(now).now, known_at=None, title=""))

    frozen = world.changed(freeze_figures, as_of=day("22/3"), title="Cuối kỳ", context=context("25/3 10:00"))
    after = standings(world.asked(figures_of_snapshot, frozen))

    assert after == seen("25/3 10:00")
    assert {key: after[key] for key in after if key in result} == {key: result[key] for key in after if key in result}
    assert {"met", "missed"} <= set(after.values())
    assert "missed" not in seen("22/3 20:00").values()


@pytest.mark.soak
def test_words_below_it_leave_the_foot_of_its_slide_alone(told):
    """All lines of the small words stand between the table and the foot."""
    world, meeting = told
    figures = world.asked(figures_of_snapshot, meeting)
    first = pptx.Presentation(io.BytesIO(as_slides(figures, "vi"))).slides[0]
    table = next(shape for shape in first.shapes if shape.has_table)
    below = next(shape for shape in first.shapes if shape.has_text_frame and "chốt lúc" in shape.text_frame.text)

    assert table.top + table.height <= below.top
    assert below.height >= LINE_BELOW * ceil(len(below.text_frame.text) / LETTERS_BELOW)
    assert below.top + below.height <= FOOT


@pytest.mark.soak
def test_meeting_begins_with_it_and_no_agenda_can_hold_it(told):
    world, meeting = told
    data = world.asked(load_meeting_data, meeting)

    assert deck(data, "en").slides[0].key == data.slides[0] == MILESTONE
    # Nothing was decided before it that could be come back to, and no task is open.
    assert data.slides[1:] == tuple(key for key in data.arranged if key not in (DECIDED, "tasks"))
    assert titles(data, data.slides, "vi")[MILESTONE]
    with pytest.raises(UnknownName):
        slide(world.asked(load_meeting_data, freeze(world, "26/3 08:00")), MILESTONE, "vi")


def test_while_figures_are_to_come_it_is_told_as_it_stands_and_who_is_awaited_is_counted(small):  # noqa: F811
    tell(small, without=("X2", "X4"))

    words = small.asked(figures_of_snapshot, freeze(small))

    said = as_message(words, "vi")
    assert "Kết thúc mốc first (22/03/2024), tạm tính:" in said
    assert "Chưa chốt kỳ: còn 2 đơn vị chưa gửi số liệu ngày 22/03/2024." in said


@pytest.mark.soak
def test_result_of_a_meeting_says_that_it_was_put_aside_since(told):
    world, meeting = told
    closed = world.asked(load_meeting_data, meeting).ended.head.id

    world.changed(withdraw_snapshot, closed, context=context("26/3 08:00"))

    assert "bản chốt đã rút" in as_message(world.asked(figures_of_snapshot, meeting), "vi")


@pytest.mark.soak
def test_unit_that_ended_or_has_no_target_is_told_of_no_result(told):
    world, meeting = told
    result = world.asked(load_meeting_data, meeting).ended

    assert {unit.code for unit in UNITS} - result.end.units.keys() == {"P", "X5"}


@pytest.mark.daily(1)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_past_the_campaigns_end_the_last_phase_is_told_too(small, language):  # noqa: F811 - the fixture
    rows = [(code, "online", "12/4", right, 100) for code, right in RIGHT.items()]
    small.load(*rows, when="12/4 18:00")
    closed = small.changed(close_phase, "second", without=9, context=context("13/4 08:00"))

    said = milestones.told_alone(small.asked(load_result, closed), "online", language)

    assert "12/04/2024" in said[0]
    assert all("{" not in each for each in said)
    after = small.changed(freeze_figures, as_of=day("13/4"), title="Sau", context=context("14/4 08:00"))
    head = as_message(small.asked(figures_of_snapshot, after), language).splitlines()[0]
    assert head == "Small (13/04/2024)"


@pytest.mark.soak
def test_message_on_all_indicators_opens_with_the_result_too(told):
    world, meeting = told
    figures = world.asked(figures_of_snapshot, meeting)

    said = as_message(figures, "vi", indicator="all")

    assert "Kết thúc mốc first (22/03/2024)" in said
    assert all(each.name.vi.upper() in said for each in figures.campaign.indicators)
