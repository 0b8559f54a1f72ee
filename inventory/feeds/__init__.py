"""The estate as other tools want it: Ansible, Nornir, OpenSSH, Prometheus, NetBox, openstacksdk."""
