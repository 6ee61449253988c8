"""What withdrawing a load does, in sentences: what is none is not said."""

from dataclasses import replace
from datetime import date

import pytest

from jobs.wording import withdrawals
from models.core.texts import LANGUAGES
from models.readings.withdrawing import Figure, FigureChange, StandingChange, Withdrawal
from tests.models.conftest import small_campaign

FOUND = Withdrawal(
    run=8, load=8, back=2, gone=1, again=0, kept=0, scores=0, rows=3, disputes=0, mended=(9,), unseen=(10, 11)
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_follows_is_said_and_loads_are_named(language):
    said = withdrawals.lines(FOUND, small_campaign(), language)

    assert len(said) == 5
    assert "10, 11" in said[-1]
    assert "8" in withdrawals.title(FOUND, language)
    assert "12" in withdrawals.done(replace(FOUND, by=12), small_campaign(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_load_that_counts_again_is_named_instead_of_the_withdrawal(language):
    found = replace(FOUND, run=9, again=4, by=12)

    assert "8" in withdrawals.title(found, language)
    assert "9" not in withdrawals.title(found, language)
    assert "8" in withdrawals.done(found, small_campaign(), language)


def test_first_standings_are_named_and_the_others_counted():
    changes = tuple(StandingChange(f"X{n}", f"UBND xã {n}", "online", "met", "stale") for n in range(12))

    said = withdrawals.lines(replace(FOUND, standings=changes), small_campaign(), "vi")

    assert said[-1] == "và 2 thay đổi khác"
    assert "UBND xã 0" in said[-11]
    assert "Đã đạt → Đang dùng số liệu cũ" in said[-11]


def test_figures_are_told_as_counts_or_as_none_and_an_indicator_that_is_gone_by_its_key():
    now = Figure(180, 200, None, None, None)
    changes = [
        FigureChange("S1", "Sở Một", "online", date(2024, 3, 15), now, Figure(None, None, 41.5, None, "over")),
        FigureChange("S1", "Sở Một", "gone", date(2024, 3, 15), now, None),
    ]

    rows = withdrawals.rows(changes, small_campaign(), "vi")

    assert rows[0][2:] == ("15/03/2024", "90,0% (180/200)", "trên 41,5%")
    assert (rows[1][1], rows[1][4]) == ("gone", "không có số liệu")
    assert len(withdrawals.heads("vi")) == len(rows[0])
    assert withdrawals.table_title(FOUND, 2, "vi") == "Số liệu thay đổi: 2 trong 3"
    assert withdrawals.table_title(FOUND, 50, "vi") == "Số liệu thay đổi: 3 trong 3"
