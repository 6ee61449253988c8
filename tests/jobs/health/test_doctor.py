"""The examination of an installation: what is well, and what is found where something is not."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from jobs.backups.backup import back_up
from jobs.backups.files import backup_name
from jobs.campaigns.initialise import initialise
from jobs.health import doctor as health_doctor
from jobs.health import wellness
from jobs.health.doctor import Finding, examine
from jobs.health.logs import Lines
from jobs.regular import note_trail
from jobs.workplace import Workplace
from models import migrations
from models.catalogue import load_campaign_files
from models.core.audit import find_head, seal_trail
from models.core.settings import CAMPAIGNS, TIMEZONE, Settings
from models.core.store import Store
from models.feeds.states import FeedState
from models.tables import Alert, Quarantined
from targets.errors import UnreadableFile
from targets.results import CALCULATION
from tests.jobs.moments import FOUNDED
from tests.jobs.small_world import small_with_figures
from tests.models.conftest import PreparedStores

WorkplaceAt = Callable[..., Workplace]
SUBJECTS = {
    "settings",
    "disk",
    "limits",
    "files",
    "migrations",
    "store",
    "calculation",
    "audit chain",
    "append-only tables",
    "campaign files",
    "figures",
    "quarantine",
    "backup",
}


@pytest.fixture
def workplace_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkplaceAt]:
    """Makes desks at a home, and closes their stores."""
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:

        def made(home: Path, **settings: object) -> Workplace:
            result = Settings(home=home, **settings)
            return Workplace(
                settings=result, store=stack.enter_context(closing(Store(result.database_url))), by="system:test"
            )

        yield made


@pytest.fixture
def real(
    prepared: PreparedStores, tmp_path: Path, workplace_at: WorkplaceAt, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Workplace]:
    """Desks at a real store of the small campaign, in business time of March 2024, away from any campaign's folder."""
    monkeypatch.setenv("CAODIEM_NOW", FOUNDED.isoformat())
    monkeypatch.setenv("CAODIEM_CAMPAIGN", "none")
    (tmp_path / "home").mkdir(mode=0o700)
    prepared.copy("small_with_figures", small_with_figures, to=f"sqlite:///{tmp_path / 'home/caodiem.db'}").close()
    return lambda **settings: workplace_at(tmp_path / "home", **settings)


@pytest.fixture
def workplace(real: Callable[..., Workplace]) -> Workplace:
    """A small store of the test's own."""
    return real()


@pytest.fixture
def demo(demonstration: Path, tmp_path: Path, workplace_at: WorkplaceAt) -> Workplace:
    """A demonstration of the test's own."""
    shutil.copytree(demonstration, tmp_path / "demonstration")
    return workplace_at(tmp_path / "demonstration")


@pytest.fixture
def empty(tmp_path: Path, workplace_at: WorkplaceAt) -> Workplace:
    """A home in which nothing was ever put."""
    return workplace_at(tmp_path)


def found(workplace: Workplace) -> dict[str, tuple[bool, str]]:
    return {finding.subject: (finding.is_well, finding.says) for finding in examine(workplace)}


def troubles(workplace: Workplace) -> dict[str, str]:
    return {subject: says for subject, (is_well, says) in found(workplace).items() if not is_well}


def changed(workplace: Workplace, *statements: str) -> None:
    with workplace.store.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("files", "is_well", "says"),
    [
        (1_000_000, True, "room for 1000 open pages; a process may open 1000000 files"),
        (2_240, True, "room for 400 open pages of the 1000 of CAODIEM_MOST_PAGES"),
        (1_024, False, "room for 96 open pages of the 1000 of CAODIEM_MOST_PAGES"),
    ],
)
def test_how_many_pages_the_system_has_room_for_is_told(workplace, monkeypatch, files, is_well, says):
    monkeypatch.setattr(health_doctor, "files_at_most", lambda: files)

    result = found(workplace)["limits"]

    assert (result[0], result[1].startswith(says)) == (is_well, True)
    assert is_well or "LimitNOFILE" in result[1]


def test_demonstration_is_well_from_end_to_end_but_for_the_source_that_is_made_to_be_late(demo):
    findings = found(demo)

    sources = {f"source {key}" for key in ("demonstration", "file", "igate", "portal-2024")}
    assert set(findings) >= SUBJECTS | sources
    assert [subject for subject, (is_well, _) in findings.items() if not is_well] == ["source demonstration-late"]
    assert findings["store"][1].startswith("gia-lai-2024, data version ")
    assert findings["figures"][1].startswith("newest 07/05/2024; ")
    assert re.fullmatch(r"whole, it ends at \d+:[0-9a-f]{64}", findings["audit chain"][1])


