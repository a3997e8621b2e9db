"""The pages of signing in by mail, of signing out, and the inbox of a demonstration."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import RuleViolation
from registry.accounts import limits, service, sessions
from registry.accounts import post as mail
from registry.accounts.keys import new_token
from registry.web.asked import person_of, registry_of
from registry.web.cookies import BROWSER, SESSION, drop_cookie, make_cookie, read_cookie
from registry.web.forms import Bound, shown
from registry.web.networks import network_of
from registry.web.refusals import NoSuchPage, safe_return
from registry.web.rendering import render
from registry.web.sign_in.forms import AskForCodeForm, EnterCodeForm, PressForm
from registry.web.submitting import go, read_form

BROWSER_LASTS = 60 * 60
"""Seconds a browser is known for the purpose of signing in."""

ASK = "sign_in/ask.html"
ENTER = "sign_in/enter_code.html"
LINK = "sign_in/follow_link.html"
UNPROCESSABLE = 422


@get("/sign-in")
async def ask_for_code_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask who wants to sign in."""
    return ask_page(request, shown({"next": request.query_params.get("next", "")}))


@post("/sign-in")
async def ask_for_code(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Mail a code. Known and unknown addresses lead to the same page."""
    desk = registry_of(request).desk
    bound = await read_form(request, AskForCodeForm)
    if bound.value is not None:
        browser = browser_of(request)
        try:
            await service.ask_within_limits(
                desk, email=bound.value.email, browser=browser, network=network_of(request)
            )
            await service.request_code(
                desk,
                email=bound.value.email,
                browser=browser,
                return_to=safe_return(bound.one("next")),
            )
            return go("/sign-in/code")
        except RuleViolation as refusal:
            bound = bound.refused(refusal)
    return ask_page(request, bound)


@get("/sign-in/code")
async def enter_code_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for the code."""
    return render(
        ENTER, request=request, title="Check your email", cookies=[remembered_browser(request)]
    )


@post("/sign-in/code")
async def enter_code(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Sign in with a code."""
    registry = registry_of(request)
    bound = await read_form(request, EnterCodeForm)
    if bound.value is not None:
        browser = browser_of(request)
        await limits.spend(registry.desk, limits.REDEEM_PER_BROWSER, browser)
        await limits.spend(registry.desk, limits.REDEEM_PER_NETWORK, network_of(request))
        try:
            entered = await service.redeem_code(
                registry.desk,
                code=bound.value.code,
                browser=browser,
                cookie=session_cookie(request),
            )
            return welcomed(request, entered)
        except RuleViolation as refusal:
            bound = bound.refused(refusal)
    return render(
        ENTER, request=request, title="Check your email", status=UNPROCESSABLE, bound=bound
    )


@get("/sign-in/link/{link:str}")
async def follow_link_page(request: Request[Any, Any, Any], link: FromPath[str]) -> Response[bytes]:
    """Show a button. Nothing is looked up and nothing changes."""
    return render(
        LINK, request=request, title="Sign in", link=link, cookies=[remembered_browser(request)]
    )


@post("/sign-in/link/{link:str}")
async def follow_link(request: Request[Any, Any, Any], link: FromPath[str]) -> Response[bytes]:
    """Sign in with a link, in the browser that asked for it."""
    registry = registry_of(request)
    bound = await read_form(request, PressForm)
    browser = browser_of(request)
    await limits.spend(registry.desk, limits.REDEEM_PER_BROWSER, browser)
    try:
        entered = await service.redeem_link(
            registry.desk, link=link, browser=browser, cookie=session_cookie(request)
        )
    except RuleViolation as refusal:
        return render(
            LINK,
            request=request,
            title="Sign in",
            link=link,
            status=UNPROCESSABLE,
            bound=bound.refused(refusal),
        )
    return welcomed(request, entered)


@get("/sign-out")
async def sign_out_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask whether to sign out: a link alone must not."""
    return render("sign_in/sign_out.html", request=request, title="Sign out")


@post("/sign-out")
async def sign_out(request: Request[Any, Any, Any]) -> Response[bytes]:
    """End the session."""
    registry = registry_of(request)
    await service.sign_out(registry.desk, cookie=person_of(request).cookie)
    secure = registry.secure
    return go("/", drop_cookie(SESSION, secure=secure), drop_cookie(BROWSER, secure=secure))


@get("/inbox")
async def inbox(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the mail that would have been sent; in production there is no such page."""
    registry = registry_of(request)
    if not registry.shows_inbox:
        raise NoSuchPage
    letters = await mail.newest_letters(registry.desk)
    return render("sign_in/inbox.html", request=request, title="Inbox", letters=letters)


def ask_page(request: Request[Any, Any, Any], bound: Bound[Any]) -> Response[bytes]:
    """Return the page that asks who wants to sign in: by mail, or by a provider's word."""
    return render(
        ASK,
        request=request,
        title="Sign in",
        status=UNPROCESSABLE if bound.errors else 200,
        bound=bound,
        providers=registry_of(request).providers.values(),
        cookies=[remembered_browser(request)],
    )


def remembered_browser(request: Request[Any, Any, Any]) -> Cookie:
    """Return the cookie that knows this browser again while somebody signs in with it."""
    registry = registry_of(request)
    secure = registry.secure
    state = request.scope["state"]
    known = state.get("browser") or read_cookie(request, BROWSER, secure=secure)
    value = known or new_token(registry.desk.chance)
    state["browser"] = value
    return make_cookie(BROWSER, value, secure=secure, seconds=BROWSER_LASTS)


def browser_of(request: Request[Any, Any, Any]) -> str:
    """Return the cookie of the browser. The guard has refused forms from browsers without."""
    return read_cookie(request, BROWSER, secure=registry_of(request).secure) or ""


def session_cookie(request: Request[Any, Any, Any]) -> str | None:
    """Return the session cookie brought along, if any."""
    return read_cookie(request, SESSION, secure=registry_of(request).secure)


def welcomed(request: Request[Any, Any, Any], entered: service.Entered) -> Response[bytes]:
    """Send someone on to where they were going, with a session no one has seen before."""
    secure = registry_of(request).secure
    seconds = int(sessions.ABSOLUTE.total_seconds())
    cookie = make_cookie(SESSION, entered.cookie, secure=secure, seconds=seconds)
    return go(safe_return(entered.return_to), cookie, drop_cookie(BROWSER, secure=secure))


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    ask_for_code_page,
    ask_for_code,
    enter_code_page,
    enter_code,
    follow_link_page,
    follow_link,
    sign_out_page,
    sign_out,
    inbox,
)
