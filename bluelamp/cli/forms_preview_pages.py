"""The pages of `bluelamp forms preview FILE --port N`: one form, of one person, in memory."""

from collections.abc import Callable
from pathlib import Path

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from bluelamp import urls
from bluelamp.foundation.forms.built_in import QuestionSetFile, read_file
from bluelamp.foundation.forms.rules import BadQuestionSet, Page, QuestionSet
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.reference.rules.answer_types import code_lists
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts

question_set_paths: list[Path] = []
"""The one file that is shown."""
_files: dict[str, QuestionSetFile] = {}
"""Each content that the file has had, by its hash, so that it is parsed once."""
_texts: dict[str, str] = {}


class ProblemPages:
    """Middleware that shows what is wrong with the file, where an edit has made it wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the problems as text, None where something else went wrong."""
        if not isinstance(error, BadQuestionSet | OSError | UnicodeDecodeError):
            return None
        text = (
            f"{question_set_paths[0]} has problems:\n\n{error}\n\nMend them and reload this page."
        )
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=400)


class _Preview(FilledForm):
    layout = "layouts/preview.html.jinja"
    shows_partial_welsh = True
    banner = "This is a preview. Nothing is saved or sent. Stop it to delete what you typed."

    def __init__(self) -> None:
        # There is no database to look a code up in: every code passes.
        code_lists.update(dict.fromkeys(code_lists))
        super().__init__(_read_question_set(), _texts, at=now(), sources={})

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


def _read_question_set() -> QuestionSet:
    """Return the file's questions as they are now: an edit shows at the next request."""
    file = read_file(question_set_paths[0])
    return _files.setdefault(file.sha256, file).question_set


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
    # In Welsh under /cy/, like the public site's own forms.
    *i18n_patterns(
        path("", _start, name="preview-start"),
        path("pages/<str:page_id>/", _page, name="preview-page"),
        path("pages/<str:page_id>/<int:row>/", _page, name="preview-page"),
        path("pages/<str:page_id>/save", _save, name="preview-save"),
        path("pages/<str:page_id>/<int:row>/save", _save, name="preview-save"),
        path("rows/<str:section_id>/", _rows, name="preview-rows"),
        path("check/", _check, name="preview-check"),
        prefix_default_language=False,
    ),
    # Lists of places and offences are in the database, which a preview has none of.
    path("reference/<str:list_name>/", _no_results),
    # The layout and the error pages link to other pages of the program.
    # They are listed, not included: Django allows addresses in several languages at the root only.
    *urls.urlpatterns,
]
