"""How Harbour Lights comes to a badge, and how it loses it, through the real use cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from badges.tables import Badge
from charter.obligations.chase import chase, settle_due
from charter.obligations.tables import Obligation
from charter.people import Nobody
from registry.proofs.desk import ProofDesk
from registry.proofs.log import append_events, sign_log
from registry.proofs.signing import publish_public_keys, sign_badges
from tests.charter.acting import hold_session, published, signed
from tests.world import World


@dataclass
class Harbour:
    """The theatre, with the hands of its clock and the worker's desk."""

    world: World
    desk: ProofDesk

    async def signs(self) -> UUID:
        """Sign the charter: the code page opens."""
        return await signed(self.world)

    async def publishes(self) -> UUID:
        """Publish a plan with a confirmed session: on track."""
        organisation = await published(self.world)
        await hold_session(self.world, organisation)
        return organisation

    async def has_badge(self) -> str:
        """Publish, and have the worker sign everything; return the badge's code."""
        organisation = await self.publishes()
        await self.worker_signs(organisation)
        return await code_of(organisation)

    async def worker_signs(self, organisation: UUID) -> None:
        """Do what the worker does: keys, lists, the edition, the log."""
        await publish_public_keys(self.desk)
        await sign_badges(self.desk, organisations=[organisation])
        await append_events(self.desk.scheme)
        await sign_log(self.desk)

    async def falls_late(self, organisation: UUID, *, days: int) -> datetime:
        """Let its first report be `days` late, chased each day; return the instant it is then."""
        due = await (
            Obligation.select(Obligation.due_on)
            .where(
                (Obligation.organisation == organisation)
                & (Obligation.owner == "organisation")
                & (Obligation.state == "open")
            )
            .order_by(Obligation.due_on)
            .first()
        )
        assert due is not None
        until = due["due_on"] + timedelta(days=days)
        self.world.pass_days((due["due_on"] - self.world.scheme.today()).days - 61)
        while self.world.scheme.today() < until:
            self.world.pass_days(1)
            await chase(self.world.scheme, Nobody())
            await settle_due(self.world.scheme)
        return self.world.scheme.now()


async def code_of(organisation: UUID) -> str:
    """Return the badge's code."""
    badge = await Badge.objects().get(Badge.organisation == organisation)
    assert badge is not None
    code: str = badge.code
    return code
