"""Paying auditors: a payment officer records what was paid, and opens a payee for a reason."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.reviews.hub import PayDue, auditor_to_pay, pay_due
from charter.reviews.service import record_payment
from charter.scheme import Scheme
from registry.accounts.identities import open_identity
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import PayeeForm, PaymentForm
from registry.web.hub.room import show, take
from registry.web.refusals import NoSuchPage
from registry.web.submitting import read_form

LIST = "payments.html"
ONE = "payment.html"

WAYS = (("fee", "A fee"), ("voucher", "A voucher"), ("gift", "A gift to their group"))

REASONS = (
    ("to-pay-them", "To pay them"),
    ("to-ask-about-a-payment", "To ask about a payment"),
)


@get("/hub/payments")
async def payments_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List what the hub owes its auditors, the oldest first."""
    lines = await pay_due(registry_of(request).scheme)
    owed = sum(line.amount_pence for line in lines)
    return show(request, LIST, title="Payments", lines=lines, owed=owed)


@get("/hub/payments/{entry:uuid}")
async def payment_page(request: Request[Any, Any, Any], entry: FromPath[UUID]) -> Response[bytes]:
    """Show one payment that is due."""
    return show(request, ONE, **await _paying(request, entry))


@post("/hub/payments/{entry:uuid}")
async def pay(request: Request[Any, Any, Any], entry: FromPath[UUID]) -> Response[bytes]:
    """Record that it was paid; the payee then says whether it arrived."""
    page = await _paying(request, entry)

    async def act(scheme: Scheme, form: PaymentForm) -> str:
        await record_payment(scheme, entry=entry, kind=form.kind)
        return "/hub/payments"

    return await take(request, PaymentForm, act, ONE, **page)


@post("/hub/payments/{entry:uuid}/payee")
async def open_payee(request: Request[Any, Any, Any], entry: FromPath[UUID]) -> Response[bytes]:
    """Show whom a payment goes to, once the reason is logged. The answer is kept nowhere."""
    page = await _paying(request, entry)
    bound = await read_form(request, PayeeForm)
    auditor = await auditor_to_pay(entry)
    if auditor is None:
        raise NoSuchPage
    if bound.value is None:
        return show(
            request, ONE, status=HTTPStatus.UNPROCESSABLE_ENTITY, **{**page, "bound": bound}
        )
    payee = await open_identity(
        registry_of(request).desk,
        registry_of(request).scheme,
        auditor=auditor,
        opened_by=person_of(request).account,
        about=f"pay:{entry.hex[:12]}",
        why=bound.value.why,
    )
    return show(request, ONE, **{**page, "payee": payee})


async def _paying(request: Request[Any, Any, Any], entry: UUID) -> dict[str, Any]:
    line = await _line(request, entry)
    return {"title": "A payment", "line": line, "ways": WAYS, "reasons": REASONS, "payee": None}


async def _line(request: Request[Any, Any, Any], entry: UUID) -> PayDue:
    for line in await pay_due(registry_of(request).scheme):
        if line.entry == entry:
            return line
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (payments_page, payment_page, pay, open_payee)
