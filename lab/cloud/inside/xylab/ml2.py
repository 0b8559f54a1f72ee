"""ML2 mechanism driver: binds any port on any host at once, since the wire is laid by Nova's driver; tells QoS and trunks that it can do all they know."""

# mypy: ignore-errors - OpenStack has no types

from neutron.services.qos.drivers.openvswitch import driver as ovs_qos
from neutron.services.trunk.drivers import base as trunk_base
from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.plugins.ml2 import api
from neutron_lib.services.qos import base as qos_base
from neutron_lib.services.trunk import constants as trunk_constants
from xylab import filters
from xylab.supervisor import site


class LabTrunkDriver(trunk_base.DriverBase):
    is_loaded = True


class LabQosDriver(qos_base.DriverBase):
    def validate_rule_for_port(self, context, rule, port):
        return True

    def validate_rule_for_network(self, context, rule, network_id):
        return True


class LabMechanismDriver(api.MechanismDriver):
    def initialize(self):
        if site()["machines"]:
            self.filters = filters.Teller()
        self.vif_details = {portbindings.CAP_PORT_FILTER: True}
        # without a trunk driver the trunk plugin refuses to load, and Neutron dies
        self.trunk = LabTrunkDriver("xylab", [portbindings.VIF_TYPE_OVS], [trunk_constants.SEGMENTATION_TYPE_VLAN], None, can_trunk_bound_port=True)
        self.qos = LabQosDriver(
            name="xylab",
            vif_types=[portbindings.VIF_TYPE_OVS],
            vnic_types=[portbindings.VNIC_NORMAL],
            supported_rules=ovs_qos.SUPPORTED_RULES,
            requires_rpc_notifications=False,
        )

    @property
    def connectivity(self):
        return portbindings.CONNECTIVITY_L2

    def bind_port(self, context):
        context.set_binding(context.segments_to_bind[0][api.ID], portbindings.VIF_TYPE_OVS, self.vif_details, status=constants.PORT_STATUS_ACTIVE)
