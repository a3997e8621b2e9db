"""The clock: a process that looks, every few seconds, for what is due, and does it.

It decides nothing: each job asks the database and calls use cases. Any number of workers may run
side by side, and any of them may be killed at any moment; nothing is lost and nothing is doubled.
"""
