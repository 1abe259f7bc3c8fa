"""What the pages of the report share: show a step, save what was posted, and go on."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bluelamp.casework.reports.lookups import DraftDetail
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.web.public import drafts
from bluelamp.web.public.drafts import DraftCookie
from bluelamp.web.public.refused_forms import FLAG
from bluelamp.web.public.steps import DATE_TIME_PARTS, REPLACEMENT_CHARACTER, ReportStep
from bluelamp.web.render import render

MAX_STORED_LENGTH = 20_000
"""What a draft takes of one answer. A page's own limit is lower: its text is stored and refused."""
_NOT_TYPED = {"csrfmiddlewaretoken", "draft", "from"}
OTHER_DRAFT_FLAG = "other"


def ask_step(request: HttpRequest, step: ReportStep, **context: Any) -> HttpResponse:
    """Show a step with the answers so far. On POST save the answers, then go on.

    A form with errors is stored with the draft, and shown after a redirect.
    """
    if request.method == "POST":
        return _save_step(request, step, context)
    draft = drafts.get_draft(request)
    answers = draft.answers if draft else {}
    posted = refused_post(request, draft, step)
    if posted is not None:
        return _refused_page(request, step, posted, answers, context, stale_errors(request))
    context |= {
        **step_context(request, step),
        "values": step.initial_values(answers),
        "answers": answers,
    }
    return render(request, step.template, context)


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


def step_context(request: HttpRequest, step: ReportStep) -> dict[str, Any]:
    """Return what the template of every step needs."""
    cookie = drafts.draft_cookie(request)
    cookies = drafts.list_draft_cookies(request)
    return {
        "step": step,
        "back": previous_url(request, step),
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


def next_page(request: HttpRequest, step: ReportStep) -> HttpResponse:
    """Return a redirect to where Continue leads; it says so if that is for another draft."""
    url = next_url(request, step)
    if drafts.is_for_another_draft(request):
        return HttpResponseRedirect(f"{url}?{OTHER_DRAFT_FLAG}=1")
    return HttpResponseRedirect(url)


def next_url(request: HttpRequest, step: ReportStep) -> str:
    """Return where Continue leads."""
    return reverse("report-check") if is_from_check(request) else step.next_url()


def previous_url(request: HttpRequest, step: ReportStep) -> str:
    """Return where Back leads."""
    return reverse("report-check") if is_from_check(request) else step.previous_url()


def change_url(name: str) -> str:
    """Return the page with this URL name, from which the person goes back to their answers."""
    return f"{reverse(name)}?from=check"


def already_sent_page() -> HttpResponse:
    """Return a redirect to the page of the report that was sent, which says so."""
    return HttpResponseRedirect(f"{reverse('report-done')}?already=1")


def _save_step(request: HttpRequest, step: ReportStep, context: dict[str, Any]) -> HttpResponse:
    if drafts.was_sent(request):
        return already_sent_page()
    posted = step.posted_answers(request.POST)
    errors = step.errors(posted, at=now())
    cookie, answers, errors = save_posted(request, step, posted, errors)
    if not errors:
        response = next_page(request, step)
    elif cookie is not None and all(map(is_storable, typed_fields(request.POST).values())):
        response = redirect_to_step(request, step.url, **{FLAG: "1"})
    else:
        # What cannot be stored can only be shown in the answer to the post.
        response = _refused_page(request, step, request.POST, answers, context, errors)
    return drafts.set_draft_cookie(request, response, cookie) if cookie else response


def _refused_page(
    request: HttpRequest,
    step: ReportStep,
    fields: QueryDict,
    answers: Mapping[str, str],
    context: dict[str, Any],
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Show a step as it was posted, with its errors. What was posted counts, stored or not."""
    posted = step.posted_answers(fields)
    answers = {**answers, **posted}
    context |= {
        **step_context(request, step),
        "answers": answers,
        "errors": step.errors(posted, at=now()) if errors is None else errors,
        "values": {**step.initial_values(answers), **_alternative_fields(fields)},
    }
    return render(request, step.template, context)


def is_storable(text: str) -> bool:
    """Return whether a draft can hold a text."""
    is_text = "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
    return is_text and len(text) <= MAX_STORED_LENGTH


def _alternative_fields(posted: QueryDict) -> dict[str, str]:
    """Return the date of "I know when", whatever was selected: a change of mind must keep it."""
    names = [f"on_{part}" for part in DATE_TIME_PARTS]
    return {
        name: str(posted[name]).replace("\x00", REPLACEMENT_CHARACTER)
        for name in names
        if name in posted
    }
