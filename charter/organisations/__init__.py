"""Who an organisation is: its identity and how it was proven, its names, and its people by role.

A steward decides identity here and nothing else (rules 1 and 2).
"""
