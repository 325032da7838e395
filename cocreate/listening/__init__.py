"""Listening: people's own words, as the evidence for everything else."""
