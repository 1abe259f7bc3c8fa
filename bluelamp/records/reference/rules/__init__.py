"""What is true of codes, places and days whatever is on record: pure functions, each citing its
authority.

Postcodes, National Grid and GPS positions, identifiers with check letters, crime numbers, working
days, and finding words that were typed in a hurry. No Django, no files, no clock.
"""

from bluelamp.records.reference.rules.finding import Lexicon
from bluelamp.records.reference.rules.geometry import box, contains
from bluelamp.records.reference.rules.grid import GridPosition, Position, to_grid, to_position
from bluelamp.records.reference.rules.identifiers import (
    CrimeNumber,
    check_letter,
    format_crime_number,
    parse_asn,
    parse_crime_number,
    parse_cro,
    parse_pnc,
    parse_ptiurn,
)
from bluelamp.records.reference.rules.postcodes import (
    compact,
    display,
    looks_like_postcode,
    parse_postcode,
    readings,
)
from bluelamp.records.reference.rules.working_days import (
    add_working_days,
    bank_holidays,
    is_working_day,
)

__all__ = [
    "CrimeNumber",
    "GridPosition",
    "Lexicon",
    "Position",
    "add_working_days",
    "bank_holidays",
    "box",
    "check_letter",
    "compact",
    "contains",
    "display",
    "format_crime_number",
    "is_working_day",
    "looks_like_postcode",
    "parse_asn",
    "parse_crime_number",
    "parse_cro",
    "parse_pnc",
    "parse_postcode",
    "parse_ptiurn",
    "readings",
    "to_grid",
    "to_position",
]
