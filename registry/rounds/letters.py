"""Letters: from the notices that wait for somebody to one mail in plain words.

The subject says the act and the date; each line leads straight to its form; nobody is written
to twice about one step (rule 36).
"""

from collections.abc import Sequence
from datetime import date

from charter.obligations.letters import Line, lines_of, ready_by_account, write_letter
from registry.accounts.post import Letter
from registry.bootstrap import Registry

_ADDRESSES = {
    "organisation": "/my",
    "hub": "/hub",
    "auditors": "/reviews",
}


OPENING = "This is what is due, the most urgent first."
CLOSING = (
    "If somebody is hurt, or a community needs quiet, tell us: every clock can be stopped,"
    " with a public reason."
)


async def write_letters(registry: Registry) -> int:
    """Put a letter into the outbox for everybody with something to be told; return how many."""
    waiting = await ready_by_account(registry.scheme)
    for account, notices in waiting.items():
        await write_letter(registry.scheme, account=account, notices=notices)
    return len(waiting)


async def compose(registry: Registry, *, to: str, notices: Sequence[int]) -> Letter | None:
    """Return the mail about `notices`, or None where nothing is left to tell."""
    lines = await lines_of(registry.scheme, notices)
    if not lines:
        return None
    today = registry.scheme.today()
    kinds = registry.scheme.pack
    told = [
        tell(
            line,
            today,
            registry.settings.public_url + _ADDRESSES[kinds.obligation_kind(line.kind).owner],
        )
        for line in lines
    ]
    everything = f"You can see all of it at {registry.settings.public_url}/my"
    questions = f"Questions: {registry.settings.hub_email}"
    text = "\n\n".join((OPENING, *told, CLOSING, everything, questions))
    return Letter(to=to, subject=subject_of(lines, today), text=text)


def subject_of(lines: Sequence[Line], today: date) -> str:
    """Return the subject: the act and the date of the most urgent, and how much else there is."""
    first, *others = lines
    more = f", and {len(others)} more" if others else ""
    return f"{first.what}: {when(first.due_on, today)}{more}"


def tell(line: Line, today: date, address: str) -> str:
    """Return the paragraph about one thing that is due."""
    whose = f" ({line.organisation})" if line.organisation else ""
    step = f"{line.step.title}. " if line.step.consequence else ""
    return f"{line.what}{whose}\n{step}{when(line.due_on, today).capitalize()}.\n{address}"


def when(due_on: date, today: date) -> str:
    """Return a due date in words, with how far it is."""
    day = f"{due_on.day} {due_on:%B %Y}"
    days = (due_on - today).days
    if days > 1:
        return f"due {day}, in {days} days"
    if days in {0, 1}:
        return f"due {'today' if days == 0 else 'tomorrow'}, {day}"
    return f"was due {day}, {-days} day{'' if days == -1 else 's'} ago"
