"""Every use case of organisations, by name (rules 1, 2 and 10a)."""

from charter.organisations.dissolution import (
    confirm_dissolution,
    drop_dissolution,
    propose_dissolution,
    reduce_dissolved,
)
from charter.organisations.identifiers import change_identifiers
from charter.organisations.identity import (
    appeal_refusal,
    apply_to_sign,
    decide_identity,
    renew_proof,
    reopen_proof,
)
from charter.organisations.importing import import_signatory
from charter.organisations.invitations import (
    accept_invitation,
    begin_covers,
    decline_invitation,
    invite_person,
    lapse_invitations,
    take_back_invitation,
)
from charter.organisations.names import (
    change_domain,
    merge_organisation,
    rename_organisation,
)
from charter.organisations.people import (
    change_band,
    end_covers,
    end_membership,
)
from charter.organisations.places import change_place
from charter.organisations.proofs import (
    ask_for_code,
    ask_for_record,
    record_look,
    record_voucher,
    type_code,
)

__all__ = [
    "accept_invitation",
    "appeal_refusal",
    "apply_to_sign",
    "ask_for_code",
    "ask_for_record",
    "begin_covers",
    "change_band",
    "change_domain",
    "change_identifiers",
    "change_place",
    "confirm_dissolution",
    "decide_identity",
    "decline_invitation",
    "drop_dissolution",
    "end_covers",
    "end_membership",
    "import_signatory",
    "invite_person",
    "lapse_invitations",
    "merge_organisation",
    "propose_dissolution",
    "record_look",
    "record_voucher",
    "reduce_dissolved",
    "rename_organisation",
    "renew_proof",
    "reopen_proof",
    "take_back_invitation",
    "type_code",
]
