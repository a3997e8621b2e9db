"""What organisations of the play promise fits what they do."""

import pytest

from registry.demo.cast import the_cast
from registry.demo.writing import find_worked
from tests.world import the_pack

PACK = the_pack()


@pytest.mark.parametrize("sector", sorted({each.sector for each in the_cast().organisation}))
def test_each_sector_pledges_something_of_its_own_for_every_type(sector: str) -> None:
    found = {find_worked(PACK, sector, type_id).title for type_id in PACK.type_ids}
    assert found == set(the_cast().titles_of(sector))


def test_nobody_but_a_landlord_gives_tenants_votes() -> None:
    votes = "Tenants hold half the votes"
    assert [each.sector for each in the_cast().promises if votes in each.titles] == ["housing"]
