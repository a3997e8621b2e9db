"""An auditor's own desk: the list of cases, ties declared beforehand, and a break."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from charter.errors import FieldError, InvalidInput, NotFound
from charter.evidence.corrections import changes_since_reviewed
from charter.organisations.queries import find_organisation
from charter.organisations.rules import plain_name
from charter.organisations.tables import Organisation
from charter.reviews.briefing import Topic, topic_of
from charter.reviews.pay_queries import pay_ledger
from charter.reviews.queries import AuditorTasks, auditor_of, auditor_tasks
from charter.reviews.service import declare_interest, rest_auditor
from charter.reviews.tables import Auditor, Interest
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.auditor.forms import BreakForm, TieForm
from registry.web.auditor.wording import BREAKS, KINDS, TIES
from registry.web.public.names import Names
from registry.web.rendering import render
from registry.web.submitting import submit

TASKS = "auditor/tasks.html"
TIES_PAGE = "auditor/ties.html"
BREAK = "auditor/break.html"


@get("/reviews")
async def tasks_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List what is offered, accepted and done, with its pay; and what is not paid yet."""
    scheme = registry_of(request).scheme
    account = person_of(request).account
    tasks = await auditor_tasks(scheme, account)
    unpaid = [line for line in await pay_ledger(scheme, account) if line.state == "due"]
    return render(
        TASKS,
        request=request,
        title="Your reviews",
        tasks=tasks,
        topics=await _topics(tasks),
        changes=await changes_since_reviewed(scheme, tasks.auditor),
        kinds=KINDS,
        names=Names(scheme.pack),
        unpaid_pence=sum(line.amount_pence for line in unpaid),
        resting=_is_ahead(tasks.resting_until, scheme.today()),
    )


async def _topics(tasks: AuditorTasks) -> dict[UUID, Topic]:
    """Return what each case still to be read is about, by its seat."""
    return {task.seat: await topic_of(task.seat) for task in (*tasks.offered, *tasks.accepted)}


@get("/reviews/ties")
async def ties_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the ties declared, and ask for one more."""
    return render(TIES_PAGE, request=request, title="Your ties", **await _ties(request))


@post("/reviews/ties")
async def declare_tie(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Write a tie down; a case of that organisation goes to somebody else."""
    auditor = await _auditor(request)

    async def act(scheme: Scheme, form: TieForm) -> str:
        await declare_interest(
            scheme,
            auditor=auditor.id,
            organisation=(await _organisation_named(form.organisation)).id,
            tie=form.tie,
        )
        return "/reviews/ties"

    page = await _ties(request)
    return await submit(request, TieForm, act, template=TIES_PAGE, title="Your ties", **page)


async def _ties(request: Request[Any, Any, Any]) -> dict[str, Any]:
    auditor = await _auditor(request)
    rows = (
        await Interest.objects()
        .where(Interest.auditor == auditor.id)
        .order_by(Interest.declared_at, ascending=False)
    )
    seen = [(row, await find_organisation(row.organisation)) for row in rows]
    words = dict(TIES)
    return {
        "declared": [
            (body.name, words[row.tie], row.until, row.declared_at) for row, body in seen if body
        ],
        "ties": [choice for choice in TIES if choice[0] != "none"],
    }


async def _organisation_named(typed: str) -> Organisation:
    """Return the organisation of exactly this name. Raises `InvalidInput` where there is none."""
    wanted = plain_name(typed)
    rows = await Organisation.objects().where(Organisation.state == "accepted")
    found = [row for row in rows if plain_name(row.name) == wanted or row.slug == typed]
    if not found:
        sentence = "No organisation on the register has this name. Copy it from its page."
        raise InvalidInput(sentence, errors=[FieldError("organisation", sentence)])
    return found[0]


@get("/reviews/break")
async def break_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask how long somebody wants to rest. Why is not asked."""
    return render(BREAK, request=request, title="Take a break", **await _resting(request))


@post("/reviews/break")
async def take_break(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Begin a break, or end one."""
    auditor = await _auditor(request)

    async def act(scheme: Scheme, form: BreakForm) -> str:
        until = None
        if form.rest != "back":
            until = scheme.today() + timedelta(days=BREAKS[form.rest][1])
        await rest_auditor(scheme, auditor=auditor.id, until=until)
        return "/reviews"

    page = await _resting(request)
    return await submit(request, BreakForm, act, template=BREAK, title="Take a break", **page)


async def _resting(request: Request[Any, Any, Any]) -> dict[str, Any]:
    until = (await _auditor(request)).resting_until
    resting = _is_ahead(until, registry_of(request).scheme.today())
    return {
        "breaks": [(token, words) for token, (words, _days) in BREAKS.items()],
        "resting_until": until if resting else None,
    }


def _is_ahead(until: date | None, today: date) -> bool:
    return until is not None and until >= today


async def _auditor(request: Request[Any, Any, Any]) -> Auditor:
    auditor = await auditor_of(registry_of(request).scheme, person_of(request).account)
    if auditor is None:
        raise NotFound("You are not on the list of community auditors.")
    return auditor


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    tasks_page,
    ties_page,
    declare_tie,
    break_page,
    take_break,
)
