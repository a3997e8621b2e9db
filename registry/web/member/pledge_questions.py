"""Ask first, then do: what throws away, publishes or withdraws a pledge has a page that asks."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from litestar import Request, Response

from charter.errors import NotFound
from charter.plans.queries import PledgeLine, find_line
from charter.scheme import Scheme
from registry.web.forms import Form
from registry.web.member.room import Room, enter, show, take
from registry.web.refusals import NoSuchPage

F = TypeVar("F", bound=Form)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a question is put to, and about which pledge."""

    request: Request[Any, Any, Any]
    room: Room
    line: PledgeLine


async def nothing_more(_asked: Asked) -> Mapping[str, Any]:
    """Show nothing beside the pledge's title."""
    return {}


@dataclass(frozen=True, slots=True)
class Question(Generic[F]):
    """What is asked before something is done to a pledge.

    `states` are those in which a pledge can be asked about, `done` those in which the second copy
    of a form finds it: it does nothing, and goes where the first one went. `do` returns the
    address to go to; `shows` what the page needs beside the pledge's line.
    """

    template: str
    title: str
    form: type[F]
    states: tuple[str, ...]
    done: tuple[str, ...]
    do: Callable[[Scheme, F, Asked], Awaitable[str]]
    shows: Callable[[Asked], Awaitable[Mapping[str, Any]]] = nothing_more

    async def ask(self, request: Request[Any, Any, Any], slug: str, number: int) -> Response[bytes]:
        """Show the question. Raises NoSuchPage where it cannot be asked."""
        room = await enter(request, slug)
        asked = Asked(request, room, await line_of(room, number, *self.states))
        return show(request, room, self.template, title=self.title, **await self._context(asked))

    async def answer(
        self, request: Request[Any, Any, Any], slug: str, number: int
    ) -> Response[bytes]:
        """Do what was asked about, once."""
        room = await enter(request, slug)
        asked = Asked(request, room, await line_of(room, number, *self.states, *self.done))

        async def act(scheme: Scheme, form: F) -> str:
            return await self.do(scheme, form, asked)

        page = await self._context(asked)
        return await take(
            request, room, self.form, act, template=self.template, title=self.title, **page
        )

    async def _context(self, asked: Asked) -> dict[str, Any]:
        return {"line": asked.line, **await self.shows(asked)}


async def line_of(room: Room, number: int, *states: str) -> PledgeLine:
    """Return one pledge in one of `states`. Raises NoSuchPage."""
    try:
        line = await find_line(room.own.id, number)
    except NotFound:
        raise NoSuchPage from None
    if line.state not in states:
        raise NoSuchPage
    return line
