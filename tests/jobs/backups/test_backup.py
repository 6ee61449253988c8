"""Backup and restore, drilled on both engines: every table comes back as it was, and nothing is overwritten unasked."""

import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from jobs.backups import postgresql, sqlite
from jobs.backups.backup import back_up, back_up_daily
from jobs.backups.files import BackupFailed, NoBackup, alone, backup_age_hours, backup_folder, find_backups
from jobs.backups.restore import restore
from jobs.workplace import Workplace
from models import migrations
from models.core.audit import ChangeContext, find_break, find_head, find_state
from models.core.settings import TIMEZONE, Settings
from models.core.store import Store
from models.core.texts import sentence_of
from models.readings.records import TaskRecord
from models.tables import Account, SignInSession, UnitRow
from models.targets.actions import propose_targets
from models.tasks.actions import give_task, report_on_task
from models.tasks.evidence import Evidence, find_evidence
from targets.results import CALCULATION
from tests.campaign_folders import write_small
from tests.jobs.small_world import small_with_figures
from tests.models.conftest import PreparedStores
from tests.next_version import give_next_version

MACHINE = datetime(2030, 1, 1, 12, tzinfo=UTC)
BUSINESS = datetime(2024, 4, 1, 8, tzinfo=TIMEZONE)
MakeWorkplace = Callable[..., Workplace]
Rows = dict[str, list[str]]


@pytest.fixture
def workplace_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeWorkplace]:
    """Makes desks of a real store, and closes their stores."""
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:

        def made(home: Path, database: str = "", **settings: Any) -> Workplace:
            got = Settings(home=home, database=database, **({"now": BUSINESS} | settings))
            return Workplace(
                settings=got, store=stack.enter_context(closing(Store(got.database_url))), by="system:test"
            )

        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def workplace(
    request: pytest.FixtureRequest, prepared: PreparedStores, tmp_path: Path, workplace_at: MakeWorkplace
) -> Workplace:
    """The small campaign with a few figures, on either engine."""
    if request.param == "sqlite":
        return request.getfixturevalue("embedded")
    url = request.getfixturevalue("postgresql_url")
    prepared.copy("small_with_figures", small_with_figures, to=url).close()
    return workplace_at(tmp_path / "home", url)


postgresql_in_soak = pytest.mark.parametrize(
    "workplace", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
"""For what is the same on both but for `pg_dump` and `pg_restore`, which the others try."""


@pytest.fixture
def small_home(prepared: PreparedStores, tmp_path: Path) -> Path:
    """The home of the small campaign's store with a few figures."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    prepared.copy("small_with_figures", small_with_figures, to=f"sqlite:///{home / 'caodiem.db'}").close()
    return home


@pytest.fixture
def home(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, with its campaign's folder, which the settings point to."""
    monkeypatch.setenv("CAODIEM_HOME", str(small_home))
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(write_small(tmp_path / "small")))
    monkeypatch.setenv("CAODIEM_NOW", BUSINESS.isoformat())
    monkeypatch.chdir(tmp_path)
    return small_home


@pytest.fixture
def embedded(small_home: Path, workplace_at: MakeWorkplace) -> Workplace:
    return workplace_at(small_home)


def every_table(store: Store) -> Rows:
    """All rows of all tables, as one can compare them."""
    with store.engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{name}"')))  # noqa: S608
            for name in inspect(connection).get_table_names()
        }


def change_something(workplace: Workplace) -> None:
    with workplace.store.writing() as session:
        session.connection().execute(text("UPDATE source SET enabled = :no"), {"no": False})
        session.connection().execute(text("DELETE FROM target"))
        propose_targets(session, context=ChangeContext(by="system:x", reason="test", now=BUSINESS))


def without_the_restore(after: Rows, before: Rows) -> Rows:
    """What was restored, less the one audit entry that says so and the row of state it moves on."""
    added = set(after["audit_entry"]) - set(before["audit_entry"])
    assert len(added) == 1
    assert "restore" in added.pop()
    return after | {"audit_entry": before["audit_entry"], "store_state": before["store_state"]}


# --- the drill ------------------------------------------------------------------------------------------------------


def hand_in_evidence(workplace: Workplace) -> Evidence:
    """A task said to be done, with a file of every byte there is."""
    file, context = Evidence("bien-ban.pdf", b"%PDF-" + bytes(range(256))), ChangeContext("system:x", "test", BUSINESS)
    with workplace.store.writing() as session:
        unit = session.connection().execute(select(UnitRow.code).limit(1)).scalar_one()
        task = give_task(session, TaskRecord(unit, "Số hóa", "Văn phòng", BUSINESS.date()), context=context)
        report_on_task(session, task, progress="Xong", file=file, is_done=True, seen_version=1, context=context)
    return file


