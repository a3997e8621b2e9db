"""Rule 10a: tiny and small bodies take a ready-made pledge as it stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from charter.calendar import add_months
from charter.errors import NotFound, RuleViolation
from charter.framework.catalogue import WorkedPledge
from charter.framework.pack import FrameworkPack
from charter.organisations.tables import Organisation
from charter.plans.pledge_rules import MilestoneDraft, PledgeDraft
from charter.plans.pledges import save_pledge
from charter.scheme import Scheme


class NotForThisSize(RuleViolation):
    """Only bodies of some sizes take a pledge as it stands; others write their own."""

    code = "not-for-this-size"
    rule = 10


def draft_from_worked(pledge: WorkedPledge, type_id: str, today: date) -> PledgeDraft:
    """Return a draft that says what a worked pledge says, starting today.

    Whom it is for, and which forms of racism it is against, the pack cannot know: they are empty.
    """
    return PledgeDraft(
        type=type_id,
        secondary_types=(),
        title=pledge.title,
        promise=pledge.promise,
        actions=(pledge.action,),
        own_action="",
        change=pledge.change,
        who_notices=pledge.noticed_by,
        forms=(),
        communities=(),
        also_concerns=(),
        measure=pledge.measure,
        baseline=pledge.baseline,
        target=pledge.target,
        owner_role=pledge.owner,
        funding_pence=None,
        funded_until=None,
        starts_on=today,
        ends_on=add_months(today, pledge.months),
        milestones=tuple(
            MilestoneDraft(step.title, add_months(today, step.month), step.evidence)
            for step in pledge.milestones
        ),
    )


def is_ready_made(words: Mapping[str, Any], pack: FrameworkPack) -> bool:
    """Whether the words of a pledge are those of a ready-made one, as it stands."""
    return any(
        all(words.get(name) == getattr(ready, name) for name in ("title", "promise", "target"))
        for ready in pack.catalogue.ready_made_pledges
    )


async def take_ready_made(
    scheme: Scheme,
    *,
    organisation: UUID,
    type_id: str,
    place: int,
    forms: tuple[str, ...],
    communities: tuple[str, ...],
) -> int:
    """Keep the ready-made pledge at `place` of its type's list as a draft; return its number.

    The list is that of the organisation's size. Raises `NotForThisSize`, `NotFound` and
    `InvalidInput`.
    """
    body = await Organisation.objects().where(Organisation.id == organisation).first()
    if body is None:
        raise NotFound("There is no such organisation.")
    if not scheme.pack.band(body.band).ready_made:
        raise NotForThisSize(
            "Ready-made pledges are for small groups. Start from an example and make it your own."
        )
    ready = scheme.pack.catalogue.ready_made_for(body.band, type_id)
    if not 1 <= place <= len(ready):
        raise NotFound("There is no such ready-made pledge.")
    draft = draft_from_worked(ready[place - 1], type_id, scheme.today())
    draft = replace(draft, forms=forms, communities=communities)
    return await save_pledge(scheme, organisation=organisation, number=None, draft=draft)
