"""Many crimes: by words and filters, by place, by officer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.queries.viewing import find_crime
from bluelamp.casework.crimes.rules import distance_m, search_terms
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.records.people.queries import names_by_subject
from bluelamp.records.people.rules import LinkRole, searchable, sounds_like

PAGE = 25
MOST_NEARBY = 50
ORDERS = {"newest": ("-recorded_at", "-id"), "oldest": ("recorded_at", "id")}


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeRow:
    """A crime in a list. `victims` are as they are said; `victim_id` is the first of them, None
    where that is not a person.
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
    victims: tuple[str, ...]
    victim_id: UUID | None
    recorded_at: datetime
    officer_in_case_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimePage:
    """A page of a search; `total` counts all pages' rows, `page` starts at 1."""

    rows: tuple[CrimeRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NearCrime:
    """Another crime close by, and why it is shown. `metres` and the grid reference are None where
    not known.
    """

    id: UUID
    number: str
    offence_title: str
    state: str
    recorded_at: datetime
    place: str
    why: str
    metres: int | None
    easting: int | None
    northing: int | None
    is_linked: bool


@lookup(may="crime.search", act="crime.searched")
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
    limit: int = PAGE,
) -> CrimePage:
    """Return a page of the force's crimes, `limit` to the page, that answer every word typed.

    Words may be begun only: numbers, names (which may only sound right), streets, postcodes,
    registrations, offences. `offence` is a code or a class; `from_` and `to` are days in London on
    which a crime was recorded, both included.
    """
    q, offence = searchable(q), searchable(offence)
    found = Crime.objects.filter(force=actor.force)
    if offence:
        found = found.filter(
            Q(offence_code__iexact=offence) | Q(hocr_class__iexact=offence) | Q(ho_code=offence)
        )
    if from_:
        found = found.filter(recorded_at__gte=datetime.combine(from_, time(), LONDON))
    if to:
        found = found.filter(
            recorded_at__lt=datetime.combine(to, time(), LONDON) + timedelta(days=1)
        )
    if state:
        found = found.filter(state=searchable(state))
    if terms := _query(search_terms(q)):
        found = found.filter(_answers(terms))
    total = found.count()
    pages = max(1, -(-total // limit))
    page = min(max(1, page), pages)
    rows = _rows(
        found.order_by(*ORDERS.get(order, ORDERS["newest"]))[(page - 1) * limit : page * limit]
    )
    record_act(
        None, ref=q, detail={"numbers": [row.number for row in rows], "total": total, "page": page}
    )
    return CrimePage(rows=rows, total=total, page=page, pages=pages)


@lookup(may="crime.view", act="crime.nearby_viewed")
def nearby(*, actor: Actor, at: datetime, number: str, metres: int = 150) -> tuple[NearCrime, ...]:
    """Return the force's other crimes at the same address or postcode, or within some metres, the
    nearest first.

    Raises NotFound.
    """
    crime = find_crime(force=actor.force, number=number)
    record_act(crime, ref=str(crime.number), detail={"metres": metres})
    place = crime.location
    if place is None:
        return ()
    close = Q(location=place)
    if place.postcode:
        close |= Q(location__postcode=place.postcode)
    if place.easting is not None and place.northing is not None:
        close |= Q(
            location__easting__range=(place.easting - metres, place.easting + metres),
            location__northing__range=(place.northing - metres, place.northing + metres),
        )
    others = (
        Crime.objects.filter(close, force=actor.force).exclude(id=crime.id).order_by("-recorded_at")
    )
    shown = others.select_related("number", "location").only(
        *_SHOWN, "group_id", "location__easting", "location__northing"
    )
    near = [_near(crime, each) for each in shown[: 4 * MOST_NEARBY]]
    kept = [
        each
        for each in near
        if each.why in {"same address", "same postcode"} or (each.metres or 0) <= metres
    ]
    order = {"same address": 0}
    kept.sort(
        key=lambda each: (
            order.get(each.why, 1),
            each.metres if each.metres is not None else metres,
            each.number,
        )
    )
    return tuple(kept[:MOST_NEARBY])


@lookup(may="crime.view", act="crime.own_viewed")
def crimes_of(
    *, actor: Actor, at: datetime, limit: int = 50, is_in_case: bool = False
) -> tuple[CrimeRow, ...]:
    """Return the crimes that the actor recorded or is the officer in the case of, the newest first.

    With `is_in_case` only the latter.
    """
    whose = (
        Q(officer_in_case_id=actor.id)
        if is_in_case
        else Q(recorded_by=actor.id) | Q(officer_in_case_id=actor.id)
    )
    found = Crime.objects.filter(whose, force=actor.force)
    rows = (
        _rows(found.order_by("-recorded_at", "-id")[: min(max(1, limit), 200)]) if actor.id else ()
    )
    record_act(None, detail={"numbers": [row.number for row in rows]})
    return rows


def _query(terms: Iterable[tuple[str, bool]]) -> str:
    """Return the terms as a tsquery: each begins a key, or is a name that sounds like one."""
    parts = []
    for word, may_sound in terms:
        quoted = word.replace("\\", "\\\\").replace("'", "''")
        sound = sounds_like(word) if may_sound and len(word) > 3 else ""
        parts.append(f"('{quoted}':* | '~{sound}')" if sound else f"'{quoted}':*")
    return " & ".join(parts)


def _answers(query: str) -> Func:
    keys = Func(F("keys"), function="array_to_tsvector")
    return Func(
        keys,
        Value(query),
        template="(%(expressions)s::tsquery)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


_SHOWN = (
    *(
        "number__force",
        "number__year",
        "number__serial",
        "state",
        "recorded_at",
        "officer_in_case_id",
    ),
    "is_against_the_state",
    *("offence_code", "offence_title", "hocr_class"),
    *("location__address", "location__postcode", "location__latitude", "location__longitude"),
)


def _rows(found: QuerySet[Crime]) -> tuple[CrimeRow, ...]:
    crimes = list(found.select_related("number", "location").only(*_SHOWN))
    victims = names_by_subject(subject_ids=[crime.id for crime in crimes], role=LinkRole.VICTIM)
    return tuple(
        CrimeRow(
            id=crime.id,
            number=str(crime.number),
            offence_code=crime.offence_code,
            offence_title=crime.offence_title,
            hocr_class=crime.hocr_class,
            state=crime.state,
            place=crime.location.in_one_line if crime.location else "",
            postcode=crime.location.postcode if crime.location else "",
            latitude=crime.location.latitude if crime.location else None,
            longitude=crime.location.longitude if crime.location else None,
            victims=tuple(each.name for each in victims.get(crime.id, ()))
            or (("The State",) if crime.is_against_the_state else ()),
            victim_id=next(
                (each.id for each in victims.get(crime.id, ()) if not each.is_business), None
            ),
            recorded_at=crime.recorded_at,
            officer_in_case_id=crime.officer_in_case_id,
        )
        for crime in crimes
    )


def _near(crime: Crime, other: Crime) -> NearCrime:
    here, there = crime.location, other.location
    assert here is not None
    assert there is not None
    metres = None
    if None not in (here.easting, here.northing, there.easting, there.northing):
        metres = distance_m(
            (here.easting or 0, here.northing or 0), (there.easting or 0, there.northing or 0)
        )
    if here.id == there.id:
        why = "same address"
    elif here.postcode and here.postcode == there.postcode:
        why = "same postcode"
    else:
        why = f"{metres} metres away"
    return NearCrime(
        id=other.id,
        number=str(other.number),
        offence_title=other.offence_title,
        state=other.state,
        recorded_at=other.recorded_at,
        place=there.in_one_line,
        why=why,
        metres=metres,
        easting=there.easting,
        northing=there.northing,
        is_linked=crime.group_id is not None and crime.group_id == other.group_id,
    )
