"""Use case of places: town, sector and boroughs change, and the past keeps its own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from charter.errors import InvalidInput
from charter.history.queries import words_of
from charter.history.sentences import sentence_of
from charter.history.tables import Event
from charter.ledger import transaction
from charter.organisations.rules import Place, check_place
from charter.organisations.tables import Organisation
from charter.scheme import Scheme

CHANGES_SHOWN = 10
"""The newest changes of names, places and sizes that the hub is shown."""


@dataclass(frozen=True, slots=True)
class DetailChanged:
    """That an organisation changed its name, its place or its size."""

    slug: str
    name: str
    at: datetime
    sentence: str


async def change_place(scheme: Scheme, *, organisation: UUID, place: Place) -> None:
    """Put an organisation in another town, sector or boroughs, from now on.

    Lists and pages of boroughs and sectors follow at once; a past day still reads the old place.
    Raises `InvalidInput`.
    """
    errors = check_place(place, scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    boroughs = [each.id for each in scheme.pack.region.boroughs if each.id in place.boroughs]
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        was = Place(body.town, body.sector, tuple(body.boroughs))
        if was == Place(place.town.strip(), place.sector, tuple(boroughs)):
            return
        await Organisation.update(
            {
                Organisation.town: place.town.strip(),
                Organisation.sector: place.sector,
                Organisation.boroughs: boroughs,
            }
        ).where(Organisation.id == organisation)
        if body.state != "accepted":
            return
        words = await tx.publish_words(
            "place", {"was": was.town, "town": place.town.strip()}, organisation=organisation
        )
        tx.record(
            "place-changed",
            {
                "sector": place.sector,
                "boroughs": boroughs,
                "was_sector": was.sector,
                "was_boroughs": list(was.boroughs),
            },
            organisation=organisation,
            by="lead",
            words=words,
        )


async def place_on(organisation: UUID, at: datetime) -> Place | None:
    """Return where an organisation was at an instant; None where it has not moved since."""
    moved = (
        await Event.objects()
        .where(
            (Event.organisation == organisation)
            & (Event.kind == "place-changed")
            & (Event.recorded_at > at)
        )
        .order_by(Event.id)
        .first()
    )
    if moved is None:
        return None
    facts = msgspec.json.decode(moved.data)
    words = (await words_of([moved.words])).get(moved.words, {})
    return Place(words.get("was", ""), facts["was_sector"], tuple(facts["was_boroughs"]))


async def details_changed() -> tuple[DetailChanged, ...]:
    """Return the newest changes of names, places and sizes, the newest first."""
    rows = await Event.raw(_CHANGED, CHANGES_SHOWN)
    return tuple(
        DetailChanged(
            row["slug"],
            row["name"],
            row["recorded_at"],
            sentence_of(row["kind"], msgspec.json.decode(row["data"])),
        )
        for row in rows
    )


_CHANGED = """
SELECT o.slug, o.name, e.kind, e.data, e.recorded_at FROM event e
JOIN organisation o ON o.id = e.organisation
WHERE e.kind IN ('place-changed', 'identifiers-changed', 'renamed', 'band-changed')
ORDER BY e.id DESC LIMIT {}
"""
