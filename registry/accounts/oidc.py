"""Signing in with an identity that another provider vouches for (OpenID Connect).

An identity is an issuer and a subject, together. It opens the account it was added to and no
other: an address that a provider tells us about a person opens nothing, so a second provider
that claims the same address gets nowhere. Somebody unknown signs in by mail once and adds the
identity then. Each sign-in under way can be finished once, by the browser that began it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from charter.errors import RuleViolation
from registry.accounts import sessions
from registry.accounts.desk import Desk
from registry.accounts.keys import SealBroken, new_token
from registry.accounts.security import note
from registry.accounts.service import Entered
from registry.accounts.tables import Account, OidcIdentity, PendingOidc
from registry.piccolo_conf import DB

PENDING_LASTS = timedelta(minutes=15)
"""How long somebody may take at the provider."""

LONGEST_RETURN = 300


class IdentityProvider(Protocol):
    """A provider, as `registry.adapters.sign_in` makes it. Each method may refuse."""

    @property
    def id(self) -> str:
        """The word for it in our addresses."""
        ...

    @property
    def name(self) -> str:
        """Its name on our pages."""
        ...

    @property
    def issuer(self) -> str:
        """Its issuer."""
        ...

    async def address(self, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Return where to send the browser."""
        ...

    async def require_own_answer(self, issuer: str | None) -> None:
        """Refuse a callback that names another issuer."""
        ...

    async def subject(self, *, code: str, redirect_uri: str, verifier: str, nonce: str) -> str:
        """Exchange a code for the subject it stands for."""
        ...


class SignInRefused(RuleViolation):
    """The provider's answer is not one to this browser's question. Why, is in our log only."""

    code = "sign-in-refused"

    def __init__(self, provider: str) -> None:
        super().__init__(f"We could not sign you in with {provider}. Start again from here.")


class UnknownIdentity(RuleViolation):
    """The provider is sure who it is; no account here has that identity."""

    code = "unknown-identity"

    def __init__(self, provider: str) -> None:
        super().__init__(
            f"We do not know you by {provider} yet. Sign in with a code by email this once, "
            f"then add {provider} under “Ways to sign in”."
        )


