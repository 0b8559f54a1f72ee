"""An estate and facts to a report, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from inventory.checks import Finding, run
from inventory.checks.run import all_checks
from inventory.model import Estate
from inventory.overlap import suspects
from inventory.reports.compute import Tables
from inventory.reports.context import Context
from inventory.reports.facts import Facts
from inventory.reports.figures import charts, key_figures, tiles
from inventory.reports.model import Report, Table
from inventory.reports.notes import until
from inventory.reports.scope import inside, narrowed
from inventory.reports.tables import clouds, data, network, owners, plan, record, rooms, systems
from inventory.reports.topology import topology
from inventory.reports.words import words

# In the order in which they are computed: a table stands behind those that it counts.
MAKERS: tuple[Callable[[Context, Tables], Table], ...] = (
    systems.systems,
    systems.parts,
    systems.suspects,
    systems.migrations,
    systems.migration_states,
    systems.mlps,
    rooms.assets,
    rooms.rooms,
    rooms.asset_states,
    rooms.depreciation,
    clouds.pools,
    clouds.clouds,
    clouds.pool_kinds,
    clouds.platforms,
    network.devices,
    network.links,
    network.private_networks,
    network.addresses,
    network.egresses,
    data.needs,
    data.items,
    data.resources,
    data.elements,
    data.bases,
    owners.cities,
    owners.units,
    plan.gaps,
    plan.progress,
    plan.projects,
)
# In the order in which they are read, by group.
ORDER = (
    *("progress", "gaps", "projects"),
    *("systems", "cities", "units", "suspects", "migrations", "migration_states", "parts"),
    *("mlps_levels",),
    *("rooms", "assets", "asset_states", "depreciation"),
    *("clouds", "pools", "pool_kinds", "platforms"),
    *("devices", "links", "private_networks", "egresses", "addresses"),
    *("resources", "items", "elements", "needs", "bases"),
    *("rules", "findings", "changes"),
)


def build(estate: Estate, facts: Facts, lang: str = "zh", whole: Estate | None = None, found: Iterable[Finding] | None = None) -> Report:
    """The auditor's report on `estate`, which may be a scope of `whole`; same arguments, same report.

    Findings are those of `whole` (a scope has references that leave it) whose subject lies in `estate`; `found` are those of `whole`, where they
    are known already. Of the ledger's entries those count that were made by the end of `facts.as_of`.
    """
    said = words(lang)
    everything = whole or estate
    all_found = run(everything, facts.as_of) if found is None else list(found)
    if whole is not None:
        estate = narrowed(estate)
        all_found = [finding for finding in all_found if finding.subject not in whole.origins or inside(estate, finding.subject)]
    decided_on = tuple(one for one in suspects(everything, facts.as_of, facts.zombie_days) if one.system in estate.systems)
    c = Context(estate, facts, said, lang, decided_on)
    tables: dict[str, Table] = {}
    for make in MAKERS:
        table = make(c, tables)
        tables[table.key] = table
    tables["findings"] = record.findings(c, all_found)
    tables["rules"] = record.rules(c, tables, _titles())
    tables["changes"] = record.changes(c, until(facts.changes, facts.as_of))
    return Report(
        title=said["title"].format(name=c.region(estate.regions[estate.province])),
        lang=lang,
        as_of=facts.as_of,
        subtitle=said["subtitle"].format(as_of=facts.as_of.isoformat(), scope=facts.scope or said["whole"]),
        figures=key_figures(c, tables),
        tables=tuple(tables[key] for key in ORDER),
        charts=charts(said),
        tiles=tiles(c, tables["cities"]),
        topology=topology(estate, said["topology"]),
        words=said,
    )


def _titles() -> Mapping[str, tuple[str, str]]:
    return {check.id: (check.title.zh, check.title.en) for check in all_checks()}
