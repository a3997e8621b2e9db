"""Nothing that somebody types is lost: not by a time-out, a sign-out, or a fault of ours."""

from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest

from charter.clock import SetClock
from registry.accounts import parked, sessions
from registry.accounts.janitor import tidy
from registry.accounts.tables import FormOwner, ParkedForm
from registry.bootstrap import Registry
from tests.charter.acting import LEAD, SPONSOR, signed
from tests.registry.web.people import sign_in, world_of
from tests.registry.web.visitor import Visitor, hidden_fields

PAGE = "/my/harbour-lights-theatre/practice/structural"
TYPED = {"title": "Open auditions", "text": "Every audition since 2019 is open to everybody."}


async def opened(
    visitor: Visitor, registry: Registry, clock: SetClock, page: str = PAGE
) -> dict[str, str]:
    """Bring an organisation into the register, sign its lead in, and open a page with a form."""
    await signed(world_of(registry, clock))
    await sign_in(registry, visitor, LEAD)
    return hidden_fields((await visitor.get(page)).text)


async def test_a_form_sent_after_the_session_ran_out_waits_on_its_page(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    fields = await opened(visitor, registry, clock)
    clock.set(clock.now() + sessions.IDLE + timedelta(minutes=1))

    refused = await visitor.send(PAGE, fields | TYPED)

    assert refused.status_code == 401
    assert "Nothing you typed is lost" in refused.text
    assert f"/sign-in?next={PAGE.replace('/', '%2F')}" in refused.text
    await sign_in(registry, visitor, LEAD)
    page = await visitor.get(PAGE)
    assert all(words in page.text for words in TYPED.values())
    assert "What you typed is here again" in page.text
    again = await visitor.send(PAGE, hidden_fields(page.text) | TYPED)
    assert again.headers["location"] == "/my/harbour-lights-theatre/plan"
    assert not await ParkedForm.exists()
    assert "What you typed is here again" not in (await visitor.get(PAGE)).text


async def test_a_form_sent_after_signing_out_in_another_tab_waits_too(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    fields = await opened(visitor, registry, clock)
    await visitor.fill("/sign-out", {})

    assert "Nothing you typed is lost" in (await visitor.send(PAGE, fields | TYPED)).text

    await sign_in(registry, visitor, LEAD)
    assert TYPED["text"] in (await visitor.get(PAGE)).text


async def test_a_long_form_with_many_fields_comes_back_whole_on_the_page_it_was_on(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    page = "/my/harbour-lights-theatre/pledges/new/structural"
    fields = await opened(visitor, registry, clock, page)
    typed = {
        "title": "A fair say",
        "forms": ["anti-black", "anti-muslim"],
        "milestones-2-title": "A third step",
        "starts-on-day": "31",
        "next": "save",
    }
    await visitor.fill("/sign-out", {})

    came_from = f"{visitor.origin}{page}?start=ready-1"
    await visitor.send(page, fields | typed, referer=came_from)

    await sign_in(registry, visitor, LEAD)
    text = (await visitor.get(page)).text
    assert "A fair say" in text
    assert "A third step" in text
    assert 'value="anti-muslim" checked' in text
    assert 'value="31"' in text


async def test_only_its_writer_sees_it(
    visitor: Visitor, new_visitor: Callable[[], Visitor], registry: Registry, clock: SetClock
) -> None:
    fields = await opened(visitor, registry, clock)
    await visitor.fill("/sign-out", {})
    await visitor.send(PAGE, fields | TYPED)

    sponsor = await sign_in(registry, new_visitor(), SPONSOR)

    assert TYPED["text"] not in (await sponsor.get(PAGE)).text
    [row] = await ParkedForm.objects()
    assert TYPED["text"].encode() not in row.typed_sealed


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("made-up", {}),
        ("", {}),
        (None, {"sec-fetch-site": "cross-site"}),
    ],
)
async def test_a_form_of_nobody_or_from_elsewhere_is_not_kept(
    visitor: Visitor,
    registry: Registry,
    clock: SetClock,
    token: str | None,
    headers: dict[str, str],
) -> None:
    fields = await opened(visitor, registry, clock)
    await visitor.fill("/sign-out", {})
    if token is not None:
        fields["csrf_token"] = token

    refused = await visitor.send(PAGE, fields | TYPED, **headers)

    assert refused.status_code == 401
    assert "Nothing you typed is lost" not in refused.text
    assert not await ParkedForm.exists()


async def test_a_form_too_large_to_keep_is_said_not_to_be_kept(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    fields = await opened(visitor, registry, clock)
    await visitor.fill("/sign-out", {})

    refused = await visitor.send(PAGE, fields | {"text": "a" * (parked.TYPED_MOST + 1)})

    assert refused.status_code == 401
    assert "Nothing you typed is lost" not in refused.text


async def test_a_fault_of_ours_keeps_what_was_typed(
    visitor: Visitor,
    registry: Registry,
    clock: SetClock,
    owner: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    fields = await opened(visitor, registry, clock)
    await owner.execute("ALTER TABLE existing_practice RENAME TO gone")

    assert (await visitor.send(PAGE, fields | TYPED)).status_code == 500

    await owner.execute("ALTER TABLE gone RENAME TO existing_practice")
    page = await visitor.get(PAGE)
    assert TYPED["text"] in page.text
    assert (await visitor.send(PAGE, hidden_fields(page.text) | TYPED)).status_code == 303
    assert not await ParkedForm.exists()


async def test_what_nobody_comes_back_for_is_forgotten(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    fields = await opened(visitor, registry, clock)
    await visitor.fill("/sign-out", {})
    await visitor.send(PAGE, fields | TYPED)

    clock.set(clock.now() + parked.KEPT)
    await tidy(registry.desk, security_events_kept=timedelta(days=365))

    assert not await ParkedForm.exists()
    assert not await FormOwner.exists()
