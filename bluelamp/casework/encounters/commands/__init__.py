"""What people do with encounters: record one at the scene, correct it, and assess a risk."""

from bluelamp.casework.encounters.commands.assessing import add_assessment
from bluelamp.casework.encounters.commands.correcting import correct_encounter, return_encounter
from bluelamp.casework.encounters.commands.recording import record_at_scene

__all__ = ["add_assessment", "correct_encounter", "record_at_scene", "return_encounter"]
