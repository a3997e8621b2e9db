"""Base64url without padding (RFC 4648, section 5), one text for one content."""

import base64
import binascii


def encode(content: bytes) -> str:
    """Return `content` as base64url text."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the content of `text`; raises ValueError unless it is exactly what `encode` gives."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as broken:
        raise ValueError("this is not base64url text") from broken
    if encode(content) != text:
        raise ValueError("this is not base64url text in its one right form")
    return content
