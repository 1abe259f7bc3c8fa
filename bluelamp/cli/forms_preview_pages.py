"""The pages of `bluelamp forms preview FILE --port N`: one form, of one person, in memory."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path, reverse
from django.views.decorators.http import require_POST

from bluelamp.foundation.forms.rules import Page, QuestionSet
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.reference.rules.answer_types import code_lists
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts

question_sets: list[QuestionSet] = []
"""The one question set that is shown."""
_texts: dict[str, str] = {}


class _Preview(FilledForm):
    layout = "layouts/preview.html.jinja"
    banner = "This is a preview. Nothing is saved or sent. Stop it to delete what you typed."

    def __init__(self) -> None:
        # There is no database to look a code up in: every code passes.
        code_lists.update(dict.fromkeys(code_lists))
        super().__init__(question_sets[0], _texts, at=now(), sources={})

    def url(self, view: str, *parts: object) -> str:
        return reverse(f"preview-{view}", args=parts)

    def extras(self, page: Page, texts: Texts) -> dict[str, dict[str, object]]:
        # Nor can a place or a code be searched for.
        return {}

    def store(self, texts: Texts, removed_prefix: str) -> None:
        for name in [name for name in _texts if removed_prefix and name.startswith(removed_prefix)]:
            del _texts[name]
        _texts.update(texts)

    def finish(self, request: HttpRequest) -> HttpResponse:
        _texts.clear()
        return HttpResponseRedirect(self.url("start"))


def _start(request: HttpRequest) -> HttpResponse:
    return flow.start(request, _Preview())


def _page(request: HttpRequest, page_id: str, row: int | None = None) -> HttpResponse:
    return flow.ask_page(request, _Preview(), page_id, row)


@require_POST
def _save(request: HttpRequest, page_id: str, row: int | None = None) -> HttpResponse:
    return flow.save_page(request, _Preview(), page_id, row)


def _rows(request: HttpRequest, section_id: str) -> HttpResponse:
    return flow.list_rows(request, _Preview(), section_id)


def _check(request: HttpRequest) -> HttpResponse:
    return flow.check_answers(request, _Preview())


handler404 = "bluelamp.web.errors.not_found"
handler500 = "bluelamp.web.errors.server_error"


def _no_results(request: HttpRequest, list_name: str) -> HttpResponse:
    return JsonResponse({"results": []})


urlpatterns = [
    path("", _start, name="preview-start"),
    path("pages/<str:page_id>/", _page, name="preview-page"),
    path("pages/<str:page_id>/<int:row>/", _page, name="preview-page"),
    path("pages/<str:page_id>/save", _save, name="preview-save"),
    path("pages/<str:page_id>/<int:row>/save", _save, name="preview-save"),
    path("rows/<str:section_id>/", _rows, name="preview-rows"),
    path("check/", _check, name="preview-check"),
    # Lists of places and offences are in the database, which a preview has none of.
    path("reference/<str:list_name>/", _no_results),
    # The layout and the error pages link to other pages of the program.
    path("", include("bluelamp.urls")),
]
