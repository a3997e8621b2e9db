"""Forms of the library."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from charter.learning.rules import CelebrationProposal, ResourceProposal
from registry.web.forms import Form
from registry.web.text import LongText, ShortLine, capped, clean_line

Token = Annotated[str, capped(clean_line, 80)]
"""The value of a choice."""


class PressForm(Form):
    """A button and nothing else."""


class RetireForm(Form):
    """Why a resource is taken out of the library."""

    sentences: ClassVar = {"why": "Choose why it is taken out"}

    why: Token


class ResourceForm(Form):
    """Something others may use."""

    sentences: ClassVar = {
        "kind": "Choose what it is",
        "licence": "Choose the licence that its owner gave it",
        "link:missing": "Enter the whole address of a page, like https://example.org/guide",
    }

    kind: Token
    title: ShortLine = Field(title="a title")
    owner: ShortLine = Field(title="who owns it")
    link: Annotated[str, capped(clean_line, 500)] = Field(title="the link")
    licence: Token
    summary: LongText = Field(title="what it helps with")
    types: tuple[Token, ...] = ()
    forms: tuple[Token, ...] = ()
    action: Token = ""
    sector: Token = ""
    borough: Token = ""

    def proposal(self) -> ResourceProposal:
        """Return the resource as the rules read it."""
        return ResourceProposal(
            kind=self.kind,
            title=self.title,
            owner=self.owner,
            link=self.link,
            licence=self.licence,
            summary=self.summary,
            types=self.types,
            forms=self.forms,
            action=self.action,
            sector=self.sector,
            borough=self.borough,
        )


class CelebrationForm(Form):
    """Something worth celebrating. Nothing in it asks who tells it."""

    slug: Token = ""
    title: ShortLine = Field(title="what is celebrated")
    text: LongText = Field(title="what changed, and for whom")
    pledge: int | None = Field(None, title="the pledge")
    type: Token = ""
    group: UUID | None = Field(None, title="the group")

    def proposal(self, organisation: UUID, group: UUID | None = None) -> CelebrationProposal:
        """Return the celebration as the rules read it; a `group` given speaks for itself."""
        return CelebrationProposal(
            organisation=organisation,
            title=self.title,
            text=self.text,
            pledge=self.pledge,
            type=self.type,
            group=group or self.group,
        )


class ConfirmForm(Form):
    """A group's word about a celebration. A no needs no reason and none can be given."""

    sentences: ClassVar = {"answer": "Choose an answer"}

    answer: Literal["confirm", "let-be"]
