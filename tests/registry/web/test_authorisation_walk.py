"""Every live route, asked by everyone about what is theirs, what is another's, and what is not.

Nothing here knows a route: the walk takes them from the running application, and what each must
answer from the table. Whoever is signed in and turned away leaves a security event, whoever is
let in leaves none: so a page refused and a page that does not exist are told apart though both
are answered alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from charter.clock import SetClock
from charter.organisations.tables import Membership
from charter.plans.tables import CommunityGroup, GroupMember
from charter.reviews.tables import PayEntry
from registry.accounts import sessions
from registry.accounts.roles import end_role, grant_role
from registry.accounts.security import DENIED
from registry.accounts.service import account_for
from registry.accounts.tables import SecurityEvent
from registry.bootstrap import Registry
from registry.web.guards import HUB_ROLES, Row, http_handlers, own_matrix, row_name
from tests.charter.acting import published
from tests.registry.web.paths import example_path
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

ORGANISATION_ROLES = ("lead", "member", "delegate", "sponsor")

OWN, OTHER = "harbour-lights-theatre", "harbour-lights"
"""The organisation of those who hold a part in one, with a published plan; and one on stage."""

NOWHERE = "00000000-0000-4000-8000-00000000dead"

ANONYMOUS, SIGNED_IN = "anonymous", "signed-in"

HOLDERS = (ANONYMOUS, SIGNED_IN, *ORGANISATION_ROLES, "group", "auditor", *sorted(HUB_ROLES))
"""Everyone who may ask. A contributor has no account: their one-use code is in the address."""

OVERRIDES = {
    "x-http-method-override": "GET",
    "x-method-override": "GET",
    "x-original-url": "/",
    "x-rewrite-url": "/",
    "x-forwarded-for": "127.0.0.1",
}
"""Sent with every request: none of them may change what is asked, or by whom."""


@dataclass
class Region:
    """A region where each role is held by one person, and what the addresses of objects hold.

    `objects` are the parameters of an address by whose it is: own, other or missing.
    """

    registry: Registry
    cookies: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    objects: dict[str, Mapping[str, str]] = field(default_factory=dict)

    async def enter(self, holder: str, account: UUID | None = None) -> UUID:
        """Open a session for the holder of a role."""
        desk = self.registry.desk
        who = account or await account_for(desk, email=f"{holder}@people.example")
        self.cookies[holder] = await sessions.start(desk, account=who, how="test", replaces=None)
        self.accounts[holder] = who
        return who

    async def settle(self, offices: Offices) -> None:
        """Give each role its holder, and every kind of object one of theirs and another's."""
        stage, now = offices.stage, self.registry.clock.now()
        await stage.report()
        await stage.draw()
        seats = await stage.seats()
        organisation = await published(stage.world)
        await self.enter(SIGNED_IN)
        for role in ORGANISATION_ROLES:
            account = await self.enter(role)
            await Membership(
                id=uuid4(), organisation=organisation, account=account, role=role, since=now
            ).save()
        groups = [uuid4(), uuid4()]
        for group in groups:
            await CommunityGroup(
                id=group, name="Seaham Elders", borough="sefton", registered_at=now
            ).save()
        await GroupMember(group=groups[0], account=await self.enter("group"), since=now).save()
        entries = [await owed(seat.id) for seat in seats]
        await self.enter("auditor", offices.auditors[seats[0].auditor])
        for role in HUB_ROLES:
            await grant_role(self.registry.desk, account=await self.enter(role), role=role)
        for whose, slug, number in (("own", OWN, 0), ("other", OTHER, 1)):
            self.objects[whose] = {
                "slug": slug,
                "group": str(groups[number]),
                "seat": str(seats[number].id),
                "entry": str(entries[number]),
            }
        self.objects["missing"] = dict.fromkeys(("group", "seat", "entry"), NOWHERE) | {
            "slug": "nobody-has-this-name"
        }


async def owed(seat: UUID) -> UUID:
    """Write down a fee for a seat."""
    entry = PayEntry(
        id=uuid4(),
        payer="hub",
        seat=seat,
        kind="fee",
        hours=Decimal(2),
        rate_pence=2_500,
        amount_pence=5_000,
        due_on=date(2026, 2, 1),
    )
    await entry.save()
    return UUID(str(entry.id))


@pytest.fixture
async def region(registry: Registry, clock: SetClock) -> Region:
    """Settle the region."""
    made = Region(registry)
    await made.settle(await Offices(registry, clock).open(auditors=4))
    return made


def held(row: Row, holder: str, whose: str) -> frozenset[str]:
    """Return the roles that `holder` has towards the object asked about."""
    if holder == ANONYMOUS:
        return frozenset()
    if row.scope == "any":
        return frozenset({SIGNED_IN, holder})
    return frozenset({holder}) if whose == "own" else frozenset()


def names_an_object(row: Row, template: str) -> bool:
    """Say whether an address differs by whose object it names."""
    return row.scope != "any" and any(
        f"{{{name}:" in template for name in ("slug", "group", "seat", "entry")
    )


