"""The vendors' languages, by the name that an estate gives a device's vendor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module

from inventory.errors import InputError
from netconf.forms import Line
from netconf.model.device import DeviceConfig
from netconf.vendors.vendor import Vendor

PACKAGES = {
    "huawei_vrp": "huawei",
    "h3c_comware": "h3c",
    "frr": "frr",
    "huawei_usg": "huawei_usg",
    "h3c_secpath": "h3c_secpath",
    "huawei_vrp5": "huawei_vrp5",
    "zte_zxros": "zte",
    "ruijie_rgos": "ruijie",
}


@cache
def vendor_of(name: str) -> Vendor:
    """Raises InputError for a name that nobody knows."""
    if name not in PACKAGES:
        raise InputError(f"vendor {name} is not known: {', '.join(PACKAGES)}")
    language: Vendor = import_module(f"netconf.vendors.{PACKAGES[name]}").VENDOR
    return language


def lines(config: DeviceConfig, origins: Mapping[str, str] | None = None) -> list[Line]:
    """The device's configuration, each line with its form and origin; `origins` (row to place) makes a refusal say where something was asked."""
    return vendor_of(config.vendor).lines(config, origins)


def render(config: DeviceConfig, origins: Mapping[str, str] | None = None) -> str:
    """The vendor's text."""
    language = vendor_of(config.vendor)
    return language.text(language.lines(config, origins))


def require_all(configs: Iterable[DeviceConfig], origins: Mapping[str, str]) -> None:
    """Raise InputError with everything that any of the devices cannot do."""
    faults = [fault for config in configs if (fault := vendor_of(config.vendor).fault(config, origins))]
    if faults:
        raise InputError("\n  ".join([f"{len(faults)} devices are asked for what their languages do not have here; nothing was done", *faults]))
