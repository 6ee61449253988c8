"""The folder is the registry: a module that ends in SOURCE is a kind of source, and mistakes in its use are named."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jobs import sources
from jobs.sources import check_sources, is_pulled, kind_of, kinds, options_of, untaken
from jobs.wording.mistakes import mistake_words
from models.core.texts import LANGUAGES
from targets.errors import CampaignFilesError, UnknownName
from targets.values import Campaign, Source, Text
from tests.jobs.source_world import checked, figures_in, gia_lai, reported_by

SECRET = {"secret": "CAODIEM_TEST_TOKEN"}
THROW_AWAY = '''
"""A source made up by a test: tells one figure."""

from jobs.fetching.values import Asking, SourceKind, SourceAnswer, ReportedFigure
from jobs.fetching.options import Options


class PigeonOptions(Options):
    unit: str


def tell(asking: Asking) -> SourceAnswer:
    figure = ReportedFigure(
        place="pigeon 1", unit_code=asking.options.unit, unit_name="", indicator="online", as_of=asking.day,
        numerator=41, denominator=100,
    )
    return SourceAnswer(figures=(figure,))


SOURCE = SourceKind(key="carrier_pigeon", options=PigeonOptions, tell=tell, needs_address=False)
'''


@pytest.fixture
def with_pigeon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder more in which kinds of sources are looked for, with one new module and nothing else changed."""
    (tmp_path / "thrown_away_pigeon.py").write_text(THROW_AWAY, encoding="utf-8")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    kinds.cache_clear()
    yield
    kinds.cache_clear()


def source(kind: str, **other) -> Source:
    return Source("new", Text("Mới", "New"), kind, **({"basis": None} | other))


def with_source(kind: str, **other) -> Campaign:
    campaign = gia_lai().campaign
    return replace(campaign, sources=(*campaign.sources, source(kind, **other)))


def problems_of(kind: str, **other) -> list[tuple[str, str]]:
    with pytest.raises(CampaignFilesError) as refused:
        check_sources(with_source(kind, **other))
    assert {problem.file for problem in refused.value.problems} == {"sources.toml"}
    assert all(
        len({mistake_words(each, one) for one in LANGUAGES}) == len(LANGUAGES) for each in refused.value.problems
    )
    return [(problem.where, problem.problem) for problem in refused.value.problems]


def test_every_module_is_a_kind_under_its_own_name():
    modules = {path.stem for path in Path(sources.__file__).parent.glob("*.py")} - {"__init__"}

    assert set(kinds()) == modules


def test_adding_a_source_is_adding_one_module(with_pigeon):
    pigeon = source("carrier_pigeon", options={"unit": "SGTVT"})

    check_sources(replace(gia_lai().campaign, sources=(*gia_lai().campaign.sources, pigeon)))
    result = reported_by(kind_of(pigeon), options=dict(pigeon.options))

    assert options_of(pigeon).unit == "SGTVT"
    assert figures_in(checked(kind_of(pigeon), result)) == {("SGTVT", "online"): (41, 100)}


def test_thrown_away_module_leaves_nothing_behind():
    assert "carrier_pigeon" not in kinds()
    with pytest.raises(UnknownName, match="carrier_pigeon"):
        kind_of(source("carrier_pigeon"))


def test_bundled_sources_are_sound_and_the_real_ones_wait_for_their_addresses():
    campaign = gia_lai().campaign

    check_sources(campaign)

    pulled = {one.key: one.enabled for one in campaign.sources if is_pulled(one)}
    assert pulled == {"portal-2024": False, "portal-2026": False, "igate": False, "drop": True, "demonstration": True,
        "demonstration-late": True}  # fmt: skip
    assert campaign.source("demonstration").schedule == "*/10 * * * *"


