"""Octavia's compute driver `xylab`: amphorae that are rows only, while the ports they are plugged into are Neutron's own, as with Nova."""

# mypy: ignore-errors - OpenStack has no types

from types import SimpleNamespace

from octavia.common import clients
from octavia.compute.drivers.noop_driver.driver import NoopComputeDriver


class LabComputeDriver(NoopComputeDriver):
    def attach_network_or_port(self, compute_id, network_id=None, ip_address=None, port_id=None):
        """In the form of Nova's interface. Octavia's network driver makes the ports itself, and asks for one by its id."""
        port = clients.NeutronAuth.get_neutron_client().network.update_port(port_id, device_id=compute_id)
        return SimpleNamespace(net_id=port.network_id, port_id=port.id, fixed_ips=port.fixed_ips)

    def detach_port(self, compute_id, port_id):
        clients.NeutronAuth.get_neutron_client().network.update_port(port_id, device_id="")
