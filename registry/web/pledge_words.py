"""What the parts of a pledge are called where two versions of it are compared."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from charter.framework.pack import FrameworkPack
from charter.plans.versions import Change
from registry.web.wording import calendar_day

FIELD_NAMES: Mapping[str, str] = {
    "title": "Title",
    "promise": "The promise",
    "who_notices": "Who will notice",
    "measure": "What is measured",
    "baseline": "How it is today",
    "target": "How it should be",
    "own_action": "Action of our own",
    "actions": "Actions",
    "change": "Change sought",
    "forms": "Forms of racism",
    "communities": "Communities",
    "also_concerns": "Also concerns",
    "secondary_types": "Other types",
    "owner_role": "Who answers for it",
    "funding_pence": "Money, in pence",
    "funded_until": "Money until",
    "starts_on": "Start",
    "ends_on": "End",
    "one_off": "One-off",
}
"""What the fields of a pledge are called where two versions are compared."""

_SPELT: Mapping[str, str] = {"True": "yes", "False": "no"}

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

STEP_NAMES: Mapping[str, str] = {"title": "title", "due_on": "date", "evidence": "evidence"}


def readable_changes(changes: Iterable[Change], pack: FrameworkPack) -> list[tuple[str, str, str]]:
    """Return each change as people read it: what, as it was, as it would be."""
    names = names_in(pack)
    return [
        (field_name(change.field), spelt(change.was, names), spelt(change.now, names))
        for change in changes
    ]


def field_name(field: str) -> str:
    """Return what a field is called: `milestones[0].title` is Milestone 1, title."""
    if field.startswith("milestones["):
        place, _, part = field.removeprefix("milestones[").partition("].")
        return f"Milestone {int(place) + 1}, {STEP_NAMES.get(part, part)}"
    return FIELD_NAMES.get(field, field.replace("_", " "))


def names_in(pack: FrameworkPack) -> dict[str, str]:
    """Return what people call everything a pledge can name by a token of the pack."""
    region = pack.region
    entries = (
        entry for each in pack.catalogue.types for kind in each.kinds.values() for entry in kind
    )
    return {
        **{each.id: each.name for each in region.forms},
        **{each.id: each.name for each in region.communities},
        **{each.id: each.name for each in region.intersections},
        **{each.id: each.name for each in pack.catalogue.types},
        **{entry.id: entry.name for entry in entries},
    }


def spelt(value: str, names: Mapping[str, str]) -> str:
    """Return a value as people read it: names for the pack's tokens, dates spelt out."""
    if value in _SPELT:
        return _SPELT[value]
    if _DATE.fullmatch(value):
        return calendar_day(date.fromisoformat(value))
    parts = value.split(", ")
    if all(part in names for part in parts):
        return ", ".join(names[part] for part in parts)
    return value
