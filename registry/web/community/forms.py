"""Forms of contributors and of community groups."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from charter.plans.codesign_rules import ContributorAnswer
from registry.web.forms import Form
from registry.web.text import LongText, ShortLine


class PressForm(Form):
    """A button and nothing else."""


class CodeForm(Form):
    """A code from a printed sheet."""

    sentences: ClassVar = {"code:missing": "Enter the code from your sheet"}

    code: ShortLine


class PlaceRow(BaseModel):
    """The place of one type in somebody's own order."""

    type: ShortLine
    place: int | None = None


class ContributionForm(Form):
    """What somebody who took part says. Nothing in it tells who they are."""

    sentences: ClassVar = {
        "happened": "Say whether this session happened",
        "paid": "Say whether you were paid, or chose not to be",
        "agrees": "Say whether you agree to what it shaped",
        "employed": "Say whether you work for the organisation",
    }

    happened: Literal["yes", "no"]
    paid: Literal["paid", "declined", "unpaid"]
    agrees: Literal["yes", "no"]
    employed: Literal["yes", "no"]
    order: tuple[PlaceRow, ...] = ()

    def answer(self) -> ContributorAnswer:
        """Return the answer as the rules read it."""
        return ContributorAnswer(
            happened=self.happened == "yes",
            paid=self.paid,
            agrees=self.agrees == "yes",
            employed=self.employed == "yes",
            places=tuple((row.type, row.place) for row in self.order if row.place is not None),
        )


class PayForm(Form):
    """Whether the pay that somebody was owed has come."""

    sentences: ClassVar = {"arrived": "Say whether it arrived"}

    arrived: Literal["yes", "no"]


class GroupForm(Form):
    """A community group that registers."""

    name: ShortLine = Field(title="the group's name")
    borough: ShortLine = Field(title="the borough")
    people: int = Field(title="how many of you can be asked")


class AskAnswerForm(Form):
    """Yes or no to a request. A no needs no reason and none can be given."""

    sentences: ClassVar = {"answer": "Choose to accept or to decline"}

    answer: Literal["accept", "decline"]


class LeaveForm(Form):
    """Leaving a shared pledge. A reason may be given and need not be."""

    reason: LongText = ""


class HearingForm(Form):
    """What a group says to a panel, or that it says nothing."""

    next: Literal["say", "nothing"] = "say"
    words: LongText = ""


class DoorForm(Form):
    """Until when the group takes no requests; no date opens the door."""

    until: date | None = Field(None, title="the last day")
