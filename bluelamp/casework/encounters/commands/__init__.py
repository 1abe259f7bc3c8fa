"""What people do with encounters: record a stop and search, correct one, and assess a risk."""

from bluelamp.casework.encounters.commands.assessing import add_assessment
from bluelamp.casework.encounters.commands.correcting import correct_search, return_search
from bluelamp.casework.encounters.commands.recording import record_at_scene

__all__ = ["add_assessment", "correct_search", "record_at_scene", "return_search"]
