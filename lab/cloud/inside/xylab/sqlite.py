"""Makes oslo.db's services live well on SQLite files with many threads. Import before the service.

Write-ahead log (readers never wait); a writer's transaction takes the write lock at its BEGIN, so that it waits its turn instead of failing when it
turns from reader to writer half-way; what still meets a lock is reported as a deadlock, which the services retry. Without it, 50 servers in a row
gave 490 "database is locked" (measured). Leans on private names of oslo.db 18.
"""

# mypy: ignore-errors - OpenStack has no types

import contextlib
import threading

import sqlalchemy as sa
from oslo_db import exception
from oslo_db.sqlalchemy import enginefacade as ef
from oslo_db.sqlalchemy import exc_filters
from sqlalchemy import event
from sqlalchemy.engine import Engine

_thread = threading.local()
_produce = ef._TransactionContext._produce_block


def _modes():
    """Of the transactions that this thread is in, from outside inwards: is each a writer?"""
    if not hasattr(_thread, "modes"):
        _thread.modes, _thread.writing = [], []
    return _thread.modes


@contextlib.contextmanager
def _produce_block(self, mode, *args, **kw):
    block, modes = _produce(self, mode, *args, **kw), _modes()
    modes.append(self.mode is ef._WRITER)
    try:
        with block as resource:
            yield resource
    finally:
        modes.pop()


ef._TransactionContext._produce_block = _produce_block


@event.listens_for(Engine, "connect")
def _connect(dbapi_con, record):
    if type(dbapi_con).__module__ == "sqlite3":
        for pragma in ("journal_mode=WAL", "temp_store=MEMORY", "cache_size=-8000"):
            dbapi_con.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(conn):
    if conn.dialect.name != "sqlite" or "in_transaction" in conn.info:
        return
    modes, url = _modes(), str(conn.engine.url)
    # an inner transaction of a thread that already writes to this file would wait for itself
    write = (modes[-1] if modes else True) and url not in _thread.writing
    conn.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    conn.info["in_transaction"] = True  # oslo.db's own hook then does nothing
    if write:
        _thread.writing.append(url)
        conn.info["xylab_writing"] = (_thread.writing, url)


def _end(conn):
    held = conn.info.pop("xylab_writing", None)
    if held and held[1] in held[0]:
        held[0].remove(held[1])


event.listen(Engine, "commit", _end)
event.listen(Engine, "rollback", _end)


@exc_filters.filters("sqlite", sa.exc.OperationalError, r".*database is locked")
def _locked(error, match, engine_name, is_disconnect):
    raise exception.DBDeadlock(error)
