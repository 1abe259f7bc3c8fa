"""Look up what is due to the victims of crimes, and what was done of it."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.investigations.models import Charge
from bluelamp.casework.victims.models import VictimContact
from bluelamp.casework.victims.rules import (
    ContactTrigger,
    DueContact,
    EnhancedReason,
    find_enhanced_reasons,
    list_due_contacts,
)
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.notifications.lookups import count_sent, list_message_days
from bluelamp.records.people.lookups import PersonDetail, list_people_by_subject
from bluelamp.records.people.rules import LinkRole, SafeContact
from bluelamp.records.reference.rules import format_crime_number

# As many as a phone lists.
_LISTED_CRIMES = 50
_EDITION_DIGITS = 12
# The template of the written confirmation (Right 3).
_CONFIRMATION = "crime-recorded"


@dataclass(frozen=True, kw_only=True, slots=True)
class VictimDue:
    """What is due to one victim of one crime.

    `enhanced_reasons` are why they have Enhanced Rights. Of somebody who wants no contact at all
    nothing is due.
    """

    crime_id: UUID
    crime_number: str
    offence_title: str
    recorded_at: datetime
    victim: PersonDetail
    enhanced_reasons: tuple[EnhancedReason, ...]
    contacts: tuple[DueContact, ...]

    @property
    def open_contacts(self) -> tuple[DueContact, ...]:
        """Return those that were not made yet."""
        return tuple(contact for contact in self.contacts if contact.done_on is None)


@lookup(permission="investigation.view", act="victim.due_listed")
def list_own_due(*, actor: Actor, at: datetime) -> tuple[VictimDue, ...]:
    """Return what is due to the victims of the crimes that the actor deals with."""
    crimes = _own_crimes(actor).select_related("number", "report")[:_LISTED_CRIMES]
    found = _list_due(actor, list(crimes))
    record_act(None, detail={"numbers": sorted({row.crime_number for row in found})})
    return found


@lookup(permission="investigation.view", act="victim.due_viewed")
def list_due_of_crime(*, actor: Actor, at: datetime, number: str) -> tuple[VictimDue, ...]:
    """Return what is due to each victim of a crime of the actor's force. Raises NotFound."""
    crime = find_crime(actor=actor, number=number)
    record_act(crime, ref=str(crime.number))
    return _list_due(actor, [crime])


def own_due_edition(*, actor: Actor) -> str:
    """Return a text that changes when what `list_own_due` returns may have changed.

    It is no act on the record, because it says nothing about anybody.
    """
    if actor.id is None:
        return ""
    columns = ("id", "report__reference", "number__force", "number__serial", "number__year")
    crimes = list(_own_crimes(actor).values_list(*columns)[:_LISTED_CRIMES])
    if not crimes:
        return ""
    ids = [row[0] for row in crimes]
    stamps: list[object] = [
        rows.filter(crime_id__in=ids).count()
        for rows in (VictimContact.objects.all(), Charge.objects.all())
    ]
    references = [
        reference or format_crime_number(force=force, serial=serial, year=year)
        for _, reference, force, serial, year in crimes
    ]
    stamps.append(count_sent(force=actor.force, template=_CONFIRMATION, references=references))
    return hashlib.sha256(repr((crimes, stamps)).encode()).hexdigest()[:_EDITION_DIGITS]


def _own_crimes(actor: Actor) -> QuerySet[Crime]:
    """Return the crimes whose victims the actor answers to: whoever deals with one now."""
    if actor.id is None:
        return Crime.objects.none()
    # A crime that nobody was given yet is still with whoever recorded it.
    own = Q(officer_in_case=actor.id) | Q(officer_in_case=None, recorded_by=actor.id)
    return crime_policy.queryset(actor).filter(own).order_by("-recorded_at", "-id")


def _list_due(actor: Actor, crimes: Sequence[Crime]) -> tuple[VictimDue, ...]:
    ids = [crime.id for crime in crimes]
    victims = list_people_by_subject(actor=actor, subject_ids=ids, role=LinkRole.VICTIM)
    charges: dict[UUID, list[Charge]] = defaultdict(list)
    for charge in Charge.objects.filter(crime_id__in=ids):
        charges[charge.crime_id].append(charge)
    made: dict[tuple[UUID, UUID], list[tuple[ContactTrigger, date]]] = defaultdict(list)
    for row in VictimContact.objects.filter(crime_id__in=ids):
        about = ContactTrigger(row.trigger)
        made[row.crime_id, row.person_id].append((about, london_date(row.made_at)))
    written = list_message_days(
        actor=actor, template=_CONFIRMATION, references=[_reference_of(one) for one in crimes]
    )
    found = []
    for crime in crimes:
        for victim in victims.get(crime.id, ()):
            if victim.safe_contact == SafeContact.NEVER:
                continue
            reasons = find_enhanced_reasons(
                born_on=victim.born_on,
                offence_on=london_date(crime.occurred_from or crime.reported_at),
                answers=crime.answers,
            )
            messages = [
                (ContactTrigger.RECORDED, day) for day in written.get(_reference_of(crime), ())
            ]
            contacts = list_due_contacts(
                happened=_list_what_happened(crime, charges[crime.id]),
                made=[*made[crime.id, victim.id], *messages],
                is_enhanced=bool(reasons),
            )
            found.append(
                VictimDue(
                    crime_id=crime.id,
                    crime_number=str(crime.number),
                    offence_title=crime.offence_title,
                    recorded_at=crime.recorded_at,
                    victim=victim,
                    enhanced_reasons=reasons,
                    contacts=contacts,
                )
            )
    return tuple(found)


def _reference_of(crime: Crime) -> str:
    """Return what a message about the crime is about: the report, where it came from one."""
    return crime.report.reference if crime.report else str(crime.number)


def _list_what_happened(crime: Crime, charges: Sequence[Charge]) -> dict[ContactTrigger, date]:
    """Return the day of each thing that the victims are told of; of several, the last."""
    happened = {
        ContactTrigger.RECORDED: london_date(crime.recorded_at),
        # Right 4 counts from the report.
        ContactTrigger.NEEDS: london_date(crime.reported_at),
    }
    if arrests := [charge.arrested_on for charge in charges if charge.arrested_on]:
        happened[ContactTrigger.ARRESTED] = max(arrests)
    if charges:
        happened[ContactTrigger.CHARGED] = max(charge.charged_on for charge in charges)
    return happened
