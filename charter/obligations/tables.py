"""Tables of obligations, pauses, notices and requests for more time."""

from piccolo.columns import UUID, BigInt, BigSerial, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Obligation(Table, tablename="obligation"):
    """Something owed by a date. `state` is open, met, waived or closed.

    `owner` is organisation, hub or auditors. `pledge` and `milestone` are the public numbers of
    what it concerns, `subject` the row. `due_on` is the local day in force; it is missed when
    that day has ended in the scheme's zone. `next_step_on` is the next day on which its ladder has
    something to say; None while the clock stands still or after the last step.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(null=True, default=None, index=True)
    kind = Varchar(length=40)
    owner = Varchar(length=20)
    subject = UUID(null=True, default=None, index=True)
    pledge = Integer(null=True, default=None)
    milestone = Integer(null=True, default=None)
    type = Varchar(length=40, null=True, default=None)
    opened_at = Timestamptz(default=None)
    first_due_on = Date(default=None)
    due_on = Date(default=None)
    next_step_on = Date(null=True, default=None)
    state = Varchar(length=20, default="open")
    ended_at = Timestamptz(null=True, default=None)


class Pause(Table, tablename="pause"):
    """A stretch in which one obligation's clock stands still, with its public reason (rule 32)."""

    id = BigSerial(primary_key=True)
    obligation = BigInt(index=True)
    why = Varchar(length=40)
    by = Varchar(length=20)
    since = Timestamptz(default=None)
    until = Timestamptz(null=True, default=None)


class Outage(Table, tablename="outage"):
    """A local day on which the register was out of reach, and for how many minutes in all.

    The dates of the day move once, when the minutes first reach an hour (rule 32).
    """

    day = Date(primary_key=True)
    minutes = Integer()


class Standstill(Table, tablename="standstill"):
    """A time in which every organisation's clock stands still, with its public reason (rule 32).

    What is opened meanwhile stands still, too. `until` is None while it lasts.
    """

    id = BigSerial(primary_key=True)
    why = Varchar(length=40)
    since = Timestamptz(default=None)
    until = Timestamptz(null=True, default=None)


class FactCorrection(Table, tablename="fact_correction"):
    """A wrong fact that a steward proposed to put right (rule 29). `state` as of an erasure.

    `event` recorded what is wrong, `value` is what is right. The reason is published with it.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    event = BigInt()
    value = Varchar(length=40)
    reason = Text()
    proposed_by = UUID(default=None)
    proposed_at = Timestamptz(default=None)
    state = Varchar(length=20, default="proposed")
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)


class Notice(Table, tablename="notice"):
    """One step of the ladder to one person, for one due date (rule 36).

    `step` is the day of its step when it was written, counted from the due date, and `name` what
    its ladder calls it. `state` is queued, sent, accepted, bounced, or skipped: what it would
    have asked for was done, waived or moved before it was told. `account` is, for an auditor,
    their number on the list and never their account (rule 25).
    """

    id = BigSerial(primary_key=True)
    obligation = BigInt(index=True)
    due_on = Date(default=None)
    step = Integer()
    name = Varchar(length=40)
    account = UUID()
    role = Varchar(length=20)
    state = Varchar(length=20, default="queued", index=True)
    queued_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    bounced_at = Timestamptz(null=True, default=None)


class ExtensionRequest(Table, tablename="extension_request"):
    """A request to move one due date once, decided by a community panel (rule 13)."""

    id = UUID(primary_key=True)
    obligation = BigInt(index=True)
    organisation = UUID(index=True)
    days = Integer()
    words = UUID()
    asked_at = Timestamptz(default=None)
    state = Varchar(length=20, default="asked")
    decided_at = Timestamptz(null=True, default=None)
