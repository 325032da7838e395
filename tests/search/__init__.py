"""Search: the index agrees with the words on both databases, and nobody finds what they may not read."""
