"""One case: the offer with its content note, the evidence beside the claim, and the verdicts.

Every address here names a seat, and the guard lets only that seat's auditor in. What other seats
say is not in any page before the panel is complete: the read model does not hold it (rule 20).
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.organisations.queries import find_organisation
from charter.reviews.briefing import promises_in, topic_of
from charter.reviews.hearings import hearings_in
from charter.reviews.queries import CaseForAuditor, auditor_of, read_case
from charter.reviews.seat_drafts import find_seat_draft
from charter.reviews.service import (
    accept_seat,
    declare_interest,
    decline_seat,
    hand_back_seat,
    keep_seat_draft,
    seal_verdicts,
)
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.auditor.forms import WHOLE_CASE, HandBackForm, OfferForm, VerdictForm
from registry.web.auditor.wording import KINDS, TIES
from registry.web.forms import Bound, bind, shown
from registry.web.parking import words_in
from registry.web.public.names import Names
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import go, read_body, submit

OFFER = "auditor/offer.html"
CASE = "auditor/case.html"
CHECK = "auditor/check.html"
HAND_BACK = "auditor/hand_back.html"


@get("/reviews/cases/{seat:uuid}")
async def case_page(request: Request[Any, Any, Any], seat: FromPath[UUID]) -> Response[bytes]:
    """Show the offer, or, once accepted, the evidence beside the claim."""
    case = await read_case(registry_of(request).scheme, seat)
    if case.seat_state == "offered":
        return render(OFFER, request=request, **await _offered(request, case))
    bound = await _resumed(case)
    return render(CASE, request=request, bound=bound, **await _opened(request, case))


@post("/reviews/cases/{seat:uuid}/answer")
async def answer_offer(request: Request[Any, Any, Any], seat: FromPath[UUID]) -> Response[bytes]:
    """Accept a case after the question about ties, or decline it with no reason."""
    case = await read_case(registry_of(request).scheme, seat)
    auditor = await auditor_of(registry_of(request).scheme, person_of(request).account)
    if auditor is None:
        raise NoSuchPage

    async def act(scheme: Scheme, form: OfferForm) -> str:
        if form.answer == "decline":
            await decline_seat(scheme, seat=seat)
            return "/reviews"
        form.require_tie_answered()
        if form.tie in {None, "none"}:
            await accept_seat(scheme, seat=seat)
            return f"/reviews/cases/{seat}"
        if case.organisation is None:
            await decline_seat(scheme, seat=seat)
        else:
            await declare_interest(
                scheme, auditor=auditor.id, organisation=case.organisation, tie=str(form.tie)
            )
        return "/reviews"

    page = await _offered(request, case)
    return await submit(request, OfferForm, act, template=OFFER, **page)


@post("/reviews/cases/{seat:uuid}")
async def judge(request: Request[Any, Any, Any], seat: FromPath[UUID]) -> Response[bytes]:
    """Keep what was typed, show it to be checked, or seal it."""
    scheme = registry_of(request).scheme
    case = await read_case(scheme, seat)
    if case.seat_state == "offered":
        raise NoSuchPage
    body = await read_body(request)
    if body.first("next") == "save":
        await keep_seat_draft(scheme, seat=seat, typed=words_in(body))
        return go("/reviews")
    page = await _opened(request, case)
    bound = bind(VerdictForm, body)
    if body.first("next") == "check" and bound.value is not None:
        return render(CHECK, request=request, bound=bound, **page)
    if body.first("next") == "change":
        return render(CASE, request=request, bound=shown(body.typed), **page)

    async def act(acting: Scheme, form: VerdictForm) -> str:
        await seal_verdicts(acting, seat=seat, said=[row.said() for row in form.answers])
        return f"/reviews/cases/{seat}"

    return await submit(request, VerdictForm, act, template=CASE, **page)


@get("/reviews/cases/{seat:uuid}/hand-back")
async def hand_back_page(request: Request[Any, Any, Any], seat: FromPath[UUID]) -> Response[bytes]:
    """Ask how much time was given, so that it is paid. Why is not asked."""
    case = await read_case(registry_of(request).scheme, seat)
    return render(HAND_BACK, request=request, title="Hand this case back", case=case)


@post("/reviews/cases/{seat:uuid}/hand-back")
async def hand_back(request: Request[Any, Any, Any], seat: FromPath[UUID]) -> Response[bytes]:
    """Hand a case back; the time given is paid."""
    case = await read_case(registry_of(request).scheme, seat)

    async def act(scheme: Scheme, form: HandBackForm) -> str:
        await hand_back_seat(scheme, seat=seat, hours=form.hours)
        return "/reviews"

    return await submit(
        request, HandBackForm, act, template=HAND_BACK, title="Hand this case back", case=case
    )


async def _offered(request: Request[Any, Any, Any], case: CaseForAuditor) -> dict[str, Any]:
    pack = registry_of(request).scheme.pack
    pay = pack.numbers.pay
    return {
        "title": f"Case {case.case}: {KINDS[case.kind].name}",
        "case": case,
        "kind": KINDS[case.kind],
        "topic": await topic_of(case.seat),
        "names": Names(pack),
        "ties": TIES,
        "hours": pay.case_hours,
        "pay_pence": pay.case_hours * pay.auditor_pence_per_hour,
        "review_days": pack.numbers.reviews.review_days,
    }


async def _opened(request: Request[Any, Any, Any], case: CaseForAuditor) -> dict[str, Any]:
    own = await find_organisation(case.organisation) if case.organisation else None
    return {
        "title": f"Case {case.case}: {case.organisation_name}",
        "slug": own.slug if own else "",
        "case": case,
        "kind": KINDS[case.kind],
        "labels": dict(KINDS[case.kind].choices),
        "promises": await promises_in(case.case),
        "hearings": await hearings_in(case.case),
        "names": Names(registry_of(request).scheme.pack),
        "whole_case": WHOLE_CASE,
    }


async def _resumed(case: CaseForAuditor) -> Bound[Any]:
    """Return the form as it was saved, else as it was sealed, else empty."""
    kept = await find_seat_draft(case.seat)
    return shown(kept if kept is not None else _sealed(case))


def _sealed(case: CaseForAuditor) -> Mapping[str, str | Sequence[str]]:
    mine = {said.question: said for said in case.mine}
    return {
        f"answers-{place}-{name}": getattr(mine[asked.question], name)
        for place, asked in enumerate(case.questions)
        if asked.question in mine
        for name in ("verdict", "reasons", "notes")
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    case_page,
    answer_offer,
    judge,
    hand_back_page,
    hand_back,
)
