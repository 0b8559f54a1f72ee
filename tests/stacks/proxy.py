"""A forward HTTP proxy on the loopback that loses, breaks or delays answers on demand: what stands between a run and a cloud on a bad day."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Fault = Callable[[str, str], str]  # (method, path) → "", or what happens: see `Proxy`
HANG_S = 20
_HOP = {"connection", "proxy-connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fault: Fault

    def _any(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = f"{url.path}?{url.query}" if url.query else url.path
        what = type(self).fault(self.command, path)
        if what == "refuse":  # before it is done
            return self._answer(503, [], b"busy")
        if what == "expire":
            return self._answer(401, [("WWW-Authenticate", "Keystone")], b"the token has expired")
        connection = http.client.HTTPConnection(url.hostname or "", url.port or 80, timeout=120)
        connection.request(self.command, path, body or None, {k: v for k, v in self.headers.items() if k.lower() not in _HOP})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if what == "hang":
            time.sleep(HANG_S)
        if what in ("drop", "hang"):  # after it is done, without an answer
            self.close_connection = True
            return None
        if what == "break":
            return self._answer(500, [], b"internal error")
        if what == "gateway":
            return self._answer(504, [], b"gateway timeout")
        return self._answer(answer.status, [(k, v) for k, v in answer.getheaders() if k.lower() not in _HOP], content)

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_CONNECT(self) -> None:
        """A tunnel, for what is encrypted: only that it is opened can be refused."""
        if type(self).fault(self.command, self.path) == "refuse":
            return self._answer(403, [], b"not that way")
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            joined(self.connection, there)
        self.close_connection = True
        return None

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _any  # noqa: N815 - names of http.server

    def log_message(self, *_: object) -> None:
        """Nothing."""


def joined(one: socket.socket, other: socket.socket) -> None:
    """What comes from either goes to the other, until both have ended."""
    back = threading.Thread(target=_copy, args=(other, one), daemon=True)
    back.start()
    _copy(one, other)
    back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def proxy(fault: Fault) -> Iterator[str]:
    """The URL of a proxy whose requests go wrong as `fault` says.

    refuse: 503 (a tunnel: 403), not done; expire: 401, not done; break: 500, done; gateway: 504, done; drop: done, no answer; hang: done, no answer for long.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fault": staticmethod(fault)}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
