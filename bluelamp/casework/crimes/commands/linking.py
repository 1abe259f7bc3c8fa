"""Link crimes into groups, and change a crime on behalf of a later stage."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.models import Crime, CrimeGroup
from bluelamp.casework.crimes.rules import CrimeState, build_search_keys
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.lookups import list_linked_objects, list_linked_people

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


def search_keys(crime: Crime, *, names: Iterable[str], objects: Iterable[str]) -> list[str]:
    """Return the words a crime is found by.

    Args:
        crime: The crime, with its number, classification and location.
        names: The names of its people.
        objects: Registration, description and identifier of each of its objects.
    """
    location = crime.location
    return build_search_keys(
        number=str(crime.number),
        offence=(crime.offence_title, crime.offence_code, crime.hocr_class),
        names=names,
        objects=objects,
        address=location.address if location else "",
        postcode=location.postcode if location else "",
    )


def rebuild_search_keys(*, actor: Actor, crime: Crime) -> None:
    """Build and save the words a crime is found by, inside a command that changed what they come
    from.

    Call it once, after the last change: it reads the crime's people and objects.
    """
    people = list_linked_people(actor=actor, subject_id=crime.id)
    objects = list_linked_objects(actor=actor, subject_id=crime.id)
    crime.search_keys = search_keys(
        crime,
        names=[linked.person.name for linked in people],
        objects=[f"{thing.vrm} {thing.description} {thing.identifier}" for thing in objects],
    )
    crime.save(update_fields=["search_keys"])


def assign_officer(*, crime: Crime, officer_id: UUID) -> None:
    """Make somebody the officer in the case, inside a command of the investigation."""
    crime.officer_in_case_id = officer_id
    # A crime that was charged stays so when another officer takes it over.
    if crime.state == CrimeState.RECORDED:
        crime.state = CrimeState.INVESTIGATING
    crime.save(update_fields=["officer_in_case", "state"])


def mark_charged(*, crime: Crime) -> None:
    """Mark that somebody was charged with a crime, inside a command of the investigation."""
    crime.state = CrimeState.CHARGED
    crime.save(update_fields=["state"])
