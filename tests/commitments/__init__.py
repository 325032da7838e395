"""Promises with an owner and a date."""
