"""The campaign's files as the store has followed them: which version, by whom, and what stood in them."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.catalogue.folder import in_order
from models.tables import CampaignFile, CampaignVersion


@dataclass(frozen=True)
class FilesFollowed:
    """A version of the campaign's settings with the files it was loaded from."""

    version: int
    fingerprint: str
    by: str
    reason: str
    at: datetime


def find_followed(session: Session) -> FilesFollowed | None:
    """The version in force; None where no campaign has been loaded."""
    return next(iter(_versions(session, most=1)), None)


def find_followed_since(session: Session, fingerprint: str) -> list[FilesFollowed]:
    """The versions that came after the files were as this fingerprint says, newest first.

    Every version where the store never followed such files.
    """
    since = []
    for known in _versions(session):
        if known.fingerprint == fingerprint:
            break
        since.append(known)
    return since


def find_texts(session: Session, *, fingerprint: str | None = None) -> dict[str, bytes]:
    """The files of the version in force, or of the newest with a fingerprint.

    Empty where there is no such version, or where it was loaded before the store kept files.
    """
    statement = select(CampaignVersion.id).order_by(col(CampaignVersion.id).desc()).limit(1)
    if fingerprint is not None:
        statement = statement.where(CampaignVersion.fingerprint == fingerprint)
    version = session.exec(statement).first()
    if version is None:
        return {}
    kept = select(CampaignFile).where(col(CampaignFile.version_id) <= version).order_by(col(CampaignFile.version_id))
    contents = {row.file: row.content for row in session.exec(kept)}
    return in_order({file: zlib.decompress(content) for file, content in contents.items() if content is not None})


def _versions(session: Session, *, most: int | None = None) -> list[FilesFollowed]:
    # The contents stay where they are: a version is long.
    columns = (getattr(CampaignVersion, name) for name in ("id", "fingerprint", "by", "reason", "recorded_at"))
    statement = select_columns(*columns).order_by(col(CampaignVersion.id).desc()).limit(most)
    return [FilesFollowed(*row) for row in session.connection().execute(statement)]
