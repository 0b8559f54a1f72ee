"""Nova's virt drivers: hosts as the lab's specification describes them; a server is a real machine of the lab, or a row in the books.

An instance gets the userland of the machine's own architecture whatever its host's is: what an aarch64 host is true for is scheduling, not instructions.
"""

# mypy: ignore-errors - OpenStack has no types

import base64
import uuid

from nova import context as nova_context
from nova import objects
from nova.compute import power_state, vm_states
from nova.objects import fields
from nova.virt import fake
from nova.virt.hardware import InstanceInfo
from oslo_utils import versionutils
from xylab.supervisor import SupervisorError, ask, site

NODES = uuid.UUID("6f0e8f0e-4b7e-4d0e-9d53-0f8f7a1f1c01")
STATES = {"running": power_state.RUNNING, "booting": power_state.RUNNING, "off": power_state.SHUTDOWN}


def order(instance, network_info):
    """What the supervisor is asked for."""
    files = {"authorized_keys": instance.key_data or ""}
    if instance.user_data and (data := base64.b64decode(instance.user_data)).startswith(b"#!"):
        files["user-data"] = data.decode()
    ports = [port(number, vif) for number, vif in enumerate(network_info or [])]
    return {"name": instance.uuid, "kind": "machine", "image": site()["image"], "hostname": instance.hostname, "ports": ports, "files": files}


def port(number, vif):
    """One interface: on the LAN that its provider network is wired to, else on a switch of the network's own."""
    network = vif["network"]
    switch = site()["networks"].get(network.get_meta("physical_network"), f"net-{network['id']}")
    addresses, gateways = [], []
    for subnet in network["subnets"]:
        addresses += [f"{ip['address']}/{subnet['cidr'].rpartition('/')[2]}" for ip in subnet["ips"]]
        if (gateway := (subnet.get("gateway") or {}).get("address")) and subnet["ips"]:
            gateways.append(gateway)
    mtu = network.get_meta("mtu") or 1500
    return {"name": f"eth{number}", "switch": switch, "addresses": addresses, "gateways": gateways, "mac": vif["address"], "mtu": mtu}


class HostDriver(fake.FakeDriver):
    """Hosts of the specification. Servers are the fake driver's: they are placed, counted and ACTIVE, and no machine."""

    def init_host(self, host):
        self._host = host
        self.spec = site()["hosts"][host]
        self.resources = fake.Resources(self.spec["vcpus"], self.spec["memory_mib"], self.spec["disk_gib"])
        self.host_status_base["supported_instances"] = [(self.spec["arch"], fields.HVType.FAKE, fields.VMMode.HVM)]
        self.host_status_base["hypervisor_version"] = versionutils.convert_version_to_int("1.0")
        self._set_nodes([host])
        # the machines outlive this process: what ran before it was started again still runs
        for instance in objects.InstanceList.get_by_host(nova_context.get_admin_context(), host):
            if instance.vm_state != vm_states.BUILDING:
                self.instances[instance.uuid] = fake.FakeInstance(instance.name, instance.power_state or power_state.RUNNING, instance.uuid)

    # hosts

    def _uuid(self, node):
        """Derived from the name: the fake driver draws new ones, and then a second start fails."""
        return str(uuid.uuid5(NODES, node))

    def get_nodenames_by_uuid(self, refresh=False):
        return {self._uuid(node): node for node in self._nodes}

    def get_available_resource(self, nodename):
        if found := super().get_available_resource(nodename):
            found["uuid"] = self._uuid(nodename)
        return found

    def update_provider_tree(self, provider_tree, nodename, allocations=None):
        super().update_provider_tree(provider_tree, nodename, allocations)
        provider_tree.add_traits(nodename, *self.spec["traits"], f"HW_ARCH_{self.spec['arch'].upper()}")


class LabDriver(HostDriver):
    """The accounting is the fake driver's, the machines are the supervisor's."""

    def spawn(self, context, instance, image_meta, injected_files, admin_password, allocations, network_info=None, block_device_info=None, power_on=True, **kw):
        super().spawn(context, instance, image_meta, injected_files, admin_password, allocations, network_info, block_device_info, power_on, **kw)
        try:
            ask("start" if power_on else "create", order=order(instance, network_info))
        except BaseException:
            self.destroy(context, instance, network_info)
            raise

    def destroy(self, context, instance, network_info, block_device_info=None, destroy_disks=True, destroy_secrets=True):
        if destroy_disks:
            ask("destroy", node=instance.uuid)
        super().destroy(context, instance, network_info, block_device_info, destroy_disks, destroy_secrets)

    def power_off(self, instance, timeout=0, retry_interval=0):
        super().power_off(instance, timeout, retry_interval)
        ask("stop", node=instance.uuid)

    def power_on(self, context, instance, network_info, *more, **kw):
        super().power_on(context, instance, network_info, *more, **kw)
        ask("start", node=instance.uuid)

    def reboot(self, context, instance, network_info, reboot_type, *more, **kw):
        ask("stop", node=instance.uuid, hard=reboot_type == "HARD")
        super().reboot(context, instance, network_info, reboot_type, *more, **kw)

    def get_console_output(self, context, instance):
        return ask("console", node=instance.uuid)

    def get_info(self, instance, use_cache=True):
        """What the machine really does: it may have powered itself off."""
        found = super().get_info(instance, use_cache)
        try:
            state = ask("show", node=instance.uuid)["state"]
        except SupervisorError:
            return found
        return InstanceInfo(state=STATES[state])
