"""Signing in with a code or a link from a mail."""

import re
from collections.abc import Callable
from datetime import timedelta

import httpx

from charter.clock import SetClock
from registry.accounts.post import newest_letters
from registry.accounts.tables import Account, Session
from registry.bootstrap import Registry
from tests.registry.web.visitor import Visitor, hidden_fields

LEAD = "edi-lead@harbour-lights.example"


async def mailed(registry: Registry) -> str:
    letters = await newest_letters(registry.desk, most=1)
    return letters[0].letter.text


async def mailed_code(registry: Registry) -> str:
    found = re.search(r"\b\d{6}\b", await mailed(registry))
    assert found
    return found[0]


async def mailed_link(registry: Registry) -> str:
    found = re.search(r"/sign-in/link/\S+", await mailed(registry))
    assert found
    return found[0]


async def ask(visitor: Visitor, email: str = LEAD) -> httpx.Response:
    return await visitor.fill("/sign-in", {"email": email})


async def enter(visitor: Visitor, code: str) -> httpx.Response:
    return await visitor.fill("/sign-in/code", {"code": code})


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_a_code_signs_in_the_browser_that_asked(visitor: Visitor, registry: Registry) -> None:
    asked = await ask(visitor)
    assert asked.headers["location"] == "/sign-in/code"
    entered = await enter(visitor, await mailed_code(registry))
    assert entered.status_code == 303
    assert entered.headers["location"] == "/my"
    assert (await visitor.get("/sign-out")).status_code == 200


async def test_the_person_goes_on_to_where_they_were_going(
    visitor: Visitor, registry: Registry
) -> None:
    turned_away = await visitor.get("/sign-out")
    assert turned_away.headers["location"] == "/sign-in?next=%2Fsign-out"
    await visitor.fill(turned_away.headers["location"], {"email": LEAD}, at="/sign-in")
    entered = await enter(visitor, await mailed_code(registry))
    assert entered.headers["location"] == "/sign-out"


async def test_nobody_is_sent_on_to_another_site(visitor: Visitor, registry: Registry) -> None:
    for foreign in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        await visitor.fill(f"/sign-in?next={foreign}", {"email": LEAD}, at="/sign-in")
        entered = await enter(visitor, await mailed_code(registry))
        assert entered.headers["location"] == "/my"


async def test_a_code_works_once(
    visitor: Visitor, new_visitor: Callable[[], Visitor], registry: Registry
) -> None:
    await ask(visitor)
    code = await mailed_code(registry)
    cookies = dict(visitor.client.cookies)
    await enter(visitor, code)
    again = new_visitor()
    again.client.cookies.update(cookies)
    refused = await enter(again, code)
    assert refused.status_code == 422
    assert "That code is not right" in refused.text


async def test_a_code_is_no_use_in_another_browser(
    visitor: Visitor, new_visitor: Callable[[], Visitor], registry: Registry
) -> None:
    await ask(visitor)
    other = new_visitor()
    assert (await enter(other, await mailed_code(registry))).status_code == 422
    assert (await other.fill(await mailed_link(registry), {})).status_code == 422


