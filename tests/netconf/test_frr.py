"""FRR's text: golden files, and rendered = parsed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inventory.errors import InputError
from inventory.model import Estate
from netconf.compile import compile_device, render
from netconf.design import design
from netconf.tree.parse import parse
from netconf.vendors.frr.grammar import FRR


@pytest.mark.parametrize("device", ["cl-pe-1", "hn-core-1", "hn-cgw-1"])
def test_text(estate: Estate, device: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{device}.conf", render(compile_device(design(estate).network, f"device:{device}")))


def test_sections_nest_as_frr_prints_them(estate: Estate) -> None:
    tree = parse(render(compile_device(design(estate).network, "device:cl-pe-1")), FRR)
    locator = tree.at(("segment-routing", "srv6", "locators", "locator MAIN"))
    assert locator
    assert list(locator.children) == ["prefix 5f00:4300:201::/48 block-len 32 node-len 16", "behavior usid", "format usid-f3216"]


def test_department_vpns_stay_out_where_the_device_has_no_vrfs(estate: Estate) -> None:
    hall = estate.lans["lan:cl-hall"].model_copy(update={"vpn": "vpn:sample"})
    network = design(estate.model_copy(update={"lans": {**estate.lans, hall.id: hall}})).network
    with_vrf, without = (render(compile_device(network, "device:cl-pe-1", vrf=vrf)) for vrf in (True, False))
    assert "router bgp 64512 vrf vpn1" in with_vrf
    assert str(hall.prefix.network_address + 1) in with_vrf
    assert "vrf" not in without
    assert str(hall.prefix.network_address + 1) not in without


def test_a_vendor_without_renderer_is_refused_by_name(hunan: Estate) -> None:
    device, row = next((key, row) for key, row in hunan.devices.items() if row.vendor != "frr")
    network = design(hunan.model_copy(update={"devices": {device: row}, "links": {}, "lans": {}})).network
    with pytest.raises(InputError, match=f"{device}: vendor .* has no renderer yet"):
        render(compile_device(network, device))
