"""What the pages of the report share: show a page, save what was posted, and go on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluelamp.casework.reports.lookups import DraftDetail
from bluelamp.casework.reports.questions import current_questions
from bluelamp.casework.reports.rules import phone_warning
from bluelamp.foundation.forms.rules import read_answers, translate
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.web.forms.pages import REPLACEMENT_CHARACTER, view_page
from bluelamp.web.public import drafts
from bluelamp.web.public.drafts import DraftCookie
from bluelamp.web.public.refused_forms import FLAG
from bluelamp.web.public.steps import ReportForm, ReportStep
from bluelamp.web.render import render

MAX_STORED_LENGTH = 20_000
"""What a draft takes of one answer. A page's own limit is lower: its text is stored and refused."""
_NOT_TYPED = {"csrfmiddlewaretoken", "draft", "from"}
OTHER_DRAFT_FLAG = "other"


def report_form(draft: DraftDetail | None) -> ReportForm:
    """Return the pages of a draft; those of a report that is not begun yet, for None.

    A draft ends on the version of the questions that it was begun on.
    """
    question_set = draft.question_set if draft else current_questions(now())
    question_set = translate(question_set, get_language() or "")
    return (
        ReportForm(question_set, draft.answers, draft.sources)
        if draft
        else ReportForm(question_set, {})
    )


def find_step(form: ReportForm, page_id: str) -> ReportStep:
    """Return a page of a report. Raises NotFound where its questions have none of that name."""
    try:
        step = form.step(page_id)
    except KeyError:
        raise NotFound("There is no such page") from None
    # A page that is answered several times has an address for each row.
    if form.question_set.sections_by_page[page_id].repeat:
        raise NotFound("There is no such page")
    return step


def ask_step(
    request: HttpRequest, page_id: str, *, template: str, extras: Mapping[str, Any]
) -> HttpResponse:
    """Show a page with the answers so far. On POST save the answers, then go on.

    A form with errors is stored with the draft, and shown after a redirect.

    Args:
        request: The request.
        page_id: The page.
        template: What shows the page.
        extras: What is known of its questions besides their set, for the template.
    """
    draft = drafts.get_draft(request)
    form = report_form(draft)
    step = find_step(form, page_id)
    if request.method == "POST":
        leads_to = find_page_elsewhere(step, request.POST)
        if leads_to:
            return HttpResponseRedirect(leads_to)
        return _save_step(request, form, step, template, extras)
    posted = refused_post(request, draft, step)
    if posted is not None:
        errors = stale_errors(request)
        return _refused_page(request, form, step, posted, template, extras, errors)
    context = page_context(request, form, step, form.answers) | {"extras": extras}
    return render(request, template, context)


def find_page_elsewhere(step: ReportStep, posted: QueryDict) -> str:
    """Return the page that a choice leads to instead of being an answer, "" for any answer."""
    for question in step.page.questions:
        chosen = posted.get(question.id, "")
        for choice in question.choices:
            if choice.leads_to and choice.value == chosen:
                return reverse(f"report-{choice.leads_to}")
    return ""


