"""What is done with crimes: `numbers` and their leases, `recording`, `items` of the scene,
`linking`, `people`.
"""

from bluelamp.casework.crimes.commands.items import capture_item, issue_item_token
from bluelamp.casework.crimes.commands.linking import (
    add_item,
    link_crimes,
    mark_charged,
    put_in_hand,
    refresh_keys,
)
from bluelamp.casework.crimes.commands.numbers import (
    LeaseView,
    expire_leases,
    lease_numbers,
    release_lease,
    void_number,
)
from bluelamp.casework.crimes.commands.people import add_person, correct_person
from bluelamp.casework.crimes.commands.recording import (
    Recorded,
    reclassify,
    record_at_scene,
    record_crime,
    record_from_report,
)

__all__ = [
    "LeaseView",
    "Recorded",
    "add_item",
    "add_person",
    "capture_item",
    "correct_person",
    "expire_leases",
    "issue_item_token",
    "lease_numbers",
    "link_crimes",
    "mark_charged",
    "put_in_hand",
    "reclassify",
    "record_at_scene",
    "record_crime",
    "record_from_report",
    "refresh_keys",
    "release_lease",
    "void_number",
]
