"""What is due, from whom and by when; the ladder of reminders; and when a clock stands still.

One idea serves organisations, auditors and the hub alike (rules 32 and 34 to 37).
"""
