"""A made-up version of the tables after the newest: upgrading is tested with it, however many versions there are."""

import shutil
from pathlib import Path

import pytest

from models import migrations

MADE_UP = """
import sqlalchemy as sa
from alembic import op

revision = "{version}"
down_revision = "{newest}"


def upgrade():
    op.create_table("made_up", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("run", sa.Column("made_up", sa.String(), nullable=True))
    {last}
"""


def give_next_version(monkeypatch: pytest.MonkeyPatch, folder: Path, *, last: str = "pass") -> str:
    """From now on the code needs another version, which adds a table and a column and ends with the line `last`."""
    newest = migrations.newest_version()
    version = f"{int(newest) + 1:04}"
    scripts = shutil.copytree(migrations.SCRIPTS, folder / f"migrations-{version}")
    (scripts / "versions" / f"{version}_made_up.py").write_text(
        MADE_UP.format(version=version, newest=newest, last=last), encoding="utf-8"
    )
    monkeypatch.setattr(migrations, "SCRIPTS", scripts)
    return version
