"""A change of the campaign on screen: one new version in the store, or none; by one and by two."""

import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from jobs.campaigns.changing import EditConflict, Foreseen, OpenedCampaign, change_campaign, foresee, open_campaign
from jobs.campaigns.initialise import initialise
from models.campaign.actions import Founding
from models.campaign.files import find_versions_since
from models.catalogue import load_campaign_files
from models.catalogue.changes import changes_between
from models.catalogue.editing import Edit, KeyEdit, RowEdit
from models.core.audit import find_break
from models.core.store import Store
from models.results.inputs import load_campaign
from models.results.kept import find_differences
from models.tables import AuditEntry, CampaignFile, UnitRow
from models.targets.queries import find_targets
from models.targets.registrations import Incomplete
from models.units.actions import record_units
from targets.errors import CampaignFilesError
from targets.permissions import Refused
from targets.values import Unit
from tests.campaign_folders import write_small
from tests.models.accounts_world import by, people
from tests.models.conftest import PreparedStores, Small, at, context

UPLIFT = KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(20))
HEAD = RowEdit("units.csv", {"code": "S1"}, {"head_name": "Nguyễn Văn A", "head_phone": "0905 111 222"})


@dataclass
class World:
    """A store that holds the small campaign, with people."""

    store: Store

    def open(self) -> OpenedCampaign:
        with self.store.reading() as session:
            return open_campaign(session)

    def change(
        self, *edits: Edit, login: str = "dieuphoi", seen: int | None = None, reason: str = "decided", **other: str
    ) -> Founding:
        seen = self.open().version if seen is None else seen
        with self.store.writing() as session:
            made = context(at("9/3 08:00"), reason=reason, **other)
            return change_campaign(session, edits, seen=seen, context=_signed(made, login))

    def foresee(self, *edits: Edit, login: str = "dieuphoi") -> Foreseen:
        seen = self.open().version
        return foresee(self.store, edits, seen=seen, as_of=date(2024, 3, 9), context=by(login))

    def owed(self, unit: str = "S1") -> Decimal | None:
        with self.store.reading() as session:
            return find_targets(session, units=[unit], indicator="online", phase="second")[0].value

    def unit(self, code: str) -> UnitRow:
        with self.store.reading() as session:
            return session.exec(select(UnitRow).where(UnitRow.code == code)).one()

    def entry(self) -> AuditEntry:
        with self.store.reading() as session:
            return session.exec(
                select(AuditEntry).where(AuditEntry.action == "change_campaign").order_by(AuditEntry.id.desc())
            ).first()

    def versions(self) -> int:
        with self.store.reading() as session:
            assert find_break(session) is None
            return len(find_versions_since(session, 0))


def _signed(made: Any, login: str) -> Any:
    return type(made)(by=login, reason=made.reason, now=made.now, document=made.document)


@pytest.fixture
def world(prepared: PreparedStores, database_url: str) -> Iterator[World]:
    store = prepared.copy("followed", _follow_small, to=database_url)
    yield World(store)
    store.close()


def _follow_small(store: Store) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = load_campaign_files(write_small(Path(folder) / "small"))
    initialise(store, files, with_demonstration=False, by="system:test", now=at("1/3"), tell=lambda _: None)
    small = Small(store)
    people(small)
    small.load(("S1", "online", "8/3", 30, 100))


on_one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


# --- one change -----------------------------------------------------------------------------------------------------


@pytest.mark.daily(1)
def test_change_is_a_version_in_the_store_with_its_entry_in_the_audit_trail(world):
    done = world.change(UPLIFT, reason="cao hơn", document="700/KH")

    assert b"uplift = 20\n" in world.open().texts[UPLIFT.file]
    assert world.owed() == 70
    assert [str(change) for change in done.differences] == ["indicators/online.toml, rule.uplift: “10” → “20”"]
    entry = world.entry()
    assert (entry.by, entry.reason, entry.document) == ("dieuphoi", "cao hơn", "700/KH")
    assert entry.old == {"indicators/online.toml, rule.uplift": "10"}
    assert entry.new["indicators/online.toml, rule.uplift"] == "20"
    assert world.versions() == 2
    with world.store.reading() as session:
        assert find_differences(session) == []


@on_one_engine
def test_head_is_known_at_once_with_title_and_phone(world):
    world.change(HEAD)

    assert (world.unit("S1").head_name, world.unit("S1").head_phone) == ("Nguyễn Văn A", "0905 111 222")


@on_one_engine
def test_change_in_several_files_is_one_version(world):
    world.change(
        UPLIFT, HEAD, KeyEdit("campaign.toml", ("figures", "small_volume"), 50),
        KeyEdit("sources.toml", ("igate", "enabled"), False),
    )  # fmt: skip

    assert world.versions() == 2
    with world.store.reading() as session:
        campaign = load_campaign(session)
    assert (campaign.small_volume, campaign.source("igate").enabled) == (50, False)


@on_one_engine
def test_change_that_changes_nothing_leaves_no_version(world):
    done = world.change(KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(10)))

    assert not done.has_new_files
    assert world.versions() == 1


