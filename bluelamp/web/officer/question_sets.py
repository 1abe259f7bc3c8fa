"""The question sets that the officer app shows, as it gets them."""

import hashlib
import json
from datetime import date
from typing import Any

from bluelamp.casework.encounters.rules import RISK_SET, SCENE_KINDS
from bluelamp.foundation.forms.lookups import current_question_set
from bluelamp.foundation.forms.rules import to_json

SET_NAMES = ("scene", RISK_SET, *sorted(SCENE_KINDS))


def list_app_sets(*, on: date) -> tuple[str, list[dict[str, Any]]]:
    """Return the sets in force on a day as JSON, and their edition, which changes with them."""
    sets = [to_json(current_question_set(name, on=on)) for name in SET_NAMES]
    edition = hashlib.sha256(json.dumps(sets, sort_keys=True).encode()).hexdigest()
    # Half the digits: an edition is compared with one other.
    return edition[:32], sets
