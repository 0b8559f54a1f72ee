"""The lab's cloud: Keystone, Placement, Glance, Neutron and Nova on the machine's loopback, whose servers are machines of the lab."""
