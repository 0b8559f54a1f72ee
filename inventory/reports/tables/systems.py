"""Tables of systems: each with its level, place and use; their parts; those to be decided on; the moves; by MLPS level."""

from __future__ import annotations

from collections.abc import Callable

from inventory.mlps import crypto_assessed, filed, tested
from inventory.model import Component, System
from inventory.overlap import Suspect
from inventory.reports.compute import Tables, computed
from inventory.reports.context import Context
from inventory.reports.model import Source, Table, Value
from inventory.reports.tables.maker import Columns, Maker


def systems(c: Context, _tables: Tables) -> Table:
    unused = {suspect.system for suspect in c.suspects if suspect.kind == "unused"}
    states = {key: c.said("state", fact.get("state", "")) for key, fact in c.facts.migrations.items()}
    day, words = c.facts.as_of, c.words
    add: Maker[System] = Maker(c, "systems", "g_systems", words["sample_note"])
    add("id", lambda s: s.id, "mono", 22)
    add("name", lambda s: c.systems[s.id], width=34)
    add("unit", lambda s: c.unit(s.unit), width=28)
    add("city", lambda s: c.unit_city(s.unit), filter=True)
    add("stands", lambda s: words[stands(s)], width=10, filter=True)
    add("room", lambda s: c.rooms.get(s.room or "", s.room), width=30)
    add("cloud", lambda s: c.clouds.get(s.cloud or "", s.cloud), width=24)
    add("zone", lambda s: words[f"zone:{s.zone}"], width=16)
    add("status", lambda s: words[f"system:{s.status}"], width=10, filter=True)
    add("state", lambda s: states.get(s.id), width=12, filter=True)
    add("mlps", lambda s: s.mlps_level, "code", 10, filter=True)
    add("filing", lambda s: s.mlps_filing, width=20)
    add("filed", lambda s: words[f"filed:{filed(s)}"], width=10, filter=True)
    add("tested_on", lambda s: s.mlps_tested, "date", 12)
    add("tested", lambda s: words[f"assessed:{tested(s, day)}"], width=12, filter=True)
    add("crypto_on", lambda s: s.crypto_assessed, "date", 12)
    add("crypto", lambda s: words[f"assessed:{crypto_assessed(s, day)}"], width=12, filter=True)
    add("classified", lambda s: s.classified, "yes", 8)
    add("personal", lambda s: s.personal_data, "yes", 11)
    add("xinchuang", lambda s: s.xinchuang, "yes", 8, filter=True)
    add("arch", lambda s: s.arch, width=12)
    add("users", lambda s: s.users, "number", 10, total=True)
    add("visits", lambda s: s.daily_visits, "number", 10, total=True)
    add("last_used", lambda s: s.last_used, "date", 12)
    add("zombie", lambda s: s.id in unused, "yes", 10, filter=True)
    add("cost", lambda s: s.yearly_cost_cny, "money", 16, total=True)
    add("vendor", lambda s: s.vendor, width=18)
    add("contract_end", lambda s: s.contract_end, "date", 12)
    add("in_service", lambda s: s.in_service, "date", 12)
    add("source", lambda s: words[f"source:{s.source}"], width=10)
    return add.table(c.estate.systems.values())


def parts(c: Context, _tables: Tables) -> Table:
    """Components: web servers, applications and databases."""
    systems, assets = c.estate.systems, c.estate.assets

    def unit(part: Component) -> str:
        return c.unit(systems[part.system].unit) if part.system in systems else ""

    add: Maker[Component] = Maker(c, "parts", "g_systems")
    add("id", lambda p: p.id, "mono", 28)
    add("system", lambda p: c.systems.get(p.system, p.system), width=34)
    add("unit", unit, width=28)
    add("kind", lambda p: c.words[f"kind:{p.kind}"], filter=True)
    add("product", lambda p: p.product, width=18, filter=True)
    add("version", lambda p: p.version, width=12)
    add("host", lambda p: assets[p.asset].name if p.asset in assets else p.asset, width=18)
    add("port", lambda p: p.port or None, "code", 8)
    add("size", lambda p: p.size_gib, "decimal", 12, total=True)
    return add.table(c.estate.components.values())


