"""What runs in the cloud's own environment: the standard library and OpenStack, nothing of the product."""
