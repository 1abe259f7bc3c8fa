"""Which outside services are stand-ins on this machine, for the banner of the demonstration."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from bluelamp.environment import is_loopback_host
from bluelamp.foundation.notifications import gateway


def list_stand_ins() -> list[str]:
    """Return the names of the services that are stand-ins."""
    names = []
    if is_notify_stand_in():
        names.append(_("GOV.UK Notify"))
    if _is_on_this_machine(settings.BLUELAMP_PAY_URL):
        names.append(_("GOV.UK Pay"))
    if _is_on_this_machine(settings.BLUELAMP_TSA_URL):
        names.append(_("the time-stamping authority"))
    return names


def is_notify_stand_in() -> bool:
    """Return True if messages go to this machine, with the key that only the stand-in has."""
    # The key as well: an operator may run a relay to the real service on this machine.
    key = settings.BLUELAMP_NOTIFY_KEY or gateway.DEMO_KEY
    return _is_on_this_machine(settings.BLUELAMP_NOTIFY_URL) and key == gateway.DEMO_KEY


def _is_on_this_machine(url: str) -> bool:
    return is_loopback_host(urlsplit(url).hostname or "")
