"""A real OpenStack control plane on loopback: Keystone, Placement, Glance, Neutron and Nova, whose instances are machines of the lab's supervisor."""
