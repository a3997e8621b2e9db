"""Every room of the face, and the addresses in it. A new page starts with a new line here."""

from litestar.handlers import HTTPRouteHandler

from registry.web.auditor import cases, corrections, evidence, pay, tasks
from registry.web.community import celebrations as group_celebrations
from registry.web.community import changed as group_story
from registry.web.community import contribute, groups, hearings
from registry.web.community import sharing as group_sharing
from registry.web.concerns import pages as concern_pages
from registry.web.hub import auditors as hub_auditors
from registry.web.hub import calls as hub_calls
from registry.web.hub import clocks as hub_clocks
from registry.web.hub import concerns as hub_concerns
from registry.web.hub import dissolutions as hub_dissolutions
from registry.web.hub import erasures as hub_erasures
from registry.web.hub import facts as hub_facts
from registry.web.hub import groups as hub_groups
from registry.web.hub import handovers as hub_handovers
from registry.web.hub import identity as hub_identity
from registry.web.hub import inspection as hub_inspection
from registry.web.hub import library as hub_library
from registry.web.hub import outbox as hub_outbox
from registry.web.hub import panel_keys
from registry.web.hub import panels as hub_panels
from registry.web.hub import payments as hub_payments
from registry.web.hub import quiet as hub_quiet
from registry.web.hub import signatories as hub_signatories
from registry.web.hub import today as hub_today
from registry.web.hub import together as hub_together
from registry.web.hub import words as hub_words
from registry.web.learning import pages as library_pages
from registry.web.learning import proposals as library_proposals
from registry.web.member import (
    badge,
    celebrations,
    concerns,
    home,
    identity,
    invitations,
    people,
    plan,
    pledge_changes,
    pledges,
    ready_made,
    reports,
    reviews,
    sessions,
    sharing,
    sign_up,
    signature,
    sitting,
)
from registry.web.member import evidence as member_evidence
from registry.web.proof import documents as proof_documents
from registry.web.proof import endorsing, verify_pages
from registry.web.proof import pages as proof_pages
from registry.web.proof import pictures as proof_pictures
from registry.web.proof import reports as proof_reports
from registry.web.public import (
    answer_pages,
    framework_pages,
    group_pages,
    network_pages,
    open_data_pages,
    organisation_pages,
    register_pages,
)
from registry.web.sign_in import pages as sign_in_pages
from registry.web.sign_in import provider_pages
from registry.web.site import assets, health
from registry.web.site import pages as site_pages

HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *site_pages.HANDLERS,
    *health.HANDLERS,
    *assets.HANDLERS,
    *register_pages.HANDLERS,
    *organisation_pages.HANDLERS,
    *answer_pages.HANDLERS,
    *framework_pages.HANDLERS,
    *network_pages.HANDLERS,
    *group_pages.HANDLERS,
    *open_data_pages.HANDLERS,
    *library_pages.HANDLERS,
    *library_proposals.HANDLERS,
    *sign_in_pages.HANDLERS,
    *provider_pages.HANDLERS,
    *proof_pages.HANDLERS,
    *proof_pictures.HANDLERS,
    *proof_documents.HANDLERS,
    *proof_reports.HANDLERS,
    *verify_pages.HANDLERS,
    *endorsing.HANDLERS,
    *concern_pages.HANDLERS,
    *sign_up.HANDLERS,
    *home.HANDLERS,
    *people.HANDLERS,
    *identity.HANDLERS,
    *invitations.HANDLERS,
    *signature.HANDLERS,
    *plan.HANDLERS,
    *pledges.HANDLERS,
    *pledge_changes.HANDLERS,
    *ready_made.HANDLERS,
    *sessions.HANDLERS,
    *sharing.HANDLERS,
    *reports.HANDLERS,
    *sitting.HANDLERS,
    *reviews.HANDLERS,
    *member_evidence.HANDLERS,
    *concerns.HANDLERS,
    *badge.HANDLERS,
    *celebrations.HANDLERS,
    *contribute.HANDLERS,
    *groups.HANDLERS,
    *group_sharing.HANDLERS,
    *group_celebrations.HANDLERS,
    *hearings.HANDLERS,
    *group_story.HANDLERS,
    *tasks.HANDLERS,
    *cases.HANDLERS,
    *evidence.HANDLERS,
    *corrections.HANDLERS,
    *pay.HANDLERS,
    *hub_today.HANDLERS,
    *hub_identity.HANDLERS,
    *hub_handovers.HANDLERS,
    *hub_signatories.HANDLERS,
    *hub_concerns.HANDLERS,
    *hub_panels.HANDLERS,
    *hub_inspection.HANDLERS,
    *hub_together.HANDLERS,
    *hub_words.HANDLERS,
    *hub_erasures.HANDLERS,
    *panel_keys.HANDLERS,
    *hub_facts.HANDLERS,
    *hub_dissolutions.HANDLERS,
    *hub_groups.HANDLERS,
    *hub_library.HANDLERS,
    *hub_clocks.HANDLERS,
    *hub_quiet.HANDLERS,
    *hub_calls.HANDLERS,
    *hub_payments.HANDLERS,
    *hub_auditors.HANDLERS,
    *hub_outbox.HANDLERS,
)
