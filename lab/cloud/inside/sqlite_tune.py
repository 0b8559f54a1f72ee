"""Makes oslo.db services with many threads live well on SQLite files.

Import before the service. Write-ahead log (readers never wait); a writer's
transaction takes the write lock at its BEGIN, so it waits its turn instead
of failing when it turns from reader to writer half-way; what still meets a
lock is reported as a deadlock, which the services retry.
"""

import contextlib
import threading

import sqlalchemy as sa
from oslo_db import exception
from oslo_db.sqlalchemy import enginefacade as ef
from oslo_db.sqlalchemy import exc_filters
from sqlalchemy import event
from sqlalchemy.engine import Engine

_tl = threading.local()


def _stack():
    if not hasattr(_tl, "modes"):
        _tl.modes, _tl.writing = [], []
    return _tl.modes


_orig = ef._TransactionContext._produce_block


@contextlib.contextmanager
def _produce_block(self, mode, *args, **kw):
    block = _orig(self, mode, *args, **kw)
    stack = _stack()
    stack.append(self.mode is ef._WRITER)
    try:
        with block as resource:
            yield resource
    finally:
        stack.pop()


ef._TransactionContext._produce_block = _produce_block


@event.listens_for(Engine, "connect")
def _connect(dbapi_con, record):
    if type(dbapi_con).__module__ == "sqlite3":
        dbapi_con.execute("PRAGMA journal_mode=WAL")
        dbapi_con.execute("PRAGMA temp_store=MEMORY")
        dbapi_con.execute("PRAGMA cache_size=-8000")


@event.listens_for(Engine, "begin")
def _begin(conn):
    if conn.dialect.name != "sqlite" or "in_transaction" in conn.info:
        return
    stack, url = _stack(), str(conn.engine.url)
    write = (stack[-1] if stack else True) and url not in _tl.writing
    conn.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    conn.info["in_transaction"] = True  # oslo.db's own hook then does nothing
    if write:
        _tl.writing.append(url)
        conn.info["lab_writing"] = (_tl.writing, url)


def _end(conn):
    held = conn.info.pop("lab_writing", None)
    if held and held[1] in held[0]:
        held[0].remove(held[1])


event.listen(Engine, "commit", _end)
event.listen(Engine, "rollback", _end)


@exc_filters.filters("sqlite", sa.exc.OperationalError, r".*database is locked")
def _locked(error, match, engine_name, is_disconnect):
    raise exception.DBDeadlock(error)