def suspects(c: Context, _tables: Tables) -> Table:
    """Systems without use, without an owner or doing another's job: the evidence, and what was decided."""
    systems, origins = c.estate.systems, c.estate.origins

    def evidence(suspect: Suspect) -> str:
        return "；".join(f"{c.told(one.zh, one.en)} [{origins.get(one.subject, one.subject)}:{one.column}]" for one in suspect.evidence)

    add: Maker[Suspect] = Maker(c, "suspects", "g_systems", c.words["suspects_note"])
    add("id", lambda s: s.system, "mono", 22)
    add("name", lambda s: c.systems[s.system], width=34)
    add("unit", lambda s: c.unit(systems[s.system].unit), width=28)
    add("city", lambda s: c.unit_city(systems[s.system].unit), filter=True)
    add("suspicion", lambda s: c.words[f"suspect:{s.kind}"], filter=True)
    add("others", lambda s: "、".join(c.names.get(key, key) for key in s.others), width=34)
    add("evidence", evidence, width=70)
    add("cost", lambda s: s.yearly_cost_cny, "money", 16)
    add("decision", lambda s: c.words[f"decision:{s.decision.decision if s.decision else 'none'}"], width=12, filter=True)
    add("into", lambda s: c.names.get(s.decision.into, s.decision.into) if s.decision and s.decision.into else None, width=28)
    add("decided_by", lambda s: s.decision.by if s.decision else None)
    add("decided_on", lambda s: s.decision.on if s.decision else None, "date", 12)
    add("reason", lambda s: s.decision.reason if s.decision else None, width=40)
    return add.table(c.suspects)


def mlps(c: Context, tables: Tables) -> Table:
    """By level: filed, tested in time, cryptography assessed in time."""
    k, words = Columns(c), c.words
    levels = sorted({system.mlps_level for system in c.estate.systems.values()})
    mine = (("mlps", "mlps"),)
    columns = [k.own("mlps", "code", 10), k.of("system_count", Source("systems", match=mine))]
    for what, states in (("filed", ("filed", "missing")), ("tested", ("in-time", "overdue", "never")), ("crypto", ("in-time", "overdue", "never"))):
        kind = "filed" if what == "filed" else "assessed"
        keys = [f"{what}_{state.replace('-', '_')}" for state in states]
        columns += [k.of(key, Source("systems", where=((what, words[f"{kind}:{state}"]),), match=mine)) for key, state in zip(keys, states, strict=True)]
        columns.append(k.share(f"{what}_share", keys[0], *keys))
    return computed(tables, "mlps_levels", words["mlps_levels"], tuple(columns), [(level,) for level in levels], words["mlps_note"], "g_security")


def migrations(c: Context, _tables: Tables) -> Table:
    """What is known of every move that was begun."""
    known = c.facts.migrations

    def number(key: str) -> Callable[[str], Value]:
        return lambda system: value if isinstance(value := known[system].get(key), int | float) else None

    add: Maker[str] = Maker(c, "migrations", "g_systems")
    add("id", lambda key: key, "mono", 22)
    add("name", lambda key: c.systems.get(key, ""), width=34)
    add("state", lambda key: c.said("state", known[key].get("state")), filter=True)
    add("disposition", lambda key: c.said("disposition", known[key].get("disposition")), filter=True)
    add("rows_moved", number("rows"), "number", total=True)
    add("acknowledged", number("acknowledged"), "number", total=True)
    add("lost", number("lost"), "number", 10, total=True)
    add("downtime", number("downtime_s"), "decimal")
    add("longest_gap", number("longest_gap_s"), "decimal")
    add("approved_by", lambda key: known[key].get("approved_by"))
    add("note", lambda key: str(known[key].get("note") or ""), width=60)
    return add.table(sorted(known))


def migration_states(c: Context, tables: Tables) -> Table:
    k, mine = Columns(c), (("state", "state"),)
    states = sorted({str(value) for value in tables["migrations"].values("state")})
    columns = (
        k.own("state", width=20),
        k.of("system_count", Source("migrations", match=mine)),
        k.of("rows_moved", Source("migrations", "rows_moved", match=mine)),
        k.of("acknowledged", Source("migrations", "acknowledged", match=mine)),
        k.of("lost", Source("migrations", "lost", match=mine)),
    )
    return computed(tables, "migration_states", c.words["migration_states"], columns, [(state,) for state in states], group="g_systems")


def stands(system: System) -> str:
    """The word for where a system stands."""
    return "in_cloud" if system.cloud else "in_room" if system.room else "nowhere"
