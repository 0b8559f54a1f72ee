"""`python -m xylab.manila_schema URL`: Manila's tables from its models (its migrations meet their own lock on SQLite), stamped with the head revision.

Its migrations write rows only for those that they find.
"""

# mypy: ignore-errors - OpenStack has no types

import pathlib
import sys

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from manila.db import migrations
from manila.db.sqlalchemy import models


def main(url):
    engine = sa.create_engine(url)
    models.BASE.metadata.create_all(engine)
    head = ScriptDirectory(str(pathlib.Path(migrations.__file__).parent / "alembic")).get_current_head()
    with engine.begin() as connection:
        connection.execute(sa.text("create table if not exists alembic_version (version_num varchar(32) primary key)"))
        connection.execute(sa.text("insert or ignore into alembic_version values (:head)"), {"head": head})


if __name__ == "__main__":
    main(sys.argv[1])
