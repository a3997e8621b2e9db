"""A cast of any size, for tests and for load: the same number always gives the same company.

Within its hundred days every organisation signs, plans, reports, is judged or chased, as its
habits are; the habits come round like the words of the names.
"""

from itertools import cycle, islice, product

from charter.framework.region import Region
from registry.demo.cast import Cast, Character, Found, Worked

DAYS = 100
FIRST_MILESTONE = 45
SIGNS_WITHIN = 20
AUDITORS_PER_ORGANISATION = 2
FEWEST_AUDITORS = 12

PLACES = ("Amber", "Birch", "Copper", "Dunlin", "Elm", "Fern", "Garnet", "Heron", "Iris", "Juniper")
SIGHTS = ("Bridge", "Court", "Dock", "Field", "Gate", "Hill", "Lane", "Mill", "Quay", "Row")
TRADES = ("Bakery", "Choir", "College", "Clinic", "Garage", "Homes", "Library", "Press", "Works")
NUMBERS = ("", " Two", " Three", " Four", " Five", " Six", " Seven", " Eight", " Nine", " Ten")

HABITS: tuple[tuple[tuple[Worked, ...], tuple[Found, ...], int | None], ...] = (
    (("fully",), ("accepted",), None),
    (("partly", "fully"), ("accepted",), None),
    (("not",), ("accepted",), None),
    (("fully",), ("not-accepted", "accepted"), None),
    (("fully",), ("accepted",), 0),
)
"""What reports say, what panels find, and from which day on an organisation is silent."""


def company_of(size: int, region: Region) -> Cast:
    """Return a cast of `size` organisations spread over the region's boroughs and sectors."""
    names = (
        f"{place} {sight} {trade}{number}"
        for number, trade, sight, place in product(NUMBERS, TRADES, SIGHTS, PLACES)
    )
    rows = zip(
        islice(names, size),
        cycle([borough.id for borough in region.boroughs]),
        cycle([sector.id for sector in region.sectors]),
        cycle(HABITS),
        strict=False,
    )
    organisations = tuple(
        Character(
            name=name,
            town="Millbrook",
            sector=sector,
            boroughs=(borough,),
            identifier=f"98{number:06}",
            domain=f"signatory-{number}.example",
            signs=DAYS - number % SIGNS_WITHIN,
            plan_after=10,
            milestones=(FIRST_MILESTONE, 420, 720),
            worked=worked,
            found=found,
            silent_from=silent_from,
        )
        for number, (name, borough, sector, (worked, found, silent_from)) in enumerate(rows, 1)
    )
    auditors = max(FEWEST_AUDITORS, size * AUDITORS_PER_ORGANISATION)
    return Cast(days=DAYS, auditors=auditors, organisation=organisations)
