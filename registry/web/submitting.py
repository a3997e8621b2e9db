"""What happens between a button pressed and the page that follows.

A controller that takes a form is one call of `submit`: read, bind, act once, go on. Whatever is
wrong, by field or by rule, comes back on the same page with everything typed still there.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.datastructures import Cookie

from charter.errors import RuleViolation
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.form_body import FormBody, FormReader
from registry.web.forms import Bound, Form, bind
from registry.web.parking import park_after_fault
from registry.web.receipts import done_once
from registry.web.rendering import render

F = TypeVar("F", bound=Form)

Act = Callable[[Scheme, F], Awaitable[str]]
"""Does what a valid form asks and returns the address to go to next.

It must give the `Scheme` it is handed to its use case: the receipt that makes a second copy of
the form harmless is written in that use case's transaction.
"""


async def read_body(request: Request[Any, Any, Any]) -> FormBody:
    """Return everything the form sent. The guard has begun the reading and checked its token."""
    state = request.scope["state"]
    reader: FormReader | None = state.get("form_reader")
    if reader is None:
        reader = state["form_reader"] = FormReader(request, most=state["row"].body)
    return await reader.finish()


async def read_form(request: Request[Any, Any, Any], model: type[F]) -> Bound[F]:
    """Return the form sent, bound to `model`."""
    return bind(model, await read_body(request))


async def submit(
    request: Request[Any, Any, Any],
    model: type[F],
    act: Act[F],
    *,
    template: str,
    title: str,
    **context: Any,
) -> Response[bytes]:
    """Take a form in: `act` on it and go on, or show `template` again with what is wrong.

    A second copy of the same form (a double click, a reload) does nothing and goes on to the same
    address.
    """
    body = await read_body(request)
    bound = bind(model, body)
    if bound.value is not None:
        value = bound.value
        try:
            return go(await done_once(request, body, lambda scheme: act(scheme, value)))
        except RuleViolation as refusal:
            bound = bound.refused(refusal)
        except Exception:
            await park_after_fault(registry_of(request), request, body)
            raise
    return render(
        template,
        request=request,
        title=title,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        bound=bound,
        **context,
    )


def go(address: str, *cookies: Cookie) -> Response[bytes]:
    """Return the answer that sends the browser on to a page of ours, by GET."""
    return Response(
        b"",
        status_code=HTTPStatus.SEE_OTHER,
        headers={"location": address, "cache-control": "no-store"},
        cookies=list(cookies),
    )
