"""People as the registry meets them: an account, its roles, and how someone proves it is theirs.

What is decided here: who is signed in, for how long, and how often something may be tried. The
charter itself never sees an e-mail address, only the account's id.
"""
