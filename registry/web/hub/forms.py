"""Forms of the hub's people. A reason is asked wherever one is published or logged."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from badges.endorsements.rules import LARGEST, WhyEnded
from charter.errors import FieldError, InvalidInput
from charter.history.erasure_rules import Ground
from registry.web.forms import Form
from registry.web.text import LongText, ShortLine, capped, clean_text


class PressForm(Form):
    """A button and nothing else."""


class IdentityForm(Form):
    """Whether an organisation is who it says it is; how that was shown, or why not."""

    sentences: ClassVar = {
        "decision": "Choose to accept or to refuse",
        "how": "Choose how the organisation showed who it is",
    }

    decision: Literal["accept", "refuse"]
    how: Literal["domain-mail", "dns-txt", "register", "vouched"] | None = None
    reason: LongText = ""

    def require_grounds(self) -> None:
        """Raise `InvalidInput` for a yes that does not say how, or a no that does not say why."""
        if self.decision == "accept" and self.how is None:
            _refuse("how", "Choose how the organisation showed who it is")
        if self.decision == "refuse" and not self.reason:
            _refuse("reason", "Say why, so that the applicant can put it right or appeal")


class VoucherForm(Form):
    """Somebody who vouched: a role, how they were reached, and whether they are tied."""

    sentences: ClassVar = {
        "who:missing": "Say who they are by role, never by name",
        "reached": "Choose how you reached them",
        "tied": "Say whether they are tied to the group or to another voucher",
    }

    who: ShortLine
    reached: Literal["telephone", "visit"]
    tied: Literal["yes", "no"]


class HandoverForm(Form):
    """Who is asked to take an empty part of an organisation."""

    sentences: ClassVar = {"role": "Choose what the person is asked to be"}

    email: ShortLine = Field(title="their email address")
    role: Literal["lead", "sponsor"]
    sponsor_role: ShortLine = ""


class PanelKeyForm(Form):
    """A community panel and the DID document it serves."""

    sentences: ClassVar = {
        "name:missing": "Enter what the panel is called",
        "url:missing": "Enter the panel's own web address",
        "document:missing": "Paste the panel's did.json",
    }

    name: ShortLine
    url: ShortLine
    document: Annotated[str, capped(clean_text, LARGEST)]


class PanelKeyEndForm(Form):
    """Why a panel's keys count no more."""

    sentences: ClassVar = {"why": "Choose why. It is published"}

    why: WhyEnded


class RenewalForm(Form):
    """How an organisation showed again who it is."""

    sentences: ClassVar = {"how": "Choose how the organisation showed who it is"}

    how: Literal["domain-mail", "dns-txt", "register", "vouched"]


class GroupCheckForm(Form):
    """Whether a community group is what it says it is, or why not."""

    sentences: ClassVar = {"decision": "Choose to accept or to refuse"}

    decision: Literal["accept", "refuse"]
    reason: LongText = ""

    def require_grounds(self) -> None:
        """Raise `InvalidInput` for a no that does not say why."""
        if self.decision == "refuse" and not self.reason:
            _refuse("reason", "Say why, so that the group can put it right")


class RefusalForm(Form):
    """Why a resource is not added. Its proposer reads it."""

    reason: LongText = Field(title="why, for its proposer")


class ConcernForm(Form):
    """What a steward does with a concern: they never decide it."""

    sentences: ClassVar = {"outcome": "Choose what becomes of it"}

    outcome: Literal["acknowledged", "answered", "passed-to-panel", "meeting-offered"]


class RegisterAnswerForm(Form):
    """The hub's public answer, with its plan, to a concern upheld about the register."""

    answer: LongText = Field(title="what the hub answers")
    plan: LongText = Field(title="what the hub will do, and by when")


class RedrawForm(Form):
    """Why a seat is drawn again. The reason is public."""

    sentences: ClassVar = {"why": "Choose why the seat is drawn again. It is published"}

    why: Literal["auditor-asked", "no-answer", "tie-came-to-light"]


class OpenListForm(Form):
    """Which sealed list is opened, and why. Both are public."""

    sentences: ClassVar = {"why": "Choose why you open it. It is published"}

    case: int = Field(title="the number of the case", ge=1, le=2**31 - 1)
    why: Literal["after-a-complaint", "yearly-check", "by-lot"]


class TogetherForm(Form):
    """Why two stewards should do something together. It is written down."""

    sentences: ClassVar = {"why": "Choose why. It is written down"}

    why: Literal[
        "the-copy-is-in-doubt",
        "after-a-complaint",
        "court-order",
        "personal-data",
        "unlawful-words",
    ]


class PauseForm(Form):
    """Why a clock stops. The reason is public."""

    sentences: ClassVar = {"why": "Choose why the clock stops. It is published"}

    why: Literal["hub-late", "outage", "quiet-period"]


class ErasureForm(Form):
    """Which published words should go, and why. The ground is public."""

    sentences: ClassVar = {
        "passages": "Choose the text to remove",
        "ground": "Choose why the words go. It is published",
    }

    passages: tuple[ShortLine, ...]
    ground: Ground


class FactForm(Form):
    """What is right in place of a wrong fact, and what was wrong. The reason is public."""

    sentences: ClassVar = {
        "value": "Write what is right",
        "reason": "Say what was wrong. It is published",
    }

    value: ShortLine
    reason: LongText


class DissolutionForm(Form):
    """Which organisation was dissolved, when, and how that is known. The source is public."""

    sentences: ClassVar = {
        "organisation": "Enter its address on the register",
        "day": "Enter the day, for example 27 3 2026",
        "source": "Say how this is known. It is published",
    }

    organisation: ShortLine
    day: date
    source: LongText


class OutageForm(Form):
    """A day on which the register was out of reach, and for how long."""

    sentences: ClassVar = {
        "day": "Enter the day, for example 27 3 2026",
        "minutes": "Enter the minutes as a whole number",
    }

    day: date
    minutes: int


class QuietForm(Form):
    """Why nobody in the communities is asked for anything, and until when. Both are public."""

    sentences: ClassVar = {
        "reason:missing": "Say why. It is published",
        "until:missing": "Enter the last day of the quiet period",
    }

    reason: LongText
    until: date


class PaymentForm(Form):
    """How a payment was made."""

    sentences: ClassVar = {"kind": "Choose how it was paid"}

    kind: Literal["fee", "voucher", "gift"]


class PayeeForm(Form):
    """Why a payee's identity is opened. It is logged."""

    sentences: ClassVar = {"why": "Choose why you open it. It is logged"}

    why: Literal["to-pay-them", "to-ask-about-a-payment"]


class AuditorIdentityForm(Form):
    """Why an auditor's identity is opened. It is logged."""

    sentences: ClassVar = {"why": "Choose why you open it. It is logged"}

    why: Literal["to-see-how-they-are", "to-answer-them", "to-look-into-a-tie", "after-a-complaint"]


class RegisterAuditorForm(Form):
    """Somebody vetted joins the list of auditors."""

    email: ShortLine = Field(title="their email address")
    employer_domain: ShortLine = Field("", title="the web domain of their employer")


class RestForm(Form):
    """An auditor rests, comes back, or leaves the list for good. Why is logged."""

    sentences: ClassVar = {
        "what": "Choose what to do",
        "grounds": "Choose why. It is logged",
    }

    what: Literal["rest-a-month", "rest-three-months", "come-back", "end"]
    grounds: Literal["they-asked", "to-look-after-them", "undeclared-tie", "conduct"]


def _refuse(field: str, sentence: str) -> None:
    raise InvalidInput(sentence, errors=[FieldError(field, sentence)])
