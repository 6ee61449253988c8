"""A unit's page without a store: all that is known of a unit, in any state."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.analysis.courses import own_phases
from models.core.settings import TIMEZONE
from models.readings.arrivals import Arrival
from models.readings.baselines import BaselineInForce
from models.units.queries import Head, OfficialScore, Part, Parts, PastDay, TargetVersion, UnitName, UnitProfile
from pages.unit.data import UnitAnswers
from targets.results import Result
from targets.values import Campaign, Level, Source, Text, UnitPhase

DAY = date(2024, 4, 20)
PROVINCE = UnitName("H21", "UBND tỉnh Gia Lai", "province", None, None)
DISTRICT = UnitName("H21.58", "UBND huyện Ia Grai", "district", "H21", PROVINCE.name)
OTHER = UnitName("H21.55", "UBND huyện Đăk Đoa", "district", "H21", PROVINCE.name)
COMMUNES = (
    UnitName("1", "UBND xã Ia O", "commune", "H21.58", DISTRICT.name),
    UnitName("2", "UBND xã Ia Sao", "commune", "H21.58", DISTRICT.name),
    UnitName("3", "UBND xã Ia Băng", "commune", "H21.58", DISTRICT.name),
    UnitName("4", "UBND xã Ia Băng", "commune", "H21.55", OTHER.name),
)
UNITS = (PROVINCE, DISTRICT, OTHER, *COMMUNES)


def campaign_of(campaign: Campaign) -> Campaign:
    """The pages' campaign with all levels and the sources that figures of a unit may come from."""

    def same(words: str) -> Text:
        return Text(vi=words, en=words)

    levels = (
        Level("province", Text("Tỉnh", "Province"), None, "below"),
        Level("district", Text("UBND cấp huyện", "District committees"), None, "below"),
        Level("commune", Text("UBND cấp xã", "Commune committees"), None, "own"),
    )
    sources = (
        Source("demonstration", Text("Số liệu mô phỏng", "Simulated figures"), "simulated", None),
        Source("igate", Text("Hệ thống tỉnh", "Provincial system"), "igate", None),
        Source("paper", same("Báo Gia Lai"), "published", "year"),
    )
    own = UnitPhase("SGTVT", "50-day", campaign.start, date(2024, 5, 1), "696/KH")
    return replace(campaign, levels=levels, sources=sources, unit_phases=(own,))


def version(indicator: str, value: str | None = "50", **changes: Any) -> TargetVersion:
    got = TargetVersion(
        indicator=indicator, phase="50-day", origin="proposed", version=1,
        value=None if value is None else Decimal(value), because="fixed", explanation_vi="Mọi đơn vị phấn đấu đạt.",
        explanation_en="Every unit aims at it.", document="", document_date=None, state="in_force", by="system:test",
        reason="init", at=datetime(2024, 3, 19, 8, tzinfo=TIMEZONE), is_in_force=True,
    )  # fmt: skip
    return replace(got, **changes)


def arrival(indicator: str, day: date = DAY, **changes: Any) -> Arrival:
    got = Arrival(
        indicator=indicator, source="demonstration", as_of=day, revision=1,
        received_at=datetime(day.year, day.month, day.day, 17, 30, tzinfo=TIMEZONE), numerator=40, denominator=100,
        value=None, qualifier=None, basis="campaign", scope="below",
    )  # fmt: skip
    return replace(got, **changes)


def past(indicator: str, days: int = 30, start: date = date(2024, 3, 22)) -> tuple[PastDay, ...]:
    """One figure a day, rising by a point, on a straight path from 7 % to 50 % on day 50."""
    return tuple(
        PastDay(day, indicator, 10.0 + number, 7.0 + 0.86 * (number + 1), "at_risk", day, is_fresh=True)
        for number in range(days)
        for day in [start + timedelta(days=number)]
    )


def known(campaign: Campaign, lines: tuple[Result, ...], **changes: Any) -> UnitAnswers:
    """A district in the middle of the campaign, with three communes and something of everything."""
    campaign = campaign_of(campaign)
    rows = tuple(replace(line, unit=DISTRICT.code, name=DISTRICT.name, level="district") for line in lines)
    children = tuple(
        replace(line, unit=child.code, name=child.name, level="commune", standing=standing, cases_missing=79)
        for child, standing in zip(COMMUNES[:3], ("at_risk", "unlikely", "stale"), strict=True)
        for line in lines
    )
    profile = UnitProfile(
        unit=DISTRICT, head=Head("Chủ tịch", "Bà Nay H'Lan", None), children=COMMUNES[:3], valid_from=None,
        valid_to=None, successor=None,
    )  # fmt: skip
    score = OfficialScore(
        None, "paper", "year", date(2023, 1, 1), date(2023, 12, 31), date(2023, 12, 31), Decimal("55.51"),
        Decimal(100), 9, 17, "cấp huyện trong tỉnh",
    )  # fmt: skip
    answers = UnitAnswers(
        campaign=campaign,
        profile=profile,
        as_of=DAY,
        phase=own_phases(campaign, DISTRICT.code)[0],
        rows=rows,
        ended=(),
        history=tuple(day for line in lines for day in past(line.indicator)),
        versions=tuple(version(line.indicator, "50" if line.target else None) for line in lines),
        arrivals=tuple(arrival(line.indicator) for line in lines),
        flags=(),
        disagreements=(),
        scores=(score,),
        parts=(Parts("online", DAY, Part(50, 100), Part(25, 40), Part(25, 60), 3, 3),),
        children=children,
        baselines={
            "online": BaselineInForce(Decimal("67.37"), False, "Báo Gia Lai · Mức cao nhất"),
            "payment": BaselineInForce(Decimal("7"), True, "simulated"),
        },
    )
    return replace(answers, **changes)
