"""A page of a form of 500 questions opens in under 20 ms: its answers read, checked and drawn."""

from datetime import UTC, datetime
from time import perf_counter

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from bluelamp.foundation.forms.rules import parse_question_set
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts
from tests.foundation.forms.test_speed import write_answered_set

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
LIMIT_SECONDS = 0.020


class _Form(FilledForm):
    layout = "layouts/preview.html.jinja"

    def url(self, view: str, *parts: object) -> str:
        return "/".join(map(str, ("", view, *parts, "")))

    def store(self, texts: Texts, removed_prefix: str) -> None:
        """Nothing is saved."""

    def finish(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse()


def test_it_works() -> None:
    text, texts = write_answered_set(pages=100)
    question_set = parse_question_set(text)
    assert len(question_set.questions) == 500
    request = RequestFactory().get("/page/page-99/")
    request.user = AnonymousUser()

    def measure() -> float:
        start = perf_counter()
        form = _Form(question_set, texts, at=AT, sources={})
        response = flow.ask_page(request, form, "page-99")
        seconds = perf_counter() - start
        assert b"Page 99" in response.content
        return seconds

    # The best of many: other work on the machine only ever makes it slower.
    assert min(measure() for _ in range(20)) < LIMIT_SECONDS
