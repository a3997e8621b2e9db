"""Tests of the registry's own rooms."""