def test_figures_that_nobody_has_brought_up_to_date_are_trouble(demo, workplace_at):
    later = workplace_at(demo.settings.home, now=datetime(2024, 6, 28, 8, tzinfo=TIMEZONE))

    assert troubles(later)["figures"] == "newest 07/05/2024; 0 of 69 units have all their figures, none too old"


@pytest.mark.soak
def test_campaign_without_a_single_figure_is_trouble(empty, workplace_at):
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    initialise(empty.store, files, with_demonstration=False, by="system:x", now=FOUNDED, tell=lambda _: None)
    rehearsed = workplace_at(empty.settings.home, now=FOUNDED)

    assert troubles(rehearsed)["figures"] == "no figure yet of any of 257 units"


def test_broken_audit_chain_is_trouble(workplace):
    changed(
        workplace, "DROP TRIGGER refuse_update_of_audit_entry", "UPDATE audit_entry SET reason = 'nothing' WHERE id = 1"
    )

    assert "was changed after it was written" in troubles(workplace)["audit chain"]


def test_table_that_anybody_may_change_is_trouble(workplace):
    changed(workplace, "DROP TRIGGER refuse_delete_of_reading")

    assert troubles(workplace)["append-only tables"].startswith("the database lets rows be changed: reading (delete); ")


def test_results_of_another_calculation_are_trouble_with_the_way_out(demo):
    changed(demo, "UPDATE store_state SET calculation = 0")

    found = troubles(demo)

    assert found.pop("source demonstration-late")
    assert found == {
        "calculation": f"results are kept by calculation 0, this program does {CALCULATION}: "
        "`python -m jobs init` computes them anew"
    }


# --- the audit trail against what was noted outside it --------------------------------------------------------------


def noted(workplace: Workplace, against: object) -> Finding:
    (found,) = [one for one in examine(workplace, against=str(against)) if one.subject == "audit trail as noted"]
    return found


def test_trail_is_held_to_a_head_a_journal_and_a_backup(real, tmp_path, caplog):
    workplace = real()
    caplog.set_level("INFO")
    note_trail(workplace)
    journal = tmp_path / "journal"
    handler = Lines()
    journal.write_text("\n".join(handler.format(record) for record in caplog.records))
    with workplace.store.reading() as session:
        head = find_head(session)
    copy = back_up(workplace, tmp_path / "copies", by_hand=False)

    for against in (head, head.hash, journal, copy.file):
        assert noted(workplace, against).is_well

    changed(
        workplace,
        "DROP TRIGGER refuse_update_of_audit_entry",
        f"UPDATE audit_entry SET hash = 'x' || hash WHERE id = {head.number}",  # noqa: S608
    )
    for against in (head, head.hash, journal, copy.file):
        found = noted(workplace, against)
        assert (found.is_well, head.hash in found.says) == (False, True)


def test_what_is_no_end_of_a_trail_is_wrong_use(workplace, tmp_path):
    (tmp_path / "letter").write_text("nothing of the kind")

    for against in ("yesterday", tmp_path / "letter"):
        with pytest.raises(UnreadableFile):
            examine(workplace, against=str(against))


@pytest.mark.soak
def test_seal_is_examined_by_who_has_the_key(workplace, workplace_at):
    keyed = Workplace(workplace.settings, Store(workplace.store.url, audit_key="a key of the province"), "system:test")
    assert "--seal" in troubles(keyed)["audit seal"]
    with keyed.store.writing() as session:
        seal_trail(session, context=keyed.context("test"))

    assert found(keyed)["audit seal"] == (True, "it holds")
    assert found(workplace)["audit seal"] == (True, "set CAODIEM_AUDIT_KEY to examine it")
    keyed.store.close()


# --- files ----------------------------------------------------------------------------------------------------------


