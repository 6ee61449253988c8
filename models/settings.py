"""Settings from the environment or `.env`, read once, refused with help when wrong."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from models.door_settings import DOOR_HELP, DoorSettings
from models.meeting_settings import MEETING_HELP, MeetingSettings
from models.watching_settings import WATCHING_HELP, WatchingSettings
from targets.errors import CampaignError

PROJECT = Path(__file__).resolve().parent.parent
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Business time everywhere; Vietnam knows no daylight saving."""
CAMPAIGNS = PROJECT / "data" / "campaigns"
HELP = {
    "home": "CAODIEM_HOME is a folder for the embedded store, archives and logs, e.g. data/store",
    "database": "CAODIEM_DATABASE is an SQLAlchemy address, e.g. sqlite:////var/lib/caodiem/store.db"
    " or postgresql://caodiem@localhost/caodiem",
    "campaign": "CAODIEM_CAMPAIGN is the name of a folder in data/campaigns, or a path to one",
    "now": "CAODIEM_NOW is an ISO instant, e.g. 2024-05-07T08:00:00+07:00 (without an offset: Vietnamese time)",
    "port": "CAODIEM_PORT is a port number, e.g. 8501",
    "archive_days": "CAODIEM_ARCHIVE_DAYS is how many days the raw answers of sources are kept, 1 to 3650, e.g. 90",
    **DOOR_HELP,
    **WATCHING_HELP,
    **MEETING_HELP,
}


class WrongSettings(CampaignError):
    """A setting cannot be used; the text is a page of help."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        lines = "\n".join(f"  - {HELP.get(name, name)}\n    ({problem})" for name, problem in problems.items())
        super().__init__(f"The settings cannot be used; nothing was started:\n{lines}")


class Settings(DoorSettings, WatchingSettings, MeetingSettings):
    """What may be set from outside. Secrets of sources are read by the sources themselves, never kept here."""

    model_config = SettingsConfigDict(
        env_prefix="CAODIEM_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(default=PROJECT / "data" / "store")
    database: str = ""
    campaign: str = "gia-lai-2024"
    now: datetime | None = None
    port: int = Field(default=8501, ge=1, le=65535)
    archive_days: int = Field(default=90, ge=1, le=3650)

    @field_validator("database")
    @classmethod
    def _known_engine(cls, address: str) -> str:
        if not address:
            return address
        try:
            engine = make_url(address).get_backend_name()
        except ArgumentError as error:
            raise ValueError("this is no database address") from error
        if engine not in ("sqlite", "postgresql"):
            raise ValueError(f"{engine} is not supported; sqlite and postgresql are")
        return address

    @field_validator("now", mode="before")
    @classmethod
    def _iso(cls, written: Any) -> Any:
        """Text is read as ISO only: left to itself pydantic takes 20240507 for seconds since 1970."""
        return datetime.fromisoformat(written) if isinstance(written, str) else written

    @field_validator("now")
    @classmethod
    def _in_vietnam(cls, instant: datetime | None) -> datetime | None:
        if instant is None:
            return None
        return instant.replace(tzinfo=TIMEZONE) if instant.utcoffset() is None else instant.astimezone(TIMEZONE)

    @property
    def database_url(self) -> str:
        """The address of the store; the embedded SQLite file in the home where none is set."""
        return self.database or f"sqlite:///{self.home.resolve() / 'caodiem.db'}"


def load_settings() -> Settings:
    """The settings of this process.

    Raises WrongSettings naming each wrong setting and what it should look like.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings({str(item["loc"][0]): item["msg"] for item in error.errors()}) from error
