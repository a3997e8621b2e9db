"""Forms of concerns."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from registry.web.forms import Form
from registry.web.text import LongText, ShortLine, capped, clean_line


class ConcernForm(Form):
    """What somebody wants to tell. Nothing asks who they are."""

    sentences: ClassVar = {"about": "Choose what it is about"}

    about: Literal["promise", "conduct-of-scheme", "wrong-place", "still-up"] = Field(
        title="what it is about"
    )
    slug: Annotated[str, capped(clean_line, 80)] = ""
    organisation: ShortLine = Field("", title="the organisation")
    text: LongText = Field("", title="what happened")
    speaks_of: tuple[Annotated[str, capped(clean_line, 40)], ...] = ()
    types: tuple[Annotated[str, capped(clean_line, 40)], ...] = ()
    meeting: Literal["yes", "no"] = "no"


class FollowForm(Form):
    """The receipt: twenty characters, with or without the hyphens between them."""

    sentences: ClassVar = {"receipt:missing": "Enter your receipt"}

    receipt: Annotated[str, capped(clean_line, 60)] = Field(title="your receipt")


class SayForm(Form):
    """What whoever raised a concern says next. Only the receipt shows that it is theirs."""

    sentences: ClassVar = {"receipt:missing": "Enter your receipt", "say": "Choose one"}

    receipt: Annotated[str, capped(clean_line, 60)] = Field(title="your receipt")
    say: Literal["want-meeting", "no-meeting", "settled", "not-settled", "appeal"]
    why: LongText = ""
