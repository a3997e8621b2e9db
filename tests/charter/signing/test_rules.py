"""Who may sign, and when again: the pure rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from charter.signing import rules
from charter.signing.rules import SignatureGiven, SigningFacts
from charter.standing.words import Standing
from tests.world import the_pack

PACK = the_pack()
SINCE = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = date(2026, 9, 1)
ONCE = SignatureGiven(spell=1, version="1.0", signed_at=datetime(2025, 9, 1, tzinfo=UTC))


def facts(
    standing: Standing | None,
    *,
    last: SignatureGiven | None = ONCE,
    identity: str = "accepted",
    continued: bool = False,
    open_reports: tuple[str, ...] = (),
) -> SigningFacts:
    since = None if standing is None else SINCE
    return SigningFacts(identity, continued, last, standing, since, open_reports)


def test_the_first_signature_opens_the_first_spell() -> None:
    assert rules.decide_signing(facts(None, last=None), TODAY, PACK) == 1


@pytest.mark.parametrize("standing", sorted(rules.STANDING_IN))
def test_a_signature_in_force_is_not_given_twice(standing: Standing) -> None:
    with pytest.raises(rules.AlreadySigned):
        rules.decide_signing(facts(standing), TODAY, PACK)


@pytest.mark.parametrize("standing", [Standing.LAPSED, Standing.WITHDRAWN])
def test_who_lapsed_or_left_signs_anew_at_any_time(standing: Standing) -> None:
    assert rules.decide_signing(facts(standing), SINCE.date(), PACK) == 2


def test_a_removed_body_signs_anew_on_the_hundred_and_eightieth_day_and_not_before() -> None:
    first = SINCE.date() + timedelta(days=180)
    removed = facts(Standing.REMOVED)

    assert rules.decide_signing(removed, first, PACK) == 2
    with pytest.raises(rules.RemovedTooRecently, match="29 August 2026"):
        rules.decide_signing(removed, first - timedelta(days=1), PACK)


def test_a_removed_body_brings_its_open_reports_first() -> None:
    removed = facts(Standing.REMOVED, open_reports=("Send evidence (pledge 1, milestone 2)",))

    with pytest.raises(rules.ReportsMissing, match="pledge 1, milestone 2"):
        rules.decide_signing(removed, TODAY, PACK)


def test_a_merged_body_is_signed_for_by_the_one_that_continues_it() -> None:
    with pytest.raises(rules.ContinuedByAnother):
        rules.decide_signing(facts(Standing.WITHDRAWN, continued=True), TODAY, PACK)


def test_a_new_version_is_signed_in_the_same_spell() -> None:
    assert rules.decide_signing_again(facts(Standing.ON_TRACK), "2.0") == 1


@pytest.mark.parametrize("standing", [None, Standing.LAPSED, Standing.REMOVED, Standing.WITHDRAWN])
def test_without_a_signature_in_force_nothing_is_signed_again(standing: Standing | None) -> None:
    with pytest.raises(rules.NotASignatory):
        rules.decide_signing_again(facts(standing), "2.0")
    with pytest.raises(rules.NotASignatory):
        rules.decide_withdrawal(facts(standing), "A reason")


@pytest.mark.parametrize("standing", sorted(rules.SILENT))
def test_a_silent_body_signs_again_once_in_each_suspension(standing: Standing) -> None:
    assert rules.decide_signing_again(facts(standing), "1.0") == 1
    after = SignatureGiven(1, "1.0", SINCE + timedelta(hours=1))
    with pytest.raises(rules.AlreadySigned):
        rules.decide_signing_again(facts(standing, last=after), "1.0")
