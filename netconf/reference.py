"""The table vendor × feature, and every line form with how it is known, made from the vendors' modules and their evidence.

`python -m netconf.reference` writes docs/reference/vendors.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from netconf.evidence import evidence
from netconf.model.device import FEATURES
from netconf.vendors import PACKAGES, vendor_of

HEAD = """# What each vendor's language does here

<!-- Made by `python -m netconf.reference`; do not edit. -->

A feature that is not in a vendor's column is refused by name (`xiangyun net render`, `build`, `plan --accept`), with the device and the row that asked for it,
unless network.yaml exempts the device under `without`.

## How the forms were checked

Each line form was compared with public text in November 2026, language by language: what stands in the NE40E reference says nothing of a USG, even where one
module writes both. *manual*: the syntax was read in a command reference or a configuration guide (of FRR, in its user guide or source), whose page is named.
*example*: it stands in published configurations only. *inferred*: found in neither, to be tried on a device first. *Lines* are those of the public
configurations of that language that have the form; *also lines* counts the forms of a manual that they have too.

"""
CHECKED = {  # language: the public configurations (see public-configurations.md) and the documentation that its forms were compared with
    "huawei_vrp": (
        "4,675 examples of the NE40E and CloudEngine 6800 guides",
        "NE40E V800R012C10 command reference and a later NE40E configuration guide, as kept in WheaterW/INTA-project: whole, by script",
    ),
    "h3c_comware": (
        "93, most from H3C Cloud Lab; none has SRv6, IS-IS or IPv6 routes",
        "Comware 7 command manual, as kept in grayfalcon666/netmiko-h3c-skill: whole, but without SRv6, Flex-Algo, EVPN and telemetry; "
        "of H3C's own references to SRv6 only the contents could be read",
    ),
    "frr": ("1,255 of FRR's topotests", "FRR user guide and source of August 2026; the lab runs what is rendered on FRR 10.7"),
    "huawei_usg": ("one, and what others published of single features", "no page with these commands was found"),
    "h3c_secpath": ("what others published of single features", "the Comware 7 manual; the beginning of the SecPath reference, Security policy commands"),
    "huawei_vrp5": ("22", "one page of the S5700 V200R011C10 command reference"),
    "zte_zxros": ("none", "no page with these commands was found"),
    "ruijie_rgos": ("none", "no page with these commands was found"),
}


def reference() -> str:
    return HEAD + "\n".join([*_checked(), "", "## Features", "", *_table(), "", *_vendors()]) + "\n"


def _checked() -> Iterator[str]:
    yield "| language | forms | manual | also lines | example | inferred | public configurations | documentation |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, (configurations, documentation) in CHECKED.items():
        known = [evidence(name, form) for _, form in vendor_of(name).forms()]
        counts = Counter(row.confidence for row in known)
        also = sum(row.confidence == "manual" and bool(row.lines) for row in known)
        numbers = (len(known), counts["manual"], also, counts["example"], counts["inferred"])
        yield f"| {vendor_of(name).title} | {' | '.join(map(str, numbers))} | {configurations} | {documentation} |"


def _table() -> Iterator[str]:
    languages = [vendor_of(name) for name in PACKAGES]
    yield f"| feature | {' | '.join(language.title for language in languages)} |"
    yield f"|---|{'---|' * len(languages)}"
    yield f"| tier | {' | '.join(language.tier for language in languages)} |"
    for feature in FEATURES:
        yield f"| {feature} | {' | '.join('✓' if feature in language.features else '–' for language in languages)} |"


def _vendors() -> Iterator[str]:
    for name in PACKAGES:
        language = vendor_of(name)
        forms = list(language.forms())
        known = [evidence(name, form) for _, form in forms]
        counts = Counter(row.confidence for row in known)
        yield f"\n## {language.title}\n"
        yield (
            f"Models: names that begin with {', '.join(language.models)}. Tier {language.tier}. {len(forms)} line forms: "
            + ", ".join(f"{counts[kind]} {kind}" for kind in ("manual", "example", "inferred") if counts[kind])
            + "."
        )
        if language.note:
            yield f"\nNote: {language.note}."
        yield "\n| module | form | confidence | lines | read in |\n|---|---|---|---|---|"
        for (module, form), row in zip(forms, known, strict=True):
            text = form.template.replace("|", "\\|")
            yield f"| {module} | `{text}` | {row.confidence} | {row.lines or ''} | {row.read} |"


def main() -> None:
    (Path(__file__).parents[1] / "docs" / "reference" / "vendors.md").write_text(reference(), "utf-8")


if __name__ == "__main__":
    main()
