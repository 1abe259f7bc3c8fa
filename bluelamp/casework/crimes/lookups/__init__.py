"""What people look up about crimes: one, many, nearby, their own; and every number accounted for.

`find_crime`, `lock_crime`, `list_nearby_crimes` and `to_crime_detail` are for the commands and
lookups of later stages.
"""

from bluelamp.casework.crimes.lookups.finding import (
    CrimePage,
    CrimeRow,
    NearbyCrime,
    get_crime_with_nearby,
    list_my_crimes,
    list_my_investigations,
    list_nearby_crimes,
    search_crimes,
)
from bluelamp.casework.crimes.lookups.numbers import NumberAccount, account_for_numbers
from bluelamp.casework.crimes.lookups.viewing import (
    Classification,
    CrimeDetail,
    CrimeProgress,
    LinkedCrime,
    find_crime,
    get_crime,
    list_crimes_from_report,
    list_crimes_with_item,
    lock_crime,
    to_crime_detail,
)

__all__ = [
    "Classification",
    "CrimeDetail",
    "CrimePage",
    "CrimeProgress",
    "CrimeRow",
    "LinkedCrime",
    "NearbyCrime",
    "NumberAccount",
    "account_for_numbers",
    "find_crime",
    "get_crime",
    "get_crime_with_nearby",
    "list_crimes_from_report",
    "list_crimes_with_item",
    "list_my_crimes",
    "list_my_investigations",
    "list_nearby_crimes",
    "lock_crime",
    "search_crimes",
    "to_crime_detail",
]
