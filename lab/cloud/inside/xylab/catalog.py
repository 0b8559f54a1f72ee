"""`python -m xylab.catalog KEYSTONE_URL PASSWORD TYPE=NAME …`: the services' own user and the catalog. Addresses are set later (xylab.renew)."""

# mypy: ignore-errors - OpenStack has no types

import sys

import openstack


def main(url, password, *services):
    auth = {"auth_url": url, "username": "admin", "password": password, "project_name": "admin", "user_domain_id": "default", "project_domain_id": "default"}
    cloud = openstack.connect(load_yaml_config=False, load_envvars=False, region_name="RegionOne", auth=auth)
    project = cloud.identity.create_project(name="service", domain_id="default")
    user = cloud.identity.create_user(name="svc", password=password, domain_id="default")
    for role in ("admin", "service"):
        cloud.identity.assign_project_role_to_user(project, user, cloud.identity.find_role(role))
    for service in services:
        kind, name = service.split("=")
        made = cloud.identity.create_service(name=name, type=kind)
        for interface in ("public", "internal"):
            cloud.identity.create_endpoint(service_id=made.id, interface=interface, region_id="RegionOne", url="http://127.0.0.1:1")


if __name__ == "__main__":
    main(*sys.argv[1:])
