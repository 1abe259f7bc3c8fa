"""Look up an investigation, a statement, or the back of a statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.lookups import (
    NearbyCrime,
    find_crime,
    list_nearby_crimes,
    to_crime_detail,
)
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.lookups.details import (
    ExhibitDetail,
    InvestigationDetail,
    StatementBackDetail,
    StatementDetail,
    to_charge_detail,
    to_exhibit_detail,
    to_log_entry_detail,
    to_statement_back_detail,
    to_statement_detail,
)
from bluelamp.casework.investigations.models import Statement
from bluelamp.casework.investigations.policy import exhibit_policy, statement_policy
from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound


@lookup(permission="investigation.view", act="investigation.viewed")
def get_investigation(*, actor: Actor, at: datetime, number: str) -> InvestigationDetail:
    """Return the investigation of a crime of the actor's force. Raises NotFound."""
    crime = find_crime(actor=actor, number=number)
    record_act(crime, ref=str(crime.number))
    return to_investigation_detail(actor=actor, crime=crime)


@lookup(permission="investigation.view", act="investigation.viewed")
def get_investigation_with_nearby(
    *, actor: Actor, at: datetime, number: str
) -> tuple[InvestigationDetail, tuple[NearbyCrime, ...]]:
    """Return an investigation and the crimes nearby: one audit entry for a page that shows both.

    There are no crimes nearby for whoever may not see crimes. Raises NotFound.
    """
    crime = find_crime(actor=actor, number=number)
    nearby = list_nearby_crimes(actor=actor, crime=crime) if actor.may("crime.view") else ()
    record_act(crime, ref=str(crime.number), detail={"nearby": [other.number for other in nearby]})
    return to_investigation_detail(actor=actor, crime=crime), nearby


@lookup(permission="investigation.view", act="statement.viewed")
def get_statement(*, actor: Actor, at: datetime, statement_id: UUID) -> StatementDetail:
    """Return the front of a statement. Raises NotFound."""
    statement = _find_statement(actor, statement_id)
    record_act(statement, ref=str(statement.crime.number))
    return to_statement_detail(statement)


# Not "investigation.view": the back of an MG11 has the maker's address and phone number.
@lookup(permission="person.view", act="statement.back_viewed")
def get_statement_back(*, actor: Actor, at: datetime, statement_id: UUID) -> StatementBackDetail:
    """Return the back of a statement, which is never shown with its front. Raises NotFound."""
    statement = _find_statement(actor, statement_id)
    record_act(statement, ref=str(statement.crime.number))
    return to_statement_back_detail(statement.back)


@read_within_act
def find_statement_back(*, actor: Actor, statement_id: UUID) -> StatementBackDetail:
    """Return the back of a statement, inside a command or lookup of a later stage.

    Raises NotFound.
    """
    return to_statement_back_detail(_find_statement(actor, statement_id).back)


@read_within_act
def exhibits_of_crimes(*, actor: Actor, crime_ids: Sequence[UUID]) -> tuple[ExhibitDetail, ...]:
    """Return the exhibits of several crimes in the order of exhibiting, inside a command or lookup
    of a later stage.
    """
    exhibits = (
        exhibit_policy.queryset(actor)
        .filter(crime_id__in=crime_ids)
        .select_related("crime__number")
        .order_by("exhibited_at", "id")
    )
    return tuple(to_exhibit_detail(exhibit) for exhibit in exhibits)


@read_within_act
def to_investigation_detail(*, actor: Actor, crime: Crime) -> InvestigationDetail:
    """Return everything found out about a crime, inside a command or lookup."""
    # By id as well: what one command writes has one time, and ids sort by when they were made.
    entries = crime.entries.order_by("at", "id")
    statements = crime.statements.select_related("crime__number").order_by("signed_at", "id")
    exhibits = crime.exhibits.select_related("crime__number").order_by("exhibited_at", "id")
    charges = crime.charges.select_related("crime__number", "person", "hearing")
    return InvestigationDetail(
        crime=to_crime_detail(actor=actor, crime=crime),
        timeline=tuple(to_log_entry_detail(entry) for entry in entries),
        statements=tuple(to_statement_detail(statement) for statement in statements),
        exhibits=tuple(to_exhibit_detail(exhibit) for exhibit in exhibits),
        charges=tuple(to_charge_detail(charge) for charge in charges.order_by("at", "id")),
    )


def _find_statement(actor: Actor, statement_id: UUID) -> Statement:
    statement = (
        statement_policy.queryset(actor)
        .select_related("crime__number", "back__address")
        .filter(id=statement_id)
        .first()
    )
    if statement is None:
        raise NotFound(statement_policy.not_found)
    return statement
