"""Every vendor's language: golden files by module and by device, rendered = parsed = read, every line form in use, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.errors import InputError
from inventory.model import Estate
from netconf.compile import compile_device
from netconf.design import design
from netconf.evidence import evidence, stale
from netconf.model.device import FEATURES, FIELDS, DeviceConfig
from netconf.model.network import Network
from netconf.vendors import PACKAGES, vendor_of
from netconf.vendors.vendor import Vendor
from tests.netconf.everything import everything, only, pieces

ROUTERS = {
    "huawei_vrp": ("NE40E-X3A", ("10GE0/2/0", "100GE0/1/0", "GigabitEthernet0/3/0")),
    "h3c_comware": ("CR16010-F", ("HundredGigE1/1/1", "Ten-GigabitEthernet1/2/1", "GigabitEthernet3/1/1")),
}
EXAMPLES = {
    "huawei_vrp": ("hy-pe-1", "hengyang-pe-1", "shaoshan-pe-1"),
    "h3c_comware": ("xt-pe-1", "xiangxiang-pe-1"),
    "huawei_usg": ("hn-fw-1",),
    "h3c_secpath": ("xt-fw-1",),
    "huawei_vrp5": ("shaoshan-ce-1",),
    "zte_zxros": ("hengshan-ce-1",),
    "ruijie_rgos": ("wugang-ce-1",),
}


@pytest.fixture(scope="module")
def network(hunan: Estate) -> Network:
    return design(hunan).network


def whole(vendor: str) -> DeviceConfig:
    """Everything that the vendor's routers can do."""
    config = everything(vendor, *ROUTERS[vendor])
    return only(config, {name for name in FIELDS if name in vendor_of(vendor).features})


def reread(language: Vendor, config: DeviceConfig) -> tuple[DeviceConfig, list[tuple[int, tuple[str, ...]]]]:
    return language.read(config.device, config.model, language.parse(language.text(language.lines(config))))


@pytest.mark.parametrize("vendor", [name for name in PACKAGES if name != "frr"])
def test_every_device_of_the_province_reads_back_as_what_was_asked(hunan: Estate, network: Network, vendor: str) -> None:
    language = vendor_of(vendor)
    nodes = [node for node in network.nodes.values() if node.vendor == vendor]
    assert len(nodes) > (20 if vendor in ROUTERS else 0)
    for node in nodes:
        config = compile_device(network, node.device)
        read, left = reread(language, config)
        assert left == []
        assert read == config


@pytest.mark.parametrize("vendor", ROUTERS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_combination_of_features_reads_back_as_what_was_asked(vendor: str, data: st.DataObject) -> None:
    config = data.draw(pieces(whole(vendor)))
    read, left = reread(vendor_of(vendor), config)
    assert left == []
    assert read == config


@pytest.mark.parametrize("vendor", ROUTERS)
def test_text_of_each_module(vendor: str, golden: Callable[[str, str], None]) -> None:
    language, config = vendor_of(vendor), whole(vendor)
    for module in language.modules:
        name = module.__name__.rpartition(".")[2]
        golden(f"{vendor}/{name}.txt", language.text(list(module.render(config))))


@pytest.mark.parametrize(("vendor", "device"), [(vendor, device) for vendor, devices in EXAMPLES.items() for device in devices])
def test_text_of_whole_devices(hunan: Estate, network: Network, vendor: str, device: str, golden: Callable[[str, str], None]) -> None:
    language = vendor_of(vendor)
    golden(f"{vendor}/{device}.cfg", language.text(language.lines(compile_device(network, f"device:{device}"), hunan.origins)))


@pytest.mark.parametrize("vendor", ROUTERS)
def test_every_line_form_is_used_by_a_golden_file(vendor: str) -> None:
    language, config = vendor_of(vendor), whole(vendor)
    flat = replace(config, isis=replace(config.isis, level="2")) if config.isis else config
    used = {id(line.form) for one in (config, flat) for module in language.modules for line in module.render(one)}
    assert [f"{name}: {form}" for name, form in language.forms() if id(form) not in used] == []


@pytest.mark.parametrize("vendor", PACKAGES)
def test_every_form_has_been_checked_and_no_evidence_is_of_a_form_that_is_gone(vendor: str) -> None:
    forms = [form for _, form in vendor_of(vendor).forms()]
    for form in forms:
        found = evidence(vendor, form)
        assert found.confidence in ("manual", "example", "inferred")
        assert found.confidence != "manual" or found.read, f"{form}: which page has it?"
        assert found.confidence != "example" or found.lines or found.read, f"{form}: where is the example?"
        assert found.confidence != "inferred" or not found.lines, f"{form}: public configurations have it"
    assert stale(vendor, forms) == set()


def test_comware_refuses_to_sample_in_parts_of_a_second() -> None:
    config = whole("h3c_comware")
    assert config.telemetry
    odd = replace(config, telemetry=replace(config.telemetry, interval_ms=1500))
    with pytest.raises(InputError, match=r"telemetry every 1500 ms: Comware samples in whole seconds; take a multiple of 1000"):
        vendor_of("h3c_comware").lines(odd)


@pytest.mark.parametrize("vendor", ROUTERS)
def test_an_unknown_model_is_refused(vendor: str) -> None:
    with pytest.raises(InputError, match=r"device:all-1 \(devices.csv:7\): nobody here knows the model Unheard-9 of"):
        vendor_of(vendor).lines(replace(whole(vendor), model="Unheard-9"), {"device:all-1": "devices.csv:7"})


@pytest.mark.parametrize("vendor", ROUTERS)
@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_is_rendered_or_refused_by_name(vendor: str, feature: str) -> None:
    language, config = vendor_of(vendor), everything(vendor, *ROUTERS[vendor])
    if feature not in {*config.asked()}:
        pytest.skip("not a router's")
    if feature in language.features:
        assert language.lines(only(config, {feature, "srv6", "isis", "bgp", "interfaces"}))
        return
    with pytest.raises(InputError, match=rf"device:all-1: .* cannot do .*{feature}"):
        language.lines(only(config, {feature, "srv6", "isis", "bgp"}))
