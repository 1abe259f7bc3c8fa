"""Link crimes, add items to one, and what the investigation moves on. The last three are for inside
a command.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from bluelamp.casework.crimes.models import Crime, CrimeGroup, CrimeItem
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.casework.crimes.rules import CrimeState, crime_keys
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.records.people.queries import objects_of, people_of
from bluelamp.records.people.rules import fits


@command(may="crime.link", act="crime.linked", category=Category.COMBINATION)
def link_crimes(*, actor: Actor, at: datetime, numbers: Sequence[str], why: str) -> None:
    """Say that crimes belong together, with the reason; those linked to either before come along.

    Raises NotFound for a number that is not this force's, Refused for fewer than two or without a
    reason.
    """
    said = fits(why, limit=2000, field="why", what="The reason")
    if not said:
        raise Refused("Say why the crimes belong together.", field="why")
    crimes = {
        crime.id: crime
        for crime in (find_crime(force=actor.force, number=each) for each in numbers)
    }
    if len(crimes) < 2:
        raise Refused("Choose two crimes or more.", field="numbers")
    join(actor=actor, at=at, crimes=list(crimes.values()), why=said)
    for crime in crimes.values():
        record_act(
            crime,
            ref=str(crime.number),
            detail={"with": [str(each.number) for each in crimes.values()]},
        )


@command(may="evidence.take_in", act="crime.item_added", category=Category.COLLECTION)
def add_item(*, actor: Actor, at: datetime, crime_id: UUID, item_id: UUID) -> None:
    """Say that an item belongs to a crime; its bytes may come later. Twice is once. Raises
    NotFound.
    """
    crime = Crime.objects.select_related("number").filter(id=crime_id, force=actor.force).first()
    if crime is None:
        raise NotFound("There is no such crime.")
    CrimeItem.objects.bulk_create(
        [CrimeItem(crime=crime, item_id=item_id, added_at=at)], ignore_conflicts=True
    )
    record_act(crime, ref=str(crime.number), detail={"item": str(item_id)})


def join(*, actor: Actor, at: datetime, crimes: Sequence[Crime], why: str) -> None:
    """Put crimes into one group, inside a command. Groups that they were in become one, with every
    reason kept.
    """
    hold_links(force=actor.force)
    ids = [crime.id for crime in crimes]
    groups = list(CrimeGroup.objects.filter(crimes__in=ids).distinct().order_by("id"))
    if groups:
        group = groups[0]
        group.why = "\n".join([*(each.why for each in groups), why])
        group.save(update_fields=["why"])
    else:
        group = CrimeGroup.objects.create(
            force=actor.force, why=why, linked_at=at, linked_by=actor.id
        )
    Crime.objects.filter(group__in=groups[1:]).update(group=group)
    Crime.objects.filter(id__in=ids).update(group=group)
    for crime in crimes:
        crime.group = group


def hold_links(*, force: str) -> None:
    """Hold, until the transaction ends, which of a force's crimes belong together and what exhibits
    they have.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"bluelamp:crime-links:{force}"],
        )


def refresh_keys(*, crime: Crime) -> None:
    """Work out again the words a crime is found by, inside a command that changed what they come
    from.
    """
    place = crime.location
    things = objects_of(subject_id=crime.id)
    crime.keys = crime_keys(
        number=str(crime.number),
        offence=(crime.offence_title, crime.offence_code, crime.hocr_class),
        names=[each.person.name for each in people_of(subject_id=crime.id)],
        things=[f"{each.vrm} {each.description} {each.identifier}" for each in things],
        address=place.address if place else "",
        postcode=place.postcode if place else "",
    )
    crime.save(update_fields=["keys"])


def put_in_hand(*, crime: Crime, officer_id: UUID) -> None:
    """Give a crime its officer in the case, inside a command of the investigation."""
    crime.officer_in_case_id = officer_id
    if crime.state == CrimeState.RECORDED:
        crime.state = CrimeState.INVESTIGATING
    crime.save(update_fields=["officer_in_case_id", "state"])


def mark_charged(*, crime: Crime) -> None:
    """Say that somebody was charged with a crime, inside a command of the investigation."""
    crime.state = CrimeState.CHARGED
    crime.save(update_fields=["state"])
