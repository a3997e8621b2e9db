"""What the people of a journey have done before it begins, through the use cases."""

from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from charter.evidence.rules import NewItem, ReportDraft
from charter.evidence.service import add_item, send_report
from charter.organisations.queries import find_organisation
from charter.plans.service import publish_plan
from charter.signing.service import sign_charter
from registry.accounts.desk import Desk
from registry.accounts.service import account_for
from tests.charter.acting import accept, answer_all, apply, draft_all
from tests.journeys.region import Region
from tests.world import World


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of the region, and where its people are written to."""

    id: UUID
    slug: str
    name: str
    domain: str

    @property
    def home(self) -> str:
        """Return where its people begin."""
        return f"/my/{self.slug}"

    def address(self, role: str) -> str:
        """Return the mail address of somebody in it."""
        return f"{role}@{self.domain}"


def company_number(name: str) -> str:
    """Return a company's number, the same for a name and another for each other name."""
    return f"{crc32(name.encode()) % 10**8:08}"


@dataclass(frozen=True, slots=True)
class Past:
    """Brings organisations as far as a journey begins."""

    region: Region

    @property
    def world(self) -> World:
        """The region as use cases see it."""
        return self.region.world

    @property
    def desk(self) -> Desk:
        """Where accounts are opened."""
        return self.region.registry.desk

    async def applied(self, name: str) -> Member:
        """Have an organisation apply."""
        domain = f"{name.lower().replace(' ', '-')}.example"
        organisation = await apply(
            self.world,
            lead=await account_for(self.desk, email=f"lead@{domain}"),
            sponsor=await account_for(self.desk, email=f"sponsor@{domain}"),
            name=name,
            domain=domain,
            website=f"https://{domain}",
            identifiers=(("GB-COH", company_number(name)),),
        )
        found = await find_organisation(organisation)
        assert found is not None
        return Member(organisation, found.slug, name, domain)

    async def signed(self, name: str) -> Member:
        """Have an organisation apply, be accepted, and sign."""
        member = await self.applied(name)
        sponsor = await account_for(self.desk, email=member.address("sponsor"))
        await accept(self.world, member.id)
        await sign_charter(self.world.scheme, organisation=member.id, account=sponsor)
        return member

    async def published(self, name: str) -> Member:
        """Bring an organisation to a published plan with a pledge for each type."""
        member = await self.signed(name)
        await answer_all(self.world, member.id)
        await draft_all(self.world, member.id)
        await publish_plan(self.world.scheme, organisation=member.id)
        return member

    async def reported(self, name: str) -> Member:
        """Have an organisation report on its first milestone, openly."""
        member = await self.published(name)
        scheme = self.world.scheme
        place = {"organisation": member.id, "pledge": 1, "milestone": 1}
        await add_item(
            scheme,
            item=NewItem(kind="note", label="Panels", body="Six panel members, by role"),
            **place,  # type: ignore[arg-type]  # the place of the report
        )
        await send_report(
            scheme,
            report=ReportDraft(
                worked="partly",
                summary="Six people joined our panels.",
                what_did_not_work="Nobody joined from the night shift.",
                why="We met in the evening only.",
                what_changes="We meet at noon as well.",
            ),
            signed_by_role="Executive Director",
            **place,  # type: ignore[arg-type]  # the place of the report
        )
        return member
