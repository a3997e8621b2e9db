"""An invented region to look at: its organisations, and the play that gives them a past.

The play calls the same use cases and walks the same rounds as a real installation; it inserts no
rows of its own (docs/architecture.md).
"""
