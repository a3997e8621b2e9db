"""Changed badges, codes and addresses over HTTP: none is accepted, and nothing breaks."""

from itertools import count, islice
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest
from litestar import Litestar

from badges.codes import MistypedCode, read_badge_code
from registry.proofs.signing import sign_due_badges, sign_stale_lists
from tests.badges.mutations import Forms, mutated_badges, mutated_bytes, mutated_codes
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor

FEW, MANY = 100, 10_000
COUNTS = [FEW, pytest.param(MANY, marks=[pytest.mark.full, pytest.mark.timeout(1_800)])]
PATIENCE = 50
"""Requests of one stranger: fewer than any limit allows one network."""

KINDS = {
    "json": "application/vc",
    "jwt": "application/vc+jwt",
    "png": "image/png",
    "svg": "image/svg+xml",
}
SUFFIXES = ("", ".json", ".jwt", ".png", ".svg", ".tlog-proof", "/live.svg", "/qr.svg", "/k7p2")
"""What may follow a code in an address."""


class Strangers:
    """One after the other asks a few times, each from a network of their own."""

    def __init__(self, app: Litestar) -> None:
        self._app = app
        self._asked = count()

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask as the next stranger; whatever comes back is no fault of ours."""
        number = next(self._asked) // PATIENCE
        client = (f"10.{number >> 8}.{number & 255}.1", 40_000)
        transport = httpx.ASGITransport(cast("Any", self._app), client=client)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8400"
        ) as browser:
            answer = await browser.request(method, path, **more)
        assert answer.status_code < 500, (method, path, more)
        assert answer.status_code != 429, "no stranger asks too often here"
        return answer


@pytest.fixture
def strangers(app: Litestar) -> Strangers:
    return Strangers(app)


async def checked(strangers: Strangers, form: str, content: bytes) -> httpx.Response:
    kind = {"content-type": KINDS[form]}
    return await strangers.ask("POST", "/verify", content=content, headers=kind)


def means(typed: str) -> str | None:
    """Return the code that a person may have meant by `typed`."""
    try:
        return read_badge_code(typed)
    except MistypedCode:
        return None


async def served(visitor: Visitor, code: str) -> Forms:
    return {form: (await visitor.get(f"/b/{code}.{form}")).content for form in KINDS}


@pytest.mark.parametrize("many", COUNTS)
async def test_no_changed_badge_is_accepted(
    visitor: Visitor, strangers: Strangers, harbour: Harbour, many: int
) -> None:
    code = await harbour.has_badge()
    older = await served(visitor, code)
    harbour.world.pass_days(51)
    await sign_due_badges(harbour.desk)
    await sign_stale_lists(harbour.desk)
    badge = await served(visitor, code)
    assert badge != older
    for form, content in badge.items():
        assert (await checked(strangers, form, content)).json()["accepted"] is True
    for form, content in mutated_badges(badge, older, seed=42, count=many):
        answer = await checked(strangers, form, content)
        if answer.status_code == 200:
            assert answer.json()["accepted"] is False, (form, content)


@pytest.mark.parametrize("many", COUNTS)
async def test_no_changed_code_is_a_badge(
    strangers: Strangers, harbour: Harbour, many: int
) -> None:
    code = await harbour.has_badge()
    for number, typed in enumerate(islice(mutated_codes(code, seed=43), many)):
        path = f"/b/{typed}{SUFFIXES[number % len(SUFFIXES)]}"
        answer = await strangers.ask("GET", quote(path))
        assert answer.status_code == 404 or means(typed) == code, path
        asked = await strangers.ask("GET", "/verify", params={"code": typed})
        assert "This badge is good" not in asked.text or means(typed) == code


@pytest.mark.parametrize("many", COUNTS)
async def test_no_changed_address_of_the_log_breaks_anything(
    visitor: Visitor, strangers: Strangers, harbour: Harbour, many: int
) -> None:
    code = await harbour.has_badge()
    good = [
        "/log/tile/0/000.p/5",
        "/log/tile/entries/000.p/5",
        "/credentials/status/1",
        f"/b/{code}.tlog-proof",
        f"/api/v1/badges/{code}",
    ]
    for path in good[2:]:
        assert (await visitor.get(path)).status_code == 200, path
    changed = [mutated_bytes(path.encode(), seed=seed) for seed, path in enumerate(good)]
    for number in range(many):
        raw = next(changed[number % len(good)])
        await strangers.ask("GET", "/" + quote(raw.lstrip(b"/"), safe="/"))
