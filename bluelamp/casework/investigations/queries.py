"""Looking up an investigation: its log, statements, exhibits and charges; a statement's back by
itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.queries import CrimeView, crime_view, find_crime
from bluelamp.casework.investigations.models import (
    Charge,
    Exhibit,
    Statement,
    StatementBack,
)
from bluelamp.casework.investigations.rules import initials_in_case
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.people.queries import PersonView, PlaceView, place_view
from bluelamp.records.people.rules import LinkRole, fold, searchable


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryView:
    """A line of the investigation log; `about_id` is the statement, exhibit, charge or person it is
    about.
    """

    id: UUID
    at: datetime
    kind: str
    text: str
    by_name: str
    device_at: datetime | None
    about_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementView:
    """The front of a statement, as signed. `signature` is {width, height, strokes: [[{x, y,
    t}…]…]}.
    """

    id: UUID
    crime_number: str
    kind: str
    maker_id: UUID
    maker_name: str
    age: int | None
    occupation: str
    text: str
    text_sha256: str
    declaration: str
    pages: int | None
    is_read_over: bool
    signature: dict[str, Any]
    signed_at: datetime
    taken_by: UUID | None
    taken_by_name: str
    taken_at_place: str
    device_at: datetime | None
    received_at: datetime
    capture_sha256: str
    corrects: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementBackView:
    """The back of a statement: for police and prosecutor only."""

    statement_id: UUID
    address: PlaceView | None
    phone: str
    email: str
    dates_not_available: str
    is_willing_to_attend: bool
    needs_special_measures: bool
    vps: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ExhibitView:
    """An item with its exhibit reference, such as AB/1."""

    id: UUID
    reference: str
    item_id: UUID
    crime_number: str
    description: str
    produced_by: str
    exhibited_at: datetime
    exhibited_by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChargeView:
    """A charge and its first hearing; `hearing_starts` is London's local time."""

    id: UUID
    crime_number: str
    person_id: UUID
    person_name: str
    sequence: int
    offence_code: str
    offence_title: str
    wording: str
    charged_on: date
    arrested_on: date | None
    asn: str
    charged_by_name: str
    court_ou_code: str
    hearing_on: date
    hearing_starts: time


@dataclass(frozen=True, kw_only=True, slots=True)
class InvestigationView:
    """A crime with everything found out about it, the log oldest first."""

    crime: CrimeView
    timeline: tuple[EntryView, ...]
    statements: tuple[StatementView, ...]
    exhibits: tuple[ExhibitView, ...]
    charges: tuple[ChargeView, ...]

    @property
    def suspects(self) -> tuple[PersonView, ...]:
        """Return everyone named as a suspect."""
        return self.crime.with_role(LinkRole.SUSPECT)


@lookup(may="investigation.view", act="investigation.viewed")
def view_investigation(
    *, actor: Actor, at: datetime, number: str, why: str = ""
) -> InvestigationView:
    """Return the investigation of a crime of the actor's force. Raises NotFound."""
    crime = find_crime(force=actor.force, number=number)
    record_act(crime, ref=str(crime.number), detail={"why": searchable(why)} if why else {})
    return investigation_view(crime)


@lookup(may="investigation.view", act="statement.viewed")
def view_statement(
    *, actor: Actor, at: datetime, statement_id: UUID, why: str = ""
) -> StatementView:
    """Return the front of a statement. Raises NotFound."""
    statement = _statement(actor, statement_id)
    record_act(
        statement, ref=str(statement.crime.number), detail={"why": searchable(why)} if why else {}
    )
    return statement_view(statement)


@lookup(may="person.view", act="statement.back_viewed")
def view_statement_back(
    *, actor: Actor, at: datetime, statement_id: UUID, why: str = ""
) -> StatementBackView:
    """Return the back of a statement, which is never shown with its front. Raises NotFound."""
    statement = _statement(actor, statement_id)
    record_act(
        statement, ref=str(statement.crime.number), detail={"why": searchable(why)} if why else {}
    )
    return statement_back_view(statement.back)


def statement_back_of(*, statement_id: UUID) -> StatementBackView | None:
    """Return the back of a statement: for use inside a later stage's command, which records the
    act.
    """
    back = StatementBack.objects.select_related("address").filter(statement_id=statement_id).first()
    return statement_back_view(back) if back else None


def next_reference(*, force: str, number: str, produced_by: str) -> str:
    """Return the exhibit reference that a producer's next item gets, for a page to show before it
    is given.
    """
    initials, serial, _ = reference_in_case(
        find_crime(force=force, number=number), produced_by=produced_by
    )
    return f"{initials}/{serial}"


