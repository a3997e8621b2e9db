"""A community group's own pages: what was asked of it, what it says, and its door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.learning.celebration_queries import (
    CelebrationSeen,
    celebrations_asked_of,
    celebrations_confirmed_by,
    find_celebrations,
)
from charter.learning.queries import LibrarySearch
from charter.organisations.queries import find_organisation
from charter.plans.codesign_queries import (
    GroupSeen,
    SessionSeen,
    asked_of,
    find_group,
    groups_of,
    sessions_with,
)
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.queries import find_draft
from charter.plans.service import (
    answer_request,
    close_door,
    confirm_session_as_group,
    register_group,
    withdraw_agreement_as_group,
)
from charter.plans.sharing_queries import partnerships_of
from charter.plans.tables import Confirmation
from charter.reviews.hearings import hearings_of
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.community.forms import (
    AskAnswerForm,
    ContributionForm,
    DoorForm,
    GroupForm,
    PressForm,
)
from registry.web.forms import shown
from registry.web.public.names import Names
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import submit

REGISTER = "community/register.html"
GROUP = "community/group.html"
DOOR = "community/door.html"
SESSION = "community/contribution.html"
WITHDRAW = "community/withdraw.html"


@dataclass(frozen=True, slots=True)
class SessionAsked:
    """A session an organisation says it held with the group, and what the group said of it.

    `answered` is yes, no, withdrawn, or empty while the group has not answered.
    """

    session: SessionSeen
    organisation_name: str
    organisation_slug: str
    answered: str


@get("/groups")
async def groups_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the groups somebody answers for, and how to register one."""
    found = await groups_of(person_of(request).account)
    return render("community/groups.html", request=request, title="Community groups", groups=found)


@get("/groups/register")
async def register_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for a group's name and borough."""
    boroughs = _boroughs(request)
    return render(REGISTER, request=request, title="Register your group", boroughs=boroughs)


