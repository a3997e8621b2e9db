"""Signing in by mail. Looking at a link changes nothing; only a button pressed does.

Known and unknown addresses get the same answer after the same work: an account comes into
being when its first code is redeemed, never when one is asked for.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email

from charter.errors import FieldError, InvalidInput
from registry.accounts import limits, sessions
from registry.accounts.desk import Desk
from registry.accounts.keys import new_token
from registry.accounts.post import allow_mail, queue_mail
from registry.accounts.security import note
from registry.accounts.tables import Account, SignInCode
from registry.piccolo_conf import DB

CODE_LASTS = timedelta(minutes=15)
CODE_DIGITS = 6
MOST_ATTEMPTS = 5
"""Wrong codes after which a request to sign in is dead."""


class UnusableAddress(InvalidInput):
    """What was typed is not an e-mail address."""

    code = "unusable-address"

    def __init__(self) -> None:
        sentence = "Enter an email address in the correct format, like name@example.org"
        super().__init__(sentence, errors=(FieldError("email", sentence),))


class WrongCode(InvalidInput):
    """The code is wrong, used, too old, or belongs to another browser. Which, is not said."""

    code = "wrong-code"

    def __init__(self) -> None:
        sentence = "That code is not right, or is too old. Check it, or ask for a new one"
        super().__init__(sentence, errors=(FieldError("code", sentence),))


class DeadLink(InvalidInput):
    """The link is used, too old, or was opened in another browser than the one that asked."""

    code = "dead-link"

    def __init__(self) -> None:
        super().__init__(
            "This link has been used, is too old, or was asked for in another browser. "
            "Use the 6-digit code from the email there, or ask for a new one."
        )


@dataclass(frozen=True, slots=True)
class Entered:
    """Someone signed in: the cookie of the new session, and where they were going."""

    account: UUID
    cookie: str
    return_to: str


def plain_address(typed: str) -> str:
    """Return `typed` as the address it means. Raises UnusableAddress."""
    try:
        checked = validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise UnusableAddress from error
    return checked.normalized.lower()


async def request_code(desk: Desk, *, email: str, browser: str, return_to: str = "") -> None:
    """Mail a code and a link to `email`, usable once, for 15 minutes, in `browser` only.

    Raises UnusableAddress.
    """
    address = plain_address(email)
    now = desk.now()
    code = _drawn_code(desk)
    link = new_token(desk.chance)
    request = uuid4()
    async with DB.transaction():
        await SignInCode.insert(
            SignInCode(
                id=request,
                email_sealed=desk.keys.seal("email", address, desk.chance),
                email_key=desk.keys.fingerprint("email", address),
                code_key=_code_key(desk, request, code),
                link_key=desk.keys.fingerprint("sign-in-link", link),
                browser_key=desk.keys.fingerprint("browser", browser),
                return_to=return_to,
                asked_at=now,
                expires_at=now + CODE_LASTS,
            )
        )
        await queue_mail(
            desk,
            key=f"sign-in-code:{request}",
            to=address,
            subject=f"{code} is your sign-in code",
            text=_SIGN_IN_MAIL.format(code=code, address=f"{desk.public_url}/sign-in/link/{link}"),
        )


_SIGN_IN_MAIL = """\
Your code is {code}

Type it on the page where you asked for it, in the next 15 minutes. Or open this link in the \
same browser and press the button:

{address}

