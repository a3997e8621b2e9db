"""Forms of an organisation and of its plan. What may stand in them is for the rules to say."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from charter.plans.pledge_rules import MilestoneDraft, PledgeDraft
from registry.web.forms import Form
from registry.web.text import LongText, ShortLine, capped, clean_line

EmailLine = Annotated[str, capped(clean_line, 254)]
"""An e-mail address as typed; the accounts say whether it is one."""

Pounds = Annotated[Decimal, Field(ge=0, le=100_000_000, decimal_places=2)]
"""An amount of money in pounds."""

PENCE = 100


class PressForm(Form):
    """A button and nothing else."""


class IdentifierRow(BaseModel):
    """A number in a register of organisations."""

    scheme: ShortLine = ""
    identifier: ShortLine = ""


class ApplicationForm(Form):
    """What an organisation says of itself when it applies."""

    sentences: ClassVar = {
        "proof": "Choose how you will show who you are",
        "sector": "Choose the sector you work in",
        "band": "Choose the size of the organisation",
        "boroughs": "Choose at least one borough",
        "sponsor_email:missing": "Enter the email address of your senior sponsor",
    }

    name: ShortLine = Field(title="the organisation's name")
    town: ShortLine = Field(title="the town it is in")
    website: ShortLine = ""
    domain: ShortLine = ""
    sector: ShortLine
    boroughs: tuple[ShortLine, ...]
    band: ShortLine
    identifiers: tuple[IdentifierRow, ...] = ()
    sponsor_role: ShortLine = Field(title="the sponsor's role, such as Chief Executive")
    sponsor_email: EmailLine = Field(title="the sponsor's email address")
    proof: Literal["domain-mail", "dns-txt", "register", "vouched"]


class AppealForm(Form):
    """Why a refusal should be looked at again."""

    reason: LongText = Field(title="why the decision should be looked at again")


class MailboxForm(Form):
    """The mailbox at the organisation's domain that a code goes to."""

    sentences: ClassVar = {"mailbox:missing": "Choose where to send the code"}

    mailbox: ShortLine


class ProofCodeForm(Form):
    """The code that was mailed to the organisation's domain."""

    sentences: ClassVar = {"code:missing": "Enter the code from the email"}

    code: ShortLine


class NameForm(Form):
    """What the organisation is called from now on."""

    name: ShortLine = Field(title="the organisation's name")


class DomainForm(Form):
    """Where the organisation is on the web from now on."""

    website: ShortLine = ""
    domain: ShortLine = ""


class PlaceForm(Form):
    """Where the organisation is and works from now on."""

    sentences: ClassVar = {
        "sector": "Choose the sector you work in",
        "boroughs": "Choose at least one borough",
    }

    town: ShortLine = Field(title="the town it is in")
    sector: ShortLine
    boroughs: tuple[ShortLine, ...]


class IdentifiersForm(Form):
    """The numbers in registers that the organisation carries from now on."""

    identifiers: tuple[IdentifierRow, ...] = ()


class SizeForm(Form):
    """The size of the organisation from now on."""

    sentences: ClassVar = {"band": "Choose the size of the organisation"}

    band: ShortLine


class InviteForm(Form):
    """Who joins, and in what part."""

    sentences: ClassVar = {"role": "Choose what the person will do"}

    email: EmailLine = Field(title="the person's email address")
    role: Literal["lead", "member", "delegate"]
    covers_from: date | None = Field(None, title="the first day of the cover")
    covers_until: date | None = Field(None, title="the last day of the cover")


