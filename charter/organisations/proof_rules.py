"""Rule 1, the first proof: what shows who an organisation is, and for how long that holds.

Pure. Control of a domain is shown to the product itself; a register and vouchers are checked by a
steward. Whatever was shown, a steward decides.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.framework.pack import FrameworkPack
from charter.organisations.rules import PROOFS, PROOFS_AT_A_DOMAIN

Reached = Literal["telephone", "visit"]
"""How a steward reached a voucher."""

Look = Literal["found", "missing"]
"""What a look at a domain gave. A look that got no answer is no look."""

REACHED: tuple[str, ...] = get_args(Reached)
CODE_LENGTH = 10
RECORD_PREFIX = "_charter-registry"
"""The name, below the domain, at which its TXT record stands."""

WHO_MOST = 100


class NoDomain(RuleViolation):
    """The organisation has named no domain that it controls."""

    code = "no-domain"
    rule = 1


class WrongProofCode(InvalidInput):
    """The code from the mail is wrong, too old, or was tried too often. Which, is not said."""

    code = "wrong-proof-code"
    rule = 1


class ProofNotShown(RuleViolation):
    """The organisation has not shown who it is in the way that is to be accepted."""

    code = "proof-not-shown"
    rule = 1


@dataclass(frozen=True, slots=True)
class VoucherHeard:
    """Somebody who vouched: who they are by role, and whether they are tied to anybody in it."""

    who: str
    tied: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What an organisation has shown so far, each in the way rule 1 asks."""

    domain: Collection[str]
    register_numbers: int
    vouchers: Sequence[VoucherHeard]


def decide_proof(how: str, shown: Shown, pack: FrameworkPack) -> None:
    """Raise `ProofNotShown` unless an organisation has shown who it is by `how` (rule 1).

    Raises `InvalidInput` where `how` is none of the four ways.
    """
    if how not in PROOFS:
        raise InvalidInput("Choose how the organisation showed who it is.")
    if how in PROOFS_AT_A_DOMAIN and how not in shown.domain:
        raise ProofNotShown(
            "The domain has not been shown yet. The organisation does that on its own pages."
        )
    if how == "register" and not shown.register_numbers:
        raise ProofNotShown("It has given no register number. Choose another way.")
    needed = pack.numbers.signing.vouchers
    if how == "vouched" and len(unconnected(shown.vouchers)) < needed:
        raise ProofNotShown(
            f"Write down {needed} vouchers first who are tied neither to the group nor to each"
            " other, each reached by telephone or visit."
        )


def unconnected(vouchers: Sequence[VoucherHeard]) -> set[str]:
    """Return who vouched without being tied to anybody: the same person twice is one."""
    return {" ".join(each.who.lower().split()) for each in vouchers if not each.tied}


def check_voucher(who: str, reached: str) -> list[FieldError]:
    """Return everything wrong with what a steward writes down about a voucher."""
    errors = []
    if not 0 < len(who.strip()) <= WHO_MOST:
        sentence = f"Say who they are by role, in {WHO_MOST} characters or fewer. No name."
        errors.append(FieldError("who", sentence))
    if reached not in REACHED:
        errors.append(FieldError("reached", "Choose how you reached them."))
    return errors


def decide_mailbox(domain: str | None, mailbox: str, pack: FrameworkPack) -> str:
    """Return the address a code is mailed to. Raises `NoDomain` and `InvalidInput`."""
    if not domain:
        raise NoDomain("Enter your web domain first; then we can write to an address at it.")
    if mailbox not in pack.numbers.signing.proof_mailboxes:
        sentence = "Choose one of the addresses in the list."
        raise InvalidInput(sentence, errors=[FieldError("mailbox", sentence)])
    return f"{mailbox}@{domain}"


def is_alive(asked_at: datetime, attempts: int, now: datetime, pack: FrameworkPack) -> bool:
    """Say whether a mailed code can be typed in, at this try, the last of so many `attempts`."""
    numbers = pack.numbers.signing
    lasts = timedelta(hours=numbers.proof_code_hours)
    return attempts <= numbers.proof_code_attempts and now < asked_at + lasts


def record_name(how: str, domain: str) -> str:
    """Return the name in the DNS that is looked at for a proof of this kind."""
    return f"{RECORD_PREFIX}.{domain}" if how == "dns-txt" else domain


def is_news(shown_at: datetime | None, missing_since: datetime | None) -> bool:
    """Say whether finding a record shows what was not known to hold before."""
    return shown_at is None or missing_since is not None


def missing_from(look: Look, missing_since: datetime | None, now: datetime) -> datetime | None:
    """Return since when a domain or its record has been missing, after one more look."""
    return None if look == "found" else missing_since or now


def has_lapsed(
    shown_at: datetime | None, missing_since: datetime | None, now: datetime, pack: FrameworkPack
) -> bool:
    """Say whether what was shown has been missing so long that it is asked for again (row 16)."""
    if shown_at is None or missing_since is None:
        return False
    return now >= missing_since + timedelta(days=pack.numbers.signing.proof_missing_days)


def renews_by_itself(renamed_on: date | None, proven_on: date | None) -> bool:
    """Say whether control of the domain is all that is asked.

    After a change of name a steward looks, too: the domain says nothing about the new name.
    """
    return proven_on is not None and (renamed_on is None or renamed_on < proven_on)
