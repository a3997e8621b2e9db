"""One form for whoever took part in a session: no account, no name, no cookie.

Opening the address changes nothing: mail programs open links before people do.
"""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.plans.codesign_queries import ContributionSeen, find_contribution
from charter.plans.queries import find_draft
from charter.plans.service import confirm_session, withdraw_agreement
from charter.reviews.service import say_pay_arrived, say_pay_is_missing
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.community.forms import CodeForm, ContributionForm, PayForm, PressForm
from registry.web.public.names import Names
from registry.web.rendering import render
from registry.web.submitting import go, read_form, submit

CODE = "community/enter_code.html"
FORM = "community/contribution.html"
DONE = "community/contribution_done.html"
WITHDRAW = "community/withdraw.html"
TITLE = "Were you there?"


@get("/contribute")
async def code_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for the code on a printed sheet."""
    return render(CODE, request=request, title="Enter your code")


@post("/contribute")
async def enter_code(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Go on to what the code opens."""
    bound = await read_form(request, CodeForm)
    if bound.value is None:
        return render(CODE, request=request, title="Enter your code", bound=bound, status=422)
    plain = "".join(letter for letter in bound.value.code if letter.isascii() and letter.isalnum())
    return go(f"/contribute/{plain.lower() or 'none'}")


@get("/contribute/{token:str}")
async def contribution_page(
    request: Request[Any, Any, Any], token: FromPath[str]
) -> Response[bytes]:
    """Show what the code opens: the form, the answer given, or why it cannot be used."""
    seen = await _find(request, token)
    if seen is None or seen.state == "expired":
        return _unusable(request)
    if seen.state == "used":
        return render(DONE, request=request, title="Thank you", seen=seen, token=token)
    return render(FORM, request=request, title=TITLE, **await _asked(request, seen))


@post("/contribute/{token:str}")
async def contribute(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """Take one person's word about a session."""
    seen = await _find(request, token)
    if seen is None:
        return _unusable(request)

    async def act(scheme: Scheme, form: ContributionForm) -> str:
        await confirm_session(scheme, token=token, answer=form.answer())
        return f"/contribute/{token}"

    return await submit(
        request, ContributionForm, act, template=FORM, title=TITLE, **await _asked(request, seen)
    )


@post("/contribute/{token:str}/pay")
async def say_of_pay(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """Take the word of somebody who was left unpaid on whether the pay has come."""
    seen = await _find(request, token)
    if seen is None:
        return _unusable(request)

    async def act(scheme: Scheme, form: PayForm) -> str:
        say = say_pay_arrived if form.arrived == "yes" else say_pay_is_missing
        await say(scheme, token=token)
        return f"/contribute/{token}"

    return await submit(
        request, PayForm, act, template=DONE, title="Thank you", seen=seen, token=token
    )


@get("/contribute/{token:str}/withdraw")
async def withdraw_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """Ask whether to take the agreement back."""
    seen = await _find(request, token)
    if seen is None:
        return _unusable(request)
    return render(
        WITHDRAW,
        request=request,
        title="Take back your agreement",
        seen=seen,
        back=f"/contribute/{token}",
    )


@post("/contribute/{token:str}/withdraw")
async def withdraw(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """Take back an agreement; that it happened is public, who did it is not known."""
    seen = await _find(request, token)
    if seen is None:
        return _unusable(request)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await withdraw_agreement(scheme, token=token)
        return f"/contribute/{token}"

    return await submit(
        request,
        PressForm,
        act,
        template=WITHDRAW,
        title="Take back your agreement",
        seen=seen,
        back=f"/contribute/{token}",
    )


async def _find(request: Request[Any, Any, Any], token: str) -> ContributionSeen | None:
    return await find_contribution(token, now=registry_of(request).scheme.now())


async def _asked(request: Request[Any, Any, Any], seen: ContributionSeen) -> dict[str, Any]:
    """Return the session with what its pledges promise, in full: that is what is agreed to."""
    drafts = [
        (line, await find_draft(seen.session.organisation, line.number))
        for line in seen.session.pledges
        if line.state in {"draft", "live"}
    ]
    return {
        "seen": seen,
        "session": seen.session,
        "drafts": drafts,
        "group": None,
        "types": Names(registry_of(request).scheme.pack).types,
    }


def _unusable(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say that a code opens nothing. Whether it is unknown or too old is not said."""
    return render(
        "community/unusable.html",
        request=request,
        title="This code cannot be used",
        status=HTTPStatus.NOT_FOUND,
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    code_page,
    enter_code,
    contribution_page,
    contribute,
    say_of_pay,
    withdraw_page,
    withdraw,
)
