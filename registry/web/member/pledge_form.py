"""What the pledge form offers and shows: the pack's choices, a start, what was saved."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from charter.framework.catalogue import RacismType, WorkedPledge
from charter.plans.pledge_rules import PledgeDraft
from charter.plans.ready_made import draft_from_worked
from registry.web.form_body import FormBody
from registry.web.member.forms import PENCE
from registry.web.member.room import Room

FIRST_ROWS = 2
"""Milestones a new form has room for; more are added one by one."""

Typed = dict[str, str | Sequence[str]]


def choices(room: Room, asked: RacismType) -> dict[str, Any]:
    """Return what the form offers for a pledge that counts for `asked`."""
    region = room.pack.region
    return {
        "asked": asked,
        "actions": [(each.id, each.name, each.text) for each in asked.actions],
        "changes": [(each.id, each.name, each.text) for each in asked.changes],
        "forms": [(each.id, each.name) for each in region.forms],
        "communities": [(each.id, each.name) for each in region.communities],
        "intersections": [(each.id, each.name) for each in region.intersections],
        "other_types": [
            (each.id, each.name) for each in room.pack.catalogue.types if each.id != asked.id
        ],
    }


def starts(room: Room, asked: RacismType) -> dict[str, WorkedPledge]:
    """Return the pledges one may start from, by a name for the address: own band's first."""
    catalogue = room.pack.catalogue
    ready = catalogue.ready_made_for(room.own.band, asked.id)
    worked = [worked for action in asked.actions for worked in catalogue.worked_for(action.id)]
    return {
        **{f"ready-{number}": pledge for number, pledge in enumerate(ready, start=1)},
        **{f"worked-{number}": pledge for number, pledge in enumerate(worked, start=1)},
    }


def from_start(pledge: WorkedPledge, type_id: str, today: date) -> Typed:
    """Return the form filled from a worked or ready-made pledge, starting today.

    Whether money is set aside is left open: the pack cannot know.
    """
    filled = from_draft(draft_from_worked(pledge, type_id, today))
    return {name: typed for name, typed in filled.items() if name != "funded"}


def from_draft(draft: PledgeDraft) -> Typed:
    """Return the form filled with what a pledge says."""
    pence = draft.funding_pence
    return {
        "title": draft.title,
        "promise": draft.promise,
        "actions": draft.actions,
        "own-action": draft.own_action,
        "change": draft.change,
        "who-notices": draft.who_notices,
        "forms": draft.forms,
        "communities": draft.communities,
        "also-concerns": draft.also_concerns,
        "secondary-types": draft.secondary_types,
        "measure": draft.measure,
        "baseline": draft.baseline,
        "target": draft.target,
        "owner-role": draft.owner_role,
        "funded": "no" if pence is None else "yes",
        "funding-pounds": "" if pence is None else f"{pence / PENCE:.2f}",
        **(_day("funded-until", draft.funded_until) if draft.funded_until else {}),
        **_day("starts-on", draft.starts_on),
        **_day("ends-on", draft.ends_on),
        **_milestones(
            (step.title, step.due_on, step.evidence, step.evidence_until)
            for step in draft.milestones
        ),
    }


def rows_in(typed: Mapping[str, Any]) -> int:
    """Return how many milestones a form shows: those typed in, and never fewer than two."""
    found = [
        int(name.split("-")[1])
        for name in typed
        if name.startswith("milestones-") and name.split("-")[1].isdecimal()
    ]
    return max([FIRST_ROWS, *(number + 1 for number in found)])


def with_one_more(body: FormBody) -> dict[str, Sequence[str]]:
    """Return what adds one empty milestone to a form that came back."""
    return {f"milestones-{rows_in(body.typed)}-title": ("",)}


def _milestones(steps: Any) -> Typed:
    typed: Typed = {}
    for place, (title, due_on, evidence, until) in enumerate(steps):
        typed[f"milestones-{place}-title"] = title
        typed[f"milestones-{place}-evidence"] = evidence
        typed.update(_day(f"milestones-{place}-due-on", due_on))
        if until is not None:
            typed.update(_day(f"milestones-{place}-evidence-until", until))
    return typed


def _day(name: str, day: date) -> Typed:
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }
