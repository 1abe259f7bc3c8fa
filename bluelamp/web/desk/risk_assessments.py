"""Assess the risk to a victim of a crime: choose the victim, fill the form in, read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.casework.crimes.commands import assess_risk
from bluelamp.casework.crimes.lookups import (
    CrimeDetail,
    get_assessment,
    get_crime,
    list_assessments,
)
from bluelamp.casework.encounters.rules import RISK_SET, NewAssessment, count_yes
from bluelamp.foundation.forms.commands import (
    delete_form_draft,
    save_form_draft,
    start_form_draft,
)
from bluelamp.foundation.forms.lookups import (
    FormDraftDetail,
    current_question_set,
    find_form_draft,
    get_form_draft,
)
from bluelamp.foundation.forms.prefill import fill_in_form
from bluelamp.foundation.forms.rules import QuestionSet, read_answers, write_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.records.people.rules import LinkRole, find_changed_facts
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import dense_form, forms
from bluelamp.web.desk.crime_header import crime_header
from bluelamp.web.desk.encounters import GRADES, encounter_context
from bluelamp.web.formats import format_date
from bluelamp.web.forms.pages import html_errors
from bluelamp.web.parsing import parse_uuid
from bluelamp.web.render import render

# Fields of ours in the draft, beside those of the questions: no question's id begins with `_`.
VICTIM_THING, HOME_THING = "victim", "home"
"""What the form calls the victim and where they live, if it asks about them."""
GRADE, REASON, VICTIM, CORRECTS = "_grade", "_grade_reason", "_victim", "_corrects"
OWN_FIELDS = (GRADE, REASON)
# In our own words, after the levels of risk that police forces use.
GRADE_HINTS = {
    "standard": "Nothing we know now suggests that serious harm is likely",
    "medium": "There are signs of serious harm, and it is unlikely unless something changes",
    "high": "There are signs of serious harm, and it could happen at any time",
}


@require_http_methods(["GET", "POST"])
@staff_required
def start(request: HttpRequest, number: str) -> HttpResponse:
    """Choose the victim, and begin an assessment or go on with one that was begun."""
    actor, at = get_actor(request), now()
    crime = get_crime(actor=actor, at=at, number=number)
    # After the lookup: a 403 here says that a crime exists, so whoever may not see it gets a 404.
    forms.require_permission(actor, "risk.assess")
    corrects = (request.POST if request.method == "POST" else request.GET).get("corrects", "")[:40]
    victims = crime.people_with_role(LinkRole.VICTIM)
    if corrects:
        earlier = get_assessment(actor=actor, at=at, number=number, reference=corrects)
        # A correction is about the same person.
        victims = tuple(one for one in victims if earlier.person and one.id == earlier.person.id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        chosen = parse_uuid(request.POST.get("victim", ""))
        if chosen in {victim.id for victim in victims}:
            draft = _find_or_start_draft(actor, at, crime, str(chosen), corrects)
            return redirect("desk-assess-risk-form", number=number, draft_id=draft.id)
        errors = {"victim": "Select who you are assessing"}
    question_set = current_question_set(RISK_SET, on=london_date(at))
    only_victim = str(victims[0].id) if len(victims) == 1 else ""
    context = {
        **crime_header(crime),
        "victims": [(str(victim.id), victim.name or "Name not known") for victim in victims],
        "values": request.POST if request.method == "POST" else {"victim": only_victim},
        "corrects": corrects,
        "question_set": question_set,
        "errors": errors,
    }
    return render(request, "desk/assess_risk.html.jinja", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
@staff_required
def fill_in(request: HttpRequest, number: str, draft_id: UUID) -> HttpResponse:
    """Fill an assessment in. Every POST saves what was typed; the last one records it."""
    actor, at = get_actor(request), now()
    crime = get_crime(actor=actor, at=at, number=number)
    forms.require_permission(actor, "risk.assess")
    if _is_recorded(actor, at, number, draft_id):
        # The button was pressed twice, or somebody came back to the page.
        return _redirect_to_crime(number)
    draft = _require_draft(actor, at, crime, draft_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        draft = dense_form.save_posted(request, actor, at, draft, OWN_FIELDS)
        if request.POST.get("action") != "finish":
            return redirect("desk-assess-risk-form", number=number, draft_id=draft_id)
        errors = _record_assessment(actor, at, number, draft)
        if not errors:
            return _redirect_to_crime(number)
    context = {
        **crime_header(crime),
        **_form_context(draft, at),
        "victim": _find_victim(crime, draft),
        "errors": errors,
    }
    return render(
        request, "desk/assess_risk_form.html.jinja", context, status=422 if errors else 200
    )


@require_POST
@staff_required
def save(request: HttpRequest, number: str, draft_id: UUID) -> HttpResponse:
    """Save what is typed so far, for the page's script. Nothing is checked."""
    actor, at = get_actor(request), now()
    crime = get_crime(actor=actor, at=at, number=number)
    draft = _require_draft(actor, at, crime, draft_id)
    dense_form.save_posted(request, actor, at, draft, OWN_FIELDS)
    return HttpResponse(status=204)


