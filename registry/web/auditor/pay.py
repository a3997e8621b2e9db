"""An auditor's pay: what is owed, what was paid, and the payee's own word on it (rule 24)."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.reviews.pay import hours_in_words
from charter.reviews.pay_queries import pay_ledger
from charter.reviews.service import confirm_payment, decline_payment, dispute_payment
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.auditor.forms import PayAnswerForm
from registry.web.auditor.wording import PAY_STATES
from registry.web.rendering import render
from registry.web.submitting import submit

LEDGER = "auditor/pay.html"
TITLE = "Your pay"

ACTS = {
    "confirm": confirm_payment,
    "dispute": dispute_payment,
    "decline": decline_payment,
}
"""What the payee alone may say of a payment."""


@get("/reviews/pay")
async def pay_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show every line of somebody's pay, newest first."""
    return render(LEDGER, request=request, title=TITLE, **await _ledger(request))


@post("/reviews/pay/{entry:uuid}")
async def answer_payment(request: Request[Any, Any, Any], entry: FromPath[UUID]) -> Response[bytes]:
    """Take the payee's word: it arrived, it did not, or they want none."""

    async def act(scheme: Scheme, form: PayAnswerForm) -> str:
        await ACTS[form.answer](scheme, entry=entry)
        return "/reviews/pay"

    page = await _ledger(request)
    return await submit(request, PayAnswerForm, act, template=LEDGER, title=TITLE, **page)


async def _ledger(request: Request[Any, Any, Any]) -> dict[str, Any]:
    scheme = registry_of(request).scheme
    lines = await pay_ledger(scheme, person_of(request).account)
    return {
        "lines": lines,
        "states": PAY_STATES,
        "in_words": hours_in_words,
        "today": scheme.today(),
        "silence_days": scheme.pack.numbers.pay.silence_days,
        "debrief_every": scheme.pack.numbers.pay.debrief_every_cases,
        "paid_pence": sum(
            line.amount_pence for line in lines if line.state in {"paid", "confirmed"}
        ),
        "due_pence": sum(line.amount_pence for line in lines if line.state == "due"),
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (pay_page, answer_payment)
