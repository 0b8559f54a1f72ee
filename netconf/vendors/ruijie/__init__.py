"""Ruijie RGOS (RSR): basic tier."""

from __future__ import annotations

from netconf.vendors import cisco_like
from netconf.vendors.ruijie.grammar import RGOS
from netconf.vendors.vendor import Vendor

VENDOR = Vendor(
    name="ruijie_rgos",
    title="Ruijie RGOS",
    tier="basic",
    models=("RSR",),
    grammar=RGOS,
    separator="!",
    features={"system": cisco_like, "interfaces": cisco_like, "statics": cisco_like},
)
