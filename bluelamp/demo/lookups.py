"""Whether a database is a demonstration's."""

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.reports.models import Report
from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import User


def holds_demo_force() -> bool:
    """Say whether the cast has accounts here, or what somebody left of it has."""
    names = {player.username: player.name for player in cast.STAFF}
    accounts = User.objects.filter(username__in=names).values_list("username", "name")
    # A real force may employ a Dev Patel with the user name dev, but hardly half the cast.
    return sum(names[username] == name for username, name in accounts) > len(names) // 2


def holds_real_records() -> bool:
    """Say whether there is an account, a report or a crime. For a database without the cast."""
    return User.objects.exists() or Report.objects.exists() or Crime.objects.exists()
