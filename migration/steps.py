"""The steps of a move. Each may be repeated: it looks before it acts, so that a step that was cut off does nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from inventory.errors import XiangyunError
from inventory.model import RoomStatus
from migration import postgres
from migration.ansible import run_playbook
from migration.assess import assess
from migration.context import Move, acknowledged, learn_host_keys
from migration.network import Network
from migration.postgres import BACK, MOVE, REPLICATOR, Database
from netconf.ssh import Shell, connect

COPY_S = 3600  # limit of the first copy
CONSOLE_S = 120  # limit of a new server's first boot
DRAIN_S = 120  # limit of the last changes, while writes are stopped


def check(move: Move) -> dict[str, Any]:
    """Assess, and see that all that the cut-over will need is there. Raises XiangyunError when the system does not move, or not yet; nothing was touched."""
    result = assess(move.estate, move.system_id, date.today())
    if not result.moves:
        raise XiangyunError(f"{move.system_id} does not move: {result.disposition}: {'; '.join(result.reasons)}")
    if result.blockers:
        raise XiangyunError(f"{move.system_id} cannot move yet: {'; '.join(result.blockers)}")
    room = room_of(move)
    _network(move).ready(move.standing(room), move.standing(None))
    with move.source() as source:
        _answers(move, source, f"http://[::1]:{move.recipe.port}{move.recipe.health}", 10)
        move.database(source).one("select 1")
    move.say(f"  {room}: the service answers, and every router runs its plan")
    return {"disposition": result.disposition.value, "reasons": list(result.reasons)}


def stands_at_target(move: Move) -> bool:
    """Whether the system was cut over before, by a move that failed while it was watched."""
    return move.estate.systems[move.system_id].cloud == move.place[0].id


def prepare(move: Move) -> None:
    """The target gets packages, files and services, both databases logical replication, roles and a schema."""
    from stacks.api import console_output

    postgres.wait_until(
        lambda: learn_host_keys(move, console_output(move.estate, move.state, move.system_id)),
        CONSOLE_S,
        f"the server of {move.system_id} has not printed its SSH host keys on its console",
        pause_s=1,
    )
    recipe = move.recipe
    variables = {
        "source_address": str(move.source_address),
        "target_address": str(move.target_address),
        "service_address": str(move.system.service_address),
        "database": recipe.database,
        "owner": recipe.owner,
        "replicator": REPLICATOR,
        "packages": list(recipe.packages),
        "services": list(recipe.services),
        "files": list(recipe.files),
        "users": list(recipe.users),
    }
    run_playbook("prepare", {"source": move.source_login, "target": move.target_login}, move.access, variables, move.say)
    with move.source() as source, move.target() as target:
        _prepare_databases(move, move.database(source), move.database(target))


def _prepare_databases(move: Move, source: Database, target: Database) -> None:
    password = move.replication_password()
    for db, peer in ((source, move.target_address), (target, move.source_address)):
        postgres.replicator(db, password)
        host = str(peer).replace(":", "\\:")
        script = f"umask 077; cd ~postgres; touch .pgpass; grep -v {REPLICATOR} .pgpass > .pgpass.new; cat >> .pgpass.new; mv .pgpass.new .pgpass"
        db.shell.run("sudo", "-n", "-u", "postgres", "sh", "-c", script, stdin=f"{host}:5432:{db.name}:{REPLICATOR}:{password}\n")
    owner = move.recipe.owner
    if not target.one(f"select 1 from pg_roles where rolname = '{owner}'", "postgres"):
        verifier = source.one(f"select rolpassword from pg_authid where rolname = '{owner}'", "postgres")
        target.sql(f"create role {owner} login" + (f" password '{verifier}'" if verifier else ""), "postgres")
    if not target.one(f"select 1 from pg_database where datname = '{target.name}'", "postgres"):
        target.sql(f"create database {target.name} owner {owner}", "postgres")
    if not target.tables():
        target.sql(f"begin;\n{source.dump_schema()}\ncommit;\n")


def replicate(move: Move) -> int:
    """The first copy, and changes from then on. Returns the number of rows copied."""
    with move.source() as s, move.target() as t:
        source, target = move.database(s), move.database(t)
        postgres.publish(source, MOVE)
        postgres.subscribe(target, source, str(move.source_address), MOVE, copy=True)
        postgres.wait_copied(target, MOVE, COPY_S)
        return sum(int(value.split()[0]) for value in target.digests().values())


def trial(move: Move) -> None:
    """Start the system at its new place, where nobody is sent yet, and see it answer; then stop it again."""
    with move.target() as target:
        _services(move, target, "start")
        try:
            _answers(move, target, f"http://[::1]:{move.recipe.port}{move.recipe.health}", 30)
        finally:
            _services(move, target, "stop")


def stop_source(move: Move) -> float:
    """Stop writes and fence the old database. Returns the moment, in seconds since 1970."""
    return _stop(move, move.source)


def turn(move: Move) -> dict[str, str]:
    """Wait for the last change, compare all tables, and turn replication round. Returns the digests."""
    with move.source() as s, move.target() as t:
        source, target = move.database(s), move.database(t)
        if target.one(f"select 1 from pg_subscription where subname = '{MOVE}'"):
            postgres.drain(source, MOVE, DRAIN_S)
        digests = postgres.require_equal(source, target)
        target.sql(source.sequences())
        postgres.unsubscribe(target, source, MOVE)
        postgres.unpublish(source, MOVE)
        postgres.publish(target, BACK)
        postgres.subscribe(source, target, str(move.target_address), BACK, copy=False)
    return digests


def open_target(move: Move) -> float:
    """Start at the new place, let the network bring users there, and see the service answer. Returns the moment. Safe where it runs already."""
    return _open(move, move.target, None)


def no_write_lost(move: Move, *, at_target: bool) -> dict[str, Any]:
    """Every write that the client saw acknowledged is in the database that serves now, with the same content. Raises ReplicationError otherwise."""
    log = move.recipe.acknowledged
    writes, gap = acknowledged(move)
    if log is None:
        return {"acknowledged": None}
    with move.target() if at_target else move.source() as shell:
        rows = set(move.database(shell).sql(log.query, timeout=600))
    lost = sorted(writes.keys() - rows)
    if lost:
        raise postgres.ReplicationError(f"{len(lost)} of {len(writes)} acknowledged writes are not in the database, the first: {lost[0]}")
    return {"acknowledged": len(writes), "lost": 0, "longest_gap_s": round(gap, 3)}


def finish(move: Move) -> None:
    """The way back is closed: replication ends, the estate forgets the old hosts."""
    with move.source() as s, move.target() as t:
        source, target = move.database(s), move.database(t)
        postgres.unsubscribe(source, target, BACK)
        postgres.unpublish(target, BACK)
        target.sql(f"drop owned by {REPLICATOR}; drop role {REPLICATOR};")
    move.forget_password()
    for part in move.estate.components.values():
        if part.system == move.system_id and part.asset:
            move.edit("components", part.id, {"asset": ""})


def serves(move: Move) -> None:
    """Raise XiangyunError unless the service answers its users at the new place."""
    with move.target() as target:
        _answers(move, target, f"http://[::1]:{move.recipe.port}{move.recipe.health}", 10)
    _answers_from_outside(move)


# the way back


def can_go_back(move: Move) -> None:
    """Raise XiangyunError unless the old place can take over: host and database answer, and what is written at the new one comes along."""
    with move.source() as source:
        db = move.database(source)
        if not db.one(f"select 1 from pg_subscription where subname = '{BACK}' and subenabled"):
            raise XiangyunError(f"{db.shell.name}: nothing is replicated back: the old place cannot take over")
    _network(move).ready(move.standing(None), move.standing(move.source_asset.room))


def stop_target(move: Move) -> float:
    return _stop(move, move.target)


def drain_back(move: Move) -> dict[str, str]:
    """What was written at the new place is at the old one, and both are equal; before the turn there is nothing to bring."""
    with move.source() as s, move.target() as t:
        source, target = move.database(s), move.database(t)
        if source.one(f"select 1 from pg_subscription where subname = '{BACK}'"):
            postgres.drain(target, BACK, DRAIN_S)
            digests = postgres.require_equal(source, target)
            source.sql(target.sequences())
            return digests
        return source.digests()


def end_replication(move: Move) -> None:
    """Nothing goes between the two places any more, and the new one's copy is thrown away."""
    with move.source() as s, move.target() as t:
        source, target = move.database(s), move.database(t)
        postgres.unsubscribe(source, target, BACK)
        postgres.unpublish(target, BACK)
        postgres.unsubscribe(target, source, MOVE)
        postgres.unpublish(source, MOVE)
        postgres.unfence(target)
        target.sql(f"drop database if exists {target.name} with (force)", "postgres")


