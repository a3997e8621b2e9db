"""Plans: an answer for each type of racism, pledges, milestones, and who agreed to them.

No pick-and-mix is decided here (rules 5 to 12): every type is answered, every applicable type
has a live pledge, and co-design counts only when the people in it confirm it.
"""
