"""Every use case of organisations, by name (rules 1, 2 and 10a)."""

from charter.organisations.identity import (
    appeal_refusal,
    apply_to_sign,
    decide_identity,
    renew_proof,
    reopen_proof,
)
from charter.organisations.importing import import_signatory
from charter.organisations.names import (
    change_domain,
    merge_organisation,
    rename_organisation,
)
from charter.organisations.people import (
    add_member,
    change_band,
    end_membership,
    replace_sponsor,
)
from charter.organisations.proofs import (
    ask_for_code,
    ask_for_record,
    record_look,
    record_voucher,
    type_code,
)

__all__ = [
    "add_member",
    "appeal_refusal",
    "apply_to_sign",
    "ask_for_code",
    "ask_for_record",
    "change_band",
    "change_domain",
    "decide_identity",
    "end_membership",
    "import_signatory",
    "merge_organisation",
    "record_look",
    "record_voucher",
    "rename_organisation",
    "renew_proof",
    "reopen_proof",
    "replace_sponsor",
    "type_code",
]
