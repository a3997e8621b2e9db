"""Every use case of organisations, by name (rules 1, 2 and 10a)."""

from charter.organisations.identity import (
    appeal_refusal,
    apply_to_sign,
    decide_identity,
    renew_proof,
    reopen_proof,
)
from charter.organisations.names import (
    merge_organisation,
    rename_organisation,
)
from charter.organisations.people import (
    add_member,
    change_band,
    end_membership,
    replace_sponsor,
)

__all__ = [
    "add_member",
    "appeal_refusal",
    "apply_to_sign",
    "change_band",
    "decide_identity",
    "end_membership",
    "merge_organisation",
    "rename_organisation",
    "renew_proof",
    "reopen_proof",
    "replace_sponsor",
]
