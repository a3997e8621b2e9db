"""Where badges meet the charter: what a badge says, and when the worker signs it.

The worker holds a `ProofDesk` with the private keys; the web process only reads what it left.
"""
