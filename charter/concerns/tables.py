"""The table of concerns."""

from piccolo.columns import UUID, BigInt, Text, Timestamptz, Varchar
from piccolo.table import Table


class Concern(Table, tablename="concern"):
    """What somebody raised about an organisation. Only the receipt's hash is kept, and no address.

    `about` is promise, conduct-of-scheme, wrong-place or still-up.
    """

    id = UUID(primary_key=True)
    receipt_hash = Varchar(length=64, unique=True)
    organisation = UUID(null=True, default=None, index=True)
    about = Varchar(length=30)
    text = Text()
    received_at = Timestamptz(default=None)
    state = Varchar(length=20, default="received")
    acknowledged_at = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=20, default="")
    answer = UUID(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
    obligation = BigInt(null=True, default=None)
