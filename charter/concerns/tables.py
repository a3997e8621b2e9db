"""The table of concerns."""

from piccolo.columns import UUID, Array, Boolean, Text, Timestamptz, Varchar
from piccolo.table import Table


class Concern(Table, tablename="concern"):
    """What somebody raised about an organisation. Only the receipt's hash is kept, and no address.

    `about` is promise, conduct-of-scheme, wrong-place or still-up. `speaks_of` are the content
    notes that its writer chose, `types` the types of racism it names, if any. `state` is received,
    acknowledged, meeting, with-panel, decided, with-appeal or closed. `outcome` is what was
    decided first, in case `decided_in`; `appeal_outcome` what three other auditors decided.
    `appellant` is who-raised-it or organisation. `answer` is the public answer with its plan.
    """

    id = UUID(primary_key=True)
    receipt_hash = Varchar(length=64, unique=True)
    organisation = UUID(null=True, default=None, index=True)
    about = Varchar(length=30)
    text = Text()
    speaks_of = Array(base_column=Varchar(length=40))
    types = Array(base_column=Varchar(length=40))
    wants_meeting = Boolean(default=False)
    received_at = Timestamptz(default=None)
    state = Varchar(length=20, default="received")
    acknowledged_at = Timestamptz(null=True, default=None)
    decided_in = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=30, default="")
    appellant = Varchar(length=20, default="")
    appeal_text = Text(default="")
    appealed_at = Timestamptz(null=True, default=None)
    appeal_decided_at = Timestamptz(null=True, default=None)
    appeal_outcome = Varchar(length=30, default="")
    answer = UUID(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