async def test_a_code_is_good_for_fifteen_minutes(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    await ask(visitor)
    clock.set(clock.at + timedelta(minutes=15))
    assert (await enter(visitor, await mailed_code(registry))).status_code == 422


async def test_five_wrong_codes_kill_the_right_one(visitor: Visitor, registry: Registry) -> None:
    await ask(visitor)
    code = await mailed_code(registry)
    for _guess in range(5):
        assert (await enter(visitor, other_than(code))).status_code == 422
    assert (await enter(visitor, code)).status_code == 422


async def test_what_was_typed_is_still_there_beside_what_is_wrong(visitor: Visitor) -> None:
    page = await ask(visitor, "edi lead at harbour")
    assert page.status_code == 422
    assert "<title>Error: Sign in" in page.text
    assert 'href="#email"' in page.text
    assert 'value="edi lead at harbour"' in page.text
    assert "Enter an email address in the correct format" in page.text


async def test_looking_at_the_link_changes_nothing(visitor: Visitor, registry: Registry) -> None:
    await ask(visitor)
    link = await mailed_link(registry)
    for _look in range(3):
        page = await visitor.get(link)
        assert page.status_code == 200
        await visitor.client.head(link)
    assert not await Session.exists()
    pressed = await visitor.fill(link, {})
    assert pressed.status_code == 303
    assert await Session.count() == 1
    assert (await visitor.fill(link, {})).status_code == 422


async def test_known_and_unknown_addresses_get_the_same_answer(
    visitor: Visitor, registry: Registry
) -> None:
    first = await ask(visitor)
    await enter(visitor, await mailed_code(registry))
    known = await ask(visitor)
    unknown = await ask(visitor, "nobody@elsewhere.example")
    assert (first.status_code, first.content) == (known.status_code, known.content)
    assert (unknown.status_code, unknown.headers["location"]) == (303, known.headers["location"])


async def test_one_address_is_one_account_however_it_is_typed(
    visitor: Visitor, registry: Registry
) -> None:
    for typed in (LEAD, LEAD.upper(), f"  {LEAD} "):
        await ask(visitor, typed)
        await enter(visitor, await mailed_code(registry))
    assert await Account.count() == 1


async def test_an_address_is_not_readable_in_the_database(
    visitor: Visitor, registry: Registry
) -> None:
    await ask(visitor)
    await enter(visitor, await mailed_code(registry))
    for table in ("account", "sign_in_code", "session", "outbox_message", "attempt_counter"):
        rows = await Account.raw(f"SELECT {table}::text AS line FROM {table}")  # noqa: S608 - names above
        assert rows
        assert all(
            LEAD not in row["line"] and LEAD.encode().hex() not in row["line"] for row in rows
        )


async def test_a_session_id_is_never_adopted_and_is_new_at_every_sign_in(
    visitor: Visitor, registry: Registry
) -> None:
    visitor.client.cookies.set("session", "chosen-by-an-attacker")
    assert (await visitor.get("/sign-out")).status_code == 303
    await ask(visitor)
    await enter(visitor, await mailed_code(registry))
    first = visitor.client.cookies.get("session", domain="127.0.0.1")
    await ask(visitor)
    await enter(visitor, await mailed_code(registry))
    second = visitor.client.cookies.get("session", domain="127.0.0.1")
    assert len({"chosen-by-an-attacker", first, second}) == 3
    assert await Session.count() == 1


async def test_a_session_ends_when_idle_and_at_last_in_any_case(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    await ask(visitor)
    await enter(visitor, await mailed_code(registry))
    for _hour in range(11):
        clock.set(clock.at + timedelta(hours=1))
        assert (await visitor.get("/sign-out")).status_code == 200
    clock.set(clock.at + timedelta(hours=1))
    assert (await visitor.get("/sign-out")).status_code == 303
    await ask(visitor)
    await enter(visitor, await mailed_code(registry))
    clock.set(clock.at + timedelta(hours=2))
    assert (await visitor.get("/sign-out")).status_code == 303


async def test_signing_out_needs_the_button(visitor: Visitor, registry: Registry) -> None:
    await ask(visitor)
    await enter(visitor, await mailed_code(registry))
    await visitor.get("/sign-out")
    assert await Session.count() == 1
    out = await visitor.fill("/sign-out", {})
    assert out.headers["location"] == "/"
    assert not await Session.exists()


async def test_a_form_from_elsewhere_is_refused(visitor: Visitor, registry: Registry) -> None:
    fields = hidden_fields((await visitor.get("/sign-in")).text) | {"email": LEAD}
    foreign = await visitor.send("/sign-in", fields, **{"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    tokenless = await visitor.send("/sign-in", {"email": LEAD})
    assert tokenless.status_code == 403
    assert not await newest_letters(registry.desk)


async def test_the_sixth_code_for_an_address_waits(visitor: Visitor) -> None:
    for _time in range(5):
        assert (await ask(visitor)).status_code == 303
    refused = await ask(visitor)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert (await ask(visitor, "someone-else@elsewhere.example")).status_code == 303


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = (await visitor.get("/sign-in")).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
