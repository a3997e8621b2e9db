"""Every use case of reviews under one roof; each stands in the module of its subject."""

from charter.reviews.accountability import (
    Reflection,
    agree_with_panel,
    open_reflections,
    send_reflection,
)
from charter.reviews.auditors import (
    declare_interest,
    end_auditor,
    register_auditor,
    rest_auditor,
)
from charter.reviews.cases import open_case
from charter.reviews.extensions import ask_for_more_time, end_decision_pauses
from charter.reviews.hearings import say_nothing, say_to_panel
from charter.reviews.inspection import open_sealed_lists
from charter.reviews.lottery import (
    draw_panel,
    draw_waiting_panels,
    redraw_late_seats,
    seal_eligible_list,
)
from charter.reviews.pay import (
    confirm_payment,
    count_silence_as_received,
    decline_payment,
    dispute_payment,
    record_payment,
    record_session_payment,
)
from charter.reviews.publication import (
    hold_words,
    publish_due_cases,
    release_words,
    reply_to_case,
)
from charter.reviews.seat_drafts import keep_seat_draft
from charter.reviews.seats import accept_seat, ask_for_redraw, decline_seat, hand_back_seat
from charter.reviews.session_pay import (
    amend_session_pay,
    say_pay_arrived,
    say_pay_is_missing,
)
from charter.reviews.unpaid import look_for_unpaid_work
from charter.reviews.verdicts import Said, seal_findings, seal_verdict, seal_verdicts

__all__ = [
    "Reflection",
    "Said",
    "accept_seat",
    "agree_with_panel",
    "amend_session_pay",
    "ask_for_more_time",
    "ask_for_redraw",
    "confirm_payment",
    "count_silence_as_received",
    "declare_interest",
    "decline_payment",
    "decline_seat",
    "dispute_payment",
    "draw_panel",
    "draw_waiting_panels",
    "end_auditor",
    "end_decision_pauses",
    "hand_back_seat",
    "hold_words",
    "keep_seat_draft",
    "look_for_unpaid_work",
    "open_case",
    "open_reflections",
    "open_sealed_lists",
    "publish_due_cases",
    "record_payment",
    "record_session_payment",
    "redraw_late_seats",
    "register_auditor",
    "release_words",
    "reply_to_case",
    "rest_auditor",
    "say_nothing",
    "say_pay_arrived",
    "say_pay_is_missing",
    "say_to_panel",
    "seal_eligible_list",
    "seal_findings",
    "seal_verdict",
    "seal_verdicts",
    "send_reflection",
]
