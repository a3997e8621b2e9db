"""Signing the charter: which version, which digest of its text, and whose office signed it.

A signature opens a waiting room of 90 days in which a plan must be published (rules 3 and 4).
"""
