"""Get or create people, objects and locations, and link them.

These functions are part of other domains' commands, which settle who may do what and record the
act. They write into the actor's force and ask no policy: the public, who may see nothing, add to
its record too.
"""

from bluelamp.records.people.commands.linking import (
    add_link,
    get_or_create_object,
    get_or_create_vehicle,
)
from bluelamp.records.people.commands.locations import (
    get_or_create_location,
    get_or_create_locations,
)
from bluelamp.records.people.commands.people import (
    check_contact_details,
    correct_person_row,
    get_or_create_person,
    mark_not_safe_to_contact,
    match_person,
)

__all__ = [
    "add_link",
    "check_contact_details",
    "correct_person_row",
    "get_or_create_location",
    "get_or_create_locations",
    "get_or_create_object",
    "get_or_create_person",
    "get_or_create_vehicle",
    "mark_not_safe_to_contact",
    "match_person",
]