@post("/groups/register")
async def register(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Write down a group; the hub checks it."""

    async def act(scheme: Scheme, form: GroupForm) -> str:
        group = await register_group(
            scheme,
            group=GroupRegistration(form.name, form.borough, form.people),
            account=person_of(request).account,
        )
        return f"/groups/{group}"

    return await submit(
        request,
        GroupForm,
        act,
        template=REGISTER,
        title="Register your group",
        boroughs=_boroughs(request),
    )


@get("/groups/{group:uuid}")
async def group_page(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Show what was asked of a group, by whom, paid or not, and sessions to confirm."""
    seen = await _group(group)
    return render(GROUP, request=request, title=seen.name, **await _listed(seen))


@post("/groups/{group:uuid}/asks/{ask:uuid}")
async def answer_ask(
    request: Request[Any, Any, Any], group: FromPath[UUID], ask: FromPath[UUID]
) -> Response[bytes]:
    """Accept a request, or decline it with no reason."""
    seen = await _group(group)
    if ask not in {asked.id for asked in await asked_of(group)}:
        raise NoSuchPage

    async def act(scheme: Scheme, form: AskAnswerForm) -> str:
        await answer_request(scheme, request=ask, accept=form.answer == "accept")
        return f"/groups/{group}"

    return await submit(
        request, AskAnswerForm, act, template=GROUP, title=seen.name, **await _listed(seen)
    )


@get("/groups/{group:uuid}/sessions/{session:uuid}")
async def session_page(
    request: Request[Any, Any, Any], group: FromPath[UUID], session: FromPath[UUID]
) -> Response[bytes]:
    """Ask whether a session happened, was paid, and is agreed to."""
    seen = await _group(group)
    page = await _session(request, seen, session)
    return render(SESSION, request=request, title="Did this session happen?", **page)


@post("/groups/{group:uuid}/sessions/{session:uuid}")
async def confirm(
    request: Request[Any, Any, Any], group: FromPath[UUID], session: FromPath[UUID]
) -> Response[bytes]:
    """Take the group's word about a session."""
    page = await _session(request, await _group(group), session)

    async def act(scheme: Scheme, form: ContributionForm) -> str:
        await confirm_session_as_group(scheme, group=group, session=session, answer=form.answer())
        return f"/groups/{group}"

    return await submit(
        request, ContributionForm, act, template=SESSION, title="Did this session happen?", **page
    )


@get("/groups/{group:uuid}/sessions/{session:uuid}/withdraw")
async def withdraw_page(
    request: Request[Any, Any, Any], group: FromPath[UUID], session: FromPath[UUID]
) -> Response[bytes]:
    """Ask whether to take the group's agreement back."""
    page = await _session(request, await _group(group), session)
    return render(WITHDRAW, request=request, title="Take back your agreement", **page)


@post("/groups/{group:uuid}/sessions/{session:uuid}/withdraw")
async def withdraw(
    request: Request[Any, Any, Any], group: FromPath[UUID], session: FromPath[UUID]
) -> Response[bytes]:
    """Take back the group's agreement."""
    page = await _session(request, await _group(group), session)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await withdraw_agreement_as_group(scheme, group=group, session=session)
        return f"/groups/{group}"

    return await submit(
        request, PressForm, act, template=WITHDRAW, title="Take back your agreement", **page
    )


@get("/groups/{group:uuid}/door")
async def door_page(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Ask until when the group takes no requests."""
    seen = await _group(group)
    until = seen.closed_until
    typed = (
        {
            "until-day": str(until.day),
            "until-month": str(until.month),
            "until-year": str(until.year),
        }
        if until
        else {}
    )
    return render(DOOR, request=request, title="Your door", bound=shown(typed), group=seen)


@post("/groups/{group:uuid}/door")
async def set_door(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Close the door until a day, or open it."""
    seen = await _group(group)

    async def act(scheme: Scheme, form: DoorForm) -> str:
        await close_door(scheme, group=group, until=form.until)
        return f"/groups/{group}"

    return await submit(request, DoorForm, act, template=DOOR, title="Your door", group=seen)


async def _group(group: UUID) -> GroupSeen:
    seen = await find_group(group)
    if seen is None:
        raise NoSuchPage
    return seen


async def _listed(group: GroupSeen) -> dict[str, Any]:
    return {
        "group": group,
        "asks": await asked_of(group.id),
        "hearings": await hearings_of(group.id),
        "shared": await partnerships_of(group.id),
        "sessions": [await _asked(group.id, held) for held in await sessions_with(group.id)],
        "celebrations": await _celebrations(group),
    }


NEAR = 5
"""Celebrations told in a group's own borough that its page shows."""


async def _celebrations(group: GroupSeen) -> dict[str, Sequence[CelebrationSeen]]:
    """Return what a group is asked about, what it could know of, and what it confirmed."""
    asked = await celebrations_asked_of(group.id)
    near = await find_celebrations(LibrarySearch(borough=group.borough, confirmed="no", limit=NEAR))
    known = {celebration.id for celebration in asked}
    return {
        "asked": asked,
        "near": [celebration for celebration in near.rows if celebration.id not in known],
        "confirmed": await celebrations_confirmed_by(group.id),
    }


async def _asked(group: UUID, session: SessionSeen) -> SessionAsked:
    own = await find_organisation(session.organisation)
    said = (
        await Confirmation.objects()
        .where((Confirmation.session == session.id) & (Confirmation.group == group))
        .first()
    )
    return SessionAsked(
        session,
        own.name if own else "",
        own.slug if own else "",
        _said(said),
    )


def _said(said: Confirmation | None) -> str:
    if said is None:
        return ""
    taken_back: datetime | None = said.withdrawn_at
    if taken_back:
        return "withdrawn"
    return "yes" if said.happened and said.agrees else "no"


async def _session(
    request: Request[Any, Any, Any], group: GroupSeen, session: UUID
) -> dict[str, Any]:
    """Return one session held with the group, with what its pledges promise."""
    for held in await sessions_with(group.id):
        if held.id == session:
            drafts = [
                (line, await find_draft(held.organisation, line.number))
                for line in held.pledges
                if line.state in {"draft", "live"}
            ]
            return {
                "group": group,
                "seen": await _asked(group.id, held),
                "session": held,
                "drafts": drafts,
                "back": f"/groups/{group.id}",
                "types": Names(registry_of(request).scheme.pack).types,
            }
    raise NoSuchPage


def _boroughs(request: Request[Any, Any, Any]) -> list[tuple[str, str]]:
    region = registry_of(request).scheme.pack.region
    return [(each.id, each.name) for each in region.boroughs]


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    groups_page,
    register_page,
    register,
    group_page,
    answer_ask,
    session_page,
    confirm,
    withdraw_page,
    withdraw,
    door_page,
    set_door,
)
