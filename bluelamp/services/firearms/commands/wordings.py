"""Set the wording of a standard condition from a day on."""

from datetime import date, datetime

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.models import ConditionWording
from bluelamp.services.firearms.rules.condition_wordings import (
    KINDS,
    MAX_SOURCE_LENGTH,
    MAX_WORDING_LENGTH,
    check_in_force_from,
)
from bluelamp.services.firearms.rules.conditions import StandardCondition


@command(permission="reference.edit", act="firearms.wording_set")
def set_condition_wording(
    *,
    actor: Actor,
    at: datetime,
    code: str,
    certificate_kind: str,
    text: str,
    source: str,
    in_force_from: date | None,
) -> None:
    """Put a wording in force. Certificates that were issued before keep theirs.

    Raises:
        NotFound: There is no such condition.
        Refused: Something is missing, or the day has passed.
    """
    if code not in set(StandardCondition) or certificate_kind not in KINDS:
        raise NotFound("There is no such condition.")
    text = clean_text(
        text, max_length=MAX_WORDING_LENGTH, field="text", label="firearms.wording_label"
    )
    source = clean_text(
        source, max_length=MAX_SOURCE_LENGTH, field="source", label="firearms.source_label"
    )
    problems = []
    if not text:
        problems.append(Problem("firearms.wording_missing", "text"))
    if not source:
        problems.append(Problem("firearms.source_missing", "source"))
    if start := check_in_force_from(in_force_from, today=london_date(at)):
        problems.append(Problem(start, "in_force_from"))
    # A missing day is a problem already: mypy does not know.
    if problems or in_force_from is None:
        raise Refused(errors=problems)
    row = ConditionWording.objects.create(
        code=code,
        certificate_kind=certificate_kind,
        text=text,
        in_force_from=in_force_from,
        source=source,
        set_at=at,
        set_by_id=actor.id,
        set_by_name=actor.name[:200],
    )
    record_act(row, ref=f"{certificate_kind} {code}", detail={"from": in_force_from.isoformat()})
