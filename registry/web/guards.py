"""Who may ask for what: one guard on the whole application, reading one table.

`authorisation.toml` has a row per route handler. A handler without a row, or a row without a
handler, stops the start. The guard runs before any of the body is read, in this order: is
somebody signed in, has the person the role for this object, did the form come from us. Somebody
signed in who is turned away is written down.
"""

import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from charter.errors import NotAllowed
from charter.organisations.tables import Organisation
from charter.plans.tables import GroupMember
from charter.reviews.pay_queries import entry_is_of
from charter.reviews.queries import seat_is_of
from registry.accounts import parked, sessions
from registry.accounts.roles import HUB_ROLES
from registry.accounts.security import DENIED, note
from registry.accounts.sessions import SignedIn
from registry.bootstrap import Registry
from registry.web.cookies import BROWSER, SESSION, read_cookie
from registry.web.csrf import SAFE_METHODS, Binding, require_own_form
from registry.web.parking import park_without_session, typed_before
from registry.web.refusals import ForeignForm, NoSuchPage, SignInNeeded

ANYONE = "anyone"
SIGNED_IN = "signed-in"

ROLES = frozenset(
    {ANYONE, SIGNED_IN, "auditor", "lead", "member", "delegate", "sponsor", "group", *HUB_ROLES}
)
"""Roles a row may name. Lead, member, delegate and sponsor are roles in an organisation."""

LARGEST_NUMBER = 2**31 - 1
"""The largest number that anything here is counted by."""

DENIALS = frozenset({"404", "403", "sign-in"})


class IncompleteMatrix(RuntimeError):
    """The table and the routes do not agree; the application does not start."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: who may use one handler, on which objects, and how a refusal looks.

    `denial` is what a signed-in person without the right is told: 404 where even existence is
    no business of theirs, else 403. `body` is the most bytes a form may send here.
    """

    handler: str
    roles: frozenset[str]
    scope: str = "any"
    denial: str = "404"
    csrf: Binding = Binding.SESSION
    body: int = 1024 * 1024

    @property
    def public(self) -> bool:
        """Say whether nobody need be signed in; such a page never looks at the session."""
        return ANYONE in self.roles


Scope = Callable[[Registry, SignedIn, Mapping[str, Any]], Awaitable[frozenset[str]]]
"""Finds the roles a person holds towards the object an address names."""

Matrix = Mapping[str, Row]


async def _any_object(
    _registry: Registry, person: SignedIn, _parameters: Mapping[str, Any]
) -> frozenset[str]:
    return person.roles | {SIGNED_IN}


async def _own_organisation(
    _registry: Registry, person: SignedIn, parameters: Mapping[str, Any]
) -> frozenset[str]:
    """Find the roles in the organisation of the `slug`; where none is named, in any at all."""
    slug = parameters.get("slug")
    if slug is None:
        return frozenset().union(*person.memberships.values())
    rows = await Organisation.select(Organisation.id).where(Organisation.slug == str(slug))
    return person.memberships.get(rows[0]["id"], frozenset()) if rows else frozenset()


async def _group(
    _registry: Registry, person: SignedIn, parameters: Mapping[str, Any]
) -> frozenset[str]:
    """Find whether the person answers for the community group that the address names."""
    answers = await GroupMember.exists().where(
        (GroupMember.group == parameters.get("group")) & (GroupMember.account == person.account)
    )
    return frozenset({"group"}) if answers else frozenset()


async def _own_seat(
    registry: Registry, person: SignedIn, parameters: Mapping[str, Any]
) -> frozenset[str]:
    """Find whether the seat that the address names is the person's own, as an auditor."""
    theirs = "auditor" in person.roles and await seat_is_of(
        registry.scheme, parameters["seat"], person.account
    )
    return frozenset({"auditor"}) if theirs else frozenset()


async def _own_pay(
    registry: Registry, person: SignedIn, parameters: Mapping[str, Any]
) -> frozenset[str]:
    """Find whether a line of the pay ledger is owed to the person, whatever role they have now."""
    owed = await entry_is_of(registry.scheme, parameters["entry"], person.account)
    return frozenset({"auditor"}) if owed else frozenset()


SCOPES: dict[str, Scope] = {
    "any": _any_object,
    "own-organisation": _own_organisation,
    "group": _group,
    "own-seat": _own_seat,
    "own-pay": _own_pay,
}
"""How the roles towards an object are found, by the `scope` of a row. Features add theirs."""


def read_matrix(text: str) -> Matrix:
    """Return the rows of `authorisation.toml`. Raises IncompleteMatrix for a word unknown."""
    rows = {}
    for handler, cells in tomllib.loads(text).items():
        row = Row(
            handler=handler,
            roles=frozenset(cells.pop("roles")),
            scope=cells.pop("scope", "any"),
            denial=cells.pop("denial", "404"),
            csrf=Binding(cells.pop("csrf", "session")),
            body=cells.pop("body", 1024 * 1024),
        )
        if cells or not row.roles <= ROLES or row.denial not in DENIALS or row.scope not in SCOPES:
            raise IncompleteMatrix(f"the row {handler} says something unknown")
        rows[handler] = row
    return rows