If you did not ask to sign in, you need not do anything.
"""


async def redeem_code(desk: Desk, *, code: str, browser: str, cookie: str | None) -> Entered:
    """Sign in with the code last mailed for `browser`; the session of `cookie`, if any, ends.

    Every try is counted, the fifth wrong one kills the request. Raises WrongCode.
    """
    now = desk.now()
    found = await SignInCode.raw(
        _TRY_CODE, desk.keys.fingerprint("browser", browser), now, MOST_ATTEMPTS
    )
    if not found or not _is_code(desk, found[0], code):
        raise WrongCode
    return await _enter(desk, found[0]["id"], cookie=cookie, refusal=WrongCode())


async def redeem_link(desk: Desk, *, link: str, browser: str, cookie: str | None) -> Entered:
    """Sign in with a mailed link, in the browser that asked for it. Raises DeadLink."""
    found = await SignInCode.select(SignInCode.id).where(
        SignInCode.link_key == desk.keys.fingerprint("sign-in-link", link),
        SignInCode.browser_key == desk.keys.fingerprint("browser", browser),
    )
    if not found:
        raise DeadLink
    return await _enter(desk, found[0]["id"], cookie=cookie, refusal=DeadLink())


async def sign_out(desk: Desk, *, cookie: str) -> None:
    """End the session of `cookie`."""
    await sessions.end(desk, cookie)


# The newest open request of a browser is the one tried. The count goes up before the code is
# compared, in one statement, so that parallel guesses are all counted.
_TRY_CODE = """
UPDATE sign_in_code SET attempts = attempts + 1
WHERE id = (SELECT id FROM sign_in_code
            WHERE browser_key = {} AND used_at IS NULL AND expires_at > {}
            ORDER BY asked_at DESC LIMIT 1)
  AND attempts < {}
RETURNING id, code_key
"""

_USE_ONCE = """
UPDATE sign_in_code SET used_at = {}
WHERE id = {} AND used_at IS NULL AND expires_at > {} AND attempts <= {}
RETURNING email_sealed, email_key, return_to
"""

_OPEN_ACCOUNT = """
INSERT INTO account (id, email_sealed, email_key, created_at) VALUES ({}, {}, {}, {})
ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key
RETURNING id, closed_at
"""


async def _enter(
    desk: Desk, request: UUID, *, cookie: str | None, refusal: InvalidInput
) -> Entered:
    """Use a request up and begin a session: both or neither. Raises `refusal`."""
    now = desk.now()
    async with DB.transaction():
        used = await SignInCode.raw(_USE_ONCE, now, request, now, MOST_ATTEMPTS)
        if not used:
            raise refusal
        opened = await Account.raw(
            _OPEN_ACCOUNT, uuid4(), used[0]["email_sealed"], used[0]["email_key"], now
        )
        account: UUID = opened[0]["id"]
        if opened[0]["closed_at"] is not None:
            raise refusal
        new_cookie = await sessions.start(desk, account=account, how="code", replaces=cookie)
        await note(desk, "signed-in", account=account)
    return Entered(account, new_cookie, used[0]["return_to"])


async def email_of(desk: Desk, *, account: UUID) -> str | None:
    """Return the address of `account`, or None where there is no such account."""
    rows = await Account.select(Account.email_sealed).where(Account.id == account)
    return desk.keys.open("email", rows[0]["email_sealed"]) if rows else None


async def account_for(desk: Desk, *, email: str) -> UUID:
    """Return the account of `email`, opening one where there is none. Raises UnusableAddress."""
    address = plain_address(email)
    opened = await Account.raw(
        _OPEN_ACCOUNT,
        uuid4(),
        desk.keys.seal("email", address, desk.chance),
        desk.keys.fingerprint("email", address),
        desk.now(),
    )
    account: UUID = opened[0]["id"]
    return account


async def ask_within_limits(desk: Desk, *, email: str, browser: str, network: str) -> None:
    """Count a request for a code against every limit it falls under. Raises TooManyAttempts."""
    await limits.spend(desk, limits.ASK_PER_BROWSER, browser)
    await limits.spend(desk, limits.ASK_PER_NETWORK, network)
    await limits.spend(desk, limits.ASK_PER_ADDRESS, plain_address(email))
    await allow_mail(desk, to=plain_address(email))
    await limits.spend(desk, limits.ASK_AT_ALL, "all")


def _drawn_code(desk: Desk) -> str:
    """Return six random digits, each code as likely as any other."""
    return f"{int.from_bytes(desk.chance.bytes(16)) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def _code_key(desk: Desk, request: UUID, code: str) -> bytes:
    return desk.keys.fingerprint("sign-in-code", f"{request}\n{code}")


def _is_code(desk: Desk, row: Mapping[str, Any], code: str) -> bool:
    return hmac.compare_digest(row["code_key"], _code_key(desk, row["id"], code))
