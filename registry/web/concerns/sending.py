"""What a page about a concern must never leave behind."""

from litestar import Response

CONFIDENTIAL = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


def in_confidence(page: Response[bytes]) -> Response[bytes]:
    """Return `page` with the headers that keep it out of caches and out of other sites' logs."""
    page.headers.update(CONFIDENTIAL)
    return page
