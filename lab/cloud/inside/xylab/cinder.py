"""`python -m xylab.cinder PORT`: Cinder's API, scheduler and volume service in one process, for the reason that xylab.nova gives."""

# mypy: ignore-errors - OpenStack has no types

# ruff: noqa: E402, I001
import os
import sys
import warnings

warnings.simplefilter("ignore")
os.environ["OS_CINDER_DISABLE_EVENTLET_PATCHING"] = "1"
PORT, sys.argv = int(sys.argv[1]), ["cinder-all", "--config-file", f"{os.environ['XYLAB']}/etc/cinder.conf"]
from cinder import monkey_patch

monkey_patch.patch(backend="threading")
from xylab import sqlite  # noqa: F401 - before the service
from oslo_service import backend

backend.init_backend(backend.BackendType.THREADING)
import shlex

import os_brick
from cinder import service, utils
from cinder.wsgi import wsgi
from oslo_config import cfg
from oslo_privsep import priv_context

from xylab.serve import alone, listen

services = []


def main(port):
    app = wsgi.initialize_application()
    priv_context.init(root_helper=shlex.split(utils.get_root_helper()))
    os_brick.setup(cfg.CONF)
    cfg.CONF.register_opt(cfg.StrOpt("backend_host"), group="fake")
    services.append(service.Service.create(binary="cinder-scheduler"))
    services.append(service.Service.create(host="lab@fake", service_name="fake", binary="cinder-volume", coordination=True))
    for one in services:
        one.start()
    listen(app, port)


if __name__ == "__main__":
    alone(main, PORT)
