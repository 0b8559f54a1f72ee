"""FRR's text: golden files, and rendered = parsed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from inventory.errors import InputError
from inventory.model import Estate
from inventory.policy import NetworkPolicy, ServiceClass, Without
from netconf.compile import compile_device
from netconf.design import design
from netconf.model.device import DeviceConfig
from netconf.tree.parse import parse
from netconf.vendors import render
from netconf.vendors.frr import VENDOR
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


def test_a_vendor_that_nobody_knows_is_refused_by_name(estate: Estate) -> None:
    config = replace(compile_device(design(estate).network, "device:cl-pe-1"), vendor="nobody")
    with pytest.raises(InputError, match="vendor nobody is not known"):
        render(config)


def test_what_frr_cannot_do_is_refused_with_feature_device_and_row(estate: Estate) -> None:
    classes = (ServiceClass(name="ef", title="语音", dscp=(46,), scheduling="strict"),)
    network = design(estate.model_copy(update={"network": NetworkPolicy(classes=classes)})).network
    places = {"device:cl-pe-1": "devices.csv:10", "extranet:classes": "network.yaml:3"}
    with pytest.raises(InputError, match=r"device:cl-pe-1 \(devices.csv:10\): FRR .* cannot do qos \(asked in network.yaml:3\)"):
        VENDOR.lines(compile_device(network, "device:cl-pe-1"), places)


def test_what_is_exempted_is_not_asked(estate: Estate) -> None:
    classes = (ServiceClass(name="ef", title="语音", dscp=(46,), scheduling="strict"),)
    without = (Without(features=("qos",), models=("FRR",), why="a software router has no queues"),)
    network = design(estate.model_copy(update={"network": NetworkPolicy(classes=classes, without=without)})).network
    assert render(compile_device(network, "device:cl-pe-1")) == render(compile_device(design(estate).network, "device:cl-pe-1"))


@pytest.mark.parametrize("device", ["cl-pe-1", "hn-core-1", "hn-cgw-1", "cs-pe-1", "zz-pe-1"])
def test_rendered_text_reads_back_as_what_was_rendered(estate: Estate, device: str) -> None:
    config = compile_device(design(estate).network, f"device:{device}")
    read, left = VENDOR.read(config.device, config.model, VENDOR.parse(render(config)))
    assert left == []
    assert read == printed(config)


def printed(config: DeviceConfig) -> DeviceConfig:
    """What FRR's text says of it: MTU and VRF of an interface are the kernel's, a VRF has no description."""
    return replace(
        config,
        interfaces=tuple(replace(i, mtu=None, vrf=None) for i in config.interfaces),
        vrfs=tuple(replace(v, description="") for v in config.vrfs),
    )