@pytest.mark.parametrize(
    ("kind", "other", "where", "words"),
    [
        ("pigeon", {}, "new.kind", "is “pigeon”, which nothing here reads. Allowed: “file”"),
        ("igate", {"secret": "TOKEN"}, "new.address", "is missing; a source of kind “igate” is asked at one"),
        ("igate", {"address": "https://x"}, "new.secret", "name the environment variable that holds its token"),
        ("folder", {"schedule": "61 * * * *"}, "new.schedule", "is no time of cron"),
        ("folder", {"schedule": "0 0 31 2 *"}, "new.schedule", "a time that never comes"),
        (
            "http_json",
            {"address": "https://x", "options": {"headers": {"Authorization": "Bearer abcdef"}}},
            "new.options.headers",
            "writes “Authorization” out; put {secret} there",
        ),
        (
            "http_json",
            {"address": "https://x", "options": {"query": {"api_key": "SECRET123"}}},
            "new.options.query",
            "writes “api_key” out",
        ),
        ("folder", {"options": {"foldr": "/x"}}, "new.options.foldr", "extra inputs are not permitted."),
        ("folder", {"options": {"folder": "x"}}, "new.options.folder", "must be an absolute path"),
        ("folder", {"options": {"counts_as": "fil"}}, "new.options.counts_as", "Did you mean “file”?"),
        ("simulated", {"options": {"seed": -1}}, "new.options.seed", "greater than or equal to 0."),
        ("sql", {"address": "postgresql://u:p@x/y"}, "new.address", "holds a password"),
        ("national_portal_2026", {"address": "https://x"}, "new.options.root_department_id", "is missing"),
        (
            "national_portal_2024",
            {"address": "https://x", "basis": "campaign", "options": {"province_id": 64}},
            "new.basis",
            "is “campaign”; figures of this kind of source accumulate over “month”.",
        ),
        (
            "national_portal_2024",
            {"address": "https://x", "basis": "month", "lag_days": 5, "options": {"province_id": 64}},
            "new.lag_days",
            "is 5; this source tells how things stand when it is asked",
        ),
        ("national_portal_2024", {"address": "https://x", "basis": "month"}, "new.options.province_id", "is missing"),
        (
            "national_portal_2026",
            {
                "address": "https://x",
                "basis": "month",
                "options": {"root_department_id": "r", "reports": {"transparency": {"indicator": "publicty"}}},
            },
            "new.options.reports.transparency.indicator",
            "Did you mean “publicity”?",
        ),
    ],
)  # fmt: skip
def test_description_that_a_kind_cannot_use_is_named_with_its_place(kind, other, where, words):
    problems = problems_of(kind, **other)

    assert any(place == where and words in problem for place, problem in problems), problems


def test_password_in_an_address_is_not_repeated():
    problems = problems_of("http_csv", address="https://reader:hunter2-hunter2@x.example/table.csv")

    assert "hunter2" not in str(problems)


def test_source_that_is_switched_off_may_wait_for_its_address():
    check_sources(with_source("igate", enabled=False))
    check_sources(with_source("national_portal_2024", enabled=False, basis="month"))
    check_sources(with_source("national_portal_2026", enabled=False, basis="month"))


# --- where it is asked, and whether anybody wants to know ----------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["ftp://igate.example", "igate.example", "file:///etc/passwd", "https://", "https://["]
)
def test_address_that_no_web_source_can_be_asked_at_is_refused_with_what_to_write(address):
    ((where, problem),) = problems_of("igate", address=address, **SECRET, options={"agency_id": "1"})

    assert where == "new.address"
    assert "begins with https:// or http://" in problem
    assert "such as https://figures.example.gov.vn" in problem


def test_address_of_a_database_that_no_program_here_asks_is_refused():
    options = {"query": "SELECT code, n, d FROM t WHERE day = :day", "unit_code": "code"}
    options["figures"] = [{"indicator": "payment", "numerator": "n", "denominator": "d"}]

    ((where, problem),) = problems_of("sql", address="ftp://reader@10.0.0.5/motcua", options=options)

    assert where == "new.address"
    assert "such as postgresql://" in problem


def test_source_that_no_indicator_names_is_untaken():
    campaign = with_source("igate", address="https://igate.example", **SECRET, options={"agency_id": "1"})

    assert [each.key for each in untaken(campaign)] == ["new"]
    assert untaken(gia_lai().campaign) == ()


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("published", {}),
        ("igate", {"enabled": False}),
        ("folder", {"options": {"counts_as": "file"}}),
    ],
)
def test_publications_what_is_off_and_what_counts_as_another_are_not_untaken(kind, other):
    assert untaken(with_source(kind, **other)) == ()


def test_source_kept_to_other_indicators_than_those_that_name_it_is_untaken():
    campaign = with_source("igate", indicators=("payment",))
    indicators = tuple(
        replace(each, sources=(*each.sources, "new")) if each.key == "online" else each for each in campaign.indicators
    )

    assert [each.key for each in untaken(replace(campaign, indicators=indicators))] == ["new"]
