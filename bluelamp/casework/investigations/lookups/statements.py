"""Look up a statement, or the back of a statement."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.lookups import list_corrected_times
from bluelamp.casework.crimes.rules import TimeField
from bluelamp.casework.investigations.lookups.details import (
    StatementBackDetail,
    StatementDetail,
    to_statement_back_detail,
    to_statement_detail,
)
from bluelamp.casework.investigations.models import Statement
from bluelamp.casework.investigations.policy import statement_policy
from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound


@lookup(permission="investigation.view", act="statement.viewed")
def get_statement(*, actor: Actor, at: datetime, statement_id: UUID) -> StatementDetail:
    """Return the front of a statement. Raises NotFound."""
    statement = _find_statement(actor, statement_id)
    record_act(statement, ref=str(statement.crime.number))
    corrections = list_corrected_times(actor=actor, subject_ids=[statement.id])
    return to_statement_detail(statement, corrections.get((statement.id, TimeField.SIGNED), ()))


# Not "investigation.view": the back of an MG11 has the maker's address and phone number.
@lookup(permission="person.view", act="statement.back_viewed")
def get_statement_back(*, actor: Actor, at: datetime, statement_id: UUID) -> StatementBackDetail:
    """Return the back of a statement, which is never shown with its front. Raises NotFound."""
    statement = _find_statement(actor, statement_id)
    record_act(statement, ref=str(statement.crime.number))
    return to_statement_back_detail(statement.back)


@read_within_act
def find_statement(*, actor: Actor, statement_id: UUID) -> StatementDetail:
    """Return the front of a statement, inside a command or lookup of a later stage.

    Raises NotFound.
    """
    statement = _find_statement(actor, statement_id)
    corrections = list_corrected_times(actor=actor, subject_ids=[statement.id])
    return to_statement_detail(statement, corrections.get((statement.id, TimeField.SIGNED), ()))


@read_within_act
def find_statement_back(*, actor: Actor, statement_id: UUID) -> StatementBackDetail:
    """Return the back of a statement, inside a command or lookup of a later stage.

    Raises NotFound.
    """
    return to_statement_back_detail(_find_statement(actor, statement_id).back)


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
