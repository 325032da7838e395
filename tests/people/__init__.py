"""People: how they come in, what they may change, and what keeps others out."""
