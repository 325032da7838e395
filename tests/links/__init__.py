"""Whose words stand behind what, and what became of them."""
