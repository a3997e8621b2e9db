-- The tables of charter: what each column means is told by its class.

CREATE TABLE accountability_review (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    cycle integer NOT NULL DEFAULT 0,
    opened_at timestamptz NOT NULL,
    obligation bigint,
    signed_by_role varchar(100) NOT NULL DEFAULT '',
    reflection uuid,
    reflected_at timestamptz,
    own_findings jsonb,
    panel_findings jsonb,
    "case" uuid,
    published_at timestamptz,
    agreed_at timestamptz
);
CREATE INDEX accountability_review_organisation ON accountability_review (organisation);

CREATE TABLE answer (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    type varchar(40) NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 0,
    applies boolean NOT NULL DEFAULT false,
    impacts varchar(80)[] NOT NULL DEFAULT '{}',
    priority integer NOT NULL DEFAULT 0,
    community_priority integer,
    words uuid,
    given_at timestamptz NOT NULL,
    agreed_at timestamptz,
    expires_on date
);
CREATE INDEX answer_organisation ON answer (organisation);

CREATE TABLE auditor (
    id uuid PRIMARY KEY,
    account_key bytea NOT NULL UNIQUE,
    account_sealed bytea NOT NULL,
    vetted_at timestamptz NOT NULL,
    resting_until date,
    ended_at timestamptz,
    employer_domain varchar(200) NOT NULL DEFAULT ''
);

CREATE TABLE auditor_interest (
    id bigserial PRIMARY KEY,
    auditor uuid NOT NULL,
    organisation uuid NOT NULL,
    tie varchar(40) NOT NULL DEFAULT '',
    until date,
    declared_at timestamptz NOT NULL
);
CREATE INDEX auditor_interest_auditor ON auditor_interest (auditor);
CREATE INDEX auditor_interest_organisation ON auditor_interest (organisation);

CREATE TABLE call_typed_up (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    typed_at timestamptz NOT NULL,
    confirmed_at timestamptz
);
CREATE INDEX call_typed_up_organisation ON call_typed_up (organisation);

CREATE TABLE celebration (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    pledge integer,
    type varchar(40) NOT NULL DEFAULT '',
    proposed_by varchar(20) NOT NULL DEFAULT '',
    "group" uuid,
    draft jsonb,
    words uuid,
    obligation bigint,
    state varchar(20) NOT NULL DEFAULT 'proposed',
    proposed_at timestamptz NOT NULL,
    shown_at timestamptz,
    declined_at timestamptz,
    confirmed_by uuid,
    confirmed_at timestamptz
);
CREATE INDEX celebration_organisation ON celebration (organisation);
CREATE INDEX celebration_group ON celebration ("group");

