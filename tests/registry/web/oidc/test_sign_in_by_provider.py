"""Signing in by a provider's word: who gets in, who does not, and what is believed."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

from charter.clock import SetClock
from registry.accounts import sessions
from registry.accounts.oidc import forget_abandoned
from registry.accounts.service import account_for
from registry.accounts.tables import (
    Account,
    OidcIdentity,
    PendingOidc,
    SecurityEvent,
    Session,
)
from registry.adapters.refusals import ProviderRefused
from registry.adapters.sign_in import is_safe_address, read_description
from registry.bootstrap import Registry
from tests.registry.web.oidc.conftest import Providers
from tests.registry.web.oidc.loopback_provider import Claims, LoopbackProvider, signing_key
from tests.registry.web.visitor import Visitor, hidden_fields

LEAD = "edi-lead@harbour-lights.example"
REFUSED = "We could not sign you in with"
HOUR = 3600

Opened = Callable[[], Visitor]


async def begin(visitor: Visitor, provider: str = "college", at: str = "/sign-in") -> str:
    """Press the button and return the provider's address that the page leads to."""
    to = f"/sign-in/oidc/{provider}" if at == "/sign-in" else f"{at}/{provider}"
    page = await visitor.fill(at, {}, at=to)
    assert page.status_code == 200, page.text
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found
    return unescape(found[1])


def path_of(address: str) -> str:
    """Return an address of ours without its origin."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


async def come_back(visitor: Visitor, provider: LoopbackProvider) -> httpx.Response:
    """Go all the way round: button, provider, and back to us."""
    return await visitor.get(path_of(provider.authorised(await begin(visitor, provider.name))))


async def sign_in_by_mail(registry: Registry, visitor: Visitor, email: str = LEAD) -> None:
    account = await account_for(registry.desk, email=email)
    cookie = await sessions.start(registry.desk, account=account, how="code", replaces=None)
    visitor.client.cookies.clear()
    visitor.client.cookies.set("session", cookie, domain="127.0.0.1")


async def add_identity(
    registry: Registry, visitor: Visitor, provider: LoopbackProvider, email: str = LEAD
) -> httpx.Response:
    """Sign in by mail and add the identity that `provider` vouches for."""
    await sign_in_by_mail(registry, visitor, email)
    address = await begin(visitor, provider.name, at="/sign-in/ways")
    return await visitor.get(path_of(provider.authorised(address)))


async def refused(answer: httpx.Response) -> bool:
    """Say whether nobody was let in."""
    return answer.status_code == 422 and not await Session.exists()


@pytest.fixture
async def known(registry: Registry, new_visitor: Opened, providers: Providers) -> None:
    """Have the EDI lead's account opened by her identity at the college; nobody is signed in."""
    added = await add_identity(registry, new_visitor(), providers.college)
    assert added.headers["location"] == "/sign-in/ways"
    await Session.delete(force=True)


@pytest.mark.usefixtures("known")
async def test_a_known_identity_signs_in(visitor: Visitor, providers: Providers) -> None:
    entered = await come_back(visitor, providers.college)
    assert (entered.status_code, entered.headers["location"]) == (303, "/my")
    page = await visitor.get("/sign-in/ways")
    assert "Remove The college" in page.text
    assert "Add The stranger" in page.text


@pytest.mark.usefixtures("known")
async def test_the_session_is_a_new_one_and_the_old_one_ends(
    visitor: Visitor, registry: Registry, providers: Providers
) -> None:
    await sign_in_by_mail(registry, visitor, "somebody-else@harbour-lights.example")
    before = visitor.client.cookies.get("session", domain="127.0.0.1")
    assert (await come_back(visitor, providers.college)).status_code == 303
    assert visitor.client.cookies.get("session", domain="127.0.0.1") != before
    assert await Session.count() == 1


