"""The stores of an installation: the front's, where everybody comes in, and beside it one for each further campaign.

What is there is the list: a folder of the home or, on PostgreSQL, a database named after the front's. Each is a whole
store of its own, with its own figures, audit trail, archive and backups.
"""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from models.catalogue.toml_table import KEY_PATTERN
from models.core.settings import Settings
from models.core.store import open_store
from targets.errors import UnknownName

FOLDER = "campaigns"
"""In the front's home: a home for each further campaign."""
FILE = "caodiem.db"


def settings_of(front: Settings, key: str) -> Settings:
    """The settings with which a campaign's store is opened; the front's own without a key. It need not be there yet.

    Raises UnknownName where the key is none.
    """
    if not key:
        return front
    if not KEY_PATTERN.fullmatch(key):
        raise UnknownName(kind="campaign", name=key, allowed=find_keys(front))
    database = ""
    if _is_server(front):
        url = make_url(front.database)
        database = url.set(database=f"{_begins(front)}{key}").render_as_string(hide_password=False)
    return front.model_copy(update={"home": front.home / FOLDER / key, "database": database, "campaign": key})


def find_keys(front: Settings) -> tuple[str, ...]:
    """The campaigns that have a store beside the front's, by key."""
    if _is_server(front):
        named = text(
            "SELECT datname FROM pg_database WHERE starts_with(datname, :begins)"
            " AND datallowconn AND has_database_privilege(datname, 'CONNECT')"
        )
        begins = _begins(front)
        with open_store(front).reading() as session:
            found = session.connection().execute(named, {"begins": begins}).scalars()
            keys = [name.removeprefix(begins) for name in found]
    else:
        keys = [path.parent.name for path in Path(front.home, FOLDER).glob(f"*/{FILE}")]
    return tuple(sorted(key for key in keys if KEY_PATTERN.fullmatch(key)))


def _is_server(front: Settings) -> bool:
    return make_url(front.database_url).get_backend_name() != "sqlite"


def _begins(front: Settings) -> str:
    return f"{make_url(front.database).database}_"
