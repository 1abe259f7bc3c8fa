"""When varying a firearm certificate costs a fee.

Firearms Act 1968 s.32(1)(c): only where the number of guns rises, and not at renewal. Forces take
one gun for another as no rise where the holder tells of the disposal and asks for the other at the
same time, within the seven days of the 1997 Act s.33.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from bluelamp.services.firearms.rules.moderators import counts_as_gun

TELL_WITHIN = timedelta(days=7)


def is_fee_due(
    *,
    wanted_types: Sequence[str],
    disposed: Sequence[tuple[str, date]],
    asked_on: date,
    is_at_renewal: bool,
    moderators_free_from: date | None = None,
) -> bool:
    """Say whether a variation costs a fee.

    Args:
        wanted_types: The type of each gun that is asked for.
        disposed: The type of each gun that went, and when.
        asked_on: When the holder asked for the variation and told us of the disposals.
        is_at_renewal: Whether it is asked for with the renewal.
        moderators_free_from: See `counts_as_gun`.
    """
    # The fee of the renewal covers it (section 32(1)(c)).
    if is_at_renewal:
        return False

    def count(types: Sequence[str]) -> int:
        return sum(
            counts_as_gun(kind, on=asked_on, moderators_free_from=moderators_free_from)
            for kind in types
        )

    # Told later, the gun that went made no room: the number of guns rose again.
    told_in_time = [kind for kind, on in disposed if asked_on - on <= TELL_WITHIN]
    return count(wanted_types) > count(told_in_time)