async def test_the_question_has_a_challenge_a_nonce_and_asks_for_nothing_but_who(
    visitor: Visitor, providers: Providers
) -> None:
    asked = parse_qs(urlsplit(await begin(visitor)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid"]
    assert asked["response_type"] == ["code"]
    assert asked["client_id"] == [providers.college.client_id]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 43


async def test_state_and_verifier_are_not_readable_in_the_database(visitor: Visitor) -> None:
    asked = parse_qs(urlsplit(await begin(visitor)).query)
    rows = await PendingOidc.raw("SELECT pending_oidc::text AS line FROM pending_oidc")
    assert len(rows) == 1
    assert asked["state"][0] not in rows[0]["line"]
    assert asked["state"][0].encode().hex() not in rows[0]["line"]


async def test_looking_begins_nothing(visitor: Visitor) -> None:
    await visitor.get("/sign-in")
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = await visitor.client.request(method, "/sign-in/oidc/college")
        assert answer.status_code in {204, 405}
    assert not await PendingOidc.exists()


async def test_a_form_from_elsewhere_begins_nothing(visitor: Visitor) -> None:
    fields = hidden_fields((await visitor.get("/sign-in")).text)
    foreign = await visitor.send(
        "/sign-in/oidc/college", fields, **{"sec-fetch-site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert not await PendingOidc.exists()


async def test_an_unknown_identity_opens_no_account(visitor: Visitor, providers: Providers) -> None:
    answer = await come_back(visitor, providers.college)
    assert await refused(answer)
    assert "We do not know you by The college yet" in answer.text
    assert not await Account.exists()


@pytest.mark.usefixtures("known")
async def test_the_same_address_at_another_provider_opens_nothing(
    visitor: Visitor, providers: Providers
) -> None:
    providers.stranger.claims = {"email": LEAD, "email_verified": True}
    assert await refused(await come_back(visitor, providers.stranger))


@pytest.mark.usefixtures("known")
async def test_the_same_subject_at_another_provider_opens_nothing(
    visitor: Visitor, providers: Providers
) -> None:
    assert providers.stranger.subject == providers.college.subject
    assert await refused(await come_back(visitor, providers.stranger))


def unsigned(_key: RSAKey, claims: Claims) -> str:
    parts = ({"alg": "none"}, claims)
    return (
        ".".join(urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts)
        + "."
    )


def signed_with_the_public_key(key: RSAKey, claims: Claims) -> str:
    secret = OctKey.import_key(key.as_pem(private=False).replace(b"-----", b"").strip())
    return jwt.encode({"alg": "HS256", "kid": key.kid}, claims, secret, algorithms=["HS256"])


def signed_with_the_client_secret(key: RSAKey, claims: Claims) -> str:
    secret = OctKey.import_key(LoopbackProvider.client_secret)
    return jwt.encode({"alg": "HS256", "kid": key.kid}, claims, secret, algorithms=["HS256"])


def signed_by_a_key_it_brings_along(_key: RSAKey, claims: Claims) -> str:
    own = signing_key("attacker")
    header = {"alg": "RS256", "jwk": own.as_dict(private=False)}
    return jwt.encode(header, claims, own)


def signed_by_another_under_our_key_id(key: RSAKey, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, signing_key("attacker"))


def signed_under_an_unknown_key_id(_key: RSAKey, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "attacker"}, claims, signing_key("attacker"))


def changed_after_signing(key: RSAKey, claims: Claims) -> str:
    head, _body, seal = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key).split(".")
    body = urlsafe_b64encode(json.dumps(claims | {"sub": "person-8"}).encode()).rstrip(b"=")
    return f"{head}.{body.decode()}.{seal}"


def as_json(key: RSAKey, claims: Claims) -> Any:
    member: Any = {"protected": {"alg": "RS256", "kid": key.kid}}
    return jws.serialize_json(member, json.dumps(claims).encode(), key)


def with_an_endless_number(key: RSAKey, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims | {"exp": float("nan")}, key)


FORGERIES = (
    unsigned,
    signed_with_the_public_key,
    signed_with_the_client_secret,
    signed_by_a_key_it_brings_along,
    signed_by_another_under_our_key_id,
    signed_under_an_unknown_key_id,
    changed_after_signing,
    as_json,
    with_an_endless_number,
)


@pytest.mark.usefixtures("known")
async def test_a_forged_token_signs_nobody_in(new_visitor: Opened, providers: Providers) -> None:
    for forge in FORGERIES:
        providers.college.sign = forge
        answer = await come_back(new_visitor(), providers.college)
        assert await refused(answer), forge.__name__


START_AT = 1767603600
"""The instant of the tests' clock, in seconds since 1970."""

WRONG_CLAIMS: dict[str, Claims] = {
    "another issuer": {"iss": "https://issuer.example"},
    "an issuer with a slash more": {"iss": "http://127.0.0.1/"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "somebody-else"},
    "several audiences and no party": {"aud": ["charter", "somebody-else"]},
    "another party": {"azp": "somebody-else"},
    "no audience": {"aud": None},
    "expired": {"exp": START_AT - HOUR},
    "no expiry": {"exp": None},
    "an expiry in words": {"exp": "tomorrow"},
    "not yet valid": {"nbf": START_AT + HOUR},
    "issued in the future": {"iat": START_AT + HOUR},
    "no time of issue": {"iat": None},
    "another nonce": {"nonce": "swapped"},
    "several nonces": {"nonce": ["a", "b"]},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is no text": {"sub": 7},
    "a subject without end": {"sub": "s" * 256},
}


@pytest.mark.usefixtures("known")
async def test_a_token_with_a_wrong_claim_signs_nobody_in(
    new_visitor: Opened, providers: Providers
) -> None:
    for wrong, claims in WRONG_CLAIMS.items():
        providers.college.claims = claims
        assert await refused(await come_back(new_visitor(), providers.college)), wrong


@pytest.mark.usefixtures("known")
async def test_a_token_for_several_that_names_us_is_good(
    visitor: Visitor, providers: Providers
) -> None:
    providers.college.claims = {"aud": ["charter", "another"], "azp": "charter"}
    assert (await come_back(visitor, providers.college)).status_code == 303


NO_TOKENS: tuple[Claims, ...] = (
    {},
    {"id_token": 7},
    {"id_token": "one.part"},
    {"id_token": "t" * 20_000},
    {"error": "no"},
)

WRONG_ANSWERS: dict[str, Claims] = {
    "foreign state": {"state": "a-state-nobody-was-given"},
    "no state": {"state": None},
    "two states": {"state": ["one", "two"]},
    "another issuer": {"iss": "https://issuer.example"},
    "no issuer, though promised": {"iss": None},
    "a code nobody gave": {"code": "guessed"},
    "no code": {"code": None},
    "two codes": {"code": ["one", "two"]},
    "a refusal": {"code": None, "error": "access_denied"},
    "a refusal with a code": {"error": "access_denied"},
    "an endless code": {"code": "c" * 1100},
}


@pytest.mark.usefixtures("known")
async def test_a_wrong_answer_signs_nobody_in_and_is_written_down(
    new_visitor: Opened, providers: Providers
) -> None:
    for wrong, redirect in WRONG_ANSWERS.items():
        providers.college.redirect = redirect
        assert await refused(await come_back(new_visitor(), providers.college)), wrong
    noted = await SecurityEvent.count().where(SecurityEvent.kind == "sign-in-refused")
    assert noted == len(WRONG_ANSWERS)


@pytest.mark.usefixtures("known")
async def test_an_exchange_without_a_token_signs_nobody_in(
    new_visitor: Opened, providers: Providers
) -> None:
    for answer in NO_TOKENS:
        providers.college.answer = answer
        assert await refused(await come_back(new_visitor(), providers.college)), answer


@pytest.mark.usefixtures("known")
async def test_a_provider_in_trouble_is_no_fault_of_ours(
    new_visitor: Opened, providers: Providers
) -> None:
    for status in (302, 404, 500, 503):
        providers.college.token_status = status
        assert await refused(await come_back(new_visitor(), providers.college)), status


@pytest.mark.usefixtures("known")
async def test_a_callback_works_once(
    visitor: Visitor, new_visitor: Opened, providers: Providers
) -> None:
    address = path_of(providers.college.authorised(await begin(visitor)))
    cookies = dict(visitor.client.cookies)
    assert (await visitor.get(address)).status_code == 303
    again = new_visitor()
    again.client.cookies.update(cookies)
    assert (await again.get(address)).status_code == 422
    assert await Session.count() == 1


@pytest.mark.usefixtures("known")
async def test_a_code_works_once_under_any_state(visitor: Visitor, providers: Providers) -> None:
    first = providers.college.authorised(await begin(visitor))
    assert (await visitor.get(path_of(first))).status_code == 303
    await Session.delete(force=True)
    providers.college.redirect = {"code": parse_qs(urlsplit(first).query)["code"][0]}
    assert await refused(await come_back(visitor, providers.college))


@pytest.mark.usefixtures("known")
async def test_a_code_of_somebody_else_is_no_use_in_this_browser(
    visitor: Visitor, new_visitor: Opened, providers: Providers
) -> None:
    theirs = providers.college.authorised(await begin(new_visitor()))
    stolen = parse_qs(urlsplit(theirs).query)["code"][0]
    providers.college.redirect = {"code": stolen}
    assert await refused(await come_back(visitor, providers.college))


@pytest.mark.usefixtures("known")
async def test_an_answer_is_no_use_in_another_browser(
    visitor: Visitor, new_visitor: Opened, providers: Providers
) -> None:
    address = path_of(providers.college.authorised(await begin(visitor)))
    other = new_visitor()
    assert await refused(await other.get(address))
    await other.get("/sign-in")
    assert await refused(await other.get(address))


@pytest.mark.usefixtures("known")
async def test_an_answer_of_one_provider_is_no_use_at_another(
    visitor: Visitor, providers: Providers
) -> None:
    theirs = providers.stranger.authorised(await begin(visitor, "stranger"))
    ours = providers.college.authorised(await begin(visitor))
    question = parse_qs(urlsplit(ours).query)
    mixed = {
        "state": question["state"][0],
        "code": parse_qs(urlsplit(theirs).query)["code"][0],
        "iss": providers.stranger.issuer,
    }
    for issuer in (providers.stranger.issuer, providers.college.issuer):
        sent = urlencode(mixed | {"iss": issuer})
        assert await refused(await visitor.get(f"/sign-in/oidc/college/callback?{sent}"))
        assert await refused(await visitor.get(f"/sign-in/oidc/stranger/callback?{sent}"))


@pytest.mark.usefixtures("known")
async def test_a_token_of_one_provider_is_no_use_at_another(
    visitor: Visitor, providers: Providers
) -> None:
    """The stranger passes on a token that the college made for us."""
    college = providers.college
    providers.college.sign = lambda _key, claims: jwt.encode(
        {"alg": "RS256", "kid": providers.stranger.key.kid},
        claims | {"iss": college.issuer},
        providers.stranger.key,
    )
    assert await refused(await come_back(visitor, providers.college))
    providers.stranger.sign = lambda _key, claims: jwt.encode(
        {"alg": "RS256", "kid": college.key.kid}, claims | {"iss": college.issuer}, college.key
    )
    assert await refused(await come_back(visitor, providers.stranger))


@pytest.mark.usefixtures("known")
async def test_an_answer_is_good_for_fifteen_minutes(
    visitor: Visitor, registry: Registry, providers: Providers, clock: SetClock
) -> None:
    address = path_of(providers.college.authorised(await begin(visitor)))
    clock.set(clock.at + timedelta(minutes=15))
    assert await refused(await visitor.get(address))
    await begin(visitor)
    clock.set(clock.at + timedelta(minutes=15))
    await forget_abandoned(registry.desk)
    assert not await PendingOidc.exists()


@pytest.mark.usefixtures("known")
async def test_a_closed_account_is_not_opened(
    visitor: Visitor, providers: Providers, clock: SetClock
) -> None:
    await Account.update({Account.closed_at: clock.at}, force=True)
    assert await refused(await come_back(visitor, providers.college))


WRONG_DESCRIPTIONS: dict[str, Claims] = {
    "another issuer": {"issuer": "https://issuer.example"},
    "no issuer": {"issuer": None},
    "plain http": {"token_endpoint": "http://issuer.example/token"},
    "a file": {"jwks_uri": "file:///etc/passwd"},
    "a script": {"authorization_endpoint": "javascript:alert(1)"},
    "a number": {"authorization_endpoint": 7},
}


async def test_a_description_that_cannot_be_trusted_leads_nowhere(
    new_visitor: Opened, providers: Providers
) -> None:
    for wrong, description in WRONG_DESCRIPTIONS.items():
        providers.college.description = description
        page = await new_visitor().fill("/sign-in", {}, at="/sign-in/oidc/college")
        assert page.status_code == 422, wrong
        assert REFUSED in page.text
    assert not await PendingOidc.exists()


def test_an_issuer_must_match_to_the_letter() -> None:
    told = {
        "issuer": "https://issuer.example/",
        "authorization_endpoint": "https://issuer.example/a",
        "token_endpoint": "https://issuer.example/t",
        "jwks_uri": "https://issuer.example/k",
    }
    raw = json.dumps(told).encode()
    assert read_description(raw, issuer="https://issuer.example/").issuer.endswith("/")
    for near in ("https://issuer.example", "https://ISSUER.example/", "http://issuer.example/"):
        with pytest.raises(ProviderRefused, match="description-of-another-issuer"):
            read_description(raw, issuer=near)


@pytest.mark.parametrize(
    "address",
    [
        "http://issuer.example/",
        "https://",
        "https://user@issuer.example/",
        "//issuer.example",
        "http://127.0.0.1.issuer.example/",
        "http://[::1",
        "https://issuer.example/#part",
    ],
)
def test_an_unsafe_address_is_never_asked(address: str) -> None:
    assert not is_safe_address(address)


async def test_a_description_is_read_once_an_hour(
    visitor: Visitor, providers: Providers, clock: SetClock
) -> None:
    for _time in range(3):
        await begin(visitor)
    assert providers.college.asked == ["/.well-known/openid-configuration"]
    clock.set(clock.at + timedelta(hours=1))
    await begin(visitor)
    assert len(providers.college.asked) == 2


@pytest.mark.usefixtures("known")
async def test_an_identity_is_not_moved_to_another_account(
    visitor: Visitor, registry: Registry, providers: Providers
) -> None:
    answer = await add_identity(
        registry, visitor, providers.college, "somebody-else@harbour-lights.example"
    )
    assert answer.status_code == 422
    assert "belongs to another account" in answer.text
    assert await OidcIdentity.count() == 1


async def test_nothing_is_added_once_the_person_has_signed_out(
    visitor: Visitor, registry: Registry, providers: Providers
) -> None:
    await sign_in_by_mail(registry, visitor)
    address = providers.college.authorised(await begin(visitor, at="/sign-in/ways"))
    await Session.delete(force=True)
    assert await refused(await visitor.get(path_of(address)))
    assert not await OidcIdentity.exists()


async def test_nothing_is_added_to_whoever_signed_in_meanwhile(
    visitor: Visitor, registry: Registry, providers: Providers
) -> None:
    await sign_in_by_mail(registry, visitor)
    address = providers.college.authorised(await begin(visitor, at="/sign-in/ways"))
    other = await account_for(registry.desk, email="somebody-else@harbour-lights.example")
    cookie = await sessions.start(registry.desk, account=other, how="code", replaces=None)
    visitor.client.cookies.set("session", cookie, domain="127.0.0.1")
    assert (await visitor.get(path_of(address))).status_code == 422
    assert not await OidcIdentity.exists()


@pytest.mark.usefixtures("known")
async def test_a_removed_identity_opens_nothing(
    visitor: Visitor, new_visitor: Opened, providers: Providers
) -> None:
    await come_back(visitor, providers.college)
    gone = await visitor.fill("/sign-in/ways", {}, at="/sign-in/ways/college/remove")
    assert gone.status_code == 303
    answer = await come_back(new_visitor(), providers.college)
    assert answer.status_code == 422
    assert "We do not know you" in answer.text


async def test_a_provider_nobody_named_has_no_address(visitor: Visitor) -> None:
    await visitor.get("/sign-in")
    answer = await visitor.get("/sign-in/oidc/unheard-of/callback?state=a&code=b")
    assert answer.status_code == 404
