"""A supervisor returns the record of an encounter, and its officer corrects it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.casework.encounters import commands
from bluelamp.casework.encounters.lookups import EncounterDetail, get_encounter
from bluelamp.casework.encounters.messages import KIND_TITLES
from bluelamp.casework.encounters.rules import (
    CorrectedEncounter,
    EncounterKind,
    encounter_reference,
)
from bluelamp.foundation.forms.commands import delete_form_draft, start_form_draft
from bluelamp.foundation.forms.lookups import (
    FormDraftDetail,
    current_question_set,
    find_form_draft,
    get_form_draft,
)
from bluelamp.foundation.forms.rules import read_answers, write_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import dense_form, forms, labels
from bluelamp.web.desk.encounters import encounter_page, may_correct
from bluelamp.web.formats import format_date
from bluelamp.web.forms.pages import html_errors
from bluelamp.web.render import render

REASON = "_reason"


@require_POST
@staff_required
def return_search(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a record back to its officer, with what is wrong with it."""
    posted = request.POST.get("reason", "")
    errors: dict[str, str] = {}
    due_on = labels.parse_filter_date(
        request.POST.get("due_on", "")[:20], field="due_on", label="Date", errors=errors
    )
    if errors:
        return encounter_page(request, reference, errors=errors, values=request.POST)
    try:
        commands.return_encounter(
            actor=get_actor(request), at=now(), reference=reference, reason=posted, due_on=due_on
        )
    except Refused as refused:
        return encounter_page(request, reference, errors=refused.errors, values=request.POST)
    except Conflict as conflict:
        errors = {"reason": conflict.message}
        return encounter_page(request, reference, errors=errors, values=request.POST)
    return _redirect_to_encounter(reference, "search-returned")


@require_POST
@staff_required
def start(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a correction with what was answered, or go on with one that was begun."""
    actor, at = get_actor(request), now()
    encounter = _require_correctable(actor, at, reference)
    subject = f"search:{encounter.id}"
    draft = find_form_draft(actor=actor, at=at, subject=subject)
    if draft is None:
        question_set = current_question_set(encounter.kind, on=london_date(at))
        answers = {
            name: value
            for name, value in encounter.values.items()
            # The form may have changed since then: what it no longer asks cannot be shown.
            if name in question_set.questions_by_id
        }
        source = f"the record of {format_date(encounter.happened_at)}"
        texts = write_answers(question_set, answers)
        draft, _secret = start_form_draft(
            actor=actor,
            at=at,
            name=question_set.name,
            version=question_set.version,
            subject=subject,
            sources={field: (text, source) for field, text in texts.items()},
        )
    return redirect("desk-correct-search-form", reference=reference, draft_id=draft.id)


@require_http_methods(["GET", "POST"])
@staff_required
def fill_in(request: HttpRequest, reference: str, draft_id: UUID) -> HttpResponse:
    """Correct the answers. Every POST saves what was typed; the last one records the correction."""
    actor, at = get_actor(request), now()
    encounter = get_encounter(actor=actor, at=at, reference=reference)
    corrected = encounter_reference(draft_id, EncounterKind(encounter.kind))
    if encounter.corrected_by == corrected:
        # The button was pressed twice, or somebody came back to the page.
        return _redirect_to_encounter(corrected, "search-corrected")
    _require_correctable(actor, at, reference)
    draft = _require_draft(actor, at, encounter, draft_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        draft = dense_form.save_posted(request, actor, at, draft, (REASON,))
        if request.POST.get("action") != "finish":
            return redirect("desk-correct-search-form", reference=reference, draft_id=draft_id)
        errors = _record_correction(actor, at, encounter, draft)
        if not errors:
            return _redirect_to_encounter(corrected, "search-corrected")
    context: dict[str, Any] = {
        "title": str(KIND_TITLES[encounter.kind]),
        **dense_form.form_context(draft, at),
        "encounter": encounter,
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "desk/correct_search.html.jinja", context, status=status)


@require_POST
@staff_required
def save(request: HttpRequest, reference: str, draft_id: UUID) -> HttpResponse:
    """Save what is typed so far, for the page's script. Nothing is checked."""
    actor, at = get_actor(request), now()
    encounter = _require_correctable(actor, at, reference)
    draft = _require_draft(actor, at, encounter, draft_id)
    dense_form.save_posted(request, actor, at, draft, (REASON,))
    return HttpResponse(status=204)


def _require_correctable(actor: Actor, at: datetime, reference: str) -> EncounterDetail:
    """Return the record that the actor may correct. Raises NotFound."""
    encounter = get_encounter(actor=actor, at=at, reference=reference)
    if not may_correct(actor, encounter):
        raise NotFound("There is no such record.")
    return encounter


def _require_draft(
    actor: Actor, at: datetime, encounter: EncounterDetail, draft_id: UUID
) -> FormDraftDetail:
    """Return the actor's own draft of a correction of this record. Raises NotFound."""
    draft = get_form_draft(actor=actor, at=at, draft_id=draft_id)
    if draft.subject != f"search:{encounter.id}":
        raise NotFound("There is no such correction.")
    return draft


def _record_correction(
    actor: Actor, at: datetime, encounter: EncounterDetail, draft: FormDraftDetail
) -> dict[str, str]:
    """Record the correction and delete its draft; return what is wrong, {} for nothing."""
    question_set, texts = draft.question_set, draft.texts
    answers = read_answers(question_set, texts, at=at)
    errors = html_errors(question_set.questions, answers.problems, texts)
    if not texts.get(REASON, "").strip():
        errors[REASON] = "Enter why you are correcting this record"
    if errors:
        return errors
    correction = CorrectedEncounter(
        # The draft's own id, so that a button pressed twice makes one correction.
        encounter_id=draft.id,
        reference=encounter.reference,
        version=question_set.version,
        values=answers.all_values,
        reason=texts[REASON],
    )
    try:
        commands.correct_encounter(actor=actor, at=at, correction=correction)
    except Refused as refused:
        return forms.rename_errors(refused.errors, reason=REASON)
    except Conflict as conflict:
        return {REASON: conflict.message}
    # Last, so that nothing that was typed is lost if the correction is refused.
    delete_form_draft(actor=actor, at=at, draft_id=draft.id)
    return {}


def _redirect_to_encounter(reference: str, done: str) -> HttpResponseRedirect:
    address = reverse("desk-encounter", kwargs={"reference": reference})
    return HttpResponseRedirect(f"{address}?done={done}")
