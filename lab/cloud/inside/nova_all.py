"""nova_all.py nova PORT: Nova's API, conductor, scheduler and every compute host in one process, over oslo.messaging's in-memory transport.

Order matters: monkey_patch first; the configuration before the managers, whose periodic tasks read their spacing when they are imported.
"""

from __future__ import annotations

import os
import shlex
import sys
import traceback
import warnings

warnings.simplefilter("ignore")
port = int(sys.argv[2])
etc = os.path.join(os.environ["LAB_CLOUD_STATE"], "etc")
os.environ |= {"OS_NOVA_CONFIG_FILES": "nova-api-paste.ini;nova.conf", "OS_NOVA_CONFIG_DIR": etc}
sys.argv = ["nova-all", "--config-file", f"{etc}/nova.conf"]

from nova import monkey_patch  # noqa: E402

monkey_patch.patch(backend="threading")

import nova.conf  # noqa: E402
import os_brick  # noqa: E402
import os_vif  # noqa: E402
import sqlite_tune  # noqa: E402, F401
import waitress  # noqa: E402
from nova import config, context, objects, service, utils  # noqa: E402
from nova.api.openstack import wsgi_app  # noqa: E402
from nova.objects import host_mapping  # noqa: E402
from oslo_privsep import priv_context  # noqa: E402

config.parse_args(["nova-all", "--config-file", f"{etc}/nova.conf"], configure_db=False, init_rpc=False)

import nova.compute.manager  # noqa: E402
import nova.conductor.manager  # noqa: E402
import nova.scheduler.manager  # noqa: E402
import nova.virt  # noqa: E402
import virt_driver  # noqa: E402

nova.conf.CONF.clear()  # else the second parse cannot register command line options
sys.modules["nova.virt.xiangyun_lab"] = virt_driver
nova.virt.xiangyun_lab = virt_driver
CONF = nova.conf.CONF
running: list[object] = []


def start(binary: str, host: str, **options: str) -> None:
    CONF.set_override("host", host)
    one = service.Service.create(binary=binary, host=host, **options)
    one.start()
    running.append(one)


def main() -> None:
    application = wsgi_app.init_application("osapi_compute", "nova-all")
    priv_context.init(root_helper=shlex.split(utils.get_root_helper()))
    os_brick.setup(CONF)
    os_vif.initialize()
    objects.Service.enable_min_version_cache()
    start("nova-conductor", "lab", topic="conductor")
    start("nova-scheduler", "lab", topic="scheduler")
    for host in virt_driver.hosts():
        start("nova-compute", host, topic="compute", topic_alt="compute-alt")
    CONF.set_override("host", "lab")
    host_mapping.discover_hosts(context.get_admin_context())
    waitress.serve(application, listen=f"127.0.0.1:{port}", threads=8, ident=None, channel_timeout=300, connection_limit=4000, asyncore_use_poll=True)


try:
    main()
except BaseException:
    traceback.print_exc()
    os._exit(1)  # threads of half-started services would keep the process alive
