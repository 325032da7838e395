"""Tests that break things on purpose: kills, lost servers, races."""
