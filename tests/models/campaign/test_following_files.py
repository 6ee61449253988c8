"""Files followed again: what they say anew is taken over, what was imported or entered since stays, rows taken out."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import col, select

from models.campaign import actions as founding_module
from models.campaign.actions import found_campaign
from models.campaign.files import find_texts, find_versions_since
from models.catalogue import load_campaign_texts, read_texts
from models.catalogue.editing import KeyEdit, RowEdit, edited
from models.core.audit import find_state
from models.readings.actions import record_central
from models.readings.records import CentralRecord
from models.tables import (
    AuditEntry,
    Baseline,
    CampaignFile,
    CampaignVersion,
    CentralTarget,
    Reading,
    Run,
    Series,
    Target,
    Task,
    UnitRow,
)
from models.targets.assigning import find_central
from models.units.actions import record_units
from targets.errors import CampaignFilesError
from targets.values import Unit
from tests.campaign_folders import write_small
from tests.models.conftest import Small, context, on_each_engine, postgresql_in_soak, small_files

CENTRAL = {"indicator": "online", "year": "2024", "level": ""}
BASELINE = {"unit": "S1", "indicator": "online", "year": "2023"}


class Followed:
    """The small campaign's store with the files it has followed, as texts."""

    def __init__(self, small: Small, texts: dict[str, bytes]) -> None:
        self.small, self.texts = small, texts
        self.follow()

    def follow(self, *edits, when="1/4 08:00", **other):
        self.texts = edited(self.texts, edits)
        return self.small.found(load_campaign_texts(self.texts), when=when)

    def central(self):
        return {(row.indicator, row.level): row.value for row in self.small.asked(find_central)}

    def newest(self, table, **which):
        with self.small.store.reading() as session:
            rows = session.exec(select(table).order_by(col(table.id).desc())).all()
        return next(row for row in rows if all(getattr(row, name) == value for name, value in which.items()))

    def unit(self, code):
        return self.newest(UnitRow, code=code)


@pytest.fixture
def followed(small, tmp_path):
    return Followed(small, read_texts(write_small(tmp_path / "small")))


@postgresql_in_soak
def test_target_entered_on_a_page_stays_when_the_files_change_elsewhere(followed):
    followed.small.set_central("online", "55")

    followed.follow(KeyEdit("campaign.toml", ("figures", "small_volume"), 50))

    assert followed.central()["online", ""] == 55


def test_folder_brought_up_to_what_was_changed_on_screen_makes_no_version(followed):
    before = followed.texts
    on_screen = edited(before, [KeyEdit("campaign.toml", ("figures", "small_volume"), 50)])
    files = load_campaign_texts(on_screen)
    with followed.small.store.writing() as session:
        found_campaign(session, files, changed_from=before, context=context("1/4 09:00"))
    versions = followed.small.count("campaign_version")

    written_out = followed.small.found(files, when="1/4 10:00")

    assert (written_out.has_new_files, followed.small.count("campaign_version")) == (False, versions)
    assert followed.newest(CampaignVersion).fingerprint == files.fingerprint


def test_target_follows_its_file_again_once_the_file_says_something_new(followed):
    followed.small.set_central("online", "55")

    followed.follow(RowEdit("central.csv", CENTRAL, {"value": "58"}))

    assert followed.central()["online", ""] == 58


@postgresql_in_soak
def test_row_taken_out_of_central_withdraws_the_target_and_what_was_proposed_from_it(followed):
    done = followed.follow(RowEdit("central.csv", CENTRAL, None))

    assert followed.central()["online", ""] is None
    assert (done.central.revised, done.changes) == (1, 1)
    owed = followed.newest(Target, unit_id=followed.small.ids["S1"], indicator="online", phase="second")
    assert (owed.value, owed.because) == (None, "central_target_missing")
    assert followed.small.differences() == []


def test_target_that_was_withdrawn_already_is_not_withdrawn_again(followed):
    followed.small.set_central("online", None)

    done = followed.follow(RowEdit("central.csv", CENTRAL, None))

    assert done.central.changes == 0
    assert followed.newest(CentralTarget, indicator="online").document == "700/QĐ"


def test_row_taken_out_of_baselines_withdraws_the_result(followed):
    followed.follow(RowEdit("baselines.csv", BASELINE, None))

    row = followed.newest(Baseline, unit_id=followed.small.ids["S1"], indicator="online")
    assert (row.version, row.value) == (2, None)
    owed = followed.newest(Target, unit_id=followed.small.ids["S1"], indicator="online", phase="second")
    assert owed.because == "baseline_missing"
    assert followed.small.differences() == []


