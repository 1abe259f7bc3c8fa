"""Whether a sound moderator counts as a gun: a rule with a date.

Firearms Act 1968 s.57(1)(d) counts one for a section 1 gun as a firearm. The Lords' amendment of 25
February 2026 to the Crime and Policing Bill takes it out of the definition and puts an offence of
its own in (s.2A). Its first day is not known, so staff set it.
"""

from datetime import date

MODERATOR = "moderator"
"""The type of gun that stands for a sound moderator."""


def counts_as_gun(gun_type: str, *, on: date, moderators_free_from: date | None) -> bool:
    """Say whether something takes a slot on a certificate, and counts for the fee of a variation.

    Args:
        gun_type: The type of gun.
        on: The day of the application.
        moderators_free_from: The first day of the new law; None while it is not in force.

    >>> counts_as_gun("moderator", on=date(2026, 3, 3), moderators_free_from=None)
    True
    """
    # Everything else is a firearm in either law.
    if gun_type != MODERATOR:
        return True
    return moderators_free_from is None or on < moderators_free_from
