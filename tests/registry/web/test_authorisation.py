"""Every live route, asked by everyone: the table and the application say the same."""

from uuid import uuid4

import pytest
from litestar import Litestar, get

from registry.accounts import sessions
from registry.accounts.roles import HUB_ROLES
from registry.accounts.service import account_for
from registry.accounts.tables import RoleGrant
from registry.app import create_app
from registry.bootstrap import Registry
from registry.web.guards import (
    IncompleteMatrix,
    http_handlers,
    own_matrix,
    read_matrix,
    row_name,
)
from tests.registry.web.paths import example_path
from tests.registry.web.visitor import Visitor

ALLOWED_ANSWERS = {200, 303, 304, 403, 404, 409, 422}
"""What someone with the right may meet: the page, the next page, or a refusal of the form."""


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


async def signed_in(registry: Registry, visitor: Visitor, roles: frozenset[str]) -> None:
    account = await account_for(registry.desk, email=f"{uuid4().hex}@people.example")
    for role in roles:
        await RoleGrant.insert(
            RoleGrant(id=uuid4(), account=account, role=role, granted_at=registry.clock.now())
        )
    cookie = await sessions.start(registry.desk, account=account, how="test", replaces=None)
    visitor.client.cookies.set("session", cookie, domain="127.0.0.1")


HOLDERS: dict[str, frozenset[str]] = {
    "anonymous": frozenset(),
    "signed-in": frozenset(),
    "auditor": frozenset({"auditor"}),
    **{role: frozenset({role}) for role in sorted(HUB_ROLES)},
}


@pytest.mark.parametrize("holder", HOLDERS)
async def test_every_route_answers_each_role_as_its_row_says(
    holder: str, app: Litestar, registry: Registry, visitor: Visitor
) -> None:
    matrix = own_matrix()
    for handler in http_handlers(app):
        row = matrix[row_name(handler)]
        held = HOLDERS[holder] | ({"signed-in"} if holder != "anonymous" else set())
        for method in sorted(str(method) for method in handler.http_methods):
            visitor.client.cookies.clear()
            if holder != "anonymous":
                await signed_in(registry, visitor, HOLDERS[holder])
            path = example_path(next(iter(sorted(handler.paths))))
            answer = await visitor.client.request(
                method,
                path,
                headers={"accept": "application/json"},
                data={"nothing": "typed"} if method in {"POST", "PUT", "PATCH"} else None,
            )
            seen = f"{method} {path} as {holder}: {answer.status_code}"
            assert answer.status_code < 500, seen
            if row.public:
                assert answer.status_code != 401, seen
            elif holder == "anonymous":
                assert answer.status_code == 401, seen
            elif held & row.roles:
                assert answer.status_code in ALLOWED_ANSWERS, seen
            else:
                assert answer.status_code == (403 if row.denial == "403" else 404), seen
