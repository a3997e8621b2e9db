"""Tests of the doors to the outside, real ones and stand-ins alike."""
