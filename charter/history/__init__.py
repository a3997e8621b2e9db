"""Append-only history: what may be recorded, and the tables it is kept in.

Events hold facts (dates, numbers, tokens) and never words; words stand in `public_text`, to
which an event is tied by a salted commitment (rule 40).
"""