def imported(world, **head):
    units = [Unit("S1", "department", "Sở Một", "P", **head), Unit("X6", "commune", "UBND xã Sáu", "H2")]
    with world.store.writing() as session:
        record_units(session, units, is_whole=False, context=context("8/3"))


@on_one_engine
def test_row_that_was_imported_is_changed_from_what_was_imported_and_the_others_stay_beside_the_files(world):
    imported(world, head_name="Nguyễn Văn B", head_phone="0905")

    done = world.change(RowEdit("units.csv", {"code": "S1"}, {"head_phone": "0906"}))

    assert [str(change) for change in done.differences] == ["units.csv, S1, head_phone: “0905” → “0906”"]
    assert (world.unit("S1").head_name, world.unit("S1").head_phone) == ("Nguyễn Văn B", "0906")
    assert [edit.row for edit in world.open().beside] == [{"code": "X6"}]


@on_one_engine
def test_imported_unit_below_an_imported_unit_is_changed_and_the_other_comes_with_it(world):
    units = [Unit("X6", "district", "UBND huyện Sáu", "P"), Unit("X7", "commune", "UBND xã Bảy", "X6")]
    with world.store.writing() as session:
        record_units(session, units, is_whole=False, context=context("8/3"))

    done = world.change(RowEdit("units.csv", {"code": "X7"}, {"head_name": "Nguyễn Văn B"}))

    assert [change.place for change in done.differences] == ["X7, head_name"]
    assert (world.unit("X7").head_name, world.open().beside) == ("Nguyễn Văn B", ())


@on_one_engine
def test_imported_cell_is_set_back_to_what_the_files_said(world):
    world.change(HEAD)
    imported(world, head_name="Nguyễn Văn B")

    world.change(HEAD)

    assert world.unit("S1").head_name == "Nguyễn Văn A"


@on_one_engine
def test_whole_campaign_as_files_has_what_was_imported(world):
    imported(world, head_name="Nguyễn Văn B")
    opened = world.open()

    places = [change.place for change in changes_between(opened.texts, opened.held)]

    assert places == ["S1, head_name", "X6"]


# --- what is refused ------------------------------------------------------------------------------------------------

WRONG = [
    pytest.param(
        KeyEdit("campaign.toml", ("phases", "first", "due"), date(2024, 3, 1)), "phases.first.due", "end_before",
        id="a phase ends before it begins",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("phases", "first", "due"), date(2024, 3, 24)), "phases.second.start", "overlap",
        id="phases overlap",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("phases", "second", "due"), date(2024, 4, 30)), "phases.second.due",
        "beyond_campaign", id="a phase outlasts the campaign",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("phases", "second", "due"), None), "phases.second.due", "open_ended",
        id="only the last phase is open",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("end",), date(2024, 3, 1)), "end", "end_before", id="the campaign ends first"
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("document_date",), date(2024, 5, 1)), "document_date", "after_end",
        id="the document comes after the end",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("start",), date(2024, 3, 8)), "phases.first.start", "before_campaign",
        id="a phase begins before the campaign",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("start",), date(1924, 3, 8)), "start", "day_range", id="a day of another century"
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("phases", "first", "name", "vi"), " "), "phases.first.name.vi", "empty",
        id="a phase without a name",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("standing", "probability", "at_risk"), Decimal("0.9")), "standing.probability",
        "must_fall", id="limits of probability cross",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("standing", "gap", "at_risk"), Decimal(20)), "standing.gap", "must_rise",
        id="limits of the gap cross",
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("figures", "small_volume"), -1), "figures.small_volume", "range", id="below nothing"
    ),
    pytest.param(
        KeyEdit("campaign.toml", ("figures", "small_volume"), Decimal("1.5")), "figures.small_volume", "not_whole",
        id="half a case",
    ),
    pytest.param(
        KeyEdit("indicators/online.toml", ("rule", "share"), Decimal(0)), "rule.share", "range_above", id="no share"
    ),
    pytest.param(KeyEdit("indicators/online.toml", ("sources",), ()), "sources", "no_sources", id="no source governs"),
    pytest.param(
        KeyEdit("indicators/online.toml", ("short_name", "vi"), "payment"), "short_name.vi", "name_taken",
        id="another indicator's name",
    ),
    pytest.param(
        KeyEdit("indicators/online.toml", ("knots",), ({"phase": "first", "time": 100, "way": 50},)),
        "knots[1].time", "knot_due", id="a knot on the due date",
    ),
    pytest.param(
        KeyEdit("sources.toml", ("igate", "schedule"), "6 o'clock"), "igate.schedule", "schedule", id="no schedule"
    ),
    pytest.param(
        KeyEdit("sources.toml", ("igate", "schedule"), "0 6 31 2 *"), "igate.schedule", "schedule_never",
        id="a time that never comes",
    ),
    pytest.param(
        KeyEdit("sources.toml", ("igate", "address"), None), "igate.address", "no_address", id="nowhere to ask"
    ),
    pytest.param(
        KeyEdit("sources.toml", ("igate", "address"), "ftp://igate.example"), "igate.address", "address_form", id="ftp"
    ),
    pytest.param(
        RowEdit("central.csv", {"indicator": "payment", "year": "2024", "level": ""},
                {"value": "145", "document": "7", "source": "7"}),
        "line 3, column value", "range", id="a target beyond the ceiling",
    ),
    pytest.param(
        RowEdit("central.csv", {"indicator": "payment", "year": "20241", "level": ""},
                {"value": "45", "document": "7", "source": "7"}),
        "line 3, column year", "year", id="no year",
    ),
    pytest.param(
        RowEdit("central.csv", {"indicator": "payment", "year": "2024", "level": ""}, {"value": "45", "source": "7"}),
        "line 3, column document", "empty", id="a target without a document",
    ),
    pytest.param(
        RowEdit("units.csv", {"code": "S1"}, {"head_phone": "abc"}), "line 3, column head_phone", "phone",
        id="a phone of letters",
    ),
    pytest.param(
        RowEdit("units.csv", {"code": "S1"}, {"head_name": "=1+1"}), "line 3, column head_name", "formula",
        id="a name that is a formula",
    ),
]  # fmt: skip


