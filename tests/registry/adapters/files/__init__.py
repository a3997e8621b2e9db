"""Tests of the file pipeline: hostile files made here, and what is left of them."""
