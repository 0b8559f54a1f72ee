"""`python -m xylab.manila PORT`: Manila's API, scheduler and share service in one process, for the reason that xylab.nova gives."""

# mypy: ignore-errors - OpenStack has no types

# ruff: noqa: E402
import os
import sys

PORT, sys.argv = int(sys.argv[1]), ["manila-all", "--config-file", f"{os.environ['XYLAB']}/etc/manila.conf"]
from xylab.serve import alone, listen, prepare

prepare()

from oslo_db.sqlalchemy import enginefacade

# a share's deletion has transactions of their own inside one, which on SQLite would wait for the one around them: they join it
enginefacade._TransactionContextManager.independent = property(lambda self: self)
from manila import service
from manila.wsgi import wsgi
from oslo_config import cfg

services = []


def main(port):
    app = wsgi.initialize_application()
    services.append(service.Service.create(binary="manila-scheduler", coordination=True))
    for name in cfg.CONF.enabled_share_backends:
        one = service.Service.create(host=f"{cfg.CONF.host}@{name}", service_name=name, binary="manila-share", coordination=True)
        services.append(one)
    for one in services:
        one.start()
    listen(app, port)


if __name__ == "__main__":
    alone(main, PORT)
