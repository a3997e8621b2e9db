"""Rules of reports and of the items behind them (rules 16 to 18, and 23)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.framework.numbers import EvidenceNumbers

ItemKind = Literal["file", "link", "figure", "note"]
Worked = Literal["fully", "partly", "not"]

ITEM_KINDS = ("file", "link", "figure", "note")
WORKED = ("fully", "partly", "not")

LABEL_LENGTH = 200


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as it is handed in. A file's bytes are kept elsewhere, under its `sha256`.

    `body` is a link's address, a figure with its unit, or a note's text. `names_people` is the
    sender's own word on whether a person could be recognised in it.
    """

    kind: str
    label: str
    body: str = ""
    names_people: bool = False
    sha256: str = ""
    size: int = 0
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What an organisation says came of one milestone.

    `worked` is fully, partly or not. The last three are asked where it did not fully work.
    """

    worked: str
    summary: str
    what_did_not_work: str = ""
    why: str = ""
    what_changes: str = ""


@dataclass(frozen=True, slots=True)
class ItemAtHand:
    """An item that waits to be sent with a report: its kind and whether it can be read yet."""

    kind: str
    state: str


class TooManyItems(RuleViolation):
    """A report carries only so many files, links and figures."""

    code = "too-many-items"
    rule = 16


class NothingToShow(RuleViolation):
    """A report needs at least one item: a file, a link, a figure or a note (rule 16)."""

    code = "nothing-to-show"
    rule = 16


class ItemNotReady(RuleViolation):
    """A file is still being checked, or was refused; a report is sent without it (rule 17)."""

    code = "item-not-ready"
    rule = 17


class NotYetAccepted(RuleViolation):
    """Evidence that was not accepted is not corrected but sent again (rule 23)."""

    code = "not-yet-accepted"
    rule = 23


class NotACorrection(RuleViolation):
    """More than spelling or a link was changed, and it was called a correction (rule 23)."""

    code = "not-a-correction"
    rule = 23


class TooLateToObject(RuleViolation):
    """The days in which a reviewer may object to a correction are over (rule 23)."""

    code = "too-late-to-object"
    rule = 23


@dataclass(frozen=True, slots=True)
class ItemWording:
    """What can be changed of an item: its label, and its link, figure or note."""

    label: str
    body: str


def is_correction(kind: str, was: ItemWording, now: ItemWording) -> bool:
    """Return whether a change is one of spelling or of a link, and nothing more (rule 23).

    Spelling adds and takes away no word, and no figure becomes another. A link may lead anywhere:
    whether it leads to the same thing is for a reviewer to say.
    """
    same_body = kind == "link" or _differs_in_spelling_only(was.body, now.body)
    return same_body and _differs_in_spelling_only(was.label, now.label)


def refuse_change(kind: str, was: ItemWording, now: ItemWording) -> None:
    """Raise `InvalidInput` where an item cannot be changed to what was typed."""
    errors = []
    if not 0 < len(now.label.strip()) <= LABEL_LENGTH:
        errors.append(FieldError("label", f"Say what it is, in up to {LABEL_LENGTH} characters."))
    if kind == "file" and now.body.strip():
        errors.append(FieldError("body", "A file is not changed. Send it with a new report."))
    elif kind != "file" and not now.body.strip():
        errors.append(FieldError("body", "This is empty."))
    elif kind == "link" and not _is_web_address(now.body.strip()):
        errors.append(FieldError("body", "Give a web address that starts with https:// or http://"))
    if was == ItemWording(now.label.strip(), now.body.strip()):
        errors.append(FieldError("label", "Nothing has changed."))
    if errors:
        raise InvalidInput("This cannot be changed as it is.", errors=errors)


def _differs_in_spelling_only(was: str, now: str) -> bool:
    return len(was.split()) == len(now.split()) and _figures(was) == _figures(now)


def _figures(text: str) -> list[str]:
    return [letter for letter in text if letter.isdigit()]


def check_item(item: NewItem, numbers: EvidenceNumbers) -> list[FieldError]:
    """Return everything wrong with an item, by field."""
    errors = []
    if item.kind not in ITEM_KINDS:
        errors.append(FieldError("kind", "Choose a file, a link, a figure or a note."))
    if not 0 < len(item.label.strip()) <= LABEL_LENGTH:
        errors.append(FieldError("label", f"Say what it is, in up to {LABEL_LENGTH} characters."))
    if item.kind == "file":
        errors += _check_file(item, numbers)
    elif not item.body.strip():
        errors.append(FieldError("body", "This is empty."))
    elif item.kind == "link" and not _is_web_address(item.body.strip()):
        errors.append(FieldError("body", "Give a web address that starts with https:// or http://"))
    return errors


def check_room(kind: str, kinds: Iterable[str], numbers: EvidenceNumbers) -> str | None:
    """Return why one more item of `kind` cannot be added to `kinds`, or None where it can."""
    most = {
        "file": numbers.files_most,
        "link": numbers.links_most,
        "figure": numbers.figures_most,
    }.get(kind)
    if most is None or Counter(kinds)[kind] < most:
        return None
    return f"A report can carry up to {most} {kind}s."


def check_report(report: ReportDraft, *, signed_by_role: str) -> list[FieldError]:
    """Return everything missing from a report. What did not fully work is signed (rule 18)."""
    errors = []
    if report.worked not in WORKED:
        errors.append(FieldError("worked", "Say whether it worked fully, partly or not."))
    if not report.summary.strip():
        errors.append(FieldError("summary", "Say what was done."))
    if report.worked in {"partly", "not"}:
        asked = (
            ("what_did_not_work", report.what_did_not_work, "Say what did not work."),
            ("why", report.why, "Say why it did not work."),
            ("what_changes", report.what_changes, "Say what you change now."),
            ("signed_by_role", signed_by_role, "The senior sponsor signs where it did not work."),
        )
        errors += [FieldError(name, said) for name, given, said in asked if not given.strip()]
    return errors


def refuse_items(items: Iterable[ItemAtHand]) -> RuleViolation | None:
    """Return why a report cannot be sent with these items, or None where it can."""
    states = Counter(item.state for item in items)
    if states["quarantined"]:
        return ItemNotReady("A file is still being checked. Try again in a few minutes.")
    if states["refused"]:
        return ItemNotReady("A file could not be used. Remove it, or add it again.")
    if not states["safe"]:
        return NothingToShow("Add a file, a link, a figure or a note that shows what was done.")
    return None


def _check_file(item: NewItem, numbers: EvidenceNumbers) -> list[FieldError]:
    if not item.sha256 or item.size <= 0:
        return [FieldError("file", "The file is empty or did not arrive.")]
    if item.size > numbers.file_bytes_most:
        megabytes = numbers.file_bytes_most // 2**20
        return [FieldError("file", f"The file is larger than {megabytes} MB.")]
    return []


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
