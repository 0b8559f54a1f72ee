"""`python -m xylab.zygote SERVICE`: imports a service once, then forks a process of it for each cloud; these share what was imported.

One JSON object a line: {"arguments": […], "env": {…}, "log": …} on standard input is an order, answered by {"started": pid} on standard output; {"ended": pid,
"code": …} follows when that process has ended. A service may read its configuration when it makes its application, never when it is imported here: what
it does read then (Nova: the spacing of its periodic tasks) has to be the same in all clouds.
"""

# mypy: ignore-errors - OpenStack has no types

import gc
import importlib
import json
import os
import pkgutil
import select
import sys
import traceback

from sqlalchemy import orm
from xylab import serve

ALWAYS = ("waitress.server", "sqlalchemy.dialects.sqlite", "keystoneauth1.loading", "keystonemiddleware.auth_token", "oslo_messaging._drivers.impl_fake")
KEYSTONE_SQL = (
    *("application_credential", "assignment", "catalog", "credential", "endpoint_policy", "federation", "identity"),
    *("limit", "oauth1", "policy", "resource", "revoke", "trust"),
)
MODULES = {
    "keystone": (
        "keystone.server.wsgi",
        "keystone.server.backends",
        *(f"keystone.{part}.backends.sql" for part in KEYSTONE_SQL),
        "keystone.assignment.role_backends.sql",
        "keystone.credential.providers.fernet",
        "keystone.identity.id_generators.sha256",
        "keystone.identity.mapping_backends.sql",
        "keystone.identity.shadow_backends.sql",
        "keystone.receipt.providers.fernet",
        "keystone.resource.config_backends.sql",
        "keystone.token.providers.fernet",
    ),
    "placement": ("placement.wsgi",),
    "glance": (
        "glance.common.wsgi_app",
        "glance.api.v2.router",
        "glance.api.versions",
        "glance_store._drivers.cinder.store",
        "glance_store._drivers.s3",
        "glance_store._drivers.swift.store",
        "glance_store._drivers.vmware_datastore",
    ),
    "neutron": (
        "neutron.server.api",
        "neutron.db.migration.models.head",
        "neutron.plugins.ml2.plugin",
        *(f"neutron.plugins.ml2.drivers.type_{kind}" for kind in ("flat", "local", "vlan", "vxlan")),
        "neutron.plugins.ml2.extensions.port_security",
        "neutron.services.auto_allocate.plugin",
        "neutron.services.flavors.flavors_plugin",
        "neutron.services.l3_router.l3_router_plugin",
        "neutron.services.portforwarding.pf_plugin",
        "neutron.services.qos.qos_plugin",
        "neutron.services.revisions.revision_plugin",
        "neutron.services.segments.plugin",
        "neutron.services.tag.tag_plugin",
        "neutron.services.timestamp.timestamp_plugin",
        "neutron.services.trunk.plugin",
        "neutron.api.v2.router",
        "neutron.notifiers.nova",
        "novaclient.v2.client",
        "xylab.ml2",
    ),
    "nova": ("keystoneclient.v3.client", "nova.servicegroup.drivers.db", "pyroute2", "vif_plug_ovs.ovs", "vif_plug_noop.noop"),
}
"""What a service's process has in its memory once it serves, found by comparing sys.modules: drivers and plugins are looked up when it starts."""
PACKAGES = {
    "keystone": ("keystone.api", "keystone.auth.plugins"),
    "neutron": ("neutron.extensions",),
    "nova": ("nova.api.openstack.compute", "nova.scheduler.filters", "nova.scheduler.weights"),
}
"""All modules of these folders."""


def preload(service):
    """The function that runs the service, given its arguments."""
    if service == "nova":
        from xylab import nova

        run = nova.main
    else:
        serve.prepare()
        sys.argv = [f"{service}-api"]

        def run(*arguments):
            serve.main(service, *arguments)

    for name in (*ALWAYS, *MODULES[service]):
        importlib.import_module(name)
    for package in PACKAGES.get(service, ()):
        for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
            importlib.import_module(f"{package}.{found.name}")
    orm.configure_mappers()
    return run


def child(run, order, leave):
    """Become a cloud's process. Never returns."""
    try:
        os.setsid()
        null, log = os.open(os.devnull, os.O_RDWR), os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        for fd, target in ((null, 0), (log, 1), (log, 2)):
            os.dup2(fd, target)
        for fd in (null, log, *leave):
            os.close(fd)
        os.environ.update(order["env"])
        run(*order["arguments"])
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)  # threads of services that did start would keep a useless process alive


def say(**message):
    os.write(1, json.dumps(message).encode() + b"\n")


def main(service):
    run = preload(service)
    gc.collect()
    gc.freeze()  # a collection in a child would write to every object, and so copy its page
    running, pending = {}, b""  # by a file descriptor that can be read once the process has ended: signals belong to the service's libraries
    while True:
        ready, _, _ = select.select([0, *running], [], [])
        for fd in set(ready) - {0}:
            pid, status = os.waitpid(running.pop(fd), 0)
            os.close(fd)
            say(ended=pid, code=os.waitstatus_to_exitcode(status))
        if 0 in ready:
            if not (more := os.read(0, 65536)):
                return
            *orders, pending = (pending + more).split(b"\n")
            for order in orders:
                if not (pid := os.fork()):
                    child(run, json.loads(order), running)
                running[os.pidfd_open(pid)] = pid
                say(started=pid)


if __name__ == "__main__":
    main(sys.argv[1])
