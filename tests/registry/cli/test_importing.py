"""A list of existing signatories: looked at, taken in, taken in again, and exported once more."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from charter.organisations.importing import preview_import
from charter.organisations.queries import applications_waiting, find_organisation, members_of
from charter.organisations.service import rename_organisation
from charter.signing.service import sign_charter
from registry.accounts.post import newest_letters
from registry.bootstrap import Registry, bootstrap
from registry.cli import main
from registry.database import open_database
from registry.embedded import Services
from registry.settings import load_settings
from registry.web.member.arriving import take_in
from registry.web.public.bulk import FILES, write_csv
from registry.web.public.listing import Site
from registry.web.public.signatory_file import READ, read_signatories
from tests.charter import acting
from tests.charter.acting import SPONSOR, accept, apply
from tests.conftest import as_application, new_database
from tests.world import World

HEADER = "name,town,sector,boroughs,size,sponsor_role,identifiers,website,sponsor_email,colour"
TIDEWAY = "Tideway Arts,Seaham Docks,arts-and-culture,liverpool;sefton,small,Chair,"
GOOD = f"{HEADER}\n{TIDEWAY}GB-COH-76543210,https://www.tideway.example,chair@tideway.example,red\n"

Run = Callable[..., Result]


@pytest.fixture
def environment(database_url: str, services: Services, tmp_path: Path) -> dict[str, str]:
    """Name a database and a folder of the test's own."""
    return {
        "REGISTRY_ENVIRONMENT": "development",
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_REDIS_URL": services.redis_url,
        "REGISTRY_DATA_DIR": str(tmp_path),
    }


@pytest.fixture
def imports(environment: dict[str, str], tmp_path: Path) -> Run:
    """Give a way to import a list that is given as text."""

    def run(text: str, *words: str) -> Result:
        file = tmp_path / "list.csv"
        file.write_text(text)
        return CliRunner().invoke(
            main, ["import", "organisations", str(file), *words], env=environment
        )

    return run


def test_a_preview_says_what_would_become_of_each_row_and_writes_nothing(imports: Run) -> None:
    for _ in range(2):
        told = imports(GOOD, "--preview")

        assert told.exit_code == 0, told.output
        assert "Row 2 (Tideway Arts) will be added, as tideway-arts." in told.output
        assert "1 would be added, 0 are here already, 0 are wrong." in told.output
        assert "Columns left aside: colour." in told.output


def test_an_import_run_twice_changes_nothing(imports: Run) -> None:
    first = imports(GOOD, "--json")
    again = imports(GOOD, "--json")

    assert json.loads(first.output)["counts"] == {"new": 1}
    assert json.loads(again.output)["counts"] == {"here-already": 1}
    assert json.loads(again.output)["summary"].startswith("0 were added.")


def test_every_wrong_row_is_named_with_its_column_and_nothing_is_written(imports: Run) -> None:
    wrong = f"{GOOD}{TIDEWAY}GB-COH-12,,not an address,\n,,fishing,,huge,,FR-XYZ-1,ftp://x,,,\n"

    told = imports(wrong)

    assert told.exit_code == 1
    assert "Row 3, identifiers: Companies House number: enter it like 01234567." in told.output
    assert "Row 3, sponsor_email: Enter an email address" in told.output
    assert "Row 4, name: Enter the organisation's name." in told.output
    assert "Row 4, size: Choose a size from the list." in told.output
    assert "Row 4, the row: The row has more cells" in told.output
    assert "Nothing was imported." in told.output
    assert json.loads(imports(GOOD, "--json").output)["counts"] == {"new": 1}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "must name these columns, too: name, town"),
        ("name,town\nx,y\n", "too: sector, boroughs, size, sponsor_role."),
        (f"{HEADER},name\n", "names a column twice: name."),
        (f'{HEADER}\n"a"b,c\n', "Line 2 cannot be read as CSV."),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(
    imports: Run, text: str, sentence: str
) -> None:
    told = imports(text)

    assert told.exit_code == 1
    assert sentence in told.output


async def test_the_import_of_an_export_is_the_identity(
    services: Services, migrated_template: str
) -> None:
    async with register(services, migrated_template) as world:
        for changes in (
            {},
            {"name": '=Sum, of "Parts"', "identifiers": (), "website": None},
            {
                "name": "Ynys Môr Choir",
                "band": "tiny",
                "boroughs": ("sefton", "liverpool"),
                "identifiers": (("GB-CHC", "1234567"), ("GB-COH", "07654321")),
            },
            {"name": "Quay Co-op", "identifiers": (("LCR-GRP", "QUAY-VOICES"),)},
        ):
            last = await apply(world, **changes)
            await join(world, last)
        await rename_organisation(world.scheme, organisation=last, name="Quay Together")
        first = await exported(world)

    async with register(services, migrated_template) as world:
        file = read_signatories(first, world.scheme.pack)
        judged = await preview_import(world.scheme, file.listed)
        assert await take_in(registry_of(world, services), file, judged) == 4

        # Being on a list proves nothing and signs nothing (rule 1).
        assert len((await exported(world)).splitlines()) == 1
        waiting = [each.organisation for each in await applications_waiting()]
        assert len(waiting) == 4
        assert not any(each.proven_by for each in waiting)
        for each in waiting:
            await join(world, each.id)
        assert as_far_as_read(await exported(world)) == as_far_as_read(first)


async def test_the_sponsor_on_a_list_is_written_to_and_has_signed_nothing(
    services: Services, migrated_template: str
) -> None:
    async with register(services, migrated_template) as world:
        registry = registry_of(world, services)
        file = read_signatories(GOOD.encode(), world.scheme.pack)
        await take_in(registry, file, await preview_import(world.scheme, file.listed))

        (application,) = await applications_waiting()
        assert application.organisation.domain == "tideway.example"
        assert application.organisation.public_since is None
        (member,) = await members_of(application.organisation.id)
        assert member.role == "sponsor"
        (posted,) = await newest_letters(registry.desk)
        assert posted.letter.to == "chair@tideway.example"


@asynccontextmanager
async def register(services: Services, template: str) -> AsyncIterator[World]:
    """Open an empty register of its own."""
    async with (
        new_database(services.owner_url, template=template) as url,
        open_database(as_application(url)),
    ):
        yield World()


def registry_of(world: World, services: Services) -> Registry:
    """Return what a command holds, in a world's own scheme."""
    settings = load_settings(
        environment="development",
        redis_url=services.redis_url,
        secret="a secret of the tests, long enough to derive keys from",
    )
    built = bootstrap(settings, clock=world.clock)
    return Registry(settings, world.scheme, built.desk)


async def exported(world: World) -> bytes:
    """Return `organisations.csv`."""
    site = Site("https://register.example", world.scheme)
    return b"".join([piece async for piece in write_csv(FILES["organisations"], site)])


def as_far_as_read(content: bytes) -> bytes:
    """Return a file with only the columns that a list of signatories has."""
    lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    places = [place for place, name in enumerate(lines[0]) if name in READ]
    out = io.StringIO()
    csv.writer(out).writerows([line[place] for place in places] for line in lines)
    return out.getvalue().encode()


async def join(world: World, organisation: UUID) -> None:
    """Bring an applicant into the register: a sponsor is named, a steward accepts, one signs."""
    own = await find_organisation(organisation)
    assert own is not None
    if not await members_of(organisation):
        await acting.join(world, organisation, SPONSOR, "sponsor", sponsor_role=own.sponsor_role)
    await accept(world, organisation)
    await sign_charter(world.scheme, organisation=organisation, account=SPONSOR)
