"""Concerns anyone may raise, with no account, and follow with a receipt (rule 38).

Only decided concerns are public; free text from outsiders is held until a person releases it.
"""
