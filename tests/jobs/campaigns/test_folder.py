"""The campaign's folder beside its store: written out and read back, taken in, and nothing overwritten unasked."""

import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import col, select

from jobs.campaigns.changing import change_campaign, load_checked, open_campaign
from jobs.campaigns.folder import FolderDiffers, FolderNotTaken, export_folder, take_folder
from jobs.campaigns.initialise import Initialised, initialise
from models.campaign.actions import WrongStore
from models.campaign.files import find_texts, find_version
from models.catalogue import load_campaign_files, read_texts
from models.catalogue.changes import changes_between
from models.catalogue.editing import Edit, KeyEdit, RowEdit, edited
from models.catalogue.folder import fingerprint_of
from models.core.settings import CAMPAIGNS
from models.core.store import Store
from models.readings.actions import record_scores
from models.readings.loading import Arrival, open_run
from models.results.inputs import load_campaign
from models.tables import AuditEntry, CampaignFile, CampaignVersion
from models.targets.assigning import find_central
from models.units.actions import record_units
from targets.errors import StoreNotReady
from targets.values import Unit
from tests.bundled_campaigns import bundled_keys
from tests.campaign_folders import write_small
from tests.models.conftest import PreparedStores, Small, at, context

VOLUME = KeyEdit("campaign.toml", ("figures", "small_volume"), 50)
UPLIFT = KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(20))
HEAD = RowEdit("units.csv", {"code": "S1"}, {"head_name": "Nguyễn Văn A"})
PAYMENT = {"indicator": "payment", "year": "2024", "level": ""}


@dataclass
class World:
    """A store beside the folder that it has taken in."""

    small: Small
    folder: Path

    def init(self, **options: object) -> Initialised:
        files = load_campaign_files(self.folder)
        given = {"with_demonstration": False, "by": "system:x", "now": at("2/6"), "tell": lambda _: None}
        return initialise(self.small.store, files, **given | options)

    def on_screen(self, *edits: Edit) -> None:
        seen = self.small.asked(find_version).version
        self.small.changed(change_campaign, edits, seen=seen, context=context("1/4"))

    def on_disk(self, *edits: Edit) -> None:
        for file, content in edited(read_texts(self.folder), edits).items():
            (self.folder / file).write_bytes(content)

    def imported(self, *units: Unit) -> None:
        self.small.changed(record_units, units, is_whole=False, context=context("1/4"))

    def held(self) -> dict[str, bytes]:
        return self.small.asked(open_campaign).held

    def volume(self) -> int:
        return self.small.asked(load_campaign).small_volume

    def uplift(self) -> Decimal:
        return self.small.asked(load_campaign).indicator("online").rule.uplift

    def export(self, folder: Path, *, replace: bool = False) -> None:
        self.small.asked(export_folder, folder, replace=replace)


@pytest.fixture
def world(prepared: PreparedStores, tmp_path: Path) -> Iterator[World]:
    folder = write_small(tmp_path / "small")
    store = prepared.copy("taken in", _take_in, to=f"sqlite:///{tmp_path / 'store.db'}")
    yield World(Small(store), folder)
    store.close()


def _take_in(store: Store) -> None:
    with tempfile.TemporaryDirectory() as place:
        files = load_campaign_files(write_small(Path(place) / "small"))
    initialise(store, files, with_demonstration=False, by="system:x", now=at("1/3"), tell=lambda _: None)


# --- written out and read back --------------------------------------------------------------------------------------


def changed(world: World) -> None:
    """Everything that can be other than the files: on screen, imported, entered on another page, withdrawn."""
    world.on_screen(VOLUME, UPLIFT, HEAD, KeyEdit("sources.toml", ("igate", "schedule"), "30 7 * * *"))
    world.imported(Unit("X6", "commune", "UBND xã Sáu", "H2", aliases=("Sáu", "So 6")))
    world.small.set_central("payment", "45.50")
    world.small.set_baseline("X2", "online", None, numerator=3, denominator=10)
    world.small.set_baseline("S1", "online", None)


