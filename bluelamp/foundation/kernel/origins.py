"""The addresses that this instance is served at: one, or one for the public and one for staff."""

from django.conf import settings


def staff_origin() -> str:
    """Return where staff and partners find their pages: `https://host`, without a path."""
    return str(settings.BLUELAMP_STAFF_ORIGIN or settings.BLUELAMP_ORIGIN)


def has_staff_host() -> bool:
    """Say whether staff have a host name of their own."""
    return staff_origin() != settings.BLUELAMP_ORIGIN
