"""An organisation in the words of schema.org, for those who link data."""

from typing import Any

from registry.web.public.listing import Site
from registry.web.public.payloads import LICENCE, OrganisationDetailPayload

JSON_LD = "application/ld+json"


def link_organisation(payload: OrganisationDetailPayload, site: Site) -> dict[str, Any]:
    """Return the members of the JSON-LD document."""
    return {
        "@context": {
            "@vocab": "https://schema.org/",
            "dct": "http://purl.org/dc/terms/",
            "org": "http://www.w3.org/ns/org#",
            "charter": f"{site.public_url}/how-standing-is-decided#",
        },
        "@id": payload.url,
        "@type": ["Organization", "org:FormalOrganization"],
        "name": payload.name,
        "alternateName": [former.name for former in payload.previous_names],
        "url": payload.website,
        "mainEntityOfPage": payload.url,
        "address": {"@type": "PostalAddress", "addressLocality": payload.town},
        "identifier": [
            {"@type": "PropertyValue", "propertyID": row.scheme, "value": row.id}
            for row in payload.identifiers
        ],
        "memberOf": {"@type": "ProgramMembership", "programName": site.pack.framework.name},
        "charter:standing": payload.standing,
        "charter:level": payload.level,
        "charter:sentence": payload.sentence,
        "dct:license": {"@id": LICENCE},
    }
