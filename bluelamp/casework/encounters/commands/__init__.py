"""What people do with encounters: record a stop and search, and assess a risk."""

from bluelamp.casework.encounters.commands.assessing import add_assessment
from bluelamp.casework.encounters.commands.recording import record_at_scene

__all__ = ["add_assessment", "record_at_scene"]
