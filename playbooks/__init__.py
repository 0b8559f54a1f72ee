"""Ansible playbooks and roles, run through migration.ansible."""
