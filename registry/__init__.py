"""The face of the registry: web pages, accounts, adapters, settings and commands.

It translates between people and use cases, and holds no rule of the charter.
"""
