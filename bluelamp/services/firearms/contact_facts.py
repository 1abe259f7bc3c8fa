"""Whose an applicant's address is, and what only they told us: for codes to it.

Nothing here checks a permission or records an act: commands and lookups do.
"""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.forms.lookups import find_draft_of_anybody
from bluelamp.foundation.forms.rules import list_facts, read_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.notifications.confirmed_addresses import PERSON, AddressOwner
from bluelamp.records.people.contact_facts import ContactFacts, to_contact_facts
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models import Application, Certificate, SavedApplication
from bluelamp.services.firearms.rules.saved import HELD, SAVED
from bluelamp.services.firearms.rules.submitting import read_applicant


def owner_of_address(purpose: str, subject_id: UUID) -> AddressOwner:
    """Return whose the address is that a code for something is sent to."""
    person_id = _person_id(purpose, subject_id)
    # An application that is not sent yet names nobody, unless its holder began it.
    return AddressOwner(PERSON, person_id) if person_id else AddressOwner(SAVED, subject_id)


def read_contact_facts(
    purpose: str, subject_id: UUID, *, actor: Actor, at: datetime
) -> ContactFacts:
    """Return what only the applicant or the holder told us."""
    if person_id := _person_id(purpose, subject_id):
        person = Person.objects.select_related("address").get(id=person_id)
        return to_contact_facts(to_person_detail(person))
    saved = SavedApplication.objects.filter(id=subject_id).first()
    draft = find_draft_of_anybody(actor=actor, draft_id=saved.draft_id) if saved else None
    if draft is None:
        return ContactFacts()
    values = read_answers(draft.question_set, draft.texts, at=at).all_values
    applicant = read_applicant(list_facts(draft.question_set, values, today=london_date(at)))
    return ContactFacts(
        given_name=applicant.given_name,
        family_name=applicant.family_name,
        details=tuple(
            text
            for text in (
                applicant.address.postcode if applicant.address else "",
                applicant.born_on.isoformat() if applicant.born_on else "",
            )
            if text
        ),
    )


def _person_id(purpose: str, subject_id: UUID) -> UUID | None:
    if purpose == SAVED:
        rows = SavedApplication.objects.filter(id=subject_id)
        return rows.values_list("holder_id", flat=True).first()
    if purpose == HELD:
        rows_of_holder = Certificate.objects.filter(id=subject_id)
        return rows_of_holder.values_list("holder_id", flat=True).first()
    return Application.objects.values_list("applicant_id", flat=True).filter(id=subject_id).first()
