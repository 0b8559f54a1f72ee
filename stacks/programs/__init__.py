"""Pulumi programs: an estate in, a cloud out."""
