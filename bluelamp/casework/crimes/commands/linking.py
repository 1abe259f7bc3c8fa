"""Link crimes into groups."""

from collections.abc import Sequence
from datetime import datetime

from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.models import Crime, CrimeGroup
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text

_MAX_REASON_LENGTH = 2000


@command(permission="crime.link", act="crime.linked", category=Category.COMBINATION)
def link_crimes(*, actor: Actor, at: datetime, numbers: Sequence[str], reason: str) -> None:
    """Link crimes to each other. Crimes that any of them was already linked to are linked too.

    Raises:
        NotFound: A number is not of a crime in the actor's force.
        Refused: There is no reason, or fewer than two crimes.
    """
    reason = clean_text(
        reason, max_length=_MAX_REASON_LENGTH, field="reason", label="crimes.reason_label"
    )
    if not reason:
        raise Refused("crimes.link_reason_missing", field="reason")
    rows = [find_crime(actor=actor, number=number) for number in numbers]
    crimes = list({crime.id: crime for crime in rows}.values())  # a number may be there twice
    if len(crimes) < 2:
        raise Refused("crimes.too_few_to_link", field="numbers")
    merge_groups(actor=actor, at=at, crimes=crimes, reason=reason)
    linked_numbers = [str(crime.number) for crime in crimes]
    for crime in crimes:
        record_act(crime, ref=str(crime.number), detail={"with": linked_numbers})


def merge_groups(*, actor: Actor, at: datetime, crimes: Sequence[Crime], reason: str) -> None:
    """Put crimes into one group, inside a command.

    The groups that they were in become one, which keeps the reason of every link.
    """
    # Without the lock, two links made at once could leave crimes in two groups.
    lock_groups(force=actor.force)
    crime_ids = [crime.id for crime in crimes]
    groups = list(CrimeGroup.objects.filter(crimes__in=crime_ids).distinct().order_by("id"))
    if groups:
        # The oldest stays, because ids sort by when they were made.
        group = groups[0]
        group.reason = "\n".join([*(merged.reason for merged in groups), reason])
        group.save(update_fields=["reason"])
    else:
        group = CrimeGroup.objects.create(
            force=actor.force, reason=reason, linked_at=at, linked_by_id=actor.id
        )
    # The groups that this empties are not deleted: `case_key` of an exhibit may be the id of one.
    Crime.objects.filter(group__in=groups[1:]).update(group=group)
    Crime.objects.filter(id__in=crime_ids).update(group=group)
    for crime in crimes:
        # `update` changes rows and not the objects that the caller has.
        crime.group = group


def lock_groups(*, force: str) -> None:
    """Lock which of a force's crimes are linked, and their exhibit references, until the
    transaction ends.
    """
    # By name, because there may be no row yet to lock.
    lock_until_commit(f"bluelamp:crime-links:{force}")
