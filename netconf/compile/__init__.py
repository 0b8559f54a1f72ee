"""From the intended network to one typed configuration a device. Pure: what a node's configuration is made of stands in the node."""

from __future__ import annotations

from dataclasses import replace

from netconf.compile import backbone, firewall, management, services
from netconf.model.device import DeviceConfig
from netconf.model.network import Network

__all__ = ["compile_device"]


def compile_device(network: Network, device: str, *, vrf: bool = True) -> DeviceConfig:
    """The configuration of one device; without department VPNs, and without their LANs, where the device has no VRFs."""
    node = network.nodes[device]
    if not vrf:
        node = replace(node, vpns=(), access=(), attachments=tuple(a for a in node.attachments if not a.vpn))
    features: dict[str, object] = {**management.features(network, node)}
    if node.backbone:
        features |= {**backbone.features(network, node), **services.features(network, node)}
    else:
        features |= firewall.features(network, node)
    asked = {name: value for name, value in features.items() if name not in node.without}
    return DeviceConfig(device=node.device, vendor=node.vendor, model=node.model, **asked)  # type: ignore[arg-type]
