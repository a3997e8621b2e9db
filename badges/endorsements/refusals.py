"""Why a panel's key or a panel's word is not taken in, each with a stable code (rule 39)."""

from charter.errors import RuleViolation


class PanelKeyDecided(RuleViolation):
    """A panel's key is confirmed, dropped or ended once."""

    code = "panel-key-decided"
    rule = 39


class PanelKeyNeedsTwo(RuleViolation):
    """A panel's key is recorded by two people: who proposed it cannot confirm it."""

    code = "panel-key-needs-two"
    rule = 39


class EndorsementUnreadable(RuleViolation):
    """What was handed in is no JSON, is too large, or hides characters that turn text around."""

    code = "endorsement-unreadable"
    rule = 39


class EndorsementOddShape(RuleViolation):
    """It is not of the one shape that every reader signs and checks alike."""

    code = "endorsement-odd-shape"
    rule = 39


class EndorsementTooLong(RuleViolation):
    """The panel's words are more than the page behind a QR code has room for."""

    code = "endorsement-too-long"
    rule = 39


class EndorsedByOurselves(RuleViolation):
    """The register's own key would endorse its own badge: that proves nothing."""

    code = "endorsement-by-the-register"
    rule = 39


class PanelNotOnRecord(RuleViolation):
    """Nobody recorded a key of whoever issued this."""

    code = "panel-not-on-record"
    rule = 39


class EndorsementNotSealed(RuleViolation):
    """The seal does not hold under a key of the panel that is on record."""

    code = "endorsement-not-sealed"
    rule = 39


class EndorsementUnderAnotherName(RuleViolation):
    """The panel calls itself otherwise than it is on record."""

    code = "endorsement-other-name"
    rule = 39


class EndorsesNoBadge(RuleViolation):
    """It is about nobody who holds a badge here."""

    code = "endorsement-of-no-badge"
    rule = 39


class EndorsedByItself(RuleViolation):
    """The panel is at the organisation's own web domain."""

    code = "endorsement-by-itself"
    rule = 39


class EndorsedBadgeNotOnShow(RuleViolation):
    """The badge must not be on show now, so nobody's word is put into it."""

    code = "endorsement-badge-not-on-show"
    rule = 39


class EndorsementNotInForce(RuleViolation):
    """It is too early, too old, too long, or about an earlier time under the charter."""

    code = "endorsement-not-in-force"
    rule = 39


class EndorsementOvertaken(RuleViolation):
    """The same panel said something newer about the same organisation."""

    code = "endorsement-overtaken"
    rule = 39
