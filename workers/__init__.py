"""The clock: what runs on a schedule or after a commit.

Jobs here call use cases and may run twice or be killed anywhere; nothing is decided here.
"""
