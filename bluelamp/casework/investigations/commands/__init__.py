"""What people do in an investigation: allocate, log, suspects, statements, exhibits, charges."""

from bluelamp.casework.investigations.commands.actions import (
    answer_from_scene,
    ask_for_action,
    record_action_result,
)
from bluelamp.casework.investigations.commands.additions import AddedToCrime, add_from_scene
from bluelamp.casework.investigations.commands.allocating import allocate_officer
from bluelamp.casework.investigations.commands.charging import record_charge
from bluelamp.casework.investigations.commands.exhibits import exhibit_item
from bluelamp.casework.investigations.commands.log import add_log_entry
from bluelamp.casework.investigations.commands.scene_exhibits import (
    LeasedReferences,
    add_received_exhibits,
    announce_exhibit,
    lease_exhibit_references,
)
from bluelamp.casework.investigations.commands.statements import TakenStatement, take_statement
from bluelamp.casework.investigations.commands.suspects import name_suspect
from bluelamp.casework.investigations.commands.times import correct_statement_time

__all__ = [
    "AddedToCrime",
    "LeasedReferences",
    "TakenStatement",
    "add_from_scene",
    "add_log_entry",
    "add_received_exhibits",
    "allocate_officer",
    "announce_exhibit",
    "answer_from_scene",
    "ask_for_action",
    "correct_statement_time",
    "exhibit_item",
    "lease_exhibit_references",
    "name_suspect",
    "record_action_result",
    "record_charge",
    "take_statement",
]
