"""The framework as data: five types of racism, the catalogue, the charter, and every number.

A region brings its own pack; nothing about one region, and no number of a rule, stands in code.
"""
