"""Huawei VRPv8: so far its configuration language, for remediation; the renderer is not here yet."""
