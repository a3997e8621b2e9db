"""Every kind of event there is, as rows: what it is about, its facts, and its plain sentence.

An event whose kind has no row here, or whose facts are not exactly the row's, cannot be
recorded. A new public fact starts with a new row.
"""

from collections.abc import Mapping

from charter.history.events import EventKind, Fact


def _pledge(kind: str, sentence: str, *facts: str, version: str | None = None) -> EventKind:
    return EventKind(kind, sentence, ("pledge", *facts), "pledge", "pledge", version)


def _obligation(kind: str, sentence: str, *facts: str) -> EventKind:
    return EventKind(kind, sentence, ("obligation", "what", *facts), "obligation", "obligation")


def _case(kind: str, sentence: str, *facts: str) -> EventKind:
    return EventKind(kind, sentence, ("case", *facts), "case", "case", discreet=True)


def _celebration(kind: str, sentence: str, *facts: str) -> EventKind:
    return EventKind(kind, sentence, ("celebration", *facts), "celebration", "celebration")


_ROWS = (
    # The scheme itself
    EventKind("pack-adopted", "Framework pack {pack} came into force.", ("pack", "digest")),
    EventKind(
        "charter-version-published",
        "Charter version {version} was published.",
        ("version", "digest"),
    ),
    EventKind("key-changed", "The registry's keys changed: {change}.", ("change", "did_digest")),
    EventKind(
        "panel-key-recorded",
        "Community panel {panel} holds a key of its own, recorded by two stewards.",
        ("panel", "did", "did_digest"),
    ),
    EventKind(
        "panel-key-ended",
        "The key of community panel {panel} counts no more: {why}.",
        ("panel", "why"),
    ),
    EventKind("outage-recorded", "The registry was out of reach on {day}.", ("day", "minutes")),
    # Signing
    EventKind("application-received", "An application to sign was received."),
    EventKind("application-refused", "An application was refused; it may be appealed."),
    EventKind("refusal-appealed", "A refused application was appealed."),
    EventKind("identity-accepted", "Identity proven by {how}.", ("how", "band")),
    EventKind("band-changed", "The organisation now counts as {band}.", ("band",)),
    EventKind("proof-renewed", "Identity proven again by {how}.", ("how",)),
    EventKind(
        "charter-signed",
        "The charter, version {version}, was signed.",
        ("version", "digest", "spell", "sponsor_role"),
        "charter",
    ),
    EventKind(
        "charter-signed-again",
        "The charter, version {version}, was signed again.",
        ("version", "digest", "spell", "sponsor_role"),
        "charter",
    ),
    EventKind("withdrew-from-charter", "The organisation withdrew from the charter."),
    EventKind("merged", "The organisation was merged into another.", ("into",)),
    EventKind("renamed", "The organisation changed its name."),
    EventKind(
        "place-changed",
        "The organisation changed its town, sector or boroughs.",
        ("sector", "boroughs", "was_sector", "was_boroughs"),
    ),
    EventKind("identifiers-changed", "Register numbers were put right.", ("identifiers", "was")),
    EventKind("dissolved", "The organisation was dissolved on {on}.", ("on",)),
    EventKind("reduced", "Only name, dates and standing are kept.", ("dissolved_on", "texts")),
    # Answers and pledges
    EventKind(
        "type-answered",
        "Answered for {type} racism: {answer}.",
        (
            *("type", "version", "applies", "answer", "impacts", "priority"),
            *("community_priority", "expires_on"),
        ),
        "type",
        version="version",
    ),
    EventKind(
        "answer-agreed",
        "A panel agreed that {type} racism does not apply.",
        ("type", "version", "expires_on"),
        "type",
        version="version",
        discreet=True,
    ),
    EventKind(
        "answer-disputed",
        "A panel did not agree that {type} racism does not apply.",
        ("type", "version"),
        "type",
        version="version",
        discreet=True,
    ),
    EventKind("plan-published", "A plan was published.", ("plan", "types"), "plan", "plan"),
    _pledge(
        "pledge-published",
        "Pledge {pledge} was published.",
        *("version", "type", "secondary_types", "milestones", "starts_on", "ends_on"),
        *("one_off", "funding_pence"),
        version="version",
    ),
    _pledge(
        "pledge-amended",
        "Pledge {pledge} was amended: version {version}.",
        *("version", "type", "secondary_types", "milestones", "starts_on", "ends_on"),
        *("one_off", "funding_pence"),
        version="version",
    ),
    _pledge(
        "pledge-taken-over",
        "Pledge {pledge} was taken over from a merged organisation.",
        *("version", "was", "type", "secondary_types", "milestones", "starts_on", "ends_on"),
        *("one_off", "funding_pence", "agreed"),
        version="version",
    ),
    _pledge("pledge-withdrawn", "Pledge {pledge} was withdrawn.", "type"),
    _pledge("partner-asked", "Somebody was asked to share pledge {pledge}."),
    _pledge("partner-joined", "Pledge {pledge} is shared with {partner}.", "partner"),
    _pledge("partner-declined", "Somebody declined to share pledge {pledge}."),
    _pledge("partner-left", "Pledge {pledge} is no longer shared with {partner}.", "partner"),
    EventKind(
        "shared-pledge-joined",
        "Joined pledge {number} of {lead}, which leads it.",
        ("number", "lead"),
    ),
    EventKind("shared-pledge-left", "Left pledge {number} of {lead}.", ("number", "lead")),
    EventKind("existing-practice-listed", "Existing practice was listed.", ("type",)),
    # Co-design
    EventKind("request-sent", "A community group was asked to take part.", ("request",), "request"),
    EventKind("request-accepted", "A request to take part was accepted.", ("request",), "request"),
    EventKind("request-declined", "A request to take part was declined.", ("request",), "request"),
    EventKind("request-lapsed", "A request to take part lapsed.", ("request",), "request"),
    EventKind(
        "quiet-period-opened",
        "A quiet period began: until {until} nobody in the communities is asked for anything.",
        ("until",),
    ),
    EventKind("quiet-period-ended", "The quiet period ended."),
    EventKind(
        "codesign-recorded",
        "Co-design session {session} was recorded.",
        ("session", "pledges", "types", "held_on", "hours", "pay_pence"),
        "session",
        "session",
    ),
    EventKind(
        "codesign-confirmed",
        "Somebody who took part in session {session} confirmed it and agreed.",
        ("session", "pledges", "types", "paid", "independent"),
        "session",
        "session",
        discreet=True,
    ),
    EventKind(
        "codesign-disputed",
        "Somebody who took part in session {session} did not confirm it or did not agree.",
        ("session", "pledges", "types"),
        "session",
        "session",
        discreet=True,
    ),
    EventKind(
        "agreement-withdrawn",
        "Agreement given in session {session} was withdrawn.",
        ("session", "pledges", "types", "still_agreed"),
        "session",
        "session",
        discreet=True,
    ),
    # Obligations
    _obligation(
        "obligation-opened",
        "{what} is due on {due_on}.",
        *("kind", "owner", "due_on", "pledge", "milestone", "type"),
    ),
    _obligation("obligation-met", "{what} was met."),
    _obligation("obligation-closed", "{what} is no longer owed: {why}.", "why"),
    _obligation("obligation-waived", "{what} was waived.", "why"),
    _obligation(
        "due-date-moved",
        "{what}: due date moved from {was} to {due_on} ({why}).",
        *("due_on", "was", "why"),
    ),
    _obligation("clock-paused", "{what}: the clock stands still ({why}).", "why", "paused_by"),
    _obligation("clock-resumed", "{what}: the clock runs again.", "why"),
    _obligation("extension-asked", "{what}: {days} more days were asked for.", "days"),
    _obligation("hearing-asked", "{what}: the community group that agreed the pledge is heard."),
    _obligation("extension-granted", "{what}: a community panel granted {days} days.", "days"),
    _obligation("extension-refused", "{what}: a community panel refused more time."),
    _obligation("notice-sent", "{what}: {name} sent.", "due_on", "step", "name", "roles"),
    _obligation("notice-accepted", "{what}: {name} arrived.", "due_on", "step", "name"),
    _obligation("notice-bounced", "{what}: {name} reached nobody.", "due_on", "step", "name"),
    _obligation("notice-skipped", "{what}: {name} skipped, overtaken.", "due_on", "step", "name"),
    # Evidence and reviews
    _pledge(
        "evidence-received",
        "Evidence was received for pledge {pledge}, milestone {milestone}: {worked}.",
        *("milestone", "report", "version", "worked", "type", "items"),
    ),
    EventKind("call-typed-up", "The hub typed up what was reported in a telephone call."),
    EventKind("call-confirmed", "The organisation confirmed and sent what it reported in a call."),
    _pledge("evidence-expired", "Evidence for pledge {pledge} ran out.", "milestone"),
    _pledge(
        "evidence-corrected",
        "Pledge {pledge}, milestone {milestone}: accepted evidence was changed ({change}).",
        *("milestone", "report", "change", "commitment"),
    ),
    _pledge(
        "correction-objected",
        "Pledge {pledge}, milestone {milestone}: a reviewer objected to a correction.",
        *("milestone", "report"),
    ),
    _pledge(
        "milestone-reopened",
        "Pledge {pledge}, milestone {milestone} is open again: {why}.",
        *("milestone", "why"),
    ),
    _pledge(
        "public-copy-published",
        "Pledge {pledge}, milestone {milestone}: a public copy of evidence was published.",
        *("milestone", "report", "commitment"),
    ),
    _pledge(
        "public-copy-erased",
        "Pledge {pledge}, milestone {milestone}: a public copy was removed ({ground}).",
        *("milestone", "report", "ground"),
    ),
    _case("case-opened", "Review case {case} was opened.", "about"),
    _case("eligible-list-sealed", "Case {case}: the list of eligible seats was sealed.", "digest"),
    _case(
        "panel-drawn",
        "Case {case}: seats were drawn by lot, {seats} in all.",
        *("seats", "positions", "seed"),
    ),
    _case("seat-redrawn", "Case {case}: a seat was drawn again.", "seat"),
    _case(
        "sealed-list-opened",
        "Case {case}: the inspector opened the sealed list of eligible seats ({why}).",
        "why",
    ),
    _case(
        "redraw-asked",
        "Case {case}: a steward asked for seat {seat} to be drawn again ({why}).",
        *("seat", "why"),
    ),
    _case("no-panel-available", "Case {case}: no panel is available."),
    _case("verdict-sealed", "Case {case}: a verdict was sealed.", "seat"),
    EventKind(
        "verdict-published",
        "Pledge {pledge}, milestone {milestone}: the panel's verdict is {verdict}.",
        ("case", "pledge", "milestone", "type", "verdict", "worked", "final"),
        "pledge",
        "pledge",
        discreet=True,
    ),
    _case("reply-received", "Case {case}: the organisation replied."),
    _case("text-held", "Case {case}: words are held for {days} working days.", "days"),
    EventKind(
        "reflection-received",
        "The yearly reflection was received.",
        ("cycle",),
        "accountability-review",
        "cycle",
    ),
    EventKind(
        "accountability-review-published",
        "The accountability review of cycle {cycle} was published.",
        ("cycle", "findings", "voices_differ"),
        "accountability-review",
        "cycle",
        discreet=True,
    ),
    EventKind(
        "voices-agreed",
        "The organisation now agrees with what the panel of cycle {cycle} found.",
        ("cycle", "findings"),
        "accountability-review",
        "cycle",
    ),
    EventKind(
        "session-pay-amended",
        "Session {session}: its pay was recorded as {was_pence} pence and is {pay_pence} pence.",
        ("session", "pay_pence", "was_pence"),
    ),
    EventKind(
        "payment-made",
        "People were paid for {hours} hours.",
        ("payer", "hours", "kind", "session"),
    ),
    EventKind(
        "payment-confirmed", "A payment was confirmed.", ("payer", "hours", "days", "session")
    ),
    EventKind("panels-stopped", "No panel is drawn until review work is paid."),
    EventKind("panels-resumed", "Review work is paid: panels are drawn again."),
    # What follows
    EventKind(
        "standing-changed",
        "Standing changed from {from} to {to}.",
        ("from", "to", "row", "days_late"),
    ),
    EventKind("level-changed", "Level changed from {from} to {to}.", ("from", "to")),
    # Concerns, corrections, erasure
    EventKind("concern-received", "A concern was received."),
    _case("concern-decided", "Case {case}: a concern was decided: {outcome}.", "outcome"),
    _case("concern-answered", "Case {case}: the concern was answered with a plan."),
    _case("concern-appealed", "Case {case}: the decision was appealed by {by_whom}.", "by_whom"),
    _case(
        "concern-appeal-decided",
        "Case {case}: three other auditors decided the appeal: {outcome}.",
        "outcome",
    ),
    EventKind("correction", "A recorded fact was corrected.", ("event", "facts")),
    EventKind(
        "words-erased",
        "{count} words were removed, ground: {ground}.",
        ("event", "passages", "count", "ground"),
    ),
    # The library
    EventKind(
        "resource-released",
        "A resource was added to the library.",
        ("resource", "kind", "licence", "types", "forms"),
        "resource",
        "resource",
    ),
    EventKind(
        "resource-retired",
        "Resource {resource} was taken out of the library: {why}.",
        ("resource", "why"),
        "resource",
        "resource",
    ),
    _celebration(
        "celebration-shown",
        "Something to celebrate was told by {proposed_by}. No community group has confirmed it.",
        *("proposed_by", "pledge", "type"),
    ),
    _celebration(
        "celebration-confirmed", "A community group confirmed celebration {celebration}.", "group"
    ),
    _celebration(
        "celebration-confirmation-withdrawn",
        "A community group took back its confirmation of celebration {celebration}.",
        "group",
    ),
    # Badges
    EventKind("badge-opened", "The code page was opened.", ("code",), "badge"),
    EventKind(
        "badge-edition-issued",
        "Badge edition {edition} was signed.",
        ("code", "edition", "sha256", "valid_until"),
        "badge",
        "edition",
    ),
    EventKind(
        "badge-edition-revoked",
        "Badge edition {edition} was revoked.",
        ("code", "edition", "reason"),
        "badge",
        "edition",
    ),
    EventKind(
        "endorsement-received",
        "Community panel {panel} put its own word beside the badge.",
        ("panel", "endorsement", "sha256"),
    ),
    EventKind(
        "endorsement-withdrawn",
        "The word of community panel {panel} stands beside the badge no more: {why}.",
        ("panel", "endorsement", "why"),
    ),
)

KINDS: Mapping[str, EventKind] = {row.kind: row for row in _ROWS}


class FactsDoNotMatch(TypeError):
    """A programmer's error: an event's facts are not exactly those of its kind."""


def check_facts(kind: str, data: Mapping[str, Fact]) -> EventKind:
    """Return the row of `kind`, or raise `FactsDoNotMatch` when the facts are not the row's."""
    row = KINDS.get(kind)
    if row is None:
        raise FactsDoNotMatch(f"there is no event kind {kind!r}")
    if set(data) != set(row.facts):
        raise FactsDoNotMatch(f"{kind} needs {sorted(row.facts)}, got {sorted(data)}")
    return row
