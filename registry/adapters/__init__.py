"""Doors to the outside: mail, files, virus scanner, queue, sign-in providers.

Each is a small port, one or more real back ends chosen by URL, and one body of tests that the
real ones and their stand-ins pass alike. No rule of the charter is decided here.
"""
