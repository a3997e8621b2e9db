"""Three answers, never one: standing, results, level (rules 29 and 30).

Each is a pure function of dated facts and an instant. Nobody can set them.
"""