@pytest.mark.daily("postgresql")
def test_every_table_comes_back_as_it_was(workplace, tmp_path):
    file = hand_in_evidence(workplace)
    before = every_table(workplace.store)
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    change_something(workplace)

    done = restore(workplace, Path(report.file), replace=True, machine=MACHINE)

    after = every_table(workplace.store)
    assert without_the_restore(after, before) == before
    assert len(before) > 25
    assert done.rows == report.rows == sum(len(rows) for rows in before.values())
    with workplace.store.reading() as session:
        assert find_break(session) is None
        assert find_evidence(session, 1) == file


@postgresql_in_soak
def test_backup_comes_back_where_no_store_is(workplace, workplace_at, tmp_path, request):
    before = every_table(workplace.store)
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    if not workplace.store.is_sqlite:
        with workplace.store.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    elsewhere = workplace_at(tmp_path / "elsewhere", workplace.settings.database)
    elsewhere.settings.home.mkdir()

    done = restore(elsewhere, Path(report.file), machine=MACHINE)

    assert done.aside is None
    assert without_the_restore(every_table(elsewhere.store), before) == before


@pytest.mark.daily("sqlite")
def test_store_that_was_replaced_is_kept_aside_and_can_be_brought_back(workplace, tmp_path):
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    change_something(workplace)
    changed = every_table(workplace.store)
    aside = restore(workplace, Path(report.file), replace=True, machine=MACHINE).aside

    restore(workplace, Path(aside), replace=True, machine=MACHINE + timedelta(minutes=1))

    assert without_the_restore(every_table(workplace.store), changed) == changed


@postgresql_in_soak
def test_data_version_never_goes_back_to_one_that_pages_remember(workplace, tmp_path):
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    change_something(workplace)
    with workplace.store.reading() as session:
        seen = find_state(session).data_version

    restore(workplace, Path(report.file), replace=True, machine=MACHINE)

    with workplace.store.reading() as session:
        assert find_state(session).data_version > seen


@postgresql_in_soak
def test_nobody_is_signed_in_after_a_restore(workplace, tmp_path):
    with workplace.store.writing() as session:
        account = Account(login="an", name="An", role="viewer", created_at=BUSINESS)
        session.add(account)
        session.flush()
        session.add(
            SignInSession(
                token_hash="a hash",  # noqa: S106 - of no account
                account_id=account.id,
                via="password",
                address="127.0.0.1",
                opened_machine=MACHINE,
                seen_machine=MACHINE,
                until_machine=MACHINE,
            )
        )
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)

    restore(workplace, Path(report.file), replace=True, machine=MACHINE)

    rows = every_table(workplace.store)
    assert (len(rows["account"]), len(rows["sign_in_session"])) == (1, 0)


@postgresql_in_soak
def test_older_backup_is_upgraded(workplace, tmp_path, monkeypatch):
    older = migrations.newest_version()
    with workplace.store.engine.begin() as connection:
        connection.execute(text("UPDATE store_state SET calculation = 0"))
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    newer = give_next_version(monkeypatch, tmp_path)

    done = restore(workplace, Path(report.file), replace=True, machine=MACHINE)

    assert (report.version, done.upgraded_from) == (older, older)
    assert migrations.find_version(workplace.store) == newer == done.version
    assert every_table(workplace.store)["made_up"] == []
    with workplace.store.reading() as session:
        assert find_state(session).calculation == CALCULATION


@postgresql_in_soak
def test_store_of_an_older_version_can_be_backed_up_by_hand_before_it_is_upgraded(workplace, tmp_path, monkeypatch):
    older = migrations.newest_version()
    give_next_version(monkeypatch, tmp_path)

    report = back_up(workplace, tmp_path / "copies", machine=MACHINE)

    assert report.version == older
    assert any("'backup'" in row for row in every_table(workplace.store)["audit_entry"])


# --- writing --------------------------------------------------------------------------------------------------------


def test_backup_is_one_file_for_its_owner_alone(workplace, tmp_path):
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)

    suffix = "db" if workplace.store.is_sqlite else "dump"
    assert [path.name for path in (tmp_path / "copies").iterdir()] == [f"caodiem-small-20300101T120000Z.{suffix}"]
    assert stat.S_IMODE(Path(report.file).stat().st_mode) == 0o600
    assert (report.campaign, report.version) == ("small", migrations.newest_version())


