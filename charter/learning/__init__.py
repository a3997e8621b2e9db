"""The library: what worked and what did not, what others may use, what is celebrated (rule 28).

Decided here: whose words are shown at once, which wait until a steward has read them, and when a
celebration counts as confirmed.
"""
