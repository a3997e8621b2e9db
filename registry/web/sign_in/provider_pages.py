"""The pages of signing in by a provider's word, and of adding that way to an account.

Only a button begins it. The browser goes on to the provider from a page, not by a redirect: a
form of ours may lead nowhere but to ourselves, and the content security policy holds us to that.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import RuleViolation
from registry.accounts import limits, oidc
from registry.accounts.oidc import IdentityProvider, LinkedIdentity, ProviderAnswer
from registry.adapters.refusals import ProviderRefused
from registry.web.asked import person_of, registry_of
from registry.web.forms import shown
from registry.web.networks import network_of
from registry.web.refusals import NoSuchPage, safe_return
from registry.web.rendering import EMPTY, render
from registry.web.sign_in.forms import PressForm
from registry.web.sign_in.pages import (
    ask_page,
    browser_of,
    remembered_browser,
    session_cookie,
    welcomed,
)
from registry.web.submitting import go, read_form

WAYS = "/sign-in/ways"
LONGEST_ANSWER = 1_000
"""Characters of anything a provider may put into the address it sends a browser back to."""


@dataclass(frozen=True, slots=True)
class Way:
    """A provider as one account sees it: added, or not."""

    provider: IdentityProvider
    added: LinkedIdentity | None


@post("/sign-in/oidc/{provider:str}")
async def start(request: Request[Any, Any, Any], provider: FromPath[str]) -> Response[bytes]:
    """Note that this browser wants to sign in with a provider, and lead on to it."""
    asked = provider_of(request, provider)
    desk = registry_of(request).desk
    bound = await read_form(request, PressForm)
    browser = browser_of(request)
    await limits.spend(desk, limits.ASK_PER_BROWSER, browser)
    await limits.spend(desk, limits.ASK_PER_NETWORK, network_of(request))
    try:
        return_to = safe_return(bound.one("next"))
        address = await oidc.begin(desk, asked, browser=browser, return_to=return_to)
    except ProviderRefused as refused:
        return await turned_away(request, asked, refused)
    return onward(request, asked, address)


@get("/sign-in/oidc/{provider:str}/callback")
async def come_back(request: Request[Any, Any, Any], provider: FromPath[str]) -> Response[bytes]:
    """Take the browser in again, with the provider's answer."""
    asked = provider_of(request, provider)
    desk = registry_of(request).desk
    browser = browser_of(request)
    await limits.spend(desk, limits.REDEEM_PER_BROWSER, browser)
    await limits.spend(desk, limits.REDEEM_PER_NETWORK, network_of(request))
    try:
        entered = await oidc.finish(
            desk,
            asked,
            answer_of(request, asked),
            browser=browser,
            cookie=session_cookie(request),
        )
    except oidc.UnknownIdentity as refusal:
        return ask_page(request, shown({"next": WAYS}).refused(refusal))
    except oidc.IdentityTaken as refusal:
        return ask_page(request, EMPTY.refused(refusal))
    except (ProviderRefused, oidc.SignInRefused) as refused:
        return await turned_away(request, asked, refused)
    return welcomed(request, entered)


@get("/sign-in/ways")
async def ways_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the providers, and which of them this account has added."""
    added = {
        each.issuer: each for each in await oidc.identities_of(account=person_of(request).account)
    }
    providers = registry_of(request).providers.values()
    return render(
        "sign_in/ways.html",
        request=request,
        title="Ways to sign in",
        ways=[Way(provider, added.get(provider.issuer)) for provider in providers],
    )


@post("/sign-in/ways/{provider:str}")
async def add_way(request: Request[Any, Any, Any], provider: FromPath[str]) -> Response[bytes]:
    """Lead on to a provider, to add the identity it vouches for to this account."""
    asked = provider_of(request, provider)
    desk = registry_of(request).desk
    await read_form(request, PressForm)
    await limits.spend(desk, limits.ASK_PER_NETWORK, network_of(request))
    cookie = remembered_browser(request)
    try:
        address = await oidc.begin(
            desk,
            asked,
            browser=str(cookie.value),
            return_to=WAYS,
            account=person_of(request).account,
        )
    except ProviderRefused as refused:
        return await turned_away(request, asked, refused)
    return onward(request, asked, address)


@post("/sign-in/ways/{provider:str}/remove")
async def remove_way(request: Request[Any, Any, Any], provider: FromPath[str]) -> Response[bytes]:
    """Take a provider off this account."""
    asked = provider_of(request, provider)
    await read_form(request, PressForm)
    await oidc.remove_identity(
        registry_of(request).desk, account=person_of(request).account, issuer=asked.issuer
    )
    return go(WAYS)


def provider_of(request: Request[Any, Any, Any], name: str) -> IdentityProvider:
    """Return the provider an address names. Raises NoSuchPage."""
    provider = registry_of(request).providers.get(name)
    if provider is None:
        raise NoSuchPage
    return provider


def answer_of(request: Request[Any, Any, Any], provider: IdentityProvider) -> ProviderAnswer:
    """Return what a provider sent back: each word once, or it is no answer of a provider.

    Raises SignInRefused.
    """
    sent = {name: request.query_params.getall(name, []) for name in ("state", "code", "iss")}
    if any(len(values) > 1 or len("".join(values)) > LONGEST_ANSWER for values in sent.values()):
        raise oidc.SignInRefused(provider.name)
    state, code, issuer = (next(iter(values), None) for values in sent.values())
    if "error" in request.query_params:
        code = None
    return ProviderAnswer(state=state or "", code=code or "", issuer=issuer)


def onward(
    request: Request[Any, Any, Any], provider: IdentityProvider, address: str
) -> Response[bytes]:
    """Return the page that leads to a provider."""
    return render(
        "sign_in/onward.html",
        request=request,
        title=f"Go to {provider.name}",
        provider=provider.name,
        address=address,
        cookies=[remembered_browser(request)],
    )


async def turned_away(
    request: Request[Any, Any, Any],
    provider: IdentityProvider,
    refused: ProviderRefused | RuleViolation,
) -> Response[bytes]:
    """Write down why an answer was refused, and offer to begin again without saying it."""
    reason = refused.reason if isinstance(refused, ProviderRefused) else "no-such-sign-in"
    await oidc.note_refusal(registry_of(request).desk, provider=provider.id, reason=reason)
    return ask_page(request, EMPTY.refused(oidc.SignInRefused(provider.name)))


HANDLERS: tuple[HTTPRouteHandler, ...] = (start, come_back, ways_page, add_way, remove_way)