def test_backup_by_hand_is_noted_in_the_audit_trail_and_counts_for_the_age(workplace, tmp_path):
    back_up(workplace, tmp_path / "by-hand.backup", machine=MACHINE)

    age = backup_age_hours(workplace.settings, campaign="small", machine=MACHINE + timedelta(hours=3))
    assert age == 3.0
    assert any("by-hand.backup" in row for row in every_table(workplace.store)["audit_entry"])


def test_backup_sees_one_moment_while_others_write(embedded, tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "PAGES", 1)
    before = every_table(embedded.store)
    copying = sqlite._contents

    def counted_then_changed(file):
        contents = copying(file)
        monkeypatch.setattr(sqlite, "_contents", copying)
        change_something(embedded)
        return contents

    monkeypatch.setattr(sqlite, "_contents", counted_then_changed)

    report = back_up(embedded, tmp_path / "copies", by_hand=False, machine=MACHINE)

    with closing(Store(f"sqlite:///{report.file}")) as copy:
        assert every_table(copy) == before


def test_nothing_is_ever_overwritten_by_a_backup(embedded, tmp_path):
    (tmp_path / "mine.db").write_text("precious")

    with pytest.raises(BackupFailed, match="exists already"):
        back_up(embedded, tmp_path / "mine.db", machine=MACHINE)

    assert (tmp_path / "mine.db").read_text() == "precious"


def test_copy_that_differs_from_the_store_is_not_kept(workplace, tmp_path, monkeypatch):
    engine = sqlite if workplace.store.is_sqlite else postgresql
    reading = engine.read_backup

    def lossy(path):
        found = reading(path)
        return type(found)(found.version, found.campaign, found.simulated, {**found.counts, "unit": 0})

    monkeypatch.setattr(engine, "read_backup", lossy)

    with pytest.raises(BackupFailed, match="rows differ in unit"):
        back_up(workplace, tmp_path / "copies", machine=MACHINE)

    assert list((tmp_path / "copies").iterdir()) == []


def test_store_with_a_broken_audit_chain_is_not_passed_off_as_a_good_backup(workplace, tmp_path):
    with workplace.store.engine.begin() as connection:
        off = (
            "DROP TRIGGER refuse_update_of_audit_entry"
            if workplace.store.is_sqlite
            else "ALTER TABLE audit_entry DISABLE TRIGGER ALL"
        )
        connection.execute(text(off))
        connection.execute(text("UPDATE audit_entry SET reason = 'nothing' WHERE id = 1"))

    with pytest.raises(BackupFailed, match="audit chain is not whole") as refused:
        back_up(workplace, tmp_path / "copies", machine=MACHINE)

    assert re.fullmatch(
        r"Chuỗi nhật ký không còn nguyên vẹn: mục nhật ký 1 .* đã bị sửa sau khi ghi\.",
        sentence_of(refused.value, "vi"),
    )

    assert list((tmp_path / "copies").iterdir()) == []