def test_rows_of_units_and_registrations_stay_and_are_named(followed):
    agreed = {"unit": "S1", "indicator": "publicity", "phase": "first"}
    followed.follow(RowEdit("registrations.csv", agreed, {"value": "100", "document": "3/KH", "source": "a plan"}))

    done = followed.follow(
        RowEdit("registrations.csv", agreed, None), RowEdit("units.csv", {"code": "X2"}, None), when="2/4 08:00"
    )

    assert [(change.file, change.row[0]) for change in done.staying] == [
        ("units.csv", "X2"),
        ("registrations.csv", "S1"),
    ]
    assert followed.unit("X2").name == "UBND xã Hai"
    assert followed.newest(Target, origin="registered").value == 100


PUBLISHED = {"unit": "S1", "indicator": "online", "as_of": "2024-03-31", "scope": "", "source": "monthly"}


def test_published_figures_are_taken_in_and_revised_and_stay_when_their_rows_go(followed):
    first = {"numerator": "30", "denominator": "40", "note": "from a report"}
    taken = followed.follow(RowEdit("readings.csv", PUBLISHED, first))
    same = followed.follow(KeyEdit("campaign.toml", ("figures", "small_volume"), 50), when="2/4 08:00")
    revised = followed.follow(RowEdit("readings.csv", PUBLISHED, first | {"numerator": "31"}), when="3/4 08:00")
    gone = followed.follow(RowEdit("readings.csv", PUBLISHED, None), when="4/4 08:00")

    with followed.small.store.reading() as session:
        told = session.exec(select(Reading).order_by(col(Reading.revision))).all()
        series, runs = session.exec(select(Series)).one(), session.exec(select(Run)).all()
    assert [(row.numerator, row.denominator, row.revision, row.note) for row in told] == [
        (30, 40, 1, "from a report"), (31, 40, 2, "from a report"),
    ]  # fmt: skip
    assert (series.scope, series.basis, series.simulated) == ("own", "month", False)
    assert [(run.kind, run.file_name, run.status, run.received) for run in runs] == [
        ("readings", "readings.csv", "done", 1)
    ] * 2
    assert [done.readings.changes for done in (taken, same, revised, gone)] == [1, 0, 1, 0]
    assert [(change.file, change.row[0]) for change in gone.staying] == [("readings.csv", "S1")]
    assert followed.small.differences() == []


def test_tasks_of_a_plan_are_given_and_one_that_is_shown_to_be_done_is_settled(followed):
    place = {"unit": "S1", "document": "3/KH", "number": "1", "what": "Count anew"}
    given = followed.follow(RowEdit("tasks.csv", place, {"who": "the head", "due": "2024-04-30"}))
    open_task = followed.newest(Task, number="1")
    done = followed.follow(
        RowEdit("tasks.csv", place, {"who": "the head", "due": "2024-04-30", "done": "report 4/BC"}), when="2/4 08:00"
    )

    task = followed.newest(Task, number="1")
    assert (open_task.state, open_task.what, open_task.who) == ("open", "Count anew", "the head")
    assert (task.state, task.progress, task.decided_by) == ("done", "report 4/BC", context("2/4 08:00").by)
    assert (given.tasks.accepted, done.tasks.revised) == (1, 1)


def test_registration_that_a_unit_made_since_is_not_overwritten_by_the_unchanged_file(followed):
    agreed = {"unit": "S1", "indicator": "publicity", "phase": "first"}
    followed.follow(RowEdit("registrations.csv", agreed, {"value": "90", "document": "3/KH", "source": "a plan"}))
    followed.small.register("S1", "publicity", "first", "95")

    followed.follow(KeyEdit("campaign.toml", ("figures", "small_volume"), 50), when="2/4 08:00")

    assert followed.newest(Target, origin="registered").value == 95


@postgresql_in_soak
def test_heads_that_were_imported_stay_when_the_files_change_elsewhere(followed):
    imported = [Unit("S1", "department", "Sở Một", "P", head_name="Nguyễn Văn A", aliases=("So 1",))]
    followed.small.changed(record_units, imported, is_whole=False, context=context("10/3 08:00"))

    done = followed.follow(RowEdit("units.csv", {"code": "S1"}, {"head_phone": "0905"}))

    row = followed.unit("S1")
    assert (row.head_name, row.head_phone, row.aliases) == ("Nguyễn Văn A", "0905", ["So 1"])
    assert done.units.revised == 1


