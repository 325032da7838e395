"""People's own words: said, taken back, quoted; and that nobody learns whose the unnamed ones are."""
