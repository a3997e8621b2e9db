"""The people of the play around the organisations: community groups, and readers of the library."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from charter.learning.rules import CelebrationProposal, ResourceProposal
from charter.learning.service import (
    celebrate_own,
    confirm_celebration,
    propose_resource,
    release_resource,
)
from charter.organisations.tables import Organisation
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.service import check_group, register_group
from registry.accounts.service import account_for
from registry.bootstrap import Registry
from registry.demo.cast import Cast, Group, Shared, Told

READ_AFTER = timedelta(days=3)
"""How long a group waits to be checked, a proposal to be read, a celebration to be confirmed."""

READER = "reader@library.example"
"""Who proposes resources."""


@dataclass
class Neighbours:
    """What community groups and readers do, on the days that the cast names before `last`."""

    registry: Registry
    cast: Cast
    last: date
    groups: dict[str, UUID] = field(default_factory=dict)
    proposed: dict[str, int] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)

    async def act(self, today: date) -> None:
        """Do what is done on `today`."""
        asked = (today - READ_AFTER, today)
        for group in self.cast.group:
            await self._group(group, *asked)
        for resource in self.cast.resource:
            await self._resource(resource, *asked)
        for celebration in self.cast.celebration:
            await self._celebration(celebration, *asked)

    def _on(self, days_before: int) -> date:
        return self.last - timedelta(days=days_before)

    async def _group(self, group: Group, earlier: date, today: date) -> None:
        scheme = self.registry.scheme
        if self._on(group.registers) == today:
            self.groups[group.name] = await register_group(
                scheme,
                group=GroupRegistration(group.name, group.borough, group.people),
                account=await account_for(self.registry.desk, email=group.address),
            )
        elif self._on(group.registers) == earlier:
            await check_group(scheme, group=self.groups[group.name], accept=True)

    async def _resource(self, resource: Shared, earlier: date, today: date) -> None:
        scheme = self.registry.scheme
        if self._on(resource.day) == today:
            self.proposed[resource.title] = await propose_resource(
                scheme,
                resource=ResourceProposal(
                    kind=resource.kind,
                    title=resource.title,
                    owner=resource.owner,
                    link=resource.link,
                    licence=resource.licence,
                    summary=resource.summary,
                    types=resource.types,
                    forms=resource.forms,
                    sector=resource.sector,
                    borough=resource.borough,
                ),
                account=await account_for(self.registry.desk, email=READER),
            )
        elif self._on(resource.day) == earlier:
            await release_resource(scheme, resource=self.proposed[resource.title])

    async def _celebration(self, told: Told, earlier: date, today: date) -> None:
        scheme = self.registry.scheme
        group = self.groups.get(told.group)
        if self._on(told.day) == today:
            [row] = await Organisation.select(Organisation.id).where(
                Organisation.name == told.organisation
            )
            proposal = CelebrationProposal(
                row["id"], told.title, told.text, pledge=told.pledge, group=group
            )
            self.told[told.title] = await celebrate_own(scheme, celebration=proposal)
        elif self._on(told.day) == earlier and told.confirmed and group is not None:
            speaker = next(each for each in self.cast.group if each.name == told.group)
            await confirm_celebration(
                scheme,
                celebration=self.told[told.title],
                group=group,
                account=await account_for(self.registry.desk, email=speaker.address),
            )