def test_campaign_as_it_was_taken_in_is_written_out_byte_for_byte(world, tmp_path):
    world.export(tmp_path / "out")

    assert read_texts(tmp_path / "out") == read_texts(world.folder)


def test_changed_campaign_is_the_same_when_it_is_read_back_and_taking_it_in_changes_nothing(world, tmp_path):
    changed(world)
    before = (world.small.asked(load_campaign), world.small.asked(find_central))
    world.export(tmp_path / "out")

    files = load_campaign_files(tmp_path / "out")
    assert files.campaign == before[0]
    assert {unit.code: unit.aliases for unit in files.units}["X6"] == ("Sáu", "So 6")
    assert ("X2", 3, 10) in [(row.unit, row.numerator, row.denominator) for row in files.baselines]
    world.folder = tmp_path / "out"
    done = world.init()

    assert (done.left, done.founding.changes) == ((), 0)
    assert (world.small.asked(load_campaign), world.small.asked(find_central)) == before
    assert world.held() == files.texts


def test_same_store_is_written_out_the_same_and_only_changed_files_differ(world, tmp_path):
    world.on_screen(VOLUME)
    world.export(tmp_path / "one")
    world.export(tmp_path / "two")

    one, two, before = (read_texts(folder) for folder in (tmp_path / "one", tmp_path / "two", world.folder))

    assert one == two
    assert {file for file in one if one[file] != before[file]} == {"campaign.toml"}


@pytest.mark.daily(1)
@pytest.mark.parametrize("key", bundled_keys("cap-huyen-30-ngay", "hai-cap-2026"))
def test_bundled_campaign_is_the_same_when_it_is_read_back_even_where_every_file_was_changed(tmp_path, key):
    bundled = load_campaign_files(CAMPAIGNS / key)
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    initialise(store, bundled, with_demonstration=False, by="system:x", now=at("1/6"), tell=lambda _: None)
    world = World(Small(store), CAMPAIGNS / key)
    code, name = bundled.units[-1].code, bundled.units[-1].head_name or ""
    edits = [
        KeyEdit("campaign.toml", ("short_title", "vi"), "x"),
        KeyEdit("sources.toml", ("file", "name", "vi"), "x"),
        *(KeyEdit(f"indicators/{each.key}.toml", ("counted", "vi"), "x") for each in bundled.campaign.indicators),
        RowEdit("units.csv", {"code": code}, {"head_name": "x"}),
    ]
    back = [
        KeyEdit("campaign.toml", ("short_title", "vi"), bundled.campaign.short_title.vi),
        KeyEdit("sources.toml", ("file", "name", "vi"), bundled.campaign.source("file").name.vi),
        *(
            KeyEdit(f"indicators/{each.key}.toml", ("counted", "vi"), each.counted.vi)
            for each in bundled.campaign.indicators
        ),
        RowEdit("units.csv", {"code": code}, {"head_name": name}),
    ]
    world.on_screen(*edits)
    world.on_screen(*back)

    world.export(tmp_path / "out")

    files = load_campaign_files(tmp_path / "out")
    assert files.fingerprint != bundled.fingerprint
    assert replace(files, fingerprint=bundled.fingerprint) == bundled
    store.close()


def test_folder_that_was_taken_in_is_brought_up_to_the_store_and_what_else_lies_there_stays(world):
    (world.folder / "README.md").write_text("ours")
    world.on_screen(VOLUME)

    world.export(world.folder)

    assert load_campaign_files(world.folder).campaign.small_volume == 50
    assert (world.folder / "README.md").read_text() == "ours"
    assert world.init().left == ()


