"""The 98 figures of the five articles: each is held by its campaign as it was published, or it is said why not.

`published_figures.csv` lists them in our own words: row, campaign, where it is held and as what.
"""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from jobs.campaigns.renewal import renewed
from jobs.campaigns.workbook.reading import read_workbook
from jobs.campaigns.workbook.writing import write_workbook
from models.catalogue import load_campaign_files
from models.catalogue.changes import changes_between
from models.core.settings import CAMPAIGNS
from models.core.store import Store
from models.results.inputs import load_campaign
from models.tables import Baseline, Reading, Run, Score, Series, SourceRow, Target, Task, UnitRow
from tests.bundled_campaigns import bundled_keys, bundled_store

LIST = Path(__file__).with_name("published_figures.csv")
HELD = {"reading": 50, "baseline": 23, "target": 11, "score": 5, "rule": 2, "denominator": 2, "tasks": 1}
"""What becomes of the figures, with how many there are."""
NOT_HELD = {"reason": 4}


def figures(*kinds):
    with LIST.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if not kinds or row["held"] in kinds]


@pytest.fixture(
    params=bundled_keys("gia-lai-2024", "vinh-phuc-2021", among=sorted({row["campaign"] for row in figures()}))
)
def published(request, tmp_path_factory):
    """A campaign of an article as `init` leaves it, with what the list says of it."""
    store = Store(f"sqlite:///{bundled_store(tmp_path_factory, request.param)}")
    with store.reading() as session:
        yield session, [row for row in figures(*HELD) if row["campaign"] == request.param]
    store.close()


def test_every_figure_is_held_or_says_why_not():
    assert [int(row["row"]) for row in figures()] == list(range(1, 99))
    assert Counter(row["held"] for row in figures()) == HELD | NOT_HELD
    assert all(row["remark"] for row in figures(*NOT_HELD))


@pytest.mark.soak
def test_every_figure_of_an_article_stands_in_its_store_as_it_was_published(published):
    session, rows = published
    held = {
        "reading": readings(session),
        "baseline": baselines(session),
        "target": targets(session),
        "score": scores(session),
        "rule": rules(session),
        "denominator": {(row[0], row[1], row[4]) for row in readings(session)},
        "tasks": {("26",)} if len(session.exec(select(Task).where(Task.state == "done")).all()) == 26 else set(),
    }

    missing = [row for row in rows if expected(row) not in held[row["held"]]]

    assert rows
    assert missing == []


def test_published_figures_are_real_and_come_from_a_publication(published):
    session, rows = published
    kinds = session.exec(
        select(Series.simulated, SourceRow.kind, Run.status)
        .join(SourceRow, SourceRow.id == Series.source_id)
        .join(Run, Run.source_id == SourceRow.id)
    ).all()

    assert set(kinds) <= {(False, "published", "done")}
    assert bool(kinds) == any(row["held"] == "reading" for row in rows)


@pytest.mark.parametrize("key", ["vinh-phuc-2021", "thai-nguyen-2018"])
def test_workbook_gives_published_figures_and_tasks_back_as_they_were(key, tmp_path):
    texts = load_campaign_files(CAMPAIGNS / key).texts
    path = tmp_path / "campaign.xlsx"
    path.write_bytes(write_workbook(texts, "vi"))

    assert changes_between(texts, read_workbook(path, before=texts).texts) == ()


def test_new_campaign_begins_without_what_was_published_and_planned_for_the_old_one():
    old = load_campaign_files(CAMPAIGNS / "thai-nguyen-2018")

    new = renewed(old, key="thai-nguyen-2019", start=date(2019, 1, 1), days=365, language="vi")

    assert {"readings.csv", "tasks.csv"} <= old.texts.keys()
    assert not {"readings.csv", "tasks.csv"} & new.texts.keys()


def expected(row):
    who = (row["unit"], row["indicator"])
    match row["held"]:
        case "reading":
            return (*who, number(row["value"]), row["numerator"], row["denominator"], row["qualifier"])
        case "baseline" | "target":
            return (*who, row["when"], number(row["value"]))
        case "score":
            return (row["unit"], row["remark"], row["value"])
        case "rule":
            return (row["remark"],)
        case "denominator":
            return (*who, row["value"])
        case "tasks":
            return (row["value"],)
    raise AssertionError(row)


def number(written):
    return said(Decimal(written)) if written else ""


def said(value):
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


def readings(session):
    rows = session.exec(select(UnitRow.code, Series.indicator, Reading).join(Series, Series.unit_id == UnitRow.id).join(
        Reading, Reading.series_id == Series.id))  # fmt: skip
    return {
        (unit, indicator, said(row.value), said(row.numerator), said(row.denominator), row.qualifier or "")
        for unit, indicator, row in rows
    }


def baselines(session):
    rows = session.exec(select(UnitRow.code, Baseline).join(Baseline, Baseline.unit_id == UnitRow.id))
    return {(unit, row.indicator, str(row.year), said(row.value)) for unit, row in rows}


def targets(session):
    rows = session.exec(select(UnitRow.code, Target).join(Target, Target.unit_id == UnitRow.id))
    return {(unit, row.indicator, row.phase, said(row.value)) for unit, row in rows if row.origin == "registered"}


def scores(session):
    rows = session.exec(select(UnitRow.code, Score).join(Score, Score.unit_id == UnitRow.id)).all()
    ranks = {(unit, "rank", f"{row.rank}/{row.rank_of}") for unit, row in rows}
    return ranks | {(unit, "points", said(row.points)) for unit, row in rows}


def rules(session):
    """The two sentences of plan 629: the centre's target and ten points, and the same on a unit's own higher result."""
    known = [load_campaign(session).indicator(key).rule for key in ("online", "payment")] if session.exec(
        select(UnitRow).where(UnitRow.code == "H21")
    ).first() else []  # fmt: skip
    is_so = known and all(
        (rule.kind, rule.uplift, rule.uplift_kind, rule.at_or_above)
        == ("central_plus", 10, "points", "own_plus_uplift")
        for rule in known
    )
    return {("uplift",), ("at_or_above",)} if is_so else set()
