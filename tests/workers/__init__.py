"""Tests of the clock: the worker, really running."""
