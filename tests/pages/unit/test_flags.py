"""What is odd about a figure, in words that say where to look."""

import pytest

from models.core.texts import LANGUAGES
from models.readings.arrivals import Flag
from pages.unit.records import flag
from targets.flags import KINDS
from tests.pages.unit_world import DAY, campaign_of

TERMS = {
    "fell": {"of": "value", "before": 41.2, "after": 39.8},
    "jumped": {"of": "value", "before": 40.0, "after": 58.3},
    "frozen": {"days": 6},
    "bunched_at_100": {"units": 12, "share": 33.3},
}


def said(campaign, kind, language="vi", **terms):
    found = Flag("online", "igate", DAY, 1, kind, TERMS[kind] | terms)
    return flag(found, campaign=campaign_of(campaign), language=language)


@pytest.mark.parametrize(
    ("kind", "terms", "words"),
    [
        ("fell", {}, "tỷ lệ giảm từ 41,2% xuống 39,8% so với số liệu trước đó"),
        ("fell", {"of": "denominator", "before": 1240, "after": 1198}, "giảm từ 1.240 xuống 1.198 trong cùng kỳ"),
        ("jumped", {}, "tỷ lệ tăng 18,3 điểm phần trăm so với số liệu trước đó, từ 40,0% lên 58,3%"),
        ("jumped", {"after": 20.0}, "tỷ lệ giảm 20,0 điểm phần trăm so với số liệu trước đó, từ 40,0% xuống 20,0%"),
        ("frozen", {}, "không thay đổi 6 ngày làm việc liền"),
        ("bunched_at_100", {}, "đúng 100% cùng ngày với nhiều đơn vị khác (12 đơn vị, 33,3% số đơn vị được xét)"),
    ],
)
def test_flag_says_what_is_odd_with_its_numbers(campaign, kind, terms, words):
    assert words in said(campaign, kind, **terms)


def test_flag_says_which_figure_it_is(campaign):
    assert said(campaign, "frozen").startswith("Tỷ lệ hồ sơ trực tuyến, số liệu ngày 20/04/2024 (Hệ thống tỉnh): ")


def test_fallen_count_is_called_by_its_own_name(campaign):
    numerator = campaign.indicator("online").numerator.of("vi")

    assert f"số {numerator} giảm" in said(campaign, "fell", of="numerator", before=40, after=38)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_flag_has_a_sentence_of_its_own(campaign, language):
    assert len({said(campaign, kind, language) for kind in KINDS}) == len(KINDS)
