"""Look up many crimes: by words and filters, by place, by officer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from bluelamp.casework.crimes.lookups.viewing import (
    CrimeDetail,
    find_crime,
    to_crime_detail,
)
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.crimes.rules import (
    NearbyReason,
    VictimKind,
    distance_metres,
)
from bluelamp.casework.crimes.search_keys import parse_search_terms
from bluelamp.casework.reports.lookups import AnswerText, list_answers_by_report
from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.contact import normalise_phone
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, count_pages
from bluelamp.foundation.kernel.text import clean_query
from bluelamp.records.people.lookups import (
    LinkedName,
    list_names_by_subject,
    list_people_by_subject,
)
from bluelamp.records.people.models import Location
from bluelamp.records.people.rules import LinkRole, phonetic_key

PAGE_SIZE = 25
MAX_OWN_CRIMES = 200
MAX_NEARBY_CRIMES = 50
# Each candidate's exact distance is worked out here, in Python.
MAX_NEARBY_CANDIDATES = 200
ORDERS = {"newest": ("-recorded_at", "-id"), "oldest": ("recorded_at", "id")}
# Soundex of three letters or fewer matches far too much.
MIN_LENGTH_FOR_SOUND = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeRow:
    """A crime in a list.

    `victims` are names, and empty for a crime against the State. `victim_id` is the first victim
    that is a person. `report_answers` are the answers of the report it was recorded from that
    have no field of their own, and `number_keys` the plates, serial and telephone numbers that the
    crime is found by; both only where the lookup says that it reads them.
    """

    id: UUID
    number: str
    offence_code: str
    offence_title: str
    hocr_class: str
    state: str
    place: str
    postcode: str
    latitude: float | None
    longitude: float | None
    victim_kind: VictimKind
    victims: tuple[str, ...]
    victim_id: UUID | None
    recorded_at: datetime
    officer_in_case_id: UUID | None
    report_answers: tuple[AnswerText, ...] = ()
    number_keys: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimePage(ListPage):
    """A page of a search; `total` counts the rows of all pages, `page` starts at 1."""

    rows: tuple[CrimeRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NearbyCrime:
    """Another crime close by, and why it is shown.

    `metres`, `easting` and `northing` are None where a position is not known.
    """

    id: UUID
    number: str
    offence_title: str
    state: str
    recorded_at: datetime
    place: str
    reason: NearbyReason
    metres: int | None
    easting: int | None
    northing: int | None
    is_linked: bool


@lookup(permission="crime.search", act="crime.searched")
def search_crimes(
    *,
    actor: Actor,
    at: datetime,
    q: str = "",
    offence: str = "",
    from_: date | None = None,
    to: date | None = None,
    state: str = "",
    page: int = 1,
    order: str = "newest",
    limit: int = PAGE_SIZE,
) -> CrimePage:
    """Return a page of the force's crimes that match every word and filter.

    Args:
        q: Words, or beginnings of words: numbers, names (which may only sound alike), streets,
            postcodes, registrations, offences.
        offence: An offence code or a class.
        from_: The first day in London on which a crime was recorded.
        to: The last such day.
        state: A `CrimeState`.
        page: The page, from 1; one after the last is the last.
        order: A key of `ORDERS`; any other means the newest first.
        limit: The most rows of a page.
    """
    q, offence = clean_query(q), clean_query(offence)
    crimes = crime_policy.queryset(actor)
    if offence:
        crimes = crimes.filter(
            # People type whichever of the three codes they know. Home Office codes (149/00) have no
            # letters.
            Q(offence_code__iexact=offence) | Q(hocr_class__iexact=offence) | Q(ho_code=offence)
        )
    if from_:
        crimes = crimes.filter(recorded_at__gte=_start_of_day(from_))
    if to:
        # Below the next midnight, so that the last second of the day counts too.
        crimes = crimes.filter(recorded_at__lt=_start_of_day(to) + timedelta(days=1))
    if state:
        crimes = crimes.filter(state=clean_query(state))
    if query := _to_tsquery(parse_search_terms(q)):
        crimes = crimes.filter(_matches_keys(query))
    elif q:
        crimes = crimes.none()  # signs alone, such as %, have no terms
    total = crimes.count()
    page, pages = choose_page(page, total=total, size=limit)
    crimes = crimes.order_by(*ORDERS.get(order, ORDERS["newest"]))
    rows = _to_crime_rows(actor, crimes[(page - 1) * limit : page * limit])
    record_act(
        None, ref=q, detail={"numbers": [row.number for row in rows], "total": total, "page": page}
    )
    return CrimePage(rows=rows, total=total, page=page, pages=pages)


@lookup(permission="crime.view", act="crime.viewed")
def get_crime_with_nearby(
    *, actor: Actor, at: datetime, number: str
) -> tuple[CrimeDetail, tuple[NearbyCrime, ...]]:
    """Return a crime and those nearby: one audit entry for a page that shows both.

    Raises NotFound.
    """
    crime = find_crime(actor=actor, number=number)
    nearby = list_nearby_crimes(actor=actor, crime=crime)
    record_act(crime, ref=str(crime.number), detail={"nearby": [other.number for other in nearby]})
    return to_crime_detail(actor=actor, crime=crime), nearby


@read_within_act
def list_nearby_crimes(*, actor: Actor, crime: Crime, metres: int = 150) -> tuple[NearbyCrime, ...]:
    """Return the force's other crimes at a crime's address or postcode, or within some metres.

    Those at the same address come first, then the nearest.
    """
    location = crime.location
    if location is None:
        return ()
    candidates = (
        crime_policy.queryset(actor)
        .filter(_near_condition(location, metres))
        .exclude(id=crime.id)
        # Where there are more than are read, the newest tell an officer most.
        .order_by("-recorded_at")
        .select_related("number", "location")
        .only(*_ROW_COLUMNS, "group_id", "location__easting", "location__northing")
    )
    # The box that the database looks in is larger than the circle, so more are read than shown.
    nearby = [
        _to_nearby_crime(crime, location, candidate)
        for candidate in candidates[:MAX_NEARBY_CANDIDATES]
    ]
    nearby = [
        other
        for other in nearby
        if other.reason != NearbyReason.WITHIN_METRES or (other.metres or 0) <= metres
    ]
    nearby.sort(
        key=lambda other: (
            other.reason != NearbyReason.SAME_ADDRESS,
            # Without a position, a crime at the same postcode goes to the end.
            metres if other.metres is None else other.metres,
            other.number,
        )
    )
    return tuple(nearby[:MAX_NEARBY_CRIMES])


@lookup(permission="crime.view", act="crime.own_viewed")
def list_my_crimes(*, actor: Actor, at: datetime, limit: int = 50) -> tuple[CrimeRow, ...]:
    """Return the crimes that the actor recorded or is the officer in the case of, newest first.

    They have their `report_answers` and `number_keys`.

    Args:
        limit: The most rows, 200 at most.
    """
    own = Q(officer_in_case=actor.id) | Q(recorded_by=actor.id)
    rows = _list_own_crimes(actor, own, page_size=limit).rows
    crimes = Crime.objects.filter(id__in=[row.id for row in rows])
    found = list(crimes.values_list("id", "report_id", "search_keys"))
    report_ids = {crime_id: report_id for crime_id, report_id, _ in found if report_id}
    victims = list_people_by_subject(
        actor=actor, subject_ids=[row.id for row in rows], role=LinkRole.VICTIM
    )
    keys = {
        crime_id: tuple(
            key
            for key in (
                *search_keys,
                *(normalise_phone(one.phone) for one in victims.get(crime_id, ())),
            )
            # A sound is written ~ABC. The crime's own number is a field.
            if any(map(str.isdigit, key)) and not key.startswith("~") and "/" not in key
        )
        for crime_id, _, search_keys in found
    }
    answers = list_answers_by_report(actor=actor, report_ids=set(report_ids.values()))
    by_crime = {crime_id: answers.get(report_id, ()) for crime_id, report_id in report_ids.items()}
    return tuple(
        replace(row, report_answers=by_crime.get(row.id, ()), number_keys=keys.get(row.id, ()))
        for row in rows
    )


@lookup(permission="crime.view", act="crime.own_viewed")
def list_my_investigations(*, actor: Actor, at: datetime, limit: int = PAGE_SIZE) -> CrimePage:
    """Return the first page of the crimes that the actor is the officer in the case of.

    Args:
        limit: The rows of the page, 200 at most. `total` counts them all.
    """
    return _list_own_crimes(actor, Q(officer_in_case=actor.id), page_size=limit)


def _list_own_crimes(actor: Actor, own: Q, *, page_size: int) -> CrimePage:
    rows: tuple[CrimeRow, ...] = ()
    total = 0
    page_size = min(max(1, page_size), MAX_OWN_CRIMES)
    # Work that the system records has no person's id, and must not be everybody's "own".
    if actor.id:
        crimes = crime_policy.queryset(actor).filter(own).order_by("-recorded_at", "-id")
        rows = _to_crime_rows(actor, crimes[:page_size])
        # Counting reads every row of theirs: not worth it where the page is not full.
        total = len(rows) if len(rows) < page_size else crimes.count()
    record_act(None, detail={"numbers": [row.number for row in rows]})
    return CrimePage(rows=rows, total=total, page=1, pages=count_pages(total, size=page_size))


def _start_of_day(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _to_tsquery(terms: Iterable[tuple[str, bool]]) -> str:
    """Return search terms as a tsquery: each begins a key, or sounds like one."""
    parts = []
    for word, may_sound in terms:
        # As PostgreSQL's tsquery quotes a lexeme. The text is a parameter, so this is about its
        # meaning and not about safety.
        quoted = word.replace("\\", "\\\\").replace("'", "''")
        is_long = len(word) >= MIN_LENGTH_FOR_SOUND
        sound = phonetic_key(word) if may_sound and is_long else ""
        parts.append(f"('{quoted}':* | '~{sound}')" if sound else f"'{quoted}':*")
    return " & ".join(parts)


def _matches_keys(query: str) -> Func:
    # Written like the expression of the index, or PostgreSQL doesn't use it.
    keys = Func(F("search_keys"), function="array_to_tsvector")
    return Func(
        keys,
        Value(query),
        template="(%(expressions)s::tsquery)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


_ROW_COLUMNS = (
    "number__force",
    "number__year",
    "number__serial",
    "state",
    "recorded_at",
    "officer_in_case_id",
    "is_against_the_state",
    "offence_code",
    "offence_title",
    "hocr_class",
    "location__address",
    "location__postcode",
    "location__latitude",
    "location__longitude",
)


def _to_crime_rows(actor: Actor, crimes: QuerySet[Crime]) -> tuple[CrimeRow, ...]:
    loaded = list(crimes.select_related("number", "location").only(*_ROW_COLUMNS))
    victims = list_names_by_subject(
        actor=actor, subject_ids=[crime.id for crime in loaded], role=LinkRole.VICTIM
    )
    return tuple(_to_crime_row(crime, victims.get(crime.id, [])) for crime in loaded)


def _to_crime_row(crime: Crime, victims: list[LinkedName]) -> CrimeRow:
    location = crime.location
    return CrimeRow(
        id=crime.id,
        number=str(crime.number),
        offence_code=crime.offence_code,
        offence_title=crime.offence_title,
        hocr_class=crime.hocr_class,
        state=crime.state,
        place=location.in_one_line if location else "",
        postcode=location.postcode if location else "",
        latitude=location.latitude if location else None,
        longitude=location.longitude if location else None,
        victim_kind=_victim_kind(crime, victims),
        victims=tuple(victim.name for victim in victims),
        victim_id=next((victim.id for victim in victims if not victim.is_business), None),
        recorded_at=crime.recorded_at,
        officer_in_case_id=crime.officer_in_case_id,
    )


def _victim_kind(crime: Crime, victims: list[LinkedName]) -> VictimKind:
    if victims:
        return VictimKind.BUSINESS if victims[0].is_business else VictimKind.PERSON
    return VictimKind.STATE if crime.is_against_the_state else VictimKind.NOT_KNOWN


def _near_condition(location: Location, metres: int) -> Q:
    near = Q(location=location)
    if location.postcode:
        near |= Q(location__postcode=location.postcode)
    # A square, for which an index can be used. The caller measures the circle.
    if location.easting is not None and location.northing is not None:
        near |= Q(
            location__easting__range=(location.easting - metres, location.easting + metres),
            location__northing__range=(location.northing - metres, location.northing + metres),
        )
    return near


def _to_nearby_crime(crime: Crime, location: Location, other: Crime) -> NearbyCrime:
    there = other.location
    assert there is not None, "_near_condition asks for a location"
    if location.id == there.id:
        reason = NearbyReason.SAME_ADDRESS
    elif location.postcode and location.postcode == there.postcode:
        reason = NearbyReason.SAME_POSTCODE
    else:
        reason = NearbyReason.WITHIN_METRES
    return NearbyCrime(
        id=other.id,
        number=str(other.number),
        offence_title=other.offence_title,
        state=other.state,
        recorded_at=other.recorded_at,
        place=there.in_one_line,
        reason=reason,
        metres=_distance_between(location, there),
        easting=there.easting,
        northing=there.northing,
        is_linked=crime.group_id is not None and crime.group_id == other.group_id,
    )


def _distance_between(a: Location, b: Location) -> int | None:
    if a.easting is None or a.northing is None or b.easting is None or b.northing is None:
        return None
    return distance_metres((a.easting, a.northing), (b.easting, b.northing))
