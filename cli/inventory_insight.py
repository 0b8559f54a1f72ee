"""`xiangyun inventory` zombies, decide, catalogue, progress: what the census is for."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import HERE, DayOpt, EstateOpt, JsonOpt, LangOpt, ScopeOpt, YesOpt, confirm, day_of, lang_of, load, reported, show_json


def zombies(
    kind: Annotated[str | None, typer.Option("--kind", help="unused, ownerless or overlap; all by default.", show_default=False)] = None,
    undecided: Annotated[bool, typer.Option("--undecided", help="Only those on which nothing was decided.")] = False,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_of: DayOpt = None,
    lang: LangOpt = "zh",
    as_json: JsonOpt = False,
) -> None:
    """List systems without use, owner or a job of their own.

    Each with its evidence and what was decided. Exit code 3 while something is undecided.
    """
    from dataclasses import asdict

    from inventory.errors import Exit, InputError
    from inventory.overlap import KINDS, suspects
    from inventory.scope import scoped

    with reported():
        if kind and kind not in KINDS:
            raise InputError(f"--kind {kind}: known are {', '.join(KINDS)}")
        whole, zh = load(estate), lang_of(lang) == "zh"
        inside = scoped(whole, scope).systems
        found = [s for s in suspects(whole, day_of(as_of)) if s.system in inside and kind in (None, s.kind) and not (undecided and s.decision)]
        left = [suspect for suspect in found if suspect.decision is None]
        if as_json:
            show_json([{**asdict(s), "decision": s.decision.model_dump(mode="json") if s.decision else None} for s in found])
        else:
            for suspect in found:
                decided = (
                    f"{suspect.decision.decision}, {suspect.decision.on}, {suspect.decision.by}" if suspect.decision else ("未决定" if zh else "undecided")
                )
                typer.echo(f"{suspect.system} {whole.systems[suspect.system].name}: {WORDS[suspect.kind][0 if zh else 1]}; {decided}")
                for piece in suspect.evidence:
                    typer.echo(f"  {whole.origins.get(piece.subject, piece.subject)}:{piece.column}: {piece.zh if zh else piece.en}")
            cost = sum({s.system: s.yearly_cost_cny for s in left}.values())
            count = len({suspect.system for suspect in left})
            typer.echo(f"{count} 个系统待决定，年度费用合计 {cost:,.0f} 元" if zh else f"{count} systems to be decided on, costing CNY {cost:,.0f} a year")
        if left:
            raise typer.Exit(int(Exit.FOUND))


WORDS = {"unused": ("僵尸系统", "without use"), "ownerless": ("无主系统", "without an owner"), "overlap": ("职能重复", "does another's job")}


def decide(
    system: Annotated[str, typer.Argument(metavar="SYSTEM")],
    decision: Annotated[str, typer.Argument(metavar="keep|merge|retire")],
    by: Annotated[str, typer.Option("--by", help="The role that decided.")],
    reason: Annotated[str, typer.Option("--reason")],
    into: Annotated[str | None, typer.Option("--into", help="For merge: the system that does the job.", show_default=False)] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day of the decision; today by default.", show_default=False)] = None,
    estate: EstateOpt = HERE,
    yes: YesOpt = False,
    as_json: JsonOpt = False,
) -> None:
    """Record what was decided about a system, and by whom.

    A row is added to decisions.csv and an entry to the ledger; a later decision stands over an earlier one.
    """
    from inventory.decide import record

    with reported():
        whole = load(estate)
        confirm(f"{decision} {system}?", yes)
        row = record(estate, whole, system=system, decision=decision, into=into, by=by, on=day_of(on), reason=reason, today=day_of(None))
        if as_json:
            show_json(row)
        else:
            typer.echo(f"{row['id']}: {system} {decision}{f' into {into}' if into else ''}, {row['on']}, {by}")


def catalogue(
    element: Annotated[str | None, typer.Option("--element", help="One data element.", show_default=False)] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="What one unit holds.", show_default=False)] = None,
    needs: Annotated[bool, typer.Option("--needs", help="What is needed and not met, with what could meet it.")] = False,
    estate: EstateOpt = HERE,
    lang: LangOpt = "zh",
    as_json: JsonOpt = False,
) -> None:
    """Show the catalogue of data: who holds and who needs what.

    Exit code 3 when an element has several sources or none, or a need is not met.
    """
    from inventory import catalogue as data
    from inventory.errors import Exit, InputError

    with reported():
        whole, zh = load(estate), lang_of(lang) == "zh"
        if unit and unit not in whole.units:
            raise InputError(f"no unit {unit} in this estate")
        entries = [
            e
            for e in data.catalogue(whole)
            if element in (None, e.element) and (not unit or any(whole.data_resources[i.resource].unit == unit for i in e.items))
        ]
        if element and not entries:
            raise InputError(f"no data element {element} is held or needed")
        open_needs = [need for e in entries for need in e.needs if need.status in ("asked", "granted")]
        faulty = [e for e in entries if e.clashes or not e.sources]
        bases = data.bases_gathered(whole)
        if as_json:
            show_json(
                {
                    "elements": [data.as_dict(e) for e in entries],
                    "needs_met": data.needs_met(whole).percent,
                    "bases_gathered": {base: share.percent for base, share in bases.items()},
                    "open_needs": [{**need.model_dump(mode="json"), "offers": data.offers(whole, need)} for need in open_needs],
                }
            )
        elif needs:
            for need in open_needs:
                offers = data.offers(whole, need)
                found = " ".join(offers) or ("无可共享数据源" if zh else "nothing that is shared")
                typer.echo(f"{need.id} {whole.units[need.unit].name} {need.element} ({need.status}, {need.asked}): {found}")
        else:
            for e in entries:
                sources = " ".join(item.resource for item in e.sources) or ("无数据源" if zh else "no source")
                clash = f" [{'多源' if zh else 'several sources'}: {len(e.clashes)}]" if e.clashes else ""
                typer.echo(
                    f"{e.element} {e.name}: {sources}{clash}; {len(e.items)} {'处持有' if zh else 'holders'}, {len(e.needs)} {'项需求' if zh else 'needs'}"
                )
        if not as_json:
            typer.echo(f"{'需求满足率' if zh else 'needs met'}: {data.needs_met(whole)}")
            for base, share in bases.items():
                typer.echo(f"{'信息项汇聚率' if zh else 'gathered'} {base}: {share}")
        if faulty or open_needs:
            raise typer.Exit(int(Exit.FOUND))


def progress(estate: EstateOpt = HERE, as_of: DayOpt = None, lang: LangOpt = "zh", as_json: JsonOpt = False) -> None:
    """Show how far the estate is against the plan's targets.

    Exit code 3 while a target that can be measured is open.
    """
    from inventory.errors import Exit
    from inventory.progress import progress as measured

    with reported():
        zh = lang_of(lang) == "zh"
        rows = measured(load(estate), day_of(as_of))
        if as_json:
            show_json(
                [
                    {**row.target.model_dump(mode="json"), "state": row.state, "value": row.measured.value, "how": row.measured.en, "rows": row.measured.rows}
                    for row in rows
                ]
            )
        for row in [] if as_json else rows:
            target, value = row.target, row.measured.value
            shown = ("未知" if zh else "unknown") if value is None else f"{value:g}"
            goal = f"/{target.goal:g}{target.unit}" if target.goal is not None else ""
            how = row.measured.zh if zh else row.measured.en
            typer.echo(f"{target.year or '–'} {target.zh if zh else target.en}: {shown}{goal} {STATES[row.state][0 if zh else 1]} ({how})")
        if not rows and not as_json:
            typer.echo("没有目标：请写入 targets.yaml" if zh else "no targets: write them into targets.yaml")
        if any(row.state == "open" for row in rows):
            raise typer.Exit(int(Exit.FOUND))


STATES = {"reached": ("已达到", "reached"), "open": ("未达到", "open"), "unknown": ("无法判断", "cannot be told")}
