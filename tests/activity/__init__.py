"""The feed, the record, and the events of a board by a call."""
