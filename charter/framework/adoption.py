"""Use case: taking up the pack of the settings, from when on it decides (rule 29)."""

from charter.errors import RuleViolation
from charter.framework.pack import FrameworkPack
from charter.framework.tables import PackAdoption
from charter.ledger import Ledger, transaction
from charter.obligations.tables import Obligation
from charter.organisations.tables import Organisation
from charter.scheme import Scheme
from charter.standing.tables import CurrentStanding


class PackLacksWhatRuns(RuleViolation):
    """A pack cannot be taken up while something runs on what it no longer has."""

    code = "pack-lacks-what-runs"
    rule = 29


async def adopt_pack(scheme: Scheme) -> bool:
    """Take up the scheme's pack unless it was in force before; say whether it was taken up.

    A pack is taken up once. A process that still runs on an earlier one therefore brings it back
    never; whoever wants an earlier one again gives it a new version. Every standing is asked for
    anew, from now on by the new pack. Raises `PackLacksWhatRuns`.
    """
    pack = scheme.pack
    if await PackAdoption.exists().where(PackAdoption.digest == pack.digest):
        return False
    async with transaction(scheme) as tx:
        others = await PackAdoption.count()
        inserted = await PackAdoption.insert(
            PackAdoption(digest=pack.digest, pack=pack.id, said=pack.said.decode())
        ).on_conflict(target=PackAdoption.digest, action="DO NOTHING")
        if not inserted:
            return False
        await _refuse_what_it_lacks(pack)
        tx.record("pack-adopted", {"pack": pack.id, "digest": pack.digest}, by="hub")
        if others:
            await _look_again(tx)
    return True


async def _refuse_what_it_lacks(pack: FrameworkPack) -> None:
    kinds = await Obligation.raw("SELECT DISTINCT kind FROM obligation WHERE state = 'open'")
    bands = await Organisation.raw("SELECT DISTINCT band FROM organisation")
    lacking = {row["kind"] for row in kinds} - {kind.kind for kind in pack.obligations}
    lacking |= {row["band"] for row in bands} - {band.id for band in pack.bands}
    if lacking:
        named = ", ".join(sorted(lacking))
        raise PackLacksWhatRuns(f"The pack {pack.id} has no {named}, which is still in use.")


async def _look_again(tx: Ledger) -> None:
    """Have the next rounds look at every clock and every standing by the new pack."""
    await Obligation.update({Obligation.next_step_on: tx.today}).where(
        (Obligation.state == "open") & Obligation.next_step_on.is_not_null()
    )
    # From here on nobody records, so no standing is kept that the old pack decided.
    await tx.take_the_pen()
    await CurrentStanding.update({CurrentStanding.holds_until: tx.now}).where(
        CurrentStanding.holds_until.is_null() | (CurrentStanding.holds_until > tx.now)
    )
