"""Restore: a backup becomes the store again in one step; killed at any moment, the store is the old or the new one."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from jobs.backups import postgresql, sqlite
from jobs.backups.backup import engine_of, name_of
from jobs.backups.files import (
    BackupFailed,
    Contents,
    NoBackup,
    alone,
    backup_folder,
    check_whole,
    find_backups,
    part_beside,
    written_whole,
)
from jobs.workplace import Step, Tell, Workplace
from models import migrations
from models.core.audit import ChangeContext
from models.core.clock import business_now, machine_now
from models.core.state import find_state
from models.core.store import Store
from models.core.trail import record_restore
from models.results.kept import compute_anew
from targets.errors import StoreNotReady

Finish = Callable[[Session], None]
ASIDE = re.compile(r"\.(before|restored)-\d{8}T\d{6}Z")
"""How the name of a store that was put aside ends."""


@dataclass(frozen=True)
class RestoreReport:
    """A store that was brought back; `aside` is where what stood there before is kept."""

    file: str
    campaign: str
    version: str
    upgraded_from: str | None
    rows: int
    aside: str | None
    swept: tuple[str, ...]


def restore(
    workplace: Workplace,
    source: Path,
    *,
    replace: bool = False,
    machine: datetime | None = None,
    tell: Tell = lambda _: None,
) -> RestoreReport:
    """Make the store what a backup holds. An older one is upgraded; the store that stood there is kept aside.

    Of a folder that backups were written to, the newest of this campaign is taken.
    Raises BackupFailed where the file is damaged, foreign or newer than this program, holds another campaign, or would
    overwrite a store without `replace`.
    """
    at = machine or machine_now()
    place = sqlite.place_of(workplace.store).parent if workplace.store.is_sqlite else backup_folder(workplace.settings)
    with alone(place, waits=tell) as swept:
        tell(Step("examining"))
        held = _held(workplace)
        if source.is_dir():
            source = _newest_in(source, workplace.campaign or (held[0] if held else ""))
        contents = _examined(workplace, source)
        if workplace.campaign not in ("", contents.campaign):
            raise BackupFailed(
                f"{source} holds the campaign “{contents.campaign}”, and the store named is that of "
                f"“{workplace.campaign}”.",
                code="backup_of_other",
                file=str(source),
                campaign=contents.campaign or "",
                wanted=workplace.campaign,
            )
        if held is not None:
            _check_may_replace(held, contents, replace=replace)

        def finish(session: Session) -> None:
            """Done before anybody sees the restored store: the restore is noted, and results are computed."""
            state = find_state(session)
            now = business_now(workplace.settings, rehearsal=state.rehearsal_now)
            context = ChangeContext(by=workplace.by, reason=f"restore {source.name}", now=now)
            last, version = 0 if held is None else held[2], contents.version or ""
            record_restore(session, file=source.name, version=version, last_data_version=last, context=context)
            compute_anew(
                session,
                context=context,
                progress=lambda done, of: tell(Step("computing", {"done": done, "of": of})),
            )
            check_whole(session)

        bring_back = _restore_file if workplace.store.is_sqlite else _restore_database
        aside = bring_back(workplace, source, at, finish, tell)
    version = migrations.newest_version()
    return RestoreReport(
        file=str(source),
        campaign=contents.campaign or "",
        version=version,
        upgraded_from=None if contents.version == version else contents.version,
        rows=contents.rows,
        aside=aside,
        swept=tuple(swept or ()),
    )


def find_put_aside(workplace: Workplace) -> list[Path]:
    """Stores that a restore replaced, newest first."""
    if workplace.store.is_sqlite:
        place = sqlite.place_of(workplace.store)
        found = [path for path in place.parent.glob(f"{place.name}.*") if ASIDE.fullmatch(path.suffix)]
    else:
        found = list(backup_folder(workplace.settings).glob(f"before-*{postgresql.SUFFIX}"))
    return sorted(found, key=lambda path: path.name.rpartition("-")[2], reverse=True)


def no_store_but(aside: list[Path]) -> StoreNotReady:
    """What to do where no store is left but those that were put aside."""
    return StoreNotReady(
        f"There is no store, but one that a restore put aside: {aside[0]}. `python -m jobs restore {aside[0]}` brings "
        "it back. To begin anew all the same, move it to another folder first.",
        code="store_put_aside",
        file=str(aside[0]),
    )


# --- what may be restored -------------------------------------------------------------------------------------------


def _newest_in(folder: Path, campaign: str) -> Path:
    """The newest backup in a folder; of a campaign, where it is known. Raises NoBackup, also where several are."""
    found = find_backups(folder, campaign or None)
    of = sorted({backup.campaign for backup in found})
    if not found:
        if campaign:
            raise NoBackup(
                f"{folder} holds no backup of the campaign “{campaign}”.",
                code="no_backup_of",
                folder=str(folder),
                campaign=campaign,
            )
        raise NoBackup(f"{folder} holds no backup.", code="no_backup_in", folder=str(folder))
    if len(of) > 1:
        raise NoBackup(
            f"{folder} holds backups of several campaigns ({', '.join(of)}): name the file itself.",
            code="backups_of_several",
            folder=str(folder),
            campaigns=", ".join(of),
        )
    return found[0].path


def _examined(workplace: Workplace, source: Path) -> Contents:
    engine = engine_of(workplace.store)
    try:
        with source.open("rb") as file:
            begins = file.read(16)
    except OSError as error:
        raise NoBackup(
            f"{source} cannot be read: {error.strerror}.",
            code="backup_unreadable",
            file=str(source),
            why=str(error.strerror),
        ) from error
    other = postgresql if engine is sqlite else sqlite
    if begins.startswith(other.HEADER):
        raise BackupFailed(
            f"{source} is a backup of a store on {name_of(other)}, and the settings name one on {name_of(engine)}. "
            "Set CAODIEM_DATABASE to a database of that kind.",
            code="other_engine",
            file=str(source),
            made_by=name_of(other),
            needed=name_of(engine),
        )
    if not begins.startswith(engine.HEADER):
        raise NoBackup(f"{source} is no backup of a store.", code="no_backup", file=str(source))
    contents: Contents = engine.read_backup(source)
    if contents.version is None or contents.campaign is None:
        raise NoBackup(
            f"{source} is a database, but none of this program's with a campaign in it.",
            code="foreign_database",
            file=str(source),
        )
    if (obstacle := migrations.find_obstacle(contents.version)) is not None:
        raise BackupFailed(
            f"{source} cannot be restored. {obstacle}", code="backup_obstructed", file=str(source), why=str(obstacle)
        ) from obstacle
    return contents


def _held(workplace: Workplace) -> tuple[str, bool, int] | None:
    """Campaign, simulated or not, and data version of the store that stands there; None where there is none."""
    try:
        with workplace.store.reading() as session:
            state = find_state(session)
            return state.campaign_key, state.simulated, state.data_version
    except StoreNotReady:
        return None
    except DBAPIError:
        # A store too damaged or too old to be asked is what people restore for: it counts as one, of any campaign.
        return "", False, 0


def _check_may_replace(held: tuple[str, bool, int], contents: Contents, *, replace: bool) -> None:
    campaign, simulated, _ = held
    if not replace:
        raise BackupFailed(
            f"A store stands there already, with the campaign “{campaign or '?'}”. "
            "`--replace` puts the backup in its place and keeps the store aside.",
            code="store_is_there",
            campaign=campaign or "?",
        )
    if campaign and (campaign, simulated) != (contents.campaign, contents.simulated):
        raise BackupFailed(
            f"The store holds {_kind(campaign, simulated=simulated)}, the backup "
            f"{_kind(contents.campaign or '', simulated=contents.simulated)}; one never takes the other's place. "
            "Set CAODIEM_HOME (or CAODIEM_DATABASE) to another place for it.",
            code="backup_of_another",
            held=_kind(campaign, simulated=simulated),
            found=_kind(contents.campaign or "", simulated=contents.simulated),
        )


def _kind(campaign: str, *, simulated: bool) -> str:
    return f"“{campaign}”{' (--demo)' if simulated else ''}"


# --- the two engines ------------------------------------------------------------------------------------------------


def _free(folder: Path, begins: str, at: datetime, ends: str) -> Path:
    """A name that nothing has yet; it says when the thing so named was put aside."""
    while (path := folder / f"{begins}{at:%Y%m%dT%H%M%SZ}{ends}").exists():
        at += timedelta(seconds=1)
    return path


def _restore_file(workplace: Workplace, source: Path, at: datetime, finish: Finish, tell: Tell) -> str | None:
    """The copy is upgraded, finished and verified beside the store, and only then takes its place, in one step."""
    place = sqlite.place_of(workplace.store)
    workplace.store.close()
    aside = _free(place.parent, f"{place.name}.before-", at, "")
    with part_beside(place) as part:
        shutil.copyfile(source, part)
        copy = Store(f"sqlite:///{part}", audit_key=workplace.settings.audit_key.get_secret_value())
        try:
            tell(Step("upgrading"))
            migrations.upgrade(copy)
            with copy.writing() as session:
                finish(session)
        finally:
            copy.close()
        sqlite.settle(part)
        tell(Step("replacing"))
        return str(aside) if sqlite.replace_store(place, part, aside) else None


def _restore_database(workplace: Workplace, source: Path, at: datetime, finish: Finish, tell: Tell) -> str | None:
    """What stood there is dumped and verified first; then everything is replaced, and finished, in one transaction."""
    folder = backup_folder(workplace.settings)
    aside = None
    if workplace.store.has_tables():
        tell(Step("keeping"))
        aside = _free(folder, "before-", at, postgresql.SUFFIX)
        with written_whole(aside) as part:
            reported = postgresql.copy_store(workplace.store, part)
            if postgresql.read_backup(part) != reported:
                raise BackupFailed(
                    "The present store could not be kept aside; nothing was changed.", code="not_kept_aside"
                )

    def in_transaction(connection: Connection) -> None:
        tell(Step("upgrading"))
        migrations.upgrade_within(workplace.store, connection)
        with Session(connection, info=workplace.store.info) as session:
            finish(session)
            session.flush()

    tell(Step("restoring"))
    with part_beside(folder / "restore.sql") as script:
        postgresql.replace_store(workplace.store, source, script, in_transaction)
    return None if aside is None else str(aside)