class IdentityTaken(RuleViolation):
    """The identity opens another account already."""

    code = "identity-taken"

    def __init__(self, provider: str) -> None:
        super().__init__(f"This {provider} sign-in belongs to another account here.")


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the browser brought back from a provider; `code` is empty where it refused."""

    state: str
    code: str
    issuer: str | None


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """One way to sign in that an account has added."""

    issuer: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class _Pending:
    """A sign-in under way, opened. `account` is set where an identity is to be added to it."""

    nonce: str
    verifier: str
    return_to: str
    account: UUID | None


def redirect_uri(desk: Desk, provider: str) -> str:
    """Return the address a provider sends browsers back to; each provider has its own."""
    return f"{desk.public_url}/sign-in/oidc/{provider}/callback"


async def begin(
    desk: Desk,
    provider: IdentityProvider,
    *,
    browser: str,
    return_to: str,
    account: UUID | None = None,
) -> str:
    """Note a sign-in under way and return the provider's address to go on to.

    With `account`, the identity is added to it instead. Raises what the provider raises.
    """
    state, nonce, verifier = (new_token(desk.chance) for _each in range(3))
    address = await provider.address(
        redirect_uri=redirect_uri(desk, provider.id), state=state, nonce=nonce, verifier=verifier
    )
    await PendingOidc.insert(
        PendingOidc(
            state_key=_state_key(desk, state),
            browser_key=desk.keys.fingerprint("browser", browser),
            provider=provider.id,
            nonce=nonce,
            verifier_sealed=desk.keys.seal("oidc-verifier", verifier, desk.chance),
            return_to=return_to[:LONGEST_RETURN],
            account=account,
            expires_at=desk.now() + PENDING_LASTS,
        )
    )
    return address


async def finish(
    desk: Desk,
    provider: IdentityProvider,
    answer: ProviderAnswer,
    *,
    browser: str,
    cookie: str | None,
) -> Entered:
    """Sign in, or add the identity to the account that began this; the session is a new one.

    The note of the sign-in is taken out first, whatever follows: no answer counts twice. Raises
    SignInRefused, UnknownIdentity, IdentityTaken, or what the provider raises.
    """
    pending = await _take_out(desk, provider, answer.state, browser)
    await provider.require_own_answer(answer.issuer)
    if not answer.code:
        raise SignInRefused(provider.name)
    subject = await provider.subject(
        code=answer.code,
        redirect_uri=redirect_uri(desk, provider.id),
        verifier=pending.verifier,
        nonce=pending.nonce,
    )
    async with DB.transaction():
        if pending.account is not None:
            account = await _add(desk, provider, subject, to=pending.account, cookie=cookie)
        else:
            account = await _known(desk, provider, subject)
        new_cookie = await sessions.start(desk, account=account, how="oidc", replaces=cookie)
        await note(desk, "signed-in", account=account, detail=f"oidc {provider.id}")
    return Entered(account, new_cookie, pending.return_to)


async def note_refusal(desk: Desk, *, provider: str, reason: str) -> None:
    """Write down that an answer of a provider was refused, and why."""
    await note(desk, "sign-in-refused", detail=f"oidc {provider} {reason}")


async def identities_of(*, account: UUID) -> Sequence[LinkedIdentity]:
    """Return the identities that open `account`, the oldest first."""
    rows = (
        await OidcIdentity.select(OidcIdentity.issuer, OidcIdentity.linked_at)
        .where(OidcIdentity.account == account)
        .order_by(OidcIdentity.linked_at)
    )
    return [LinkedIdentity(row["issuer"], row["linked_at"]) for row in rows]


async def remove_identity(desk: Desk, *, account: UUID, issuer: str) -> None:
    """Take the identities of `issuer` off `account`; the code by mail always remains."""
    async with DB.transaction():
        await OidcIdentity.delete().where(
            (OidcIdentity.account == account) & (OidcIdentity.issuer == issuer)
        )
        await note(desk, "identity-removed", account=account, detail="oidc")


async def forget_abandoned(desk: Desk) -> None:
    """Delete sign-ins that were begun and never finished in time."""
    await PendingOidc.delete().where(PendingOidc.expires_at <= desk.now())


_TAKE_OUT = """
DELETE FROM pending_oidc
WHERE state_key = {} AND browser_key = {} AND provider = {}
RETURNING nonce, verifier_sealed, return_to, account, expires_at
"""


async def _take_out(desk: Desk, provider: IdentityProvider, state: str, browser: str) -> _Pending:
    """Return the sign-in of `state`, begun by `browser` at `provider`, and forget it."""
    rows: list[dict[str, Any]] = await PendingOidc.raw(
        _TAKE_OUT,
        _state_key(desk, state),
        desk.keys.fingerprint("browser", browser),
        provider.id,
    )
    if not rows or rows[0]["expires_at"] <= desk.now():
        raise SignInRefused(provider.name)
    row = rows[0]
    try:
        verifier = desk.keys.open("oidc-verifier", row["verifier_sealed"])
    except SealBroken as error:  # begun under a secret that has been replaced since
        raise SignInRefused(provider.name) from error
    return _Pending(row["nonce"], verifier, row["return_to"], row["account"])


async def _known(desk: Desk, provider: IdentityProvider, subject: str) -> UUID:
    """Return the open account that an identity opens. Raises UnknownIdentity."""
    account = await _owner(desk, provider, subject)
    if account is None or not await Account.exists().where(
        (Account.id == account) & Account.closed_at.is_null()
    ):
        raise UnknownIdentity(provider.name)
    return account


async def _add(
    desk: Desk, provider: IdentityProvider, subject: str, *, to: UUID, cookie: str | None
) -> UUID:
    """Add an identity to the account that asked for it, while it is still signed in here.

    Raises SignInRefused or IdentityTaken.
    """
    person = await sessions.find(desk, cookie) if cookie else None
    if person is None or person.account != to:
        raise SignInRefused(provider.name)
    added = await OidcIdentity.raw(
        _ADD, uuid4(), to, provider.issuer, subject, _key(desk, provider, subject), desk.now()
    )
    if added:
        await note(desk, "identity-added", account=to, detail=f"oidc {provider.id}")
    elif await _owner(desk, provider, subject) != to:
        raise IdentityTaken(provider.name)
    return to


_ADD = """
INSERT INTO oidc_identity (id, account, issuer, subject, key, linked_at)
VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (key) DO NOTHING RETURNING id
"""


async def _owner(desk: Desk, provider: IdentityProvider, subject: str) -> UUID | None:
    rows = await OidcIdentity.select(OidcIdentity.account).where(
        OidcIdentity.key == _key(desk, provider, subject)
    )
    return rows[0]["account"] if rows else None


def _key(desk: Desk, provider: IdentityProvider, subject: str) -> bytes:
    """Return the key of an identity: issuer and subject, neither able to spill into the other."""
    return desk.keys.fingerprint(
        "oidc-identity", f"{len(provider.issuer)}\n{provider.issuer}\n{subject}"
    )


def _state_key(desk: Desk, state: str) -> bytes:
    return desk.keys.fingerprint("oidc-state", state)
