"""Tables of people and their sessions. What opens a door is stored as a keyed hash only."""

from piccolo.columns import (
    UUID,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Integer,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Account(Table, tablename="account"):
    """A person. The address is sealed; `email_key` is its keyed hash, so that it can be found."""

    id = UUID(primary_key=True)
    email_sealed = Bytea()
    email_key = Bytea(unique=True)
    display_name = Varchar(length=100, null=True, default=None)
    created_at = Timestamptz(default=None)
    closed_at = Timestamptz(null=True, default=None)


class RoleGrant(Table, tablename="role_grant"):
    """A role an account holds in the hub or as an auditor, from an instant until ended.

    `role` is steward, auditor, payment, auditor-care, administrator or
    inspector.
    """

    id = UUID(primary_key=True)
    account = UUID(index=True)
    role = Varchar(length=20)
    granted_at = Timestamptz(default=None)
    granted_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class SignInCode(Table, tablename="sign_in_code"):
    """One request to sign in by mail: a six-digit code and a link, each of them once.

    `browser_key` is the hash of a cookie: only the browser that asked may use either.
    """

    id = UUID(primary_key=True)
    email_sealed = Bytea()
    email_key = Bytea(index=True)
    code_key = Bytea()
    link_key = Bytea(unique=True)
    browser_key = Bytea(index=True)
    return_to = Varchar(length=300, default="")
    asked_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    attempts = SmallInt(default=0)
    used_at = Timestamptz(null=True, default=None)


class Session(Table, tablename="session"):
    """A signed-in browser. `key` is the hash of the cookie; the cookie itself is kept nowhere."""

    key = Bytea(primary_key=True)
    account = UUID(index=True)
    started_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None, index=True)
    how = Varchar(length=20, default="code")


class OidcIdentity(Table, tablename="oidc_identity"):
    """An identity at a provider: issuer and subject together are the key, never the address."""

    id = UUID(primary_key=True)
    account = UUID(index=True)
    issuer = Varchar(length=300)
    subject = Varchar(length=300)
    key = Bytea(unique=True)
    linked_at = Timestamptz(default=None)


class PendingOidc(Table, tablename="pending_oidc"):
    """A sign-in under way at a provider: taken out once, by the browser that began it.

    With `account`, somebody signed in is adding the identity to that account.
    """

    state_key = Bytea(primary_key=True)
    browser_key = Bytea()
    provider = Varchar(length=40)
    nonce = Varchar(length=100)
    verifier_sealed = Bytea()
    return_to = Varchar(length=300, default="")
    account = UUID(null=True, default=None)
    expires_at = Timestamptz(default=None, index=True)


class AttemptCounter(Table, tablename="attempt_counter"):
    """How often something was tried in one window of time; `key` names limit, subject, window."""

    key = Bytea(primary_key=True)
    attempts = Integer(default=0)
    expires_at = Timestamptz(default=None, index=True)


class FormOwner(Table, tablename="form_owner"):
    """To whom the forms with a token were shown, also after the session that showed them."""

    token_key = Bytea(primary_key=True)
    account = UUID()
    expires_at = Timestamptz(default=None, index=True)


class ParkedForm(Table, tablename="parked_form"):
    """What somebody typed on a page and could not send; sealed, and shown to them alone."""

    id = BigSerial(primary_key=True)
    account = UUID()
    page = Varchar(length=300)
    sent_to = Varchar(length=300)
    typed_sealed = Bytea()
    kept_at = Timestamptz(default=None)


class KeptFile(Table, tablename="kept_file"):
    """A file that came with a form which could not be taken in; it waits on its page.

    The bytes lie in the object store under `sha256`; what their sender called them is not kept.
    """

    id = BigSerial(primary_key=True)
    account = UUID()
    page = Varchar(length=300)
    sha256 = Varchar(length=64, index=True)
    size = BigInt()
    is_table = Boolean(default=False)
    kept_at = Timestamptz(default=None)


class FormReceipt(Table, tablename="form_receipt"):
    """A form already taken in: sent again, it is answered with the same address.

    The row is written in the transaction of what the form did, so that both stand or neither.
    """

    key = Bytea(primary_key=True)
    location = Varchar(length=400, default="")
    taken_at = Timestamptz(default=None, index=True)


class SecurityEvent(Table, tablename="security_event"):
    """A sign-in, a refusal, a change of roles: by account id and kind, without addresses."""

    id = BigSerial(primary_key=True)
    kind = Varchar(length=40)
    account = UUID(null=True, default=None, index=True)
    detail = Varchar(length=120, default="")
    at = Timestamptz(default=None)
