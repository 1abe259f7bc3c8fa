"""Whether what a phone has fetched has changed since: it asks often, and fetches it only then."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from bluelamp.casework.crimes.models import CrimeNumber
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.crimes.rules import NumberState
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.records.people.lookups import names_stamp

# As many as `list_my_crimes` returns.
_LISTED_CRIMES = 50
_EDITION_DIGITS = 12


def own_crimes_edition(*, actor: Actor) -> str:
    """Return a text that changes when what `list_my_crimes` returns may have changed.

    It is no act on the record, because it says nothing about anybody.
    """
    if actor.id is None:
        return ""
    own = Q(officer_in_case=actor.id) | Q(recorded_by=actor.id)
    columns = (
        "id",
        "offence_title",
        "is_against_the_state",
        "location_id",
        "report_id",
        "search_keys",
    )
    rows = list(
        crime_policy.queryset(actor)
        .filter(own)
        .order_by("-recorded_at", "-id")
        .values_list(*columns)[:_LISTED_CRIMES]
    )
    return _to_edition(rows, names_stamp(subject_ids=[row[0] for row in rows]))


def own_numbers_edition(*, actor: Actor, at: datetime, device_id: UUID) -> str:
    """Return a text that changes when the unused numbers of an officer's device change.

    It changes each day too, because a phone that asks for its numbers keeps them for another term.
    """
    if actor.id is None:
        return ""
    stamp = CrimeNumber.objects.filter(
        lease__taken_by_id=actor.id, lease__device_id=device_id, state=NumberState.LEASED
    ).aggregate(count=Count("id"), last=Max("changed_at"), top=Max("serial"))
    return _to_edition(london_date(at), sorted(stamp.items()))


def _to_edition(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:_EDITION_DIGITS]
