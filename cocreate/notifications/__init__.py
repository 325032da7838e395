"""Telling people what became of what they said: an inbox and mail, by reading the log."""