def reference_in_case(crime: Crime, *, produced_by: str) -> tuple[str, int, str]:
    """Return initials, number and producer key of the next reference among the exhibits of linked
    crimes.
    """
    case = Q(crime__group_id=crime.group_id) if crime.group_id else Q(crime=crime)
    earlier = list(Exhibit.objects.filter(case).order_by("exhibited_at", "id"))
    key = " ".join(fold(produced_by))[:200]
    taken: dict[str, str] = {}
    for each in earlier:
        taken.setdefault(each.initials, each.producer_key)
    initials = initials_in_case(produced_by, producer_key=key, taken=taken)
    return (
        initials,
        max((each.serial for each in earlier if each.initials == initials), default=0) + 1,
        key,
    )


def exhibits_of(*, crime_ids: Sequence[UUID]) -> tuple[ExhibitView, ...]:
    """Return the exhibits of several crimes, in the order of exhibiting, for a later stage's
    command or lookup.
    """
    found = Exhibit.objects.select_related("crime__number").filter(crime_id__in=crime_ids)
    return tuple(exhibit_view(each) for each in found.order_by("exhibited_at", "id"))


def investigation_view(crime: Crime) -> InvestigationView:
    """Return everything found out about a crime: for use inside a lookup or command that records
    it.
    """
    charges = crime.charges.select_related("person", "hearing").order_by("at", "id")
    return InvestigationView(
        crime=crime_view(crime),
        timeline=tuple(
            EntryView(
                id=each.id,
                at=each.at,
                kind=each.kind,
                text=each.text,
                by_name=each.by_name,
                device_at=each.device_at,
                about_id=each.about_id,
            )
            for each in crime.entries.order_by("at", "id")
        ),
        statements=tuple(
            statement_view(each) for each in crime.statements.order_by("signed_at", "id")
        ),
        exhibits=tuple(
            exhibit_view(each) for each in crime.exhibits.order_by("exhibited_at", "id")
        ),
        charges=tuple(charge_view(each) for each in charges),
    )


def _statement(actor: Actor, statement_id: UUID) -> Statement:
    statements = Statement.objects.select_related("crime__number", "back__address")
    found = statements.filter(id=statement_id, crime__force=actor.force).first()
    if found is None:
        raise NotFound("There is no such statement.")
    return found


def statement_view(statement: Statement) -> StatementView:
    """Return what is shown of a statement's front."""
    return StatementView(
        id=statement.id,
        crime_number=str(statement.crime.number),
        kind=statement.kind,
        maker_id=statement.maker_id,
        maker_name=statement.maker_name,
        age=statement.age,
        occupation=statement.occupation,
        text=statement.text,
        text_sha256=statement.text_sha256,
        declaration=statement.declaration,
        pages=statement.pages,
        is_read_over=statement.is_read_over,
        signature=statement.signature,
        signed_at=statement.signed_at,
        taken_by=statement.taken_by,
        taken_by_name=statement.taken_by_name,
        taken_at_place=statement.taken_at_place,
        device_at=statement.device_at,
        received_at=statement.received_at,
        capture_sha256=statement.capture_sha256,
        corrects=statement.corrects_id,
    )


def statement_back_view(back: StatementBack) -> StatementBackView:
    """Return what is shown of a statement's back."""
    return StatementBackView(
        statement_id=back.statement_id,
        address=place_view(back.address),
        phone=back.phone,
        email=back.email,
        dates_not_available=back.dates_not_available,
        is_willing_to_attend=back.is_willing_to_attend,
        needs_special_measures=back.needs_special_measures,
        vps=back.vps,
    )


def exhibit_view(exhibit: Exhibit) -> ExhibitView:
    """Return what is shown of an exhibit."""
    return ExhibitView(
        id=exhibit.id,
        reference=exhibit.reference,
        item_id=exhibit.item_id,
        crime_number=str(exhibit.crime.number),
        description=exhibit.description,
        produced_by=exhibit.produced_by,
        exhibited_at=exhibit.exhibited_at,
        exhibited_by_name=exhibit.exhibited_by_name,
    )


def charge_view(charge: Charge) -> ChargeView:
    """Return what is shown of a charge and its hearing."""
    return ChargeView(
        id=charge.id,
        crime_number=str(charge.crime.number),
        person_id=charge.person_id,
        person_name=charge.person.name,
        sequence=charge.sequence,
        offence_code=charge.offence_code,
        offence_title=charge.offence_title,
        wording=charge.wording,
        charged_on=charge.charged_on,
        arrested_on=charge.arrested_on,
        asn=charge.asn,
        charged_by_name=charge.charged_by_name,
        court_ou_code=charge.hearing.court_ou_code,
        hearing_on=charge.hearing.on,
        hearing_starts=charge.hearing.starts,
    )
