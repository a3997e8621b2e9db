"""Evidence: reports of what was done, what worked and what did not, and the items behind them.

The public sees a summary and a salted commitment, never an original (rules 16 to 19).
"""
