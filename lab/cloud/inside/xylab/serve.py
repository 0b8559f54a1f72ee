"""`python -m xylab.serve NAME PORT`: one OpenStack API in one process, on threads. Nova has its own (xylab.nova)."""

# mypy: ignore-errors - OpenStack has no types

import importlib
import os
import sys
import traceback
import warnings

MODULES = {"keystone": "keystone.wsgi.api", "placement": "placement.wsgi.api", "glance": "glance.wsgi.api", "neutron": "neutron.wsgi.api"}


def listen(app, port):
    """Serve until killed. waitress accepts 100 connections by default, which keep-alive clients reach."""
    import waitress

    waitress.serve(app, listen=f"127.0.0.1:{port}", threads=8, ident=None, channel_timeout=300, connection_limit=4000, asyncore_use_poll=True)


def prepare():
    """Threads, and SQLite for many of them: before the service is imported."""
    warnings.simplefilter("ignore")
    from oslo_service import backend
    from xylab import sqlite  # noqa: F401

    backend.init_backend(backend.BackendType.THREADING)


def alone(main, *arguments):
    """Be the process of a service that has threads of its own: those that did start must not keep a process alive in which another did not."""
    try:
        main(*arguments)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def main(name, port):
    sys.argv = [f"{name}-api"]  # the services read the command line when imported
    listen(barbican() if name == "barbican" else importlib.import_module(MODULES[name]).application, int(port))


def barbican():
    """Its own entry point looks for this file in /etc."""
    from paste import deploy

    return deploy.loadapp(f"config:{sys.prefix}/etc/barbican/barbican-api-paste.ini")


if __name__ == "__main__":
    prepare()
    main(*sys.argv[1:])
