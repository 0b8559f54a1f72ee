"""`python -m xylab.renew`: makes a copy of the golden databases this cloud's own. Reads JSON from standard input:

{"folder": …, "urls": {service type: URL}, "passwords": {user: password}, "databases": {cell: connection URL}}

Services without a URL are taken out of the catalog.
"""

import base64
import contextlib
import json
import os
import pathlib
import sqlite3
import sys
from collections.abc import Iterable
from typing import Any

import bcrypt  # type: ignore[import-not-found,unused-ignore] # of the cloud's environment


def update(file: pathlib.Path, statement: str, rows: Iterable[tuple[str, ...]]) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        for row in rows:
            connection.execute(statement, row)


def main(ask: dict[str, Any]) -> None:
    folder = pathlib.Path(ask["folder"])
    for repository in ("fernet", "credential"):
        (folder / "keystone" / repository).chmod(0o700)
        for name in ("0", "1"):
            file = folder / "keystone" / repository / name
            file.touch(mode=0o600)
            file.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
    keystone = folder / "db/keystone.sqlite"
    update(
        keystone, "update endpoint set url = ? where service_id in (select id from service where type = ?)", [(url, kind) for kind, url in ask["urls"].items()]
    )
    kinds = ", ".join("?" * len(ask["urls"]))
    for statement in (
        f"delete from endpoint where service_id in (select id from service where type not in ({kinds}))",
        f"delete from service where type not in ({kinds})",
    ):
        update(keystone, statement, [tuple(ask["urls"])])
    hashes = [(bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode(), user) for user, password in ask["passwords"].items()]
    update(keystone, "update password set password_hash = ? where local_user_id in (select id from local_user where name = ?)", hashes)
    update(
        folder / "db/nova_api.sqlite",
        "update cell_mappings set database_connection = ? where name = ?",
        [(url, cell) for cell, url in ask["databases"].items()],
    )


if __name__ == "__main__":
    main(json.load(sys.stdin))
