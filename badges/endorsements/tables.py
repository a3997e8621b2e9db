"""Tables of panels with keys of their own, and of what they sealed."""

from piccolo.columns import UUID, BigSerial, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class PanelKey(Table, tablename="panel_key"):
    """What one panel's DID document said when two stewards recorded it.

    `state` is proposed, confirmed, dropped or ended; of one `did` at most one is confirmed.
    `why_ended` is one of the tokens of `rules.WHY_ENDED`.
    """

    id = BigSerial(primary_key=True)
    did = Varchar(length=500)
    name = Text()
    url = Varchar(length=500)
    document = Bytea()
    sha256 = Varchar(length=64)
    state = Varchar(length=20, default="proposed")
    proposed_by = UUID()
    proposed_at = Timestamptz(default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    why_ended = Varchar(length=40, null=True, default=None)


class Endorsement(Table, tablename="endorsement"):
    """One endorsement, kept once, as the panel sealed it.

    `address` is its own `id`, `signed_with` the name of the panel's key. Only that it was taken
    back is ever written to it again.
    """

    id = BigSerial(primary_key=True)
    panel = Integer(index=True)
    did = Varchar(length=500)
    organisation = UUID(index=True)
    address = Varchar(length=500)
    credential = Bytea()
    sha256 = Varchar(length=64, unique=True)
    signed_with = Varchar(length=500)
    valid_from = Timestamptz(default=None)
    valid_until = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    why_withdrawn = Varchar(length=40, null=True, default=None)
