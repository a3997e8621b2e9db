"""Taking in a list of existing signatories: its organisations, its people, and a letter to each.

Whoever is named as sponsor is written to as after a sign-up, and signs only by pressing the button.
"""

from collections.abc import Iterator, Sequence

from charter.organisations.import_rules import JudgedRow, decide_import
from charter.organisations.importing import import_signatory
from registry.accounts.service import account_for
from registry.bootstrap import Registry
from registry.web.member.letters import tell_new_sponsor
from registry.web.public.signatory_file import SignatoryFile, SignatoryRow


async def take_in(registry: Registry, file: SignatoryFile, judged: Sequence[JudgedRow]) -> int:
    """Write down every new row and return how many. Raises `ListHasErrors` and writes nothing."""
    wanted = {each.row.number: each for each in decide_import(judged)}
    for row in file.rows:
        if row.listed.number in wanted:
            await _take_one(registry, row, wanted[row.listed.number])
    return len(wanted)


async def _take_one(registry: Registry, row: SignatoryRow, judged: JudgedRow) -> None:
    desk = registry.desk
    lead = await account_for(desk, email=row.lead_email) if row.lead_email else None
    sponsor = await account_for(desk, email=row.sponsor_email) if row.sponsor_email else None
    await import_signatory(registry.scheme, judged=judged, lead=lead, sponsor=sponsor)
    if row.sponsor_email:
        name = judged.row.application.name
        await tell_new_sponsor(desk, slug=judged.slug, name=name, to=row.sponsor_email)


OUTCOMES = {
    "new": "will be added, as {slug}",
    "here-already": "is here already, as {slug}",
    "wrong": "is wrong",
}
"""What becomes of a row, in words."""


def tell_row(judged: JudgedRow) -> Iterator[str]:
    """Yield what becomes of a row, one sentence each: the outcome, each error, each look-alike."""
    name = judged.row.application.name or "no name"
    yield f"Row {judged.row.number} ({name}) {OUTCOMES[judged.outcome].format(slug=judged.slug)}."
    for error in judged.errors:
        yield f"Row {judged.row.number}, {error.field or 'the row'}: {error.message}"
    for other in judged.looks_like:
        yield f"Row {judged.row.number} looks like {other}, which is here. Both will stand."
