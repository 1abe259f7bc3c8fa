"""What is done to keep a victim informed: one-time codes, tracking sessions, messages."""

from bluelamp.casework.victims.commands.informing import (
    inform_about_scene_crime,
    inform_person_reporting,
)
from bluelamp.casework.victims.commands.tracking import (
    delete_old_codes,
    end_session,
    exchange_code_for_session,
    open_session,
    send_code,
)

__all__ = [
    "delete_old_codes",
    "end_session",
    "exchange_code_for_session",
    "inform_about_scene_crime",
    "inform_person_reporting",
    "open_session",
    "send_code",
]
