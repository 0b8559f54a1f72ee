"""PostgreSQL on a host, by `psql` over SSH: what a move of a database needs. Source: PostgreSQL 15 manual, chapter "Logical Replication".

Traps: sequences are not replicated; a subscription that was cut off while it was made leaves its slot at the publisher; `wal_level` needs a restart.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from inventory.errors import XiangyunError
from netconf.ssh import Shell, SshError

MOVE = "xiangyun_move"  # publication, subscription and slot of the way there
BACK = "xiangyun_back"  # and of the way back
REPLICATOR = "xiangyun_replicator"
HBA = "/etc/postgresql/*/main/pg_hba.conf"
SUBSCRIBE_TRIES, SUBSCRIBE_S = 4, 20
NEWLINE = "\\n"  # of sed's `i` command


class ReplicationError(XiangyunError):
    """The databases are not, or not in time, what they have to be."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database at the end of a shell. `name` goes into messages."""

    shell: Shell
    name: str

    def sql(self, text: str, database: str | None = None, timeout: float = 120) -> list[str]:
        """Run a script; rows come back as lines, columns separated by `|`. The script goes by stdin, so that no secret stands in a process list."""
        line = f"sudo -n -u postgres psql -XAtq -v ON_ERROR_STOP=1 -d {database or self.name}"
        return self.shell.run(f"cd / && {line}", stdin=text, timeout=timeout).out.splitlines()

    def one(self, text: str, database: str | None = None) -> str:
        rows = self.sql(text, database)
        return rows[0] if rows else ""

    def tables(self) -> list[str]:
        return self.sql("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1")

    def digests(self) -> dict[str, str]:
        """Rows and an order-independent digest of every table."""
        parts = [f"select '{t}', count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from {t} t" for t in self.tables()]
        return dict(line.split("|", 1) for line in self.sql(" union all ".join(parts), timeout=600)) if parts else {}

    def dump_schema(self) -> str:
        line = f"cd / && sudo -n -u postgres pg_dump --schema-only --no-publications --no-subscriptions -d {self.name}"
        return self.shell.run(line, timeout=120).out

    def sequences(self) -> str:
        """A script that sets every sequence to where it stands here."""
        rows = self.sql("select format('%I.%I', schemaname, sequencename), coalesce(last_value, 0) from pg_sequences")
        values = (row.rsplit("|", 1) for row in rows)
        return "".join(f"select setval('{name}', {value}, true);\n" for name, value in values if int(value))


def replicator(db: Database, password: str) -> None:
    """The role that the other side logs in with."""
    db.sql(
        f"do $$ begin create role {REPLICATOR} login replication; exception when duplicate_object then null; end $$;\n"
        f"alter role {REPLICATOR} password '{password}';\ngrant pg_read_all_data to {REPLICATOR};\n",
        "postgres",
    )


def publish(db: Database, publication: str) -> None:
    if not db.one(f"select 1 from pg_publication where pubname = '{publication}'"):
        db.sql(f"create publication {publication} for all tables")


def subscribe(db: Database, publisher: Database, host: str, publication: str, *, copy: bool) -> None:
    """Subscribe `db` to a publication of `publisher` at `host`; the password is in the subscriber's .pgpass. Safe to repeat after a cut.

    The slot is made over a connection that has no time limit of its own: a lost answer would hang for ever. So it is limited, and tried again.
    """
    keepalive = "keepalives_idle=5 keepalives_interval=2 keepalives_count=3"
    text = f"host={host} port=5432 dbname={publisher.name} user={REPLICATOR} connect_timeout=10 {keepalive}"
    create = f"create subscription {publication} connection '{text}' publication {publication} with (copy_data = {str(copy).lower()})"
    for attempt in range(SUBSCRIBE_TRIES):
        if db.one(f"select 1 from pg_subscription where subname = '{publication}'"):
            return
        drop_slot(publisher, publication)
        try:
            db.sql(f"set statement_timeout = '{SUBSCRIBE_S}s';\n{create};\n")
        except SshError:
            if attempt + 1 == SUBSCRIBE_TRIES:
                raise


