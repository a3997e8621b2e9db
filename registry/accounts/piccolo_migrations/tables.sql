-- The tables of accounts: what each column means is told by its class.

CREATE TABLE account (
    id uuid PRIMARY KEY,
    email_sealed bytea NOT NULL,
    email_key bytea NOT NULL UNIQUE,
    display_name varchar(100),
    created_at timestamptz NOT NULL,
    closed_at timestamptz
);

CREATE TABLE attempt_counter (
    key bytea PRIMARY KEY,
    attempts integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL
);
CREATE INDEX attempt_counter_expires_at ON attempt_counter (expires_at);

CREATE TABLE form_owner (
    token_key bytea PRIMARY KEY,
    account uuid NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX form_owner_expires_at ON form_owner (expires_at);

CREATE TABLE form_receipt (
    key bytea PRIMARY KEY,
    location varchar(400) NOT NULL DEFAULT '',
    taken_at timestamptz NOT NULL
);
CREATE INDEX form_receipt_taken_at ON form_receipt (taken_at);

CREATE TABLE kept_file (
    id bigserial PRIMARY KEY,
    account uuid NOT NULL,
    page varchar(300) NOT NULL DEFAULT '',
    sha256 varchar(64) NOT NULL DEFAULT '',
    size bigint NOT NULL DEFAULT 0,
    is_table boolean NOT NULL DEFAULT false,
    kept_at timestamptz NOT NULL
);
CREATE INDEX kept_file_sha256 ON kept_file (sha256);

CREATE TABLE oidc_identity (
    id uuid PRIMARY KEY,
    account uuid NOT NULL,
    issuer varchar(300) NOT NULL DEFAULT '',
    subject varchar(300) NOT NULL DEFAULT '',
    key bytea NOT NULL UNIQUE,
    linked_at timestamptz NOT NULL
);
CREATE INDEX oidc_identity_account ON oidc_identity (account);

CREATE TABLE parked_form (
    id bigserial PRIMARY KEY,
    account uuid NOT NULL,
    page varchar(300) NOT NULL DEFAULT '',
    sent_to varchar(300) NOT NULL DEFAULT '',
    typed_sealed bytea NOT NULL,
    kept_at timestamptz NOT NULL
);

CREATE TABLE pending_oidc (
    state_key bytea PRIMARY KEY,
    browser_key bytea NOT NULL,
    provider varchar(40) NOT NULL DEFAULT '',
    nonce varchar(100) NOT NULL DEFAULT '',
    verifier_sealed bytea NOT NULL,
    return_to varchar(300) NOT NULL DEFAULT '',
    account uuid,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pending_oidc_expires_at ON pending_oidc (expires_at);

CREATE TABLE role_grant (
    id uuid PRIMARY KEY,
    account uuid NOT NULL,
    role varchar(20) NOT NULL DEFAULT '',
    granted_at timestamptz NOT NULL,
    granted_by uuid,
    ended_at timestamptz
);
CREATE INDEX role_grant_account ON role_grant (account);

CREATE TABLE security_event (
    id bigserial PRIMARY KEY,
    kind varchar(40) NOT NULL DEFAULT '',
    account uuid,
    detail varchar(120) NOT NULL DEFAULT '',
    at timestamptz NOT NULL
);
CREATE INDEX security_event_account ON security_event (account);

CREATE TABLE session (
    key bytea PRIMARY KEY,
    account uuid NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    how varchar(20) NOT NULL DEFAULT 'code'
);
CREATE INDEX session_account ON session (account);
CREATE INDEX session_expires_at ON session (expires_at);

CREATE TABLE sign_in_code (
    id uuid PRIMARY KEY,
    email_sealed bytea NOT NULL,
    email_key bytea NOT NULL,
    code_key bytea NOT NULL,
    link_key bytea NOT NULL UNIQUE,
    browser_key bytea NOT NULL,
    return_to varchar(300) NOT NULL DEFAULT '',
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    used_at timestamptz
);
CREATE INDEX sign_in_code_email_key ON sign_in_code (email_key);
CREATE INDEX sign_in_code_browser_key ON sign_in_code (browser_key);
