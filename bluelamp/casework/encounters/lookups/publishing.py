"""Look up what is published of a month's stop and searches."""

from datetime import date, datetime

from bluelamp.casework.encounters.lookups.listing import start_of_day
from bluelamp.casework.encounters.models import StopSearch
from bluelamp.casework.encounters.police_uk import PublishedSearch
from bluelamp.casework.encounters.policy import encounter_policy
from bluelamp.casework.encounters.rules import EncounterKind
from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor


@lookup(permission="encounter.publish", act="encounter.published", category=Category.DISCLOSURE)
def list_published_searches(
    *, actor: Actor, at: datetime, month: date
) -> tuple[PublishedSearch, ...]:
    """Return the force's stop and searches of a month, the earliest first, without anybody's name.

    Args:
        actor: Who publishes them.
        at: The time.
        month: Any day of the month, which is that of clocks in London.
    """
    first = month.replace(day=1)
    # December goes on to January: 12 // 12 adds the year, and 12 % 12 starts the months again.
    next_month = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    encounters = encounter_policy.queryset(actor).filter(
        kind=EncounterKind.STOP_SEARCH,
        happened_at__gte=start_of_day(first),
        happened_at__lt=start_of_day(next_month),
        corrected_by=None,
    )
    rows = StopSearch.objects.filter(encounter__in=encounters).select_related("encounter")
    searches = tuple(
        _to_published_search(row) for row in rows.order_by("encounter__happened_at", "encounter_id")
    )
    record_act(None, ref=f"{first:%Y-%m}", detail={"count": len(searches)})
    return searches


def _to_published_search(row: StopSearch) -> PublishedSearch:
    return PublishedSearch(
        searched_at=row.encounter.happened_at,
        search_type=row.search_type,
        operation=row.operation,
        latitude=row.published_latitude,
        longitude=row.published_longitude,
        gender=row.gender,
        age_range=row.age_range,
        self_defined_ethnicity=row.self_defined_ethnicity,
        observed_ethnicity=row.observed_ethnicity,
        legislation=row.legislation,
        object=row.object,
        outcome=row.outcome,
        is_linked=row.is_linked,
        has_removed_clothing=row.has_removed_clothing,
    )