def test_folder_that_cannot_be_written_is_named(embedded, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(BackupFailed, match="Nothing can be written"):
        back_up(embedded, tmp_path / "file" / "copy.db", machine=MACHINE)


# --- restoring ------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_store_that_is_there_is_not_replaced_unasked(workplace, tmp_path):
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    change_something(workplace)
    changed = every_table(workplace.store)

    with pytest.raises(BackupFailed, match="--replace"):
        restore(workplace, Path(report.file), machine=MACHINE)

    assert every_table(workplace.store) == changed


def damaged(path: Path) -> None:
    """Turn a stretch in the middle into noise."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 5000] = b"\xff\x13" * 2500
    path.write_bytes(content)


def truncated(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def noise(path: Path) -> None:
    path.write_bytes(b"\x01\x02\x03" * 1000)


@postgresql_in_soak
@pytest.mark.parametrize("harm", [damaged, truncated, noise, Path.unlink])
def test_damaged_backup_changes_nothing(workplace, tmp_path, harm):
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    before = every_table(workplace.store)
    harm(Path(report.file))

    with pytest.raises(BackupFailed, match=r"damaged|no backup|cannot be read"):
        restore(workplace, Path(report.file), replace=True, machine=MACHINE)

    assert every_table(workplace.store) == before


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "holds no backup"),
        (("caodiem-a-20240507T010000Z.db", "caodiem-b-20240507T010000Z.db"), r"several campaigns \(a, b\): name the"),
        (("caodiem-a-20240506T010000Z.db", "caodiem-a-20240507T010000Z.db"), "a-20240507T010000Z.db is no backup"),
    ],
)
def test_folder_stands_for_the_newest_backup_of_one_campaign(workplace_at, tmp_path, names, said):
    folder = tmp_path / "copies"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"")
    place = workplace_at(tmp_path / "new")
    place.settings.home.mkdir()

    with pytest.raises(NoBackup, match=said):
        restore(place, folder)


def test_foreign_database_is_refused(embedded, tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE other (id)")

    with pytest.raises(BackupFailed, match="none of this program's"):
        restore(embedded, tmp_path / "other.db", replace=True, machine=MACHINE)


@pytest.mark.parametrize(("version", "says"), [("9999", "9999.*newer"), ("0020", "0020.*before the first release")])
def test_backup_that_no_step_brings_here_is_refused(workplace, tmp_path, version, says):
    with workplace.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    with workplace.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": migrations.newest_version()})

    with pytest.raises(BackupFailed, match=says) as refused:
        restore(workplace, Path(report.file), replace=True, machine=MACHINE)

    assert re.search(f"không khôi phục được.*kho số liệu ở phiên bản {version}", sentence_of(refused.value, "vi"), re.I)


def test_backup_of_the_other_engine_is_refused(embedded, workplace_at, tmp_path, postgresql_url):
    report = back_up(embedded, tmp_path / "copies", by_hand=False, machine=MACHINE)
    other = workplace_at(tmp_path / "other", postgresql_url)

    with pytest.raises(BackupFailed, match="backup of a store on SQLite"):
        restore(other, Path(report.file), machine=MACHINE)


@pytest.mark.parametrize("change", ["campaign_key = 'dak-lak-2025'", "simulated = 1"])
def test_backup_of_another_campaign_never_takes_a_store_s_place(embedded, workplace_at, tmp_path, change):
    shutil.copytree(embedded.settings.home, tmp_path / "other")
    other = workplace_at(tmp_path / "other")
    with other.store.engine.begin() as connection:
        connection.execute(text(f"UPDATE store_state SET {change}"))  # noqa: S608
    report = back_up(other, tmp_path / "copies", by_hand=False, machine=MACHINE)

    with pytest.raises(BackupFailed, match="never takes the other's place"):
        restore(embedded, Path(report.file), replace=True, machine=MACHINE)


def test_store_that_somebody_has_open_is_not_taken_from_under_them(embedded, workplace_at, tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0)
    report = back_up(embedded, tmp_path / "copies", by_hand=False, machine=MACHINE)
    dashboard = workplace_at(embedded.settings.home)
    with dashboard.store.reading() as session:
        find_state(session)

        with pytest.raises(BackupFailed, match="Stop the dashboard"):
            restore(embedded, Path(report.file), replace=True, machine=MACHINE)

    assert sorted(path.name for path in embedded.settings.home.glob("*restored*")) == []


def test_store_that_is_ruined_can_be_replaced(embedded, tmp_path):
    before = every_table(embedded.store)
    report = back_up(embedded, tmp_path / "copies", by_hand=False, machine=MACHINE)
    embedded.store.close()
    noise(embedded.settings.home / "caodiem.db")

    done = restore(embedded, Path(report.file), replace=True, machine=MACHINE)

    assert without_the_restore(every_table(embedded.store), before) == before
    assert Path(done.aside).read_bytes().startswith(b"\x01\x02\x03")


def test_restore_that_fails_half_way_leaves_postgresql_as_it_was(
    prepared, workplace_at, postgresql_url, tmp_path, monkeypatch
):
    prepared.copy("small_with_figures", small_with_figures, to=postgresql_url).close()
    workplace = workplace_at(tmp_path / "home", postgresql_url)
    report = back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE)
    before = every_table(workplace.store)
    dropping = postgresql._drops
    monkeypatch.setattr(postgresql, "_drops", lambda within: [*dropping(within), "CREATE TABLE unit (id integer)"])

    with pytest.raises(BackupFailed, match=r"the store is what it was: relation \"unit\" already exists"):
        restore(workplace, Path(report.file), replace=True, machine=MACHINE)

    assert every_table(workplace.store) == before


# --- every day ------------------------------------------------------------------------------------------------------


def test_one_backup_is_made_a_day_and_old_ones_are_removed(embedded):
    made = [
        back_up_daily(embedded, machine=MACHINE + timedelta(days=day, hours=hour))
        for day in range(20)
        for hour in (0, 1)
    ]

    kept = find_backups(backup_folder(embedded.settings), "small")
    assert [report is not None for report in made] == [True, False] * 20
    assert [(MACHINE + timedelta(days=19) - each.at).days for each in kept] == list(range(15))


def test_backup_that_another_scheduler_is_making_is_left_to_it(embedded):
    with alone(backup_folder(embedded.settings)):
        meanwhile = back_up_daily(embedded, machine=MACHINE)

    assert meanwhile is None
    assert back_up_daily(embedded, machine=MACHINE) is not None
    assert [path.suffix for path in backup_folder(embedded.settings).iterdir()] == [".db"]


def test_full_disk_costs_the_backups_of_those_days_and_none_after(embedded, monkeypatch):
    connecting = sqlite3.connect

    def on_a_full_disk(place, **options):
        connection = connecting(place, **options)
        connection.execute("PRAGMA max_page_count = 20")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite.sqlite3, "connect", on_a_full_disk)
        for day in range(3):
            with pytest.raises(BackupFailed, match="full"):
                back_up_daily(embedded, machine=MACHINE + timedelta(days=day))

    assert list(backup_folder(embedded.settings).iterdir()) == []
    assert back_up_daily(embedded, machine=MACHINE + timedelta(days=3)) is not None


def test_what_was_left_by_backups_and_restores_that_were_killed_is_removed_and_said(embedded, caplog):
    home, folder = embedded.settings.home, backup_folder(embedded.settings)
    folder.mkdir()
    left = [folder / ".caodiem-abcd_123.part"]
    left += [home / ".caodiem-abcd_124.part", home / ".caodiem-abcd_124.part-wal"]
    for path in (*left, home / "mine.part"):
        path.write_text("half")
    made = [back_up_daily(embedded, machine=MACHINE), back_up_daily(embedded, machine=MACHINE)]

    assert made[1] is None
    assert [path for path in left if path.exists()] == []
    assert (home / "mine.part").exists()
    (said,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert sorted(said.files) == sorted(path.name for path in left)


def test_backup_names_the_end_of_its_audit_trail(workplace, tmp_path):
    with workplace.store.reading() as session:
        ends = str(find_head(session))

    assert back_up(workplace, tmp_path / "copies", by_hand=False, machine=MACHINE).trail == ends


def test_no_daily_backup_is_made_where_none_is_wanted(small_home, workplace_at):
    assert back_up_daily(workplace_at(small_home, backup_days=0), machine=MACHINE) is None
    assert not (small_home / "backups").exists()


@pytest.mark.soak
def test_demonstration_is_backed_up_only_where_a_folder_is_set(demonstration, tmp_path, workplace_at):
    shutil.copytree(demonstration, tmp_path / "home")

    assert back_up_daily(workplace_at(tmp_path / "home", now=None), machine=MACHINE) is None
    assert (
        back_up_daily(workplace_at(tmp_path / "home", now=None, backup_folder=tmp_path / "b"), machine=MACHINE)
        is not None
    )


def test_daily_backup_leaves_no_audit_entry(embedded):
    before = every_table(embedded.store)

    back_up_daily(embedded, machine=MACHINE)

    assert every_table(embedded.store) == before


# --- what was put aside ---------------------------------------------------------------------------------------------


def test_demonstration_is_never_founded_beside_a_store_that_was_put_aside(home, run):
    (home / "caodiem.db").rename(home / "caodiem.db.before-20300101T120000Z")

    got = [run("init", "--demo-if-empty"), run("doctor")]

    assert [result.exit_code for result in got] == [1, 1]
    assert all("restore " + str(home / "caodiem.db.before-20300101T120000Z") in one.stdout + one.stderr for one in got)
    assert not (home / "caodiem.db").exists()
    assert run("restore", str(home / "caodiem.db.before-20300101T120000Z")).exit_code == 0
    assert run("standing").exit_code == 0


def test_store_that_was_put_aside_stays_where_another_stands(home, run):
    shutil.copy(home / "caodiem.db", home / "caodiem.db.before-20300101T120000Z")

    assert run("init", "--demo-if-empty").exit_code == 0
    assert "put aside: 1 replaced by a restore" in run("doctor").stdout


# --- the command line -----------------------------------------------------------------------------------------------


def test_commands_take_a_store_away_and_bring_it_back(home, tmp_path, run, answer):
    got = answer("backup", str(tmp_path / "copies"))
    refused = run("restore", got["file"])
    done = answer("restore", str(tmp_path / "copies"), "--replace")
    words = run("backup", str(tmp_path / "again.db")), run("restore", str(tmp_path / "again.db"), "--replace")

    assert (refused.exit_code, "--replace" in refused.stderr) == (1, True)
    assert done["file"] == got["file"]
    assert (done["campaign"], done["rows"]) == ("small", got["rows"])
    assert [result.exit_code for result in words] == [0, 0]
    assert "verified" in words[0].stdout
    assert "archive" in words[0].stdout
    assert "is kept at" in words[1].stdout
