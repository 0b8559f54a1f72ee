"""The application of the old system: stores records in PostgreSQL, by HTTP. Standard library and psycopg2; Debian's own Python.

POST /records {"client", "seq", "value"}   201 {"id"} once committed; 200 if this (client, seq) is stored already with this value, 409 with another one
GET  /records/count                        {"count"}
GET  /records/<client>/<seq>               {"id", "client", "seq", "value"} or 404
GET  /health                               {"status": "ok"}, or 503 without database
"""

import configparser
import json
import queue
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import psycopg2  # type: ignore[import-not-found,import-untyped,unused-ignore] # of the machine

CONFIG = "/etc/xy-app.conf"
IDLE = 8  # connections kept
Answer = tuple[int, dict[str, Any]]


class Database:
    """Connections to PostgreSQL, used again as long as they work."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.idle: queue.LifoQueue[Any] = queue.LifoQueue(IDLE)

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """One transaction: committed at the end, or its connection is thrown away."""
        try:
            connection = self.idle.get_nowait()
        except queue.Empty:
            connection = psycopg2.connect(self.dsn, connect_timeout=3)
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
            self.idle.put_nowait(connection)
        except queue.Full:
            connection.close()
        except BaseException:
            connection.close()
            raise

    def store(self, client: str, seq: int, value: str) -> tuple[int | None, bool]:
        """Id of the record, and whether it is new. None as id: another value is stored under this number."""
        with self.cursor() as cursor:
            cursor.execute(
                "insert into records (client, seq, value) values (%s, %s, %s) on conflict (client, seq) do nothing returning id", (client, seq, value)
            )
            if row := cursor.fetchone():
                return row[0], True
            cursor.execute("select id from records where client = %s and seq = %s and value = %s", (client, seq, value))
            row = cursor.fetchone()
            return (row[0] if row else None), False

    def count(self) -> int:
        with self.cursor() as cursor:
            cursor.execute("select count(*) from records")
            return int(cursor.fetchone()[0])

    def get(self, client: str, seq: int) -> dict[str, Any] | None:
        with self.cursor() as cursor:
            cursor.execute("select id, client, seq, value from records where client = %s and seq = %s", (client, seq))
            row = cursor.fetchone()
        return row and dict(zip(("id", "client", "seq", "value"), row, strict=True))


class Handler(BaseHTTPRequestHandler):
    database: Database

    def do_GET(self) -> None:
        parts = [unquote(part) for part in self.path.split("/") if part]
        if parts == ["health"]:
            self.answer(lambda: (self.database.get("", 0), (200, {"status": "ok"}))[1])
        elif parts == ["records", "count"]:
            self.answer(lambda: (200, {"count": self.database.count()}))
        elif len(parts) == 3 and parts[0] == "records" and parts[2].isdigit():
            self.answer(lambda: (200, found) if (found := self.database.get(parts[1], int(parts[2]))) else (404, {"error": "no such record"}))
        else:
            self.reply(404, {"error": "no such page"})

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            client, seq, value = str(body["client"]), int(body["seq"]), str(body["value"])
        except (ValueError, KeyError, TypeError):
            return self.reply(400, {"error": "a JSON object with client, seq and value is wanted"})
        if self.path.rstrip("/") != "/records":
            return self.reply(404, {"error": "no such page"})
        return self.answer(lambda: self.stored(client, seq, value))

    def stored(self, client: str, seq: int, value: str) -> Answer:
        number, new = self.database.store(client, seq, value)
        if number is None:
            return 409, {"error": "another value is stored under this number"}
        return (201 if new else 200), {"id": number}

    def answer(self, action: Callable[[], Answer]) -> None:
        try:
            status, body = action()
        except psycopg2.Error as error:
            status, body = 503, {"error": str(error).splitlines()[0] if str(error) else "database"}
        self.reply(status, body)

    def reply(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """nginx writes the access log."""


def main() -> None:
    config = configparser.ConfigParser(interpolation=None)
    config.read(sys.argv[1] if len(sys.argv) > 1 else CONFIG)
    Handler.database = Database(config["database"]["dsn"])
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer((config["http"]["listen"], int(config["http"]["port"])), Handler).serve_forever()


if __name__ == "__main__":
    main()
