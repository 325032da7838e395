"""The live channel: what is heard, by whom, and that nothing is lost."""