@pytest.mark.daily(12)
@on_one_engine
@pytest.mark.parametrize(("edit", "where", "code"), WRONG)
def test_what_init_would_refuse_is_refused_with_its_place_and_nothing_is_changed(world, edit, where, code):
    with pytest.raises(CampaignFilesError) as refused:
        world.change(edit)

    assert (where, code) in [(problem.where, problem.code) for problem in refused.value.problems]
    assert world.versions() == 1


@on_one_engine
@pytest.mark.parametrize("login", ["admin", "lanhdao", "nguoixem", "truong.h1"])
def test_nobody_but_the_coordinator_changes_the_campaign(world, login):
    with pytest.raises(Refused):
        world.change(UPLIFT, login=login)

    assert world.versions() == 1
    assert world.owed() == 60


@on_one_engine
def test_change_without_a_reason_is_refused(world):
    with pytest.raises(Incomplete):
        world.change(UPLIFT, reason=" ")

    assert world.owed() == 60


@on_one_engine
def test_files_that_this_program_cannot_read_are_told_with_their_mistakes_and_not_to_be_changed(world):
    with world.store.writing() as session:
        [row] = session.exec(select(CampaignFile).where(CampaignFile.file == "campaign.toml")).all()
        row.content = zlib.compress(zlib.decompress(row.content).replace(b"small_volume = 100", b"small_volume = -1"))
        session.add(row)

    opened = world.open()

    assert (opened.files, opened.is_editable) == (None, False)
    assert [problem.where for problem in opened.problems] == ["figures.small_volume"]
    with pytest.raises(CampaignFilesError):
        world.change(HEAD)


# --- two at once ----------------------------------------------------------------------------------------------------


def test_later_of_two_editors_is_told_what_changed_and_overwrites_nothing(world):
    seen = world.open().version
    world.change(UPLIFT, seen=seen, reason="cao hơn")

    with pytest.raises(EditConflict, match="dieuphoi changed the campaign at 09/03/2024 08:00") as result:
        world.change(KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(15)), seen=seen)

    assert [str(change) for change in result.value.changes] == ["indicators/online.toml, rule.uplift: “10” → “20”"]
    assert world.owed() == 70


@on_one_engine
def test_change_may_be_made_on_top_of_the_others_once_that_was_seen(world):
    seen = world.open().version
    world.change(UPLIFT, seen=seen)

    world.change(HEAD, seen=world.open().version)

    assert (world.owed(), world.unit("S1").head_name) == (70, "Nguyễn Văn A")


# --- looking before -------------------------------------------------------------------------------------------------


@pytest.mark.daily(1)
def test_preview_tells_what_a_change_would_do_and_leaves_no_trace(world):
    seen = world.foresee(UPLIFT)

    assert [change.new for change in seen.changes] == ["20"]
    assert (seen.targets, seen.units) == (9, 10)  # X5 ends before the second phase
    assert (world.owed(), world.versions()) == (60, 1)
    with world.store.reading() as session:
        assert find_differences(session) == []


@on_one_engine
def test_preview_counts_units_that_would_stand_elsewhere(world):
    seen = world.foresee(
        KeyEdit("campaign.toml", ("standing", "gap", "high_risk"), Decimal(90)),
        KeyEdit("campaign.toml", ("standing", "gap", "at_risk"), Decimal(80)),
    )

    assert (seen.targets, seen.standings) == (0, 1)


@on_one_engine
def test_preview_of_a_telephone_number_works_nothing_out(world):
    seen = world.foresee(HEAD)

    assert [change.key for change in seen.changes] == ["head_name", "head_phone"]
    assert (seen.targets, seen.standings, seen.is_nothing) == (0, 0, False)


@on_one_engine
def test_preview_says_which_rows_stay_in_the_store(world):
    seen = world.foresee(RowEdit("units.csv", {"code": "X2"}, None))

    assert [change.row for change in seen.staying] == [("X2",)]


@on_one_engine
@pytest.mark.parametrize("login", ["lanhdao", "truong.h1"])
def test_preview_is_for_those_who_may_change(world, login):
    with pytest.raises(Refused):
        world.foresee(UPLIFT, login=login)
