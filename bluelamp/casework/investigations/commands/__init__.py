"""What people do in an investigation: allocate, log, suspects, statements, exhibits, charges."""

from bluelamp.casework.investigations.commands.charging import record_charge
from bluelamp.casework.investigations.commands.exhibits import exhibit_item
from bluelamp.casework.investigations.commands.log import (
    add_log_entry,
    allocate_officer,
    name_suspect,
)
from bluelamp.casework.investigations.commands.statements import TakenStatement, take_statement

__all__ = [
    "TakenStatement",
    "add_log_entry",
    "allocate_officer",
    "exhibit_item",
    "name_suspect",
    "record_charge",
    "take_statement",
]
