"""Look reference data up. None of it is personal, so these lookups need no actor or audit."""

from bluelamp.records.reference.lookups import offences, places
from bluelamp.records.reference.lookups.details import (
    CodeListEntryDetail,
    CourtDetail,
    ForceDetail,
    OffenceDetail,
    OutcomeTypeDetail,
    UnitDetail,
)
from bluelamp.records.reference.lookups.found_place import FoundPlace
from bluelamp.records.reference.lookups.offences import (
    find_offences,
    get_offence,
    list_common_offences,
    list_offence_classes,
    list_offence_words,
)
from bluelamp.records.reference.lookups.places import (
    find_command_unit,
    find_force_at,
    find_nearest_postcode,
    find_place_at,
    find_places,
    find_postcode,
    find_postcode_positions,
    suggest_corrected_postcodes,
)
from bluelamp.records.reference.lookups.street_names import StreetName, list_street_names
from bluelamp.records.reference.lookups.streets import NearbyStreet, list_streets_near
from bluelamp.records.reference.lookups.tables import (
    bank_holidays,
    edition_stamp,
    get_force,
    get_unit,
    is_loaded,
    list_code_list,
    list_command_units,
    list_courts,
    list_districts,
    list_forces,
    list_outcome_types,
)

__all__ = [
    "CodeListEntryDetail",
    "CourtDetail",
    "ForceDetail",
    "FoundPlace",
    "NearbyStreet",
    "OffenceDetail",
    "OutcomeTypeDetail",
    "StreetName",
    "UnitDetail",
    "bank_holidays",
    "edition_stamp",
    "find_command_unit",
    "find_force_at",
    "find_nearest_postcode",
    "find_offences",
    "find_place_at",
    "find_places",
    "find_postcode",
    "find_postcode_positions",
    "get_force",
    "get_offence",
    "get_unit",
    "is_loaded",
    "list_code_list",
    "list_command_units",
    "list_common_offences",
    "list_courts",
    "list_districts",
    "list_forces",
    "list_offence_classes",
    "list_offence_words",
    "list_outcome_types",
    "list_street_names",
    "list_streets_near",
    "suggest_corrected_postcodes",
    "warm_up",
]


def warm_up() -> None:
    """Build every index now (about two seconds), as a server does before it answers."""
    offences.build_index()
    places.build_index()
