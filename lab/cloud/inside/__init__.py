"""What runs inside the lab cloud's own environment: the standard library and OpenStack only, never the product."""
