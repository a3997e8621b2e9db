"""Tables of organisations and their people. People are opaque account ids and roles."""

from piccolo.columns import (
    UUID,
    Array,
    BigSerial,
    Boolean,
    Date,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Organisation(Table, tablename="organisation"):
    """A body that applied to sign. Public from `public_since` on, for ever.

    `state` is applied, accepted, refused or appealed: where the steward's decision on identity
    stands. `proof` is how the applicant means to show who it is (rule 1). `decided_by` is the
    steward who decided last, so that another hears the appeal; `appeal` says why it was made. From
    `reduced_on` on only name, dates and standing are kept of it (rule 33).
    """

    id = UUID(primary_key=True)
    slug = Varchar(length=80, unique=True)
    name = Varchar(length=200)
    town = Varchar(length=100)
    website = Varchar(length=200, null=True, default=None)
    domain = Varchar(length=200, null=True, default=None)
    sector = Varchar(length=60)
    boroughs = Array(base_column=Varchar(length=60))
    band = Varchar(length=20)
    state = Varchar(length=20, default="applied", index=True)
    sponsor_role = Varchar(length=100, default="")
    applied_at = Timestamptz(default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    refusal = Text(default="")
    appeal = Text(default="")
    proof = Varchar(length=20, default="")
    public_since = Timestamptz(null=True, default=None)
    continued_by = UUID(null=True, default=None)
    reduced_on = Date(null=True, default=None)


class Dissolution(Table, tablename="organisation_dissolution"):
    """That an organisation was dissolved, as one steward says and another confirms (rule 33).

    `state` is as of an erasure. `source` says how that is known; it is published.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    dissolved_on = Date(default=None)
    source = Text()
    proposed_by = UUID(default=None)
    proposed_at = Timestamptz(default=None)
    state = Varchar(length=20, default="proposed")
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)


class Identifier(Table, tablename="organisation_identifier"):
    """An (org-id.guide scheme, id) pair. Only these merge bodies; names only suggest (rule 2).

    `released` marks the pair of a refused application and one that was given up: another body may
    then carry it.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    scheme = Varchar(length=20)
    identifier = Varchar(length=60)
    released = Boolean(default=False)


class FormerName(Table, tablename="organisation_former_name"):
    """A name once used, with the last day it was in use."""

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    name = Varchar(length=200)
    until = Date(default=None)


class FormerSlug(Table, tablename="organisation_former_slug"):
    """An old address: it redirects for ever and is never given to another."""

    slug = Varchar(length=80, primary_key=True)
    organisation = UUID()


class IdentityProof(Table, tablename="organisation_identity_proof"):
    """How identity was proven: domain-mail, dns-txt, register or vouched (rule 1)."""

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    how = Varchar(length=20)
    proven_on = Date(default=None)


class DomainProof(Table, tablename="organisation_domain_proof"):
    """One way in which control of a domain is being shown, or was: by a mailed code or DNS.

    Of a mailed code the hash is kept, and the mailbox it went to; a DNS value is public by nature.
    A record of a domain is looked at again; `missing_since` is the first look that missed it.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    how = Varchar(length=20)
    domain = Varchar(length=200)
    mailbox = Varchar(length=40, default="")
    code_hash = Varchar(length=64, default="")
    value = Varchar(length=80, default="")
    asked_at = Timestamptz(default=None)
    attempts = SmallInt(default=0)
    shown_at = Timestamptz(null=True, default=None)
    looked_at = Timestamptz(null=True, default=None)
    missing_since = Timestamptz(null=True, default=None)


class Voucher(Table, tablename="organisation_voucher"):
    """Somebody who vouched for a group, reached by a steward: a role, never a name (rule 1).

    `tied` says that they are connected with the group or with another voucher.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    who = Varchar(length=100)
    reached = Varchar(length=20)
    tied = Boolean(default=False)
    checked_by = UUID()
    checked_on = Date(default=None)


class Membership(Table, tablename="membership"):
    """A person's part in an organisation: lead, member, delegate or sponsor.

    It ends after the day `covers_until`, where there is one.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    account = UUID(index=True)
    role = Varchar(length=20)
    since = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    invited_by_role = Varchar(length=20, default="")
    one_person = Boolean(default=False)
    covers_until = Date(null=True, default=None)


class Invitation(Table, tablename="invitation"):
    """A person asked to take a part in an organisation; theirs once they accept (rule 1).

    `answer` is accepted, declined, withdrawn or lapsed, and empty while it is open. A delegate may
    cover for a stretch: the part then begins on `covers_from` and ends after `covers_until`.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    account = UUID(index=True)
    role = Varchar(length=20)
    sponsor_role = Varchar(length=100, default="")
    invited_by_role = Varchar(length=20, default="")
    sent_at = Timestamptz(default=None)
    expires_on = Date(default=None)
    covers_from = Date(null=True, default=None)
    covers_until = Date(null=True, default=None)
    answer = Varchar(length=20, default="", index=True)
    answered_at = Timestamptz(null=True, default=None)
