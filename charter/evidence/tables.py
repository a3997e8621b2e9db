"""Tables of reports and evidence items."""

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Report(Table, tablename="report"):
    """What an organisation says came of one milestone (rule 18).

    `worked` is fully, partly or not. `state` is received, more-needed, accepted or not-accepted.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    pledge = UUID(index=True)
    milestone = Integer()
    version = Integer(default=1)
    obligation = BigInt(null=True, default=None)
    worked = Varchar(length=20)
    words = UUID()
    signed_by_role = Varchar(length=100, default="")
    received_at = Timestamptz(default=None)
    state = Varchar(length=20, default="received")
    case = UUID(null=True, default=None, index=True)


class EvidenceItem(Table, tablename="evidence_item"):
    """A file, link, figure or note behind a report. Files are kept by hash, written once.

    `state` is quarantined, safe or refused; only a safe copy is ever shown to a reviewer.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    report = UUID(null=True, default=None, index=True)
    pledge = UUID(index=True)
    milestone = Integer()
    kind = Varchar(length=20)
    label = Varchar(length=200)
    body = Text(default="")
    names_people = Boolean(default=False)
    media_type = Varchar(length=120, default="")
    size = BigInt(default=0)
    sha256 = Varchar(length=64, default="")
    safe_sha256 = Varchar(length=64, default="")
    state = Varchar(length=20, default="safe")
    refusal = Varchar(length=60, default="")
    salt = Bytea()
    commitment = Bytea()
    uploaded_at = Timestamptz(default=None)
    expires_on = Date(null=True, default=None)
