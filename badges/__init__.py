"""The proof: credentials, status lists, pictures, and the public log.

What the charter decided is made checkable by strangers' software here; no standing is decided.
"""