def test_indicator_that_the_campaign_has_no_more_is_taken_out_of_the_folder(world, tmp_path):
    extra = write_small(tmp_path / "other")
    text = (extra / "indicators" / "payment.toml").read_text().replace("payment", "extra").replace("PAYMENT", "EXTRA")
    (extra / "indicators" / "extra.toml").write_text(text.replace("order = 4", "order = 5"))

    world.export(extra, replace=True)

    assert read_texts(extra) == read_texts(world.folder)


def test_folder_with_what_the_store_does_not_know_is_not_written_over_unless_that_is_wanted(world):
    world.on_screen(VOLUME)
    world.on_disk(UPLIFT)

    with pytest.raises(FolderNotTaken, match="“10” → “20”"):
        world.export(world.folder)
    assert load_campaign_files(world.folder).campaign.indicator("online").rule.uplift == 20
    world.export(world.folder, replace=True)

    assert changes_between(world.held(), read_texts(world.folder)) == ()


def test_folder_of_something_else_is_left_alone(world, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"x")

    with pytest.raises(FolderNotTaken, match="holds something else"):
        world.export(tmp_path / "photos")


def test_file_is_written_whole_or_not_at_all(world, monkeypatch):
    world.on_screen(VOLUME)
    before, write = read_texts(world.folder), Path.write_bytes

    def broken_off(path, content):
        write(path, content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", broken_off)
    with pytest.raises(OSError, match="No space"):
        world.export(world.folder)

    assert read_texts(world.folder) == before


def test_store_without_files_is_not_written_out(world, tmp_path):
    with world.small.store.writing() as session:
        for row in session.exec(select(CampaignFile)).all():
            session.delete(row)

    with pytest.raises(StoreNotReady, match="keeps no files"):
        world.export(tmp_path / "out")


# --- taken in -------------------------------------------------------------------------------------------------------


def test_folder_that_alone_was_changed_is_followed_unasked_and_what_was_imported_stays(world):
    world.imported(Unit("S1", "department", "Sở Một", "P", head_name="Nguyễn Văn B"))
    world.on_disk(VOLUME)

    done = world.init()

    assert ([change.new for change in done.founding.differences], done.left) == (["50"], ())
    assert "Nguyễn Văn B" in world.held()["units.csv"].decode()


def test_another_cell_of_a_unit_is_followed_unasked_and_the_one_that_was_imported_stays(world):
    world.imported(Unit("S1", "department", "Sở Một", "P", head_name="Nguyễn Văn B"))
    world.on_disk(RowEdit("units.csv", {"code": "S1"}, {"name": "Sở Một mới"}))

    done = world.init()

    [row] = [line for line in world.held()["units.csv"].decode().splitlines() if line.startswith("S1,")]
    assert done.left == ()
    assert "Sở Một mới" in row
    assert "Nguyễn Văn B" in row


def test_store_that_alone_was_changed_stays_and_what_differs_is_told(world):
    world.on_screen(VOLUME)

    done = world.init()

    assert not done.founding.has_new_files
    assert [str(change) for change in done.left] == ["campaign.toml, figures.small_volume: “50” → “100”"]
    assert world.volume() == 50


def test_folder_is_taken_back_where_that_is_wanted(world):
    world.on_screen(VOLUME)

    done = world.init(take="file")

    assert (done.left, world.volume()) == ((), 100)
    assert world.init().left == ()


def test_where_both_were_changed_nothing_is_taken_until_somebody_says_which_holds(world):
    world.on_screen(VOLUME)
    world.on_disk(UPLIFT)

    with pytest.raises(FolderDiffers) as differs:
        world.init()

    assert [change.place for change in differs.value.changes] == ["figures.small_volume", "rule.uplift"]
    assert "--take file" in str(differs.value)
    assert (world.volume(), world.uplift()) == (50, 10)


def test_folder_wins_where_it_is_taken(world):
    world.on_screen(VOLUME)
    world.on_disk(UPLIFT)

    done = world.init(take="file")

    assert len(done.founding.differences) == 2
    assert (world.volume(), world.uplift()) == (100, 20)


def test_store_wins_where_it_is_left_and_is_not_asked_again_until_the_folder_changes(world):
    world.on_screen(VOLUME)
    world.on_disk(UPLIFT)

    left = world.init(take="store").left

    assert len(left) == 2
    assert world.init().left == left
    assert (world.volume(), world.uplift()) == (50, 10)
    world.on_disk(HEAD)
    with pytest.raises(FolderDiffers):
        world.init()
    assert world.init(take="file").left == ()
    assert (world.volume(), world.uplift()) == (100, 20)


def test_what_was_left_stands_in_the_audit_trail(world):
    world.on_disk(UPLIFT)
    world.init(take="store")

    with world.small.store.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert (entry.action, entry.new["indicators/online.toml, rule.uplift"]) == ("leave_folder", "20")


def test_target_that_was_entered_on_another_page_is_not_overwritten_unasked(world):
    world.small.set_central("payment", "45.5")
    world.on_disk(VOLUME)
    world.init()
    world.on_disk(RowEdit("central.csv", PAYMENT, {"value": "46", "document": "7", "source": "7"}))

    with pytest.raises(FolderDiffers) as differs:
        world.init()

    assert {change.row for change in differs.value.changes} == {("payment", "2024", "")}
    assert [(change.old, change.new) for change in differs.value.changes if change.key == "value"] == [("45.5", "46")]
    world.init(take="file")
    assert {row.indicator: row.value for row in world.small.asked(find_central)}["payment"] == 46


def test_folder_that_says_what_the_store_says_is_nobodys_question(world):
    world.on_screen(VOLUME)
    world.on_disk(VOLUME)

    done = world.init()

    assert (done.founding.differences, done.left, world.volume()) == ((), (), 50)


def test_folder_that_is_not_the_stores_own_is_asked_about_and_the_own_one_does_not_undo_it(world, tmp_path):
    world.export(tmp_path / "copy")
    copy = edited(read_texts(tmp_path / "copy"), [VOLUME])

    def taken(take):
        options = {"take": take, "is_own": False, "context": context("2/4")}
        return world.small.changed(take_folder, load_checked(copy), **options)

    with pytest.raises(FolderDiffers):
        taken(None)
    assert (len(taken("store")[1]), world.volume()) == (1, 100)
    assert (len(taken("file")[0].differences), world.volume()) == (1, 50)
    assert [change.new for change in world.init().left] == ["100"]
    world.on_disk(UPLIFT)
    with pytest.raises(FolderDiffers):
        world.init()
    assert (world.volume(), world.uplift()) == (50, 10)


@pytest.mark.parametrize("take", [None, "file", "store"])
def test_folder_of_another_campaign_is_refused_whatever_is_said(world, take):
    world.on_disk(KeyEdit("campaign.toml", ("key",), "other"))

    with pytest.raises(WrongStore):
        world.init(take=take)


def test_question_names_what_the_store_holds_now_and_not_what_its_files_said(world, tmp_path):
    world.imported(Unit("S1", "department", "Sở Một", "P", head_name="Nguyễn Văn B"))
    world.export(tmp_path / "copy")
    world.imported(Unit("S1", "department", "Sở Một", "P", head_name="Nguyễn Văn C"))
    files = load_checked(edited(read_texts(tmp_path / "copy"), [VOLUME]))

    with pytest.raises(FolderDiffers) as differs:
        world.small.changed(take_folder, files, is_own=False, context=context("2/4"))

    assert [(change.old, change.new) for change in differs.value.changes] == [
        ("100", "50"),
        ("Nguyễn Văn C", "Nguyễn Văn B"),
    ]


def test_registration_agreed_otherwise_since_is_not_overwritten_unasked_and_is_written_out(world, tmp_path):
    place = {"unit": "S1", "indicator": "online", "phase": "first"}
    row = {"value": "60", "document": "2/KH", "date": "2024-03-01", "source": "2/KH"}
    world.on_disk(RowEdit("registrations.csv", place, row))
    world.init()
    world.small.register("S1", "online", "first", "70")
    world.on_disk(RowEdit("registrations.csv", place, {"note": "chép tay"}))

    with pytest.raises(FolderDiffers) as differs:
        world.init()

    assert ("70", "60") in [(change.old, change.new) for change in differs.value.changes]
    world.export(tmp_path / "out")
    assert str(load_campaign_files(tmp_path / "out").registrations[0].value) == "70"


def test_folder_that_was_brought_up_to_the_store_makes_no_version_and_disturbs_no_form(world):
    world.on_screen(VOLUME)
    before = world.small.asked(find_version)
    world.export(world.folder)

    done = world.init()

    assert (done.founding.has_new_files, done.left) == (False, ())
    assert world.small.asked(find_version).version == before.version
    world.init()
    world.on_disk(UPLIFT)
    assert world.init().founding.differences
    assert (world.volume(), world.uplift()) == (50, Decimal(20))


def test_export_onto_a_file_says_so_and_leaves_it(world, tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(FolderNotTaken, match="is a file"):
        world.export(tmp_path / "out", replace=True)

    assert (tmp_path / "out").read_text() == "a file"


def test_score_published_otherwise_since_is_not_overwritten_by_a_note_and_is_written_out(world, tmp_path):
    place = {"unit": "P", "indicator": "", "year": "2023", "source": "file", "rank_group": "cả nước"}
    world.on_disk(RowEdit("scores.csv", place, {"points": "53.13", "max_points": "100", "rank": "61", "rank_of": "63"}))
    world.init()
    [published] = load_campaign_files(world.folder).scores
    with world.small.store.writing() as session:
        run, _ = open_run(session, Arrival(kind="scores", source="file"), context("1/4"))
        record_scores(session, [replace(published, points=Decimal("54.5"))], run=run, is_simulated=False)
    world.on_disk(RowEdit("scores.csv", place, {"note": "chép tay"}))

    with pytest.raises(FolderDiffers) as differs:
        world.init()

    assert ("54.5", "53.13") in [(change.old, change.new) for change in differs.value.changes]
    world.export(tmp_path / "out")
    assert load_campaign_files(tmp_path / "out").scores[0].points == Decimal("54.5")


def test_over_files_that_this_program_cannot_read_a_changed_folder_is_asked_about_and_what_was_imported_stays(world):
    world.imported(Unit("S1", "department", "Sở Một", "P", head_name="Nguyễn Văn B"))
    with world.small.store.writing() as session:
        row = session.exec(select(CampaignFile).where(CampaignFile.file == "campaign.toml")).one()
        row.content = zlib.compress(b"gone = 1\n" + zlib.decompress(row.content))
        version = session.exec(select(CampaignVersion)).one()
        version.fingerprint = fingerprint_of(find_texts(session))

    with pytest.raises(FolderDiffers) as differs:
        world.init()

    assert [change.key for change in differs.value.changes] == ["gone"]
    world.init(take="file")
    assert "Nguyễn Văn B" in world.held()["units.csv"].decode()


def test_table_is_compared_as_it_is_read_whatever_its_line_ends_blanks_and_empty_lines(world):
    table = world.folder / "units.csv"
    header, _, rows = table.read_text("utf-8").partition("\n")
    table.write_bytes(f"{',' * header.count(',')}\n{header.replace(',', ' , ')}\n{rows}".replace("\n", "\r").encode())

    done = world.init()

    assert (done.founding.has_new_files, done.founding.differences) == (True, ())
    world.on_screen(HEAD)
    assert [change.place for change in changes_between(read_texts(world.folder), world.held())] == ["S1, head_name"]


def test_folder_whose_table_is_no_csv_is_not_written_over(world):
    (world.folder / "units.csv").write_bytes(b"code," + b"x" * 200_000)

    with pytest.raises(FolderNotTaken):
        world.export(world.folder)
