"""The campaign's files as the store holds them: which version, by whom, and what stands in them."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.catalogue.folder import in_order
from models.tables import CampaignFile, CampaignVersion


@dataclass(frozen=True)
class FilesVersion:
    """A version of the campaign's settings with its files."""

    version: int
    fingerprint: str
    """Of the folder that was looked at last; the version's own files differ from it after changes on screen."""
    by: str
    reason: str
    at: datetime


def find_version(session: Session) -> FilesVersion | None:
    """The version in force; None where no campaign has been loaded."""
    return next(iter(_versions(session, most=1)), None)


def find_versions_since(session: Session, version: int) -> list[FilesVersion]:
    """The versions that came after this one, newest first."""
    return [known for known in _versions(session) if known.version > version]


def find_texts(session: Session, *, version: int | None = None) -> dict[str, bytes]:
    """The files of the version in force, or of an earlier one.

    Empty where there is no such version, or where it was loaded before the store kept files.
    """
    kept = select(CampaignFile).order_by(col(CampaignFile.version_id))
    if version is not None:
        kept = kept.where(col(CampaignFile.version_id) <= version)
    contents = {row.file: row.content for row in session.exec(kept)}
    return in_order({file: zlib.decompress(content) for file, content in contents.items() if content is not None})


def find_file(session: Session, file: str) -> bytes | None:
    """One file of the version in force; None where it has no such file."""
    kept = select(CampaignFile).where(col(CampaignFile.file) == file).order_by(col(CampaignFile.version_id).desc())
    row = session.exec(kept.limit(1)).first()
    return None if row is None or row.content is None else zlib.decompress(row.content)


def _versions(session: Session, *, most: int | None = None) -> list[FilesVersion]:
    # The contents stay where they are: a version is long.
    columns = (getattr(CampaignVersion, name) for name in ("id", "fingerprint", "by", "reason", "recorded_at"))
    statement = select_columns(*columns).order_by(col(CampaignVersion.id).desc()).limit(most)
    return [FilesVersion(*row) for row in session.connection().execute(statement)]
