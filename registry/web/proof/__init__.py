"""Pages for whoever scans a badge, checks a file, or wants to audit the public log.

No page here sets a cookie, needs a script or fetches anything from anybody else.
"""
