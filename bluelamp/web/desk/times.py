"""Correct the times of a crime, its statements and its items that a phone's clock got wrong."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.crimes.commands import NewTime, correct_crime_time, correct_item_time
from bluelamp.casework.crimes.rules import TimeField
from bluelamp.casework.investigations.commands import correct_statement_time
from bluelamp.casework.investigations.lookups import InvestigationDetail, get_investigation
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import forms
from bluelamp.web.desk.crime_actions import redirect_to_crime
from bluelamp.web.desk.crime_header import crime_header
from bluelamp.web.parsing import parse_date_field, parse_time_field, parse_uuid
from bluelamp.web.render import render

CRIME_FIELDS = {
    TimeField.OCCURRED_FROM: "When the crime happened, or began",
    TimeField.OCCURRED_TO: "When the crime ended",
    TimeField.REPORTED: "When the crime was reported to the officer",
}
Errors = dict[str, str]


class TimeChoice(TypedDict):
    """A time that can be corrected: the value of its radio, what it is, and what it says now."""

    value: str
    text: str
    moment: datetime | None


@require_http_methods(["GET", "POST"])
@staff_required
def times(request: HttpRequest, number: str) -> HttpResponse:
    """Show the times of a crime and of what belongs to it, with a form to correct one."""
    actor, at = get_actor(request), now()
    investigation = get_investigation(actor=actor, at=at, number=number)
    forms.require_permission(actor, "crime.record")
    choices = _time_choices(investigation)
    errors: Errors = {}
    if request.method == "POST":
        errors = _correct_time(request.POST, choices, actor=actor, at=at, number=number)
        if not errors:
            return redirect_to_crime(number, done="time-corrected")
    context = {
        **crime_header(investigation.crime),
        "choices": choices,
        "values": request.POST,
        "errors": errors,
    }
    return render(request, "desk/times.html.jinja", context, status=422 if errors else 200)


def _time_choices(investigation: InvestigationDetail) -> list[TimeChoice]:
    crime = investigation.crime
    choices: list[TimeChoice] = [
        {"value": f"crime:{field}", "text": text, "moment": getattr(crime, field)}
        for field, text in CRIME_FIELDS.items()
    ]
    choices += [
        {
            "value": f"statement:{statement.id}",
            "text": f"When {statement.maker_name} signed their statement",
            "moment": statement.true_signed_at,
        }
        for statement in investigation.statements
    ]
    choices += [
        {
            "value": f"item:{item.item_id}",
            "text": f"When “{item.description}” was taken",
            "moment": item.captured_at,
        }
        for item in crime.captured_items
    ]
    return choices


def _correct_time(
    posted: Mapping[str, Any],
    choices: list[TimeChoice],
    *,
    actor: Actor,
    at: datetime,
    number: str,
) -> Errors:
    """Correct the time in a form. Returns error messages by field, none if it was corrected."""
    errors: Errors = {}
    day = forms.read_field(errors, "moment", parse_date_field, posted, label="Date")
    clock = forms.read_field(errors, "moment_time", parse_time_field, posted.get("moment_time", ""))
    which = posted.get("which", "")
    if which not in {choice["value"] for choice in choices}:
        errors["which"] = "Select the time to correct"
    if day is None:
        errors.setdefault("moment", "Enter the right date")
    if clock is None:
        errors.setdefault("moment_time", "Enter the right time, like 4:15pm or 16:15")
    if errors or day is None or clock is None:
        return errors
    moment = datetime.combine(day, clock, LONDON)
    kind, _, rest = which.partition(":")
    try:
        _run_command(
            kind, rest, actor, at, number, moment.astimezone(UTC), posted.get("reason", "")
        )
    except Refused as refused:
        return refused.errors
    return {}


def _run_command(
    kind: str, rest: str, actor: Actor, at: datetime, number: str, moment: datetime, reason: str
) -> None:
    if kind == "crime":
        new = NewTime(field=TimeField(rest), moment=moment, reason=reason)
        correct_crime_time(actor=actor, at=at, number=number, new=new)
        return
    subject_id = parse_uuid(rest) or UUID(int=0)
    if kind == "statement":
        correct_statement_time(
            actor=actor, at=at, statement_id=subject_id, moment=moment, reason=reason
        )
    else:
        correct_item_time(actor=actor, at=at, item_id=subject_id, moment=moment, reason=reason)
