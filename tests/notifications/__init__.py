"""Telling people: inbox and mail."""