CREATE TABLE codesign_session (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    number integer NOT NULL DEFAULT 0,
    held_on date NOT NULL,
    hours numeric(6, 2) NOT NULL DEFAULT 0,
    pay_pence integer NOT NULL DEFAULT 0,
    pledges uuid[] NOT NULL DEFAULT '{}',
    answers bigint[] NOT NULL DEFAULT '{}',
    "group" uuid,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX codesign_session_organisation ON codesign_session (organisation);

CREATE TABLE community_group (
    id uuid PRIMARY KEY,
    name varchar(200) NOT NULL DEFAULT '',
    borough varchar(60) NOT NULL DEFAULT '',
    people integer NOT NULL DEFAULT 0,
    registered_at timestamptz NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'registered',
    checked_at timestamptz,
    refusal varchar(1000) NOT NULL DEFAULT '',
    closed_until date
);

CREATE TABLE community_group_member (
    id bigserial PRIMARY KEY,
    "group" uuid NOT NULL,
    account uuid NOT NULL,
    since timestamptz NOT NULL
);
CREATE INDEX community_group_member_group ON community_group_member ("group");
CREATE INDEX community_group_member_account ON community_group_member (account);

CREATE TABLE concern (
    id uuid PRIMARY KEY,
    receipt_hash varchar(64) NOT NULL UNIQUE,
    organisation uuid,
    about varchar(30) NOT NULL DEFAULT '',
    text text NOT NULL DEFAULT '',
    speaks_of varchar(40)[] NOT NULL DEFAULT '{}',
    types varchar(40)[] NOT NULL DEFAULT '{}',
    wants_meeting boolean NOT NULL DEFAULT false,
    received_at timestamptz NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'received',
    acknowledged_at timestamptz,
    decided_in uuid,
    decided_at timestamptz,
    outcome varchar(30) NOT NULL DEFAULT '',
    appellant varchar(20) NOT NULL DEFAULT '',
    appeal_text text NOT NULL DEFAULT '',
    appealed_at timestamptz,
    appeal_decided_at timestamptz,
    appeal_outcome varchar(30) NOT NULL DEFAULT '',
    answer uuid,
    answered_at timestamptz
);
CREATE INDEX concern_organisation ON concern (organisation);

CREATE TABLE confirmation (
    id uuid PRIMARY KEY,
    session uuid NOT NULL,
    happened boolean NOT NULL DEFAULT false,
    paid varchar(20) NOT NULL DEFAULT '',
    agrees boolean NOT NULL DEFAULT false,
    employed boolean NOT NULL DEFAULT false,
    "order" varchar(40)[] NOT NULL DEFAULT '{}',
    link uuid,
    "group" uuid,
    answered_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    arrived_at timestamptz
);
CREATE INDEX confirmation_session ON confirmation (session);

CREATE TABLE contributor_link (
    id uuid PRIMARY KEY,
    session uuid NOT NULL,
    token_hash varchar(64) NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX contributor_link_session ON contributor_link (session);

CREATE TABLE current_standing (
    organisation uuid PRIMARY KEY,
    standing varchar(20) NOT NULL DEFAULT '',
    since timestamptz NOT NULL,
    days_late integer NOT NULL DEFAULT 0,
    level varchar(20),
    level_lapses_on date,
    level_waits boolean NOT NULL DEFAULT false,
    results jsonb NOT NULL DEFAULT '{}',
    flags jsonb NOT NULL DEFAULT '{}',
    types jsonb NOT NULL DEFAULT '{}',
    pledges jsonb NOT NULL DEFAULT '{}',
    reasons jsonb NOT NULL DEFAULT '{}',
    sentence varchar(300) NOT NULL DEFAULT '',
    holds_until timestamptz,
    updated_at timestamptz NOT NULL,
    last_event bigint NOT NULL DEFAULT 0
);
CREATE INDEX current_standing_standing ON current_standing (standing);
CREATE INDEX current_standing_holds_until ON current_standing (holds_until);

CREATE TABLE draft (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    form varchar(80) NOT NULL DEFAULT '',
    typed jsonb NOT NULL DEFAULT '{}',
    saved_at timestamptz NOT NULL
);
CREATE INDEX draft_organisation ON draft (organisation);

CREATE TABLE erasure (
    id bigserial PRIMARY KEY,
    organisation uuid,
    text uuid NOT NULL,
    passages varchar(100)[] NOT NULL DEFAULT '{}',
    ground varchar(40) NOT NULL DEFAULT '',
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'proposed',
    decided_by uuid,
    decided_at timestamptz
);
CREATE INDEX erasure_organisation ON erasure (organisation);

CREATE TABLE event (
    id bigserial PRIMARY KEY,
    kind varchar(60) NOT NULL DEFAULT '',
    organisation uuid,
    effective_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    by varchar(30) NOT NULL DEFAULT '',
    data jsonb NOT NULL DEFAULT '{}',
    words uuid,
    commitment bytea
);
CREATE INDEX event_kind ON event (kind);
CREATE INDEX event_organisation ON event (organisation);
CREATE INDEX event_recorded_at ON event (recorded_at);

CREATE TABLE evidence_change (
    id uuid PRIMARY KEY,
    item uuid NOT NULL,
    report uuid NOT NULL,
    kind varchar(20) NOT NULL DEFAULT '',
    was_label varchar(200) NOT NULL DEFAULT '',
    was_body text NOT NULL DEFAULT '',
    label varchar(200) NOT NULL DEFAULT '',
    body text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL,
    object_until date,
    objected_at timestamptz
);
CREATE INDEX evidence_change_item ON evidence_change (item);
CREATE INDEX evidence_change_report ON evidence_change (report);

CREATE TABLE evidence_item (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    report uuid,
    pledge uuid NOT NULL,
    milestone integer NOT NULL DEFAULT 0,
    kind varchar(20) NOT NULL DEFAULT '',
    label varchar(200) NOT NULL DEFAULT '',
    body text NOT NULL DEFAULT '',
    names_people boolean NOT NULL DEFAULT false,
    media_type varchar(120) NOT NULL DEFAULT '',
    size bigint NOT NULL DEFAULT 0,
    sha256 varchar(64) NOT NULL DEFAULT '',
    safe_sha256 varchar(64) NOT NULL DEFAULT '',
    state varchar(20) NOT NULL DEFAULT 'safe',
    refusal varchar(60) NOT NULL DEFAULT '',
    salt bytea NOT NULL,
    commitment bytea NOT NULL,
    uploaded_at timestamptz NOT NULL
);
CREATE INDEX evidence_item_organisation ON evidence_item (organisation);
CREATE INDEX evidence_item_report ON evidence_item (report);
CREATE INDEX evidence_item_pledge ON evidence_item (pledge);

CREATE TABLE evidence_public_copy (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    item uuid NOT NULL,
    report uuid NOT NULL,
    label varchar(200) NOT NULL DEFAULT '',
    media_type varchar(120) NOT NULL DEFAULT '',
    sha256 varchar(64) NOT NULL DEFAULT '',
    safe_sha256 varchar(64) NOT NULL DEFAULT '',
    state varchar(20) NOT NULL DEFAULT 'quarantined',
    refusal varchar(60) NOT NULL DEFAULT '',
    salt bytea NOT NULL,
    sent_at timestamptz NOT NULL,
    published_at timestamptz,
    erased_at timestamptz
);
CREATE INDEX evidence_public_copy_organisation ON evidence_public_copy (organisation);
CREATE INDEX evidence_public_copy_item ON evidence_public_copy (item);
CREATE INDEX evidence_public_copy_report ON evidence_public_copy (report);

CREATE TABLE evidence_shared_act (
    id bigserial PRIMARY KEY,
    act varchar(20) NOT NULL DEFAULT '',
    subject uuid NOT NULL,
    organisation uuid NOT NULL,
    why varchar(40) NOT NULL DEFAULT '',
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    done_by uuid,
    done_at timestamptz
);
CREATE INDEX evidence_shared_act_subject ON evidence_shared_act (subject);
CREATE INDEX evidence_shared_act_organisation ON evidence_shared_act (organisation);

CREATE TABLE existing_practice (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    type varchar(40) NOT NULL DEFAULT '',
    words uuid NOT NULL
);
CREATE INDEX existing_practice_organisation ON existing_practice (organisation);

CREATE TABLE extension_request (
    id uuid PRIMARY KEY,
    obligation bigint NOT NULL DEFAULT 0,
    organisation uuid NOT NULL,
    days integer NOT NULL DEFAULT 0,
    words uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'asked',
    decided_at timestamptz
);
CREATE INDEX extension_request_obligation ON extension_request (obligation);
CREATE INDEX extension_request_organisation ON extension_request (organisation);

CREATE TABLE fact_correction (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    event bigint NOT NULL DEFAULT 0,
    value varchar(40) NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'proposed',
    decided_by uuid,
    decided_at timestamptz
);
CREATE INDEX fact_correction_organisation ON fact_correction (organisation);

CREATE TABLE hearing (
    id uuid PRIMARY KEY,
    request uuid NOT NULL,
    "group" uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    answer_by date NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'asked',
    words text NOT NULL DEFAULT '',
    answered_at timestamptz
);
CREATE INDEX hearing_request ON hearing (request);
CREATE INDEX hearing_group ON hearing ("group");

CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    account uuid NOT NULL,
    role varchar(20) NOT NULL DEFAULT '',
    sponsor_role varchar(100) NOT NULL DEFAULT '',
    invited_by_role varchar(20) NOT NULL DEFAULT '',
    sent_at timestamptz NOT NULL,
    expires_on date NOT NULL,
    covers_from date,
    covers_until date,
    answer varchar(20) NOT NULL DEFAULT '',
    answered_at timestamptz
);
CREATE INDEX invitation_organisation ON invitation (organisation);
CREATE INDEX invitation_account ON invitation (account);
CREATE INDEX invitation_answer ON invitation (answer);

CREATE TABLE learning_note (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    source uuid NOT NULL UNIQUE,
    pledge integer,
    cycle integer,
    types varchar(40)[] NOT NULL DEFAULT '{}',
    actions varchar(80)[] NOT NULL DEFAULT '{}',
    forms varchar(60)[] NOT NULL DEFAULT '{}',
    worked varchar(20) NOT NULL DEFAULT '',
    words uuid NOT NULL,
    published_at timestamptz NOT NULL
);
CREATE INDEX learning_note_organisation ON learning_note (organisation);

CREATE TABLE learning_resource (
    id bigserial PRIMARY KEY,
    account uuid NOT NULL,
    kind varchar(20) NOT NULL DEFAULT '',
    licence varchar(20) NOT NULL DEFAULT '',
    types varchar(40)[] NOT NULL DEFAULT '{}',
    forms varchar(60)[] NOT NULL DEFAULT '{}',
    action varchar(80) NOT NULL DEFAULT '',
    sector varchar(60) NOT NULL DEFAULT '',
    borough varchar(60) NOT NULL DEFAULT '',
    draft jsonb,
    words uuid,
    obligation bigint,
    state varchar(20) NOT NULL DEFAULT 'proposed',
    refusal varchar(1000) NOT NULL DEFAULT '',
    proposed_at timestamptz NOT NULL,
    decided_at timestamptz,
    retired_at timestamptz,
    retired_for varchar(20) NOT NULL DEFAULT ''
);
CREATE INDEX learning_resource_account ON learning_resource (account);

CREATE TABLE membership (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    account uuid NOT NULL,
    role varchar(20) NOT NULL DEFAULT '',
    since timestamptz NOT NULL,
    ended_at timestamptz,
    invited_by_role varchar(20) NOT NULL DEFAULT '',
    one_person boolean NOT NULL DEFAULT false,
    covers_until date
);
CREATE INDEX membership_organisation ON membership (organisation);
CREATE INDEX membership_account ON membership (account);

CREATE TABLE milestone (
    id bigserial PRIMARY KEY,
    pledge uuid NOT NULL,
    number integer NOT NULL DEFAULT 0,
    first_due_on date NOT NULL,
    due_on date NOT NULL,
    moved boolean NOT NULL DEFAULT false,
    evidence_until date,
    reopened_at timestamptz
);
CREATE INDEX milestone_pledge ON milestone (pledge);

CREATE TABLE notice (
    id bigserial PRIMARY KEY,
    obligation bigint NOT NULL DEFAULT 0,
    due_on date NOT NULL,
    step integer NOT NULL DEFAULT 0,
    name varchar(40) NOT NULL DEFAULT '',
    account uuid NOT NULL,
    role varchar(20) NOT NULL DEFAULT '',
    state varchar(20) NOT NULL DEFAULT 'queued',
    queued_at timestamptz NOT NULL,
    sent_at timestamptz,
    accepted_at timestamptz,
    bounced_at timestamptz
);
CREATE INDEX notice_obligation ON notice (obligation);
CREATE INDEX notice_state ON notice (state);

CREATE TABLE obligation (
    id bigserial PRIMARY KEY,
    organisation uuid,
    kind varchar(40) NOT NULL DEFAULT '',
    owner varchar(20) NOT NULL DEFAULT '',
    subject uuid,
    pledge integer,
    milestone integer,
    type varchar(40),
    opened_at timestamptz NOT NULL,
    first_due_on date NOT NULL,
    due_on date NOT NULL,
    next_step_on date,
    state varchar(20) NOT NULL DEFAULT 'open',
    ended_at timestamptz
);
CREATE INDEX obligation_organisation ON obligation (organisation);
CREATE INDEX obligation_subject ON obligation (subject);

CREATE TABLE organisation (
    id uuid PRIMARY KEY,
    slug varchar(80) NOT NULL UNIQUE,
    name varchar(200) NOT NULL DEFAULT '',
    town varchar(100) NOT NULL DEFAULT '',
    website varchar(200),
    domain varchar(200),
    sector varchar(60) NOT NULL DEFAULT '',
    boroughs varchar(60)[] NOT NULL DEFAULT '{}',
    band varchar(20) NOT NULL DEFAULT '',
    state varchar(20) NOT NULL DEFAULT 'applied',
    sponsor_role varchar(100) NOT NULL DEFAULT '',
    applied_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    refusal text NOT NULL DEFAULT '',
    appeal text NOT NULL DEFAULT '',
    proof varchar(20) NOT NULL DEFAULT '',
    public_since timestamptz,
    continued_by uuid,
    reduced_on date
);
CREATE INDEX organisation_state ON organisation (state);

CREATE TABLE organisation_dissolution (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    dissolved_on date NOT NULL,
    source text NOT NULL DEFAULT '',
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'proposed',
    decided_by uuid,
    decided_at timestamptz
);
CREATE INDEX organisation_dissolution_organisation ON organisation_dissolution (organisation);

CREATE TABLE organisation_domain_proof (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    how varchar(20) NOT NULL DEFAULT '',
    domain varchar(200) NOT NULL DEFAULT '',
    mailbox varchar(40) NOT NULL DEFAULT '',
    code_hash varchar(64) NOT NULL DEFAULT '',
    value varchar(80) NOT NULL DEFAULT '',
    asked_at timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    shown_at timestamptz,
    looked_at timestamptz,
    missing_since timestamptz
);
CREATE INDEX organisation_domain_proof_organisation ON organisation_domain_proof (organisation);

CREATE TABLE organisation_former_name (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    name varchar(200) NOT NULL DEFAULT '',
    until date NOT NULL
);
CREATE INDEX organisation_former_name_organisation ON organisation_former_name (organisation);

CREATE TABLE organisation_former_slug (
    slug varchar(80) PRIMARY KEY,
    organisation uuid NOT NULL
);

CREATE TABLE organisation_identifier (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    scheme varchar(20) NOT NULL DEFAULT '',
    identifier varchar(60) NOT NULL DEFAULT '',
    released boolean NOT NULL DEFAULT false
);
CREATE INDEX organisation_identifier_organisation ON organisation_identifier (organisation);

CREATE TABLE organisation_identity_proof (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    how varchar(20) NOT NULL DEFAULT '',
    proven_on date NOT NULL
);
CREATE INDEX organisation_identity_proof_organisation ON organisation_identity_proof (organisation);

CREATE TABLE organisation_voucher (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    who varchar(100) NOT NULL DEFAULT '',
    reached varchar(20) NOT NULL DEFAULT '',
    tied boolean NOT NULL DEFAULT false,
    checked_by uuid NOT NULL,
    checked_on date NOT NULL
);
CREATE INDEX organisation_voucher_organisation ON organisation_voucher (organisation);

CREATE TABLE outage (
    day date PRIMARY KEY,
    minutes integer NOT NULL DEFAULT 0
);

CREATE TABLE outbox_message (
    id bigserial PRIMARY KEY,
    key varchar(200) NOT NULL UNIQUE,
    kind varchar(40) NOT NULL DEFAULT '',
    payload jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    done_at timestamptz,
    dead_at timestamptz,
    last_error varchar(400) NOT NULL DEFAULT ''
);

CREATE TABLE pack_adoption (
    digest varchar(80) PRIMARY KEY,
    pack varchar(60) NOT NULL DEFAULT '',
    said text NOT NULL DEFAULT ''
);

CREATE TABLE pause (
    id bigserial PRIMARY KEY,
    obligation bigint NOT NULL DEFAULT 0,
    why varchar(40) NOT NULL DEFAULT '',
    by varchar(20) NOT NULL DEFAULT '',
    since timestamptz NOT NULL,
    until timestamptz
);
CREATE INDEX pause_obligation ON pause (obligation);

CREATE TABLE pay_entry (
    id uuid PRIMARY KEY,
    organisation uuid,
    payer varchar(20) NOT NULL DEFAULT '',
    seat uuid,
    session uuid,
    kind varchar(20) NOT NULL DEFAULT '',
    hours numeric(6, 2) NOT NULL DEFAULT 0,
    rate_pence integer NOT NULL DEFAULT 0,
    amount_pence integer NOT NULL DEFAULT 0,
    earned_on date,
    due_on date NOT NULL,
    paid_at timestamptz,
    confirmed_at timestamptz,
    obligation bigint
);
CREATE INDEX pay_entry_organisation ON pay_entry (organisation);

CREATE TABLE plan (
    id bigserial PRIMARY KEY,
    organisation uuid NOT NULL,
    number integer NOT NULL DEFAULT 0,
    spell integer NOT NULL DEFAULT 0,
    published_at timestamptz NOT NULL
);
CREATE INDEX plan_organisation ON plan (organisation);

CREATE TABLE pledge (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    number integer NOT NULL DEFAULT 0,
    type varchar(40) NOT NULL DEFAULT '',
    state varchar(20) NOT NULL DEFAULT 'draft',
    version integer NOT NULL DEFAULT 0,
    draft jsonb,
    ends_on date,
    created_at timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX pledge_organisation ON pledge (organisation);

CREATE TABLE pledge_partner (
    id uuid PRIMARY KEY,
    pledge uuid NOT NULL,
    organisation uuid,
    "group" uuid,
    version integer NOT NULL DEFAULT 0,
    words uuid NOT NULL,
    reason uuid,
    state varchar(20) NOT NULL DEFAULT 'asked',
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    left_at timestamptz
);
CREATE INDEX pledge_partner_pledge ON pledge_partner (pledge);
CREATE INDEX pledge_partner_organisation ON pledge_partner (organisation);
CREATE INDEX pledge_partner_group ON pledge_partner ("group");

CREATE TABLE pledge_version (
    id bigserial PRIMARY KEY,
    pledge uuid NOT NULL,
    version integer NOT NULL DEFAULT 0,
    terms jsonb NOT NULL DEFAULT '{}',
    words uuid NOT NULL,
    published_at timestamptz NOT NULL
);
CREATE INDEX pledge_version_pledge ON pledge_version (pledge);

CREATE TABLE public_text (
    id uuid PRIMARY KEY,
    organisation uuid,
    about varchar(60) NOT NULL DEFAULT '',
    words jsonb NOT NULL DEFAULT '{}',
    salt bytea,
    commitment bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    held_until timestamptz,
    erased jsonb
);
CREATE INDEX public_text_organisation ON public_text (organisation);

CREATE TABLE quiet_period (
    id uuid PRIMARY KEY,
    words uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    until date NOT NULL,
    ended_at timestamptz
);

CREATE TABLE report (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    pledge uuid NOT NULL,
    milestone integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    obligation bigint,
    worked varchar(20) NOT NULL DEFAULT '',
    words uuid NOT NULL,
    signed_by_role varchar(100) NOT NULL DEFAULT '',
    received_at timestamptz NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'received',
    "case" uuid
);
CREATE INDEX report_organisation ON report (organisation);
CREATE INDEX report_pledge ON report (pledge);
CREATE INDEX report_case ON report ("case");

CREATE TABLE request_to_take_part (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    "group" uuid NOT NULL,
    people integer NOT NULL DEFAULT 0,
    hours numeric(6, 2) NOT NULL DEFAULT 0,
    pay_pence integer NOT NULL DEFAULT 0,
    held_on date NOT NULL,
    answer_by date NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'asked',
    words uuid,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz
);
CREATE INDEX request_to_take_part_organisation ON request_to_take_part (organisation);
CREATE INDEX request_to_take_part_group ON request_to_take_part ("group");

CREATE TABLE review_case (
    id uuid PRIMARY KEY,
    number bigint NOT NULL UNIQUE,
    kind varchar(30) NOT NULL DEFAULT '',
    organisation uuid,
    quarter varchar(10) NOT NULL DEFAULT '',
    subject uuid,
    types jsonb,
    seats integer NOT NULL DEFAULT 2,
    opened_at timestamptz NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'waiting',
    waiting_since timestamptz NOT NULL,
    no_panel_at timestamptz,
    drawn_at timestamptz,
    decided_at timestamptz,
    publish_on date,
    held_until timestamptz,
    held_at timestamptz,
    published_at timestamptz,
    reply_words text NOT NULL DEFAULT '',
    reply uuid,
    replied_at timestamptz,
    obligation bigint
);
CREATE INDEX review_case_organisation ON review_case (organisation);
CREATE INDEX review_case_subject ON review_case (subject);
CREATE INDEX review_case_state ON review_case (state);

CREATE TABLE review_outcome (
    id uuid PRIMARY KEY,
    "case" uuid NOT NULL,
    question varchar(80) NOT NULL DEFAULT '',
    report uuid,
    verdict varchar(20) NOT NULL DEFAULT '',
    words uuid
);
CREATE INDEX review_outcome_case ON review_outcome ("case");
CREATE INDEX review_outcome_report ON review_outcome (report);

CREATE TABLE review_sealed_list (
    id uuid PRIMARY KEY,
    "case" uuid NOT NULL,
    auditors uuid[] NOT NULL DEFAULT '{}',
    wanted integer NOT NULL DEFAULT 0,
    salt bytea NOT NULL,
    digest bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    known_root bytea NOT NULL,
    seed bytea,
    positions integer[],
    drawn_at timestamptz
);
CREATE INDEX review_sealed_list_case ON review_sealed_list ("case");

CREATE TABLE review_seat (
    id uuid PRIMARY KEY,
    "case" uuid NOT NULL,
    auditor uuid NOT NULL,
    number integer NOT NULL DEFAULT 0,
    pseudonym varchar(40) NOT NULL DEFAULT '',
    state varchar(20) NOT NULL DEFAULT 'offered',
    offered_at timestamptz NOT NULL,
    answered_at timestamptz,
    decided_at timestamptz,
    obligation bigint
);
CREATE INDEX review_seat_case ON review_seat ("case");
CREATE INDEX review_seat_auditor ON review_seat (auditor);

CREATE TABLE review_seat_draft (
    seat uuid PRIMARY KEY,
    typed jsonb NOT NULL DEFAULT '{}',
    saved_at timestamptz NOT NULL
);

CREATE TABLE signature (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    spell integer NOT NULL DEFAULT 0,
    again boolean NOT NULL DEFAULT false,
    charter_version varchar(20) NOT NULL DEFAULT '',
    charter_digest varchar(80) NOT NULL DEFAULT '',
    sponsor_role varchar(100) NOT NULL DEFAULT '',
    signed_at timestamptz NOT NULL
);
CREATE INDEX signature_organisation ON signature (organisation);

CREATE TABLE standstill (
    id bigserial PRIMARY KEY,
    why varchar(40) NOT NULL DEFAULT '',
    since timestamptz NOT NULL,
    until timestamptz
);

CREATE TABLE verdict (
    id uuid PRIMARY KEY,
    seat uuid NOT NULL,
    question varchar(80) NOT NULL DEFAULT '',
    report uuid,
    verdict varchar(20) NOT NULL DEFAULT '',
    reasons text NOT NULL DEFAULT '',
    notes text NOT NULL DEFAULT '',
    sealed_at timestamptz NOT NULL
);
CREATE INDEX verdict_seat ON verdict (seat);
CREATE INDEX verdict_report ON verdict (report);
