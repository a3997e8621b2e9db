"""The last answer given for each organisation, kept so that lists need not fold histories."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Date, Integer, Timestamptz, Varchar
from piccolo.table import Table


class CurrentStanding(Table, tablename="current_standing"):
    """A projection of the pure function; good until `holds_until`, then computed anew.

    `level_lapses_on` is the first day on which the level rests on nothing unless it is renewed,
    and `level_waits` says that what would renew it waits for auditors.
    """

    organisation = UUID(primary_key=True)
    standing = Varchar(length=20, index=True)
    since = Timestamptz(default=None)
    days_late = Integer(default=0)
    level = Varchar(length=20, null=True, default=None)
    level_lapses_on = Date(null=True, default=None)
    level_waits = Boolean(default=False)
    results = JSONB()
    flags = JSONB()
    types = JSONB()
    pledges = JSONB()
    reasons = JSONB()
    sentence = Varchar(length=300)
    holds_until = Timestamptz(null=True, default=None, index=True)
    updated_at = Timestamptz(default=None)
    last_event = BigInt(default=0)
