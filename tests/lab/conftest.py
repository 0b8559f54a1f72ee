"""Small labs of this folder's own. The session's lab, `pilot`, is in tests/lab/pilot.py, for all folders."""