def test_files_that_others_can_reach_are_trouble_until_the_command_that_is_named_is_run(
    workplace, workplace_at, tmp_path
):
    home = workplace.settings.home
    elsewhere = tmp_path / "the other disk"
    for name in ("archive/igate/2024-05-07/1.gz", "sources/drop/mine.xlsx", "caodiem.db-journal"):
        (home / name).parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        (home / name).touch()
        (home / name).chmod(0o644)
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "copy.db").touch()
    (home / "link").symlink_to(tmp_path / "nowhere")
    workplace = workplace_at(home, backup_folder=elsewhere)

    says = troubles(workplace)["files"]
    command = says.partition("`")[2].removesuffix("`")
    subprocess.run(shlex.split(command), check=True)

    assert "sources" not in says
    assert found(workplace)["files"] == (True, "their owner's alone")
    assert (home / "sources/drop/mine.xlsx").stat().st_mode & 0o777 == 0o644


@pytest.mark.daily(2)
@pytest.mark.parametrize("name", ["caodiem.db", "caodiem.db-wal", "backups/x.db", "archive/1.gz", "last_backup.json"])
def test_each_file_that_others_can_reach_is_trouble(workplace, name):
    path = workplace.settings.home / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.chmod(0o640)

    assert troubles(workplace)["files"].startswith("1 can be reached by others than their owner: `chmod -R go-rwx ")


