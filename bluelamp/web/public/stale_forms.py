"""A form whose token is too old: it is shown again with everything that was typed."""

from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse

from bluelamp.casework.reports.questions import current_questions
from bluelamp.foundation.kernel.clock import now
from bluelamp.web import errors
from bluelamp.web.public.steps import CHECK, FILES


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: the token of a form is missing or old.

    A question of the report comes back as it was filled in, with a new token. Nothing is saved:
    the post may be another website's.
    """
    if request.method != "POST" or not _is_page_of_questions(request.path):
        return errors.csrf_failure(request, reason)
    request.stale_post = request.POST  # type: ignore[attr-defined]
    request.method = "GET"
    match = resolve(request.path)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    response.status_code = 403
    return response


def _is_page_of_questions(path: str) -> bool:
    """Return whether a path is one of the report's pages that show what was typed on them."""
    pages = current_questions(now()).pages
    ids = [page.id for page in pages if page.id not in {FILES, CHECK}]
    return path in {reverse("report-page", kwargs={"page_id": page_id}) for page_id in ids}
