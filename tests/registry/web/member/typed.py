"""What people type into the forms of an organisation."""

from collections.abc import Sequence
from datetime import date

from charter.plans.pledge_rules import PledgeDraft
from registry.web.member.pledge_form import from_draft
from tests.charter.acting import draft_for
from tests.world import World, the_pack

APPLICATION = {
    "name": "Harbour Lights Theatre",
    "town": "Seaham Docks",
    "website": "https://harbour-lights.example",
    "domain": "harbour-lights.example",
    "sector": "arts-and-culture",
    "boroughs": "liverpool",
    "band": "standard",
    "proof": "domain-mail",
    "identifiers-0-scheme": "GB-COH",
    "identifiers-0-identifier": "01234567",
    "sponsor-role": "Executive Director",
    "sponsor-email": "director@harbour-lights.example",
}


def answer(type_id: str, **changes: str) -> dict[str, str]:
    """Return an answer for a type with nothing wrong with it."""
    pack = the_pack()
    return {
        "applies": "yes",
        "impacts": pack.catalogue.racism_type(type_id).impacts[0].id,
        "reason": "Staff and audiences told us so in four open meetings.",
        "priority": str(pack.type_ids.index(type_id) + 1),
        "took-part": "Front-of-house staff and the youth board",
    } | changes


def pledge(world: World, type_id: str, **changes: object) -> dict[str, str | Sequence[str]]:
    """Return a pledge for a type with nothing wrong with it."""
    return typed(draft_for(world, type_id, **changes))


def typed(draft: PledgeDraft) -> dict[str, str | Sequence[str]]:
    """Return a pledge as it is typed."""
    return {
        name: value if isinstance(value, str) else list(value)
        for name, value in from_draft(draft).items()
    }


def day(name: str, value: date) -> dict[str, str]:
    """Return a date as three boxes."""
    return {
        f"{name}-day": str(value.day),
        f"{name}-month": str(value.month),
        f"{name}-year": str(value.year),
    }
