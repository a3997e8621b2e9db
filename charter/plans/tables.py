"""Tables of answers, pledges and co-design."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Date,
    Integer,
    Numeric,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Answer(Table, tablename="answer"):
    """One version of an organisation's answer for one type of racism (rule 5).

    `agreed_at` is set when two auditors agree that a type does not apply.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    type = Varchar(length=40)
    version = Integer()
    applies = Boolean()
    impacts = Array(base_column=Varchar(length=80))
    priority = Integer()
    community_priority = Integer(null=True, default=None)
    words = UUID(null=True, default=None)
    given_at = Timestamptz(default=None)
    agreed_at = Timestamptz(null=True, default=None)
    expires_on = Date(null=True, default=None)


class Plan(Table, tablename="plan"):
    """A published plan; `number` counts the publications of one organisation."""

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    number = Integer()
    spell = Integer()
    published_at = Timestamptz(default=None)


class Pledge(Table, tablename="pledge"):
    """A pledge with exactly one primary type (rule 7): draft, discarded, live, withdrawn or ended.

    `draft` is what the organisation is writing (JSON of the form); published text stands in
    versions only. `ends_on` is the last day on which a published pledge counts for its type.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    number = Integer()
    type = Varchar(length=40)
    state = Varchar(length=20, default="draft")
    version = Integer(default=0)
    draft = JSONB(null=True, default=None)
    ends_on = Date(null=True, default=None)
    created_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class PledgeVersion(Table, tablename="pledge_version"):
    """Published text of a pledge, immutable (rule 12). `terms` are facts, `words` the wording."""

    id = BigSerial(primary_key=True)
    pledge = UUID(index=True)
    version = Integer()
    terms = JSONB()
    words = UUID()
    published_at = Timestamptz(default=None)


class Milestone(Table, tablename="milestone"):
    """A dated step of a pledge. `first_due_on` is what was promised, `due_on` what is in force.

    `evidence_until` is the last day on which accepted evidence holds, where the pledge says so
    (rule 19). Reports from before `reopened_at` no longer answer for the step.
    """

    id = BigSerial(primary_key=True)
    pledge = UUID(index=True)
    number = Integer()
    first_due_on = Date(default=None)
    due_on = Date(default=None)
    moved = Boolean(default=False)
    evidence_until = Date(null=True, default=None)
    reopened_at = Timestamptz(null=True, default=None)


class ExistingPractice(Table, tablename="existing_practice"):
    """What an organisation already does: shown, never counted (rule 8)."""

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    type = Varchar(length=40)
    words = UUID()


class Session(Table, tablename="codesign_session"):
    """A meeting in which pledges or answers were shaped with communities (rules 5 and 11).

    `answers` are the versions of answers that were in force when the session was written down.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    number = Integer()
    held_on = Date(default=None)
    hours = Numeric(digits=(6, 2))
    pay_pence = Integer(default=0)
    pledges = Array(base_column=UUID())
    answers = Array(base_column=BigInt())
    group = UUID(null=True, default=None)
    recorded_at = Timestamptz(default=None)


class ContributorLink(Table, tablename="contributor_link"):
    """A one-use link for one contributor of a session; only the hash of its token is kept."""

    id = UUID(primary_key=True)
    session = UUID(index=True)
    token_hash = Varchar(length=64, unique=True)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class Confirmation(Table, tablename="confirmation"):
    """A contributor's or group's own answer about a session. No name is kept.

    `paid` is paid, declined or unpaid. Only the answer of somebody the organisation does not
    employ counts (rule 11). `order` are the five types as they would take them up, or none.
    `arrived_at` is when somebody who was left unpaid said that the pay had come.
    """

    id = UUID(primary_key=True)
    session = UUID(index=True)
    happened = Boolean()
    paid = Varchar(length=20)
    agrees = Boolean()
    employed = Boolean()
    order = Array(base_column=Varchar(length=40))
    link = UUID(null=True, default=None)
    group = UUID(null=True, default=None)
    answered_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    arrived_at = Timestamptz(null=True, default=None)


class CommunityGroup(Table, tablename="community_group"):
    """A community group, registered once and checked by a steward; may be unincorporated.

    `state` is registered, checked or refused; `people` how many of them can be asked to take part.
    """

    id = UUID(primary_key=True)
    name = Varchar(length=200)
    borough = Varchar(length=60)
    people = Integer()
    registered_at = Timestamptz(default=None)
    state = Varchar(length=20, default="registered")
    checked_at = Timestamptz(null=True, default=None)
    refusal = Varchar(length=1000, default="")
    closed_until = Date(null=True, default=None)


class GroupMember(Table, tablename="community_group_member"):
    """A person who answers for a community group."""

    id = BigSerial(primary_key=True)
    group = UUID(index=True)
    account = UUID(index=True)
    since = Timestamptz(default=None)


class RequestToTakePart(Table, tablename="request_to_take_part"):
    """An ask to a group, which it accepts, declines without a reason, or lets lapse (11a).

    `hours` and `pay_pence` are for all `people` together.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    group = UUID(index=True)
    people = Integer()
    hours = Numeric(digits=(6, 2))
    pay_pence = Integer()
    held_on = Date(default=None)
    answer_by = Date(default=None)
    state = Varchar(length=20, default="asked")
    words = UUID(null=True, default=None)
    asked_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)


class PledgePartner(Table, tablename="pledge_partner"):
    """Somebody asked to share a pledge that another leads: an organisation or a group (rule 15).

    `version` is the version of the pledge they were shown, `words` what they would do. `state` is
    asked, joined, declined or left.
    """

    id = UUID(primary_key=True)
    pledge = UUID(index=True)
    organisation = UUID(null=True, default=None, index=True)
    group = UUID(null=True, default=None, index=True)
    version = Integer()
    words = UUID()
    reason = UUID(null=True, default=None)
    state = Varchar(length=20, default="asked")
    asked_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)
    left_at = Timestamptz(null=True, default=None)


class QuietPeriod(Table, tablename="quiet_period"):
    """A stretch in which nobody in the communities is asked for anything (rule 11a).

    `until` is its last local day; `ended_at` is set when that day has passed, or sooner when a
    steward ends it. At most one has no end.
    """

    id = UUID(primary_key=True)
    words = UUID()
    opened_at = Timestamptz(default=None)
    until = Date(default=None)
    ended_at = Timestamptz(null=True, default=None)


class Draft(Table, tablename="draft"):
    """What somebody typed and has not sent: save and return, per organisation and form."""

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    form = Varchar(length=80)
    typed = JSONB()
    saved_at = Timestamptz(default=None)
