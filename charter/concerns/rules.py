"""Rules of concerns: what they can be about, and the receipt that follows one (rule 38)."""

import hashlib

from charter.chance import CROCKFORD
from charter.errors import FieldError

ABOUT = ("promise", "conduct-of-scheme", "wrong-place", "still-up")
"""What a concern can be about. The last two are said of a badge, and are one tap."""

ONE_TAP = frozenset({"wrong-place", "still-up"})
"""Reports about a badge that need no words."""

TRIAGED = ("answered", "passed-to-panel", "resolved-by-agreement")
"""What a steward without ties can do with a concern; a steward never decides one."""

RECEIPT_LENGTH = 20
"""Characters of a receipt: 100 bits, five each."""

GROUP = 5
TEXT_LENGTH = 5_000


def check_concern(about: str, text: str) -> list[FieldError]:
    """Return everything wrong with a concern, by field."""
    errors = []
    if about not in ABOUT:
        errors.append(FieldError("about", "Choose what it is about."))
    if about not in ONE_TAP and not text.strip():
        errors.append(FieldError("text", "Tell us what happened."))
    if len(text) > TEXT_LENGTH:
        errors.append(FieldError("text", f"Write up to {TEXT_LENGTH} characters."))
    return errors


def show_receipt(code: str) -> str:
    """Return a receipt in groups of five, as it is read out."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def hash_receipt(typed: str) -> str:
    """Return what is kept of a receipt: its hash, whatever dashes, spaces or case were typed."""
    folded = typed.casefold().replace("o", "0").replace("i", "1").replace("l", "1")
    plain = "".join(letter for letter in folded if letter in CROCKFORD)
    return hashlib.sha256(plain.encode()).hexdigest()
