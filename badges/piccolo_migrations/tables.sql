-- The tables of badges: what each column means is told by its class.

CREATE TABLE badge (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL UNIQUE,
    code varchar(10) NOT NULL UNIQUE,
    page_state varchar(20) NOT NULL DEFAULT '',
    opened_at timestamptz NOT NULL,
    picture_digest varchar(64) NOT NULL DEFAULT '',
    picture_svg text NOT NULL DEFAULT '',
    picture_png bytea NOT NULL
);

CREATE TABLE edition (
    id bigserial PRIMARY KEY,
    badge uuid NOT NULL,
    n integer NOT NULL DEFAULT 0,
    standing varchar(20) NOT NULL DEFAULT '',
    facts_digest varchar(64) NOT NULL DEFAULT '',
    credential bytea NOT NULL,
    jwt text NOT NULL DEFAULT '',
    png bytea NOT NULL,
    svg text NOT NULL DEFAULT '',
    sha256 varchar(64) NOT NULL DEFAULT '',
    valid_from timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    signed_at timestamptz NOT NULL,
    signed_with varchar(500) NOT NULL DEFAULT '',
    jwt_signed_with varchar(500) NOT NULL DEFAULT '',
    status_list integer NOT NULL DEFAULT 0,
    status_index integer NOT NULL DEFAULT 0,
    revoked_at timestamptz,
    revoked_reason varchar(40),
    event bigint
);
CREATE INDEX edition_badge ON edition (badge);

CREATE TABLE endorsement (
    id bigserial PRIMARY KEY,
    panel integer NOT NULL DEFAULT 0,
    did varchar(500) NOT NULL DEFAULT '',
    organisation uuid NOT NULL,
    address varchar(500) NOT NULL DEFAULT '',
    credential bytea NOT NULL,
    sha256 varchar(64) NOT NULL UNIQUE,
    signed_with varchar(500) NOT NULL DEFAULT '',
    valid_from timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    why_withdrawn varchar(40)
);
CREATE INDEX endorsement_panel ON endorsement (panel);
CREATE INDEX endorsement_organisation ON endorsement (organisation);

CREATE TABLE issuer_document (
    name varchar(20) PRIMARY KEY,
    content bytea NOT NULL,
    sha256 varchar(64) NOT NULL DEFAULT '',
    published_at timestamptz NOT NULL
);

CREATE TABLE log_checkpoint (
    size bigint PRIMARY KEY,
    note text NOT NULL DEFAULT '',
    signed_at timestamptz NOT NULL,
    cosigned text,
    cosigned_at timestamptz,
    witnesses bigint NOT NULL DEFAULT 0
);

CREATE TABLE log_leaf (
    idx bigint PRIMARY KEY,
    event_id bigint NOT NULL UNIQUE,
    entry bytea NOT NULL
);

CREATE TABLE panel_key (
    id bigserial PRIMARY KEY,
    did varchar(500) NOT NULL DEFAULT '',
    name text NOT NULL DEFAULT '',
    url varchar(500) NOT NULL DEFAULT '',
    document bytea NOT NULL,
    sha256 varchar(64) NOT NULL DEFAULT '',
    state varchar(20) NOT NULL DEFAULT 'proposed',
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    ended_by uuid,
    ended_at timestamptz,
    why_ended varchar(40)
);

CREATE TABLE placement (
    id bigserial PRIMARY KEY,
    badge uuid NOT NULL,
    code varchar(4) NOT NULL DEFAULT '',
    label varchar(100) NOT NULL DEFAULT '',
    kind varchar(20) NOT NULL DEFAULT '',
    printed_on date NOT NULL,
    ended_on date
);
CREATE INDEX placement_badge ON placement (badge);

CREATE TABLE sighting (
    id bigserial PRIMARY KEY,
    badge uuid NOT NULL,
    place varchar(4) NOT NULL DEFAULT '',
    host varchar(253) NOT NULL DEFAULT '',
    day date NOT NULL,
    seen integer NOT NULL DEFAULT 0
);

CREATE TABLE status_list (
    number integer PRIMARY KEY,
    issued integer NOT NULL DEFAULT 0,
    revoked integer NOT NULL DEFAULT 0,
    credential bytea NOT NULL,
    jwt text NOT NULL DEFAULT '',
    signed_at timestamptz,
    valid_until timestamptz
);
