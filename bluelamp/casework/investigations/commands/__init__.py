"""What is done in an investigation: the `log` and its people, `statements`, `exhibits`,
`charging`.
"""

from bluelamp.casework.investigations.commands.charging import charge
from bluelamp.casework.investigations.commands.exhibits import exhibit_item
from bluelamp.casework.investigations.commands.log import (
    add_entry,
    allocate,
    link_person,
    name_suspect,
)
from bluelamp.casework.investigations.commands.statements import Taken, take_statement

__all__ = [
    "Taken",
    "add_entry",
    "allocate",
    "charge",
    "exhibit_item",
    "link_person",
    "name_suspect",
    "take_statement",
]
