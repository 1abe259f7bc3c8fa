"""Looking up crimes: one, many, near, mine; and that every number is accounted for."""

from bluelamp.casework.crimes.queries.finding import (
    CrimePage,
    CrimeRow,
    NearCrime,
    crimes_of,
    nearby,
    search_crimes,
)
from bluelamp.casework.crimes.queries.numbers import Account, numbers_account
from bluelamp.casework.crimes.queries.viewing import (
    Classification,
    CrimeProgress,
    CrimeView,
    LinkedCrime,
    crime_view,
    crimes_holding,
    find_crime,
    progress_of_report,
    view_crime,
)

__all__ = [
    "Account",
    "Classification",
    "CrimePage",
    "CrimeProgress",
    "CrimeRow",
    "CrimeView",
    "LinkedCrime",
    "NearCrime",
    "crime_view",
    "crimes_holding",
    "crimes_of",
    "find_crime",
    "nearby",
    "numbers_account",
    "progress_of_report",
    "search_crimes",
    "view_crime",
]
