"""`python -m xylab.octavia_schema URL`: Octavia's tables from its models (its migrations fail on SQLite), stamped with the head revision.

Of what the migrations write into tables, these rows matter: the words that statuses, protocols and the like may be, and the placeholders of what is deleted.
"""

# mypy: ignore-errors - OpenStack has no types

import pathlib
import sys

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from octavia.common import constants
from octavia.db import base_models, migration, models

WORDS = {
    models.ProvisioningStatus: constants.SUPPORTED_PROVISIONING_STATUSES,
    models.OperatingStatus: constants.SUPPORTED_OPERATING_STATUSES,
    models.Protocol: constants.SUPPORTED_PROTOCOLS,
    models.Algorithm: constants.SUPPORTED_LB_ALGORITHMS,
    models.AmphoraRoles: constants.SUPPORTED_AMPHORA_ROLES,
    models.LBTopology: constants.SUPPORTED_LB_TOPOLOGIES,
    models.SessionPersistenceType: constants.SUPPORTED_SP_TYPES,
    models.HealthMonitorType: constants.SUPPORTED_HEALTH_MONITOR_TYPES,
    models.VRRPAuthMethod: constants.SUPPORTED_VRRP_AUTH,
    models.L7RuleType: constants.SUPPORTED_L7RULE_TYPES,
    models.L7RuleCompareType: constants.SUPPORTED_L7RULE_COMPARE_TYPES,
    models.L7PolicyAction: constants.SUPPORTED_L7POLICY_ACTIONS,
    models.ClientAuthenticationMode: constants.SUPPORTED_CLIENT_AUTH_MODES,
}
NIL, GONE = constants.NIL_UUID, {"name": "DELETED-PLACEHOLDER", "provider_name": constants.DELETED}
ROWS = (
    (models.AmphoraBuildSlots, {"id": 1, "slots_used": 0}),
    (models.FlavorProfile, {"id": NIL, "flavor_data": "{}", **GONE}),
    (models.Flavor, {"id": NIL, "flavor_profile_id": NIL, "name": GONE["name"], "enabled": False}),
    (models.AvailabilityZoneProfile, {"id": NIL, "availability_zone_data": "{}", **GONE}),
    (models.AvailabilityZone, {"name": NIL, "availability_zone_profile_id": NIL, "enabled": False}),
)


def head():
    config = Config()
    config.set_main_option("script_location", str(pathlib.Path(migration.__file__).parent / "alembic_migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def main(url):
    engine = sa.create_engine(url)
    base_models.BASE.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("create table alembic_version (version_num varchar(32) primary key)"))
        connection.execute(sa.text("insert into alembic_version values (:r)"), {"r": head()})
        for model, words in WORDS.items():
            connection.execute(model.__table__.insert(), [{"name": word} for word in words])
        for model, row in ROWS:
            connection.execute(model.__table__.insert().values(row))


if __name__ == "__main__":
    main(sys.argv[1])
