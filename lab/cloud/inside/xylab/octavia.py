"""`python -m xylab.octavia PORT`: Octavia's API and worker in one process, for the reason that xylab.nova gives."""

# mypy: ignore-errors - OpenStack has no types

# ruff: noqa: E402
import os
import sys

PORT, sys.argv = int(sys.argv[1]), ["octavia-all", "--config-file", f"{os.environ['XYLAB']}/etc/octavia.conf"]
from xylab import serve

serve.prepare()
import datetime
import pathlib

import oslo_messaging as messaging
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from octavia.api import app
from octavia.common import config, constants, rpc
from octavia.controller.queue.v2 import endpoints

CONF = config.cfg.CONF


def make_authority():
    """Octavia signs a certificate for each amphora, even where nobody will see it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lab")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(3650))
    pathlib.Path(CONF.certificates.ca_certificate).write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    file = pathlib.Path(CONF.certificates.ca_private_key)
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def main(port):
    for option in ("max_pool_size", "max_overflow", "pool_timeout"):
        CONF.set_default(option, None, group="database")  # Octavia's own defaults are for a pool, which SQLite's engine has not
    application = app.setup_app(argv=sys.argv)
    make_authority()
    target = messaging.Target(topic=constants.TOPIC_AMPHORA_V2, server=CONF.host, fanout=False)
    rpc.get_server(target, [endpoints.Endpoints()]).start()
    serve.listen(application, port)


if __name__ == "__main__":
    serve.alone(main, PORT)
