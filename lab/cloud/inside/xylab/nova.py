"""`python -m xylab.nova PORT KEYSTONE_PORT PLACEMENT_PORT`: Nova's API, conductor, scheduler and every compute host in one process.

They share it because the in-memory message transport is a dictionary of the process. The order of imports is Nova's own demand: threads are
chosen before anything else of Nova, and the managers read the spacing of their periodic tasks from the configuration when they are imported.
"""

# mypy: ignore-errors - OpenStack has no types

# ruff: noqa: E402, I001
import os
import sys
import warnings

warnings.simplefilter("ignore")
PORTS = sys.argv[1:]


def command_line():
    """What Nova takes for its own; the folder is another in each process that a zygote forks."""
    return ["nova-all", "--config-file", f"{os.environ['OS_NOVA_CONFIG_DIR']}/nova.conf"]


sys.argv = command_line()
from nova import monkey_patch

monkey_patch.patch(backend="threading")
from xylab import sqlite  # noqa: F401
from nova import config
import nova.conf

config.parse_args(sys.argv, configure_db=False, init_rpc=False)
import shlex
import socket
import time

import nova.api.openstack.compute.routes
import nova.compute.manager
import nova.conductor.manager
import nova.scheduler.manager
import nova.virt
import os_brick
import os_vif
from nova import context, objects, service, utils
from nova.api.openstack import wsgi_app
from nova.objects import host_mapping
from oslo_privsep import priv_context

from xylab import driver
from xylab.serve import alone, listen
from xylab.supervisor import site

CONF = nova.conf.CONF
services = []


def wait_port(port):
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)


def start(binary, host, **kw):
    """Not by service.serve, which forks."""
    CONF.set_override("host", host)
    services.append(service.Service.create(binary=binary, host=host, **kw))
    services[-1].start()


def main(port, *needed):
    sys.argv = command_line()
    sys.modules["nova.virt.xylab"] = nova.virt.xylab = driver  # Nova looks for drivers below nova.virt only
    CONF.clear()  # or no option of the command line can be registered a second time
    app = wsgi_app.init_application("osapi_compute", "nova-all")
    priv_context.init(root_helper=shlex.split(utils.get_root_helper()))
    os_brick.setup(CONF)
    os_vif.initialize()
    objects.Service.enable_min_version_cache()
    for other in needed:
        wait_port(int(other))
    start("nova-conductor", "lab", topic="conductor")
    start("nova-scheduler", "lab", topic="scheduler")
    for host in site()["hosts"]:
        start("nova-compute", host, topic="compute", topic_alt="compute-alt")
    CONF.set_override("host", "lab")
    host_mapping.discover_hosts(context.get_admin_context())
    listen(app, int(port))


if __name__ == "__main__":
    alone(main, *PORTS)
