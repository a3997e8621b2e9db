"""What waits on the hub today: the most harmful to leave lying first, then the latest."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from charter.organisations.places import details_changed
from charter.reviews.hub import HubTask, auditors_wait, hub_queue
from registry.rounds.outbox import dead_letters
from registry.web.asked import person_of, registry_of
from registry.web.hub.concerns import concerns_open_to
from registry.web.hub.room import show

PLACES: Mapping[str, str] = {
    "concern-acknowledgement": "/hub/concerns/{subject}",
    "concern-triage": "/hub/concerns/{subject}",
    "held-words-release": "/hub/words",
    "auditor-pay": "/hub/payments",
    "identity-decision": "/hub/applications/{subject}",
    "identity-appeal": "/hub/applications/{subject}",
    "handover": "/hub/handovers/{subject}",
    "group-check": "/hub/groups",
    "scheme-response": "/hub/concerns/{subject}/answer",
    "library-proposal": "/hub/library",
}
"""Where each thing the hub owes is done."""

ABOUT_CONCERNS = frozenset({"concern-acknowledgement", "concern-triage"})
WITH_PANELS = frozenset({"concern-decision", "concern-appeal"})
"""What the hub owes and only a panel can do: it stands among the panels, not among the tasks."""

FOR_PAYMENT = frozenset({"auditor-pay"})


@get("/hub")
async def today_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the queue, and how late the hub itself is."""
    scheme = registry_of(request).scheme
    roles = person_of(request).roles
    queue = await hub_queue(scheme)
    concerns = {concern.id for concern in await concerns_open_to(request)}
    tasks = [
        task
        for task in queue.tasks
        if task.kind not in WITH_PANELS
        and (task.kind not in ABOUT_CONCERNS or task.subject in concerns)
    ]
    late = [task for task in queue.tasks if task.days_late > 0]
    return show(
        request,
        "today.html",
        title="Today",
        tasks=[(task, _place(task, roles)) for task in tasks if _theirs(task, roles)],
        late=late,
        longest=max((task.days_late for task in late), default=0),
        held=queue.held if "steward" in roles else (),
        waiting_cases=queue.waiting_cases,
        wait=await auditors_wait(scheme),
        changed=await details_changed() if "steward" in roles else (),
        dead=len(await dead_letters()) if "steward" in roles else 0,
    )


def _theirs(task: HubTask, roles: frozenset[str]) -> bool:
    """Say whether somebody with these roles is shown a task: payment officers see pay alone."""
    return bool(roles & {"steward", "administrator"}) or (
        task.kind in FOR_PAYMENT and "payment" in roles
    )


def _place(task: HubTask, roles: frozenset[str]) -> str:
    """Return where somebody does a task, or nothing where another role does it."""
    doers = {"payment"} if task.kind in FOR_PAYMENT else {"steward"}
    return PLACES.get(task.kind, "").format(subject=task.subject) if roles & doers else ""


HANDLERS: tuple[HTTPRouteHandler, ...] = (today_page,)
