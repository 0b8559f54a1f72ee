"""ZTE ZXROS (ZXR10): basic tier."""

from __future__ import annotations

from netconf.vendors import cisco_like
from netconf.vendors.vendor import Vendor
from netconf.vendors.zte.grammar import ZXROS

VENDOR = Vendor(
    name="zte_zxros",
    title="ZTE ZXROS",
    tier="basic",
    models=("ZXR10",),
    grammar=ZXROS,
    separator="!",
    features={"system": cisco_like, "interfaces": cisco_like, "statics": cisco_like},
)
