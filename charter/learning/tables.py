"""Tables of the library: notes, resources, celebrations."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    BigSerial,
    Integer,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class LearningNote(Table, tablename="learning_note"):
    """What a report or a yearly reflection says worked or did not, once a panel has borne it out.

    A report is about one `pledge`, and `actions` and `forms` are those of the pledge on that day.
    A reflection is about the year `cycle`, and about each of the `types` that were borne out. The
    words are those of the report or the reflection.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    source = UUID(unique=True)
    pledge = Integer(null=True, default=None)
    cycle = Integer(null=True, default=None)
    types = Array(base_column=Varchar(length=40))
    actions = Array(base_column=Varchar(length=80))
    forms = Array(base_column=Varchar(length=60))
    worked = Varchar(length=20)
    words = UUID()
    published_at = Timestamptz(default=None)


class Resource(Table, tablename="learning_resource"):
    """Something others may use, proposed by somebody signed in.

    `state` is proposed, released, refused or retired. `draft` holds the proposer's words for as
    long as nobody has read them, `words` what was released. An empty `action`, `sector` or
    `borough` stands for all of them.
    """

    id = BigSerial(primary_key=True)
    account = UUID(index=True)
    kind = Varchar(length=20)
    licence = Varchar(length=20)
    types = Array(base_column=Varchar(length=40))
    forms = Array(base_column=Varchar(length=60))
    action = Varchar(length=80, default="")
    sector = Varchar(length=60, default="")
    borough = Varchar(length=60, default="")
    draft = JSONB(null=True, default=None)
    words = UUID(null=True, default=None)
    obligation = BigInt(null=True, default=None)
    state = Varchar(length=20, default="proposed")
    refusal = Varchar(length=1000, default="")
    proposed_at = Timestamptz(default=None)
    decided_at = Timestamptz(null=True, default=None)
    retired_at = Timestamptz(null=True, default=None)
    retired_for = Varchar(length=20, default="")


class Celebration(Table, tablename="celebration"):
    """Something about an organisation that is worth celebrating.

    `proposed_by` is organisation, community-group or public; `state` is proposed, shown or
    refused. `group` is the one asked to confirm, if any is; `declined_at` is when it let that be,
    which nobody is told. `confirmed_by` is the group whose word stands.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    pledge = Integer(null=True, default=None)
    type = Varchar(length=40, default="")
    proposed_by = Varchar(length=20)
    group = UUID(null=True, default=None, index=True)
    draft = JSONB(null=True, default=None)
    words = UUID(null=True, default=None)
    obligation = BigInt(null=True, default=None)
    state = Varchar(length=20, default="proposed")
    proposed_at = Timestamptz(default=None)
    shown_at = Timestamptz(null=True, default=None)
    declined_at = Timestamptz(null=True, default=None)
    confirmed_by = UUID(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
