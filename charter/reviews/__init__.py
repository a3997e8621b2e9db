"""Reviews: who is drawn, what they decide, the reply, publication, and paying people for it.

The lottery, sealed verdicts and the median are decided here (rules 20 to 26).
"""
