"""Alembic's entry: migrations run on the engine that `models.migrations` hands over."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - registers the tables

with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
