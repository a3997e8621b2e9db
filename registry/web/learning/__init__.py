"""The library on pages: what others learnt, what may be used, what is celebrated (rule 28).

Reading needs no account. What somebody outside an organisation writes is shown once a steward
has read it.
"""