def page_context(
    request: HttpRequest, form: ReportForm, step: ReportStep, answers: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the template of a page of questions needs."""
    view = view_page(
        step.page,
        question_ids=step.question_ids(answers),
        values=read_answers(form.question_set, answers, at=now()).values,
        texts=answers,
        today=london_date(now()),
        sources=form.sources,
    )
    warning = None
    if request.method == "GET" and "phone" in step.fields:
        warning = phone_warning(phone=answers.get("phone", ""), email=answers.get("email", ""))
    return {
        **step_context(request, form, step),
        "view": view,
        "values": step.initial_values(answers),
        "warning": warning.text if warning else "",
    }


def save_posted(
    request: HttpRequest, step: ReportStep, posted: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[DraftCookie | None, dict[str, str], dict[str, str]]:
    """Save what was posted, right or wrong, so that nobody loses what they typed.

    Returns:
        The draft, or None if nothing could be saved; all its answers; and the errors, with those of
        saving.
    """
    storable = {name: text for name, text in posted.items() if is_storable(text)}
    fields = typed_fields(request.POST)
    is_refused = bool(errors) and all(is_storable(text) for text in fields.values())
    try:
        cookie, draft = drafts.save_answers(
            request,
            storable,
            refused_post={"step": step.slug, "fields": fields} if is_refused else None,
        )
    except Refused as refused:
        return None, dict(posted), {**refused.errors, **errors}
    return cookie, draft.answers, dict(errors)


def typed_fields(posted: QueryDict) -> dict[str, str]:
    """Return every field of a form that somebody filled in."""
    return {name: str(posted[name]) for name in posted if name not in _NOT_TYPED}


def refused_post(
    request: HttpRequest, draft: DraftDetail | None, step: ReportStep
) -> QueryDict | None:
    """Return the form that was posted for this step with errors, if the page is to show it."""
    stale: QueryDict | None = getattr(request, "stale_post", None)
    if stale is not None:
        return stale
    post = draft.refused_post if draft and FLAG in request.GET else None
    # Of another page: a draft keeps one refused form, the last.
    if not post or post["step"] != step.slug:
        return None
    fields = QueryDict(mutable=True)
    fields.update(post["fields"])
    return fields


def stale_errors(request: HttpRequest) -> dict[str, str] | None:
    """Return the error of a form whose token was too old, None for any other form."""
    if not hasattr(request, "stale_post"):
        return None
    return {
        "": _(
            "We have not saved what you typed, because this page was open for too long. It’s all "
            "still here: press the button again"
        )
    }


def is_from_check(request: HttpRequest) -> bool:
    """Return True if the person came from "Check your answers", and will go back there."""
    return (request.POST.get("from") or request.GET.get("from")) == "check"


def step_context(request: HttpRequest, form: ReportForm, step: ReportStep) -> dict[str, Any]:
    """Return what the template of every page needs."""
    cookie = drafts.draft_cookie(request)
    cookies = drafts.list_draft_cookies(request)
    return {
        "step": step,
        "position": form.position(step),
        "back": previous_url(request, form, step),
        "is_from_check": is_from_check(request),
        "draft_id": str(cookie.draft_id) if cookie else "",
        "has_other_draft": OTHER_DRAFT_FLAG in request.GET and len(cookies) > 1,
    }


def redirect_to_step(request: HttpRequest, url: str, **flags: str) -> HttpResponse:
    """Return a redirect to a page of the report that keeps where the person came from."""
    query = {**({"from": "check"} if is_from_check(request) else {}), **flags}
    fields = QueryDict(mutable=True)
    fields.update(query)
    return HttpResponseRedirect(f"{url}?{fields.urlencode()}" if query else url)


def next_page(request: HttpRequest, form: ReportForm, step: ReportStep) -> HttpResponse:
    """Return a redirect to where Continue leads; it says so if that is for another draft."""
    url = next_url(request, form, step)
    if drafts.is_for_another_draft(request):
        return HttpResponseRedirect(f"{url}?{OTHER_DRAFT_FLAG}=1")
    return HttpResponseRedirect(url)


def next_url(request: HttpRequest, form: ReportForm, step: ReportStep) -> str:
    """Return where Continue leads."""
    return reverse("report-check") if is_from_check(request) else form.next_url(step)


def previous_url(request: HttpRequest, form: ReportForm, step: ReportStep) -> str:
    """Return where Back leads."""
    return reverse("report-check") if is_from_check(request) else form.previous_url(step)


def change_url(url: str) -> str:
    """Return a page from which the person goes back to their answers."""
    return f"{url}?from=check"


def already_sent_page() -> HttpResponse:
    """Return a redirect to the page of the report that was sent, which says so."""
    return HttpResponseRedirect(f"{reverse('report-done')}?already=1")


def _save_step(
    request: HttpRequest,
    form: ReportForm,
    step: ReportStep,
    template: str,
    extras: Mapping[str, Any],
) -> HttpResponse:
    if drafts.was_sent(request):
        return already_sent_page()
    posted = step.posted_answers(request.POST)
    errors = step.errors({**form.answers, **posted}, at=now())
    cookie, answers, errors = save_posted(request, step, posted, errors)
    if not errors:
        response = next_page(request, replace(form, answers=answers), step)
    elif cookie is not None and all(map(is_storable, typed_fields(request.POST).values())):
        response = redirect_to_step(request, step.url, **{FLAG: "1"})
    else:
        # What cannot be stored can only be shown in the answer to the post.
        response = _refused_page(request, form, step, request.POST, template, extras, errors)
    return drafts.set_draft_cookie(request, response, cookie) if cookie else response


def _refused_page(
    request: HttpRequest,
    form: ReportForm,
    step: ReportStep,
    fields: QueryDict,
    template: str,
    extras: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Show a page as it was posted, with its errors. What was posted counts, stored or not."""
    answers = {**form.answers, **step.posted_answers(fields)}
    context = page_context(request, form, step, answers)
    # Fields that do not count as they are, such as the date of the choice that was not selected:
    # a change of mind must find them again.
    typed = {
        name: text.replace("\x00", REPLACEMENT_CHARACTER)
        for name, text in typed_fields(fields).items()
    }
    context |= {
        "extras": extras,
        "errors": step.errors(answers, at=now()) if errors is None else errors,
        "values": {**typed, **context["values"]},
    }
    return render(request, template, context)


def is_storable(text: str) -> bool:
    """Return whether a draft can hold a text."""
    # PostgreSQL cannot hold NUL, and half of a UTF-16 pair has no form in UTF-8.
    is_text = "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
    return is_text and len(text) <= MAX_STORED_LENGTH
