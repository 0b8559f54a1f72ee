"""`python -m xylab.neutron_schema URL`: Neutron's tables from its models (its migrations are not made for SQLite), stamped with the head revisions.

Of what the migrations write into tables, only the rules that every new security group starts with matter; they are taken from their migration.
"""

# mypy: ignore-errors - OpenStack has no types

import importlib.util
import pathlib
import sys

import sqlalchemy as sa
from neutron.db.migration import alembic_migrations
from neutron.db.migration.models import head  # noqa: F401 - registers the models
from neutron_lib.db import model_base

VERSIONS = pathlib.Path(alembic_migrations.__file__).parent / "versions"


def default_rules():
    (file,) = VERSIONS.glob("*/expand/*_security_group_default_rules.py")
    spec = importlib.util.spec_from_file_location("default_rules", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.table_name, module.default_template_rules


def main(url):
    engine, tables = sa.create_engine(url), model_base.BASEV2.metadata.tables
    model_base.BASEV2.metadata.create_all(engine)
    name, rules = default_rules()
    with engine.begin() as connection:
        connection.execute(sa.text("create table if not exists alembic_version (version_num varchar(32) primary key)"))
        for file in VERSIONS.glob("*HEAD*"):
            for revision in file.read_text().split():
                connection.execute(sa.text("insert or ignore into alembic_version values (:r)"), {"r": revision})
        for rule in rules:
            common = {"description": rule.pop("description"), "resource_type": name, "revision_number": 0}
            number = connection.execute(tables["standardattributes"].insert().values(common)).inserted_primary_key[0]
            connection.execute(tables[name].insert().values({**rule, "standard_attr_id": number}))


if __name__ == "__main__":
    main(sys.argv[1])