def addresses(
    app: Litestar, region: Region
) -> Iterator[tuple[HTTPRouteHandler, Row, str, str, str]]:
    """Yield every handler with its row, a method, whose object is asked for, and the address."""
    matrix = own_matrix()
    for handler in http_handlers(app):
        row = matrix[row_name(handler)]
        template = min(handler.paths)
        for whose in region.objects if names_an_object(row, template) else ("own",):
            path = example_path(template, **region.objects[whose])
            for method in sorted(str(method) for method in handler.http_methods):
                yield handler, row, method, whose, path
                if method == "GET" and whose == "own":
                    yield handler, row, "HEAD", whose, path


async def ask(visitor: Visitor, method: str, path: str, cookie: str | None) -> httpx.Response:
    """Ask as the holder of `cookie`, with a form that has no token where the method sends one."""
    visitor.client.cookies.clear()
    if cookie is not None:
        visitor.client.cookies.set("session", cookie, domain="127.0.0.1")
    return await visitor.client.request(
        method,
        path,
        headers={"accept": "application/json", **OVERRIDES},
        data={"nothing": "typed"} if method == "POST" else None,
    )


async def denials() -> int:
    """Return how many denials are written down."""
    return int(await SecurityEvent.count().where(SecurityEvent.kind == DENIED))


def wrong_with(row: Row, method: str, answer: httpx.Response, *, may: bool, holder: str) -> bool:
    """Say whether the status is not what the row promises."""
    if holder == ANONYMOUS:
        return answer.status_code != httpx.codes.UNAUTHORIZED
    if not may:
        return answer.status_code != (403 if row.denial == "403" else 404)
    if method == "POST":  # let in, and stopped at once: the form has no token
        return answer.status_code != httpx.codes.FORBIDDEN
    return answer.status_code not in {200, 303, 404, 409, 422}


@pytest.mark.timeout(600)
async def test_every_route_answers_each_role_as_its_row_says(
    app: Litestar, region: Region, visitor: Visitor
) -> None:
    cells = 0
    for _handler, row, method, whose, path in addresses(app, region):
        for holder in () if row.public else HOLDERS:
            cells += 1
            before = await denials()
            answer = await ask(visitor, method, path, region.cookies.get(holder))
            may = bool(held(row, holder, whose) & row.roles)
            seen = f"{method} {path} ({whose}) as {holder}: {answer.status_code}"
            assert not wrong_with(row, method, answer, may=may, holder=holder), seen
            assert await denials() - before == int(holder != ANONYMOUS and not may), seen
            assert method != "HEAD" or not answer.content, seen
    assert cells >= 4_000


@pytest.mark.parametrize("holder", [ANONYMOUS, "lead"])
async def test_what_is_for_anyone_asks_nobody_who_they_are(
    holder: str, app: Litestar, region: Region, visitor: Visitor
) -> None:
    for _handler, row, method, _whose, path in addresses(app, region):
        if row.public:
            answer = await ask(visitor, method, path, region.cookies.get(holder))
            seen = f"{method} {path} as {holder}: {answer.status_code}"
            assert answer.status_code < 500 or path == "/health/ready", seen
            assert answer.status_code != httpx.codes.UNAUTHORIZED, seen
    assert not await denials()


async def test_asking_what_may_be_asked_tells_everyone_the_same(
    app: Litestar, region: Region, visitor: Visitor
) -> None:
    for handler, _row, _method, whose, path in addresses(app, region):
        if whose == "own":
            answers = [
                await ask(visitor, "OPTIONS", path, region.cookies.get(holder))
                for holder in (ANONYMOUS, "lead")
            ]
            assert {answer.status_code for answer in answers} == {204}, str(handler)
            assert len({answer.headers["allow"] for answer in answers}) == 1
            assert not any(answer.content for answer in answers)


async def test_other_methods_are_nobodys(app: Litestar, region: Region, visitor: Visitor) -> None:
    for handler, _row, _method, whose, path in addresses(app, region):
        if whose == "own":
            for method in {"PUT", "PATCH", "DELETE", "TRACE"} - set(handler.http_methods):
                answer = await ask(visitor, method, path, region.cookies["lead"])
                assert answer.status_code == httpx.codes.METHOD_NOT_ALLOWED, f"{method} {path}"


async def test_a_part_that_ended_opens_nothing_at_the_next_request(
    region: Region, visitor: Visitor, registry: Registry
) -> None:
    member, steward = f"/my/{OWN}", "/hub"
    assert (await ask(visitor, "GET", member, region.cookies["lead"])).status_code == 200
    assert (await ask(visitor, "GET", steward, region.cookies["steward"])).status_code == 200
    await Membership.update({Membership.ended_at: registry.clock.now()}, force=True)
    await end_role(registry.desk, account=region.accounts["steward"], role="steward")
    assert (await ask(visitor, "GET", member, region.cookies["lead"])).status_code == 404
    assert (await ask(visitor, "GET", steward, region.cookies["steward"])).status_code == 404


async def test_a_denial_names_the_account_and_the_page_and_nothing_else(
    region: Region, visitor: Visitor
) -> None:
    await ask(visitor, "GET", f"/my/{OTHER}/plan", region.cookies["lead"])
    event = await SecurityEvent.objects().where(SecurityEvent.kind == DENIED).first()
    assert event is not None
    assert (event.account, event.detail) == (region.accounts["lead"], "member.plan.plan_page")
