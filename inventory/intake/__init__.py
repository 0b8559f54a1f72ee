"""Yearly project intake (项目申报): pre-check against the estate, joint review with signatures, decision, a place on the cloud."""
