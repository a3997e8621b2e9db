"""Tables of auditors, cases, seats, verdicts, accountability reviews and pay."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    BigSerial,
    Bytea,
    Date,
    Integer,
    Numeric,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Auditor(Table, tablename="auditor"):
    """A community auditor. Whose account it is stands sealed, under a key kept elsewhere (rule 25).

    `account_key` is the keyed digest an account is found by.
    """

    id = UUID(primary_key=True)
    account_key = Bytea(unique=True)
    account_sealed = Bytea()
    vetted_at = Timestamptz(default=None)
    resting_until = Date(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    employer_domain = Varchar(length=200, default="")


class Interest(Table, tablename="auditor_interest"):
    """A tie between an auditor and an organisation, declared before anything is seen."""

    id = BigSerial(primary_key=True)
    auditor = UUID(index=True)
    organisation = UUID(index=True)
    tie = Varchar(length=40)
    until = Date(null=True, default=None)
    declared_at = Timestamptz(default=None)


class Case(Table, tablename="review_case"):
    """What a panel decides: evidence, does-not-apply, extension, accountability or a concern.

    A concern about the register itself has no organisation; an appeal is a case of its own.

    `state` is waiting (for seats to be drawn), drawn, decided or published. `number` is public,
    counted per register. `subject` is the row a question is about, `types` the answers asked
    about with their versions. `seats` is how many verdicts each question needs at present.
    `reply_words` wait here until they are published together with the verdict (rule 22).
    """

    id = UUID(primary_key=True)
    number = BigInt(unique=True)
    kind = Varchar(length=30)
    organisation = UUID(null=True, default=None, index=True)
    quarter = Varchar(length=10, default="")
    subject = UUID(null=True, default=None, index=True)
    types = JSONB(null=True, default=None)
    seats = Integer(default=2)
    opened_at = Timestamptz(default=None)
    state = Varchar(length=20, default="waiting", index=True)
    waiting_since = Timestamptz(default=None)
    no_panel_at = Timestamptz(null=True, default=None)
    drawn_at = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    publish_on = Date(null=True, default=None)
    held_until = Timestamptz(null=True, default=None)
    held_at = Timestamptz(null=True, default=None)
    published_at = Timestamptz(null=True, default=None)
    reply_words = Text(default="")
    reply = UUID(null=True, default=None)
    replied_at = Timestamptz(null=True, default=None)
    obligation = BigInt(null=True, default=None)


class SealedList(Table, tablename="review_sealed_list"):
    """The auditors eligible for a draw, in order, sealed by a salted digest before it (rule 20).

    Only an inspector named in the pack may open it. `known_root` is the newest checkpoint's root
    when the list was made, `seed` that of the later one the draw used; `positions` are the places
    in the list that were drawn.
    """

    id = UUID(primary_key=True)
    case = UUID(index=True)
    auditors = Array(base_column=UUID())
    wanted = Integer()
    salt = Bytea()
    digest = Bytea()
    sealed_at = Timestamptz(default=None)
    known_root = Bytea(default=b"")
    seed = Bytea(null=True, default=None)
    positions = Array(base_column=Integer(), null=True, default=None)
    drawn_at = Timestamptz(null=True, default=None)


class Seat(Table, tablename="review_seat"):
    """One auditor's place on one panel, under a pseudonym of that case only (rule 25).

    `state` is offered, accepted, declined, handed-back, expired or decided. `obligation` is
    what its auditor owes now: first a word about ties, then a verdict.
    """

    id = UUID(primary_key=True)
    case = UUID(index=True)
    auditor = UUID(index=True)
    number = Integer()
    pseudonym = Varchar(length=40)
    state = Varchar(length=20, default="offered")
    offered_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    obligation = BigInt(null=True, default=None)


class Verdict(Table, tablename="verdict"):
    """One auditor's sealed verdict on one question of a case.

    `question` is the id of a report, the id of a type of racism, or empty where a case asks one
    thing only. `verdict` is a word of the case's scale. `reasons` are published, `notes` never.
    """

    id = UUID(primary_key=True)
    seat = UUID(index=True)
    question = Varchar(length=80, default="")
    report = UUID(null=True, default=None, index=True)
    verdict = Varchar(length=20)
    reasons = Text()
    notes = Text(default="")
    sealed_at = Timestamptz(default=None)


class SeatDraft(Table, tablename="review_seat_draft"):
    """What an auditor typed on a case and has not sealed: theirs alone, gone once it is sealed."""

    seat = UUID(primary_key=True)
    typed = JSONB()
    saved_at = Timestamptz(default=None)


class Outcome(Table, tablename="review_outcome"):
    """What a panel decided on one question: the median of its verdicts (rule 20)."""

    id = UUID(primary_key=True)
    case = UUID(index=True)
    question = Varchar(length=80, default="")
    report = UUID(null=True, default=None, index=True)
    verdict = Varchar(length=20)
    words = UUID(null=True, default=None)


class PayEntry(Table, tablename="pay_entry"):
    """One line of the pay ledger: no bank details, ever (rule 24).

    `kind` is fee, voucher, gift or declined. `earned_on` is the day of the work. Silence of 30
    days after payment counts as received.
    """

    id = UUID(primary_key=True)
    organisation = UUID(null=True, default=None, index=True)
    payer = Varchar(length=20)
    seat = UUID(null=True, default=None)
    session = UUID(null=True, default=None)
    kind = Varchar(length=20)
    hours = Numeric(digits=(6, 2))
    rate_pence = Integer()
    amount_pence = Integer()
    earned_on = Date(null=True, default=None)
    due_on = Date(default=None)
    paid_at = Timestamptz(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    obligation = BigInt(null=True, default=None)


class AccountabilityReview(Table, tablename="accountability_review"):
    """One yearly cycle: reflection, findings in two voices per type, reply (rule 26).

    `agreed_at` is when the organisation took over what the panel found where they had differed.
    """

    id = UUID(primary_key=True)
    organisation = UUID(index=True)
    cycle = Integer()
    opened_at = Timestamptz(default=None)
    obligation = BigInt(null=True, default=None)
    signed_by_role = Varchar(length=100, default="")
    reflection = UUID(null=True, default=None)
    reflected_at = Timestamptz(null=True, default=None)
    own_findings = JSONB(null=True, default=None)
    panel_findings = JSONB(null=True, default=None)
    case = UUID(null=True, default=None)
    published_at = Timestamptz(null=True, default=None)
    agreed_at = Timestamptz(null=True, default=None)


class Hearing(Table, tablename="hearing"):
    """A community group heard by a panel about a pledge it agreed (rule 13).

    `state` is asked, said or silent. `words` are for the panel alone, and are never published.
    """

    id = UUID(primary_key=True)
    request = UUID(index=True)
    group = UUID(index=True)
    asked_at = Timestamptz(default=None)
    answer_by = Date(default=None)
    state = Varchar(length=20, default="asked")
    words = Text(default="")
    answered_at = Timestamptz(null=True, default=None)
