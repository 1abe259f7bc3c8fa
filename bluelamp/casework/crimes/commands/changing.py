"""Change a crime inside a command of a later stage: its search keys, officer and state."""

from collections.abc import Iterable
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.rules import CrimeState
from bluelamp.casework.crimes.search_keys import build_search_keys
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.lookups import list_linked_objects, list_linked_people


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
