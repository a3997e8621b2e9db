"""Tables of badges: what is printed, what was signed, and what is published beside it."""

from piccolo.columns import (
    UUID,
    BigInt,
    BigSerial,
    Bytea,
    Date,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Badge(Table, tablename="badge"):
    """The one badge of an organisation, from its first signature on, for ever.

    `page_state` is the standing that its page shows, written with the event that moved it. The
    pictures are unbaked and drawn once for what `picture_digest` stands for.
    """

    id = UUID(primary_key=True)
    organisation = UUID(unique=True)
    code = Varchar(length=10, unique=True)
    page_state = Varchar(length=20)
    opened_at = Timestamptz(default=None)
    picture_digest = Varchar(length=64, default="")
    picture_svg = Text(default="")
    picture_png = Bytea(default=b"")


class Placement(Table, tablename="placement"):
    """One place where a badge hangs: a door, van, lanyard or web page, with a code of its own."""

    id = BigSerial(primary_key=True)
    badge = UUID(index=True)
    code = Varchar(length=4)
    label = Varchar(length=100)
    kind = Varchar(length=20)
    printed_on = Date(default=None)
    ended_on = Date(null=True, default=None)


class Sighting(Table, tablename="sighting"):
    """How often a badge was looked at on one day, and of whoever looked nothing at all.

    `place` is the code of the place that was scanned, empty for the badge's own code; `host`
    names the site whose page showed the live picture, and is empty for a page of ours.
    """

    id = BigSerial(primary_key=True)
    badge = UUID()
    place = Varchar(length=4, default="")
    host = Varchar(length=253, default="")
    day = Date(default=None)
    seen = Integer()


class Edition(Table, tablename="edition"):
    """One signed edition, as bytes. Only its revocation is ever written to it again.

    `facts_digest` stands for what it says, whatever its dates; `sha256` for the credential's
    bytes; `signed_with` names the key of the embedded proof and `jwt_signed_with` the token's;
    `event` is the id of the event that tells of it.
    """

    id = BigSerial(primary_key=True)
    badge = UUID(index=True)
    n = Integer()
    standing = Varchar(length=20)
    facts_digest = Varchar(length=64)
    credential = Bytea()
    jwt = Text()
    png = Bytea()
    svg = Text()
    sha256 = Varchar(length=64)
    valid_from = Timestamptz(default=None)
    valid_until = Timestamptz(default=None)
    signed_at = Timestamptz(default=None)
    signed_with = Varchar(length=500)
    jwt_signed_with = Varchar(length=500)
    status_list = Integer()
    status_index = Integer()
    revoked_at = Timestamptz(null=True, default=None)
    revoked_reason = Varchar(length=40, null=True, default=None)
    event = BigInt(null=True, default=None)


class StatusList(Table, tablename="status_list"):
    """A status list as last signed. Its bits are not kept: they are the revoked editions.

    `issued` counts the editions that stand on it, `revoked` the bits that were set when it was
    signed: it is stale as soon as more editions are.
    """

    number = Integer(primary_key=True)
    issued = Integer(default=0)
    revoked = Integer(default=0)
    credential = Bytea(default=b"")
    jwt = Text(default="")
    signed_at = Timestamptz(null=True, default=None)
    valid_until = Timestamptz(null=True, default=None)


class IssuerDocument(Table, tablename="issuer_document"):
    """Public keys as published, for a web process that holds none.

    `did.json` and `jwks.json` for badges, `log-vkey` and `witness-vkeys` for the log.
    """

    name = Varchar(length=20, primary_key=True)
    content = Bytea()
    sha256 = Varchar(length=64)
    published_at = Timestamptz(default=None)
