"""What organisations of the play write: pledges after the pack's worked ones, and reflections."""

from datetime import date, timedelta

from charter.framework.catalogue import WorkedPledge
from charter.framework.pack import FrameworkPack
from charter.plans.pledge_rules import MilestoneDraft, PledgeDraft
from charter.reviews.service import Reflection
from registry.demo.cast import Character, the_cast

PLEDGE_DAYS = 1_000
"""How long pledges run at least: beyond the end of the play, so that no type is left without."""


def draft_pledge(
    script: Character,
    pack: FrameworkPack,
    type_id: str,
    today: date,
    *,
    place: int = 0,
    choice: int = 0,
) -> PledgeDraft:
    """Return a pledge for one type that fits the sector, or another `choice` for its action."""
    worked = find_worked(pack, script.sector, type_id)
    if choice:
        worked = next(each for each in pack.catalogue.worked_for(worked.action) if each != worked)
    days = script.milestones_of(place, again=bool(choice))
    return PledgeDraft(
        type=type_id,
        secondary_types=(),
        title=worked.title,
        promise=worked.promise,
        actions=(worked.action,),
        own_action="",
        change=worked.change,
        who_notices=worked.noticed_by,
        forms=(pack.region.forms[place].id,),
        communities=(pack.region.communities[place].id,),
        also_concerns=(),
        measure=worked.measure,
        baseline=worked.baseline,
        target=worked.target,
        owner_role=worked.owner,
        funding_pence=1_200_000 if script.band == "standard" else None,
        funded_until=today + timedelta(days=days[-1] + 30) if script.band == "standard" else None,
        starts_on=today,
        ends_on=today + timedelta(days=max(days[-1], PLEDGE_DAYS) + 30),
        milestones=tuple(
            MilestoneDraft(
                title=_milestone_title(worked, step),
                due_on=today + timedelta(days=offset + place),
                evidence=worked.milestones[step % len(worked.milestones)].evidence,
            )
            for step, offset in enumerate(days)
        ),
    )


def find_worked(pack: FrameworkPack, sector: str, type_id: str) -> WorkedPledge:
    """Return the pack's worked pledge that organisations of a sector make on one type."""
    titles = the_cast().titles_of(sector)
    return next(
        worked
        for action in pack.catalogue.racism_type(type_id).actions
        for worked in pack.catalogue.worked_for(action.id)
        if worked.title in titles
    )


def reflect(script: Character, pack: FrameworkPack) -> Reflection:
    """Return the yearly reflection of an organisation that looks honestly at itself."""
    types = pack.type_ids
    own = ("kept", "partly-kept", "kept", "partly-kept", "cannot-tell")
    return Reflection(
        findings={
            name: finding
            for name, finding in zip(types, own, strict=True)
            if name not in script.does_not_apply
        },
        what_worked="Paying the group to lead the sessions changed who came.",
        what_did_not_work="Managers saw the training as a thing to get through.",
        what_changes="Training is now led with the group and followed up in team meetings.",
        signed_by_role=script.sponsor_role,
    )


def _milestone_title(worked: WorkedPledge, step: int) -> str:
    title = worked.milestones[step % len(worked.milestones)].title
    return title if step < len(worked.milestones) else f"{title} (year {step + 1})"
