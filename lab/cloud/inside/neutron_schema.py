"""neutron_schema.py URL: Neutron's schema from its models, stamped with the head revisions; its migrations do not run on SQLite."""

from __future__ import annotations

import sys
from pathlib import Path

import sqlalchemy as sa
from neutron.db.migration import alembic_migrations
from neutron.db.migration.models import head  # noqa: F401
from neutron_lib.db import model_base

engine = sa.create_engine(sys.argv[1])
model_base.BASEV2.metadata.create_all(engine)
with engine.begin() as connection:
    connection.execute(sa.text("create table if not exists alembic_version (version_num varchar(32) primary key)"))
    for file in (Path(alembic_migrations.__file__).parent / "versions").glob("*HEAD*"):
        for revision in file.read_text().split():
            connection.execute(sa.text("insert or ignore into alembic_version values (:r)"), {"r": revision})
