"""Promises with an owner and a date, about any Ref."""
