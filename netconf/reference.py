"""The table vendor × feature, and every line form with its source and confidence, made from the vendors' modules.

`python -m netconf.reference` writes docs/reference/vendors.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from netconf.model.device import FEATURES
from netconf.vendors import PACKAGES, vendor_of

HEAD = """# What each vendor's language does here

<!-- Made by `python -m netconf.reference`; do not edit. -->

A feature that is not in a vendor's column is refused by name (`xiangyun net render`, `build`, `plan --accept`), with the device and the row that asked for it,
unless network.yaml exempts the device under `without`. *manual*: the form stands in a command reference; *example*: in a published configuration or guide only;
*inferred*: by analogy, to be tried on a device first.

"""


def reference() -> str:
    return HEAD + "\n".join([*_table(), "", *_vendors()]) + "\n"


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
        counts = Counter(form.confidence for _, form in forms)
        yield f"\n## {language.title}\n"
        yield (
            f"Models: names that begin with {', '.join(language.models)}. Tier {language.tier}. {len(forms)} line forms: "
            + ", ".join(f"{counts[kind]} {kind}" for kind in ("manual", "example", "inferred") if counts[kind])
            + "."
        )
        if language.note:
            yield f"\nNote: {language.note}."
        yield "\n| module | form | source | confidence |\n|---|---|---|---|"
        for module, form in forms:
            text = form.template.replace("|", "\\|")
            yield f"| {module} | `{text}` | {form.source} | {form.confidence} |"


def main() -> None:
    (Path(__file__).parents[1] / "docs" / "reference" / "vendors.md").write_text(reference(), "utf-8")


if __name__ == "__main__":
    main()
