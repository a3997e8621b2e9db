"""The status list: which editions must no longer be relied on, for anyone to look up.

Decides how revoked editions are written down and where on a list a new edition stands.
"""
