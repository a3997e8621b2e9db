"""Tests of the face: accounts, adapters, web."""
