"""Workbooks as units send them, to rows of the estate: read, mapped, compared, previewed, taken, marked and exported."""