class LeaverForm(Form):
    """Who takes over from somebody who leaves: one of the others, or nobody yet."""

    sentences: ClassVar = {"successor": "Choose who takes over, or nobody yet"}

    successor: Annotated[
        str, Field(pattern=r"^(nobody|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
    ]


class SponsorForm(Form):
    """Who answers for the charter from now on."""

    email: EmailLine = Field(title="the new sponsor's email address")
    sponsor_role: ShortLine = Field(title="the new sponsor's role, such as Chief Executive")


class SignForm(Form):
    """The sponsor's signature."""

    sentences: ClassVar = {"agreed": "Say that you have read the charter and sign it"}

    agreed: Literal["yes"]


class ReasonForm(Form):
    """A reason that is published."""

    sentences: ClassVar = {"reason:missing": "Say why. This is published"}

    reason: LongText


class AnswerForm(Form):
    """The answer for one type of racism."""

    sentences: ClassVar = {
        "applies": "Choose whether this type applies to your organisation",
        "priority:missing": "Enter its place in your order, from 1 to 5",
    }

    applies: Literal["yes", "no"]
    impacts: tuple[ShortLine, ...] = ()
    reason: LongText = Field(title="why it applies or does not")
    priority: int = Field(title="its place in your order")
    community_priority: int | None = Field(None, title="its place in the community's order")
    took_part: LongText = Field(title="who took part, as groups or roles")


class PracticeForm(Form):
    """Something the organisation already does."""

    title: ShortLine = Field(title="a short title")
    text: LongText = Field(title="what you already do")


class MilestoneRow(BaseModel):
    """One dated step of a pledge."""

    title: ShortLine = Field(title="what will be done by then")
    due_on: date = Field(title="the date of the milestone")
    evidence: LongText = Field(title="what will count as evidence")
    evidence_until: date | None = Field(None, title="until when the evidence holds")


class PledgeForm(Form):
    """Everything a pledge says."""

    sentences: ClassVar = {
        "funded": "Say whether money is set aside",
        "forms": "Choose the forms of racism it is about",
        "communities": "Choose the communities it is for",
        "change": "Choose the change you seek",
        "milestones": "Add at least one milestone",
        "owner_role:missing": "Name the role that answers for it, not a person",
        "who_notices:missing": "Say who will notice the difference",
        "starts_on:missing": "Enter the date it starts",
        "ends_on:missing": "Enter the date it ends",
    }

    title: ShortLine = Field(title="a short title")
    promise: LongText = Field(title="what you promise to do")
    actions: tuple[ShortLine, ...] = ()
    own_action: LongText = ""
    change: ShortLine
    who_notices: LongText
    forms: tuple[ShortLine, ...]
    communities: tuple[ShortLine, ...]
    also_concerns: tuple[ShortLine, ...] = ()
    secondary_types: tuple[ShortLine, ...] = ()
    measure: LongText = Field(title="what you will measure")
    baseline: LongText = Field(title="how it is today")
    target: LongText = Field(title="how it should be in the end")
    owner_role: ShortLine
    funded: Literal["yes", "no"]
    funding_pounds: Pounds | None = Field(None, title="the amount")
    funded_until: date | None = Field(None, title="until when the money is there")
    starts_on: date = Field(title="the start")
    ends_on: date = Field(title="the end")
    milestones: tuple[MilestoneRow, ...]

    def draft(self, type_id: str) -> PledgeDraft:
        """Return the pledge that the form describes, for one type of racism."""
        funded = self.funded == "yes"
        pounds = self.funding_pounds or Decimal(0)
        return PledgeDraft(
            type=type_id,
            secondary_types=self.secondary_types,
            title=self.title,
            promise=self.promise,
            actions=self.actions,
            own_action=self.own_action,
            change=self.change,
            who_notices=self.who_notices,
            forms=self.forms,
            communities=self.communities,
            also_concerns=self.also_concerns,
            measure=self.measure,
            baseline=self.baseline,
            target=self.target,
            owner_role=self.owner_role,
            funding_pence=int(pounds * PENCE) if funded else None,
            funded_until=self.funded_until if funded else None,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            milestones=tuple(
                MilestoneDraft(row.title, row.due_on, row.evidence, row.evidence_until)
                for row in self.milestones
            ),
        )


class ReadyMadeForm(Form):
    """What a ready-made pledge leaves open: against what, and for whom."""

    sentences: ClassVar = {
        "forms": "Choose the forms of racism it is about",
        "communities": "Choose the communities it is for",
    }

    forms: tuple[ShortLine, ...]
    communities: tuple[ShortLine, ...]


class AmendmentForm(PledgeForm):
    """A pledge as it is to read from now on, and why."""

    sentences: ClassVar = {
        **PledgeForm.sentences,
        "reason:missing": "Say in public why the pledge changes",
    }

    reason: LongText
    based_on: int


class SessionForm(Form):
    """A session held with communities."""

    sentences: ClassVar = {
        "held_on:missing": "Enter the day it was held",
        "hours:missing": "Enter the hours people gave, all together",
        "pay:missing": "Enter what they are paid all together; 0 if they are not",
        "contributors:missing": "Enter how many people took part",
    }

    held_on: date = Field(title="the day it was held")
    hours: Decimal = Field(title="the hours people gave", decimal_places=2)
    pay: Pounds = Field(title="the pay")
    pledges: tuple[int, ...] = ()
    types: tuple[ShortLine, ...] = ()
    group: UUID | None = Field(None, title="the group")
    contributors: int = Field(title="how many people took part")


class SessionPayForm(Form):
    """What the people of a session are paid all together, where too little was written down."""

    sentences: ClassVar = {"pay:missing": "Enter what they are paid, all together"}

    pay: Pounds = Field(title="the pay")


class PaidForm(Form):
    """How the people of a session were paid."""

    sentences: ClassVar = {"kind": "Choose how they were paid"}

    kind: Literal["fee", "voucher", "gift"]


class AskForm(Form):
    """What a group is asked for."""

    sentences: ClassVar = {
        "group": "Choose the group you ask",
        "purpose:missing": "Say what you ask the group for, and why",
        "people:missing": "Enter how many people you ask for",
        "hours:missing": "Enter how many hours you ask for, all together",
        "pay:missing": "Enter what you will pay; 0 if you cannot",
        "held_on:missing": "Enter the date",
    }

    group: UUID
    purpose: LongText
    people: int = Field(title="how many people")
    hours: Decimal = Field(title="the hours", decimal_places=2)
    pay: Pounds = Field(title="the pay")
    held_on: date = Field(title="the date")


class PartnerForm(Form):
    """Who is asked to share a pledge, and what they would do."""

    sentences: ClassVar = {"part:missing": "Say what they would do"}

    organisation: ShortLine = Field("", title="the address of its public page")
    group: UUID | None = Field(None, title="the group")
    part: LongText


class PlacementForm(Form):
    """One more place where the badge hangs."""

    sentences: ClassVar = {
        "label:missing": "Say where this badge will hang",
        "kind": "Choose what kind of place it is",
    }

    label: ShortLine
    kind: ShortLine
