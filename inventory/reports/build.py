"""An estate and facts to a report, as data."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.checks import run
from inventory.model import Estate
from inventory.reports import tables
from inventory.reports.facts import Facts
from inventory.reports.figures import charts, key_figures, tiles
from inventory.reports.model import Report
from inventory.reports.topology import topology
from inventory.reports.words import words


def build(estate: Estate, facts: Facts, lang: str = "zh", whole: Estate | None = None) -> Report:
    """The auditor's report on `estate`, which may be a scope of `whole`; same arguments, same report.

    Findings are those of `whole` (a scope has references that leave it) whose subject lies in `estate`.
    """
    said = words(lang)
    found = run(whole or estate, facts.as_of)
    if whole is not None:
        found = [finding for finding in found if finding.subject not in whole.origins or _inside(estate, finding.subject)]
    all_tables = (
        tables.systems(estate, facts, said),
        tables.clouds(estate, facts, said),
        tables.pools(estate, said),
        tables.rooms(estate, said),
        tables.assets(estate, said),
        tables.units(estate, said),
        tables.migrations(estate, facts, said),
        tables.platforms(estate, said),
        tables.findings(found, said),
        tables.changes(facts, said),
    )
    by_key = {table.key: table for table in all_tables}
    name = estate.regions[estate.province].name if lang == "zh" else estate.regions[estate.province].name_en
    return Report(
        title=said["title"].format(name=name),
        lang=lang,
        as_of=facts.as_of,
        subtitle=said["subtitle"].format(as_of=facts.as_of.isoformat(), scope=facts.scope or said["whole"]),
        figures=key_figures(by_key, said),
        tables=all_tables,
        charts=charts(estate, by_key, said),
        tiles=tiles(estate),
        topology=topology(estate, said),
        words=said,
    )


def _inside(estate: Estate, subject: str) -> bool:
    """Whether a finding's subject belongs to the scope; what a scope never narrows (regions, units, the plan, …) does."""
    narrowed: dict[str, Mapping[str, object]] = {
        "site": estate.sites,
        "room": estate.rooms,
        "asset": estate.assets,
        "device": estate.devices,
        "link": estate.links,
        "lan": estate.lans,
        "system": estate.systems,
        "component": estate.components,
        "dependency": estate.dependencies,
        "cloud": estate.clouds,
        "egress": estate.egresses,
        "address": estate.addresses,
        "resource": estate.data_resources,
        "item": estate.data_items,
        "need": estate.data_needs,
        "decision": estate.decisions,
        "project": estate.projects,
        "vpn": estate.vpns,
    }
    rows = narrowed.get(subject.partition(":")[0])
    return rows is None or subject in rows