def test_store_that_stands_elsewhere_is_looked_at_there(workplace, workplace_at, tmp_path):
    (tmp_path / "db").mkdir()
    shutil.copyfile(workplace.settings.home / "caodiem.db", tmp_path / "db" / "store.db")
    (tmp_path / "db" / "store.db").chmod(0o604)
    (tmp_path / "db" / "of somebody else").touch(mode=0o644)

    says = troubles(workplace_at(tmp_path / "empty", database=f"sqlite:///{tmp_path / 'db' / 'store.db'}"))["files"]

    assert says == f"1 can be reached by others than their owner: `chmod -R go-rwx {tmp_path / 'db' / 'store.db'}`"


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("0020", "made before the first release, and cannot be upgraded. Make a new one"),
        ("9999", "a newer one has been"),
    ],
)
def test_store_of_another_version_is_trouble_with_the_way_out(workplace, version, says):
    changed(workplace, f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608

    assert set(found := troubles(workplace)) == {"migrations"}
    assert says in found["migrations"]


def test_store_whose_tables_do_not_fit_is_examined_as_far_as_it_goes(workplace):
    changed(
        workplace,
        "UPDATE alembic_version SET version_num = '0000'",
        "ALTER TABLE store_state RENAME COLUMN audit_hash TO seal",
    )

    findings = troubles(workplace)

    assert set(findings) == {"migrations", "store"}
    assert "audit_hash" in findings["store"]


def test_store_that_is_not_there_is_trouble_with_the_way_out(empty):
    assert "python -m jobs init" in troubles(empty)["store"]


def test_store_without_a_campaign_is_trouble_with_the_way_out(empty):
    migrations.upgrade(empty.store)

    assert set(troubles(empty)) == {"store"}
    assert "python -m jobs init" in troubles(empty)["store"]


def test_store_without_tables_is_trouble_with_the_way_out(empty):
    with empty.store.engine.connect():
        pass  # an embedded store is a file from now on

    findings = troubles(empty)

    assert findings["migrations"].startswith("at nothing")
    assert "python -m jobs init" in findings["store"]


def test_database_that_does_not_answer_is_trouble(tmp_path, workplace_at):
    workplace = workplace_at(tmp_path, database=f"postgresql+psycopg://caodiem@/nowhere?host={tmp_path}")

    findings = troubles(workplace)

    assert set(findings) == {"store"}
    assert ".s.PGSQL" in findings["store"]


@pytest.mark.parametrize(("free", "is_well"), [(999_999_999, False), (1_000_000_000, True)])
def test_disk_is_trouble_below_a_gigabyte(empty, monkeypatch, free, is_well):
    monkeypatch.setattr(wellness.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    assert found(empty)["disk"] == (is_well, "1.0 GB free")


def test_disk_of_a_home_that_is_not_made_yet_is_that_of_its_parent(tmp_path, monkeypatch, workplace_at):
    asked = []
    monkeypatch.setattr(
        wellness.shutil, "disk_usage", lambda folder: asked.append(folder) or SimpleNamespace(free=10**10)
    )

    examine(workplace_at(tmp_path / "not" / "made" / "yet"))

    assert asked == [tmp_path]


# --- sources, backups, messages -------------------------------------------------------------------------------------


def feed(**other: object) -> FeedState:
    at = datetime(2024, 3, 5, 6, 30, tzinfo=TIMEZONE)
    result: dict[str, object] = {
        "source": "igate", "source_id": 1, "name": None, "kind": "igate", "state": "fresh", "last_good": at,
        "age_hours": 2.5, "newest": at.date(), "is_stale": False, "expected_at": at, "expected_day": at.date(),
        "is_late": False, "next_at": at, "failures": 0, "failed_at": None, "failure": None, "failure_terms": None,
    }  # fmt: skip
    return FeedState(**(result | other))


@pytest.mark.daily(3)
@pytest.mark.parametrize(
    ("result", "is_well", "says"),
    [
        ({}, True, "fresh; last answer 05/03/2024 06:30, 2.5 hours ago"),
        ({"state": "by_hand", "last_good": None}, True, "by hand; no answer yet"),
        ({"state": "never", "last_good": None}, True, "never; no answer yet"),
        ({"state": "never", "last_good": None, "is_late": True}, False, "the figures of 05/03/2024 are missing"),
        ({"state": "late", "is_late": True}, False, "the figures of 05/03/2024 are missing"),
        ({"state": "late", "is_late": True, "expected_day": None}, False, "late; last answer 05/03/2024 06:30, 2.5"),
        ({"state": "stale"}, False, "stale"),
        ({"state": "failing", "failures": 3, "failure": "no_words_for_this"}, False, "3 failures in a row: "),
        ({"failures": 1, "failure": None}, True, "1 failures in a row: "),
    ],
)
def test_source_is_told_in_a_line_of_its_own(workplace, monkeypatch, result, is_well, says):
    monkeypatch.setattr(wellness, "find_feeds", lambda _session, **_: [feed(**result)])

    well, said = found(workplace)["source igate"]

    assert well == is_well
    assert says in said


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("hours", "settings", "is_well", "says"),
    [
        (None, {}, False, "there is none"),
        (3, {}, True, "3.0 hours old; verified"),
        (48, {}, True, "48.0 hours old; verified"),
        (49, {}, False, "49.0 hours old; nobody made one since"),
        (None, {"backup_days": 0}, True, "none is made by this program"),
    ],
)
def test_backup_is_trouble_once_it_is_missing_for_two_days(real, hours, settings, is_well, says):
    workplace = real(**settings)
    machine = datetime(2030, 1, 10, tzinfo=TIMEZONE)
    if hours is not None:
        folder = workplace.settings.home / "backups"
        folder.mkdir()
        (folder / backup_name("small", machine - timedelta(hours=hours), ".db")).touch()

    findings = {finding.subject: finding for finding in examine(workplace, machine=machine)}

    assert findings["backup"].is_well == is_well
    assert says in findings["backup"].says


@pytest.mark.soak
def test_messages_are_told_of_where_somebody_is_to_hear_them(real):
    assert "messages" not in found(real())
    assert found(real(alerts="json://localhost/hook"))["messages"] == (True, "none yet")


@pytest.mark.parametrize(
    ("result", "is_well", "says"),
    [
        ({"attempts": 1}, True, "1 waiting"),
        ({"attempts": 99}, False, "1 given up"),
        ({"attempts": 1, "failure": "sending", "sent_machine": FOUNDED}, False, "1 uncertain"),
    ],
)
def test_message_that_nobody_got_is_trouble(real, result, is_well, says):
    workplace = real()
    with workplace.store.writing() as session:
        session.add(Alert(source_id=1, kind="late", for_date=FOUNDED.date(), raised_at=FOUNDED, **result))

    assert found(workplace)["messages"] == (is_well, says)


def test_rows_that_wait_are_told_and_no_trouble(real):
    workplace = real()
    with workplace.store.writing() as session:
        row = {"kind": "x", "place": "x", "field": "x", "value": "x", "problem": "x", "fingerprint": "x"}
        session.add(Quarantined(run_id=1, **row))

    assert found(workplace)["quarantine"] == (True, "1 rows wait to be mended")


def test_hours_are_written_as_the_reader_writes_them(workplace, monkeypatch):
    monkeypatch.setattr(wellness, "find_feeds", lambda _session, **_: [feed(age_hours=22415.3)])

    said = {each.subject: each.says for each in examine(workplace, language="vi")}

    assert "22.415,3 giờ" in said["source igate"]
    assert said["migrations"] == "đúng với phần mềm này"
