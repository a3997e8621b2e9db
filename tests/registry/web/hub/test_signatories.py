"""A steward brings in existing signatories: first they see what each row becomes."""

from charter.organisations.queries import applications_waiting
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor, hidden_fields

ADDRESS = "/hub/signatories"
HEADER = "name,town,sector,boroughs,size,sponsor_role,sponsor_email"
ROW = "Tideway Arts,Seaham Docks,arts-and-culture,liverpool,small,Chair,chair@tideway.example"


async def test_a_list_is_seen_before_it_is_taken_in_and_changes_nothing_twice(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.appoint(visitor, "steward@hub.example", "steward")
    typed = {"list": f"{HEADER}\n{ROW}\n"}

    seen = await visitor.fill(ADDRESS, typed)
    assert "Row 2 (Tideway Arts) will be added, as tideway-arts." in seen.text
    assert "Bring in 1 organisation" in seen.text
    assert await applications_waiting() == ()
    for _time in range(2):
        done = await visitor.send(ADDRESS, hidden_fields(seen.text) | typed | {"next": "import"})
        assert done.headers["location"] == "/hub/applications"

    assert [each.organisation.name for each in await applications_waiting()] == ["Tideway Arts"]
    again = await visitor.fill(ADDRESS, typed)
    assert "is here already" in again.text
    assert "Bring in" not in again.text.partition("What each row")[2]


async def test_what_is_wrong_with_a_list_is_said_and_the_list_is_kept(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.appoint(visitor, "steward@hub.example", "steward")

    no_list = await visitor.fill(ADDRESS, {"list": "who,knows\n1,2\n"})
    assert no_list.status_code == 422
    assert "must name these columns" in no_list.text
    assert "who,knows" in no_list.text
    wrong = f"{HEADER}\nTideway,,fishing,,huge,,not an address\n"
    rows = await visitor.fill(ADDRESS, {"list": wrong})
    assert "Row 2, town: Enter the town it is in." in rows.text
    forced = await visitor.fill(ADDRESS, {"list": wrong, "next": "import"})
    assert forced.status_code == 422
    assert await applications_waiting() == ()
    many = "\n".join([HEADER, *[ROW] * 201])
    assert (await visitor.fill(ADDRESS, {"list": many})).status_code == 422
