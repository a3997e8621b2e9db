"""Refusals that only exist because people reach the registry over the web."""

from urllib.parse import urlencode

from charter.errors import CharterError, NotAllowed, NotFound
from registry.accounts.limits import TooManyAttempts

__all__ = [
    "ForeignForm",
    "NoSuchPage",
    "SignInNeeded",
    "TooManyAttempts",
    "UnusableQuery",
    "safe_return",
]


KEPT = (
    "You were signed out before this was sent. Nothing you typed is lost: sign in, and it is on the"
    " page again, ready to send. Files have to be chosen again."
)
"""What somebody is told whose session was over when they sent a form."""


class SignInNeeded(NotAllowed):
    """Nobody is signed in, and this address needs somebody."""

    code = "sign-in-needed"

    def __init__(self, *, path: str, kept: bool = False) -> None:
        super().__init__(KEPT if kept else "Sign in to see this page.")
        self.sign_in_address = f"/sign-in?{urlencode({'next': path})}" if path else "/sign-in"


class ForeignForm(NotAllowed):
    """The form did not come from one of our pages, or its page is too old."""

    code = "foreign-form"

    def __init__(self) -> None:
        super().__init__("This form is too old, or came from another site. Open the page again.")


class NoSuchPage(NotFound):
    """There is nothing at this address, or nothing for the person who asks."""

    def __init__(self) -> None:
        super().__init__("If you typed the address, check it is right.")


class UnusableQuery(CharterError):
    """An address asks for something that does not exist; `errors` names each parameter."""

    code = "unusable-query"


def safe_return(path: str) -> str:
    """Return `path` if it is a plain address of our own, else the front page of a member.

    Another host, a scheme, a backslash or a control character makes an address not ours.
    """
    own = path.startswith("/") and not path.startswith(("//", "/\\"))
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if own and plain else "/my"
