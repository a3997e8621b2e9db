"""After two stewards removed words, nobody finds them: no page, file, search, badge or row."""

from datetime import timedelta
from uuid import UUID

import pypdfium2  # type: ignore[import-untyped]  # it has no types
import pytest

from charter.history.erasure import confirm_erasure, propose_erasure, public_texts
from charter.history.tables import PublicText
from charter.learning.celebration_queries import find_celebrations
from charter.learning.queries import LibrarySearch, find_notes
from charter.learning.rules import CelebrationProposal
from charter.learning.service import celebrate_own
from registry.web.public.bulk import FILES
from tests.registry.web.proof.proving import Harbour, code_of
from tests.registry.web.public.story import live_the_story
from tests.registry.web.public.test_addresses import OF_THE_ORGANISATION, OF_THE_REGISTER
from tests.registry.web.visitor import Visitor

LONG_ENOUGH = 12
"""Characters from which on a passage is nobody else's by chance."""

PLACES = (
    *OF_THE_REGISTER,
    *(address for address in OF_THE_ORGANISATION if "as_of" not in address),
    *(f"/organisations/harbour-lights-theatre/pledges/{number}" for number in range(2, 6)),
    *(f"/organisations/harbour-lights-theatre/answers/{name}" for name in ("structural",)),
    *("/learning/celebrations", "/learning/celebrations.json", "/boroughs/liverpool"),
    *("/sectors/arts-and-culture", "/sectors/arts-and-culture.json"),
    *(f"/open-data/{name}.{form}" for name in FILES for form in ("csv", "jsonl")),
)

OF_THE_BADGE = ("", ".json", ".jwt", ".png", ".svg", ".tlog-proof", "/live.svg", "/certificate.pdf")

_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')
"""


async def read(visitor: Visitor, address: str) -> str:
    """Return what somebody reads at an address, however it is wrapped."""
    answer = await visitor.get(address)
    if answer.headers["content-type"] == "application/pdf":
        return " ".join(
            page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content)
        )
    return answer.content.decode("utf-8", "replace")


async def seen_by_strangers(visitor: Visitor, code: str, passages: set[str]) -> dict[str, str]:
    """Return each passage that can be read, with an address where it can."""
    found: dict[str, str] = {}
    for address in (*PLACES, *(f"/b/{code}{form}" for form in OF_THE_BADGE)):
        text = await read(visitor, address)
        found |= {passage: address for passage in passages if passage in text}
    return found


async def kept_in_tables(passages: set[str]) -> dict[str, str]:
    """Return each passage that stands in some column of some table, with the column."""
    found: dict[str, str] = {}
    for row in await PublicText.raw(_COLUMNS):
        table, column = row["table_name"], row["column_name"]
        for passage in passages:
            within = f'position({{}}::text IN "{column}"::text) > 0'
            asked = f'SELECT 1 FROM "{table}" WHERE {within} LIMIT 1'  # noqa: S608 - names of our own
            if await PublicText.raw(asked, passage):
                found[passage] = f"{table}.{column}"
    return found


async def erase_everything(harbour: Harbour, organisation: UUID) -> set[str]:
    """Have two stewards remove every passage of an organisation's words; return them."""
    gone: set[str] = set()
    for text in await public_texts(organisation):
        chosen = [each for each in text.passages if each.text and not each.gone]
        if not chosen:
            continue
        number = await propose_erasure(
            harbour.world.scheme,
            steward=UUID(int=1, version=4),
            steward_employer_domain="hub.example",
            text=text.id,
            chosen=[each.place for each in chosen],
            ground="personal-data",
        )
        await confirm_erasure(
            harbour.world.scheme,
            steward=UUID(int=2, version=4),
            steward_employer_domain="hub.example",
            number=number,
        )
        gone |= {each.text for each in chosen}
    return {text for text in gone if len(text) >= LONG_ENOUGH and '"' not in text}


@pytest.mark.usefixtures("app")
async def test_erased_words_are_found_nowhere(harbour: Harbour, visitor: Visitor) -> None:
    organisation = await live_the_story(harbour.world)
    await celebrate_own(
        harbour.world.scheme,
        celebration=CelebrationProposal(
            organisation, "The night shift has a say", "Two cleaners join every panel.", pledge=2
        ),
    )
    await harbour.worker_signs(organisation)
    code = await code_of(organisation)
    texts = await public_texts(organisation)
    every = {each.text for text in texts for each in text.passages if len(each.text) >= LONG_ENOUGH}
    before = await seen_by_strangers(visitor, code, every)
    assert len(before) > 20, before

    gone = await erase_everything(harbour, organisation)
    harbour.world.clock.set(harbour.world.clock.at + timedelta(seconds=10))
    await harbour.worker_signs(organisation)

    assert gone >= set(before)
    assert await seen_by_strangers(visitor, code, gone) == {}
    assert await kept_in_tables(gone) == {}
    for passage in gone:
        search = LibrarySearch(q=f'"{passage}"')
        assert (await find_notes(search)).total == 0, passage
        assert (await find_celebrations(search)).total == 0, passage
