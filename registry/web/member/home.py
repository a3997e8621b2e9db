"""The one screen: what is due, from whom, by when, and what to do next."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.evidence.sitting import call_waiting
from charter.obligations.tables import Obligation
from charter.organisations.proof_queries import domain_shown
from charter.organisations.queries import invitations_to, memberships_of
from charter.organisations.rules import PROOFS_AT_A_DOMAIN
from charter.plans.codesign_queries import groups_of
from charter.plans.coming import what_comes
from charter.plans.queries import task_list
from charter.plans.service import forms_begun
from registry.web.asked import person_of, registry_of
from registry.web.layout import rooms_by_role
from registry.web.member.due import DueLine, due_from
from registry.web.member.room import Room, enter, show
from registry.web.rendering import render
from registry.web.submitting import go

SOON_DAYS = 60
"""What is due within these days is shown at length; what comes later, in one line."""


@dataclass(frozen=True, slots=True)
class NextAct:
    """The one thing to do next. `address` is empty where there is only to wait."""

    title: str
    why: str
    button: str = ""
    address: str = ""


@get("/my")
async def choose(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Lead to the one place that is somebody's own, or let them choose among several."""
    person = person_of(request)
    found = await memberships_of(person.account)
    groups = await groups_of(person.account)
    rooms = rooms_by_role(person)
    own = {each.slug: each for each in found}
    asked = await invitations_to(person.account, registry_of(request).scheme.today())
    places = (
        *(f"/my/{slug}" for slug in own),
        *(f"/groups/{group.id}" for group in groups),
        *(f"/invitations/{each.id}" for each in asked),
        *(address for _name, address in rooms),
    )
    if len(places) == 1:
        return go(places[0])
    return render(
        "member/choose.html",
        request=request,
        title="Where would you like to go?",
        own=[
            (each, [part.role for part in found if part.slug == each.slug]) for each in own.values()
        ],
        groups=groups,
        rooms=rooms,
        asked=asked,
    )


@get("/my/{slug:str}")
async def home(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show what is due, the next act first."""
    room = await enter(request, slug)
    due = await due_from(room)
    return show(
        request,
        room,
        "home.html",
        title=room.own.name,
        due=due,
        soon=SOON_DAYS,
        coming=await what_comes(room.own.id, pack=room.pack, today=room.today),
        type_names={each.id: each.name for each in room.pack.catalogue.types},
        act=await next_act(room, due),
        sits=room.pack.band(room.own.band).one_sitting,
        called=await call_waiting(room.own.id),
        begun=[
            (*place_of(room, begun.form), begun.saved_at)
            for begun in await forms_begun(room.own.id)
        ],
    )


FORMS_BEGUN = {
    "pledge": ("A new pledge", "/pledges/new/{0}"),
    "draft": ("Pledge {0}", "/pledges/{0}/edit"),
    "amend": ("A change to pledge {0}", "/pledges/{0}/amend"),
    "report": ("The report on pledge {0}, milestone {1}", "/pledges/{0}/milestones/{1}"),
    "reply": ("The reply to review {0}", "/reviews/{0}"),
    "sitting": ("The report in one sitting", "/sitting"),
    "reflection": ("The yearly reflection", "/reflection"),
}
"""What forms are called while they wait to be finished, and where they are."""


def place_of(room: Room, form: str) -> tuple[str, str]:
    """Return the name and the address of a form that waits to be finished."""
    kind, _, rest = form.partition(":")
    parts = rest.split("/")
    title, address = FORMS_BEGUN[kind]
    return title.format(*parts), room.address + address.format(*parts)


async def next_act(room: Room, due: list[DueLine]) -> NextAct:
    """Return the first thing to do: from applying, over signing and planning, to what is due."""
    return (
        await _before_acceptance(room)
        or _before_signing(room)
        or await _before_plan(room)
        or _what_is_due(due)
        or NextAct("Nothing is due", "We will write to you before the next date.")
    )


async def _before_acceptance(room: Room) -> NextAct | None:
    if room.own.state == "refused":
        return NextAct(
            "The hub could not accept who you are",
            room.own.refusal,
            "Appeal",
            f"{room.address}/appeal",
        )
    if room.own.state == "accepted" or (room.sponsor and not room.signed):
        return None
    if room.own.proof in PROOFS_AT_A_DOMAIN and not await _has_shown(room):
        return NextAct(
            "Show that your web domain is yours",
            "Then the hub can say who you are.",
            "Show who you are",
            f"{room.address}/proof",
        )
    if not room.signed:
        return None
    return NextAct("The hub checks who you are", await _hub_answers_by(room))


async def _has_shown(room: Room) -> bool:
    shown = await domain_shown(room.own.id, room.own.proof)
    return shown is not None and shown.shown_at is not None


async def _hub_answers_by(room: Room) -> str:
    rows = (
        await Obligation.select(Obligation.due_on)
        .where((Obligation.subject == room.own.id) & (Obligation.state == "open"))
        .order_by(Obligation.due_on)
    )
    if not rows:
        return "You need do nothing now."
    day = rows[0]["due_on"]
    return (
        f"You need do nothing now. The hub decides by {day.day} {day:%B %Y}, or is late in public."
    )


def _before_signing(room: Room) -> NextAct | None:
    if room.signed:
        return None
    if room.sponsor:
        return NextAct(
            "Read the charter and sign it",
            "Your signature is the second proof, beside the hub's check of who you are.",
            "Read the charter",
            f"{room.address}/charter",
        )
    return NextAct(
        "Your sponsor signs the charter",
        "We have emailed your senior sponsor. Only they can sign.",
        "Read the charter",
        f"{room.address}/charter",
    )


async def _before_plan(room: Room) -> NextAct | None:
    if room.published or room.standing is None:
        return None
    rows = await task_list(room.own.id, pack=room.pack, today=room.today)
    missing = sum(1 for row in rows if row.needs)
    title = "Publish your plan" if not missing else "Write your plan"
    why = (
        "All five types are answered and pledged for."
        if not missing
        else f"{5 - missing} of 5 types are ready. All five must be before you publish."
    )
    return NextAct(title, why, "Go to your plan", f"{room.address}/plan")


def _what_is_due(due: list[DueLine]) -> NextAct | None:
    line = next((line for line in due if not line.waits_on), None)
    if line is None:
        return None
    day = f"{line.due_on.day} {line.due_on:%B %Y}"
    why = f"It was due on {day}." if line.late else f"It is due by {day}."
    return NextAct(line.title, why, "Do this now", line.address)


HANDLERS: tuple[HTTPRouteHandler, ...] = (choose, home)
