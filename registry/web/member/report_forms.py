"""Forms of evidence, of more time, and of what is said about reviews and concerns."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from charter.evidence.rules import ReportDraft
from charter.evidence.sitting import Told
from registry.web.forms import Form
from registry.web.text import LongText, ShortLine


class ItemForm(Form):
    """A link, a figure or a note."""

    label: ShortLine = Field(title="what it is, in a few words")
    body: LongText = Field(title="the link, figure or note")
    names_people: Literal["yes", "no"] = Field(title="whether a person can be recognised in it")


class FileForm(Form):
    """What goes with a file."""

    label: ShortLine = Field(title="what the file shows, in a few words")
    names_people: Literal["yes", "no"] = Field(title="whether a person can be recognised in it")


class ChangeForm(Form):
    """An accepted item as it is to read from now on, and what sort of change that is."""

    sentences: ClassVar = {"what": "Say whether it is a correction or more than that"}

    label: ShortLine = Field(title="what it is, in a few words")
    body: LongText = ""
    what: Literal["correction", "change"]


class RemovalForm(Form):
    """Which item goes."""

    item: UUID


class ReportForm(Form):
    """What came of one milestone."""

    sentences: ClassVar = {"worked": "Say whether it worked fully, partly or not"}

    worked: Literal["fully", "partly", "not"]
    summary: LongText = Field(title="what was done")
    what_did_not_work: LongText = ""
    why: LongText = ""
    what_changes: LongText = ""


class SittingRow(BaseModel):
    """What is told of one milestone in a sitting; nothing, where it is left for later."""

    pledge: int
    milestone: int
    worked: Literal["fully", "partly", "not"] | None = None
    summary: LongText = ""
    what_did_not_work: LongText = ""
    why: LongText = ""
    what_changes: LongText = ""
    shows: LongText = ""


class SittingForm(Form):
    """Everything told in one sitting."""

    reports: tuple[SittingRow, ...] = ()

    def told(self) -> dict[int, Told]:
        """Return what was told, by its place on the page; what is left for later is left out."""
        return {
            place: Told(
                row.pledge,
                row.milestone,
                ReportDraft(
                    row.worked or "",
                    row.summary,
                    row.what_did_not_work,
                    row.why,
                    row.what_changes,
                ),
                row.shows,
            )
            for place, row in enumerate(self.reports)
            if row.worked or row.summary or row.shows
        }


class MoreTimeForm(Form):
    """A request to move a date."""

    sentences: ClassVar = {"reason:missing": "Say why you need more time. It is published"}

    days: int = Field(title="how many days more you need", ge=1)
    reason: LongText


class ReplyForm(Form):
    """What the organisation says to a verdict."""

    reply: LongText = Field(title="your reply")


class ReflectionForm(Form):
    """The year as the organisation sees it. The findings by type are read from the page."""

    what_worked: LongText = Field(title="what worked")
    what_did_not_work: LongText = Field(title="what did not work, and why")
    what_changes: LongText = Field(title="what changes now")


class ConcernAnswerForm(Form):
    """What the organisation answers, in public, to a concern that was upheld."""

    answer: LongText = Field(title="your answer")
    plan: LongText = Field(title="what you will do, and by when")


class ConcernAppealForm(Form):
    """Why a decision about a concern should be looked at again. Read by three other auditors."""

    sentences: ClassVar = {"why:missing": "Say what the decision got wrong"}

    why: LongText
