"""A certificate authority of one's own, and TLS in front of services that have none."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.stacks.proxy import joined

DAY = timedelta(days=1)


class Authority:
    """Signs certificates for 127.0.0.1. `file` is its own, as clients are given it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.pem"
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = self._certificate(self.name, self._key, (x509.BasicConstraints(ca=True, path_length=0), True), (usage, True))
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def _certificate(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *more: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
        now, own = datetime.now(UTC), x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        build = x509.CertificateBuilder().subject_name(name).issuer_name(self.name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        build = build.not_valid_before(now - DAY).not_valid_after(now + DAY)
        build = build.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        build = build.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False)
        for extension, critical in more:
            build = build.add_extension(extension, critical)
        return build.sign(self._key, hashes.SHA256())

    def server(self) -> ssl.SSLContext:
        """What a server on 127.0.0.1 shows."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        made = self._certificate(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), key, (names, False))
        file = self.folder / "server.pem"
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@contextmanager
def fronted(ports: Iterable[int], context: ssl.SSLContext) -> Iterator[dict[int, int]]:
    """By port of a service on 127.0.0.1, the port on which it is had by TLS."""

    def handler(port: int) -> type[BaseRequestHandler]:
        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError), context.wrap_socket(self.request, server_side=True) as outside, socket.create_connection(("127.0.0.1", port)) as inside:
                    joined(outside, inside)

        return Handler

    servers = {}
    try:
        for port in ports:
            servers[port] = server = ThreadingTCPServer(("127.0.0.1", 0), handler(port))
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {port: server.server_address[1] for port, server in servers.items()}
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()
