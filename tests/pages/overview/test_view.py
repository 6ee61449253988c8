"""The province's sentence and cards as finished words, in every state and language."""

import re
from dataclasses import replace
from datetime import date

import pytest

from jobs.wording import results as wording
from models.core.texts import LANGUAGES
from models.readings.disagreements import DisagreeingUnit
from models.results.completeness import SilentUnit
from models.units.changes import UnitEvent
from pages.overview.view import overview_view
from targets.values import UnitChange


@pytest.fixture
def card_of(overview_in):
    """The card of an indicator of the province in a state."""

    def found(state, indicator="online", language="vi"):
        view = overview_view(overview_in(state), (), language)
        return next(card for card in view.cards if card.row.indicator == indicator)

    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_says_its_name_figure_standing_and_reason(state, language):
    for line, card in zip(state.lines, overview_view(state, (), language).cards, strict=True):
        assert card.name == state.campaign.indicator(line.indicator).short_name.of(language)
        assert card.value == wording.figure_or_dash(line, language)
        assert card.standing_words == wording.word_of(line, language)
        assert card.headline.startswith(state.campaign.indicator(line.indicator).name.of(language))
        assert card.milestone.endswith(".")
        assert not re.search(r"\b0[.,]0 ", card.headline)
        assert card.spoken


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("running", "đạt 29,6%, còn thiếu 20,4 điểm phần trăm"),
        ("some_met", "đạt 29,6%, còn thiếu 20,4 điểm phần trăm"),
        ("all_met", "đạt 100,0%, cao hơn chỉ tiêu 50,0 điểm phần trăm"),
        ("no_targets", "đạt 29,6%, chưa có chỉ tiêu để so sánh"),
        ("no_readings", ": chưa có số liệu"),
        ("stale", "đạt 29,6%, đang dùng số liệu cũ (từ 26/04/2024)"),
        ("thin", "đạt 29,6%, chưa đủ số liệu để kết luận"),
        ("bounds", "đạt ≈ 50,2%, số liệu chưa chính xác, chưa thể kết luận đạt"),
    ],
)  # fmt: skip
def test_sentence_says_where_the_chosen_indicator_stands(card_of, state, said):
    assert card_of(state).headline.removeprefix("Tỷ lệ hồ sơ trực tuyến").strip() == said


def test_sentence_counts_the_cases_that_are_missing_where_they_are_known(make_overview, lines):
    counted = make_overview(lines=(*lines[:2], replace(lines[2], cases_missing=5_611), *lines[3:]))

    assert overview_view(counted, (), "vi").cards[2].headline.endswith("20,4 điểm phần trăm (5.611 hồ sơ)")
    assert overview_view(counted, (), "en").cards[2].headline.endswith("20.4 percentage points short (5,611 cases)")


@pytest.mark.parametrize(
    ("state", "indicator", "short", "reason"),
    [
        ("running", "online", "thiếu 20,4", "cần 81%"),
        ("running", "timeliness", "", "cao nhất còn có thể 98,4%"),
        ("running", "payment", "", "chờ chỉ tiêu Trung ương"),
        ("no_targets", "online", "", ""),
        ("stale", "online", "", "số liệu ngày 26/04"),
        ("thin", "online", "", "mới có số liệu của 7 trên 257 đơn vị, chưa đủ để kết luận"),
        ("some_met", "publicity", "", "đúng bằng chỉ tiêu"),
    ],
)
def test_card_says_what_is_missing_and_one_reason(card_of, state, indicator, short, reason):
    card = card_of(state, indicator)

    assert (card.short, card.reason) == (short, reason)


def test_figure_of_several_sources_and_the_provinces_own_stand_beside_it(make_overview):
    overview = make_overview(mixed={"online": {}})

    assert overview_view(overview, (), "vi").cards[2].notes == ()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("running", ("7/258 đơn vị chưa có số liệu ngày 20/04", "xã Một, Sở Hai (từ 18/04), và 5 đơn vị khác")),
        ("no_readings", ("", "")),
        ("stale", ("Chưa đơn vị nào trong 258 đơn vị có đủ số liệu mới; gần nhất là ngày 26/04", "")),
        ("one_unit", ("", "")),
    ],
)
def test_who_has_not_reported_is_named_where_others_have(overview_in, state, said):
    silent = SilentUnit("X1", "UBND xã Một", None), SilentUnit("S2", "Sở Hai", date(2024, 4, 18))
    overview = replace(overview_in(state), silent=silent)

    assert overview_view(overview, (), "vi").silent == said


def test_units_that_changed_of_late_are_told_on_the_chosen_indicator(make_overview):
    change = UnitChange(date(2024, 5, 2), "close", "X5", counts="apart")
    event = UnitEvent(change, "xã Năm", "", "huyện Hai", "", {"online": (21, 30)})

    cards = overview_view(make_overview(), (), "vi", events=(event,) * 3).cards

    assert "(21/30 hồ sơ)" in cards[2].events[0]
    assert [len(card.events) for card in cards] == [3] * len(cards)
    assert cards[0].events[-1] == "Và 1 thay đổi khác của đơn vị."


def test_units_that_two_sources_tell_differently_are_counted_and_the_first_named(make_overview):
    units = [DisagreeingUnit(f"X{number}", f"UBND xã {number}", ("online",)) for number in range(5)]

    view = overview_view(make_overview(), units, "vi")

    assert view.disagreeing == "5 đơn vị có hai nguồn số liệu lệch nhau quá 2,0 điểm phần trăm:"
    assert view.disagreeing_units == (("X0", "UBND xã 0"), ("X1", "UBND xã 1"), ("X2", "UBND xã 2"))


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("UBND xã Ia Ko", "Ia Ko"), ("UBND thị xã An Khê", "An Khê"), ("UBND thành phố Pleiku", "Pleiku"),
        ("UBND phường 2", "phường 2"), ("Sở Xây dựng", "Sở Xây dựng"),
    ],
)  # fmt: skip
def test_name_beside_its_level_is_the_places_alone_unless_only_a_number_is_left(name, bare):
    assert wording.bare_name(name) == bare
