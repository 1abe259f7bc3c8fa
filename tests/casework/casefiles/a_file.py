"""A real case on record, made by the commands of the story: a crime with a photo, a statement, a
charge.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from bluelamp.casework.crimes.commands import add_item, lease_numbers, record_at_scene
from bluelamp.casework.investigations.commands import (
    allocate,
    charge,
    exhibit_item,
    name_suspect,
    take_statement,
)
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.commands import take_in
from bluelamp.records.people.rules import PersonDetails, PlaceDetails
from tests.casework.scenes import AT, DAMAGE, capture, statement
from tests.media_samples import heic_with_gps, rotated_jpeg_with_gps

DEVICE = UUID(int=77)


def a_crime(ada: Actor, *, device_id: UUID = DEVICE, photos: int = 1) -> str:
    """Record a crime at the scene with a statement that produces its photos; returns its number."""
    lease = lease_numbers(actor=ada, at=AT, device_id=device_id, want=1)[0]
    scene = capture(number=lease.numbers[0], lease_id=lease.lease_id, device_id=device_id)
    number = record_at_scene(actor=ada, at=AT, capture=scene, sha256="a1" * 32).number
    for name, content in (
        ("IMG_0001.jpg", rotated_jpeg_with_gps()),
        ("IMG_0002.HEIC", heic_with_gps()),
    )[:photos]:
        item = take_in(
            actor=ada, at=AT, purpose=f"crime:{scene.crime_id}", filename=name, source=content,
        )  # fmt: skip
        add_item(actor=ada, at=AT, crime_id=scene.crime_id, item_id=item.id)
    text = "I found the mirror on the road. I produce a photograph as exhibit AB/1."
    said = replace(statement(crime_id=scene.crime_id, person_id=scene.victim_id), text=text)
    take_statement(actor=ada, at=AT, capture=said, sha256="b2" * 32)
    return number


def a_charge(bilal: Actor, ada: Actor, number: str) -> UUID:
    """Name a suspect, give the photos their references, and charge; returns the suspect's id."""
    from bluelamp.casework.crimes.queries import view_crime

    allocate(actor=bilal, at=AT, number=number, officer_id=bilal.id)
    for item_id in view_crime(actor=bilal, at=AT, number=number).item_ids:
        exhibit_item(
            actor=bilal, at=AT, number=number, item_id=item_id, description="Photograph of a broken wing mirror",
            produced_by="Ada Bello",
        )  # fmt: skip
    home = PlaceDetails(address="3A Quay Road, London", postcode="SE16 4XX")
    suspect = PersonDetails(
        given_name="Jordan Lee", family_name="O'Neill", born_on=date(1996, 11, 20), address=home
    )
    person_id = name_suspect(actor=bilal, at=AT, number=number, details=suspect)
    charge(
        actor=bilal, at=AT, number=number, suspect_person_id=person_id, offence_code=DAMAGE,
        wording="On 3 March 2026 at London without lawful excuse damaged a wing mirror.", charged_on=date(2026, 3, 3),
        court_ou_code="B01IX00", hearing_on=date(2026, 3, 20),
    )  # fmt: skip
    return person_id
