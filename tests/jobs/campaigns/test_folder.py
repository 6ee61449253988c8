"""A change of the campaign made in the files and the store, or in neither: by one, by two, and in a power cut."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from jobs.campaigns import folder as campaigns_folder
from jobs.campaigns.folder import (
    NOTE,
    EditConflict,
    FolderNotWritable,
    OpenedFolder,
    Seen,
    change_files,
    changing,
    find_settled,
    open_folder,
    settle,
)
from jobs.campaigns.initialise import initialise
from jobs.campaigns.preview import foresee
from models.campaign.actions import Founding
from models.campaign.files import find_followed, find_followed_since, find_texts
from models.catalogue import load_campaign_files
from models.catalogue.editing import KeyEdit, RowEdit
from models.core.audit import find_break
from models.core.settings import Settings
from models.core.store import Store
from models.results.inputs import load_campaign
from models.results.kept import find_differences
from models.tables import AuditEntry, UnitRow
from models.targets.queries import find_targets
from models.targets.registrations import Incomplete
from targets.errors import CampaignError, CampaignFilesError
from targets.permissions import Refused
from tests.campaign_folders import write_small
from tests.jobs.crashing import Crashes
from tests.models.accounts_world import by, people
from tests.models.conftest import PreparedStores, Small, at, context

UPLIFT = KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(20))
HEAD = RowEdit("units.csv", {"code": "S1"}, {"head_name": "Nguyễn Văn A", "head_phone": "0905 111 222"})


@dataclass
class World:
    """The small campaign in a folder and a store that has followed it, with people."""

    store: Store
    folder: Path
    settings: Settings

    def open(self) -> OpenedFolder:
        with self.store.reading() as session:
            return open_folder(session, self.settings)

    def change(
        self, *edits: Any, login: str = "dieuphoi", seen: Seen | None = None, reason: str = "decided", **other: str
    ) -> Founding:
        opened = self.open()

        def carry_out() -> Founding:
            with self.store.writing() as session:
                made = context(at("9/3 08:00"), reason=reason, **other)
                return change_files(session, self.folder, edits, seen=seen or opened.seen, context=_signed(made, login))

        return changing(self.store, self.folder, carry_out)

    def init(self) -> Founding:
        settle(self.store, self.folder)
        files = load_campaign_files(self.folder)
        done = initialise(
            self.store, files, with_demonstration=False, by="system:test", now=at("31/5"), tell=lambda _: None
        )
        return done.founding

    def owed(self, unit: str = "S1") -> Decimal | None:
        with self.store.reading() as session:
            return find_targets(session, units=[unit], indicator="online", phase="second")[0].value

    def entry(self) -> AuditEntry:
        with self.store.reading() as session:
            return session.exec(
                select(AuditEntry).where(AuditEntry.action == "change_campaign").order_by(AuditEntry.id.desc())
            ).first()

    def agree(self) -> bool:
        """Whether files and store say the same, to the last byte."""
        opened = self.open()
        with self.store.reading() as session:
            return opened.is_followed and find_texts(session) == opened.texts and find_break(session) is None


def _signed(made: Any, login: str) -> Any:
    return type(made)(by=login, reason=made.reason, now=made.now, document=made.document)


@pytest.fixture
def world(prepared: PreparedStores, database_url: str, tmp_path: Path) -> Iterator[World]:
    folder = write_small(tmp_path / "small")
    store = prepared.copy("followed", _follow_small, to=database_url)
    yield World(store, folder, Settings(home=tmp_path, database=database_url, campaign=str(folder)))
    store.close()


def _follow_small(store: Store) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = load_campaign_files(write_small(Path(folder) / "small"))
    initialise(store, files, with_demonstration=False, by="system:test", now=at("1/3"), tell=lambda _: None)
    small = Small(store)
    people(small)
    small.load(("S1", "online", "8/3", 30, 100))


@pytest.fixture
def in_file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


on_one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


# --- one change -----------------------------------------------------------------------------------------------------


def test_change_stands_in_the_file_in_the_store_and_in_the_audit_trail(world):
    done = world.change(UPLIFT, reason="cao hơn", document="700/KH")

    assert "uplift = 20\n" in (world.folder / UPLIFT.file).read_text("utf-8")
    assert world.owed() == 70
    assert [str(change) for change in done.differences] == ["indicators/online.toml, rule.uplift: “10” → “20”"]
    entry = world.entry()
    assert (entry.by, entry.reason, entry.document) == ("dieuphoi", "cao hơn", "700/KH")
    assert entry.old == {"indicators/online.toml, rule.uplift": "10"}
    assert entry.new["indicators/online.toml, rule.uplift"] == "20"
    assert world.agree()
    with world.store.reading() as session:
        assert find_differences(session) == []


def test_init_finds_nothing_to_do_after_a_change_on_screen(world):
    world.change(UPLIFT, HEAD)

    founding = world.init()

    assert (founding.has_new_files, founding.changes, founding.differences) == (False, 0, ())


@on_one_engine
def test_head_is_known_at_once_with_title_and_phone(world):
    world.change(HEAD)

    with world.store.reading() as session:
        row = session.exec(select(UnitRow).where(UnitRow.code == "S1")).one()
    assert (row.head_name, row.head_phone) == ("Nguyễn Văn A", "0905 111 222")


@on_one_engine
def test_change_in_several_files_is_one_change(world):
    world.change(
        UPLIFT, HEAD, KeyEdit("campaign.toml", ("figures", "small_volume"), 50),
        KeyEdit("sources.toml", ("igate", "enabled"), False),
    )  # fmt: skip

    assert world.agree()
    with world.store.reading() as session:
        campaign = load_campaign(session)
        assert len(find_followed_since(session, "")) == 2
    assert (campaign.small_volume, campaign.source("igate").enabled) == (50, False)


@on_one_engine
def test_change_that_changes_nothing_leaves_no_version(world):
    done = world.change(KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(10)))

    assert not done.has_new_files
    with world.store.reading() as session:
        assert len(find_followed_since(session, "")) == 1


@on_one_engine
def test_files_keep_their_permissions(world):
    path = world.folder / "units.csv"
    path.chmod(0o640)

    world.change(HEAD)

    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in world.folder.iterdir() if path.name.startswith(".")) == []


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
        KeyEdit("sources.toml", ("igate", "address"), "ftp://igate.example"), "igate.address", "", id="ftp"
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


@on_one_engine
@pytest.mark.parametrize(("edit", "where", "code"), WRONG)
def test_what_init_would_refuse_is_refused_with_its_place_and_nothing_is_changed(world, edit, where, code):
    before = world.open()

    with pytest.raises(CampaignFilesError) as refused:
        world.change(edit)

    assert (where, code) in [(problem.where, problem.code) for problem in refused.value.problems]
    assert world.open().texts == before.texts
    assert world.agree()


@on_one_engine
@pytest.mark.parametrize("login", ["admin", "lanhdao", "nguoixem", "truong.h1"])
def test_nobody_but_the_coordinator_changes_the_campaign(world, login):
    with pytest.raises(Refused):
        world.change(UPLIFT, login=login)

    assert world.agree()
    assert world.owed() == 60


@on_one_engine
def test_change_without_a_reason_is_refused(world):
    with pytest.raises(Incomplete):
        world.change(UPLIFT, reason=" ")

    assert world.owed() == 60


@on_one_engine
def test_folder_that_can_only_be_read_is_said_and_left_alone(world, monkeypatch):
    monkeypatch.setattr(campaigns_folder.os, "access", lambda place, mode: False)

    assert not world.open().is_editable
    with pytest.raises(FolderNotWritable, match="python -m jobs init"):
        world.change(UPLIFT)

    assert world.agree()


def test_files_are_put_back_where_the_store_refuses(world, monkeypatch):
    before = world.open().texts

    def broken(*_: object, **__: object) -> None:
        raise CampaignError("the store refuses")

    monkeypatch.setattr(campaigns_folder, "found_campaign", broken)
    with pytest.raises(CampaignError, match="the store refuses"):
        world.change(UPLIFT, HEAD)

    assert world.open().texts == before
    assert not (world.folder / NOTE).exists()
    assert world.agree()


# --- two at once ----------------------------------------------------------------------------------------------------


def test_later_of_two_editors_is_told_what_changed_and_overwrites_nothing(world):
    seen = world.open().seen
    world.change(UPLIFT, seen=seen, reason="cao hơn")

    with pytest.raises(EditConflict, match="dieuphoi changed the campaign at 09/03/2024 08:00") as result:
        world.change(KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(15)), seen=seen)

    assert [str(change) for change in result.value.changes] == ["indicators/online.toml, rule.uplift: “10” → “20”"]
    assert world.owed() == 70
    assert world.agree()


@on_one_engine
def test_change_may_be_made_on_top_of_the_others_once_that_was_seen(world):
    seen = world.open().seen
    world.change(UPLIFT, seen=seen)

    world.change(HEAD, seen=world.open().seen)

    assert world.owed() == 70
    assert world.agree()


@on_one_engine
def test_file_changed_on_the_disk_meanwhile_is_not_overwritten(world):
    seen = world.open().seen
    path = world.folder / "campaign.toml"
    path.write_bytes(path.read_bytes().replace(b"small_volume = 100", b"small_volume = 60"))

    with pytest.raises(EditConflict, match="changed on the disk") as result:
        world.change(UPLIFT, seen=seen)

    assert [change.key for change in result.value.changes] == ["figures.small_volume"]
    assert b"small_volume = 60" in path.read_bytes()
    assert world.owed() == 60


# --- what somebody wrote into the files -----------------------------------------------------------------------------


def test_store_follows_on_screen_what_was_written_into_the_files(world):
    path = world.folder / "campaign.toml"
    path.write_bytes(path.read_bytes().replace(b"small_volume = 100", b"small_volume = 60"))
    opened = world.open()

    done = world.change(reason="sửa trên máy chủ")

    assert (opened.is_followed, [change.new for change in opened.waiting]) == (False, ["60"])
    assert [change.new for change in done.differences] == ["60"]
    assert world.agree()


@on_one_engine
def test_folder_with_mistakes_is_opened_with_every_one_of_them(world):
    path = world.folder / "campaign.toml"
    path.write_bytes(path.read_bytes().replace(b"small_volume = 100", b"small_volume = -1"))

    opened = world.open()

    assert (opened.files, opened.is_editable) == (None, False)
    assert [problem.where for problem in opened.problems] == ["figures.small_volume"]


@on_one_engine
def test_another_campaigns_folder_is_never_written_to(world):
    path = world.folder / "campaign.toml"
    path.write_bytes(path.read_bytes().replace(b'key = "small"', b'key = "other"'))

    opened = world.open()

    assert (opened.other_campaign, opened.is_editable) == ("other", False)


@on_one_engine
def test_folder_that_is_not_there_is_no_mistake(world):
    settings = world.settings.model_copy(update={"campaign": "nowhere"})

    with world.store.reading() as session:
        opened = open_folder(session, settings)
    find_settled(world.store, settings)

    assert (opened.folder, opened.is_editable, opened.texts) == (None, False, {})


# --- looking before -------------------------------------------------------------------------------------------------


def test_preview_tells_what_a_change_would_do_and_leaves_no_trace(world):
    opened = world.open()

    seen = foresee(
        world.store, world.folder, [UPLIFT], seen=opened.seen, as_of=date(2024, 3, 9), context=by("dieuphoi")
    )

    assert [change.new for change in seen.changes] == ["20"]
    assert (seen.targets, seen.units) == (10, 10)
    assert world.owed() == 60
    assert world.agree()
    with world.store.reading() as session:
        assert find_differences(session) == []


@on_one_engine
def test_preview_counts_units_that_would_stand_elsewhere(world):
    edit = KeyEdit("campaign.toml", ("standing", "gap", "high_risk"), Decimal(90))
    edits = [edit, KeyEdit("campaign.toml", ("standing", "gap", "at_risk"), Decimal(80))]

    seen = foresee(
        world.store, world.folder, edits, seen=world.open().seen, as_of=date(2024, 3, 9), context=by("dieuphoi")
    )

    assert (seen.targets, seen.standings) == (0, 1)


@on_one_engine
def test_preview_of_a_telephone_number_works_nothing_out(world):
    seen = foresee(
        world.store, world.folder, [HEAD], seen=world.open().seen, as_of=date(2024, 3, 9), context=by("dieuphoi")
    )

    assert [change.key for change in seen.changes] == ["head_name", "head_phone"]
    assert (seen.targets, seen.standings, seen.is_nothing) == (0, 0, False)


@on_one_engine
def test_preview_says_which_rows_stay_in_the_store(world):
    gone = [RowEdit("units.csv", {"code": "X2"}, None)]

    seen = foresee(
        world.store, world.folder, gone, seen=world.open().seen, as_of=date(2024, 3, 9), context=by("dieuphoi")
    )

    assert [change.row for change in seen.staying] == [("X2",)]


@on_one_engine
@pytest.mark.parametrize("login", ["lanhdao", "truong.h1"])
def test_preview_is_for_those_who_may_change(world, login):
    with pytest.raises(Refused):
        foresee(world.store, world.folder, [UPLIFT], seen=world.open().seen, as_of=date(2024, 3, 9), context=by(login))


# --- a power cut ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crashes() -> Iterator[Crashes]:
    process = Crashes("tests.jobs.campaign_crashing")
    yield process
    process.close()


def crash(crashes: Crashes, world: World, point: int) -> str:
    """Make a change in a process that ends at its so-manyth step; answers `killed`, or `ended` with how many it had."""
    return crashes.outcome(world.settings.database, world.folder, kill_at=point)


@pytest.mark.soak
def test_power_cut_at_any_step_leaves_files_and_store_agreeing_after_the_next_start(world, crashes):
    """The steps: note, each of two files, the store's change, its commit, the note struck out."""
    started = world.open()
    outcomes = []
    for point in range(1, 8):
        outcome = crash(crashes, world, point)
        founding = world.init()
        assert not (world.folder / NOTE).exists()
        assert world.agree(), point
        assert not founding.has_new_files, point
        is_made = world.open().texts != started.texts
        outcomes.append((outcome, is_made))
        if is_made:
            break

    assert outcomes[:-1] == [("killed", False)] * (len(outcomes) - 1)
    assert len(outcomes) >= 5
    assert outcomes[-1][1]
    assert world.owed() == 70


@on_one_engine
def test_file_that_was_mended_by_hand_after_a_power_cut_stays_as_it_is(world, crashes):
    crash(crashes, world, 3)
    path = world.folder / "campaign.toml"
    path.write_bytes(path.read_bytes().replace(b"small_volume = 50", b"small_volume = 70"))

    founding = world.init()

    assert [(change.key, change.new) for change in founding.differences] == [("figures.small_volume", "70")]
    assert world.agree()


@on_one_engine
def test_nothing_is_settled_where_nothing_was_broken_off(world):
    assert settle(world.store, world.folder) is False
    with world.store.reading() as session:
        assert find_followed(session).reason == "init"
