"""Use cases of names and successors: old names and addresses are kept for ever (rule 2)."""

from uuid import UUID

from charter.errors import InvalidInput
from charter.ledger import Ledger, transaction
from charter.organisations import rules
from charter.organisations.proofs import ask_for_proof_again, rests_on_its_domain
from charter.organisations.tables import FormerName, FormerSlug, Organisation
from charter.plans.succession import take_over
from charter.scheme import Scheme
from charter.signing.rules import STANDING_IN
from charter.signing.service import assess_now
from charter.standing.words import Standing

ADDRESS_LOCK = 4_011
"""The advisory lock under which slugs are chosen: no two use cases may find the same one free."""


async def rename_organisation(scheme: Scheme, *, organisation: UUID, name: str) -> str:
    """Give an organisation a new name and address; the old ones stay for ever (rule 2).

    Who was accepted under the old name proves again who it is (row 16).
    Returns the slug now in use.
    """
    name = name.strip()
    if not 0 < len(name) <= rules.NAME_MOST:
        raise InvalidInput(f"Enter a name of at most {rules.NAME_MOST} characters.")
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        if body.name == name:
            return body.slug
        slug = body.slug
        if rules.make_slug(name) != rules.make_slug(body.name):
            slug = await free_slug(name)
            await FormerSlug(slug=body.slug, organisation=organisation).save()
        await FormerName(organisation=organisation, name=body.name, until=tx.today).save()
        await Organisation.update({Organisation.name: name, Organisation.slug: slug}).where(
            Organisation.id == organisation
        )
        if body.state == "accepted":
            words = await tx.publish_words(
                "name", {"was": body.name, "name": name}, organisation=organisation
            )
            tx.record("renamed", {}, organisation=organisation, by="lead", words=words)
            await ask_for_proof_again(tx, organisation)
        return slug


async def change_domain(
    scheme: Scheme, *, organisation: UUID, website: str | None, domain: str | None
) -> None:
    """Put an organisation at another web address and domain.

    Where the old domain showed who it is, it proves that again (row 16). Raises `InvalidInput`.
    """
    errors = rules.check_domain(website, domain)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    domain = domain.lower() if domain else None
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        await Organisation.update(
            {Organisation.website: website, Organisation.domain: domain}
        ).where(Organisation.id == organisation)
        if body.domain != domain and await rests_on_its_domain(body):
            await ask_for_proof_again(tx, organisation)


async def merge_organisation(scheme: Scheme, *, organisation: UUID, into: UUID) -> None:
    """Let another organisation continue this one; its page stays and says so (row 14).

    The successor takes its live pledges, with their versions, dates and what is owed for them.
    Raises `NotMergeable`.
    """
    if organisation == into:
        raise rules.NotMergeable("An organisation cannot be merged into itself.")
    async with transaction(scheme) as tx:
        # Always in the same order, so that two merges cannot wait for each other.
        bodies = {each: await tx.lock_organisation(each) for each in sorted((organisation, into))}
        successor = bodies[into]
        if await _standing(tx, into) not in STANDING_IN or _is_continued(successor):
            raise rules.NotMergeable("Merge into an organisation that has signed the charter.")
        if _is_continued(bodies[organisation]):
            raise rules.NotMergeable("This organisation has been merged already.")
        await Organisation.update({Organisation.continued_by: into}).where(
            Organisation.id == organisation
        )
        tx.record("merged", {"into": successor.slug}, organisation=organisation, by="steward")
        await take_over(tx, organisation=organisation, into=into)


async def lock_addresses() -> None:
    """Let nobody else choose an address until the transaction under way ends."""
    await Organisation.raw("SELECT pg_advisory_xact_lock({})", ADDRESS_LOCK)


async def free_slug(name: str) -> str:
    """Return a slug for `name` that nobody has or had; nobody else chooses one until the end."""
    await lock_addresses()
    alike = f"{rules.make_slug(name)[:60]}%"
    now = await Organisation.select(Organisation.slug).where(Organisation.slug.like(alike))
    once = await FormerSlug.select(FormerSlug.slug).where(FormerSlug.slug.like(alike))
    return rules.choose_slug(name, [row["slug"] for row in (*now, *once)])


async def _standing(tx: Ledger, organisation: UUID) -> Standing | None:
    answer = await assess_now(tx, organisation)
    return answer.standing if answer else None


def _is_continued(body: Organisation) -> bool:
    return body.continued_by is not None
