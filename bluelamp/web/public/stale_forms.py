"""A form whose token is too old: it is shown again with everything that was typed."""

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from bluelamp.web import errors
from bluelamp.web.public.steps import FILES, STEPS


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: the token of a form is missing or old.

    A question of the report comes back as it was filled in, with a new token. Nothing is saved:
    the post may be another website's.
    """
    is_question = any(step.url == request.path for step in STEPS if step is not FILES)
    if request.method != "POST" or not is_question:
        return errors.csrf_failure(request, reason)
    request.stale_post = request.POST  # type: ignore[attr-defined]
    request.method = "GET"
    response: HttpResponse = resolve(request.path).func(request)
    response.status_code = 403
    return response
