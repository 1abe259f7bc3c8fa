"""The next exhibit reference of a producing person in a case."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import Exhibit, ExhibitBlock
from bluelamp.casework.investigations.rules import (
    FIRST_PHONE_SERIAL,
    initials_unique_in_case,
    to_producer_key,
)
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class ExhibitReference:
    """A reference that no exhibit of the case has.

    `producer_key` identifies the producing person within the case.
    """

    initials: str
    serial: int
    producer_key: str

    def __str__(self) -> str:
        return f"{self.initials}/{self.serial}"


@lookup(permission="exhibit.add", act="exhibit.reference_viewed")
def next_exhibit_reference(*, actor: Actor, at: datetime, number: str, produced_by: str) -> str:
    """Return the reference that a person's next exhibit would get, to show before it is given.

    Raises NotFound for a crime that is not in the actor's force.
    """
    crime = find_crime(actor=actor, number=number)
    reference = str(next_reference_in_case(crime, produced_by=produced_by))
    record_act(crime, ref=str(crime.number), detail={"reference": reference})
    return reference


def next_reference_in_case(crime: Crime, *, produced_by: str) -> ExhibitReference:
    """Return the next reference of a person among the exhibits of a crime and its linked crimes."""
    # By how the crimes are linked now, and not by `case_key`, which says how they were.
    in_case = Q(crime__group_id=crime.group_id) if crime.group_id else Q(crime=crime)
    exhibits = list(Exhibit.objects.filter(in_case).order_by("exhibited_at", "id"))
    blocks = list(ExhibitBlock.objects.filter(force=crime.force).order_by("leased_at", "id"))
    producer_key = to_producer_key(produced_by)
    # Crimes that were linked later may both have an AB: the earlier exhibit keeps the initials.
    taken: dict[str, str] = {}
    for exhibit in exhibits:
        taken.setdefault(exhibit.initials, exhibit.producer_key)
    # An officer's phone may give these any moment, in this case too: nobody else gets them.
    for block in blocks:
        taken.setdefault(block.initials, block.producer_key)
    initials = initials_unique_in_case(produced_by, producer_key=producer_key, taken=taken)
    serials = [exhibit.serial for exhibit in exhibits if exhibit.initials == initials]
    # The highest and not the count: crimes that were linked later may have a serial twice.
    serial = max((one for one in serials if one < FIRST_PHONE_SERIAL), default=0) + 1
    if serial >= FIRST_PHONE_SERIAL:
        leased = [block.last for block in blocks if block.initials == initials]
        serial = max(*serials, *leased, serial - 1) + 1
    return ExhibitReference(initials=initials, serial=serial, producer_key=producer_key)
