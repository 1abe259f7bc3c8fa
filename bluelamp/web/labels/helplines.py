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


# Looked up on 27 November 2026 at the source beside each, as far as the comment says; to be looked
# up again each year.
# victimsupport.org.uk/247-support-still-available-victims-crime: 08 08 16 89 111, 24/7, free
VICTIM_SUPPORT = Helpline(_("Victim Support"), "0808 168 9111", _("day or night"))
HELPLINES: Mapping[str, Helpline] = {
    # nationaldahelpline.org.uk, run by Refuge: free, 24 hours
    "domestic-abuse": Helpline(
        _("the National Domestic Abuse Helpline"), "0808 2000 247", _("day or night")
    ),
    # 247sexualabusesupport.org.uk/faqs/, run by Rape Crisis England & Wales: free, open 24 hours a
    # day, every day of the year. The page that was read does not give the number. Other services
    # list this one (and say that it replaced 0808 802 9999); it is still to be confirmed there.
    "sexual-offence": Helpline(
        _("the 24/7 Rape and Sexual Abuse Support Line"), "0808 500 2222", _("day or night")
    ),
    # suzylamplugh.org/stalking/, who run it: open 9:30am to 4pm on weekdays, from 1pm on
    # Wednesdays, and not on bank holidays. schoolbeat.cymru, 21 April 2023, has the same number
    # and hours; Hansard, 23 November 2018, column 1181: freephone. "On weekdays" stays right if
    # they change.
    "harassment": Helpline(_("the National Stalking Helpline"), "0808 802 0300", _("on weekdays")),
}


def helpline_for(kind: str) -> Helpline:
    """Return the helpline for what was reported, Victim Support where there is none of its own."""
    return HELPLINES.get(kind, VICTIM_SUPPORT)
