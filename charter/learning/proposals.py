"""What proposals to the library have in common: the hub owes a decision on each."""

from charter.errors import FieldError, InvalidInput
from charter.learning.rules import REFUSAL_MOST
from charter.ledger import Ledger
from charter.obligations.service import meet_obligation, open_obligation
from charter.obligations.tables import Obligation

PROPOSAL = "library-proposal"
"""The kind of obligation by which the hub owes a decision on words from outside."""


async def owe_decision(tx: Ledger) -> int:
    """Give the hub its date to read a proposal, and return the obligation."""
    owed = await open_obligation(tx, PROPOSAL, organisation=None)
    number: int = owed.id
    return number


async def decided(tx: Ledger, obligation: int | None) -> None:
    """Record that the hub has decided; what was shown at once never owed a decision."""
    owed = await Obligation.objects().where(Obligation.id == obligation).first()
    if owed is not None:
        await meet_obligation(tx, owed)


def refusal_of(reason: str) -> str:
    """Return the reason of a refusal. Raises `InvalidInput` where there is none."""
    refusal = reason.strip()
    if not 0 < len(refusal) <= REFUSAL_MOST:
        sentence = f"Say why, in {REFUSAL_MOST:,} characters or fewer."
        raise InvalidInput(sentence, errors=[FieldError("reason", sentence)])
    return refusal