def own_matrix() -> Matrix:
    """Return the registry's own rows."""
    return read_matrix(files("registry.web").joinpath("authorisation.toml").read_text())


def row_name(handler: BaseRouteHandler) -> str:
    """Return the name of the row of `handler`: its place below `registry.web`."""
    return str(handler).removeprefix("registry.web.")


def http_handlers(app: Litestar) -> Iterable[HTTPRouteHandler]:
    """Return every handler of a page, without the OPTIONS answers made for us."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and handler.http_methods != {"OPTIONS"}:
                yield handler


def require_complete(app: Litestar, matrix: Matrix) -> None:
    """Raise IncompleteMatrix unless rows and handlers are the same set."""
    handlers = {row_name(handler) for handler in http_handlers(app)}
    if without_row := sorted(handlers - matrix.keys()):
        raise IncompleteMatrix(f"no row in authorisation.toml for {', '.join(without_row)}")
    if without_handler := sorted(matrix.keys() - handlers):
        raise IncompleteMatrix(f"rows without a handler: {', '.join(without_handler)}")


@dataclass(frozen=True, slots=True)
class MatrixGuard:
    """The one guard."""

    registry: Registry
    matrix: Matrix = field(repr=False)

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Let the request pass. Raises SignInNeeded, NoSuchPage, NotAllowed or ForeignForm."""
        if not isinstance(connection, Request):
            raise NoSuchPage
        if connection.method == "OPTIONS":
            return
        require_countable(connection.path_params)
        row = self.matrix[row_name(handler)]
        connection.scope["state"]["row"] = row
        if not row.public:
            await self._require_role(connection, row)
        if connection.method not in SAFE_METHODS and row.csrf is not Binding.UNCHECKED:
            await self._require_own_form(connection, row)

    async def _require_role(self, request: Request[Any, Any, Any], row: Row) -> None:
        cookie = read_cookie(request, SESSION, secure=self.registry.secure)
        person = await sessions.find(self.registry.desk, cookie) if cookie else None
        if person is None:
            raise await self._sign_in_needed(request, row)
        request.scope["state"]["person"] = person
        held = await SCOPES[row.scope](self.registry, person, request.path_params)
        if not held & row.roles:
            await note(self.registry.desk, DENIED, account=person.account, detail=row.handler)
            raise (
                NotAllowed("Your account does not have this role.")
                if row.denial == "403"
                else (NoSuchPage())
            )
        if person.has_parked:
            await self._pick_up(request, person)

    async def _sign_in_needed(self, request: Request[Any, Any, Any], row: Row) -> SignInNeeded:
        """Return the refusal, once what was typed in a form is kept for its writer."""
        if request.method in SAFE_METHODS:
            return SignInNeeded(path=request.url.path)
        if row.csrf is not Binding.SESSION:
            return SignInNeeded(path="")
        page = await park_without_session(self.registry, request)
        return SignInNeeded(path=page or "", kept=page is not None)

    async def _pick_up(self, request: Request[Any, Any, Any], person: SignedIn) -> None:
        """Bring back what was typed on this page before, or let go of it: it has come again."""
        if request.method in SAFE_METHODS:
            request.scope["state"]["parked"] = await typed_before(self.registry, request, person)
        else:
            await parked.let_go(account=person.account, sent_to=request.url.path)

    async def _require_own_form(self, request: Request[Any, Any, Any], row: Row) -> None:
        bound_to = token_subject(request, row.csrf, secure=self.registry.secure)
        if bound_to is None:
            raise ForeignForm
        await require_own_form(
            request,
            desk=self.registry.desk,
            public_url=self.registry.settings.public_url,
            bound_to=bound_to,
            most=row.body,
        )


def require_countable(parameters: Mapping[str, Any]) -> None:
    """Raise NoSuchPage where an address names a number that no column can hold."""
    numbers = [value for value in parameters.values() if isinstance(value, int)]
    if any(not 0 <= number <= LARGEST_NUMBER for number in numbers):
        raise NoSuchPage


def token_subject(request: Request[Any, Any, Any], binding: Binding, *, secure: bool) -> str | None:
    """Return what the token of this page's forms is bound to, or None where it is missing."""
    if binding is Binding.SESSION:
        person: SignedIn | None = request.scope["state"].get("person")
        return sessions.form_subject(person.cookie) if person else None
    if binding is Binding.BROWSER:
        browser = request.scope["state"].get("browser") or read_cookie(
            request, BROWSER, secure=secure
        )
        return f"browser:{browser}" if browser else None
    return "nothing"
