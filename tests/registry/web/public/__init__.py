"""Tests of what anyone may read."""
