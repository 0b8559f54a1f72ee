"""The report's tables: rows of the estate with names in the place of ids, and what is computed from those rows."""
