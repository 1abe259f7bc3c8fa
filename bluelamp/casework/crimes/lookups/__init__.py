"""What people look up about crimes: one, many, nearby, their own; and every number accounted for.

`find_crime`, `lock_crime`, `list_nearby_crimes` and `to_crime_detail` are for the commands and
lookups of later stages.
"""

from bluelamp.casework.crimes.lookups.assessments import get_assessment, list_assessments
from bluelamp.casework.crimes.lookups.devices import (
    DEVICE_ORDERS,
    DeviceNumbers,
    DevicePage,
    DeviceRow,
    LimitAlarmRow,
    VoidNumber,
    get_device,
    list_devices,
    list_limit_alarms,
)
from bluelamp.casework.crimes.lookups.editions import own_crimes_edition, own_numbers_edition
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
from bluelamp.casework.crimes.lookups.times import CorrectedTime, list_corrected_times
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
from bluelamp.casework.crimes.lookups.waiting import WaitingItem, list_waiting_items

__all__ = [
    "DEVICE_ORDERS",
    "Classification",
    "CorrectedTime",
    "CrimeDetail",
    "CrimePage",
    "CrimeProgress",
    "CrimeRow",
    "DeviceNumbers",
    "DevicePage",
    "DeviceRow",
    "LimitAlarmRow",
    "LinkedCrime",
    "NearbyCrime",
    "NumberAccount",
    "VoidNumber",
    "WaitingItem",
    "account_for_numbers",
    "find_crime",
    "get_assessment",
    "get_crime",
    "get_crime_with_nearby",
    "get_device",
    "list_assessments",
    "list_corrected_times",
    "list_crimes_from_report",
    "list_crimes_with_item",
    "list_devices",
    "list_limit_alarms",
    "list_my_crimes",
    "list_my_investigations",
    "list_nearby_crimes",
    "list_waiting_items",
    "lock_crime",
    "own_crimes_edition",
    "own_numbers_edition",
    "search_crimes",
    "to_crime_detail",
]
