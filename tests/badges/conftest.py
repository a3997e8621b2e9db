"""An organisation that has signed, with a badge that follows its history."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from badges.credentials.facts import BadgeFacts
from badges.credentials.service import sign_editions
from badges.queries import newest_edition
from badges.service import follow_history
from badges.status_lists.service import sign_status_lists
from badges.tables import Badge, Edition, StatusList
from badges.verify import Report, verify_badge
from charter.history.events import Fact
from charter.history.queries import newest_event
from charter.ledger import transaction
from charter.obligations.service import open_obligation
from charter.scheme import Scheme
from charter.standing.words import Standing
from tests.badges.samples import FACTS, ISSUER, signers, trusted
from tests.world import START, World, harbour_lights


@dataclass
class Signed:
    """Harbour Lights has signed: its badge, and a scheme whose history the badges follow."""

    world: World
    scheme: Scheme
    organisation: UUID
    badge: Badge

    def facts(self, **changes: Any) -> BadgeFacts:
        return replace(
            FACTS,
            code=self.badge.code,
            signed_at=START,
            **{"standing": Standing.PLAN_DUE} | changes,
        )

    async def sign(self, **changes: Any) -> Edition:
        await sign_editions(
            self.scheme,
            facts=[self.facts(**changes)],
            known=await newest_event(),
            issuer=ISSUER,
            signers=signers(),
        )
        newest = await newest_edition(self.badge.id)
        assert newest is not None
        return newest

    async def check(self, edition: Edition) -> Report:
        await sign_status_lists(self.scheme, issuer=ISSUER, signers=signers())
        listed = await StatusList.objects().get(StatusList.number == edition.status_list)
        assert listed is not None
        return verify_badge(
            edition.credential,
            issuer=ISSUER.did,
            keys=trusted(),
            at=self.scheme.now(),
            status_list=listed.credential,
        )


@pytest.fixture
async def harbour(database: str) -> Signed:  # noqa: ARG001 - it must be open
    world = World()
    scheme = replace(world.scheme, watchers=(follow_history,))
    organisation = await harbour_lights(world)
    accepted: dict[str, Fact] = {"how": "domain-mail", "band": "standard"}
    charter: dict[str, Fact] = {
        "version": "1.0",
        "digest": "sha256:00",
        "spell": 1,
        "sponsor_role": "Director",
    }
    async with transaction(scheme) as tx:
        for kind, facts in (("identity-accepted", accepted), ("charter-signed", charter)):
            tx.record(kind, facts, organisation=organisation.id, by="steward")
        await open_obligation(tx, "plan", organisation=organisation.id)
    badge = await Badge.objects().get(Badge.organisation == organisation.id)
    assert badge is not None
    return Signed(world, scheme, organisation.id, badge)
