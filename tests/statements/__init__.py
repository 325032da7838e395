"""Statements and the changes suggested to them."""
