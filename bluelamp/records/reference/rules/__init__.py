"""What is always true of identifiers, places and days: pure functions, each citing its authority.

Postcodes, National Grid and GPS positions, identifiers with check letters, serial numbers, crime
numbers, working days, and search by words. No Django, no files, no clock.
"""

from bluelamp.records.reference.rules.geometry import bounding_box, polygon_contains
from bluelamp.records.reference.rules.grid import (
    GridPosition,
    Position,
    is_on_national_grid,
    to_grid,
    to_position,
)
from bluelamp.records.reference.rules.identifiers import (
    CrimeNumberParts,
    check_letter,
    check_vrm,
    format_crime_number,
    parse_asn,
    parse_crime_number,
    parse_cro,
    parse_pnc,
    parse_ptiurn,
    parse_typed_crime_number,
    parse_vrm,
)
from bluelamp.records.reference.rules.positions import (
    MapPosition,
    parse_coordinate_number,
    resolve_position,
)
from bluelamp.records.reference.rules.postcodes import (
    alphanumeric_upper,
    check_postcode,
    format_postcode,
    looks_like_postcode,
    normalise_postcode,
    parse_postcode,
    postcode_candidates,
)
from bluelamp.records.reference.rules.serials import (
    IDENTIFIER_PARSERS,
    IMEI_DEVICE_DIGITS,
    MAX_IDENTIFIER_LENGTH,
    check_identifier,
    is_card_number,
    parse_frame_number,
    parse_imei,
    parse_serial,
    parse_vin,
)
from bluelamp.records.reference.rules.word_index import WordIndex
from bluelamp.records.reference.rules.working_days import (
    add_working_days,
    bank_holidays,
    is_working_day,
)

__all__ = [
    "IDENTIFIER_PARSERS",
    "IMEI_DEVICE_DIGITS",
    "MAX_IDENTIFIER_LENGTH",
    "CrimeNumberParts",
    "GridPosition",
    "MapPosition",
    "Position",
    "WordIndex",
    "add_working_days",
    "alphanumeric_upper",
    "bank_holidays",
    "bounding_box",
    "check_identifier",
    "check_letter",
    "check_postcode",
    "check_vrm",
    "format_crime_number",
    "format_postcode",
    "is_card_number",
    "is_on_national_grid",
    "is_working_day",
    "looks_like_postcode",
    "normalise_postcode",
    "parse_asn",
    "parse_coordinate_number",
    "parse_crime_number",
    "parse_cro",
    "parse_frame_number",
    "parse_imei",
    "parse_pnc",
    "parse_postcode",
    "parse_ptiurn",
    "parse_serial",
    "parse_typed_crime_number",
    "parse_vin",
    "parse_vrm",
    "polygon_contains",
    "postcode_candidates",
    "resolve_position",
    "to_grid",
    "to_position",
]
