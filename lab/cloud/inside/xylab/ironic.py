"""`python -m xylab.ironic PORT`: Ironic's API and conductor in one process, which call each other directly (`rpc_transport = none`)."""

# mypy: ignore-errors - OpenStack has no types

# ruff: noqa: E402
import os
import sys

from xylab.serve import alone, listen, prepare

PORT, sys.argv = int(sys.argv[1]), ["ironic", "--config-file", f"{os.environ['XYLAB']}/etc/ironic.conf"]
prepare()

from ironic.common import i18n, service

i18n.install("ironic")
service.prepare_command(sys.argv)  # the managers read the spacing of their periodic tasks when they are imported

from ironic.api import app
from ironic.conductor import rpc_service
from oslo_config import cfg


def main(port):
    conductor = rpc_service.RPCService(cfg.CONF.host, "ironic.conductor.manager", "ConductorManager")
    conductor.start()
    listen(app.VersionSelectorApplication(), port)


if __name__ == "__main__":
    alone(main, PORT)
