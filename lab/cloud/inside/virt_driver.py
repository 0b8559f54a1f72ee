"""Nova's virt driver of the lab: hosts of any kind, instances that are real machines of the lab's supervisor.

What a host is (architecture, size) is read from hosts.json, by host name. The supervisor answers on a Unix socket, a JSON object a line:
    {"op": "machine.start", "id", "name", "ports": [{"network", "physical_network", "mac", "addresses", "gateway", "mtu"}], "ssh_keys", "user_data"}
    {"op": "machine.stop" | "machine.destroy" | "machine.console", "id"}
and each answer is {"ok": true, "result": …} or {"ok": false, "error": "…"}. `machine.start` of a stopped machine starts it again with what it had.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import uuid

from nova import context as nova_context
from nova import exception, objects
from nova.compute import power_state, vm_states
from nova.objects import fields
from nova.virt import fake
from oslo_utils import versionutils

NAMESPACE = uuid.UUID("6f0e8f0e-4b7e-4d0e-9d53-0f8f7a1f1c01")
START_S = 60


def hosts() -> dict[str, dict]:
    with open(os.path.join(os.environ["LAB_CLOUD_STATE"], "hosts.json")) as file:
        return json.load(file)


def ask(op: str, **arguments: object) -> object:
    """One question to the supervisor; its refusal becomes Nova's."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(START_S)
            connection.connect(os.environ["LAB_CLOUD_SUPERVISOR"])
            connection.sendall(json.dumps({"op": op, **arguments}).encode() + b"\n")
            with connection.makefile() as answers:
                answer = json.loads(answers.readline())
    except (OSError, ValueError) as error:
        raise exception.NovaException(f"the lab's supervisor does not answer: {error}") from error
    if not answer.get("ok"):
        raise exception.NovaException(f"the lab's supervisor: {answer.get('error')}")
    return answer.get("result")


def ports(network_info) -> list[dict]:
    """What a machine must know of its ports; addresses carry the subnet's prefix length."""
    return [
        {
            "network": vif["network"]["id"],
            "physical_network": vif["network"].get_meta("physical_network"),
            "mac": vif["address"],
            "addresses": [f"{ip['address']}/{subnet['cidr'].partition('/')[2]}" for subnet in vif["network"]["subnets"] for ip in subnet["ips"]],
            "gateway": next((s["gateway"]["address"] for s in vif["network"]["subnets"] if s["gateway"] and s["gateway"]["address"]), None),
            "mtu": vif["network"].get_meta("mtu") or 1500,
        }
        for vif in network_info or []
    ]


class LabDriver(fake.FakeDriver):
    def init_host(self, host):
        spec = hosts()[host]
        self.vcpus, self.memory_mb, self.local_gb, self.arch = spec["vcpus"], spec["memory_mb"], spec["local_gb"], spec["arch"]
        self.resources = fake.Resources(self.vcpus, self.memory_mb, self.local_gb)
        self.host_status_base["supported_instances"] = [(self.arch, fields.HVType.FAKE, fields.VMMode.HVM)]
        self.host_status_base["hypervisor_version"] = versionutils.convert_version_to_int("1.0")
        self._set_nodes([host])
        # what ran before a restart of nova-compute runs on: its machine belongs to the supervisor
        for instance in objects.InstanceList.get_by_host(nova_context.get_admin_context(), host):
            if instance.vm_state != vm_states.BUILDING:
                self.instances[instance.uuid] = fake.FakeInstance(instance.name, instance.power_state or power_state.RUNNING, instance.uuid)

    # the stock driver draws a random node id in each process, and the second start breaks

    def _node_id(self, node):
        return str(uuid.uuid5(NAMESPACE, node))

    def get_nodenames_by_uuid(self, refresh=False):
        return {self._node_id(n): n for n in self._nodes}

    def get_available_resource(self, nodename):
        resources = super().get_available_resource(nodename)
        if resources:
            resources["uuid"] = self._node_id(nodename)
        return resources

    def update_provider_tree(self, provider_tree, nodename, allocations=None):
        super().update_provider_tree(provider_tree, nodename, allocations)
        # Nova owns the architecture trait; the pools' own traits are set by whoever declares the pools
        known = {"x86_64": ("HW_ARCH_X86_64",), "aarch64": ("HW_ARCH_AARCH64",)}
        provider_tree.add_traits(nodename, *known.get(self.arch, ()))

    # instances

    def spawn(self, context, instance, image_meta, injected_files, admin_password, allocations, network_info=None, *args, **kwargs):
        user_data = base64.b64decode(instance.user_data).decode("utf-8", "replace") if instance.user_data else None
        keys = [instance.key_data] if instance.key_data else []
        ask("machine.start", id=instance.uuid, name=instance.hostname, ports=ports(network_info), ssh_keys=keys, user_data=user_data)
        super().spawn(context, instance, image_meta, injected_files, admin_password, allocations, network_info, *args, **kwargs)

    def destroy(self, context, instance, *args, **kwargs):
        ask("machine.destroy", id=instance.uuid)
        super().destroy(context, instance, *args, **kwargs)

    def power_off(self, instance, *args, **kwargs):
        ask("machine.stop", id=instance.uuid)
        super().power_off(instance, *args, **kwargs)

    def power_on(self, context, instance, network_info, *args, **kwargs):
        ask("machine.start", id=instance.uuid, name=instance.hostname, ports=ports(network_info), ssh_keys=[], user_data=None)
        super().power_on(context, instance, network_info, *args, **kwargs)

    def reboot(self, context, instance, network_info, *args, **kwargs):
        ask("machine.stop", id=instance.uuid)
        ask("machine.start", id=instance.uuid, name=instance.hostname, ports=ports(network_info), ssh_keys=[], user_data=None)

    def get_console_output(self, context, instance):
        return ask("machine.console", id=instance.uuid)