@require_safe
@staff_required
def assessment(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Show one assessment of a crime, to those who need to know."""
    actor, at = get_actor(request), now()
    detail = get_assessment(actor=actor, at=at, number=number, reference=reference)
    return render(request, "desk/encounter.html.jinja", encounter_context(detail, at=at))


def _redirect_to_crime(number: str) -> HttpResponseRedirect:
    address = reverse("desk-crime", kwargs={"number": number})
    return HttpResponseRedirect(f"{address}?done=assessed#risk")


def _is_recorded(actor: Actor, at: datetime, number: str, draft_id: UUID) -> bool:
    """Return whether a draft has become an assessment, which keeps its id."""
    return any(row.id == draft_id for row in list_assessments(actor=actor, at=at, number=number))


def _find_or_start_draft(
    actor: Actor, at: datetime, crime: CrimeDetail, victim_id: str, corrects: str
) -> FormDraftDetail:
    """Return the actor's draft for this victim: the one they began, or a new one."""
    subject = f"risk:{crime.id}:{victim_id}:{corrects}"
    if existing := find_form_draft(actor=actor, at=at, subject=subject):
        return existing
    question_set = current_question_set(RISK_SET, on=london_date(at))
    own = {VICTIM: victim_id}
    victims = crime.people_with_role(LinkRole.VICTIM)
    facts = next(one.facts for one in victims if str(one.id) == victim_id)
    sources: dict[str, tuple[str, str]] = {}
    if corrects:
        earlier = get_assessment(actor=actor, at=at, number=crime.number, reference=corrects)
        source = f"the assessment of {format_date(earlier.recorded_at)}"
        known = {name: earlier.values[name] for name in _shared_names(question_set, earlier.values)}
        sources = {
            field: (text, source) for field, text in write_answers(question_set, known).items()
        }
        own |= {CORRECTS: str(earlier.id), GRADE: earlier.grade, REASON: earlier.grade_reason}
    # After the earlier answers: the record may have been corrected since.
    sources |= fill_in_form(
        question_set, {VICTIM_THING: [facts], HOME_THING: [facts]}, source="their record", at=at
    )
    draft, _ = start_form_draft(
        actor=actor,
        at=at,
        name=question_set.name,
        version=question_set.version,
        subject=subject,
        sources=sources,
    )
    return save_form_draft(actor=actor, at=at, draft_id=draft.id, texts=own)


def _shared_names(question_set: QuestionSet, values: Mapping[str, Any]) -> list[str]:
    """Return the questions that were answered and that this version of the form still has."""
    return [name for name in values if name in question_set.questions_by_id]


def _require_draft(
    actor: Actor, at: datetime, crime: CrimeDetail, draft_id: UUID
) -> FormDraftDetail:
    """Return the actor's own draft for a victim of this crime. Raises NotFound."""
    draft = get_form_draft(actor=actor, at=at, draft_id=draft_id)
    if _find_victim(crime, draft) is None:
        raise NotFound("There is no such assessment.")
    return draft


def _find_victim(crime: CrimeDetail, draft: FormDraftDetail) -> Any:
    victims = crime.people_with_role(LinkRole.VICTIM)
    return next((one for one in victims if str(one.id) == draft.texts.get(VICTIM)), None)


def _record_assessment(
    actor: Actor, at: datetime, number: str, draft: FormDraftDetail
) -> dict[str, str]:
    """Record a finished assessment and delete its draft; return what is wrong, {} for nothing."""
    question_set, texts = draft.question_set, draft.texts
    answers = read_answers(question_set, texts, at=at)
    errors = html_errors(question_set.questions, answers.problems, texts)
    corrects = texts.get(CORRECTS, "")
    new = NewAssessment(
        # The draft's own id, so that a button pressed twice makes one assessment.
        encounter_id=draft.id,
        version=question_set.version,
        values=answers.all_values,
        grade=texts.get(GRADE, ""),
        grade_reason=texts.get(REASON, ""),
        corrects_id=UUID(corrects) if corrects else None,
    )
    if errors:
        return errors | _check_grade(new)
    try:
        assess_risk(
            actor=actor,
            at=at,
            number=number,
            person_id=UUID(texts[VICTIM]),
            assessment=new,
            victim_facts=find_changed_facts(
                question_set,
                texts,
                draft.sources,
                things=(VICTIM_THING, HOME_THING),
                at=at,
            ),
        )
    except Refused as refused:
        return forms.rename_errors(refused.errors, grade=GRADE, grade_reason=REASON)
    except Conflict as conflict:
        return {GRADE: conflict.message}
    delete_form_draft(actor=actor, at=at, draft_id=draft.id)
    return {}


def _check_grade(new: NewAssessment) -> dict[str, str]:
    """Return what is missing of the grade, so that one page shows every error at once."""
    errors: dict[str, str] = {}
    if not new.grade:
        errors[GRADE] = "Select how great the risk is"
    if not new.grade_reason.strip():
        errors[REASON] = "Enter why you graded the risk so"
    return errors


def _form_context(draft: FormDraftDetail, at: datetime) -> dict[str, Any]:
    values = read_answers(draft.question_set, draft.texts, at=at).all_values
    return {
        **dense_form.form_context(draft, at, draft.sources),
        "yes_count": count_yes(draft.question_set, values),
        "grades": [
            {"value": grade.value, "text": tag.text, "hint": GRADE_HINTS[grade.value]}
            for grade, tag in GRADES.items()
        ],
    }
