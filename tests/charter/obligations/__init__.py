"""Tests of what is due and who is told."""
