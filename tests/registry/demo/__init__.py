"""Tests of the invented region and how it is played."""
