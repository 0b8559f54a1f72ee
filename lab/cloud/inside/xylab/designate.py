"""`python -m xylab.designate PORT`: Designate's API, central, worker, producer and its own name server in one process, for the reason that xylab.nova gives."""

# mypy: ignore-errors - OpenStack has no types

# ruff: noqa: E402
import os
import sys

PORT, sys.argv = int(sys.argv[1]), ["designate-all"]
from xylab.serve import alone, listen, prepare

prepare()

import designate.cmd  # noqa: F401 - sets its defaults for messages and logs
from designate.api import wsgi

POOLS = f"{os.environ['OS_DESIGNATE_CONFIG_DIR']}/pools.yaml"
services = []


def main(port):
    app = wsgi.init_application()
    from designate.central.service import Service as Central
    from designate.manage.pool import PoolCommands
    from designate.mdns.service import Service as Mdns
    from designate.producer.service import Service as Producer
    from designate.worker.service import Service as Worker

    services.append(Central())
    services[-1].start()
    PoolCommands().update(POOLS, delete=False)
    for kind in (Worker, Mdns, Producer):
        services.append(kind())
        services[-1].start()
    listen(app, port)


if __name__ == "__main__":
    alone(main, PORT)
