"""What a panel is asked, in plain words, and what is said before a case opens (rule 24a)."""

from collections.abc import Mapping
from dataclasses import dataclass

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of case: its name, what each of its questions asks, and the words to choose from."""

    name: str
    about: str
    asks: str
    claim: str
    choices: Choices


YES_OR_NO: Choices = (("yes", "Yes"), ("no", "No"))

KINDS: Mapping[str, Kind] = {
    "evidence": Kind(
        "Reports on promises",
        "You read what the organisation says came of its promises, and the evidence beside it. "
        "You judge whether its own claim is borne out, not whether it is good enough.",
        "Does the evidence bear this report out?",
        "What the organisation says",
        (
            ("accepted", "Accepted: the evidence bears it out"),
            ("more-needed", "More is needed before anyone can tell"),
            ("not-accepted", "Not accepted: the evidence does not bear it out"),
        ),
    ),
    "does-not-apply": Kind(
        "A type said not to apply",
        "The organisation says that a type of racism does not apply to it. "
        "It counts only if the auditors agree.",
        "Do you agree that this type does not apply?",
        "Why the organisation says so",
        YES_OR_NO,
    ),
    "extension": Kind(
        "A request for more time",
        "The organisation asks for a date to move, once.",
        "Should the date move?",
        "Why the organisation asks",
        YES_OR_NO,
    ),
    "accountability": Kind(
        "The yearly look back",
        "The organisation has looked back on its year. You say, type by type, what you find.",
        "What do you find?",
        "What the organisation says of its year",
        (
            ("kept", "Kept"),
            ("partly-kept", "Partly kept"),
            ("not-kept", "Not kept"),
            ("cannot-tell", "I cannot tell"),
        ),
    ),
    "concern": Kind(
        "A concern",
        "Somebody raised a concern. Nobody knows who. You say whether it is upheld.",
        "Is this concern upheld?",
        "What was raised",
        YES_OR_NO,
    ),
    "concern-appeal": Kind(
        "An appeal about a concern",
        "Three other auditors decided a concern, and that was appealed. Nobody knows who raised "
        "it. You decide anew, and yours is the last word.",
        "Is this concern upheld?",
        "What was raised, what was decided, and what the appeal says",
        YES_OR_NO,
    ),
}
"""Every kind of case a panel can be asked about."""

TIES: Choices = (
    ("none", "No, none of these"),
    ("employed", "I work there, or did"),
    ("member", "I am a member, a trustee or a volunteer there, or was in the last 3 years"),
    ("family", "Somebody close to me works there or runs it"),
    ("money", "It pays me, or I pay it, or we share a contract"),
    ("other", "Something else ties me to it"),
)
"""The ties that are asked after before anything is shown; the words match `reviews.auditors`."""

BREAKS: Mapping[str, tuple[str, int]] = {
    "week": ("One week", 7),
    "month": ("One month", 30),
    "quarter": ("Three months", 91),
    "half-year": ("Six months", 182),
}
"""How long a break can be taken at once, in days. It can be taken again."""

PAY_STATES: Mapping[str, str] = {
    "due": "Not paid yet",
    "paid": "Paid: did it arrive?",
    "confirmed": "Paid and confirmed",
    "declined": "You chose not to be paid",
}
