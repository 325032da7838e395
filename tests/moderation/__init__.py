"""Curation: the queue, reports, holds, joining, and undoing all of it."""
