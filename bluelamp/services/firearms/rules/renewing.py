"""What a renewal can fill in from the last application, and what it has to ask again."""

from collections.abc import Mapping
from typing import Any

ASKED_AGAIN = frozenset(
    {
        "certificates",
        "app_firearm",
        "firearm_expires_on",
        "app_shotgun",
        "shotgun_expires_on",
        "photo",
        "referees",
        "referee_guide",
        "declaration",
        "signature",
    }
)
"""Of that day and not of the person: what is applied for, the photo (rule 7 of the Firearms Rules
1998 asks for a present likeness), the referees, and what is declared. Medical answers are kept
apart and asked again each time."""


def list_carried_answers(answers: Mapping[str, Any], certificates: str) -> dict[str, Any]:
    """Return the values that a renewal begins with."""
    kinds = ["firearm", "shotgun"] if certificates == "both" else [certificates]
    wanted = {"certificates": kinds} if certificates else {}
    renewed = {f"app_{kind}": "renewal" for kind in kinds if kind}
    carried = {name: value for name, value in answers.items() if name not in ASKED_AGAIN}
    return carried | wanted | renewed
