"""serve.py SERVICE PORT: one OpenStack WSGI service in one process, on native threads."""

from __future__ import annotations

import importlib
import os
import sys
import warnings

warnings.simplefilter("ignore")
service, port = sys.argv[1], int(sys.argv[2])
etc = os.path.join(os.environ["LAB_CLOUD_STATE"], "etc")
sys.argv = [f"{service}-api"]
os.environ |= {
    "OS_KEYSTONE_CONFIG_FILES": f"{etc}/keystone.conf",
    "OS_PLACEMENT_CONFIG_DIR": etc,
    "OS_GLANCE_CONFIG_DIR": etc,
    "OS_NEUTRON_CONFIG_DIR": etc,
    "OS_NEUTRON_CONFIG_FILES": "neutron.conf",
}

import sqlite_tune  # noqa: E402, F401
import waitress  # noqa: E402
from oslo_service import backend  # noqa: E402

backend.init_backend(backend.BackendType.THREADING)
application = importlib.import_module(f"{service}.wsgi.api").application
# By default waitress takes 100 connections: keep-alive clients reach that, and requests then hang
waitress.serve(application, listen=f"127.0.0.1:{port}", threads=8, ident=None, channel_timeout=300, connection_limit=4000, asyncore_use_poll=True)
