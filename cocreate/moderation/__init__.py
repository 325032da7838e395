"""Curation: one queue of what waits, and what was done about it."""
