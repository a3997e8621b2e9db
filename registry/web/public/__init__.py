"""What anyone may read without signing in: pages, and the same data as JSON, CSV and feeds.

Each page and its JSON twin are made from one payload; nothing here can show what is not public.
"""
