"""The table of signatures."""

from piccolo.columns import UUID, Boolean, Integer, Timestamptz, Varchar
from piccolo.table import Table


class Signature(Table, tablename="signature"):
    """The sponsor's signature under one charter version, pinned by the digest of its text.

    `spell` counts the stretches of being a signatory: 1 at first, one more after each return.
    `again` marks a further signature within a spell: after suspension, or under a new version.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    spell = Integer()
    again = Boolean(default=False)
    charter_version = Varchar(length=20)
    charter_digest = Varchar(length=80)
    sponsor_role = Varchar(length=100)
    signed_at = Timestamptz(default=None)
