"""`python -m xylab.neutron_schema URL`: Neutron's tables from its models (its migrations are not made for SQLite), stamped with the head revisions."""

# mypy: ignore-errors - OpenStack has no types

import pathlib
import sys

import sqlalchemy as sa
from neutron.db.migration import alembic_migrations
from neutron.db.migration.models import head  # noqa: F401 - registers the models
from neutron_lib.db import model_base

engine = sa.create_engine(sys.argv[1])
model_base.BASEV2.metadata.create_all(engine)
versions = pathlib.Path(alembic_migrations.__file__).parent / "versions"
with engine.begin() as connection:
    connection.execute(sa.text("create table if not exists alembic_version (version_num varchar(32) primary key)"))
    for file in versions.glob("*HEAD*"):
        for revision in file.read_text().split():
            connection.execute(sa.text("insert or ignore into alembic_version values (:r)"), {"r": revision})
