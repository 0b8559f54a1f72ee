"""NAPALM looks here for `get_network_driver("frr")`."""

from netconf.drivers.frr import FrrDriver

__all__ = ["FrrDriver"]
