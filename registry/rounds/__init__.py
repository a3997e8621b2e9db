"""What the registry does by itself: the rounds it walks, and the work its outbox holds.

The worker walks the rounds by the clock on the wall; a played stretch of scheme time walks the
same rounds by a clock that is set. Nothing is decided here: every round calls use cases.
"""
