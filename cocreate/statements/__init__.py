"""Statements: texts defined together, one sentence at a time."""
