"""`xiangyun inventory check`: everything that is wrong with the estate, for people and for CI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.common import HERE, EstateOpt, JsonOpt, ScopeOpt, lasting, reported, show_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from inventory.checks import Check, DatedCheck, Finding
    from inventory.checks.baseline import Judged
    from inventory.model import Estate


def check(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", metavar="ID", help="Only this rule; may be repeated.", show_default=False)] = None,
    severity: Annotated[str, typer.Option("--severity", help="The least that is told: error, or warning (all).")] = "warning",
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="YYYY-MM-DD; today by default.", show_default=False)] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", metavar="FILE", help="Findings that are accepted (YAML).", show_default=False)] = None,
    write_baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="Accept all warnings found now, in a new file.", show_default=False)] = None,
    owner: Annotated[str, typer.Option("--owner", help="Who answers for what --write-baseline accepts.", show_default=False)] = "",
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="The last day of what --write-baseline accepts.", show_default=False)] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why --write-baseline accepts it.")] = "found when the baseline was made",
    sarif: Annotated[Path | None, typer.Option("--sarif", metavar="FILE", help="Also write SARIF 2.1.0.", show_default=False)] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML.", show_default=False)] = None,
    explain: Annotated[str | None, typer.Option("--explain", metavar="ID", help="Say what a rule is for, and stop.", show_default=False)] = None,
    as_json: JsonOpt = False,
) -> None:
    """Check the whole estate: every fault and warning.

    Exit 0: no errors; 2: files that cannot be read, or wrong use; 3: findings of severity error, or with --baseline any that it does not accept.
    """
    from inventory.checks.baseline import judge, read_baseline
    from inventory.checks.run import run
    from inventory.errors import Exit

    with reported():
        if explain:
            _explain(explain, as_json)
            return
        day = _day(as_of, "--as-of")
        checks = _checks(rule or [], severity)
        last = _accepting(write_baseline, owner, until, day)
        entries = read_baseline(baseline) if baseline else ()
        with lasting():
            whole = _read(estate, as_json)
        ran = [one.id for one in checks]
        judged = judge(_inside(whole, scope, run(whole, day, ran) if ran else []), entries, day, [] if scope else ran)
        if write_baseline and last:
            _write_baseline(write_baseline, judged, owner, last, reason)
        _write_results(judged, checks, estate, sarif, junit)
        _show(whole, judged, estate, day, as_json)
        if any(finding.severity == "error" for finding in judged.open) or (baseline and judged.open):
            raise typer.Exit(int(Exit.FOUND))


def _day(text: str | None, option: str) -> date:
    from datetime import date

    from inventory.errors import InputError

    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise InputError(f"{option} {text}: not a day of the form YYYY-MM-DD") from error


def _checks(rules: Sequence[str], severity: str) -> list[Check | DatedCheck]:
    """The rules that were asked for, by id."""
    from inventory.checks.run import chosen
    from inventory.errors import InputError

    if severity not in ("error", "warning"):
        raise InputError(f"--severity {severity}: expected error or warning")
    return [one for one in chosen(rules) if severity == "warning" or one.severity == "error"]


def _accepting(file: Path | None, owner: str, until: str, day: date) -> date | None:
    """The last day of a new baseline; what belongs to it is given all together or not at all."""
    from inventory.errors import InputError

    if file is None and not owner and not until:
        return None
    if file is None or not owner.strip() or not until:
        raise InputError("a new baseline needs --write-baseline FILE, --owner and --until together")
    last = _day(until, "--until")
    if last < day:
        raise InputError(f"--until {last}: that is before {day}, so nothing would be accepted")
    return last


def _read(estate: Path, as_json: bool) -> Estate:
    from dataclasses import asdict

    from inventory.errors import Exit
    from inventory.load import EstateFaults, read_estate

    try:
        return read_estate(estate)
    except EstateFaults as faults:
        if as_json:
            show_json({"readable": False, "faults": [asdict(fault) for fault in faults.faults], "findings": []})
            raise typer.Exit(int(Exit.USAGE)) from faults
        raise


def _inside(whole: Estate, scope: str | None, findings: list[Finding]) -> list[Finding]:
    from inventory.find import NAMES, rows
    from inventory.scope import scoped

    if not scope:
        return findings
    narrow = scoped(whole, scope)
    outside = {key for name in NAMES for key in rows(whole, name)} - {key for name in NAMES for key in rows(narrow, name)}
    return [finding for finding in findings if finding.subject not in outside]


def _write_baseline(file: Path, judged: Judged, owner: str, until: date, reason: str) -> None:
    from inventory.checks.baseline import baseline_text
    from inventory.checks.output import write_whole

    write_whole(file, baseline_text(judged.open, owner.strip(), until, reason), replace=False)
    typer.echo(f"{file}: accepts {len({(one.rule, one.subject) for one in judged.open if one.severity == 'warning'})} findings until {until}", err=True)


def _write_results(judged: Judged, checks: Sequence[Check | DatedCheck], estate: Path, sarif: Path | None, junit: Path | None) -> None:
    from importlib.metadata import PackageNotFoundError, version

    from inventory.checks import junit as junit_xml
    from inventory.checks import sarif as sarif_log
    from inventory.checks.output import write_whole

    if sarif:
        try:
            ours = version("xiangyun")
        except PackageNotFoundError:
            ours = "0"
        write_whole(sarif, sarif_log.render(judged, checks, ours, "" if estate.is_absolute() else estate.as_posix()))
    if junit:
        write_whole(junit, junit_xml.render(judged, checks))


def _show(whole: Estate, judged: Judged, estate: Path, day: date, as_json: bool) -> None:
    from dataclasses import asdict

    from inventory.find import NAMES

    counts = {name: len(getattr(whole, name)) for name in NAMES if name not in ("plan", "extranet")}
    errors = sum(finding.severity == "error" for finding in judged.open)
    if as_json:
        accepted = [{**asdict(finding), "owner": entry.owner, "until": entry.until, "reason": entry.reason} for finding, entry in judged.accepted]
        values: dict[str, Any] = {"readable": True, "as_of": day, "faults": [], "findings": [asdict(one) for one in judged.open], "accepted": accepted}
        values |= {name: [entry.model_dump(mode="json") for entry in getattr(judged, name)] for name in ("expired", "unmatched")}
        show_json({**values, "counts": counts})
        return
    lines = [f"{finding.place}: {finding.severity} {finding.rule}: {finding.en}" for finding in judged.open]
    lines += [
        f"baseline line {entry.line}: {entry.rule} about {entry.subject} was accepted by {entry.owner} until {entry.until}: it is open again"
        for entry in judged.expired
    ]
    lines += [f"baseline line {entry.line}: {entry.rule} about {entry.subject} is found no more: remove the entry" for entry in judged.unmatched]
    lines.append(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count))
    accepted_too = f", {len(judged.accepted)} accepted" if judged.accepted else ""
    lines.append(f"{estate}: {errors} errors, {len(judged.open) - errors} warnings{accepted_too}")
    typer.echo("\n".join(lines))


def _explain(rule: str, as_json: bool) -> None:
    from inventory.checks.run import chosen

    [one] = chosen([rule])
    texts = {name: {"zh": getattr(one, name).zh, "en": getattr(one, name).en} for name in ("title", "reason", "advice")}
    if as_json:
        show_json({"id": one.id, "severity": str(one.severity), **texts})
        return
    typer.echo(f"{one.id}  {one.severity}")
    for text in texts.values():
        typer.echo(f"\n{text['zh']}\n{text['en']}")
