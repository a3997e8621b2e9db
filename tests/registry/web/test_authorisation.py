"""The table of who may ask for what stops a start where it and the routes do not agree."""

import pytest
from litestar import get

from registry.app import create_app
from registry.bootstrap import Registry
from registry.web.guards import IncompleteMatrix, read_matrix


@get("/unlisted")
async def unlisted() -> str:
    return "nobody said who may see this"


def test_a_route_without_a_row_stops_the_start(registry: Registry) -> None:
    with pytest.raises(IncompleteMatrix, match=r"no row in authorisation\.toml for .*unlisted"):
        create_app(registry, handlers=[unlisted], matrix={})


def test_a_row_without_a_route_stops_the_start(registry: Registry) -> None:
    matrix = read_matrix('["gone.page"]\nroles = ["anyone"]')
    with pytest.raises(IncompleteMatrix, match=r"rows without a handler: gone\.page"):
        create_app(registry, handlers=[], matrix=matrix)


@pytest.mark.parametrize(
    "row",
    ['roles = ["king"]', 'roles = ["anyone"]\nscope = "moon"', 'roles = []\ncolour = "red"'],
)
def test_a_word_unknown_to_the_table_stops_the_start(row: str) -> None:
    with pytest.raises(IncompleteMatrix, match=r"the row a\.b says something unknown"):
        read_matrix(f'["a.b"]\n{row}')
