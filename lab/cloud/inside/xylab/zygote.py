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
import signal
import sys
import traceback

from xylab import serve

MODULES = {
    "keystone": ("keystone.server.wsgi", "keystone.server.backends", "keystone.api"),
    "placement": ("placement.wsgi", "keystonemiddleware.auth_token"),
    "glance": ("glance.common.wsgi_app", "glance.api.v2.router", "glance.api.versions", "keystonemiddleware.auth_token"),
    "neutron": (
        "neutron.server.api",
        "neutron.db.migration.models.head",
        "neutron.plugins.ml2.plugin",
        "neutron.services.l3_router.l3_router_plugin",
        "neutron.services.qos.qos_plugin",
        "neutron.services.trunk.plugin",
        "neutron.services.portforwarding.pf_plugin",
        "neutron.services.segments.plugin",
        "neutron.services.auto_allocate.plugin",
        "neutron.api.v2.router",
        "neutron.notifiers.nova",
        "keystonemiddleware.auth_token",
        "xylab.ml2",
    ),
}
PACKAGES = {"neutron": ("neutron.extensions",), "keystone": ("keystone.api",), "nova": ("nova.api.openstack.compute",)}
"""All modules of these: they are found by looking into the folder, once the service starts."""


def preload(service):
    """The function that runs the service, given its arguments."""
    if service == "nova":
        from xylab import nova

        run = nova.main
    else:
        serve.prepare()
        sys.argv = [f"{service}-api"]
        for name in MODULES[service]:
            importlib.import_module(name)

        def run(*arguments):
            serve.main(service, *arguments)

    for package in PACKAGES.get(service, ()):
        folder = importlib.import_module(package).__path__
        for found in pkgutil.iter_modules(folder):
            importlib.import_module(f"{package}.{found.name}")
    return run


def child(run, order, leave):
    """Become a cloud's process. Never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
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
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    gc.collect()
    gc.freeze()  # a collection in a child would write to every object, and so copy its page
    running, pending = set(), b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            for pid in list(running):
                if (ended := os.waitpid(pid, os.WNOHANG))[0]:
                    running.remove(pid)
                    say(ended=pid, code=os.waitstatus_to_exitcode(ended[1]))
        if 0 in ready:
            if not (more := os.read(0, 65536)):
                return
            *orders, pending = (pending + more).split(b"\n")
            for order in orders:
                if not (pid := os.fork()):
                    child(run, json.loads(order), (woken, wake))
                running.add(pid)
                say(started=pid)


if __name__ == "__main__":
    main(sys.argv[1])
