"""What the doors to the outside raise where their callers must know them by name."""


class ProviderRefused(Exception):
    """What an identity provider answered cannot be relied on; `reason` is a token for our log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