def test_unit_that_is_new_in_the_files_is_taken_over_as_it_stands(followed):
    new = {"level": "commune", "name": "UBND xã Sáu", "parent": "H2", "head_name": "B"}

    done = followed.follow(RowEdit("units.csv", {"code": "X6"}, new))

    assert done.units.accepted == 1
    assert followed.unit("X6").head_name == "B"


def test_every_place_is_named_in_the_audit_trail_with_what_stood_there(followed):
    followed.follow(KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(12)))

    entry = followed.newest(AuditEntry, action="change_campaign")
    assert entry.old == {"indicators/online.toml, rule.uplift": "10"}
    assert entry.new["indicators/online.toml, rule.uplift"] == "12"


def test_audit_trail_names_so_many_places_and_counts_the_rest(followed, monkeypatch):
    monkeypatch.setattr(founding_module, "MOST_TOLD", 1)

    followed.follow(
        KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(12)),
        KeyEdit("campaign.toml", ("figures", "small_volume"), 50),
    )

    entry = followed.newest(AuditEntry, action="change_campaign")
    assert (len(entry.old), entry.old["more"]) == (2, 1)


def test_change_of_a_name_works_no_figure_out_anew_and_keeps_what_is_kept(followed):
    followed.small.load(("S1", "online", "8/3", 30, 100))

    followed.follow(KeyEdit("campaign.toml", ("title", "vi"), "Tên mới"))

    state = followed.small.asked(find_state)
    assert state.kept_version == state.data_version
    assert followed.small.differences() == []


def test_comment_makes_a_version_and_changes_nothing(followed):
    followed.texts = followed.texts | {"central.csv": followed.texts["central.csv"] + b"\n"}

    done = followed.follow()

    assert (done.has_new_files, done.differences, done.changes) == (True, (), 0)
    assert followed.follow().has_new_files is False


@on_each_engine
def test_store_keeps_of_each_version_the_files_that_differ(followed):
    first = followed.texts
    followed.follow(KeyEdit("campaign.toml", ("figures", "small_volume"), 50))

    with followed.small.store.reading() as session:
        newest = session.exec(select(CampaignVersion.id).order_by(col(CampaignVersion.id).desc())).first()
        rows = session.exec(select(CampaignFile.file).where(CampaignFile.version_id == newest)).all()
        since = find_versions_since(session, newest - 1)
        assert find_texts(session) == followed.texts
        assert find_texts(session, version=newest - 1) == first
        assert find_texts(session, version=0) == {}
    assert rows == ["campaign.toml"]
    assert [version.version for version in since] == [newest]


def test_file_that_is_gone_is_gone_in_the_newest_version_only(followed):
    with_new = dict(followed.texts)
    with_new["indicators/extra.toml"] = (
        with_new["indicators/payment.toml"].replace(b"payment", b"extra").replace(b"PAYMENT", b"EXTRA")
        .replace(b"order = 4", b"order = 5")
    )  # fmt: skip
    without, followed.texts = followed.texts, with_new
    followed.follow()

    followed.texts = without
    followed.follow(when="2/4 08:00")

    assert followed.small.asked(find_texts) == without


def test_store_from_before_files_were_kept_keeps_them_from_the_next_start_on(small, tmp_path):
    files = load_campaign_texts(read_texts(write_small(tmp_path / "small")))
    small.found(replace(files, texts={}))

    done = small.found(files)

    assert done.has_new_files is False
    assert small.asked(find_texts) == files.texts


def test_everything_is_followed_where_it_is_not_known_what_the_files_said(small, monkeypatch, tmp_path):
    followed = Followed(small, read_texts(write_small(tmp_path / "small")))
    small.set_central("online", "55")

    def too_new(texts):
        raise CampaignFilesError([])

    monkeypatch.setattr(founding_module, "load_campaign_texts", too_new)
    followed.follow(KeyEdit("campaign.toml", ("figures", "small_volume"), 50))

    assert followed.central()["online", ""] == 50


def test_files_without_their_texts_are_followed_whole(small):
    fact = CentralRecord("online", 2024, "", Decimal(55), "700/QĐ")
    small.changed(record_central, [fact], is_simulated=False, context=context("10/3 08:00"))

    done = small.changed(found_campaign, small_files(units=small_files().units[:-1]), context=context("1/4 08:00"))

    assert (done.central.revised, done.differences, done.staying) == (1, (), ())
