"""Pages about the site itself: is it alive, which version, how accessible, what it keeps.

Also the assets: a strict list made at the start, so that no path leads anywhere else.
"""
