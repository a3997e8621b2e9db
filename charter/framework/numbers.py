"""Every number of the rules, grouped by the room that reads it. The values stand in the pack.

Days are calendar days of the pack's zone unless the name says `working`. An offset is a number of
days from a due date: negative before it, positive after it. Money is in pence.
"""

from datetime import time
from typing import Annotated, Literal

import msgspec

from charter.framework.entry import Count, Entry, KebabId, Words

Offset = Annotated[int, msgspec.Meta(ge=-365, le=730)]
"""Days from a due date."""


PAUSE_REASONS = frozenset(
    {
        *("hub-late", "outage", "quiet-period", "under-review", "no-panel-available"),
        *("extension-asked", "payee-to-confirm"),
    }
)
"""Why a clock can stand still. The reason is public."""


class SigningNumbers(Entry, frozen=True, kw_only=True):
    """Rules 1 to 4: who signs, and how long each step of signing may take."""

    identity_working_days: Count
    one_person_under_people: Count
    """In a body with fewer people than this, one person may be both lead and sponsor."""
    vouchers: Count
    """Unconnected people who must vouch for a group with no domain and no register number."""
    plan_days: Count
    """From signature to published plan; after that the signature lapses."""
    re_sign_days: Count
    """How long the window stays open when a new charter version appears."""
    re_sign_warning_days: Count
    """How long before the window opens it is announced."""
    proof_renewal_days: Count
    """From a rename or a lapsed domain to a new proof of identity."""
    proof_mailboxes: tuple[Words, ...]
    """Mailboxes that only those who run a domain can read; a code may be mailed to them."""
    proof_code_hours: Count
    """How long a mailed code can be typed in."""
    proof_code_attempts: Count
    """Wrong codes after which a mailed code is dead."""
    proof_recheck_days: Count
    """How often a domain that proves an identity is looked at again."""
    proof_missing_days: Count
    """How long a domain or its record must be missing before proof is asked for again."""
    invitation_days: Count
    """How long somebody has to answer an invitation to take a part."""
    handover_working_days: Count
    """How long the hub has to find who takes over where nobody leads or sponsors any more."""
    refusal_appeal_days: Count
    """How long a refused applicant may appeal."""


class PlanNumbers(Entry, frozen=True, kw_only=True):
    """Rules 5 to 9: answers for every type, kept fresh."""

    does_not_apply_months: Count
    does_not_apply_panel: Count
    """Auditors who must agree that a type does not apply."""
    does_not_apply_decision_days: Count
    identification_months: Count
    """How often the five answers are given again."""
    re_identification_days: Count
    re_plan_days: Count
    """From the end of the last live pledge of an applicable type to a new one."""


class PledgeNumbers(Entry, frozen=True, kw_only=True):
    """Rules 10 to 15: pledges and their dates."""

    one_off_under_months: Count
    """A pledge shorter than this is marked as one-off."""
    extension_max_days: Count
    extension_opens_offset: Offset
    extension_closes_offset: Offset
    secondary_types_most: Count
    """Types that a pledge may name beside the one it counts for."""
    partners_most: Count
    """Organisations and groups that may share one pledge with its lead."""


class CommunityNumbers(Entry, frozen=True, kw_only=True):
    """Rules 11, 11a and 13: what is asked of communities, and how they decide."""

    ask_answer_days: Count
    """A request to take part lapses after this long without an answer."""
    contribution_link_days: Count
    """How long a contributor's one-use link or printed code can be used."""
    closed_door_most_days: Count
    quiet_most_days: Count
    """How long one quiet period may last; a longer one is opened anew, in public."""
    decision_days: Count
    """From a request for more time to the community decision."""
    decision_panel: Count
    hearing_days: Count
    """How long the group that agreed a pledge has to speak to that panel."""
    group_check_working_days: Count
    """How long a steward has to check a community group that registers."""


class EvidenceNumbers(Entry, frozen=True, kw_only=True):
    """Rules 16 to 19: what a report may carry."""

    file_bytes_most: Count
    files_most: Count
    """Files in one report."""
    file_kinds: tuple[Words, ...]
    """The endings of file names that can be read and made safe."""
    figures_most: Count
    links_most: Count
    reopened_days: Count
    """From the day a milestone is opened again to the due date of its new evidence."""


class ReviewNumbers(Entry, frozen=True, kw_only=True):
    """Rules 20 to 23 and 25: independent review."""

    case_months: Count
    """All reports of one organisation in this many months are one case."""
    panel: Count
    split_panel: Count
    """The size of the panel once a split has called for one more."""
    conflict_declaration_days: Count
    review_days: Count
    conflict_years: Count
    """Membership this recent is a conflict."""
    no_panel_days: Count
    """Without an eligible panel for this long, the flag goes up and that clock pauses."""
    more_needed_most: Count
    """How often one report may be sent back for more."""
    more_needed_reply_days: Count
    new_evidence_days: Count
    """After the first `not accepted`: how long for new evidence."""
    not_accepted_most: Count
    """This many times `not accepted` fixes the result as not kept."""
    reply_days: Count
    hold_words_working_days: Count
    """How long words that may name a person can be held before publication."""
    correction_objection_days: Count


