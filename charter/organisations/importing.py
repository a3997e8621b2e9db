"""Use cases of a list of existing signatories: look at it first, then take it in (rules 1 and 2).

A list with a wrong row is not taken in at all: half a list would leave somebody to find out which
half. Then each row is a transaction of its own, because each is whole by itself: whatever stops
an import, running it again goes on with what is missing and changes nothing that is there.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from charter.constraints import refuse_when_taken
from charter.ledger import transaction
from charter.organisations import rules
from charter.organisations.identity import already_registered, write_application
from charter.organisations.import_rules import JudgedRow, Known, ListedRow, judge_rows
from charter.organisations.names import lock_addresses
from charter.organisations.people import open_handover, write_member
from charter.organisations.tables import FormerSlug, Organisation
from charter.scheme import Scheme


async def preview_import(scheme: Scheme, rows: Sequence[ListedRow]) -> list[JudgedRow]:
    """Return what would become of each row now. Nothing is written."""
    return judge_rows(rows, await _known(), scheme.pack)


async def import_signatory(
    scheme: Scheme, *, judged: JudgedRow, lead: UUID | None, sponsor: UUID | None
) -> UUID:
    """Write down one listed organisation that is new, and return it.

    It then waits like any applicant: for a steward's decision on who it is, and for its sponsor's
    signature (rule 1). Raises `OnePersonTwoRoles`, and `AlreadyRegistered` where its address or
    number was taken since the list was looked at.
    """
    application = judged.row.application
    one_person = lead is not None and lead == sponsor
    rules.decide_people(application.band, one_person=one_person, pack=scheme.pack)
    taken = already_registered()
    with refuse_when_taken(organisation_identifier_once=taken, organisation_slug_key=taken):
        async with transaction(scheme) as tx:
            await lock_addresses()
            if await FormerSlug.exists().where(FormerSlug.slug == judged.slug):
                raise taken
            organisation = await write_application(tx, application, slug=judged.slug, by="steward")
            for role, account in (("lead", lead), ("sponsor", sponsor)):
                if account is not None:
                    await write_member(tx, organisation, account, role, one_person=one_person)
            await open_handover(tx, organisation)
            return organisation


async def _known() -> list[Known]:
    """Return every organisation that ever had an address here, with the numbers it carries."""
    rows: Sequence[Mapping[str, Any]] = await Organisation.raw(
        "SELECT o.name, o.town,"
        " array(SELECT s.slug FROM organisation_former_slug s WHERE s.organisation = o.id)"
        " || o.slug AS slugs,"
        " array(SELECT i.scheme || ' ' || i.identifier FROM organisation_identifier i"
        " WHERE i.organisation = o.id AND NOT i.released) AS identifiers"
        " FROM organisation o"
    )
    return [
        Known(
            slugs=frozenset(row["slugs"]),
            name=row["name"],
            town=row["town"],
            identifiers=frozenset(_pair(each) for each in row["identifiers"]),
        )
        for row in rows
    ]


def _pair(text: str) -> tuple[str, str]:
    scheme, _, identifier = text.partition(" ")
    return scheme, identifier
