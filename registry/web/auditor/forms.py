"""Forms of community auditors."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from charter.errors import FieldError, InvalidInput
from charter.reviews.service import Said
from registry.web.forms import Form
from registry.web.text import LongText, ShortLine

Tie = Literal["none", "employed", "member", "family", "money", "other"]


class PressForm(Form):
    """A button and nothing else."""


class OfferForm(Form):
    """Yes or no to a case, and whether there is a tie. A no needs no reason; none can be given."""

    sentences: ClassVar = {"answer": "Choose to accept or to decline"}

    answer: Literal["accept", "decline"]
    tie: Tie | None = Field(None, title="whether you have a tie to this organisation")

    def require_tie_answered(self) -> None:
        """Raise `InvalidInput` unless the question about ties was answered (rule 20)."""
        if self.tie is None:
            sentence = "Say whether you have a tie to this organisation"
            raise InvalidInput(sentence, errors=[FieldError("tie", sentence)])


class AnswerRow(Form):
    """What somebody says on one question of a case."""

    question: ShortLine = ""
    verdict: ShortLine
    reasons: LongText
    notes: LongText = ""

    def said(self) -> Said:
        """Return the row as the rules read it."""
        question = "" if self.question == WHOLE_CASE else self.question
        return Said(question, self.verdict, self.reasons, self.notes)


WHOLE_CASE = "whole-case"
"""How the page names the one question of a case that asks only one."""


class VerdictForm(Form):
    """What somebody says on every question of a case."""

    sentences: ClassVar = {
        "answers:missing": "Answer the questions",
        "answers.verdict": "Choose one answer",
        "answers.reasons:missing": "Give your reasons. They are published",
    }

    answers: tuple[AnswerRow, ...]


class HandBackForm(Form):
    """How much time was given to a case that is handed back. It is paid."""

    sentences: ClassVar = {"hours:missing": "Enter the hours you gave; 0 if none"}

    hours: Decimal = Field(title="the hours you gave", ge=0, le=100, decimal_places=2)


class TieForm(Form):
    """A tie to an organisation, declared before anything of it is offered."""

    sentences: ClassVar = {
        "organisation:missing": "Enter the organisation's name",
        "tie": "Choose what ties you to it",
    }

    organisation: ShortLine
    tie: Literal["employed", "member", "family", "money", "other"]


class BreakForm(Form):
    """How long somebody rests; `back` ends a break."""

    sentences: ClassVar = {"rest": "Choose how long"}

    rest: Literal["week", "month", "quarter", "half-year", "back"]


class PayAnswerForm(Form):
    """What a payee says of one payment."""

    sentences: ClassVar = {"answer": "Choose one"}

    answer: Literal["confirm", "dispute", "decline"]
