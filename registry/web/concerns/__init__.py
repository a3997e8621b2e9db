"""Raising a concern with no account, and following it by a receipt that is in no address.

No cookie is set, no address is kept or logged, and nobody's cache may keep a page (rule 38).
"""
