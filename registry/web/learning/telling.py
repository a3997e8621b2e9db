"""What every form for a celebration shows, whoever fills it in: pledges to name, groups to ask."""

from typing import Any

from charter.framework.pack import FrameworkPack
from charter.learning.celebration_queries import groups_that_may_confirm
from charter.organisations.tables import Organisation
from charter.plans.queries import pledges_of


async def public_organisation(slug: str) -> Organisation | None:
    """Return the organisation of the register at `slug`, or None."""
    if not slug:
        return None
    return (
        await Organisation.objects()
        .where((Organisation.slug == slug) & Organisation.public_since.is_not_null())
        .first()
    )


async def telling_about(organisation: Organisation | None, pack: FrameworkPack) -> dict[str, Any]:
    """Return what the form about an organisation offers to choose from."""
    lines = await pledges_of(organisation.id) if organisation else ()
    return {
        "about": organisation,
        "pledges": [(str(line.number), line.title) for line in lines if line.version],
        "types": [(each.id, each.name) for each in pack.catalogue.types],
        "groups": [(str(group), name) for group, name in await groups_that_may_confirm()],
    }
