"""H3C Comware 7 and 9: so far its configuration language, for remediation; the renderer is not here yet."""
