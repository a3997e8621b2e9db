"""Tables of reports and evidence items."""

from piccolo.columns import (
    UUID,
    BigInt,
    BigSerial,
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


class CallTypedUp(Table, tablename="call_typed_up"):
    """A telephone call in which a small body reported, typed up by the hub (rule 10a).

    What was typed waits in the body's own form for a sitting until somebody there sends it.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    typed_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(null=True, default=None)


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


class ItemChange(Table, tablename="evidence_change"):
    """A change of an accepted item, which stays accepted and is marked (rule 23).

    `kind` is correction or change. A correction may be objected to until the end of
    `object_until`; anything else has opened its milestone again at once.
    """

    id = UUID(primary_key=True)
    item = UUID(index=True)
    report = UUID(index=True)
    kind = Varchar(length=20)
    was_label = Varchar(length=200)
    was_body = Text(default="")
    label = Varchar(length=200)
    body = Text(default="")
    made_at = Timestamptz(default=None)
    object_until = Date(null=True, default=None)
    objected_at = Timestamptz(null=True, default=None)


class SharedAct(Table, tablename="evidence_shared_act"):
    """What two stewards do together with evidence, and neither alone: asked for, then confirmed.

    `act` is open-original or remove-copy; `subject` the item, or the public copy.
    """

    id = BigSerial(primary_key=True)
    act = Varchar(length=20)
    subject = UUID(index=True)
    organisation = UUID(index=True)
    why = Varchar(length=40)
    asked_by = UUID()
    asked_at = Timestamptz(default=None)
    done_by = UUID(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)


class PublicCopy(Table, tablename="evidence_public_copy"):
    """A redacted copy of an item that its organisation chose to publish (rule 16).

    `state` is quarantined, published, refused or erased. Only the checked copy is ever served;
    it goes by an erasure and by nothing else.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    item = UUID(index=True)
    report = UUID(index=True)
    label = Varchar(length=200)
    media_type = Varchar(length=120, default="")
    sha256 = Varchar(length=64)
    safe_sha256 = Varchar(length=64, default="")
    state = Varchar(length=20, default="quarantined")
    refusal = Varchar(length=60, default="")
    salt = Bytea()
    sent_at = Timestamptz(default=None)
    published_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)
