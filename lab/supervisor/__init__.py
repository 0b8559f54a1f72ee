"""The process that owns every node of a lab and answers on a Unix socket; standard library only."""
