"""Looking reference data up. None of it is personal, so these are plain functions and leave no
act.
"""

from bluelamp.records.reference.queries import offences, places
from bluelamp.records.reference.queries.offences import (
    find_offences,
    offence,
    offences_of,
    usual_offences,
)
from bluelamp.records.reference.queries.places import (
    Place,
    find_places,
    find_postcode,
    force_for,
    nearest_postcode,
    place_of,
    streets_near,
    suggest_postcodes,
    unit_for,
)
from bluelamp.records.reference.queries.tables import (
    bank_holidays,
    command_units,
    courts,
    districts,
    edition,
    entries,
    force,
    forces,
    is_loaded,
    outcome_types,
    unit,
)

__all__ = [
    "Place",
    "bank_holidays",
    "command_units",
    "courts",
    "districts",
    "edition",
    "entries",
    "find_offences",
    "find_places",
    "find_postcode",
    "force",
    "force_for",
    "forces",
    "is_loaded",
    "nearest_postcode",
    "offence",
    "offences_of",
    "outcome_types",
    "place_of",
    "streets_near",
    "suggest_postcodes",
    "unit",
    "unit_for",
    "usual_offences",
    "warm_up",
]


def warm_up() -> None:
    """Make every index now (about two seconds), as a server does before it answers."""
    offences.read_ahead()
    places.read_ahead()
