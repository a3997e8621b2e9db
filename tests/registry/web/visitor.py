"""A browser for tests: it keeps cookies, reads forms off pages, and sends them back."""

import re
from collections.abc import Mapping, Sequence
from html import unescape

import httpx

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')

Typed = str | Sequence[str]
"""What stands in a field of a form: one value, or several that were chosen."""


class Visitor:
    """One browser, pointed at an application in the same process."""

    def __init__(self, app: httpx.ASGITransport, origin: str = "http://127.0.0.1:8400") -> None:
        self.origin = origin
        self.client = httpx.AsyncClient(transport=app, base_url=origin)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page without following redirects."""
        return await self.client.get(path, headers=headers)

    async def fill(
        self, path: str, typed: Mapping[str, Typed], *, at: str | None = None
    ) -> httpx.Response:
        """Open `path`, fill in its form, and send it (to `at`, where that is another address)."""
        page = await self.get(path)
        return await self.send(at or path, {**hidden_fields(page.text), **typed})

    async def send(self, path: str, fields: Mapping[str, Typed], **headers: str) -> httpx.Response:
        """Send a form as a browser does from a page of the site itself."""
        own = {"origin": self.origin, "sec-fetch-site": "same-origin"}
        return await self.client.post(path, data=dict(fields), headers=own | headers)


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of the form on a page."""
    return {name: unescape(value) for name, value in _HIDDEN.findall(page)}
