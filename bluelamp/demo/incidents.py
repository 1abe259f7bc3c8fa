"""Invented incidents, in the proportions that police.uk published for London.

The figures are of March 2026 (Open Government Licence v3); everything else is random.
`volumes.csv` holds recorded offences by borough and category, summed from the published small-area
counts.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.records.reference.lookups import find_nearest_postcode
from bluelamp.records.reference.models import Street

# police.uk category -> (offence code, kind of report, what somebody might write)
CATEGORIES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Bicycle theft": (
        "TH68006",
        "cycle-theft",
        (
            "My bike was locked to the railings. The lock has been cut and the bike is gone.",
            "Bicycle taken from the communal hallway overnight.",
        ),
    ),
    "Burglary": (
        "TH68036",
        "burglary",
        (
            (
                "I came home and the back door had been forced. A laptop and some jewellery are "
                "missing."
            ),
            "Someone got in through the kitchen window while we were asleep and took the car keys.",
        ),
    ),
    "Criminal damage and arson": (
        "CD71039",
        "criminal-damage",
        (
            "Someone has scratched both doors of my car with a key.",
            "The shop window was broken during the night. Nothing was taken.",
            "All four tyres of the car have been let down and two are slashed.",
        ),
    ),
    "Other theft": (
        "TH68020",
        "theft",
        (
            "A parcel was taken from the doorstep. The courier has a photo of it there.",
            "My phone was on the café table and somebody picked it up and left.",
        ),
    ),
    "Possession of weapons": (
        "CJ88144",
        "other",
        ("A lock knife was found in a search outside the station.",),
    ),
    "Public order": (
        "PU86116",
        "antisocial-behaviour",
        ("A man was shouting abuse at people waiting for the bus and would not stop.",),
    ),
    "Robbery": (
        "TH68023",
        "robbery",
        ("Two people on a moped pulled the phone out of my hand and pushed me over.",),
    ),
    "Shoplifting": (
        "TH68010",
        "theft",
        (
            (
                "A person filled a bag with meat and cheese and left without paying. Staff know "
                "them by sight."
            ),
            "Spirits worth about £180 were taken from the shelf by the door.",
        ),
    ),
    "Theft from the person": (
        "TH68001",
        "theft",
        ("My purse was taken out of my bag on the escalator.",),
    ),
    "Vehicle crime": (
        "TH68007",
        "theft-from-vehicle",
        (
            "The rear window was smashed and a rucksack taken from the seat.",
            "The catalytic converter has been cut off.",
        ),
    ),
    "Violence and sexual offences": (
        "CJ88001",
        "assault",
        ("He pushed me against the wall in an argument about parking. I was not hurt.",),
    ),
}

GIVEN_NAMES = (
    "Amara",
    "Bea",
    "Carys",
    "Dilip",
    "Elif",
    "Farid",
    "Gwen",
    "Hassan",
    "Iris",
    "Jonas",
    "Kwame",
    "Leila",
    "Mateo",
    "Nia",
    "Omar",
    "Priya",
    "Quentin",
    "Rosa",
    "Sunil",
    "Tamsin",
    "Uma",
    "Viktor",
    "Wren",
    "Yusuf",
    "Zofia",
)
FAMILY_NAMES = (
    "Abara",
    "Brightwell",
    "Cazalet",
    "Dunmore",
    "Eastlake",
    "Farrow",
    "Greaves",
    "Hollis",
    "Ibori",
    "Jarrow",
    "Kestrel",
    "Lovage",
    "Marchbank",
    "Nettlefold",
    "Osgood",
    "Penrose",
    "Quarry",
    "Redfern",
    "Sallow",
    "Tarn",
    "Underhay",
    "Vexley",
    "Wainscot",
    "Yarrow",
    "Zeller",
)


@dataclass(frozen=True, slots=True)
class Incident:
    """One invented thing that happened."""

    offence_code: str
    kind: str
    narrative: str
    happened_at: datetime
    reported_at: datetime
    place: LocationInput
    person: PersonInput


def make_incidents(*, count: int, until: datetime) -> Iterator[Incident]:
    """Yield incidents of the four weeks before `until`, oldest first.

    The random numbers have a fixed seed: the same moment gives the same incidents.
    """
    # A fixed seed: every demonstration has the same incidents.
    rng = random.Random(7)  # noqa: S311 - nothing secret comes of it
    with (Path(__file__).parent / "volumes.csv").open(encoding="utf-8") as file:
        volumes = [row for row in csv.DictReader(file) if row["category"] in CATEGORIES]
    streets: dict[str, list[Street]] = {}
    # Where police.uk has several crimes on record, so that the maps look like London's.
    for street in Street.objects.filter(weight__gte=3).order_by("id"):
        streets.setdefault(street.borough, []).append(street)
    volumes = [row for row in volumes if row["borough"] in streets]
    chosen = rng.choices(volumes, weights=[int(row["count"]) for row in volumes], k=count)
    # Oldest first, because crime numbers are given in the order of recording.
    moments = sorted(
        until - timedelta(minutes=rng.randrange(30, 28 * 24 * 60)) for _ in range(count)
    )
    for number, (row, reported_at) in enumerate(zip(chosen, moments, strict=True)):
        code, kind, narratives = CATEGORIES[row["category"]]
        street = rng.choice(streets[row["borough"]])
        given, family = rng.choice(GIVEN_NAMES), rng.choice(FAMILY_NAMES)
        yield Incident(
            offence_code=code,
            kind=kind,
            narrative=rng.choice(narratives),
            happened_at=reported_at - timedelta(minutes=rng.randrange(20, 900)),
            reported_at=reported_at,
            place=_location_at(street, house=rng.randrange(1, 180)),
            person=PersonInput(
                given_name=given,
                family_name=family,
                # RFC 2606: nobody can be written to at example.com. The number keeps namesakes
                # apart.
                email=f"{given}.{family}.{number}@example.com".lower(),
                # Ofcom gives 07700 900000 to 900999 to nobody: they are for drama.
                phone=f"07700900{number % 1000:03d}",
                is_safe_to_contact=True,
            ),
        )


def _location_at(street: Street, *, house: int) -> LocationInput:
    position = street.position
    near = find_nearest_postcode(position.latitude, position.longitude)
    return LocationInput(
        address=f"{house} {street.name}",
        postcode=near.postcode if near else "",
        easting=street.easting,
        northing=street.northing,
        latitude=position.latitude,
        longitude=position.longitude,
    )
