"""Alembic's entry: migrations run on the engine that `models.migrations` hands over, or in a transaction."""

from contextlib import nullcontext

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - registers the tables

reported = context.config.attributes
within = reported.get("connection")
with reported["engine"].connect() if within is None else nullcontext(within) as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
