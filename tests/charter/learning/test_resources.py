"""Resources with licence and owner: proposed by anybody, shown once a steward has read them."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.errors import InvalidInput, NotFound
from charter.history.tables import Event, PublicText
from charter.learning.queries import LibrarySearch
from charter.learning.resource_queries import (
    find_resource,
    find_resources,
    resources_proposed_by,
    resources_waiting,
)
from charter.learning.rules import (
    LICENCES,
    RETIRED_FOR,
    NotInLibrary,
    ProposalDecided,
    ResourceProposal,
    is_link,
)
from charter.learning.service import (
    propose_resource,
    refuse_resource,
    release_resource,
    retire_own_resource,
    retire_resource,
)
from charter.obligations.tables import Obligation
from tests.world import World

READER = UUID(int=0xD1, version=4)

GUIDE = ResourceProposal(
    kind="language-list",
    title="Words we use and words we leave",
    owner="Seaham Docks Library",
    link="https://library.example/words",
    licence="cc-by-4.0",
    summary="For people who write letters and posters.",
    types=("interpersonal",),
    forms=("anti-black",),
    borough="sefton",
)

database = pytest.mark.usefixtures("database")


@database
async def test_rule_28_a_resource_is_shown_once_a_steward_has_released_it() -> None:
    world = World()
    number = await propose_resource(world.scheme, resource=GUIDE, account=READER)
    assert (await find_resources(LibrarySearch())).total == 0
    assert await PublicText.count() == 0
    assert [row.title for row in await resources_waiting()] == [GUIDE.title]

    await release_resource(world.scheme, resource=number)

    [shown] = (await find_resources(LibrarySearch())).rows
    assert (shown.licence, shown.owner, shown.link) == (GUIDE.licence, GUIDE.owner, GUIDE.link)
    assert await resources_waiting() == ()
    kinds = [row.kind for row in await Event.objects().order_by(Event.id)]
    assert kinds == ["obligation-opened", "resource-released", "obligation-met"]


@database
async def test_rule_28_the_hub_owes_a_decision_on_what_was_proposed() -> None:
    world = World()
    number = await propose_resource(world.scheme, resource=GUIDE, account=READER)

    owed = await Obligation.objects().where(Obligation.kind == "library-proposal").first()
    assert owed is not None
    days = world.scheme.pack.numbers.publication.hold_text_days
    assert (owed.due_on - world.scheme.today()).days == days
    await refuse_resource(world.scheme, resource=number, reason="The page asks for a name.")
    assert await Obligation.exists().where(Obligation.state == "met")
    [own] = await resources_proposed_by(READER)
    assert (own.state, own.refusal) == ("refused", "The page asks for a name.")
    assert own.resource.title == GUIDE.title


@database
async def test_rule_28_a_proposal_is_decided_once() -> None:
    world = World()
    number = await propose_resource(world.scheme, resource=GUIDE, account=READER)
    await release_resource(world.scheme, resource=number)

    with pytest.raises(ProposalDecided):
        await release_resource(world.scheme, resource=number)
    with pytest.raises(ProposalDecided):
        await refuse_resource(world.scheme, resource=number, reason="Too late.")


@database
async def test_everything_wrong_with_a_resource_is_named_at_once() -> None:
    world = World()
    wrong = ResourceProposal(
        kind="poem", title=" ", owner="", link="javascript:alert(1)", licence="mine", summary="",
        types=("bogus",), forms=("bogus",), action="bogus", sector="bogus", borough="bogus",
    )  # fmt: skip

    with pytest.raises(InvalidInput) as refused:
        await propose_resource(world.scheme, resource=wrong, account=READER)

    assert {error.field for error in refused.value.errors} == {
        *("kind", "title", "owner", "link", "licence", "summary"),
        *("types", "forms", "action", "sector", "borough"),
    }


@database
async def test_a_resource_for_everybody_fits_every_filter() -> None:
    world = World()
    for resource in (GUIDE, replace(GUIDE, types=(), forms=(), borough="", title="For all")):
        number = await propose_resource(world.scheme, resource=resource, account=READER)
        await release_resource(world.scheme, resource=number)

    async def titles(search: LibrarySearch) -> list[str]:
        return [row.title for row in (await find_resources(search)).rows]

    assert await titles(LibrarySearch(type="systemic", borough="wirral")) == ["For all"]
    assert await titles(LibrarySearch(form="anti-black")) == ["For all", GUIDE.title]
    assert await titles(LibrarySearch(q="posters")) == ["For all", GUIDE.title]
    assert await titles(LibrarySearch(kind="guide")) == []
    assert await titles(LibrarySearch(limit=1)) == ["For all"]
    assert (await find_resources(LibrarySearch(limit=1))).following is not None


@pytest.mark.parametrize(
    "link", ["https://a.example/b?c=d#e", "http://sub.a.example:8080", " https://a.example "]
)
def test_an_address_of_a_page_is_a_link(link: str) -> None:
    assert is_link(link)


@pytest.mark.parametrize(
    "link",
    [
        *("", "a.example", "//a.example", "ftp://a.example", "javascript:alert(1)"),
        *("https://localhost", "https://user:word@a.example", "https://a..example", "https://"),
        *("https://a.example/b c", "https://[::1", "https://a.example:99999", "https://a.\nb"),
        "https://a.example/" + "b" * 600,
    ],
)
def test_what_is_no_address_of_a_page_is_no_link(link: str) -> None:
    assert not is_link(link)


@given(st.text())
def test_any_text_is_a_link_or_is_not(text: str) -> None:
    assert is_link(text) in {True, False}


def test_every_licence_has_a_name() -> None:
    assert all(licence.name for licence in LICENCES.values())


async def released(world: World) -> int:
    number = await propose_resource(world.scheme, resource=GUIDE, account=READER)
    await release_resource(world.scheme, resource=number)
    return number


@database
async def test_rule_28_a_resource_leaves_every_list_and_stays_in_the_history() -> None:
    world = World()
    number = await released(world)
    world.pass_days(3)

    await retire_own_resource(world.scheme, resource=number, account=READER, why="replaced")

    assert (await find_resources(LibrarySearch())).total == 0
    kept = await find_resource(number)
    assert kept is not None
    assert (kept.state, kept.retired_for, kept.retired_at) == (
        *("retired", "replaced"),
        world.scheme.now(),
    )
    assert kept.resource.title == GUIDE.title
    newest = await Event.objects().order_by(Event.id, ascending=False).first()
    assert newest is not None
    assert (newest.kind, newest.by) == ("resource-retired", "public")
    [own] = await resources_proposed_by(READER)
    assert own.state == "retired"


@database
async def test_rule_28_the_hub_takes_out_anything_and_a_stranger_only_their_own() -> None:
    world = World()
    number = await released(world)

    with pytest.raises(NotFound):
        await retire_own_resource(
            world.scheme, resource=number, account=UUID(int=0xD2, version=4), why="replaced"
        )
    with pytest.raises(InvalidInput):
        await retire_resource(world.scheme, resource=number, why="because")
    await retire_resource(world.scheme, resource=number, why=RETIRED_FOR[-1])
    with pytest.raises(NotInLibrary):
        await retire_resource(world.scheme, resource=number, why=RETIRED_FOR[0])


@database
async def test_what_was_never_in_the_library_cannot_be_taken_out_of_it() -> None:
    world = World()
    number = await propose_resource(world.scheme, resource=GUIDE, account=READER)

    assert await find_resource(number) is None
    with pytest.raises(NotInLibrary):
        await retire_resource(world.scheme, resource=number, why="replaced")
