"""Forms of signing in."""

from typing import Annotated, ClassVar

from pydantic import Field

from registry.web.forms import Form
from registry.web.text import capped, clean_line


class AskForCodeForm(Form):
    """Who wants to sign in."""

    sentences: ClassVar = {"email:missing": "Enter your email address"}

    email: Annotated[str, capped(clean_line, 254)] = Field(title="your email address")


class EnterCodeForm(Form):
    """The six digits from the mail; spaces and hyphens people put between them are nothing."""

    sentences: ClassVar = {
        "code:missing": "Enter the 6-digit code from the email",
        "code": "The code has 6 digits, like 012345",
    }

    code: Annotated[
        str, capped(lambda text: clean_line(text).replace(" ", "").replace("-", ""), 20)
    ] = Field(title="the code", pattern=r"^[0-9]{6}$")


class PressForm(Form):
    """A button and nothing else."""
