"""Look up an investigation, or the exhibits of crimes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.lookups import (
    NearbyCrime,
    find_crime,
    list_corrected_times,
    list_nearby_crimes,
    to_crime_detail,
)
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.rules import TimeField
from bluelamp.casework.investigations.lookups.actions import list_actions_of_crime
from bluelamp.casework.investigations.lookups.details import (
    ExhibitDetail,
    InvestigationDetail,
    to_announced_exhibit,
    to_charge_detail,
    to_exhibit_detail,
    to_log_entry_detail,
    to_statement_detail,
)
from bluelamp.casework.investigations.policy import exhibit_policy
from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor


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
    corrections = list_corrected_times(actor=actor, subject_ids=[row.id for row in statements])
    exhibits = crime.exhibits.select_related("crime__number").order_by("exhibited_at", "id")
    # In Python: an exhibit may be of another crime of the group, and there are few.
    made = {exhibit.item_id for exhibit in exhibits}
    announced = [
        row
        for row in crime.scene_exhibits.order_by("given_at", "id")
        if row.announced_item_id not in made
    ]
    charges = crime.charges.select_related("crime__number", "person", "hearing")
    return InvestigationDetail(
        crime=to_crime_detail(actor=actor, crime=crime),
        timeline=tuple(to_log_entry_detail(entry) for entry in entries),
        statements=tuple(
            to_statement_detail(statement, corrections.get((statement.id, TimeField.SIGNED), ()))
            for statement in statements
        ),
        exhibits=tuple(to_exhibit_detail(exhibit) for exhibit in exhibits),
        announced_exhibits=tuple(to_announced_exhibit(row) for row in announced),
        charges=tuple(to_charge_detail(charge) for charge in charges.order_by("at", "id")),
        actions=list_actions_of_crime(actor=actor, crime=crime),
    )