def unsubscribe(db: Database, publisher: Database, publication: str) -> None:
    """End a subscription and its slot at the publisher, whichever of them is still there."""
    if db.one(f"select 1 from pg_subscription where subname = '{publication}'"):
        db.sql(f"alter subscription {publication} disable; alter subscription {publication} set (slot_name = none); drop subscription {publication};")
    drop_slot(publisher, publication)


def drop_slot(publisher: Database, slot: str) -> None:
    """Drop a slot whose subscriber has gone; its sender may not have noticed yet."""
    publisher.sql(f"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '{slot}' and active")
    wait_until(
        lambda: not publisher.one(f"select 1 from pg_replication_slots where slot_name = '{slot}' and active"),
        30,
        f"{publisher.shell.name}: slot {slot} stays in use",
    )
    publisher.sql(f"select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '{slot}'")


def unpublish(db: Database, publication: str) -> None:
    db.sql(f"drop publication if exists {publication}")


def wait_copied(db: Database, subscription: str, limit_s: float) -> None:
    """Until every table's first copy is done."""
    query = (
        "select count(*) filter (where srsubstate <> 'r') || ' ' || count(*) from pg_subscription_rel r "
        f"join pg_subscription s on s.oid = r.srsubid where subname = '{subscription}'"
    )
    wait_until(lambda: db.one(query).startswith("0 "), limit_s, f"{db.shell.name}: the first copy is not done: {subscription}")


def drain(publisher: Database, slot: str, limit_s: float) -> str:
    """Until the subscriber has confirmed all that the publisher wrote so far. Returns the WAL position."""
    end = publisher.one("select pg_current_wal_lsn()")
    query = f"select confirmed_flush_lsn >= '{end}'::pg_lsn from pg_replication_slots where slot_name = '{slot}'"
    wait_until(lambda: publisher.one(query) == "t", limit_s, f"{publisher.shell.name}: the other side has not confirmed {end}")
    return end


def fence(db: Database) -> None:
    """No more writes: the application's connections are refused by pg_hba and ended; replication and the administrator stay."""
    rules = (
        "# xiangyun fence",
        f"local {db.name} postgres peer",
        f"host {db.name} {REPLICATOR} ::/0 scram-sha-256",
        f"local {db.name} all reject",
        f"host {db.name} all all reject",
        "# xiangyun fence end",
    )
    db.shell.run(f"f=$(ls {HBA} | head -1); sudo -n grep -q '^# xiangyun fence' $f || sudo -n sed -i '1i {NEWLINE.join(rules)}' $f")
    db.sql(
        f"select pg_reload_conf();\nselect pg_terminate_backend(pid) from pg_stat_activity where datname = '{db.name}' and backend_type = 'client backend' "
        "and usename <> 'postgres' and pid <> pg_backend_pid();\n",
        "postgres",
    )


def unfence(db: Database) -> None:
    db.shell.run(f"f=$(ls {HBA} | head -1); sudo -n sed -i '/^# xiangyun fence$/,/^# xiangyun fence end$/d' $f")
    db.sql("select pg_reload_conf()", "postgres")


def require_equal(one: Database, other: Database) -> dict[str, str]:
    """The digests of both, which must be equal. Raises ReplicationError naming the tables that differ."""
    here, there = one.digests(), other.digests()
    if here != there:
        names = sorted(t for t in here.keys() | there.keys() if here.get(t) != there.get(t))
        raise ReplicationError(f"{one.shell.name} and {other.shell.name} differ in {', '.join(names[:5])}")
    return here


def wait_until(true: Callable[[], bool], limit_s: float, message: str, pause_s: float = 0.1) -> None:
    end = time.monotonic() + limit_s
    while not true():
        if time.monotonic() > end:
            raise ReplicationError(f"{message} (waited {limit_s:.0f} s)")
        time.sleep(pause_s)
