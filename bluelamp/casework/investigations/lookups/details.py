"""What lookups of an investigation return."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from bluelamp.casework.crimes.lookups import CorrectedTime, CrimeDetail
from bluelamp.casework.investigations.lookups.actions import ActionDetail
from bluelamp.casework.investigations.models import (
    Charge,
    Exhibit,
    InvestigationEntry,
    SceneExhibit,
    Statement,
    StatementBack,
)
from bluelamp.casework.investigations.rules import Signature
from bluelamp.foundation.kernel.device_clock import ClockRecord, TimeProblem, find_time_problem
from bluelamp.records.people.lookups import LocationDetail, PersonDetail, to_location_detail
from bluelamp.records.people.rules import LinkRole


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEntryDetail:
    """A line of the investigation log.

    `about_id` is the statement, exhibit, charge or person that it is about.
    """

    id: UUID
    at: datetime
    kind: str
    text: str
    by_name: str
    device_at: datetime | None
    about_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementDetail:
    """The front of a statement, as it was signed."""

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
    original_language: str
    original_text: str
    interpreter_name: str
    signature: Signature
    officer_signature: Signature | None
    signed_at: datetime
    taken_by: UUID | None
    taken_by_name: str
    taken_at_place: str
    device_at: datetime | None
    received_at: datetime
    capture_sha256: str
    corrects: UUID | None
    device_clock: ClockRecord
    crime_began_at: datetime | None
    corrected_times: tuple[CorrectedTime, ...] = ()

    @property
    def true_signed_at(self) -> datetime:
        """Return when it was signed: as it was corrected last, else as the phone gave it.

        A statement must be dated rightly to be served (Criminal Justice Act 1967, section 9).
        """
        return self.corrected_times[-1].after_at if self.corrected_times else self.signed_at

    @property
    def time_problem(self) -> TimeProblem | None:
        """Return why it can't have been signed then, or None."""
        return find_time_problem(
            self.true_signed_at, at=self.received_at, earliest=self.crime_began_at
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementBackDetail:
    """The back of a statement: for police and prosecutor only."""

    statement_id: UUID
    address: LocationDetail | None
    phone: str
    email: str
    dates_not_available: str
    is_willing_to_attend: bool
    needs_special_measures: bool
    vps: str
    ensure_attendance: str
    particular_needs: str
    guardian_name: str
    guardian_contact: str
    is_vps_leaflet_given: bool | None
    consents_to_medical_records: bool | None
    consents_to_defence: bool | None
    consents_to_civil_proceedings: bool | None
    consents_to_support: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExhibitDetail:
    """An item with its exhibit reference, such as AB/1."""

    id: UUID
    reference: str
    item_id: UUID
    crime_number: str
    description: str
    produced_by: str
    seal_number: str
    exhibited_at: datetime
    exhibited_by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncedExhibit:
    """A reference that an officer gave at the scene. Its file has not arrived yet."""

    reference: str
    description: str
    seal_number: str
    officer_name: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ChargeDetail:
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
class InvestigationDetail:
    """A crime with everything found out about it. `timeline` is the log, the oldest line first."""

    crime: CrimeDetail
    timeline: tuple[LogEntryDetail, ...]
    statements: tuple[StatementDetail, ...]
    exhibits: tuple[ExhibitDetail, ...]
    announced_exhibits: tuple[AnnouncedExhibit, ...]
    charges: tuple[ChargeDetail, ...]
    actions: tuple[ActionDetail, ...] = ()

    @property
    def suspects(self) -> tuple[PersonDetail, ...]:
        """Return everyone named as a suspect."""
        return self.crime.people_with_role(LinkRole.SUSPECT)


def to_log_entry_detail(entry: InvestigationEntry) -> LogEntryDetail:
    """Return a line of the log, as lookups show it."""
    return LogEntryDetail(
        id=entry.id,
        at=entry.at,
        kind=entry.kind,
        text=entry.text,
        by_name=entry.by_name,
        device_at=entry.device_at,
        about_id=entry.about_id,
    )


def to_statement_detail(
    statement: Statement, corrected_times: tuple[CorrectedTime, ...] = ()
) -> StatementDetail:
    """Return the front of a statement, as lookups show it, with the corrections of its time."""
    return StatementDetail(
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
        original_language=statement.original_language,
        original_text=statement.original_text,
        interpreter_name=statement.interpreter_name,
        signature=statement.signature,
        officer_signature=statement.officer_signature,
        signed_at=statement.signed_at,
        taken_by=statement.taken_by_id,
        taken_by_name=statement.taken_by_name,
        taken_at_place=statement.taken_at_place,
        device_at=statement.device_at,
        received_at=statement.received_at,
        capture_sha256=statement.capture_sha256,
        corrects=statement.corrects_id,
        device_clock=statement.device_clock,
        crime_began_at=statement.crime.occurred_from,
        corrected_times=corrected_times,
    )


def to_statement_back_detail(back: StatementBack) -> StatementBackDetail:
    """Return the back of a statement, as lookups show it."""
    return StatementBackDetail(
        statement_id=back.statement_id,
        address=to_location_detail(back.address),
        phone=back.phone,
        email=back.email,
        dates_not_available=back.dates_not_available,
        is_willing_to_attend=back.is_willing_to_attend,
        needs_special_measures=back.needs_special_measures,
        vps=back.vps,
        ensure_attendance=back.ensure_attendance,
        particular_needs=back.particular_needs,
        guardian_name=back.guardian_name,
        guardian_contact=back.guardian_contact,
        is_vps_leaflet_given=back.is_vps_leaflet_given,
        consents_to_medical_records=back.consents_to_medical_records,
        consents_to_defence=back.consents_to_defence,
        consents_to_civil_proceedings=back.consents_to_civil_proceedings,
        consents_to_support=back.consents_to_support,
    )


def to_announced_exhibit(exhibit: SceneExhibit) -> AnnouncedExhibit:
    """Return a reference that was given at the scene, as lookups show it."""
    return AnnouncedExhibit(
        reference=exhibit.reference,
        description=exhibit.description,
        seal_number=exhibit.seal_number,
        officer_name=exhibit.officer_name,
        given_at=exhibit.given_at,
    )


def to_exhibit_detail(exhibit: Exhibit) -> ExhibitDetail:
    """Return an exhibit, as lookups show it."""
    return ExhibitDetail(
        id=exhibit.id,
        reference=exhibit.reference,
        item_id=exhibit.item_id,
        crime_number=str(exhibit.crime.number),
        description=exhibit.description,
        produced_by=exhibit.produced_by,
        seal_number=exhibit.seal_number,
        exhibited_at=exhibit.exhibited_at,
        exhibited_by_name=exhibit.exhibited_by_name,
    )


def to_charge_detail(charge: Charge) -> ChargeDetail:
    """Return a charge with its hearing, as lookups show it."""
    return ChargeDetail(
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