def open_source(move: Move, room: str) -> float:
    """Open the old place again. Returns the moment when the service answered."""
    return _open(move, move.source, room)


# parts


def _stop(move: Move, place: Callable[[], Shell]) -> float:
    began = time.time()
    with place() as shell:
        _services(move, shell, "stop")
        postgres.fence(move.database(shell))
        shell.run(f"sudo -n ip -6 address del {move.system.service_address}/128 dev lo", check=False)
    return began


def _open(move: Move, place: Callable[[], Shell], room: str | None) -> float:
    with place() as shell:
        postgres.unfence(move.database(shell))
        shell.run(f"sudo -n ip -6 address replace {move.system.service_address}/128 dev lo")
        _services(move, shell, "start")
        _answers(move, shell, f"http://[::1]:{move.recipe.port}{move.recipe.health}", 30)
    _stand(move, room)
    _answers_from_outside(move)
    return time.time()


def _services(move: Move, shell: Shell, verb: str) -> None:
    services = move.recipe.services if verb == "start" else move.recipe.services[::-1]
    for service in services:
        shell.run(f"sudo -n service {service} {verb}")


def _answers(move: Move, shell: Shell, url: str, limit_s: float) -> None:
    probe = f"curl -gfsS -m 2 -o /dev/null '{url}'"
    postgres.wait_until(lambda: shell.run(probe, check=False).status == 0, limit_s, f"{shell.name}: {url} does not answer")