class PayNumbers(Entry, frozen=True, kw_only=True):
    """Rules 24 and 24a: nobody from the communities works for nothing unless they choose to."""

    auditor_days: Count
    co_design_days: Count
    silence_days: Count
    """A payment recorded and not disputed for this long counts as received."""
    unpaid_stop_days: Count
    """Review work unpaid for this long stops new panels."""
    auditor_pence_per_hour: Count
    co_design_pence_per_hour: Count
    """What an organisation is advised to pay each person, on the forms that ask for the pay."""
    case_hours: Count
    """Hours paid for one case unless the auditor records otherwise."""
    debrief_every_cases: Count
    debrief_hours: Count


class CapNumbers(Entry, frozen=True, kw_only=True):
    """Rule 24: limits on what is asked, pooled over all signatories, per quarter."""

    asks_per_group: Count
    asks_per_person: Count
    hours_per_person: Count
    """Hours of co-design asked of each of a group's people."""
    open_cases_per_auditor: Count
    cases_per_auditor: Count
    hours_per_auditor: Count
    """Hours of review work given by one auditor, whatever their group is asked for besides."""


class AccountabilityNumbers(Entry, frozen=True, kw_only=True):
    """Rules 26 and 27: the yearly accountability review."""

    cycle_months: Count
    reflection_days: Count
    """From the opening of a cycle to the due date of the reflection."""
    missed_after_days: Count
    panel: Count
    repeated_words: Count
    """So many words in a row, written in an earlier cycle too, are shown as repeated."""


class StandingNumbers(Entry, frozen=True, kw_only=True):
    """Rules 29 to 31 and the table of standings; the days of each step are in the ladders."""

    grace_days: Count
    """Days that must pass after a warning is served before suspension."""
    lapse_needs_served: tuple[Words, ...]
    """Steps of the plan's ladder that must have been served before a signature lapses."""
    suspension_needs_served: tuple[Words, ...]
    """Steps of the ladder that must have been served before suspension."""
    missed_cycles_removed: Count
    """Reflection cycles missed in a row that end in removal."""
    removed_re_sign_days: Count
    served_after_hours: Count
    """Mail accepted and not bounced for this long is served."""
    shown_days: Count
    """Shown publicly and in the member's screen for this long is served."""


class LevelNumbers(Entry, frozen=True, kw_only=True):
    """Rule 30 and the table of standings: how far an organisation has come."""

    evidenced_months: Count
    reviewed_months: Count
    warning_offsets: tuple[Offset, ...]


class PauseNumbers(Entry, frozen=True, kw_only=True):
    """Rule 32: when a clock stops."""

    days_most: Count
    """The longest that one pause can stop a clock."""
    when_over: dict[KebabId, Literal["runs", "waived"]]
    """What becomes of a clock whose pause is over: it runs again, or what is owed is waived."""
    outage_minutes: Count
    """Out of reach for so long in a day, the dates of that day move."""
    outage_working_days: Count
    """What an outage adds to the due dates of its day."""


class MailNumbers(Entry, frozen=True, kw_only=True):
    """Rules 24a and 36: how people may be written to."""

    mails_per_day: Count
    chasers_per_week: Count
    quiet_from: time
    quiet_until: time
    delay_most_days: Count
    """How long a mail with a consequence may wait to be merged."""
    weekly_until_offset: Offset
    daily_from_offset: Offset
    addresses_per_organisation: Count


class ConcernNumbers(Entry, frozen=True, kw_only=True):
    """Rule 38: concerns anyone may raise."""

    acknowledge_days: Count
    triage_days: Count
    decide_days: Count
    panel: Count
    appeal_panel: Count
    appeal_days: Count
    """How long after a decision it may be appealed."""
    response_days: Count
    line_months: Count
    """How long an upheld concern stands on the page."""


class BadgeNumbers(Entry, frozen=True, kw_only=True):
    """Rule 39 and the table of standings: how long an edition is valid."""

    on_track_margin_days: Count
    """Days after the organisation's next due date."""
    on_track_most_days: Count
    overdue_most_days: Count
    endorsement_most_days: Count
    """A panel's word lasts no longer than this; then the panel says it again."""
    endorsement_margin_days: Count
    """Before it ends: from then on no new edition carries it, so that none outlives it."""


class PublicationNumbers(Entry, frozen=True, kw_only=True):
    """Rules 33 and 40: what stays, what is held, what is hidden to protect people."""

    suppress_people_under: Count
    """Counts of people smaller than this are not published."""
    hold_text_days: Count
    """Within these a steward reads what somebody from outside proposed to publish."""
    dissolved_tiny_years: Count
    """After this, a dissolved tiny group keeps only name, dates and standing."""


class Numbers(Entry, frozen=True, kw_only=True):
    """Every number of the rules."""

    signing: SigningNumbers
    plans: PlanNumbers
    pledges: PledgeNumbers
    community: CommunityNumbers
    evidence: EvidenceNumbers
    reviews: ReviewNumbers
    pay: PayNumbers
    caps: CapNumbers
    accountability: AccountabilityNumbers
    standing: StandingNumbers
    level: LevelNumbers
    pauses: PauseNumbers
    mail: MailNumbers
    concerns: ConcernNumbers
    badges: BadgeNumbers
    publication: PublicationNumbers
