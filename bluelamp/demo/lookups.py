"""Looking at the demonstration."""

from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import User


def is_demo_loaded() -> bool:
    """Say whether the cast has accounts."""
    return User.objects.filter(username=cast.ADA.username).exists()
