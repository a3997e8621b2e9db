"""The subject of the registry: promises, evidence, reviews, and what follows from them.

Everything that decides whether an organisation keeps its word is decided here; nothing here
knows about HTTP, queues or QR codes.
"""
