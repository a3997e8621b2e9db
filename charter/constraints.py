"""The database has the last word in a race: a breached constraint becomes the refusal it means."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from charter.errors import RuleViolation


@contextmanager
def refuse_when_taken(**refusals: RuleViolation) -> Iterator[None]:
    """Raise the refusal named for a unique constraint when a statement inside breaches it.

    Wrap the whole transaction: after a breach nothing in it can be kept.
    """
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        refusal = refusals.get(error.constraint_name or "")
        if refusal is None:
            raise
        raise refusal from error