def _answers_from_outside(move: Move) -> None:
    """Asked by the host that every login goes through, across the network."""
    jump = move.access.servers.jump if move.access.servers else None
    if jump is None:
        return
    with connect(jump, move.access.host(jump), move.access) as shell:
        _answers(move, shell, move.service_url, 60)


def _network(move: Move) -> Network:
    return Network(move.state, move.scope, move.access, move.say)


def _stand(move: Move, room: str | None) -> None:
    """Push the network that leads to where the system stands now, in `room` or (None) in its cloud, and write that into the estate."""
    from ledger import Ledger

    fields = {"room": room or "", "cloud": "" if room else move.place[0].id}
    in_room, in_cloud = move.standing(move.source_asset.room), move.standing(None)
    outcome = _network(move).push(in_cloud, in_room) if room else _network(move).push(in_room, in_cloud)
    before, after = move.edit("systems", move.system_id, fields)
    if before != after:
        note = f"{fields}; push {outcome.txn}: {', '.join(outcome.changed)}"
        Ledger(move.state).record(what="estate.edit", on=move.system_id, before=before, after=after, note=note)


def old_room(move: Move) -> str:
    """Where the system stood before it was cut over."""
    if move.source_asset.room is None:
        raise XiangyunError(f"{move.source_asset.id} stands in no room")
    return move.source_asset.room


def room_of(move: Move) -> str:
    """The room in which the system stands, before the move."""
    room = move.estate.systems[move.system_id].room
    if room is None:
        raise XiangyunError(f"{move.system_id} stands in no room")
    if move.estate.rooms[room].status is RoomStatus.CLOSED:
        raise XiangyunError(f"{room} is closed")
    return room
