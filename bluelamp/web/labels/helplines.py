"""Who else can help, by what was reported. All of them are free and confidential."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Helpline:
    """A helpline: its name, its number as it is dialled, and when it answers."""

    name: str | Promise
    phone: str
    hours: str | Promise


VICTIM_SUPPORT = Helpline(_("Victim Support"), "0808 168 9111", _("day or night"))
# Numbers as their own websites give them.
HELPLINES: Mapping[str, Helpline] = {
    "domestic-abuse": Helpline(
        _("the National Domestic Abuse Helpline"), "0808 2000 247", _("day or night")
    ),
    "sexual-offence": Helpline(
        _("the 24/7 Rape and Sexual Abuse Support Line"), "0808 500 2222", _("day or night")
    ),
    "harassment": Helpline(_("the National Stalking Helpline"), "0808 802 0300", _("on weekdays")),
}


def helpline_for(kind: str) -> Helpline:
    """Return the helpline for what was reported, Victim Support where there is none of its own."""
    return HELPLINES.get(kind, VICTIM_SUPPORT)
