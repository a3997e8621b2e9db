"""Every use case of answers, pledges and co-design, by name (rules 5 to 15)."""

from charter.plans.answers import answer_type, open_re_identifications
from charter.plans.codesign import (
    confirm_session,
    confirm_session_as_group,
    record_session,
    renew_codes,
    withdraw_agreement,
    withdraw_agreement_as_group,
)
from charter.plans.drafts import find_typed, forget_typed, forms_begun, keep_typed
from charter.plans.groups import (
    answer_request,
    ask_group,
    check_group,
    close_door,
    lapse_requests,
    register_group,
)
from charter.plans.pledges import (
    amend_pledge,
    discard_draft,
    end_pledges,
    list_existing_practice,
    publish_plan,
    publish_pledge,
    save_pledge,
    withdraw_pledge,
)
from charter.plans.quiet import end_quiet_period, keep_quiet, open_quiet_period
from charter.plans.ready_made import take_ready_made
from charter.plans.sharing import answer_partnership, ask_partner, leave_partnership

__all__ = [
    "amend_pledge",
    "answer_partnership",
    "answer_request",
    "answer_type",
    "ask_group",
    "ask_partner",
    "check_group",
    "close_door",
    "confirm_session",
    "confirm_session_as_group",
    "discard_draft",
    "end_pledges",
    "end_quiet_period",
    "find_typed",
    "forget_typed",
    "forms_begun",
    "keep_quiet",
    "keep_typed",
    "lapse_requests",
    "leave_partnership",
    "list_existing_practice",
    "open_quiet_period",
    "open_re_identifications",
    "publish_plan",
    "publish_pledge",
    "record_session",
    "register_group",
    "renew_codes",
    "save_pledge",
    "take_ready_made",
    "withdraw_agreement",
    "withdraw_agreement_as_group",
    "withdraw_pledge",
]
